"""How to reach the borrower of a mail, and the second of a couple."""

from __future__ import annotations

from mapping.answers import Answer
from mapping.mail.layers import Layer
from mapping.mail.letter import Letter, Person
from mapping.mail.names import companion
from mapping.mail.reach import Reach, reach_in
from mapping.mail.roles import Ours, Roles
from mapping.mail.said import said
from mapping.normalize.names import read_name


def contact_of(
    roles: Roles, letter: Letter, layers: list[Layer], ours: Ours, others: frozenset[str], country: str
) -> list[Answer]:
    """Email and phone of the borrower, and name, email and phone of a second one, as far as they are said.

    What writers and readers of the mail have is never the borrower's, unless the borrower wrote it.
    """
    not_theirs = frozenset(
        {letter.sender.address, *(one.writer.address for one in layers[:-1])}
        | {one.address for one in letter.to if ours.has(one)}
    )
    own, other = (
        _written_about(roles, country, not_theirs) if roles.by_other else _written(roles, country, not_theirs)
    )
    if ours.has(Person("", other.email)):
        other = Reach("", other.phone)
    fields = (
        ("email", own.email),
        ("phone", own.phone),
        ("co_email", other.email),
        ("co_phone", other.phone),
    )
    found = [said(name, value) for name, value in fields if value]
    if read_name(roles.who)[1] is None:
        name, relation = companion(roles.text, others)
        found += [said("co_full_name", name), said("co_relationship", relation)] if name else []
    return found


def _written(roles: Roles, country: str, not_theirs: frozenset[str]) -> tuple[Reach, Reach]:
    """The borrower wrote: the address is known, and every phone is theirs; a partner's note may add one."""
    theirs = not_theirs | {roles.email}
    own, other = reach_in(roles.text, roles.who, country=country, not_theirs=theirs, by_other=False)
    if roles.aside and not own.phone:
        own, _ = reach_in(roles.aside, roles.who, country=country, not_theirs=not_theirs, by_other=True)
    return Reach(roles.email, own.phone), other


def _written_about(roles: Roles, country: str, not_theirs: frozenset[str]) -> tuple[Reach, Reach]:
    text = f"{roles.text}\n\n{roles.aside}"
    own, other = reach_in(text, roles.who, country=country, not_theirs=not_theirs, by_other=True)
    return Reach(own.email or roles.email, own.phone), other
