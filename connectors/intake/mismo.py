"""MISMO 3.4 (ULAD, DU) loan files: borrowers, property and loan by local name, never by strict path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from connectors.intake.base import Adapter, Document, JsonValue, Options, RawRequest, Unreadable
from connectors.intake.envelope import aware_time, usable_id
from connectors.intake.json_shape import JsonObject
from connectors.intake.json_values import known
from connectors.intake.mismo_loan import loan_answers, loan_id, subject_loan
from connectors.intake.mismo_party import borrowers_of, originator_of, party_answers
from connectors.intake.proof import require_token
from connectors.intake.xml_body import every, text_of
from mapping.answers import Answer, Answers

VENDOR = "mismo"
MAX_BODY = 10 * 1_048_576
_SPOKEN = {"eng": "en", "spa": "es", "fra": "fr", "fre": "fr"}
_MOST_OTHERS = 8


class Mismo(Adapter):
    """A loan file of any portal or loan origination system, posted as XML or laid into a folder."""

    vendor = VENDOR
    takes = frozenset({"xml"})
    max_body = MAX_BODY

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the path's secret was shown ("" = the address alone is the secret)."""
        require_token(request, secret)

    def unpack(self, request: RawRequest) -> Document | None:
        """Raise Unreadable (retired_format) for a Fannie Mae 3.2 file: it is no XML at all."""
        if looks_like_fnm(request.body):
            raise Unreadable(
                "retired_format",
                "This is a Fannie Mae 3.2 (FNM) file, which MISMO 3.4 replaced; export it as MISMO 3.4 XML.",
                status=422,
                keep=True,
            )
        return None

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """One part for each deal. Raises Unreadable: wrong_shape, no_borrower."""
        return answers_in(document.json)


def is_mismo(tree: JsonValue) -> bool:
    """Whether an XML tree (xml_body.py) is such a loan file."""
    return any(True for _ in every(tree, "DEAL")) and any(True for _ in every(tree, "PARTY"))


def answers_in(tree: JsonValue) -> list[Answers]:
    """The deals of a loan file. It is news of the application, and an inquiry when nothing is known of it.

    Raises Unreadable: wrong_shape (no deal in it), no_borrower.
    """
    deals = [deal for deal in every(tree, "DEAL") if isinstance(deal, dict)]
    if not deals:
        raise Unreadable("wrong_shape", "This XML holds no MISMO deal (MESSAGE/DEAL_SETS/…/DEAL).", keep=True)
    created = _created_at(tree)
    return [_deal_answers(deal, created) for deal in deals]


def _deal_answers(deal: JsonObject, created: datetime | None) -> Answers:
    people = borrowers_of(deal)
    if not people:
        raise Unreadable("no_borrower", "The MISMO file names no party with the role Borrower.", keep=True)
    loan = subject_loan(deal)
    number = usable_id(loan_id(loan))
    items = [
        *party_answers(people[0], ""),
        *(party_answers(people[1], "co_") if len(people) > 1 else ()),
        *_others(people[2 : 2 + _MOST_OTHERS]),
        *known("language", _SPOKEN.get(_language(people[0]), "")),
        *loan_answers(deal, loan),
        *known("assigned_to", originator_of(deal)),
        *known("application_id", number),
        *known("application_ref", number),
    ]
    return Answers(
        VENDOR,
        tuple(items),
        external_id=number,
        submitted_at=created,
        kind="update",
        refs=(f"application:{VENDOR}:{number}",) if number else (),
    )


def _others(people: Sequence[JsonObject]) -> list[Answer]:
    """The third borrower and later ones: no field holds them, the note does."""
    found: list[Answer] = []
    for place, person in enumerate(people, start=3):
        said = {answer.field: answer.text for answer in party_answers(person, "co_")}
        names = ("co_full_name", "co_first_name", "co_last_name", "co_email", "co_phone")
        text = " ".join(said[name] for name in names if name in said)
        found += known("", text, f"Borrower {place}")
    return found


def _language(person: JsonObject) -> str:
    return next((text_of(code).lower() for code in every(person, "LanguageCode")), "")


def _created_at(tree: JsonValue) -> datetime | None:
    versions = [text_of(one) for one in every(tree, "CreatedDatetime")]
    return next((time for text in versions if (time := aware_time(text))), None)


#: How a Fannie Mae 3.2 file begins: an envelope header, a transaction header or its first record.
_FNM = re.compile(rb"\A\s*(?:EH |TH |TPI|000|00A)[ -~]*\r?\n(?:TH |TPI|000|00A|0[0-9][A-Z]|[0-9]{2}[A-Z])")


def looks_like_fnm(body: bytes) -> bool:
    """Whether a body is the fixed-width format that MISMO 3.4 replaced."""
    return _FNM.match(body[:4000]) is not None
