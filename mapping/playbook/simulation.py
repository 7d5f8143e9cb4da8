"""What another playbook would change: outcomes side by side, counted, with examples. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: What is compared, in the order in which it is told.
ASPECTS = ("types", "matches", "owners", "due", "follow_ups", "fields")
#: Why an inquiry is not decided that could no longer be understood, or would look like spam.
SET_ASIDE = "set aside"
_BUCKETS = (
    (timedelta(hours=1), "less than an hour"),
    (timedelta(days=1), "less than a day"),
    (timedelta(days=7), "less than a week"),
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One planned task."""

    purpose: str
    channel: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about one inquiry under one playbook.

    verdict is in words, who is the borrower by the inquiry that opened it, or by the id of a known one;
    fields are "hubspot deal amount" → value. failed names an error that kept it from being decided.
    """

    type: str = ""
    verdict: str = ""
    who: str = ""
    owner: str = ""  # email, "" = nobody
    follow_ups: tuple[FollowUp, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    failed: str = ""

    @property
    def due_at(self) -> datetime | None:
        """When the first task is due."""
        return min((one.due_at for one in self.follow_ups), default=None)

    @property
    def touches(self) -> tuple[tuple[str, str], ...]:
        """What is planned, whenever: purpose and channel."""
        return tuple((one.purpose, one.channel) for one in self.follow_ups)


@dataclass(slots=True)
class Tally:
    """One aspect: how many inquiries differ, how ("purchase → refinance" → count), and which (ids)."""

    changed: int = 0
    how: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """What would change. examples is how many inquiry ids are kept for each aspect."""

    examples: int = 5
    replayed: int = 0
    changed: int = 0
    aspects: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in ASPECTS})
    owners: dict[str, list[int]] = field(default_factory=dict)  # email → [under active, under draft]
    failed: dict[str, Counter[str]] = field(default_factory=lambda: {"active": Counter(), "draft": Counter()})

    def add(self, inquiry_id: str, active: Outcome, draft: Outcome) -> None:
        """Count one inquiry."""
        self.replayed += 1
        for index, outcome in enumerate((active, draft)):
            if outcome.failed:
                self.failed[("active", "draft")[index]][outcome.failed] += 1
            else:
                self.owners.setdefault(outcome.owner, [0, 0])[index] += 1
        if active.failed or draft.failed:
            return
        found = list(differences(active, draft))
        self.changed += bool(found)
        for aspect, how in found:
            tally = self.aspects[aspect]
            tally.changed += 1
            tally.how.update(how)
            if len(tally.examples) < self.examples:
                tally.examples.append(inquiry_id)


def differences(active: Outcome, draft: Outcome) -> Iterator[tuple[str, list[str]]]:
    """(aspect, how it differs) for each aspect that does. No personal values."""
    if active.type != draft.type:
        yield "types", [f"{active.type} → {draft.type}"]
    if active.verdict != draft.verdict:
        yield "matches", [f"{active.verdict} → {draft.verdict}"]
    elif active.who != draft.who:
        yield "matches", [f"{active.verdict}, another borrower"]
    if active.owner != draft.owner:
        yield "owners", [f"{active.owner or 'nobody'} → {draft.owner or 'nobody'}"]
    if active.due_at != draft.due_at:
        yield "due", [_moved(active.due_at, draft.due_at)]
    if how := [*_touches(active, draft), *_moved_touches(active, draft)]:
        yield "follow_ups", how
    names = [
        name
        for name in {**active.fields, **draft.fields}
        if active.fields.get(name) != draft.fields.get(name)
    ]
    if names:
        yield "fields", names


def _moved(before: datetime | None, after: datetime | None) -> str:
    if before is None or after is None:
        return "no task any more" if before else "a task where there was none"
    span, word = abs(after - before), "later" if after > before else "earlier"
    much = next((name for most, name in _BUCKETS if span < most), "a week or more")
    return f"{much} {word}"


def _touches(active: Outcome, draft: Outcome) -> list[str]:
    if active.touches == draft.touches:
        return []
    before, after = Counter(active.touches), Counter(draft.touches)
    gone, new = before - after, after - before
    how = [f"{purpose} by {channel} removed" for purpose, channel in gone.elements()]
    how += [f"{purpose} by {channel} added" for purpose, channel in new.elements()]
    return how or ["in another order"]


def _moved_touches(active: Outcome, draft: Outcome) -> list[str]:
    """Those after the first whose time is another one."""
    before = {(one.purpose, one.channel): one.due_at for one in reversed(active.follow_ups[1:])}
    after = {(one.purpose, one.channel): one.due_at for one in reversed(draft.follow_ups[1:])}
    return [
        f"{purpose} by {channel} {_moved(due, after[purpose, channel])}"
        for (purpose, channel), due in before.items()
        if after.get((purpose, channel), due) != due
    ]
