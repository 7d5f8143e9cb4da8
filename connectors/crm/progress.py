"""What one delivery run has reached so far, record by record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from connectors.crm.base import Action, CrmError, Outcome, Receipt, RecordKind, Work

_Name = tuple[RecordKind, str]


class Progress:
    """Outcomes as they become known; kept when a later call fails, so that no remote id is ever lost."""

    def __init__(self) -> None:
        self._outcomes: dict[_Name, Outcome] = {}
        self._told: set[_Name] = set()

    def done(
        self,
        kind: RecordKind,
        key: str,
        remote_id: str,
        action: Action,
        note: str = "",
        review: str = "",
        opted_out: tuple[str, ...] = (),
    ) -> None:
        """The record stands in the CRM; review is what a person should look at all the same."""
        self._outcomes[kind, key] = Outcome(
            kind, key, remote_id, action, note=note, review=review, opted_out=opted_out
        )

    def review(self, kind: RecordKind, key: str, sentence: str) -> None:
        """A person should look at this, too, on a record that was delivered."""
        outcome = self._outcomes.get((kind, key))
        if outcome is not None and outcome.error is None:
            said = " ".join(filter(None, (outcome.review, sentence)))
            self._outcomes[kind, key] = replace(outcome, review=said)

    def failed(self, kind: RecordKind, key: str, error: CrmError) -> None:
        """The record could not be brought over."""
        self._outcomes[kind, key] = Outcome(kind, key, error=error)

    def remote_id(self, kind: RecordKind, key: str) -> str:
        """The record's id in the CRM, "" unless it was delivered."""
        outcome = self._outcomes.get((kind, key))
        return outcome.remote_id if outcome is not None and outcome.error is None else ""

    def settled(self, kind: RecordKind, key: str) -> bool:
        """Whether this run already has an answer for the record."""
        return (kind, key) in self._outcomes

    def contact_ids(self, work: Work) -> tuple[str, ...]:
        """The ids of the bundle's contacts without repeats; () unless every one of them was delivered."""
        ids = [self.remote_id("contact", contact.key) for contact in work.bundle.contacts]
        return tuple(dict.fromkeys(ids)) if all(ids) else ()

    def receipt(self, work: Work, halted: CrmError | None) -> Receipt:
        """The bundle's outcomes; halted is why whatever has none was not reached.

        A failed contact leaves its deal and tasks without an outcome, a failed deal its tasks.
        """
        outcomes: list[Outcome] = []
        for step in _steps(work):
            outcomes += [outcome for name in step if (outcome := self._outcome(name, halted)) is not None]
            if any(outcome.error is not None for outcome in outcomes):
                break
        return Receipt(work.bundle.key, tuple(outcomes))

    def _outcome(self, name: _Name, halted: CrmError | None) -> Outcome | None:
        outcome = self._outcomes.get(name)
        if outcome is None:
            return Outcome(name[0], name[1], error=halted) if halted is not None else None
        if name in self._told and outcome.error is None:
            # The same borrower in a second bundle of this run was handled once.
            return replace(outcome, action="unchanged", note="", review="")
        self._told.add(name)
        return outcome


def _steps(work: Work) -> Iterator[list[_Name]]:
    bundle = work.bundle
    yield list(dict.fromkeys(("contact", contact.key) for contact in bundle.contacts))
    yield [("deal", bundle.deal.key)] if bundle.deal is not None else []
    yield [("task", key) for key in (*(task.key for task in bundle.tasks), *bundle.closed)]
