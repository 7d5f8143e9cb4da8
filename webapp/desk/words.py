"""How the desk says things: labels, badges and moments."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import phonenumbers
from markupsafe import Markup, escape

from mapping.inquiry import Amount

#: Words whose label is not simply the word with spaces and a capital.
_LABELS = {
    "pre_approval": "Pre-approval",
    "in_crm": "In the CRM",
    "waiting": "On its way",
    "review_open": "Waiting for an answer",
    "review_merged": "Same person",
    "review_household": "Same household",
    "review_different": "Different people",
    "review_unknown": "Nobody knows",
    "review_unanswered": "Not answered in time",
    "retrying": "Trying again",
    "none": "No CRM",
    "sms": "Text",
    "asap": "As soon as possible",
    "1_3_months": "1–3 months",
    "3_6_months": "3–6 months",
    "6_12_months": "6–12 months",
    "over_12_months": "Over 12 months",
    "hosted_form": "Hosted form",
    "form": "Website form",
    "html-form": "Website form",
    "hosted-form": "Hosted form",
    "json": "Application",
    "malformed_json": "Malformed JSON",
    "nul_byte": "NUL byte",
    "typeform": "Typeform",
    "application-link": "Application link",
    "application-events": "Application portal",
    "canadian-mortgage-app": "Canadian Mortgage App",
    "mismo": "MISMO loan file",
    "ncino": "nCino",
    "contact_form_7": "Contact Form 7",
    "contact-form-7": "Contact Form 7",
    "fluent_forms": "Fluent Forms",
    "fluent-forms": "Fluent Forms",
    "google_forms": "Google Forms",
    "google-forms": "Google Forms",
    "gravity_forms": "Gravity Forms",
    "gravityforms": "Gravity Forms",
    "hubspot_forms": "HubSpot forms",
    "hubspot-forms": "HubSpot forms",
    "ninja_forms": "Ninja Forms",
    "ninja-forms": "Ninja Forms",
    "wpforms": "WPForms",
    "hubspot": "HubSpot",
    "salesforce": "Salesforce",
    "highlevel": "HighLevel",
    "ok": "Connected",
    "limited": "Limited by the CRM",
    "down": "Does not answer",
    "away": "Does not answer",
    "refused": "Not let in",
    "unknown_partner": "Partner not approved yet",
    "follow-up": "Follow-up",
    "captured": "Kept",
    "fetching": "Being fetched",
    "no_contact": "No contact",
    "sender_authentication_failed": "Sender not proved",
    "birth_hash": "Birth date",
    "phone_ext": "Phone extension",
    "postal_code": "Postal code",
    "notes": "Messages",
    "tags": "Asked for",
    "person": "Typed in the CRM",
    "partner": "A partner",
    "application": "An application",
}
#: What happened, as a person would say it.
_ACTIONS = {
    "inquiry.decided": "decided owner and follow-up",
    "delivery.retried": "asked for another try",
    "submission.replayed": "let it be processed again",
    "submission.discarded": "discarded it",
    "crm.resumed": "let the CRM be tried again",
    "inbox.tried": "let the inbox be tried again",
    "partner.approved": "approved the partner",
    "partner.blocked": "blocked the partner",
    "attachment.downloaded": "downloaded an attachment",
    "link.created": "made an application link",
    "link.disabled": "closed an application link",
    "inquiry.reminder": "planned a reminder",
    "inquiry.given_on": "gave it to the next one",
    "first_touch.done": "saw the first touch done",
    "first_touch.stopped": "stopped the clock of the first touch",
    "first_touch.given_up": "could give it to nobody else",
    "review.merged": "said that two are one person",
    "review.household": "said that two are of one household",
    "review.different": "said that two are different people",
    "review.unknown": "could not say whether two are one person",
    "review.unanswered": "closed a question nobody answered",
    "borrower.merged": "merged two borrowers",
    "borrower.unmerged": "separated two borrowers again",
    "alert.acknowledged": "acknowledged an alert",
    "submission.accepted": "accepted it",
    "inquiry.news": "heard news",
    "consent.withdrawn": "closed a channel",
    "follow_up.planned": "planned the next touches",
    "follow_up.called_off": "called off what no longer fits",
    "follow_up.rates_fell": "said that rates fell",
    "follow_up.stopped": "stopped the follow-up",
    "follow_up.paused": "paused the follow-up",
    "follow_up.resumed": "let the follow-up go on",
    "consent.lifted": "opened a channel again",
    "path.changed": "changed the path",
    "path.brought_over": "brought over what was shown in shadow",
}
#: CSS tone of each state: good, busy, bad or quiet.
_TONES = {
    "in_crm": "good", "delivered": "good", "live": "good", "processed": "good", "ok": "good",
    "created": "good", "updated": "good",
    "adopted": "good", "funded": "good", "done": "good",
    "waiting": "busy", "retrying": "busy", "limited": "busy", "planned": "busy", "new": "busy",
    "review_open": "busy", "review_merged": "good",
    "shadow": "busy", "running": "good", "received": "busy", "fetching": "busy",
    "failed": "bad", "dead": "bad", "rejected": "bad", "paused": "bad", "quarantined": "bad", "spam": "bad",
    "opted_out": "bad", "down": "bad", "away": "bad", "refused": "bad", "blocked": "bad", "approved": "good",
}  # fmt: skip


def label(word: object) -> str:
    """A code word as people read it: "second_mortgage" → "Second mortgage"."""
    text = str(word)
    return _LABELS.get(text, text.replace("_", " ").capitalize())


def tone(state: object) -> str:
    """Which of the four badge tones a state has."""
    return _TONES.get(str(state), "quiet")


def action(name: str) -> str:
    """An audit action in words."""
    return _ACTIONS.get(name, label(name.replace(".", " ")).lower())


def money(amount: Amount) -> str:
    """An amount or a range, e.g. "350,000" or "350,000 – 400,000"; "" when nothing was said."""
    if amount.value is not None:
        return _number(amount.value)
    if amount.low is not None and amount.high is not None:
        return f"{_number(amount.low)} – {_number(amount.high)}"
    if amount.low is not None:
        return f"over {_number(amount.low)}"
    return f"up to {_number(amount.high)}" if amount.high is not None else ""


def _number(value: Decimal) -> str:
    return f"{value:,.2f}".removesuffix(".00")


def relative(moment: datetime, now: datetime) -> str:
    """How long ago or ahead: "just now", "5 min ago", "in 3 h", "2 days ago"."""
    away = abs(now - moment)
    if away < timedelta(minutes=1):
        return "just now" if moment <= now else "in a moment"
    if away < timedelta(hours=1):
        words = f"{int(away.total_seconds() // 60)} min"
    elif away < timedelta(days=1):
        words = f"{int(away.total_seconds() // 3600)} h"
    else:
        words = f"{away.days} day{'s' if away.days > 1 else ''}"
    return f"in {words}" if moment > now else f"{words} ago"


def absolute(moment: datetime, zone: ZoneInfo) -> str:
    """The wall time, e.g. "Sat 21 Nov 2026, 3:10 PM CST"."""
    local = moment.astimezone(zone)
    clock = local.strftime("%I:%M %p %Z").lstrip("0")
    return f"{local:%a} {local.day} {local:%b %Y}, {clock}"


def short_time_tag(moment: datetime | None, now: datetime, zone: ZoneInfo) -> Markup:
    """As time_tag for tables: the wall time without year and zone, in full when pointed at."""
    if moment is None:
        return Markup('<span class="quiet">–</span>')
    local = moment.astimezone(zone)
    short = f"{local.day} {local:%b}, {local.strftime('%I:%M %p').lstrip('0')}"
    return Markup(
        '<time datetime="{}" title="{}"><span class="relative">{}</span> '
        '<span class="absolute">{}</span></time>'
    ).format(moment.isoformat(timespec="seconds"), absolute(moment, zone), relative(moment, now), short)


def phone(number: str) -> str:
    """An E.164 number as people write it, e.g. "+1 415-555-0129"."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def time_tag(moment: datetime | None, now: datetime, zone: ZoneInfo) -> Markup:
    """A <time> element with both; a dash when there is no moment."""
    if moment is None:
        return Markup('<span class="quiet">–</span>')
    return Markup(
        '<time datetime="{}"><span class="relative">{}</span> <span class="absolute">{}</span></time>'
    ).format(moment.isoformat(timespec="seconds"), relative(moment, now), absolute(moment, zone))


def badge(state: object) -> Markup:
    """A state as a small coloured label; the colour never says it alone."""
    return Markup('<span class="state state-{}">{}</span>').format(escape(tone(state)), label(state))
