"""Mail that a provider posts as a form: its fields as bytes, its files by name, made into a mail's JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from werkzeug.http import parse_options_header

from connectors.intake.base import RawRequest, Unreadable
from connectors.intake.html_lines import lines_of
from connectors.intake.mail_body import JsonObject, clean, headers_of
from connectors.intake.mime import Budget, Entity, decode, form_parts, size_of

MAX_FIELDS = 1_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field; a file has a name. size is of its content, which for a file is not kept."""

    name: str
    value: bytes
    file_name: str = ""
    media_type: str = ""
    size: int = 0

    @property
    def is_file(self) -> bool:
        """It was sent as a file."""
        return bool(self.file_name)


class Fields:
    """The fields of one request; of a name that repeats, the last one counts, as the providers say."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._by_name = {field.name.lower(): field for field in fields if not field.is_file}

    @property
    def files(self) -> list[Field]:
        """Everything that came as a file."""
        return [field for field in self._fields if field.is_file]

    def raw(self, name: str) -> bytes:
        """The bytes of a field, b"" without one. Case does not matter."""
        field = self._by_name.get(name.lower())
        return field.value if field else b""

    def text(self, name: str, charset: str = "") -> str:
        """A field as text: UTF-8, else the declared charset, else Windows-1252."""
        return decode(self.raw(name), charset)

    def json(self, name: str) -> Any:
        """The JSON in a field; None when there is none."""
        try:
            return json.loads(self.text(name))
        except (ValueError, RecursionError):
            return None

    def has(self, name: str) -> bool:
        """The field was sent, with something in it."""
        return bool(self.raw(name).strip())


def fields_of(request: RawRequest) -> Fields:
    """The fields of an urlencoded or multipart body. Raises Unreadable: unsupported_content_type,
    malformed_multipart, too_many_fields."""
    media_type, options = parse_options_header(request.content_type)
    if media_type.lower() == "application/x-www-form-urlencoded":
        return Fields(_urlencoded(request.body))
    if media_type.lower() != "multipart/form-data" or not options.get("boundary"):
        raise Unreadable(
            "unsupported_content_type", "This way in takes the form that the mail provider posts.", status=415
        )
    return Fields(_multipart(request.body, options["boundary"]))


def _urlencoded(body: bytes) -> list[Field]:
    if body.count(b"&") >= MAX_FIELDS:
        raise Unreadable("too_many_fields", f"The form has more than {MAX_FIELDS} fields.")
    pairs = (pair.partition(b"=") for pair in body.strip().split(b"&") if pair)
    return [Field(decode(_plain(name), ""), _plain(value)) for name, _, value in pairs]


def _plain(escaped: bytes) -> bytes:
    return unquote_to_bytes(escaped.replace(b"+", b" "))


def _multipart(body: bytes, boundary: str) -> list[Field]:
    budget = Budget()
    found = []
    for part in form_parts(body, boundary, budget):
        name = part.parameter("content-disposition", "name")
        file_name = part.parameter("content-disposition", "filename")
        if not name:
            continue
        if file_name:
            found.append(Field(name, b"", file_name, part.media_type, size_of(body, part, "")))
        else:
            found.append(Field(name, body[part.start : part.end]))
    if not found:
        raise Unreadable("malformed_multipart", "The body is not the form that its Content-Type announces.")
    return found


def assembled(
    headers: Sequence[tuple[str, str]],
    *,
    text: str,
    html: str,
    attachments: Sequence[JsonObject],
    envelope_to: str = "",
) -> JsonObject:
    """A mail's JSON from the pieces a provider took it into: the same shape as read_mail() gives."""
    entity = Entity([(name.strip().lower(), _header_bytes(value)) for name, value in headers], 0, 0)
    mail = headers_of(entity)
    mail.update(
        text=clean(text), html=clean(lines_of(html)), attachments=list(attachments), messages=[], cut=[]
    )
    return _sent_to(mail, envelope_to)


def _header_bytes(value: str) -> bytes:
    return " ".join(value.split()).encode("utf-8", errors="replace")


def _sent_to(mail: JsonObject, envelope_to: str) -> JsonObject:
    """The address it was really sent to stands first: the To line may name somebody else."""
    to = mail["to"]
    if envelope_to and isinstance(to, list):
        address = envelope_to.split(",")[0].strip().lower()
        mail["to"] = [["", address], *(one for one in to if isinstance(one, list) and one[1:] != [address])]
    return mail


def pairs_in(value: Any) -> list[tuple[str, str]]:
    """[["Name", "value"], ...] or [{"Name": .., "Value": ..}, ...] as pairs; everything else is left out."""
    found = []
    for entry in value if isinstance(value, list) else []:
        if isinstance(entry, dict):
            lowered = {str(key).lower(): item for key, item in entry.items()}
            entry = [lowered.get("name"), lowered.get("value")]
        if isinstance(entry, list) and len(entry) == 2 and all(isinstance(item, str) for item in entry):
            found.append((entry[0], entry[1]))
    return found


def signing_domains(headers: Sequence[tuple[str, str]]) -> str:
    """The domains whose DKIM signatures a mail carries, apart by blanks."""
    found = []
    for name, value in headers:
        if name.lower() == "dkim-signature":
            tags = (tag.partition("=") for tag in value.split(";"))
            found += [value.strip().lower() for tag, _, value in tags if tag.strip() == "d"]
    return " ".join(found)
