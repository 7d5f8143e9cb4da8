"""The parts of one transaction: requests that refer to each other's results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from connectors.crm.base import RecordKind
from connectors.crm.salesforce.modes import KEY

Name = tuple[RecordKind, str]
_DUPLICATE_RULES = "includeRecordDetails=true; runAsCurrentUser=true"


@dataclass(frozen=True, slots=True)
class Part:
    """One request of a transaction.

    name is the record of ours that it stands for. remote_id is the record it changes, "" when it makes one.
    confirms is the reference of the part whose record this one reads back, to see that it is the right one.
    """

    reference: str
    method: Literal["GET", "PATCH", "POST", "DELETE"]
    path: str
    object: str
    name: Name
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    remote_id: str = ""
    confirms: str = ""

    def request(self, root: str) -> dict[str, Any]:
        """The part as Salesforce wants it."""
        made: dict[str, Any] = {
            "method": self.method,
            "url": f"{root}/{self.path}",
            "referenceId": self.reference,
        }
        if self.body is not None:
            made["body"] = {name: plain(value) for name, value in self.body.items()}
        if self.headers:
            made["httpHeaders"] = dict(self.headers)
        return made


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that another part of the same transaction will have answered."""

    to: str
    field: str = "id"

    def __str__(self) -> str:
        return f"@{{{self.to}.{self.field}}}"


def plain(value: Any) -> Any:
    """A value for a body: what a borrower typed must not read as a reference to another part."""
    if isinstance(value, Reference):
        return str(value)
    return value.replace("@{", "@ {") if isinstance(value, str) else value


def upsert(
    reference: str, target: str, name: Name, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Part:
    """Make the record with our key, or complete the one that has it: safe to repeat."""
    path = f"sobjects/{target}/{KEY}/{quote(name[1], safe='')}"
    rest = {field: value for field, value in body.items() if field != KEY}
    return Part(reference, "PATCH", path, target, name, rest, headers or {})


def update(
    reference: str,
    target: str,
    name: Name,
    remote_id: str,
    body: Mapping[str, Any],
    headers: Mapping[str, str],
) -> Part:
    """Change a record that stands there."""
    return Part(reference, "PATCH", f"sobjects/{target}/{remote_id}", target, name, body, headers, remote_id)


def remove(reference: str, target: str, name: Name, remote_id: str) -> Part:
    """Take a record away."""
    return Part(reference, "DELETE", f"sobjects/{target}/{remote_id}", target, name, remote_id=remote_id)


def create(reference: str, target: str, name: Name, body: Mapping[str, Any]) -> Part:
    """Make a record without a key of ours."""
    return Part(reference, "POST", f"sobjects/{target}", target, name, body)


def confirm(reference: str, made: Part, *fields: str) -> Part:
    """Read back the record that a part made."""
    path = f"sobjects/{made.object}/{Reference(made.reference)}?fields={','.join(('Id', *fields))}"
    return Part(reference, "GET", path, made.object, made.name, confirms=made.reference)


def person_headers(*, insist: bool, assign: bool) -> dict[str, str]:
    """How a person's record is written.

    Without insisting, a duplicate rule that would only alert refuses, so that we see whom it means.
    Salesforce would by default let its assignment rules move the owner, also at an update.
    """
    return {
        "Sforce-Duplicate-Rule-Header": f"allowSave={'true' if insist else 'false'}; {_DUPLICATE_RULES}",
        "Sforce-Auto-Assign": "TRUE" if assign else "FALSE",
    }
