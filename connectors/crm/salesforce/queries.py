"""Questions to Salesforce: one by itself, or up to five in one call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.crm.base import Uncertain
from connectors.crm.salesforce.errors import from_part
from connectors.crm.salesforce.rows import Row, rows_of
from connectors.crm.salesforce.soql import encoded
from connectors.crm.salesforce.transport import Transport

QUERIES_PER_CALL = 5  # of the 25 parts of a composite request, at most five may be queries
LONGEST_ALONE = 14_000  # bytes of an address beside which a token is sent; a longer one goes into a body


@dataclass(frozen=True, slots=True)
class Question:
    """A SOQL statement; deleted includes what lies in the recycle bin."""

    statement: str
    deleted: bool = False

    @property
    def path(self) -> str:
        """Where it is answered, the question in it."""
        return f"{'queryAll' if self.deleted else 'query'}/?q={encoded(self.statement)}"


def ask(transport: Transport, questions: Sequence[Question]) -> list[list[Row]]:
    """The records that answer each question, in as few calls as there can be. Raises a CrmError."""
    if len(questions) == 1 and len(questions[0].path) <= LONGEST_ALONE:
        return [_all_pages(transport, transport.get(questions[0].path))]
    found: list[list[Row]] = []
    for start in range(0, len(questions), QUERIES_PER_CALL):
        some = questions[start : start + QUERIES_PER_CALL]
        found += [_all_pages(transport, answer) for answer in get_together(transport, [q.path for q in some])]
    return found


def get_together(transport: Transport, paths: Sequence[str]) -> list[Any]:
    """The bodies of several GETs made in one composite call, in order. Raises a CrmError."""
    parts = [
        {"method": "GET", "url": f"{transport.root}/{path}", "referenceId": f"q{number}"}
        for number, path in enumerate(paths)
    ]
    answer = transport.read("composite", {"allOrNone": False, "compositeRequest": parts})
    return [_body(part) for part in parts_of(answer, [f"q{number}" for number in range(len(paths))])]


def parts_of(answer: Any, references: Iterable[str]) -> list[dict[str, Any]]:
    """The parts of a composite answer in the order of the references asked for.

    Raises Uncertain when one is missing, named twice or not asked for: then it answers another question.
    """
    listed = answer.get("compositeResponse") if isinstance(answer, dict) else None
    parts = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    by_reference = {str(part.get("referenceId")): part for part in parts}
    wanted = list(references)
    if len(parts) != len(wanted) or by_reference.keys() != set(wanted):
        raise Uncertain("Salesforce's answer does not fit what was asked.")
    return [by_reference[reference] for reference in wanted]


def status_of(part: Mapping[str, Any]) -> int:
    """The HTTP status of one part; 0 when it is not a number."""
    status = part.get("httpStatusCode")
    return status if isinstance(status, int) else 0


def _body(part: dict[str, Any]) -> Any:
    status, body = status_of(part), part.get("body")
    if status != 200:
        raise from_part(status, body)
    return body


def _all_pages(transport: Transport, answer: Any) -> list[Row]:
    found = rows_of(answer)
    total, seen = answer.get("totalSize"), set()
    while answer.get("done") is False:
        following = str(answer.get("nextRecordsUrl") or "")
        if following in seen:
            raise Uncertain("Salesforce's query answer never ends.")
        seen.add(following)
        answer = transport.more(following)
        found += rows_of(answer)
    # Who seems not to be there would be made a second time.
    if answer.get("done") is not True or total != len(found):
        raise Uncertain("Salesforce answered a query with fewer or more records than it counted.")
    return found
