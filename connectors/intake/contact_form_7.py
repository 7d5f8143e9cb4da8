"""Contact Form 7 through a webhook plugin, or its own form posted here: values by the names of its tags."""

from __future__ import annotations

import re

from connectors.intake.base import Document, JsonValue, RawRequest
from connectors.intake.document import read_document
from connectors.intake.flatten import as_tree, flatten_value
from connectors.intake.json_shape import JsonObject
from connectors.intake.json_values import text_at
from connectors.intake.typed_questions import with_types
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Answer, Origin

# The names in the plugin's own template.
_TEMPLATE = frozenset({"your-name", "your-email", "your-subject", "your-message", "your-tel", "your-phone"})
# Special mail tags that say where the form was; others are the website's own.
_SPECIAL = frozenset(
    {"_remote_ip", "_url", "_user_agent", "_date", "_time", "_serial_number", "_post_id", "_post_name"}
    | {"_post_title", "_post_url", "_post_author", "_post_author_email", "_site_title", "_site_url"}
    | {"_site_description", "_site_admin_email", "_invalid_fields"}
)
# email-245, acceptance-7: the name that the plugin's generator gives a tag of this type.
_GENERATED = re.compile(r"(email|tel|textarea|acceptance|file)-\d+")
_QUIZ = re.compile(r"(?:quiz|captchac|captchar)-\d+")


class ContactForm7(WebsiteForm):
    """The plugin "CF7 to Webhook" sends JSON; select and check boxes are lists. Nothing signs it."""

    vendor = "contact-form-7"

    def unpack(self, request: RawRequest) -> Document | None:
        """As without_files."""
        return without_files(request)

    def fits(self, tree: JsonObject) -> bool:
        """The plugin's hidden fields, or two names of its template."""
        return any(key.startswith("_wpcf7") for key in tree) or len(_TEMPLATE & tree.keys()) >= 2

    def open(self, document: Document, request: RawRequest) -> Opened:
        """The tags' values; of a file only its name is kept."""
        tree = as_tree(document)
        if not tree:
            return as_sent(document)
        files = [
            Answer(key, "", names, "attachments") for key, value in tree.items() if (names := _files(value))
        ]
        named = {item.key for item in files}
        rest = {
            key: value
            for key, value in tree.items()
            if key not in named and key not in _SPECIAL and not _QUIZ.fullmatch(key)
        }
        return Opened(
            [*with_types((_type(item.key), item) for item in flatten_value(rest)), *files],
            origin=Origin(
                page_url=text_at(tree, "_url"),
                ip=text_at(tree, "_remote_ip"),
                user_agent=text_at(tree, "_user_agent"),
                form_id=text_at(tree, "_wpcf7"),
            ),
            bare_id=document.kind == "json",
        )


def without_files(request: RawRequest) -> Document | None:
    """JSON without what files hold, which is never stored; None when there are none. Raises Unreadable."""
    if b'"filename"' not in request.body or b'"content"' not in request.body:
        return None
    document = read_document(request.content_type, request.body)
    return (
        Document("json", json=_without_content(document.json), unpacked=True)
        if document.kind == "json"
        else None
    )


def _without_content(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [_without_content(item) for item in value]
    if not isinstance(value, dict):
        return value
    is_file = "filename" in value and "content" in value
    return {
        name: "[not kept]" if is_file and name == "content" else _without_content(item)
        for name, item in value.items()
    }


def _type(key: str) -> str:
    generated = _GENERATED.fullmatch(key)
    return generated[1] if generated else ""


def _files(value: JsonValue) -> tuple[str, ...]:
    """The names of the files in a field of uploads, () for any other field."""
    items = value if isinstance(value, list) else [value]
    files = [item for item in items if isinstance(item, dict) and "filename" in item and "content" in item]
    return (
        tuple(text_at(item, "filename")[:200] or "unnamed" for item in files)
        if len(files) == len(items)
        else ()
    )
