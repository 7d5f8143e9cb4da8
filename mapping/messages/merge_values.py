"""The value of each merge field for one inquiry, safe to stand in a message that a loan officer signs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from mapping.hours.calling import calling_hours
from mapping.inquiry import Inquiry, InquiryType
from mapping.messages import merge_words as words
from mapping.messages.merge_fields import FIELDS, Missing
from mapping.messages.plain_values import plain_words
from mapping.ownership.owner import OwnerDecision
from mapping.playbook.model import Member, Playbook
from mapping.playbook.templates import WRITTEN


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that merge fields draw on. missing is in the words of the checklist."""

    inquiry: Inquiry
    owner: OwnerDecision
    playbook: Playbook
    language: str
    channel: str
    missing: tuple[str, ...] = ()

    @property
    def member(self) -> Member | None:
        """The loan officer, None when it is nobody of the team."""
        return self.playbook.member(self.owner.owner)


def merge_values(
    asked: Asked, fields: Iterable[str], leave_out: Collection[str] = ()
) -> dict[str, str | dict[str, str]]:
    """The values of these merge fields, as a template takes them; what is left out counts as not known."""
    values: dict[str, str | dict[str, str]] = {}
    for name in fields:
        value = "" if name in leave_out else _READ[name](asked)
        group, dot, key = name.partition(".")
        written = value or Missing(FIELDS[name].missing[asked.language])
        if dot:
            inner = values.setdefault(group, {})
            if isinstance(inner, dict):
                inner[key] = written
        else:
            values[group] = written
    return values


def _first_name(asked: Asked) -> str:
    return plain_words(asked.inquiry.borrower.first_name)


def _greeting(asked: Asked) -> str:
    name = _first_name(asked)
    return f"{words.GREETINGS[asked.language]} {name}" if name else ""


def _owner_phone(asked: Asked) -> str:
    return asked.playbook.brokerage.phone


def _owner_licence(asked: Asked) -> str:
    """The number where the property is; with the place unknown, every number there is."""
    if asked.member is None:
        return ""
    licences, state = asked.member.licences, asked.inquiry.property.state
    numbers = [licences[state]] if state in licences else list(licences.values())
    nmls = [f"NMLS {asked.member.nmls}"] if asked.member.nmls else []
    return ", ".join((*nmls, *(one.number for one in numbers)))


def _place(asked: Asked) -> str:
    home = asked.inquiry.property
    return ", ".join(part for part in (plain_words(home.city), home.state) if part)


def _missing(asked: Asked, *, inline: bool = False) -> tuple[str, ...]:
    """In the borrower's language where the playbook or we know the words; inside a sentence when inline."""
    told = asked.playbook.document_names.get(asked.language, {})
    labels = (told.get(label) or _asked_in(label, asked.language) for label in asked.missing)
    return tuple(map(_uncapitalised, labels) if inline else labels)


def _uncapitalised(label: str) -> str:
    """ "Photo ID" is "photo ID" inside a sentence; "W-2 forms" stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _asked_in(label: str, language: str) -> str:
    translated = words.ASKED.get(label)
    if language == "en" or translated is None:
        return label
    return translated[0] if language == "es" else translated[1]


def _missing_list(asked: Asked) -> str:
    return "\n".join(f"- {one}" for one in _missing(asked))


def _meeting_time(asked: Asked) -> str:
    meeting = asked.inquiry.meeting
    if meeting is None or meeting.start is None:
        return ""
    zone = calling_hours(asked.inquiry, country=asked.playbook.country)[0].zone
    return words.moment_in(meeting.start.astimezone(ZoneInfo(zone)), asked.language)


def _renewal_date(asked: Asked) -> str:
    day = asked.inquiry.timeframe_date if asked.inquiry.type is InquiryType.RENEWAL else None
    return words.date_in(day, asked.language) if day else ""


def _partner(asked: Asked) -> str:
    return plain_words(asked.inquiry.partner.full_name) if asked.inquiry.partner else ""


def _opt_out(asked: Asked) -> str:
    return words.OPT_OUT["email" if asked.channel in WRITTEN else "text"][asked.language]


def _signature(asked: Asked) -> str:
    brokerage, licence = asked.playbook.brokerage, _owner_licence(asked)
    name = asked.member.name if asked.member else ""
    lines = (
        f"{name} ({licence})" if name and licence else name,
        f"{brokerage.name} ({brokerage.licence})",
        brokerage.phone,
        brokerage.address,
        words.OPT_OUT["email"][asked.language],
    )
    return "\n".join(filter(None, lines))


_READ: Mapping[str, Callable[[Asked], str]] = MappingProxyType(
    {
        "greeting": _greeting,
        "borrower.first_name": _first_name,
        "borrower.last_name": lambda asked: plain_words(asked.inquiry.borrower.last_name),
        "borrower.full_name": lambda asked: plain_words(asked.inquiry.borrower.full_name),
        "owner.name": lambda asked: asked.member.name if asked.member else "",
        "owner.first_name": lambda asked: asked.member.name.partition(" ")[0] if asked.member else "",
        "owner.email": lambda asked: asked.member.email if asked.member else "",
        "owner.phone": _owner_phone,
        "owner.licence": _owner_licence,
        "brokerage.name": lambda asked: asked.playbook.brokerage.name,
        "brokerage.licence": lambda asked: asked.playbook.brokerage.licence,
        "brokerage.address": lambda asked: asked.playbook.brokerage.address,
        "brokerage.phone": lambda asked: asked.playbook.brokerage.phone,
        "link.apply": lambda asked: asked.playbook.brokerage.apply_link,
        "link.documents": lambda asked: asked.playbook.brokerage.documents_link,
        "link.booking": lambda asked: asked.playbook.brokerage.booking_link,
        "signature": _signature,
        "opt_out": _opt_out,
        "need": lambda asked: words.need_in(asked.inquiry.type, asked.language),
        "property.city": lambda asked: plain_words(asked.inquiry.property.city),
        "property.place": _place,
        "loan.amount": lambda asked: words.amount_in(asked.inquiry.loan.amount, asked.language),
        "missing": lambda asked: words.joined(_missing(asked, inline=True), asked.language),
        "missing_list": _missing_list,
        "meeting.time": _meeting_time,
        "renewal.date": _renewal_date,
        "partner.name": _partner,
    }
)
