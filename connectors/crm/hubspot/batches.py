"""Who got what in a batch: the results of a 207, and whose fault it is that a batch was refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from connectors.crm.base import Conflict, CrmError, Rejected, Uncertain
from connectors.crm.hubspot.errors import NotThere, from_item
from connectors.crm.hubspot.records import BODY, KEY, NewRecord, Record, dicts, marked, section
from connectors.crm.hubspot.refusals import UnknownProperty
from connectors.crm.hubspot.transport import Answer

Results = Iterator[tuple[str, Record | CrmError]]


def results_of(answer: Answer, asked: Collection[str], name_of: Callable[[dict[str, Any]], str]) -> Results:
    """One result per name asked for; HubSpot leaves out what it moved meanwhile, without an error entry."""
    found: dict[str, Record | CrmError] = {}
    for raw in listed(answer):
        if raw.get("id"):
            record, name = Record.read(raw), name_of(raw)
            known = found.setdefault(name, record)
            if isinstance(known, Record) and known.id != record.id:
                found[name] = Uncertain("HubSpot's answer names two records where one was written.")
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


def whose(new: Mapping[str, NewRecord]) -> Callable[[dict[str, Any]], str]:
    """Tells the trace id of a record among these, "" when it is nobody's.

    By our key (a task's marker), which every record carries; the trace id alone is believed only where the
    answer leaves the key out.
    """
    by_key: dict[str, str] = {}
    for trace, record in new.items():
        by_key.setdefault(_key_in(record.properties), trace)
    by_key.pop("", None)

    def trace_of(raw: dict[str, Any]) -> str:
        said = section(raw.get("properties"))
        if any(said.get(name) for name in (KEY, BODY)):
            return by_key.get(_key_in(said), "")
        trace = str(raw.get("objectWriteTraceId") or "")
        return trace if trace in new else ""

    return trace_of


def _key_in(properties: Mapping[str, Any]) -> str:
    # HubSpot may tidy up a task's text, but it keeps the marker.
    return str(properties.get(KEY) or "") or marked(str(properties.get(BODY) or ""))


def _names_in(item: Mapping[str, Any]) -> list[str]:
    context = item.get("context")
    if not isinstance(context, dict):
        return []
    named = context.get("objectWriteTraceId") or context.get("ids") or []
    return [str(n) for n in named] if isinstance(named, list) else [str(named)]
