"""An Encompass loan (v3, with the spellings of v1): who borrows, what for, how far it has come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from connectors.intake.json_shape import JsonObject, object_in, objects_in
from connectors.intake.json_values import at, known, money_at, text_at
from connectors.intake.link_id import link_answer, link_in
from mapping.answers import Answer

_MILESTONES = ("currentMilestone", "currentMilestoneName", "milestoneCurrentName", "loanStatus.milestone")
_OFFICER = re.compile(r"loan[ _-]?officer|loan[ _-]?originator", re.IGNORECASE)
#: Custom fields are the lender's own; ours is named so.
_OUR_FIELD = re.compile(r"(?:CX\.)?(?:FP|FIRSTPATH\w*|APPLICATION[ _.]?LINK\w*)", re.IGNORECASE)
_USES = {
    "primaryresidence": "primary",
    "secondhome": "second_home",
    "investor": "investment",
    "investment": "investment",
}


def loan_answers(loan: JsonObject, notice: Sequence[Answer]) -> Iterator[Answer]:
    """The answers in a loan; the status that the notice told counts where the loan tells none."""
    first = next(iter(objects_in(loan.get("applications"))), {})
    borrower = object_in(at(first, "borrower"))
    yield from _person(borrower, "")
    yield from _person(object_in(at(first, "coBorrower") or at(first, "coborrower")), "co_")
    yield from known("middle_name", text_at(borrower, "middleName"))
    yield from known("suffix", text_at(borrower, "suffixToName", "suffix"))
    yield from _status(loan, notice)
    yield from known("application_ref", text_at(loan, "loanNumber", "loanIdentifier"))
    yield from known("inquiry_type", _purpose(loan))
    yield from known(
        "loan_amount", money_at(loan, "borrowerRequestedLoanAmount", "baseLoanAmount", "loanAmount")
    )
    home = object_in(loan.get("property"))
    yield from known("property_street", text_at(home, "streetAddress", "addressLineText", "street"))
    yield from known("property_city", text_at(home, "city"))
    yield from known("property_state", text_at(home, "state"))
    yield from known("property_postal_code", text_at(home, "postalCode", "zip"))
    use = text_at(home, "propertyUsageType", "occupancyType") or text_at(first, "propertyUsageType")
    yield from known("property_use", _USES.get(use.replace(" ", "").lower(), ""))
    yield from known("property_value", _value(loan))
    yield from known("assigned_to", _officer(loan))
    yield from link_answer(loan_link(loan))


def loan_link(loan: JsonObject) -> str:
    """Our id, from the custom field that the lender keeps it in; "" when there is none."""
    for one in objects_in(loan.get("customFields")):
        if _OUR_FIELD.fullmatch(text_at(one, "fieldName", "fieldId", "id")):
            return link_in(text_at(one, "stringValue", "value"))
    return ""


def _status(loan: JsonObject, notice: Sequence[Answer]) -> Iterator[Answer]:
    milestone = text_at(loan, *_MILESTONES)
    if milestone:
        yield from known("application_status", milestone)
    else:
        yield from (one for one in notice if one.field == "application_status")


def _person(person: JsonObject, who: str) -> Iterator[Answer]:
    yield from known(f"{who}first_name", text_at(person, "firstName", "firstNameWithMiddleName"))
    yield from known(f"{who}last_name", text_at(person, "lastName", "lastNameWithSuffix"))
    if not text_at(person, "firstName", "firstNameWithMiddleName", "lastName"):
        yield from known(f"{who}full_name", text_at(person, "fullName"))
    yield from known(f"{who}email", text_at(person, "emailAddressText", "email"))
    phones = ("mobilePhone", "mobilePhoneNumber", "homePhoneNumber", "homePhone", "workPhone")
    yield from known(f"{who}phone", text_at(person, *phones))


def _purpose(loan: JsonObject) -> str:
    """Encompass says "Cash-Out Refinance", "NoCash-Out Refinance", "ConstructionToPermanent", ..."""
    lien = text_at(loan, "lienPriorityType", "lienPosition", "loanProductData.lienPriorityType")
    words = text_at(loan, "property.loanPurposeType", "loanPurposeType", "loanPurpose").lower()
    if "second" in lien.lower():
        return "second_mortgage"
    return next((kind for kind in ("construction", "refinance", "purchase") if kind in words), "")


def _value(loan: JsonObject) -> str:
    return money_at(
        loan,
        "purchasePriceAmount",
        "propertyEstimatedValueAmount",
        "propertyAppraisedValueAmount",
        "property.estimatedValueAmount",
    )


def _officer(loan: JsonObject) -> str:
    """The loan officer of the file: by address, else by name."""
    for one in objects_in(loan.get("contacts")):
        if _OFFICER.search(text_at(one, "contactType", "role")):
            return text_at(one, "email", "contactEmail") or text_at(one, "contactName", "name")
    return text_at(loan, "loanOfficer.email", "interviewerEmail", "loanOfficer.name", "interviewerName")
