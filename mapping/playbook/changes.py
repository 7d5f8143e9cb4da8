"""What differs between two playbooks, in words: "weight of Maya Whitfield: 1 → 2"."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from marshmallow import Schema, fields, missing

from mapping.playbook.reference import toml
from mapping.playbook.schema import PlaybookSchema
from mapping.playbook.table import keys_of

_LEFT_OUT = object()
_SHOWN = 60  # characters of a value


def changes(old: str, new: str) -> tuple[str, ...]:
    """Sentences about what the second TOML text says otherwise, in the order of the page's keys.

    Comments and layout are no change. Raises tomllib.TOMLDecodeError.
    """
    return changes_between(tomllib.loads(old), tomllib.loads(new))


def changes_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """The same of two documents that are read already."""
    return tuple(_tables(_schema(), old, new, ""))


@cache
def _schema() -> Schema:
    return PlaybookSchema()


def _tables(schema: Schema, old: Mapping[str, Any], new: Mapping[str, Any], of: str) -> Iterator[str]:
    """The keys of one table; of names it: "of Maya Whitfield"."""
    known = keys_of(schema)
    for name, field in known.items():
        yield from _key(name, field, old.get(name, _LEFT_OUT), new.get(name, _LEFT_OUT), of)
    for name in [*old, *(one for one in new if one not in old)]:
        if name not in known:
            yield from _value(name, old.get(name, _LEFT_OUT), new.get(name, _LEFT_OUT), of)


def _key(name: str, field: fields.Field[Any], old: Any, new: Any, of: str) -> Iterator[str]:
    inner = _table_of(field)
    if isinstance(field, fields.Dict):
        yield from _named(name, field, inner, _table(old), _table(new), of)
    elif inner is None:
        yield from _value(name, _or_default(field, old), _or_default(field, new), of)
    elif isinstance(field, fields.List):
        yield from _rows(_one(name, field), inner, _list(old), _list(new), of)
    else:
        yield from _tables(inner, _table(old), _table(new), _of(name, of))


def _named(
    name: str,
    field: fields.Dict,
    inner: Schema | None,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    of: str,
) -> Iterator[str]:
    """A table whose keys the consultant chooses."""
    for key in [*old, *(one for one in new if one not in old)]:
        if inner is None:
            value_of = _of(name, of)
            yield from _value(key, old.get(key, _LEFT_OUT), new.get(key, _LEFT_OUT), value_of)
        elif key not in new:
            yield f"{_one(name, field)} {key}{of} removed"
        elif key not in old:
            yield f"{_one(name, field)} {key}{of} added"
        else:
            yield from _tables(
                inner, _table(old[key]), _table(new[key]), _of(f"{_one(name, field)} {key}", of)
            )


def _rows(what: str, inner: Schema, old: list[Any], new: list[Any], of: str) -> Iterator[str]:
    """An array of tables: each is known by its address or name, else by its place."""
    before, after = _by_identity(old), _by_identity(new)
    for identity, (position, row) in before.items():
        if identity not in after:
            yield f"{what} {_called(row, position)}{of} removed"
    for identity, (position, row) in after.items():
        if identity not in before:
            yield f"{what} {_called(row, position)}{of} added"
            continue
        yield from _tables(inner, before[identity][1], row, _of(_called(row, position, what), of))
    yield from _moved(what, before, after, of)


def _moved(what: str, before: Mapping[str, Any], after: Mapping[str, Any], of: str) -> Iterator[str]:
    """The first that matches decides in many of them: their order tells."""
    stayed = [one for one in before if one in after]
    now = [one for one in after if one in before]
    if stayed != now:
        order = ", ".join(_called(after[one][1], after[one][0]) for one in now)
        yield f"the order of each {what}{of} is now: {order}"


def _value(name: str, old: Any, new: Any, of: str) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, list) and isinstance(new, list):
        parts = [
            *(f"{toml(one)} added" for one in new if one not in old),
            *(f"{toml(one)} removed" for one in old if one not in new),
        ]
        yield f"{name}{of}: {', '.join(parts) or 'in another order or number'}"
        return
    yield f"{name}{of}: {_shown(old)} → {_shown(new)}"


def _by_identity(rows: Sequence[Any]) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """Identity → (place from 1, row); what has no name, or one that was taken, goes by its place."""
    found: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for position, row in enumerate(map(_table, rows), start=1):
        identity = str(row.get("email") or row.get("name") or "").casefold()
        found[identity if identity and identity not in found else f"#{position}"] = (position, row)
    return found


def _called(row: Mapping[str, Any], position: int, what: str = "") -> str:
    """A person by name alone, a rule as 'owner rule "Commercial"', the nameless by their place."""
    name = str(row.get("name", ""))
    if "email" in row and name:
        return name
    called = f'"{name}"' if name else f"{position}"
    return f"{what} {called}".strip()


def _table_of(field: fields.Field[Any]) -> Schema | None:
    """The fixed table in a field: itself, or each of its values; None for plain values."""
    inner: Any = field
    if isinstance(field, fields.Dict):
        inner = field.value_field
    elif isinstance(field, fields.List):
        inner = field.inner
    return inner.schema if isinstance(inner, fields.Nested) else None


def _one(name: str, field: fields.Field[Any]) -> str:
    return str(field.metadata.get("one") or "") or name


def _of(name: str, of: str) -> str:
    return f" of {name}{of}"


def _or_default(field: fields.Field[Any], value: Any) -> Any:
    """Written down or left out, the usual value is the same."""
    if value is not _LEFT_OUT or field.load_default is missing:
        return value
    default = field.load_default() if callable(field.load_default) else field.load_default
    return "" if default == () else default


def _shown(value: Any) -> str:
    if value is _LEFT_OUT:
        return "left out"
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    text = value if isinstance(value, str) and value else toml(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
