"""The parties of a MISMO deal: who borrows, who comes first, how each is reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.intake.base import JsonValue
from connectors.intake.json_shape import JsonObject
from connectors.intake.json_values import known, text_at
from connectors.intake.xml_body import every, text_of
from mapping.answers import Answer

#: The number to reach somebody at, best first; "" is a number of unknown kind.
_PHONES = ("Mobile", "Home", "", "Other", "Work")
_SHARES = "SharesJointCreditReportWith"


def borrowers_of(deal: JsonObject) -> list[JsonObject]:
    """The borrowing parties: the primary one, then who shares a credit report with it, then the others."""
    found = [party for party in _parties(deal) if _has_role(party, "Borrower")]
    if not found:
        return []
    ordered = sorted(found, key=_sequence)
    first = next((party for party in ordered if _classification(party) == "Primary"), ordered[0])
    partners = _labels_with(deal, _labels(first))
    return [
        first,
        *sorted(
            (party for party in ordered if party is not first),
            key=lambda party: not (_labels(party) & partners),
        ),
    ]


def originator_of(deal: JsonObject) -> str:
    """The loan originator's email address, else name; "" when the deal names none."""
    party = next((one for one in _parties(deal) if _has_role(one, "LoanOriginator")), None)
    return (_email(party) or _whole_name(party)) if party is not None else ""


def party_answers(party: JsonObject, who: str) -> list[Answer]:
    """Name, reach and, for the borrower (who = ""), address and employment."""
    name = next((one for one in every(party, "NAME") if isinstance(one, dict)), {})
    items = [
        *known(f"{who}first_name", text_at(name, "FirstName")),
        *known(f"{who}last_name", text_at(name, "LastName")),
        *known(f"{who}email", _email(party)),
        *known(f"{who}phone", _phone(party)),
    ]
    if not text_at(name, "FirstName") or not text_at(name, "LastName"):
        items += known(f"{who}full_name", text_at(name, "FullName"))
    if who:
        return items
    return [
        *items,
        *known("middle_name", text_at(name, "MiddleName")),
        *known("suffix", text_at(name, "SuffixName", "NameSuffix")),
        *_home(party),
        *known("employment", _employment(party)),
    ]


def _parties(deal: JsonObject) -> list[JsonObject]:
    return [party for party in every(deal, "PARTY") if isinstance(party, dict)]


def _has_role(party: JsonObject, role: str) -> bool:
    return any(text_of(one).strip() == role for one in every(party, "PartyRoleType"))


def _classification(party: JsonObject) -> str:
    return next((text_of(one) for one in every(party, "BorrowerClassificationType")), "")


def _sequence(party: JsonObject) -> int:
    """Its own number, else its role's; those without one come last, in the order of the file."""
    roles = (role for role in every(party, "ROLE") if isinstance(role, dict))
    numbers = (text_at(one, "@SequenceNumber") for one in (party, *roles))
    return next((int(text) for text in numbers if text.isdecimal() and len(text) < 6), 1_000_000)


def _labels(party: JsonObject) -> set[str]:
    return {label for label in _every_label(party) if label}


def _every_label(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        yield text_of(value.get("@label"))
        for item in value.values():
            yield from _every_label(item)
    elif isinstance(value, list):
        for item in value:
            yield from _every_label(item)


def _labels_with(deal: JsonObject, labels: set[str]) -> set[str]:
    """The labels that the deal ties to these by a joint credit report."""
    found: set[str] = set()
    for one in (each for each in every(deal, "RELATIONSHIP") if isinstance(each, dict)):
        ends = {text_at(one, "@from"), text_at(one, "@to")}
        if _SHARES in text_at(one, "@arcrole") and ends & labels:
            found |= ends - labels
    return found


def _email(party: JsonObject) -> str:
    return _first(text_of(one) for one in every(party, "ContactPointEmailValue"))


def _phone(party: JsonObject) -> str:
    """The best number: a mobile before a home one; contact points without a number are common."""
    found: dict[str, str] = {}
    for point in (one for one in every(party, "CONTACT_POINT") if isinstance(one, dict)):
        number = _first(text_of(one) for one in every(point, "ContactPointTelephoneValue"))
        kind = _first(text_of(one) for one in every(point, "ContactPointRoleType"))
        if number:
            found.setdefault(kind if kind in _PHONES else "", number)
    return _first(found.get(kind, "") for kind in _PHONES)


def _whole_name(party: JsonObject) -> str:
    name = next((one for one in every(party, "NAME") if isinstance(one, dict)), {})
    return text_at(name, "FullName") or " ".join(
        filter(None, (text_at(name, "FirstName"), text_at(name, "LastName")))
    )


def _home(party: JsonObject) -> list[Answer]:
    """Where the borrower lives now."""
    homes = [one for one in every(party, "RESIDENCE") if isinstance(one, dict)]
    current = [one for one in homes if "Current" in map(text_of, every(one, "BorrowerResidencyType"))]
    home = next(iter(current or (homes if len(homes) == 1 else [])), {})
    address = next((one for one in every(home, "ADDRESS") if isinstance(one, dict)), {})
    return address_answers(address, {"street": "street", "city": "city", "state": "state"}, "postal_code")


def address_answers(address: JsonValue, fields: dict[str, str], postal_code: str) -> list[Answer]:
    """An ADDRESS under these canonical fields."""
    return [
        *known(fields["street"], text_at(address, "AddressLineText")),
        *known(fields["city"], text_at(address, "CityName")),
        *known(fields["state"], text_at(address, "StateCode")),
        *known(postal_code, text_at(address, "PostalCode")),
    ]


def _employment(party: JsonObject) -> str:
    """self_employed, or the present employer's name."""
    employers = _current([one for one in every(party, "EMPLOYER") if isinstance(one, dict)])
    if any(
        text_of(one).lower() == "true"
        for employer in employers
        for one in every(employer, "EmploymentBorrowerSelfEmployedIndicator")
    ):
        return "self_employed"
    return _first(text_of(name) for employer in employers for name in every(employer, "FullName"))


def _current(employers: Sequence[JsonObject]) -> list[JsonObject]:
    return [
        one
        for one in employers
        if "Previous" not in {text_of(status) for status in every(one, "EmploymentStatusType")}
    ]


def _first(texts: Iterator[str]) -> str:
    return next((text.strip() for text in texts if text.strip()), "")
