"""Choices and questions that a sender wrote as one word: what a person saw before they became slugs."""

from __future__ import annotations

import re

# One word, underscores for blanks; an address of any kind is no slug.
_SLUG = re.compile(r"(?=[^_]*_)[^\s@/\\]+")


def words_of_slug(text: str) -> str:
    """ "lower_my_payment" -> "lower my payment", "$200,000_-_$300,000" -> "$200,000 - $300,000".

    Text with blanks, addresses and text without underscores stay as they are.
    """
    if not _SLUG.fullmatch(text):
        return text
    return " ".join(text.replace("_", " ").split()) or text


def question_of_slug(name: str) -> str:
    """ "what_would_you_like_to_do?" -> "What would you like to do?"."""
    words = words_of_slug(name)
    return words[:1].upper() + words[1:]


def days(text: str) -> str:
    """A bare number from a field that counts days, with its unit; anything else as it stands."""
    return f"{text} days" if re.fullmatch(r"[0-9]{1,4}", text) else text


def score_range(low: str, high: str) -> str:
    """Two bounds of a credit score as one range; one bound alone when the other is missing."""
    return " - ".join(bound for bound in (low, high) if bound)
