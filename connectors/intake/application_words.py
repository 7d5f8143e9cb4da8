"""What portals call the parts of an application in flat or nested JSON, when they publish no schema."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mapping.labels.vocabulary import field_for
from mapping.normalize.text import fold

#: Boxes that say nothing about what is in them.
_NEUTRAL = frozenset({
    "data", "payload", "event", "events", "event info", "info", "body", "attributes", "fields", "record",
    "object", "result", "details", "contact", "person", "application", "loan application", "loan app", "loan",
    "loan file", "file", "deal", "mortgage", "mortgage request", "mortgage application", "address",
})  # fmt: skip
#: Their "id" is the application's.
_APPLICATIONS = frozenset({
    "application", "loan application", "loan app", "loan", "loan file", "file", "deal", "mortgage",
    "mortgage application",
})  # fmt: skip
#: Whoever works at the portal or at the lender: never the borrower.
_STAFF = re.compile(r"^(?:user|created by|updated by|lender|company|branch|organi[sz]ation|team|processor)\b")
_LISTS = frozenset({"borrowers", "applicants", "co borrowers", "coborrowers", "parties", "customers"})
_WORDS: Mapping[str, str] = {
    "application_id": "application id|loan application id|loan app id|loan id|loan guid|loan file id|file id"
    "|loan uuid|application guid|application uuid|mortgage id|deal id|file guid|customer id",
    "application_ref": "loan number|application number|file number|deal number|reference number"
    "|los loan number",
    "application_status": "status|application status|loan status|file status|milestone|milestone name"
    "|current milestone|loan milestone|stage|loan stage|new status|deal status|state name",
    "application_link": "fp|firstpath id|tracking id|link id|application link|referral link|referral code"
    "|external reference|source link",
    "assigned_to": "loan officer email|loan officer name|loan officer|originator email|originator|lo email"
    "|agent email|mortgage agent email|broker email|owner email|assigned to",
    "partner_email": "referrer email|referral email|partner email|referring agent email"
    "|referral source email",
    "partner_name": "referrer|referrer name|referral source|referred by|partner name|referral source name",
    "loan_amount": "loan amount|requested loan amount|mortgage amount|base loan amount|amount requested"
    "|total loan amount|mortgage amount requested",
    "inquiry_type": "loan purpose|purpose|loan purpose type|goal|mortgage purpose|transaction type",
    "attachments": "file name|filename|document name|document file name|document title",
}
_FIELDS = {word: field for field, words in _WORDS.items() for word in words.split("|")}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PEOPLE = re.compile(r"^(?:co ?(?:borrower|applicant)|borrower|applicant|primary borrower|customer|client)$")


def application_field(key: str) -> str:
    """The canonical field of a dotted key ("event_info.borrowers.1.first_name"); "" for what is none."""
    names = _telling(key)
    if not names:
        return ""
    words = " ".join(names)
    if _STAFF.match(words):
        return ""
    found = _FIELDS.get(words) or field_for(words, "")
    # A portal's "company" is the lender's or the brokerage's own.
    return "" if found == "company" else found


def _telling(key: str) -> tuple[str, ...]:
    """The names in the key that say whose and what it is: those of boxes left out, lists as their members."""
    parts = [fold(_CAMEL.sub(" ", part)) for part in key.split(".") if part]
    told: list[str] = []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        if part.isdecimal():
            continue
        if last and part in ("id", "guid", "uuid") and place and parts[place - 1] in _APPLICATIONS:
            return ("application id",)
        if part in _LISTS and not last:
            member = int(parts[place + 1]) if parts[place + 1].isdecimal() else 0
            if member > 1:
                return ()
            told.append("co borrower" if member or part.startswith("co") else "borrower")
        elif last or part not in _NEUTRAL:
            told.append(part)
    # Deeper than "whose, what" the last name alone would be a guess ("lender.contact.name").
    return tuple(told) if len(told) <= 2 or _PEOPLE.match(told[0]) else ()
