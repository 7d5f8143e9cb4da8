"""Trigger leads: what credit bureaus sell because somebody else asked for a person's credit report.

Buying them is forbidden or bound to conditions (in the US the Homebuyers Privacy Protection Act, in force
since 5 March 2026), so that they are refused unless the brokerage attests that it may have them.
"""

from __future__ import annotations

import re

from mapping.answers import Answer, Answers
from mapping.normalize.text import fold
from mapping.reading.choices import read_yes_no

REFUSAL = (
    "This is a trigger lead (bought from a credit bureau). They are refused unless the path's settings say "
    "trigger_leads_attested = true: that the brokerage is allowed to receive and use them."
)

# Fields that only trigger leads have. "Trigger" alone is what webhooks call their own events.
_FIELDS = re.compile(
    r"\b(?:(?:credit|mortgage|bureau|inquiry|equifax|experian|transunion|innovis) trigger"
    r"|is trigger|trigger (?:lead|leads|lead id|date|score|bureau|file|product|code|inquiry)"
    r"|bureau inquiry (?:date|code))\b"
)
# Fields that say what kind of lead it is, or where it was bought.
_ABOUT = re.compile(
    r"\b(?:lead type|lead source|source|provider|vendor|product|list|list type|campaign|utm source"
    r"|utm campaign|channel|category|type|lead category|data type)$"
)
_SAYS_SO = re.compile(
    r"\btrigger leads?\b|^triggers?$"
    r"|\b(?:credit|mortgage|bureau|inquiry|daily|equifax|experian|trans ?union|innovis) ?triggers?\b"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_trigger_lead(answers: Answers) -> bool:
    """True when a field of the lead, or what it says of its source, is what only trigger leads have."""
    return any(_gives_away(item) for item in answers.items if _hints(item))


def _hints(item: Answer) -> bool:
    """The words without which nothing below matches: nearly every answer is done with here."""
    said = f"{item.key} {item.label} {item.text[:200]}".lower()
    return "trigger" in said or "bureau" in said


def _gives_away(item: Answer) -> bool:
    value = item.text[:200]
    for name in (item.key[:200], item.label[:200]):
        words = fold(_CAMEL.sub(" ", name))
        if _FIELDS.search(words) and read_yes_no(value) is not False:
            return True
        if _ABOUT.search(words) and _SAYS_SO.search(fold(_CAMEL.sub(" ", value))):
            return True
    return False
