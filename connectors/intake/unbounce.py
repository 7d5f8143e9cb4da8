"""Unbounce's webhook: one form field holds JSON in which every value is a list."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.intake.base import Document, RawRequest
from connectors.intake.flatten import as_tree, flatten_value, json_inside
from connectors.intake.json_shape import JsonObject
from connectors.intake.json_values import text_at
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Origin

_JSON = ("data.json", "data_json")  # PHP shows the dot as an underscore
_ABOUT_PAGE = frozenset(
    {"page_uuid", "page_id", "page_name", "page_url", "variant", "ip_address", "date_submitted"}
    | {"time_submitted", "data.xml", "data_xml", *_JSON}
)


class Unbounce(WebsiteForm):
    """https://documentation.unbounce.com/hc/en-us/articles/203510044. It signs nothing and sends no id."""

    vendor = "unbounce"

    def fits(self, tree: JsonObject) -> bool:
        """data.json beside or with the page's id."""
        inside = _inside(tree)
        return inside is not None and bool({"page_uuid", "page_id", "variant"} & {*tree, *inside})

    def open(self, document: Document, request: RawRequest) -> Opened:
        """The fields of data.json; data.xml says the same again."""
        tree = as_tree(document)
        inside = _inside(tree)
        if inside is None:
            return as_sent(document)
        about = {name: _first(inside, name) or _first(tree, name) for name in _ABOUT_PAGE}
        fields = {name: value for name, value in inside.items() if name not in _ABOUT_PAGE}
        return Opened(
            flatten_value(fields),
            external_id=_first(inside, "lead_id") or _first(tree, "lead_id"),
            submitted_at=_utc(about["date_submitted"], about["time_submitted"]),
            origin=Origin(
                page_url=about["page_url"],
                ip=about["ip_address"],
                form_id=about["page_uuid"] or about["page_id"],
                form_title=about["page_name"],
            ),
        )


def _inside(tree: JsonObject) -> JsonObject | None:
    for name in _JSON:
        value = tree.get(name)
        found = value if isinstance(value, dict) else json_inside(value)
        if found is not None:
            return found
    return None


def _first(tree: JsonObject, name: str) -> str:
    return text_at(tree, name) or text_at(tree.get(name), "0")


def _utc(day: str, time: str) -> datetime | None:
    """2025-03-04 and "05:41 PM UTC": an instant only where the zone is said."""
    if not time.endswith(" UTC"):
        return None
    try:
        return datetime.strptime(f"{day} {time}", "%Y-%m-%d %I:%M %p UTC").replace(tzinfo=UTC)
    except ValueError:
        return None
