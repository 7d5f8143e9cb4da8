"""What a telephone network says of a caller: a name that may be none, a number that may be nobody's."""

from __future__ import annotations

import re

from mapping.normalize.text import fold, word_set

_NOBODY = re.compile(
    r"\b(?:anonymous|unknown|unavailable|private|restricted|blocked|withheld|not provided|no name|no caller"
    r"|wireless|cell ?phone|cellular|mobile|caller|call(?:er)? id|toll ?free|out of area|payphone|pay phone"
    r"|spam|scam|telemarketer|robocall|potential|suspected|fraud|voip|landline|inconnu|anonyme|prive"
    r"|desconocido|privado|anonimo|number|numero|us|usa|canada|google voice)\b"
)
# "FRESNO CA", "Dallas, TX": a place is what a network says when it knows no name.
_PLACE = re.compile(r"[a-z .'-]{2,}[ ,]+(?-i:[A-Z]{2})", re.IGNORECASE)
_STATES = word_set(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY"
    " NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AB BC MB NB NL NS NT NU ON PE QC SK YT"
)
# What stands in place of a number that is withheld (the words ANONYMOUS, RESTRICTED, ... on a keypad).
_NO_NUMBERS = frozenset(("266696687", "7378742833", "2562533", "8656696", "86282452253", "464"))


def trusted_caller_name(text: str, city: str = "") -> str:
    """The name, or "" for what a network says instead of one: a placeholder, a place, digits."""
    words = fold(text[:100])
    letters = sum(char.isalpha() for char in text)
    if not words or letters < 2 or any(char.isdigit() for char in text) or _NOBODY.search(words):
        return ""
    if city and words == fold(city):
        return ""
    place = _PLACE.fullmatch(text.strip())
    if place and text.strip()[-2:] in _STATES and (not city or words.startswith(fold(city))):
        return ""
    return text.strip()


def callable_number(text: str) -> str:
    """The number, or "" when it stands for a withheld one."""
    digits = "".join(char for char in text if char.isdigit())
    return "" if digits.removeprefix("1") in _NO_NUMBERS or digits in _NO_NUMBERS else text
