"""What was said about a channel over time, and what of it holds: the strictest, until a person lifts it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mapping.consent.agreed import CHANNELS
from mapping.inquiry import Consent


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the record about a person: kind is said (on a form), withdrawn or lifted; at is aware.

    channels maps those it is about to yes or no. A withdrawal's are no; what a person lifted is a yes.
    """

    at: datetime
    kind: str
    channels: Mapping[str, bool]


def standing(record: Iterable[Said]) -> Mapping[str, str]:
    """Which channels are closed after all of it, and how: refused or opted_out.

    The most restrictive word wins: a yes on a form opens nothing again. Only what a person lifted does, and
    only for what was said before; at one instant the no counts.
    """
    closed: dict[str, str] = {}
    for line in sorted(record, key=lambda line: (line.at, line.kind != "lifted")):
        for name, answer in line.channels.items():
            if line.kind == "lifted":
                closed.pop(name, None)
            elif line.kind == "withdrawn":
                closed[name] = "opted_out"
            elif not answer:
                closed.setdefault(name, "refused")
    return closed


def after_lifting(record: Iterable[Said], channel: str) -> bool | None:
    """What stands on a channel that a person has just opened: the newest yes or no since it was closed.

    None when nothing was said since: nobody may be taken to agree because an opt-out is gone.
    """
    answer: bool | None = None
    for line in sorted(record, key=lambda line: (line.at, line.kind == "withdrawn")):
        if channel in line.channels and line.kind != "lifted":
            answer = line.channels[channel] if line.kind == "said" and line.channels[channel] else None
    return answer


def given_again(said: Consent, closed: Collection[str]) -> tuple[str, ...]:
    """The channels that are closed and that somebody agreed to all the same: a person has to look."""
    return tuple(name for name in CHANNELS if name in closed and getattr(said, name) is True)
