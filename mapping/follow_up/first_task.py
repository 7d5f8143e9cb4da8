"""What happens first with an inquiry: which task, by which channel, due when, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from mapping.facts import SOURCES, Facts, is_known
from mapping.follow_up.task_text import task_body, task_subject, wall_clock
from mapping.hours.business import BusinessHours, WorkingHours
from mapping.hours.calling import CallingHours, calling_hours
from mapping.hours.windows import Hours, after_open, is_open, next_open
from mapping.inquiry import Contact, Inquiry
from mapping.messages.filling import message_lines
from mapping.ownership.gates import waits_for_owner
from mapping.ownership.owner import OwnerDecision
from mapping.playbook.model import AS_PREFERRED, FirstTouch, Playbook

MEETING = "meeting"  # a first task that has a date of its own
CALLED = frozenset({"call", "text"})  # channels that the calling hours govern
#: Why nobody is told to call or write: it waits in the queue.
ONLY_LICENSED = "Only a licensed loan officer may act."
_GONE = ("canceled", "cancelled", "no_show")
_NEAREST = {
    "call": ("text", "email"),
    "text": ("email", "call"),
    "email": ("text", "call"),
    "document_request": ("text", "call"),  # it is written as an email
}
_ENDED = "the consent that the inquiry implied has ended"
_BY_PREFERENCE = {Contact.PHONE: "call", Contact.SMS: "text", Contact.EMAIL: "email"}


@dataclass(frozen=True, slots=True)
class PlannedFollowUp:
    """A dated task. channel: call, text, email, document_request, review; priority: LOW, MEDIUM, HIGH.

    due_from is when the CRMs were told that it is due, None when they were not told of it yet; body_from what
    it said then, "" where it says the same. owner is the
    email of whoever stands in for the inquiry's owner ("" = nobody does), owner_from of whom the CRMs were
    told to have it, where that is somebody else.
    """

    purpose: str
    channel: str
    due_at: datetime  # UTC
    subject: str
    body: str
    priority: str
    reason: str
    due_from: datetime | None = None
    owner: str = ""
    owner_from: str = ""
    body_from: str = ""


def plan_first_touch(
    inquiry: Inquiry, decision: OwnerDecision, playbook: Playbook, *, now: datetime, returning: bool
) -> PlannedFollowUp:
    """Plan the first task for an inquiry; returning says that the borrower was known before.

    A call or text is due inside both the owner's business hours and the borrower's legal calling hours,
    anything else inside business hours, never before now. When nobody may act, the task is to find somebody.
    A meeting that is booked is its own date: the borrower chose it.
    """
    rule = next(rule for rule in playbook.follow_up if _matches(rule, inquiry))
    held = decision.method == "held" or waits_for_owner(decision.owner, inquiry, playbook)
    begins = None if held else _booked(inquiry, now)
    if begins:
        return _plan_meeting(inquiry, decision, playbook, rule.priority, begins)
    channel, why_channel = ("review", ONLY_LICENSED) if held else choose_channel(inquiry, rule)
    business = _business(decision, playbook)
    legal = (
        calling_hours(inquiry, country=playbook.country, house=playbook.calling) if channel in CALLED else ()
    )
    wish = max(_wish(inquiry.received_at.astimezone(UTC), rule, business), now.astimezone(UTC))
    due, why_due = _due(wish, business, legal, rule.minutes, working=rule.working_time)
    reason = " ".join(filter(None, (why_channel, why_due)))
    missing = missing_information(inquiry, playbook)
    message = message_lines(playbook, inquiry, decision, missing, channel=channel, purpose=rule.purpose)
    return PlannedFollowUp(
        purpose="assign_owner" if held else rule.purpose,
        channel=channel,
        due_at=due,
        subject=task_subject(inquiry, channel, held=held, returning=returning),
        body=task_body(inquiry, decision, missing, legal, due, business.zone, reason, message),
        priority=rule.priority,
        reason=reason,
    )


def _wish(received: datetime, rule: FirstTouch, business: Hours) -> datetime:
    """When the rule wants it done, by the clock or by the owner's working time."""
    span = timedelta(minutes=rule.minutes)
    worked = after_open((business,), received, span) if rule.working_time else None
    return worked or received + span


