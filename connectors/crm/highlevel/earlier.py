"""A borrower whom an earlier inquiry brought over: what this inquiry says that the earlier one did not.

What was brought over once stands in HighLevel, or a person has changed it there, which stays: neither has to
be read again. Only what is new may have to be written.
"""

from __future__ import annotations

from dataclasses import dataclass

from connectors.crm.highlevel.contact_writing import Job
from connectors.crm.highlevel.optouts import OPT_OUT_FIELDS, withdrawn
from connectors.crm.highlevel.records import ONLY_AT_CREATION, Contact
from connectors.crm.highlevel.starting import CO_BORROWER_TAG, tag_of
from mapping.crm.bundle import Bundle, ContactRecord

#: What decides who somebody is, or may not be lowered, is compared with what stands there first.
_TO_BE_READ = frozenset({"email", "phone", *OPT_OUT_FIELDS}) | ONLY_AT_CREATION


@dataclass(frozen=True, slots=True)
class News:
    """What is new about a borrower, and whether it may be written without having seen their contact."""

    values: dict[str, str]
    blindly: bool


def news(job: Job) -> News | None:
    """What is new about the borrower of a job since the earlier delivery; None where that has to be read.

    It has to be after a failed attempt, which may have left anything; when an owner was found only now, who
    is written where there is none, or replaces the one before; and when the borrower says no, also if they
    said so before.
    """
    now, before = job.borrower, _in(job.earlier, job.borrower.key)
    if before is None or not job.link or job.look_first:
        return None
    owned_now = bool(now.owner_from or (now.owner_email and not before.owner_email))
    if owned_now or now.shared_email != before.shared_email or withdrawn(now.fields):
        return None
    values = {name: value for name, value in now.fields.items() if before.fields.get(name) != value}
    return News(values, blindly=values.keys() <= now.overwrite - _TO_BE_READ)


def unseen(job: Job) -> Contact:
    """The contact as the earlier delivery left it, with its tags; what people changed since is not in it."""
    tags = set(map(tag_of, job.earlier.tags)) if job.earlier is not None else set()
    if job.earlier is not None and job.earlier.contacts[0].key != job.borrower.key:
        tags.add(CO_BORROWER_TAG)
    return Contact(job.link, dict(job.borrower.fields), tags=frozenset(tags))


def _in(bundle: Bundle | None, key: str) -> ContactRecord | None:
    contacts = bundle.contacts if bundle is not None else ()
    return next((contact for contact in contacts if contact.key == key), None)
