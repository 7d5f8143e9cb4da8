"""Sends transactions: one as a composite request, many as graphs, each all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from connectors.crm.base import Rejected, Uncertain
from connectors.crm.salesforce.parts import Part
from connectors.crm.salesforce.queries import parts_of, status_of
from connectors.crm.salesforce.transport import Transport

# Salesforce's limits for one composite request, and for the graphs of one request.
_PARTS = 25
_GRAPHS = 75
_NODES = 500
# Salesforce would by default let its assignment rules move the owner; a part that wants them says so itself.
_HEADERS = {"Sforce-Auto-Assign": "FALSE"}
Answers = list[dict[str, Any]]  # one per part, in the order of the parts


def send(
    transport: Transport, transactions: Sequence[Sequence[Part]]
) -> Iterator[tuple[int, Answers | Rejected]]:
    """Yields (number of the transaction, its answers or why it was refused) as soon as they are known.

    Nothing that was yielded is undone when a later call fails. Raises a CrmError when a whole call fails.
    """
    for numbers in _calls(transactions):
        some = {number: transactions[number] for number in numbers}
        try:
            yield from _sent(transport, some)
        except Rejected as error:
            yield from _one_by_one(transport, some, error)


def _one_by_one(
    transport: Transport, transactions: dict[int, Sequence[Part]], error: Rejected
) -> Iterator[tuple[int, Answers | Rejected]]:
    """After a refusal of the whole request: it is the fault of one, and must not harm the others."""
    if len(transactions) == 1:
        yield from ((number, error) for number in transactions)
        return
    for number, parts in transactions.items():
        try:
            yield from _sent(transport, {number: parts})
        except Rejected as own:
            yield number, own


def _sent(transport: Transport, transactions: dict[int, Sequence[Part]]) -> list[tuple[int, Answers]]:
    """The answers of one call; a single transaction goes as a composite request if it is small enough."""
    if len(transactions) == 1:
        ((number, parts),) = transactions.items()
        if len(parts) <= _PARTS:
            return [(number, _composite(transport, parts))]
    return _graphs(transport, transactions)


def _composite(transport: Transport, parts: Sequence[Part]) -> Answers:
    body = {"allOrNone": True, "compositeRequest": [part.request(transport.root) for part in parts]}
    answer = transport.send("POST", "composite", json=body, headers=_HEADERS)
    return parts_of(answer, [part.reference for part in parts])


def _graphs(transport: Transport, transactions: dict[int, Sequence[Part]]) -> list[tuple[int, Answers]]:
    graphs = [
        {"graphId": f"g{number}", "compositeRequest": [part.request(transport.root) for part in parts]}
        for number, parts in transactions.items()
    ]
    answer = transport.send("POST", "composite/graph", json={"graphs": graphs}, headers=_HEADERS)
    listed = answer.get("graphs") if isinstance(answer, dict) else None
    found = [graph for graph in listed if isinstance(graph, dict)] if isinstance(listed, list) else []
    by_id = {str(graph.get("graphId")): graph for graph in found}
    if len(found) != len(graphs) or by_id.keys() != {graph["graphId"] for graph in graphs}:
        raise Uncertain("Salesforce's answer does not fit what was sent.")
    return [
        (number, _graph(by_id[f"g{number}"], [part.reference for part in parts]))
        for number, parts in transactions.items()
    ]


def _graph(graph: dict[str, Any], references: list[str]) -> Answers:
    answers = parts_of(graph.get("graphResponse"), references)
    if graph.get("isSuccessful") is not all(200 <= status_of(answer) < 300 for answer in answers):
        raise Uncertain("Salesforce's answer contradicts itself.")
    return answers


def _calls(transactions: Sequence[Sequence[Part]]) -> Iterator[list[int]]:
    """The numbers of the transactions that go into each call."""
    some: list[int] = []
    nodes = 0
    for number, parts in enumerate(transactions):
        if some and (len(some) == _GRAPHS or nodes + len(parts) > _NODES):
            yield some
            some, nodes = [], 0
        some.append(number)
        nodes += len(parts)
    if some:
        yield some
