"""What a sender said, still in the sender's own words: the form every intake adapter hands over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and what was answered.

    key is the sender's name for the field (form field name, Typeform ref), label the question as the
    visitor saw it ("" when the sender does not say), values one or more answers as text.
    """

    key: str
    label: str
    values: tuple[str, ...]

    @property
    def text(self) -> str:
        """All values as one line."""
        return ", ".join(self.values)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and how the answers were given; every part may be unknown ("")."""

    page_url: str = ""
    referrer: str = ""
    ip: str = ""
    user_agent: str = ""
    form_id: str = ""
    form_title: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """One submission as its adapter read it.

    external_id is the sender's own id of the submission (the same on every redelivery), event_id the id of
    this delivery. ignored says in words why this is no inquiry at all (a test, a handshake); "" otherwise.
    signals are what makes it look like spam, e.g. "honeypot_filled".
    """

    vendor: str
    items: tuple[Answer, ...]
    external_id: str = ""
    event_id: str = ""
    submitted_at: datetime | None = None
    origin: Origin = field(default_factory=Origin)
    signals: tuple[str, ...] = ()
    ignored: str = ""
