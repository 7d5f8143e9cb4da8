"""The property and the loan of a MISMO deal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connectors.intake.base import JsonValue
from connectors.intake.json_shape import JsonObject
from connectors.intake.json_values import known, money_at
from connectors.intake.mismo_party import address_answers
from connectors.intake.xml_body import every, text_of
from mapping.answers import Answer

_USES: Mapping[str, str] = {
    "PrimaryResidence": "primary",
    "SecondHome": "second_home",
    "Investment": "investment",
    "Investor": "investment",
}
#: The identifier that people quote, best first.
_NUMBERS = ("LenderLoan", "LenderCase", "UniversalLoan", "MERS_MIN", "AgencyCase", "")


def subject_loan(deal: JsonObject) -> JsonObject:
    """The loan that is applied for; a RelatedLoan is another lien on the property."""
    loans = [loan for loan in every(deal, "LOAN") if isinstance(loan, dict)]
    subject = [loan for loan in loans if loan.get("@LoanRoleType") == "SubjectLoan"]
    unsaid = [loan for loan in loans if "@LoanRoleType" not in loan]
    return next(iter(subject or unsaid), {})


def loan_id(loan: JsonObject) -> str:
    """The loan's number; "" when it has none."""
    found: dict[str, str] = {}
    for one in (each for each in every(loan, "LOAN_IDENTIFIER") if isinstance(each, dict)):
        kind, number = _text(one, "LoanIdentifierType"), _text(one, "LoanIdentifier")
        if number:
            found.setdefault(kind if kind in _NUMBERS else "", number)
    return next((found[kind] for kind in _NUMBERS if kind in found), "")


def loan_answers(deal: JsonObject, loan: JsonObject) -> list[Answer]:
    """What is financed, for how much, and for what purpose."""
    home = next((one for one in every(deal, "SUBJECT_PROPERTY") if isinstance(one, dict)), {})
    address = next((one for one in every(_without(home, "PARTIES"), "ADDRESS")), {})
    places = {"street": "property_street", "city": "property_city", "state": "property_state"}
    return [
        *known("inquiry_type", _purpose(loan)),
        *known("loan_amount", _money(loan, "BaseLoanAmount", "NoteAmount")),
        *address_answers(address, places, "property_postal_code"),
        *known("property_value", _value(home)),
        *known("property_use", _USES.get(_text(home, "PropertyUsageType"), "")),
    ]


def _purpose(loan: JsonObject) -> str:
    if _true(loan, "ConstructionLoanIndicator"):
        return "construction"
    if _text(loan, "LienPriorityType") == "SecondLien" or _true(loan, "HELOCIndicator"):
        return "second_mortgage"
    purpose = _text(loan, "LoanPurposeType").lower()
    return purpose if purpose in ("purchase", "refinance") else ""


def _value(home: JsonObject) -> str:
    """The price agreed on, else the estimate, else the valuation."""
    return _money(home, "SalesContractAmount", "PropertyEstimatedValueAmount", "PropertyValuationAmount")


def _money(around: JsonObject, *names: str) -> str:
    found = (money_at({"amount": text_of(one)}, "amount") for name in names for one in every(around, name))
    return next((text for text in found if text), "")


def _text(around: JsonValue, name: str) -> str:
    return _first(text_of(one) for one in every(around, name))


def _true(around: JsonObject, name: str) -> bool:
    return _text(around, name).lower() == "true"


def _first(texts: Iterator[str]) -> str:
    return next((text.strip() for text in texts if text.strip()), "")


def _without(value: JsonObject, name: str) -> JsonObject:
    return {key: item for key, item in value.items() if key != name}
