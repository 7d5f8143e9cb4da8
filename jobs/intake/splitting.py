"""A submission that holds several inquiries becomes one submission for each; pointers are told apart too."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from jobs.intake.accepting import content_of, external_key, takes_back
from jobs.intake.reading import PART, write_part
from jobs.ledger import submission_states, submissions
from jobs.ledger.submissions import Submission
from jobs.services import Services
from mapping.answers import Fetch, Part


def split(services: Services, submission: Submission, parts: Sequence[Part]) -> None:
    """Store every part that is new as a submission of its own; all of them or none, and only once.

    A part that the sender named and that is known already (the same lead in another call) is left out.
    """
    with services.ledger.write() as connection:
        reason = f"It holds {len(parts)} parts; each became a submission of its own."
        if not submission_states.settle(connection, submission.id, "split", code="split", reason=reason):
            return
        stored = [_store(services, connection, submission, number, part) for number, part in enumerate(parts)]
    for id_, state in stored:
        services.bell.ring("process" if state == "received" else "fetch", id_)


def await_fetch(services: Services, submission: Submission, order: Fetch) -> None:
    """The submission is a pointer: from now on its vendor's API is asked (jobs/intake/fetching.py)."""
    with services.ledger.write() as connection:
        submission_states.become(
            connection, services.sealer, submission.id, PART, write_part(order), "fetching"
        )
    services.bell.ring("fetch", submission.id)


def _store(
    services: Services, connection: Connection, whole: Submission, number: int, part: Part
) -> tuple[str, str]:
    state = "fetching" if isinstance(part, Fetch) else "received"
    # A part's name is the sender's for the inquiry, wherever it is said; without one, its place in the whole.
    name = external_key(whole.path, [part]) or f"{whole.id}\x00{number}"
    arrival = submissions.sealed(
        services.sealer,
        Submission(
            id=services.new_id(),
            path=whole.path,
            received_at=whole.received_at,
            content_type=PART,
            body=write_part(part),
            request=whole.request,
            state=state,
            parent_id=whole.id,
            lane=whole.lane if whole.lane == "backfill" or takes_back(part) else "live",
        ),
        external_key=services.sealer.lookup("part", name),
        content_hash=services.sealer.lookup("content", content_of([part])),
    )
    known = submissions.find_repeat(services.ledger, connection, arrival)
    if known is not None:
        return known.id, "known"
    submissions.add(connection, arrival)
    return arrival.submission.id, state
