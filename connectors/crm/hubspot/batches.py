"""Who got what in a batch: the results of a 207, and whose fault it is that a batch was refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from connectors.crm.base import Conflict, CrmError, Rejected, Uncertain
from connectors.crm.hubspot.errors import NotThere, from_item
from connectors.crm.hubspot.records import KEY, NewRecord, Record, dicts
from connectors.crm.hubspot.refusals import UnknownProperty
from connectors.crm.hubspot.transport import Answer

Results = Iterator[tuple[str, Record | CrmError]]


def results_of(answer: Answer, asked: Collection[str], name_of: Callable[[dict[str, Any]], str]) -> Results:
    """One result per name asked for; HubSpot leaves out what it moved meanwhile, without an error entry."""
    found: dict[str, Record | CrmError] = {}
    for raw in listed(answer):
        if raw.get("id"):
            found[name_of(raw)] = Record.read(raw)
    for item in dicts(answer.body.get("errors")):
        error = from_item(item)
        found |= dict.fromkeys(_names_in(item), error)
    for name in asked:
        yield name, found.get(name) or Uncertain("HubSpot's answer says nothing about this record.")


def listed(answer: Answer) -> list[dict[str, Any]]:
    """The results of an answer. Raises Uncertain when there is no list: that proves nothing."""
    if not isinstance(answer.body.get("results"), list):
        raise Uncertain("HubSpot's answer has no results.")
    return dicts(answer.body["results"])


def read_from(answer: Answer) -> list[dict[str, Any]]:
    """The results of a batch read: what does not exist is left out, any other error is raised."""
    for item in dicts(answer.body.get("errors")):
        error = from_item(item)
        if not isinstance(error, NotThere):
            raise error
    return listed(answer)


def culprits(
    records: Mapping[str, Mapping[str, str]],
    error: Rejected | Conflict | NotThere,
    again: Callable[[list[str]], Results],
) -> Results:
    """Find whose fault it is that a batch was refused as a whole: nothing of it was written.

    A property that does not exist condemns every record that carries it; otherwise halves are tried.
    """
    guilty = list(records) if len(records) == 1 else []
    if isinstance(error, UnknownProperty):
        guilty = guilty or [name for name, values in records.items() if error.field_name in values]
    for name in guilty:
        yield name, error
    rest = [name for name in records if name not in guilty]
    parts = [rest] if guilty else [rest[: len(rest) // 2], rest[len(rest) // 2 :]]
    for part in filter(None, parts):
        yield from again(part)


def trace_of(raw: dict[str, Any], new: Mapping[str, NewRecord]) -> str:
    """Whose record this is: by trace id, else by our key, else the only one there can be."""
    if raw.get("objectWriteTraceId"):
        return str(raw["objectWriteTraceId"])
    key = (raw.get("properties") or {}).get(KEY)
    by_key = (trace for trace, record in new.items() if key and record.properties.get(KEY) == key)
    return next(by_key, next(iter(new)) if len(new) == 1 else "")


def _names_in(item: Mapping[str, Any]) -> list[str]:
    context = item.get("context")
    if not isinstance(context, dict):
        return []
    named = context.get("objectWriteTraceId") or context.get("ids") or []
    return [str(n) for n in named] if isinstance(named, list) else [str(named)]
