"""ADF 1.0 XML: one prospect, one inquiry; also used for what stands in the body of a mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.intake.base import (
    Adapter,
    Document,
    DocumentKind,
    JsonValue,
    Options,
    RawRequest,
    Unreadable,
)
from connectors.intake.envelope import aware_time, usable_id
from connectors.intake.json_shape import JsonObject, answer, in_words, object_in, objects_in, text_in
from connectors.intake.proof import require_token
from connectors.intake.xml_body import every, text_of
from mapping.answers import UNMAPPED, Answer, Answers

_NAMES = {
    "first": "first_name",
    "middle": "middle_name",
    "last": "last_name",
    "suffix": "suffix",
    "full": "full_name",
}
_ADDRESS = (
    ("street", "street"),
    ("city", "city"),
    ("regioncode", "state"),
    ("postalcode", "postal_code"),
    ("country", "country"),
)
# Cars are what the format was made for; loans stand in whatever a lender agreed on with its vendor.
_LOAN = {
    "loanamount": "loan_amount",
    "amount": "loan_amount",
    "balance": UNMAPPED,
    "downpayment": "down_payment",
    "loanpurpose": "inquiry_type",
    "purpose": "inquiry_type",
    "loantype": "inquiry_type",
    "propertyvalue": "property_value",
    "propertystate": "property_state",
    "propertycity": "property_city",
    "propertyzip": "property_postal_code",
    "creditrating": "credit_band",
}


class Adf(Adapter):
    """Every prospect of the document is an inquiry."""

    vendor = "adf"
    takes: frozenset[DocumentKind] = frozenset({"xml"})

    def verify(self, request: RawRequest, secret: str) -> None:
        """The token in the address, in a header or as the password."""
        require_token(request, secret)

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """One part for each prospect. Raises Unreadable: wrong_shape."""
        return read_adf(document.json)


def read_adf(tree: JsonValue) -> list[Answers]:
    """The prospects of an XML tree (xml_body.py). Raises Unreadable: wrong_shape when there are none."""
    prospects = [one for one in every(tree, "prospect") if isinstance(one, dict)]
    if not prospects:
        raise Unreadable("wrong_shape", "This is not ADF: it holds no prospect.", keep=True)
    return [_read(prospect) for prospect in prospects]


def _read(prospect: JsonObject) -> Answers:
    ids = prospect.get("id")
    return Answers(
        Adf.vendor,
        tuple(_items(prospect)),
        external_id=usable_id(text_of(ids)),
        submitted_at=aware_time(text_of(prospect.get("requestdate"))),
    )


def _items(prospect: JsonObject) -> Iterator[Answer]:
    customers = objects_in(prospect.get("customer"))
    for number, customer in enumerate(customers[:2]):
        yield from _contact(object_in(customer, "contact"), co=number > 0)
    customer = customers[0] if customers else {}
    yield from answer("comments", text_of(customer.get("comments")), "message")
    frame = customer.get("timeframe")
    yield from answer("timeframe", _first(frame, "description", "earliestdate", "latestdate"), "timeframe")
    yield from _vendor(prospect)
    for element in ("loan", "finance", "mortgage"):
        for loan in every(prospect, element):
            yield from _loan(loan)


def _contact(contact: JsonObject, *, co: bool) -> Iterator[Answer]:
    who = "co_" if co else ""
    for name in _each(contact.get("name")):
        field = _NAMES.get(text_in(name, "@part").lower() or "full", "")
        if field and not (co and field not in ("first_name", "last_name", "full_name")):
            yield from answer(f"{who}name {text_in(name, '@part')}".strip(), text_of(name), f"{who}{field}")
    for email in _each(contact.get("email")):
        yield from answer(f"{who}email", text_of(email), f"{who}email")
    phones = [phone for phone in _each(contact.get("phone")) if text_in(phone, "@type").lower() != "fax"]
    phones.sort(key=lambda phone: "cell" not in text_in(phone, "@type").lower())
    for phone in phones:
        yield from answer(f"{who}phone", text_of(phone), f"{who}phone")
    if not co:
        yield from _preferences(contact, phones)
        yield from _address(
            object_in(contact, "address") or next(iter(objects_in(contact.get("address"))), {})
        )


def _preferences(contact: JsonObject, phones: Sequence[JsonObject]) -> Iterator[Answer]:
    for way in ("email", "phone"):
        if any(text_in(each, "@preferredcontact") == "1" for each in _each(contact.get(way))):
            yield from answer("preferredcontact", way, "preferred_contact")
    for phone in phones:
        time = text_in(phone, "@time")
        if time.lower() not in ("", "nopreference"):
            yield from answer("best time", time, "preferred_time")
            return


def _address(address: JsonObject) -> Iterator[Answer]:
    lines = [text_of(line) for line in _each(address.get("street"))]
    yield from answer("street", " ".join(filter(None, lines)), "street")
    for name, field in _ADDRESS[1:]:
        yield from answer(name, text_of(address.get(name)), field)


def _vendor(prospect: JsonObject) -> Iterator[Answer]:
    """Whom the lead is for, and who sold it."""
    seller = object_in(prospect, "provider")
    yield from answer("provider", _first(seller, "name", "service"), UNMAPPED)
    yield from answer("source", text_in(prospect.get("id"), "@source"), UNMAPPED)
    vendor = object_in(prospect, "vendor")
    yield from answer("vendor", text_of(object_in(vendor, "contact").get("email")), "assigned_to")
    yield from answer("vendor name", text_of(vendor.get("vendorname")), UNMAPPED)


def _loan(loan: JsonValue) -> Iterator[Answer]:
    for name, content in object_in(loan).items():
        kind = text_in(content, "@type") if isinstance(content, dict) else ""
        word = name.lstrip("@")
        field = _LOAN.get(kind.lower() or word.lower().replace("_", ""), UNMAPPED)
        yield from answer(f"{word} {kind}".strip(), text_of(content), field, in_words(word))


def _first(value: JsonValue, *names: str) -> str:
    if isinstance(value, str):
        return value
    return next((text for name in names if (text := text_of(object_in(value).get(name)))), "")


def _each(value: JsonValue) -> list[JsonObject]:
    """An element that may stand several times, with or without attributes."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [item if isinstance(item, dict) else {"#text": item} for item in items]
