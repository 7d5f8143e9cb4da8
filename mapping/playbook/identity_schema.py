"""The table of a playbook about who is who."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from marshmallow import ValidationError, fields

from mapping.identity.rules import NEVER, USUAL, IdentityRules
from mapping.normalize.emails import is_sole_email, read_email
from mapping.normalize.phones import read_phone
from mapping.people.inboxes import FREE_MAIL, inbox
from mapping.playbook import values as read
from mapping.playbook.faults import Checked, Fault, fault
from mapping.playbook.table import Table, told
from mapping.playbook.team_checks import Finding, table

_NEVER = "never"
_Value = TypeVar("_Value")


def _bits(least: int, most: int, *, or_never: bool = False) -> Callable[[Any], float]:
    remedy = f"Write a number from {least} to {most}, without quotes"
    also = ', or "never"' if or_never else ""

    def bits(value: Any) -> float:
        if or_never and value == _NEVER:
            return NEVER
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise fault("this is not a number of bits that can be used here", f"{remedy}{also}.")
        return float(value)

    bits.__doc__ = f"Bits, from {least} to {most}{also}."
    return bits


def nobodys_own(value: Any) -> str:
    """An email address, "@" and a domain, or a phone number."""
    written = read.text(value)
    if written.startswith("@"):
        return f"@{_domain(written[1:].casefold())}"
    if "@" in written:
        address = read_email(written) if is_sole_email(written) else None
        if address is None:
            raise fault("this is not an email address", 'Write one alone, such as "desk@example.com".')
        return inbox(address).address
    phone = read_phone(written, "US")  # numbers of Canada are read alike
    if phone is None or not phone.alone:
        meant = f"@{written.casefold()}" if read.is_email(f"a@{written}") else ""
        remedy = f'"{meant}"' if meant else '"desk@example.com", "@example.com" or "(212) 555-0100"'
        message = "this is neither an email address nor a domain nor a phone number"
        raise fault(message, f"Write {remedy}.")
    return phone.number


def _domain(written: str) -> str:
    if not read.is_email(f"a@{written}"):
        raise fault("this is not a domain", 'Write it behind the sign, such as "@example.com".')
    domain = inbox(f"a@{written}").address.partition("@")[2]
    if domain in FREE_MAIL:
        raise fault(
            f"borrowers have their own addresses at {domain}, which would count for nothing",
            'Write the addresses that are meant, such as "our.team@gmail.com".',
        )
    return domain


_same_from = _bits(11, 40)
_ask_from = _bits(4, 39)
_ask_by_name_from = _bits(0, 20, or_never=True)


class IdentitySchema(Table):
    """[identity]"""

    same_from = Checked(
        _same_from,
        load_default=USUAL.same_from,
        metadata=told(
            "From so many bits on an inquiry is of a borrower we know, if nothing speaks against it. Higher: "
            "fewer borrowers are taken for another one, and more questions are asked.",
            USUAL.same_from,
        ),
    )
    ask_from = Checked(
        _ask_from,
        load_default=USUAL.ask_from,
        metadata=told(
            "From so many bits on a person is asked, where an email, phone, birth date or address agrees; "
            "below same_from.",
            USUAL.ask_from,
        ),
    )
    ask_by_name_from = Checked(
        _ask_by_name_from,
        load_default=USUAL.ask_by_name_from,
        metadata=told(
            "From so many bits on a person is asked where nothing but the name agrees, and perhaps the town; "
            'the rarer the name, the more bits. "never": whoever gives nothing but the name again is new.',
            USUAL.ask_by_name_from,
        ),
    )
    not_evidence = fields.List(
        Checked(nobodys_own),
        load_default=list,
        metadata=told(
            "Emails, domains and phones that many borrowers give and that are nobody's own: the office's, a "
            "team's inbox, a lead vendor's forwarding addresses. They are stored and delivered, and say "
            "nothing of who somebody is or lives with. The CRM gets such an email as a shared one.",
            ["desk@example.com", "@forwarded.example", "(212) 555-0100"],
        ),
    )


def identity_check(data: Mapping[str, Any]) -> Iterator[Finding]:
    """A question that is never asked, and values that stand twice, however they are written."""
    row = table(data.get("identity"))
    same = _read(_same_from, row.get("same_from", USUAL.same_from))
    ask = _read(_ask_from, row.get("ask_from", USUAL.ask_from))
    if same is not None and ask is not None and ask >= same:
        message = f"from {same:g} bits on it is the same person already, so that nobody would be asked"
        remedy = f"Write a number below same_from, such as {min(same - 1, USUAL.ask_from):g}."
        yield ("identity", "ask_from"), Fault(message, remedy)
    listed, seen = row.get("not_evidence"), dict[str, int]()
    for index, written in enumerate(listed if isinstance(listed, list) else []):
        value = _read(nobodys_own, written)
        first = seen.setdefault(value, index) if value else index
        if first != index:
            twice = Fault(f"identity.not_evidence.{first} is the same one", "Remove one of the two.")
            yield ("identity", "not_evidence", index), twice


def _read(reader: Callable[[Any], _Value], written: Any) -> _Value | None:
    """None for what the schema refuses."""
    try:
        return reader(written)
    except ValidationError:
        return None


def build_identity(row: Mapping[str, Any]) -> IdentityRules:
    """From data that IdentitySchema has loaded."""
    emails = frozenset(one for one in row["not_evidence"] if "@" in one[1:])
    domains = frozenset(one for one in row["not_evidence"] if one.startswith("@"))
    return IdentityRules(
        same_from=row["same_from"],
        ask_from=row["ask_from"],
        ask_by_name_from=row["ask_by_name_from"],
        emails=emails,
        domains=frozenset(one.removeprefix("@") for one in domains),
        phones=frozenset(row["not_evidence"]) - emails - domains,
    )
