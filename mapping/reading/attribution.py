"""What brought the person here: campaign tags, click ids and pages."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from mapping.answers import Origin
from mapping.canonical import CLICK_IDS, UTM
from mapping.inquiry import Attribution
from mapping.normalize.text import tidy_line
from mapping.reading.sheet import Sheet

_LONGEST = 500


def read_attribution(sheet: Sheet, origin: Origin) -> Attribution:
    """Tags answered in the form (hidden fields) before tags in the page's address."""
    landing_page = sheet.text("landing_page")
    linked = {**query_of(landing_page), **query_of(origin.page_url)}
    utm = {name.removeprefix("utm_"): sheet.text(name) or linked.get(name, "") for name in UTM}
    click_ids = {name: sheet.text(name) or linked.get(name, "") for name in CLICK_IDS}
    return Attribution(
        utm={name: value[:_LONGEST] for name, value in utm.items() if value},
        click_ids={name: value[:_LONGEST] for name, value in click_ids.items() if value},
        landing_page=landing_page,
        referrer=sheet.text("referrer") or origin.referrer,
        campaign=sheet.text("campaign")[:_LONGEST],
    )


def query_of(url: str) -> dict[str, str]:
    """The query parameters of an address by lower-case name; {} when it has none or is broken."""
    if "?" not in url:
        return {}
    try:
        pairs = parse_qsl(urlsplit(url[:4000]).query, max_num_fields=100)
    except ValueError:
        return {}
    return {name.lower(): tidy_line(value) for name, value in pairs}