def _booked(inquiry: Inquiry, now: datetime) -> datetime | None:
    """When the meeting begins that the borrower booked, if it stands and is still to come."""
    meeting = inquiry.meeting
    if meeting is None or meeting.start is None or meeting.status in _GONE or meeting.start <= now:
        return None
    return meeting.start.astimezone(UTC)


def _plan_meeting(
    inquiry: Inquiry, decision: OwnerDecision, playbook: Playbook, priority: str, begins: datetime
) -> PlannedFollowUp:
    reason, zone = "Due when the meeting begins.", _business(decision, playbook).zone
    missing = missing_information(inquiry, playbook)
    message = message_lines(
        playbook, inquiry, decision, missing, channel=reminder_channel(inquiry), purpose=MEETING
    )
    return PlannedFollowUp(
        purpose=MEETING,
        channel="call",
        due_at=begins,
        subject=f"Meet {inquiry.borrower.full_name or 'the borrower'}",
        body=task_body(inquiry, decision, missing, (), begins, zone, reason, message),
        priority=priority,
        reason=reason,
    )


def reminder_channel(inquiry: Inquiry) -> str:
    """How a borrower may be reminded of a meeting: a text to whoever agreed to texts, else what is open."""
    return open_channel(inquiry, "text")[0]


def in_hours(
    inquiry: Inquiry,
    decision: OwnerDecision,
    playbook: Playbook,
    wish: datetime,
    minutes: int,
    *,
    legal: bool,
) -> tuple[datetime, str]:
    """The first moment from the wish (UTC) on when the owner works, and with legal when calls are allowed;
    and why it is that one. minutes is what the wish lies after its occasion, for the words."""
    calling = calling_hours(inquiry, country=playbook.country, house=playbook.calling) if legal else ()
    return _due(wish, _business(decision, playbook), calling, minutes)


def missing_information(inquiry: Inquiry, playbook: Playbook) -> tuple[str, ...]:
    """What the checklist of this inquiry type expects and nobody said, in words, in the checklist's order."""
    facts = Facts(inquiry, inquiry.borrower)
    expected = playbook.checklists.get(inquiry.type, ())
    return tuple(SOURCES[name].label for name in expected if not is_known(name, facts))


def channel_for(
    inquiry: Inquiry, rule: FirstTouch, decision: OwnerDecision, playbook: Playbook
) -> tuple[str, str]:
    """choose_channel(), but whoever only keeps an inquiry until somebody may act reviews it."""
    if waits_for_owner(decision.owner, inquiry, playbook):
        return "review", ONLY_LICENSED
    return choose_channel(inquiry, rule)


def choose_channel(inquiry: Inquiry, rule: FirstTouch) -> tuple[str, str]:
    """The channel that the rule or the borrower wants, or the next one that is permitted; and why it changed.

    A refusal closes a channel; a text also needs consent or the borrower's own wish, because an unknown
    consent allows no text (47 CFR 64.1200).
    """
    wanted = rule.channel
    if wanted == AS_PREFERRED:
        wanted = _BY_PREFERENCE.get(inquiry.preferred_contact or Contact.ANY, "call")
    if wanted not in _NEAREST:
        return wanted, ""
    why_not = _closed(inquiry, wanted)
    if not why_not:
        return wanted, ""
    for other in ("call", "email", "text"):
        if other != wanted and not _closed(inquiry, other):
            return other, _changed(wanted, other, why_not)
    return "review", f"Nobody may call, text or email: {why_not}, and no other way is open."


