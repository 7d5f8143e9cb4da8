"""What a sender said, still in the sender's own words: the form every intake adapter hands over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

#: What a part of a submission is: somebody asks for something; something happened to what was asked before;
#: somebody takes consent back.
PartKind = Literal["inquiry", "update", "withdrawal"]

#: As Answer.field: the adapter knows that it is none of ours. It is kept and shown, and never guessed at.
UNMAPPED = "unmapped"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and what was answered.

    key is the sender's name for the field (form field name, Typeform ref), label the question as the
    visitor saw it ("" when the sender does not say), values one or more answers as text. field is the
    canonical field (mapping/canonical.py) when the adapter knows it for certain; "" leaves it to the words.
    """

    key: str
    label: str
    values: tuple[str, ...]
    field: str = ""

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
    """One inquiry, or one thing that happened to one, as its adapter read it.

    external_id is the sender's own id of the submission (the same on every redelivery), event_id the id of
    this delivery. ignored says in words why this is no inquiry at all (a test, a handshake); "" otherwise,
    and ignored_code is the stable word for it. signals are what makes it look like spam, e.g.
    "honeypot_filled".

    refs are the names under which the sender speaks of the same matter again ("application:<id>",
    "booking:<uri>", "message:<id>"): an update belongs to the inquiry that has one of them, and what becomes
    a new inquiry is remembered under all of them. sender is who wrote it, when that is not the borrower, by
    an address that was proved; distrust says in words why the sender is not who it claims to be ("" = no
    reason to doubt); distrust_code is the stable word for it, of whatever keeps a person's look necessary.
    """

    vendor: str
    items: tuple[Answer, ...]
    external_id: str = ""
    event_id: str = ""
    submitted_at: datetime | None = None
    origin: Origin = field(default_factory=Origin)
    signals: tuple[str, ...] = ()
    ignored: str = ""
    ignored_code: str = "not_an_inquiry"  # bounce, auto_reply, test_lead, handshake, ...
    kind: PartKind = "inquiry"
    refs: tuple[str, ...] = ()
    sender: str = ""
    distrust: str = ""
    distrust_code: str = "sender_authentication_failed"

    @property
    def key(self) -> str:
        """What the sender calls this part whenever it is sent again; "" when it has no name for it.

        external_id names what an update is about, and so the next update of it as well: no name for this one.
        """
        if self.kind == "inquiry":
            return self.external_id
        if self.kind == "update":
            return self.event_id
        return self.event_id or self.external_id


@dataclass(frozen=True, slots=True)
class Fetch:
    """What the sender's notice only points to, to be asked for at its API before there are answers.

    resource and id are what the adapter asks for; id was checked and may stand in an address. notice is what
    the notice itself said: it becomes part of the answers.
    """

    resource: str
    id: str
    notice: Answers

    @property
    def key(self) -> str:
        """As of answers: the sender's name for this notice."""
        return self.notice.key


Part = Answers | Fetch
