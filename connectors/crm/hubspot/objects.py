"""Contacts, deals and tasks through HubSpot's batch endpoints, 100 in a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.crm.base import Conflict, Rejected, Uncertain
from connectors.crm.hubspot.batches import Results, culprits, listed, read_from, results_of, whose
from connectors.crm.hubspot.errors import NotThere, from_item
from connectors.crm.hubspot.records import (
    KEY,
    Association,
    NewRecord,
    ObjectType,
    Record,
    chunks,
    dicts,
    fitting,
    section,
)
from connectors.crm.hubspot.transport import Transport

BATCH = 100
_MERGED_IDS = "hs_merged_object_ids"
_SEARCH_LIMIT = 200  # HubSpot's largest page


class Objects:
    """The batch endpoints.

    Reads raise when the call fails. Writes yield one result per record as soon as it is known, so that a
    failure further on takes nothing away from what was already done; a failure of a whole call is raised
    unless it is a refusal for the sake of single records.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def fetch(
        self, kind: ObjectType, ids: Iterable[str], properties: Iterable[str], *, id_property: str = ""
    ) -> list[Record]:
        """The records with these ids (or values of id_property), in no order; unknown ones are left out."""
        batch = self._transport.client.crm.objects.batch_api
        names = sorted(set(properties))
        found: list[Record] = []
        for chunk in chunks(dict.fromkeys(ids), BATCH):
            body: dict[str, Any] = {
                "inputs": [{"id": i} for i in chunk],
                "properties": names,
                "propertiesWithHistory": [],
            }
            if id_property:
                body["idProperty"] = id_property
            found += _records(read_from(self._transport.read(batch.read, kind, body, ok=(200, 207))))
        return found

    def by_key(self, kind: ObjectType, keys: Iterable[str], properties: Iterable[str]) -> dict[str, Record]:
        """Records by our own key."""
        asked = dict.fromkeys(keys)
        records = self.fetch(kind, asked, {*properties, KEY}, id_property=KEY)
        return {r.properties[KEY]: r for r in records if r.properties.get(KEY) in asked}

    def by_id(self, kind: ObjectType, ids: Iterable[str], properties: Iterable[str]) -> dict[str, Record]:
        """Records by the id asked for; one that was merged away stands for its survivor, with another id."""
        asked, names = dict.fromkeys(ids), {*properties, _MERGED_IDS}
        records = self.fetch(kind, asked, names)
        found = {r.id: r for r in records}
        for record in records:
            found |= {
                old: record for old in record.properties.get(_MERGED_IDS, "").split(";") if old in asked
            }
        moved = {old: new for old in asked if old not in found and (new := self._survivor(kind, old))}
        survivors = {r.id: r for r in self.fetch(kind, moved.values(), names)} if moved else {}
        found |= {old: survivors[new] for old, new in moved.items() if new in survivors}
        return {i: found[i] for i in asked if i in found}

    def _survivor(self, kind: ObjectType, old: str) -> str:
        """Where a merged-away id leads ("" when the record is gone): only a single GET follows merges."""
        basic = self._transport.client.crm.objects.basic_api
        try:
            answer = self._transport.read(basic.get_by_id, kind, old, properties=["hs_object_id"])
        except NotThere:
            return ""
        return str(answer.body.get("id") or "")

    def create(self, kind: ObjectType, new: Mapping[str, NewRecord]) -> Results:
        """Create records named by the caller's own trace ids: yields (trace id, record or its error)."""
        for chunk in chunks(new, BATCH):
            yield from self._create(kind, {trace: new[trace] for trace in chunk})

    def _create(self, kind: ObjectType, new: Mapping[str, NewRecord]) -> Results:
        batch = self._transport.client.crm.objects.batch_api
        # Without a trace id on every input one refused record would refuse the whole batch.
        inputs = [record.as_input(trace) for trace, record in new.items()]
        try:
            answer = self._transport.call(batch.create, kind, {"inputs": inputs}, ok=(201, 207))
        except (Rejected, Conflict, NotThere) as error:
            yield from culprits(
                {t: r.properties for t, r in new.items()},
                error,
                lambda rest: self._create(kind, {t: new[t] for t in rest}),
            )
            return
        yield from results_of(answer, new.keys(), whose(new))

    def update(self, kind: ObjectType, changes: Mapping[str, Mapping[str, str]]) -> Results:
        """Write property changes by record id: yields (id, record or its error)."""
        for chunk in chunks(changes, BATCH):
            yield from self._update(kind, {i: changes[i] for i in chunk})

    def _update(self, kind: ObjectType, changes: Mapping[str, Mapping[str, str]]) -> Results:
        batch = self._transport.client.crm.objects.batch_api
        inputs = [
            {"id": i, "properties": fitting(properties), "objectWriteTraceId": i}
            for i, properties in changes.items()
        ]
        try:
            answer = self._transport.call(batch.update, kind, {"inputs": inputs}, ok=(200, 207))
        except (Rejected, Conflict, NotThere) as error:
            yield from culprits(
                changes, error, lambda rest: self._update(kind, {i: changes[i] for i in rest})
            )
            return
        yield from results_of(answer, changes.keys(), lambda raw: str(raw.get("id") or ""))

    def merge(self, kind: ObjectType, kept: str, other: str) -> None:
        """Make two records one for good; it may have a new id, to which both lead. Raises a CrmError."""
        body = {"primaryObjectId": kept, "objectIdToMerge": other}
        self._transport.request("POST", f"/crm/v3/objects/{kind}/merge", body)

    def search(
        self, kind: ObjectType, groups: Sequence[Sequence[Mapping[str, Any]]], properties: Iterable[str]
    ) -> list[Record]:
        """Records for which all filters of any group hold. Lags behind writes; at most 200 are returned."""
        body = {
            "filterGroups": [{"filters": list(group)} for group in groups],
            "properties": sorted(set(properties)),
            "sorts": [],
            "limit": _SEARCH_LIMIT,
            "after": "0",
        }
        do_search = self._transport.client.crm.objects.search_api.do_search
        return _records(listed(self._transport.call(do_search, kind, body)))

    def associated(
        self, from_kind: ObjectType, to_kind: ObjectType, ids: Iterable[str]
    ) -> dict[str, list[str]]:
        """Ids of the associated records, by the id asked for; read from the database, so nothing lags."""
        batch = self._transport.client.crm.associations.v4.batch_api
        found: dict[str, list[str]] = {}
        pages: list[dict[str, str]] = [{"id": i} for i in dict.fromkeys(ids)]
        while pages:
            chunk, pages = pages[:BATCH], pages[BATCH:]
            answer = self._transport.read(
                batch.get_page, from_kind, to_kind, {"inputs": chunk}, ok=(200, 207)
            )
            asked = {one["id"] for one in chunk}
            for row in read_from(answer):
                origin = str(section(row.get("from")).get("id") or "")
                if origin not in asked:
                    raise Uncertain("HubSpot listed the links of a record that was not asked for.")
                linked = (str(to.get("toObjectId") or "") for to in dicts(row.get("to")))
                found.setdefault(origin, []).extend(filter(None, linked))
                after = section(section(row.get("paging")).get("next")).get("after")
                if after:
                    pages.append({"id": origin, "after": str(after)})
        return found

    def associate(
        self, from_kind: ObjectType, to_kind: ObjectType, links: Iterable[tuple[str, Association]]
    ) -> None:
        """Link records (ids) to others; what is linked already stays. Raises a CrmError."""
        batch = self._transport.client.crm.associations.v4.batch_api
        inputs = [{"from": {"id": id_}, **link.as_input()} for id_, link in links]
        if inputs:
            answer = self._transport.call(batch.create, from_kind, to_kind, {"inputs": inputs}, ok=(201, 207))
            for item in dicts(answer.body.get("errors")):
                raise from_item(item)

    def part(self, from_kind: ObjectType, to_kind: ObjectType, ids: Iterable[str], other: str) -> None:
        """Unlink records from another one, whatever the link means. Raises a CrmError."""
        batch = self._transport.client.crm.associations.v4.batch_api
        inputs = [{"from": {"id": id_}, "to": [{"id": other}]} for id_ in ids]
        if inputs:
            self._transport.call(batch.archive, from_kind, to_kind, {"inputs": inputs}, ok=(204,))


def _records(results: Iterable[Mapping[str, Any]]) -> list[Record]:
    return [Record.read(raw) for raw in results if raw.get("id")]