def open_channel(inquiry: Inquiry, wanted: str, ended: Collection[str] = ()) -> tuple[str, str]:
    """The wanted channel ("preferred" is the borrower's), or the one nearest to it that is open, and why it
    changed; "" when none is. What is no way to the borrower, such as a review, is always open.

    ended are channels over which the consent that the inquiry implied has ended.
    """
    if wanted == AS_PREFERRED:
        wanted = _BY_PREFERENCE.get(inquiry.preferred_contact or Contact.ANY, "call")
    if wanted not in _NEAREST:
        return wanted, ""
    why_not = _closed(inquiry, wanted) or (_ENDED if wanted in ended else "")
    if not why_not:
        return wanted, ""
    nearest = (one for one in _NEAREST[wanted] if one not in ended and not _closed(inquiry, one))
    other = next(nearest, "")
    return other, _changed(wanted, other, why_not) if other else ""


def _changed(wanted: str, other: str, why_not: str) -> str:
    return f"Changed from {wanted.replace('_', ' ')} to {other}: {why_not}."


def _business(decision: OwnerDecision, playbook: Playbook) -> BusinessHours | WorkingHours:
    member = playbook.member(decision.owner)
    return member.works if member is not None else playbook.hours


def _closed(inquiry: Inquiry, channel: str) -> str:
    """Why the channel may not be used, "" when it may."""
    person, consent = inquiry.borrower, inquiry.consent
    if channel in ("email", "document_request"):
        return "no email address" if not person.email else _refused(consent.email, "email")
    if not person.phone:
        return "no phone number"
    if channel == "call":
        return _refused(consent.phone, "calls")
    if consent.sms is None and inquiry.preferred_contact is not Contact.SMS:
        return "no consent to texts on record"
    return _refused(consent.sms, "texts")


def _refused(answer: bool | None, what: str) -> str:
    return f"the borrower refused {what}" if answer is False else ""


def _due(
    wish: datetime,
    business: BusinessHours | WorkingHours,
    legal: Sequence[CallingHours],
    minutes: int,
    *,
    working: bool = False,
) -> tuple[datetime, str]:
    """The first minute from the wish on that is inside all hours, and why it is not the wish itself."""
    everything: tuple[Hours, ...] = (business, *legal)
    due = next_open(everything, wish)
    if due == wish:
        return due, f"Due {minutes}{' working' if working else ''} minutes after it arrived."
    if due is not None:
        shut = [one.label for one in everything if _shut(one, wish) or _shut(one, due - timedelta(minutes=1))]
        whose = ", ".join(dict.fromkeys(shut))
        clock = wall_clock(due, business.zone)
        away = _away(business, wish)
        return due, f"Moved to {clock}: before that it is outside the hours of {whose}.{away}"
    if legal:
        # The law outranks the office: hours that never meet must not turn into a call at night.
        lawful = next_open(legal, wish)
        if lawful is not None:
            return lawful, f"{_never_meet(business, wish)}; the law decided."
        # Half a world between property and phone: no hour is lawful in both, so that of the phone counts.
        nearest = legal[-1]
        return (
            next_open([nearest], wish) or wish,
            f"The places named share no lawful hour: that of {nearest.label} counts. Ask when to call.",
        )
    return wish, f"The hours of {business.label} are closed for weeks: due at once, please assign a deputy."


def _never_meet(business: BusinessHours | WorkingHours, wish: datetime) -> str:
    """Why the owner cannot call in weeks: away for so long, or at work only when nobody may be called."""
    if next_open((business,), wish) is None:
        return f"The hours of {business.label} are closed for weeks, please assign a deputy"
    return f"The hours of {business.label} and the legal calling hours do not meet"


def _away(business: BusinessHours | WorkingHours, wish: datetime) -> str:
    """Until when the owner is away, and that somebody else may have to step in."""
    until = business.away_until(wish.astimezone(ZoneInfo(business.zone)).date())
    if until is None:
        return ""
    return f" {business.label} is away until {until:%a %d %b}: hand it to somebody else if it cannot wait."


def _shut(hours: Hours, moment: datetime) -> bool:
    return not is_open(hours, moment)


def _matches(rule: FirstTouch, inquiry: Inquiry) -> bool:
    if rule.types and inquiry.type not in rule.types:
        return False
    return not rule.preferred or inquiry.preferred_contact in rule.preferred
