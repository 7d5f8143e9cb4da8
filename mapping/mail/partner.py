"""Who referred the borrower: the proved sender, or a colleague of theirs whom the text names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mapping.answers import UNMAPPED, Answer
from mapping.mail.letter import Letter, Person
from mapping.mail.roles import Ours, partner_name
from mapping.mail.said import said, unsaid
from mapping.mail.signature import Signed
from mapping.mail.trust import aligned


def partner_of(sender: Person, found: list[Answer], parted: Signed) -> list[Answer]:
    """Answers about the partner to add to those found; parted is what the sender signed with.

    Somebody of another house did not write this and so cannot be credited: that stays in the note, and is
    marked so in found.
    """
    written = next((item.text for item in found if item.field == "partner_email"), "")
    if written and aligned(Person("", written.lower()).domain, sender.domain):
        return []
    if written:
        found[:] = [_uncredited(item) for item in found]
    name, company = partner_name(sender, parted)
    fields = (
        ("partner_name", name),
        ("partner_company", company),
        ("partner_email", sender.address),
        ("partner_phone", parted.phone),
    )
    return unsaid([said(field, value) for field, value in fields if value], found)


def officers(found: Sequence[Answer], ours: Ours) -> list[Answer]:
    """The answers with an advisor of our own house as the loan officer, who is no partner."""
    if not any(item.field == "partner_email" and ours.has(Person("", item.text.lower())) for item in found):
        return list(found)
    return [
        replace(item, field="assigned_to") if item.field == "partner_email" else _uncredited(item)
        for item in found
    ]


def foreign_reply_to(letter: Letter, found: Sequence[Answer], ours: Ours) -> str:
    """Why the address that answers would go to makes the mail suspicious; "" when it does not."""
    theirs = {item.text.lower() for item in found if item.field in ("email", "co_email")}
    for one in letter.reply_to:
        foreign = one.address and not aligned(one.domain, letter.sender.domain)
        if foreign and one.address not in theirs and not ours.has(one):
            return "Answers to this mail would go to another domain than the sender's (Reply-To)."
    return ""


def _uncredited(item: Answer) -> Answer:
    return replace(item, field=UNMAPPED) if item.field.startswith("partner_") else item
