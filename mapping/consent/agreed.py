"""What a person agreed to: which channels, in which words, with which evidence."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from mapping.answers import Answer, Answers
from mapping.inquiry import Consent
from mapping.labels.opt_out import OPT_OUT_LABELS
from mapping.labels.vocabulary import phrase
from mapping.normalize.text import tidy, tidy_line
from mapping.reading.choices import read_yes_no

CHANNELS = ("email", "phone", "sms")

_NAMES = (
    ("email", re.compile(r"\be-?\s?mails?\b|\bcourriels?\b|\bcorreos?\b|\bemailed\b", re.IGNORECASE)),
    (
        "phone",
        re.compile(
            r"\bcall(?:s|ed|ing)?\b|\b(?:tele)?phones?\b|\bappels?\b|\bt[ée]l[ée]phon\w*"
            r"|\bllamadas?\b|\btel[ée]fono",
            re.IGNORECASE,
        ),
    ),
    (
        "sms",
        re.compile(
            r"\b(?:text|texts|texted|texting|sms)\b|\btext messag\w*|\btextos?\b|\bmensajes? de texto",
            re.IGNORECASE,
        ),
    ),
)
#: Words that name any of the channels.
CHANNEL_WORDS = re.compile("|".join(pattern.pattern for _, pattern in _NAMES), re.IGNORECASE)
# Ticking such a box takes consent away; "I may opt out at any time" inside a sentence does not.
_REFUSAL = re.compile(
    r"^(?:please )?(?:(?:i|we) )?(?:do not|don['’]t(?! miss\b| forget\b)|opt[- ]?out|unsubscribe"
    r"|no deseo|no quiero|je ne )",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"(?:yes,? )?(?:i|we) (?:agree|consent|accept|authori[sz]e|would like to receive)\b"
    r"|(?:oui,? )?(?:j['’]accepte|j['’]autorise|je consens|je souhaite recevoir)\b"
    r"|(?:s[ií],? )?(?:acepto|autorizo|doy mi consentimiento|deseo recibir)\b",
    re.IGNORECASE,
)
_SENTENCE = 3  # words; a value this long is the statement itself, not a tick


def read_consent(
    asked: Sequence[tuple[str, Answer]], answers: Answers, *, texts: Sequence[str], at: datetime
) -> tuple[Consent, tuple[Answer, ...]]:
    """The consent given in one submission, and the answers whose channel could not be told.

    asked pairs a channel ("email", "phone", "sms", or "" for the channels that the words name) with its
    answer; texts are statements sent apart. A channel is None when it was not asked about, and a no
    outweighs a yes to the same channel. No channel is ever assumed.
    """
    given: dict[str, bool] = {}
    boxes: dict[str, bool] = {}
    words: list[str] = []
    shown: dict[str, str] = {}
    left: list[str] = []
    unclear: list[Answer] = []
    for channel, answer in asked:
        if not channel and (closed := _closed_by(answer)):
            if not read_yes_no(answer.text):
                unclear.append(answer)
                continue
            given |= dict.fromkeys(closed, False)
            left += closed
            words.append(tidy_line(answer.label or answer.key))
            continue
        decision, statement = _decision(answer)
        words += [statement] if statement else []
        if decision is not None and answer.key:
            boxes[answer.key] = decision
        own = f"{statement} {answer.key.replace('_', ' ')}"
        refusal = bool(_REFUSAL.match(statement))
        # "Do not call me" beside a text about calls and texts is about calls.
        spoken_of = (refusal and _channels(own)) or _channels(" ".join((own, *texts)))
        named = (channel,) if channel else spoken_of
        if decision is None or not named:
            unclear.append(answer)
            continue
        for name in named:
            given[name] = decision and given.get(name, True)
            shown[name] = "\n".join(filter(None, (shown.get(name), statement)))
        left += named if refusal else ()
    spoken = tuple(dict.fromkeys((*texts, *words) if _only_ticks(words) else (*words, *texts)))
    if not asked and not texts:
        return Consent(), tuple(unclear)
    evidence = _evidence(given, boxes, "\n".join(spoken), answers, at)
    opted_out = tuple(name for name in CHANNELS if name in left)
    return replace(evidence, words=_told_apart(shown), opted_out=opted_out), tuple(unclear)


def is_statement(text: str) -> bool:
    """Whether an answer is itself the words of a consent: a box whose value is its own label."""
    return bool(_STATEMENT.match(text.strip()) and CHANNEL_WORDS.search(text))


def without(consent: Consent, channels: Collection[str]) -> Consent:
    """The consent with these channels closed."""
    return replace(
        consent,
        email=False if "email" in channels else consent.email,
        phone=False if "phone" in channels else consent.phone,
        sms=False if "sms" in channels else consent.sms,
    )


def taken_back(consent: Consent, channels: Collection[str]) -> Consent:
    """The consent after the person asked to be left alone there: it outlives what a later form says."""
    left = tuple(name for name in CHANNELS if name in consent.opted_out or name in channels)
    return replace(without(consent, channels), opted_out=left)


def refused(consent: Consent) -> tuple[str, ...]:
    """The channels that were said no to."""
    return tuple(name for name in CHANNELS if getattr(consent, name) is False)


def _decision(answer: Answer) -> tuple[bool | None, str]:
    """Yes, no or unclear, with the statement that was shown."""
    value, label = tidy(answer.text), tidy_line(answer.label or (answer.key if " " in answer.key else ""))
    decision = read_yes_no(value)
    is_statement = decision is None and len(value.split()) >= _SENTENCE
    statement = value if is_statement else label
    if is_statement:
        decision = True
    if _REFUSAL.match(statement):
        # An unticked refusal is not consent either.
        decision = False if decision else None
    return decision, statement


def _closed_by(answer: Answer) -> tuple[str, ...]:
    """The channels that a tick closes, where the whole label or key is a known name of an opt-out."""
    named = (phrase(answer.label), phrase(answer.key))
    return next((OPT_OUT_LABELS[words] for words in named if words in OPT_OUT_LABELS), ())


def _channels(statement: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in _NAMES if pattern.search(statement))


def _told_apart(shown: dict[str, str]) -> dict[str, str]:
    """What was shown for each channel; nothing where one text was shown for all of them."""
    return {name: text for name, text in shown.items() if text} if len(set(shown.values())) > 1 else {}


def _only_ticks(words: Sequence[str]) -> bool:
    return all(len(word.split()) < _SENTENCE for word in words)


def _evidence(
    given: dict[str, bool], boxes: dict[str, bool], text: str, answers: Answers, at: datetime
) -> Consent:
    return Consent(
        email=given.get("email"),
        phone=given.get("phone"),
        sms=given.get("sms"),
        text=text,
        captured_at=answers.submitted_at or at,
        ip=answers.origin.ip,
        page_url=answers.origin.page_url,
        checkboxes=boxes,
    )
