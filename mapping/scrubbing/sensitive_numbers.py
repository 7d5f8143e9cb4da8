"""Finds social security, social insurance and card numbers in text: by shape, checksum and the words near."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapping.scrubbing.sensitive_names import FieldSense

_HYPHENS = "\\-\u00ad\u2010-\u2015\u2212\ufe63\uff0d"
_BLANKS = " \\t\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
_GAP = f"[{_BLANKS}{_HYPHENS}.\uff0e\u00b7]{{1,3}}"
_WIDE_GAP = f"[{_BLANKS}{_HYPHENS}.\uff0e\u00b7/_,:]{{1,3}}"

# A shape starts where a run of digits starts. The leading class lets the engine skip to digits at full speed.
_CANDIDATE = re.compile(
    rf"""[0-9](?<![0-9][0-9])[0-9]{{2}}(?:
      {_WIDE_GAP}(?:
        (?P<ssn>[0-9]{{2}}{_WIDE_GAP}[0-9]{{4}}(?![0-9]))
      | [0-9]{{3}}(?:
          (?P<sin>{_WIDE_GAP}[0-9]{{3}}(?![.-]?[0-9]))
        | (?P<six>[0-9]{{3}}(?![0-9]))))
    | (?P<nine>[0-9]{{6}}(?![0-9]))
    | (?P<card>[0-9](?:
          {_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{2,4}}(?:{_GAP}[0-9]{{1,3}})?
        | {_GAP}[0-9]{{6}}{_GAP}[0-9]{{4,5}}
        | [0-9]{{10,15}})(?![0-9]))
    )""",
    re.VERBOSE,
)
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_DIGITS = re.compile(r"[0-9]+")
_NOT_DIGIT = re.compile(r"[^0-9]+")
_HYPHENATED = re.compile(f"[{_BLANKS}]?[{_HYPHENS}][{_BLANKS}]?")
_NARROW = re.compile(_GAP)

# A number that follows one of these, or stands shortly before it, is meant even without its usual shape. Our
# own markers ("[redacted ssn]") are no such word.
_NAMING = r"""(?<!redacted\ )(?:
        (?<![^\W_])ssns?(?![^\W_]) | (?<![^\W_])s\.s\.n | (?-i:Ssn|SSN) | social | \bsoc\.?\ ?sec
      | assurance\W+sociale | \bnas\b | (?-i:\bSIN\b|[a-z]Sin\b|\bsinNumber)
      | (?<![^\W_])sin(?=[\W_]{0,4}(?:\Z|[0-9]|number|no\b|num|is\b|es\b))
      | (?<![^\W_])itin(?![^\W_]) | tax\W?payer | tax\W?id | seguro\ social
    )"""
_NAMED_BEFORE = re.compile(_NAMING, re.VERBOSE | re.IGNORECASE)
_NAMED_GLUED = re.compile(_NAMING + r"\Z", re.VERBOSE | re.IGNORECASE)
_NAMED_AFTER = re.compile(r"[^0-9\[\n]{0,20}?" + _NAMING, re.VERBOSE | re.IGNORECASE)
_NAMING_HINTS = ("ssn", "s.s.n", "soc", "nas", "sin", "itin", "tax")
_LOOK_BACK = 48
_LOOK_AHEAD = 40

_MONEY_BEFORE = re.compile(r"[$€£]\s?\Z")
_MONEY_AFTER = re.compile(r"\s?(?:[$€£]|(?:USD|CAD|dollars?|pesos)\b)", re.IGNORECASE)
_COUNTRY_CODE_BEFORE = re.compile(r"\+[0-9]{1,3}[ .-]?\Z")

# Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay by prefix and length (ISO/IEC 7812).
_CARD = re.compile(
    r"4[0-9]{15}(?:[0-9]{3})?|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"
    r"|3[47][0-9]{13}|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12,15}|3(?:0[0-5]|095|[689][0-9])[0-9]{11,16}"
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12,15}|62[0-9]{14,17}"
)
_DOUBLED = {"0": 0, "1": 2, "2": 4, "3": 6, "4": 8, "5": 1, "6": 3, "7": 5, "8": 7, "9": 9}
_NOTHING = ("", 0)


def redact_numbers(text: str, sense: FieldSense) -> tuple[str, int]:
    """The text with such numbers replaced by "[redacted ssn]", "[redacted sin]", "[redacted card number]".

    Also says how many. Phones, amounts, postal codes, dates and ids stay as they are.
    """
    plain = text if text.isascii() else _with_plain_digits(text)
    done: list[str] = []
    copied = 0
    for match in _candidates(plain):
        if match.start() < copied:
            continue
        kind, end = _verdict(match, plain, sense)
        if kind:
            done += (text[copied : match.start()], f"[redacted {kind}]")
            copied = end
    return ("".join((*done, text[copied:])), len(done) // 2) if done else (text, 0)


def _candidates(plain: str) -> Iterator[re.Match[str]]:
    """Every place where a shape fits, overlapping: a run of groups may hide the number further on."""
    match = _CANDIDATE.search(plain)
    while match:
        yield match
        match = _CANDIDATE.search(plain, match.start() + 1)


def _verdict(match: re.Match[str], plain: str, sense: FieldSense) -> tuple[str, int]:
    """The kind of number ("" for none) and where it ends."""
    if match["card"]:
        return _card(match, plain, sense)
    if sense.senders_id:
        return ("ssn", match.end()) if _is_hyphenated(match) else _NOTHING
    digits = _NOT_DIGIT.sub("", match[0])
    if sense.kind or _is_named(match, plain):
        return ("sin" if _luhn(digits) and not _is_ssn(digits) else "ssn"), match.end()
    kind = _kind_by_shape(match, digits)
    if kind and not _is_money_or_phone(match, plain):
        return kind, match.end()
    return _NOTHING


def _kind_by_shape(match: re.Match[str], digits: str) -> str:
    if _is_hyphenated(match):
        return "ssn"
    gaps = _DIGITS.split(match[0])[1:-1]
    if len(gaps) < 2 or not all(_NARROW.fullmatch(gap) for gap in gaps):
        return ""
    if match["ssn"]:
        return "ssn" if _is_ssn(digits) else ""
    return "sin" if _luhn(digits) and digits.strip("0") else ""


def _card(match: re.Match[str], plain: str, sense: FieldSense) -> tuple[str, int]:
    """The longest run of whole groups that is a card number: an expiry or a code may follow the number."""
    start = match.start()
    if plain[start] not in "23456" or (sense.senders_id and match[0].isdecimal()):
        return _NOTHING
    if plain[start - 1 : start].isalnum() or plain[match.end() : match.end() + 1].isalnum():
        return _NOTHING
    ends = [group.end() for group in _DIGITS.finditer(plain, start, match.end())]
    for end in reversed(ends):
        digits = _NOT_DIGIT.sub("", plain[start:end])
        if _CARD.fullmatch(digits) and _luhn(digits):
            return "card number", end
    return _NOTHING


def _is_named(match: re.Match[str], plain: str) -> bool:
    start, end = match.span()
    first, last = max(0, start - _LOOK_BACK), end + _LOOK_AHEAD
    around = plain[first:last].lower()
    if plain[end : end + 1].isalnum() or not any(hint in around for hint in _NAMING_HINTS):
        return False
    if plain[start - 1 : start].isalpha():  # glued to a word: to the naming one, or inside some token
        return _NAMED_GLUED.search(plain, first, start) is not None
    return bool(_NAMED_BEFORE.search(plain, first, start) or _NAMED_AFTER.match(plain, end, last))


def _is_money_or_phone(match: re.Match[str], plain: str) -> bool:
    start, end = match.span()
    before, after = plain[max(0, start - 6) : start], plain[end : end + 10]
    return bool(
        _MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after) or _COUNTRY_CODE_BEFORE.search(before)
    )


def _is_hyphenated(match: re.Match[str]) -> bool:
    """123-45-6789: nothing but an SSN is written so, valid or not."""
    gaps = _DIGITS.split(match[0])[1:-1] if match["ssn"] else []
    return bool(gaps) and all(_HYPHENATED.fullmatch(gap) for gap in gaps)


def _is_ssn(digits: str) -> bool:
    """Can it be an SSN (SSA: no area 000, 666, 9xx, no group 00, no serial 0000) or an ITIN (IRS groups)?"""
    area, group, serial = digits[:3], int(digits[3:5]), digits[5:]
    if area[0] == "9":
        return 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99
    return area not in ("000", "666") and group != 0 and serial != "0000"


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: cards and Canadian SINs."""
    doubled = sum(_DOUBLED[digit] for digit in digits[-2::-2])
    return (doubled + sum(map(int, digits[-1::-2]))) % 10 == 0


def _with_plain_digits(text: str) -> str:
    """The same text, character for character, with full-width and other decimal digits as 0-9."""
    return _OTHER_DIGIT.sub(lambda digit: str(int(digit[0])), text)
