"""The borrowers of a delivery run, each once, however many bundles name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.crm.base import Work
from mapping.crm.bundle import ContactRecord


@dataclass(frozen=True, slots=True)
class Job:
    """One borrower; link is the remote id we remember, look_first as in Work."""

    borrower: ContactRecord
    link: str
    look_first: bool


def jobs_of(work: Sequence[Work]) -> dict[str, Job]:
    """The borrowers of all bundles by our key, in the order of the bundles."""
    jobs: dict[str, Job] = {}
    for piece in work:
        for borrower in piece.bundle.contacts:
            job = Job(borrower, piece.links.get(("contact", borrower.key), ""), piece.look_first)
            jobs[borrower.key] = _together(jobs[borrower.key], job) if borrower.key in jobs else job
    return jobs


def _together(first: Job, then: Job) -> Job:
    """One job that leaves the record as the two would, one after the other."""
    later = {n: v for n, v in then.borrower.fields.items() if v and n in then.borrower.overwrite}
    owner = then.borrower if then.borrower.owner_from else first.borrower
    borrower = replace(
        first.borrower,
        fields=then.borrower.fields | first.borrower.fields | later,
        emails=tuple(dict.fromkeys(first.borrower.emails + then.borrower.emails)),
        phones=tuple(dict.fromkeys(first.borrower.phones + then.borrower.phones)),
        names=tuple(dict.fromkeys(first.borrower.names + then.borrower.names)),
        last_name=first.borrower.last_name or then.borrower.last_name,
        owner_email=owner.owner_email or then.borrower.owner_email,
        owner_from=owner.owner_from,
        overwrite=first.borrower.overwrite | then.borrower.overwrite,
        shared_email=first.borrower.shared_email or then.borrower.shared_email,
        formerly=tuple(dict.fromkeys(first.borrower.formerly + then.borrower.formerly)),
    )
    return Job(borrower, first.link or then.link, first.look_first or then.look_first)
