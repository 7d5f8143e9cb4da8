"""Writes a new settings file: every key with its meaning, those that are usual commented out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

from jobs.settings.crm_section import CrmSection, keys_for, shown_for
from jobs.settings.schema import ConfigSchema
from jobs.settings.shape import Table, as_toml

_WIDTH = 100
_TITLE = (
    "Firstpath settings. A line that begins with # is a remark, or a key that may stay unset.",
    "Secrets never stand here: they come from the environment or from the folder named in [secrets].",
)


@dataclass(frozen=True, slots=True)
class NewConfig:
    """What a new settings file is about: one brokerage, one intake path, one CRM."""

    brokerage: str
    country: str
    timezone: str
    path: str
    title: str
    kind: str = "form"
    state: str = "draft"
    key_digest: str = ""  # of the path key; "" for a hosted form
    crm: str = "hubspot"  # the kind, and the name it gets here
    other_crms: tuple[str, ...] = ()  # kinds that are shown as well, as remarks
    public_url: str = ""
    playbook_file: str = "playbook.toml"
    shipped_playbook: str = ""  # used instead of a file
    consent_text: str = ""  # of a hosted form
    privacy_url: str = ""


EXAMPLE = NewConfig(
    brokerage="Example Mortgage Group",
    country="US",
    timezone="America/New_York",
    path="purchase-form",
    title="Purchase form on the website",
    key_digest=f"sha256:{'0' * 64}",
    public_url="https://intake.example.com",
    other_crms=("salesforce", "highlevel"),
)


def render_config(new: NewConfig) -> str:
    """The text of a settings file that load_settings accepts when the values are right."""
    heading = [f"# {line}" for line in _TITLE]
    lines = list(_section((), ConfigSchema(), _values(new)))
    place = lines.index(f"[paths.{new.path}]") - 2  # before the remark on the paths
    lines[place:place] = [line for kind in new.other_crms for line in _another_crm(kind)]
    return "\n".join([*heading, *lines]) + "\n"


def _another_crm(kind: str) -> Iterator[str]:
    """A CRM of another kind, commented out."""
    yield from ("", f"# [crm.{kind}]")
    yield from _section(("crm", kind), CrmSection(), shown_for(kind), "# ")


def _values(new: NewConfig) -> dict[str, Any]:
    path: dict[str, Any] = {"title": new.title, "kind": new.kind, "state": new.state, "crm": [new.crm]}
    if new.key_digest:
        path["keys"] = [new.key_digest]
    form = {"consent_text": new.consent_text, "privacy_url": new.privacy_url}
    if new.kind == "hosted_form":
        path["form"] = {name: value for name, value in form.items() if value}
    playbook = {"shipped": new.shipped_playbook} if new.shipped_playbook else {"file": new.playbook_file}
    return {
        "brokerage": {"name": new.brokerage, "country": new.country, "timezone": new.timezone},
        "server": {"public_url": new.public_url} if new.public_url else {},
        "playbook": playbook,
        "crm": {new.crm: {"kind": new.crm}},
        "paths": {new.path: path},
    }


def _section(
    key: tuple[str, ...], schema: Schema, values: Mapping[str, Any], mark: str = ""
) -> Iterator[str]:
    """The keys of a table, those it needs first, then the tables inside it.

    mark is "# " inside of what is commented out.
    """
    tables: list[tuple[str, fields.Field[Any]]] = []
    meant = keys_for(values["kind"]) if isinstance(schema, CrmSection) else None
    for attribute, field in sorted(schema.fields.items(), key=lambda one: not one[1].required):
        name = field.data_key or attribute
        if meant is not None and name not in meant:
            continue
        if isinstance(field, fields.Nested | Table):
            tables.append((name, field))
            continue
        yield from _remark(field)
        if name in values:
            yield f"{mark}{name} = {as_toml(values[name])}"
        else:
            yield f"# {name} = {as_toml(field.metadata['example'])}"
    for name, field in tables:
        yield from _table((*key, name), field, values.get(name), mark)


def _table(key: tuple[str, ...], field: fields.Field[Any], values: Any, mark: str) -> Iterator[str]:
    yield ""
    yield from _remark(field)
    if isinstance(field, Table) and isinstance(field.values, fields.Nested):
        for name, named in (values or {}).items():
            yield f"[{'.'.join((*key, name))}]"
            yield from _section((*key, name), field.values.schema, named)
        return
    # A section of usual values may stand empty; only the one of hosted forms means something by being there.
    inner = "# " if mark or (len(key) > 1 and values is None) else ""
    yield f"{inner}[{'.'.join(key)}]"
    if isinstance(field, Table):
        yield from (
            f"# {as_toml(name)} = {as_toml(value)}" for name, value in field.metadata["example"].items()
        )
    elif isinstance(field, fields.Nested):
        yield from _section(key, field.schema, values or {}, inner)


def _remark(field: fields.Field[Any]) -> Iterator[str]:
    yield from (f"# {line}" for line in textwrap.wrap(field.metadata["about"], _WIDTH - 2))
