"""What news may change on what stands in a CRM: blanks, what may be replaced, our own stage and owner."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from html import unescape

from connectors.crm.trampling import changes, moment
from mapping.crm.bundle import DealRecord


def brings_news(deal: DealRecord) -> bool:
    """Whether a deal that stands there has to be read at all: a repeat and a first delivery bring nothing."""
    return bool(deal.moves_from or deal.overwrite or deal.owner_from)


def to_write(deal: DealRecord, present: Mapping[str, str], *, ours: str = "") -> dict[str, str]:
    """The deal's fields that may be written over what stands there; ours is the property with our key."""
    return changes(deal.fields, present, deal.overwrite, ours=ours)


def moves(deal: DealRecord, left: str, reached: str, stands: str) -> bool:
    """Whether the stage is to be moved: it stands where we left it, and not where it is to go.

    All three in the CRM's own spelling; left is "" where the CRM has no such stage. A stage that a person
    chose is neither, so it stays.
    """
    return bool(deal.moves_from and left and reached) and stands == left != reached


def hands_over(left: str, to: str, stands: str) -> bool:
    """Whether the owner is to be changed: the one we gave it stands there, and is not the new one.

    All three are the CRM's ids; left is "" where the CRM does not know that owner. An owner whom a person
    chose is neither, and stays.
    """
    return bool(left and to) and stands == left != to


def due_as_left(left: datetime | None, stands: str) -> bool:
    """Whether a task is due there when we said; stands is the CRM's spelling, left None when nobody knows.

    CRMs round to seconds; a person moves a task by minutes at least.
    """
    there = moment(stands)
    return left is not None and there is not None and abs(there - left) < _ROUNDED


def words_as_left(left: str, stands: str) -> bool:
    """Whether a text stands there as we wrote it (left, "" = we did not), however the CRM breaks its lines.

    What a person added is theirs: then it stays.
    """
    return bool(left) and _words(left) == _words(stands)


def _words(text: str) -> list[str]:
    """A CRM may give a text back as HTML."""
    return unescape(_TAG.sub(" ", text)).split()


_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ROUNDED = timedelta(minutes=1)
