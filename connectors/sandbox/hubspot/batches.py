"""Batch calls: their size and shape, and what happens when one input of many is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from connectors.sandbox.hubspot.body_fields import objects, text
from connectors.sandbox.hubspot.errors import ApiError, JsonObject, invalid
from connectors.sandbox.hubspot.state import CrmState
from connectors.sandbox.timestamps import iso

MAX_INPUTS = 100


@dataclass(slots=True)
class BatchAnswer:
    """What a batch did: results in input order, errors for inputs that failed alone."""

    started_at: float
    results: list[JsonObject] = field(default_factory=list)
    errors: list[JsonObject] = field(default_factory=list)

    def json(self, now: float, ok: int) -> tuple[JsonObject, int]:
        """Body and status: `ok` when everything succeeded, else 207."""
        body: JsonObject = {
            "status": "COMPLETE",
            "results": self.results,
            "startedAt": iso(self.started_at),
            "completedAt": iso(now),
        }
        if not self.errors:
            return body, ok
        return {**body, "numErrors": len(self.errors), "errors": self.errors}, 207


def inputs_of(body: JsonObject, limit: int = MAX_INPUTS) -> list[JsonObject]:
    """The inputs of a batch request. Raises: ApiError (400) when they are no list or too many."""
    if "inputs" not in body:
        raise invalid("Some required fields were not set: [inputs]")
    inputs = objects(body, "inputs")
    if len(inputs) > limit:
        raise invalid(f"Too many inputs: {len(inputs)}; the maximum is {limit}.")
    return inputs


def addressed_inputs(body: JsonObject) -> list[JsonObject]:
    """Inputs that each carry an id, all different.

    Raises: ApiError (400); a doubled id refuses the whole request.
    """
    inputs = inputs_of(body)
    keys = [(text(one, "idProperty"), text(one, "id")) for one in inputs]
    if not all(record_id for _, record_id in keys):
        raise invalid("Every input needs an id.")
    doubled = _doubled(keys)
    if doubled:
        raise invalid(
            f"Duplicate IDs found in batch input: [{', '.join(doubled)}]. IDs must be unique",
            context={"ids": doubled},
        )
    return inputs


def _doubled(keys: Iterable[tuple[str, str]]) -> list[str]:
    seen: set[tuple[str, str]] = set()
    return list(dict.fromkeys(key[1] for key in keys if key in seen or seen.add(key)))  # type: ignore[func-returns-value]


def apply_each(
    state: CrmState,
    inputs: Sequence[JsonObject],
    write: Callable[[JsonObject], JsonObject],
) -> BatchAnswer:
    """Write every input: one by one when each has an objectWriteTraceId, else all or nothing.

    Raises: ApiError of the first wrong input, when it is all or nothing.
    """
    answer = BatchAnswer(state.clock())
    if not inputs or not all(one.get("objectWriteTraceId") for one in inputs):
        with state.transaction():
            answer.results = [write(one) for one in inputs]
        return answer
    for one in inputs:
        trace_id = str(one["objectWriteTraceId"])
        try:
            with state.transaction():
                answer.results.append({**write(one), "objectWriteTraceId": trace_id})
        except ApiError as e:
            answer.errors.append(e.entry(trace_id))
    return answer
