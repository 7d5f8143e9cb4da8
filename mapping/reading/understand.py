"""From the sender's answers to one canonical inquiry: mapped, normalised, classified, nothing invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mapping.answers import Answer, Answers
from mapping.canonical import CANONICAL_FIELDS
from mapping.consent.agreed import CHANNELS, read_consent
from mapping.inquiry import Consent, Inquiry
from mapping.labels.vocabulary import field_for
from mapping.reading.application import read_application
from mapping.reading.appointments import read_call, read_meeting
from mapping.reading.attribution import query_of, read_attribution
from mapping.reading.choices import read_credit_band, read_employment, read_preferred_contact
from mapping.reading.classify import Categories
from mapping.reading.language import DEFAULT, language_of, read_language
from mapping.reading.locales import Locale
from mapping.reading.need import read_loan, read_need, read_property, read_when
from mapping.reading.parties import read_parties, read_partner
from mapping.reading.sent import read_sent
from mapping.reading.sheet import Sheet

__all__ = ["CANONICAL_FIELDS", "Locale", "PathRules", "suggest", "understand"]

# A default cannot stand for what only the person themself can say.
NEVER_DEFAULTED = frozenset(
    name for name in CANONICAL_FIELDS if name.startswith(("consent", "certificate", "lead_id"))
)
_MANY = frozenset(("consent", "message", "ignore"))


@dataclass(frozen=True, slots=True)
class PathRules:
    """How one intake path reads its form.

    fields maps the sender's key or label (case does not matter) to a canonical field, "" or "ignore" to drop
    the answer; defaults gives canonical fields a value when they were not answered (never consent); values
    says what an answer to a canonical field means; categories are the brokerage's words for inquiry types.
    """

    name: str
    fields: Mapping[str, str]
    defaults: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    categories: Categories = ()


def understand(answers: Answers, rules: PathRules, locale: Locale, *, received_at: datetime) -> Inquiry:
    """The inquiry that one submission makes.

    The path's own mapping decides first, the vocabulary of common keys and labels after it. An answer that
    nobody mapped, or that could not be read, is kept in unmapped; doubts are raised as flags. Never raises
    for anything an answer says.
    """
    defaults = {name: value for name, value in rules.defaults.items() if name not in NEVER_DEFAULTED}
    sheet = Sheet(answers.items, rules.fields, defaults, rules.values)
    page_url = sheet.text("page_url") or answers.origin.page_url
    sent = read_sent(sheet, locale, known=answers.submitted_at, received_at=received_at)
    answers = replace(answers, submitted_at=sent, origin=replace(answers.origin, page_url=page_url))
    inquiry = replace(
        _asked(sheet, answers, rules, locale, received_at),
        credit_band=sheet.read("credit_band", read_credit_band),
        preferred_contact=sheet.read("preferred_contact", read_preferred_contact),
        preferred_time=sheet.text("preferred_time"),
        assigned_to=sheet.text("assigned_to") or _officer_in_link(page_url),
        consent=_consent(sheet, answers, received_at),
        attribution=read_attribution(sheet, answers.origin),
        employment=sheet.read("employment", read_employment) or "",
        application=read_application(sheet),
        meeting=read_meeting(sheet, locale),
        call=read_call(sheet),
        attachments=tuple(value for answer in sheet.answers("attachments") for value in answer.values),
        refs=answers.refs,
        external_id=answers.external_id or sheet.text("external_id"),
        event_id=answers.event_id,
        submitted_at=answers.submitted_at,
    )
    # Last: only now is it known what nobody read.
    return replace(inquiry, unmapped=sheet.unmapped(), flags=tuple(sheet.flags))


def suggest(items: Sequence[Answer]) -> Mapping[str, str]:
    """Sender's key -> canonical field, where key or label leave no doubt; others are left out.

    When two answers claim the same field, only the first is suggested; consent and message may have several.
    """
    suggested: dict[str, str] = {}
    for item in items:
        name = field_for(item.key, item.label)
        if name and (name not in suggested.values() or name in _MANY):
            suggested.setdefault(item.key, name)
    return suggested


def _asked(
    sheet: Sheet, answers: Answers, rules: PathRules, locale: Locale, received_at: datetime
) -> Inquiry:
    """Who asks for what."""
    borrower, co_borrower = read_parties(sheet, locale.country)
    kind, reason, message = read_need(sheet, answers.origin.form_title, rules.categories)
    home = read_property(sheet, borrower, locale)
    timeframe, timeframe_date = read_when(sheet, locale, received_at)
    return Inquiry(
        source=answers.vendor,
        path=rules.name,
        received_at=received_at,
        borrower=borrower,
        co_borrower=co_borrower,
        partner=read_partner(sheet, locale.country),
        type=kind,
        type_reason=reason,
        message=message,
        property=home,
        loan=read_loan(sheet, home),
        timeframe=timeframe,
        timeframe_date=timeframe_date,
        language=_language(sheet, message, answers),
    )


def _consent(sheet: Sheet, answers: Answers, received_at: datetime) -> Consent:
    asked = [(channel, answer) for channel in CHANNELS for answer in sheet.answers(f"consent_{channel}")]
    asked += [("", answer) for answer in sheet.answers("consent")]
    texts = [text for text in (sheet.lines("consent_text"),) if text]
    consent, unclear = read_consent(asked, answers, texts=texts, at=received_at)
    sheet.keep(unclear)
    certificate, token = sheet.text("certificate_url"), sheet.text("lead_id_token")
    return replace(consent, certificate_url=certificate, lead_id_token=token)


def _language(sheet: Sheet, message: str, answers: Answers) -> str:
    """What was said, else the language of the message, of the form's questions, of the browser."""
    stated = sheet.read("language", read_language)
    questions = " ".join(answer.label for answer in answers.items)
    names = language_of(" ".join(answer.key for answer in answers.items))
    return (
        stated
        or language_of(message)
        or language_of(questions)
        # Developers everywhere name fields in English; French names are there for people.
        or (names if names != DEFAULT else "")
        or read_language(answers.origin.language)
        or DEFAULT
    )


def _officer_in_link(page_url: str) -> str:
    query = query_of(page_url)
    return query.get("lo") or query.get("loan_officer") or ""
