"""Does an inquiry look like spam? Several weak signs or one strong one; never an unusual name alone."""

from __future__ import annotations

import re
import unicodedata

from mapping.inquiry import Inquiry
from mapping.normalize.text import fold, word_set

LINE = 5  # a sum of weights at or over this is spam

_WEIGHTS = {
    "honeypot_filled": 5,
    "bot_challenge_failed": 5,
    "link_count>=3": 4,
    "link_in_name": 4,
    "markup_in_message": 3,
    "advertising_words": 3,
    "gibberish_name": 3,
    "gibberish_message": 3,
    "other_script": 2,
    "disposable_email": 2,
    "link_count=2": 1,
    "no_way_to_reach": 1,
    "same_first_and_last_name": 1,
    "unusable_phone": 1,
    "stale_form": 1,
}
_WORDS = {
    "honeypot_filled": "a field hidden from people is filled in",
    "bot_challenge_failed": "the bot check failed",
    "link_count>=3": "three links or more",
    "link_in_name": "a link as a name",
    "markup_in_message": "markup in the message",
    "advertising_words": "advertising",
    "gibberish_name": "a name without sense",
    "gibberish_message": "a message without sense",
    "other_script": "another script than the form's",
    "disposable_email": "a throw-away address",
    "link_count=2": "two links",
    "no_way_to_reach": "no way to reach the person",
    "same_first_and_last_name": "the same first and last name",
    "unusable_phone": "a phone number that cannot be one",
    "stale_form": "a page opened more than a day before",
}
_TOO_FAST = re.compile(r"too_fast|submitted_in_\d+_seconds?")
_TOO_FAST_WEIGHT = 3
_UNKNOWN_SIGNAL_WEIGHT = 2

_LINK = re.compile(r"https?://|\bwww\.|\[url", re.IGNORECASE)
_MARKUP = re.compile(r"<a\s[^>]{0,200}href|\[url=|\[link=", re.IGNORECASE)
_ADVERTISING = re.compile(
    r"\bseo\b|backlinks?|rank (?:1|number one|higher)|first page of google|guest post"
    r"|crypto|bitcoin|casino|viagra|cialis"
    r"|\bpills\b|forex|web (?:design|development) services|increase (?:your )?(?:traffic"
    r"|sales|leads)|followers|escorts?\b|adult dating"
    r"|domain authority|link building|lead generation service"
)
# Addresses that vanish within the hour.
_DISPOSABLE = word_set(
    "mailinator.com guerrillamail.com 10minutemail.com tempmail.com temp-mail.org yopmail.com trashmail.com"
    " sharklasers.com getnada.com maildrop.cc throwawaymail.com dispostable.com moakt.com"
)
_WORD = re.compile(r"[^\W\d_]+")
_TURN = re.compile(r"[a-z][A-Z]")
_VOWELS = frozenset("aeiouy")
_MOST_TEXT = 5000


def judge(inquiry: Inquiry, signals: tuple[str, ...]) -> tuple[str, ...]:
    """Why this is spam, strongest reason first; () when it is not.

    signals are what the adapter noticed about the sending (honeypot_filled, submitted_in_1_second, ...), to
    which the content's own are added. One link, capitals, a short or rare name never reach the line.
    """
    found = tuple(dict.fromkeys((*signals, *_content_signals(inquiry))))
    weights = {name: _weight(name) for name in found}
    if sum(weights.values()) < LINE:
        return ()
    return tuple(sorted(found, key=lambda name: (-weights[name], name)))


def in_words(reasons: tuple[str, ...]) -> str:
    """judge()'s reasons for a person to read, e.g. "three links or more, advertising"."""
    return ", ".join(
        "filled in faster than a person types"
        if _TOO_FAST.fullmatch(one)
        else _WORDS.get(one, one.replace("_", " "))
        for one in reasons
    )


def _weight(signal: str) -> int:
    if _TOO_FAST.fullmatch(signal):
        return _TOO_FAST_WEIGHT
    return _WEIGHTS.get(signal, _UNKNOWN_SIGNAL_WEIGHT)


def _content_signals(inquiry: Inquiry) -> list[str]:
    person, message = inquiry.borrower, inquiry.message[:_MOST_TEXT]
    prose = " ".join((message, *(answer for _, answer in inquiry.unmapped)))[:_MOST_TEXT]
    links = len(_LINK.findall(prose))
    signs = {
        "link_count>=3": links >= 3,
        "link_count=2": links == 2,
        "link_in_name": bool(_LINK.search(f"{person.full_name} {person.company}")),
        "markup_in_message": bool(_MARKUP.search(prose)),
        "advertising_words": bool(_ADVERTISING.search(fold(prose))),
        "gibberish_name": _is_gibberish(f"{person.first_name} {person.last_name}"),
        "gibberish_message": len(message) < 80 and _is_gibberish(message),
        "other_script": _other_script(prose),
        "disposable_email": person.email.rpartition("@")[2] in _DISPOSABLE,
        "no_way_to_reach": not person.reachable,
        "same_first_and_last_name": bool(person.first_name) and person.first_name == person.last_name,
        "unusable_phone": "ambiguous_phone" in inquiry.flags and not person.phone,
    }
    return [name for name, is_there in signs.items() if is_there]


def _is_gibberish(text: str) -> bool:
    """Machine-made letters ("qYxZkWbRtLp") or a long word without a vowel, not "McDonald"."""
    words = _WORD.findall(text)
    return any(len(_TURN.findall(word)) >= 3 or _is_unspeakable(word) for word in words)


def _is_unspeakable(word: str) -> bool:
    return (
        len(word) >= 7 and word.isascii() and word != word.upper() and not _VOWELS.intersection(word.lower())
    )


def _other_script(text: str) -> bool:
    """True when most letters are of a script that none of the three languages uses."""
    letters = [char for char in text if char.isalpha()]
    foreign = sum(
        1 for char in letters if not char.isascii() and not unicodedata.name(char, "").startswith("LATIN")
    )
    return len(letters) >= 20 and foreign * 2 > len(letters)
