"""Takes out of a submission, before anything is stored, what must never be kept.

SSNs, SINs, card and bank numbers, passports and licences become "[redacted ssn]" and the like; birth dates
become "birthdate:<keyed hash>". Race, sex, marital status and their like go with whatever stands beneath
their names. Scrubbing twice changes nothing more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from mapping.scrubbing.birthdates import UNREADABLE, KeyedHash, hashed_birth_date, redact_birth_dates
from mapping.scrubbing.fnm_text import is_fnm, redact_fnm
from mapping.scrubbing.monitoring import MARK, MONITORING, redact_monitoring
from mapping.scrubbing.sensitive_names import BIRTHDATE, PLAIN, FieldSense, field_sense
from mapping.scrubbing.sensitive_numbers import redact_numbers

JsonLike = str | int | float | bool | None | list["JsonLike"] | dict[str, "JsonLike"]
Pairs = tuple[tuple[str, str], ...]

# In a label/value object the label speaks for these.
_LABELS = (
    *("label", "title", "question", "name", "key", "field", "fieldName", "field_name", "fieldId"),
    *("column_name", "column_id", "ref", "id"),
)
_VALUES = frozenset(
    {"value", "values", "raw_value", "answer", "answers", "response", "string_value", "stringValue", "text"}
)
_ABOUT_FIELD = frozenset({"field", "type"})  # in a Typeform answer; everything else is the answer

_DIGIT = re.compile(r"\d")
_FEWEST_DIGITS = 4
_SHORTEST = 9  # nine digits
_PASSES = 8  # a number once gone may show that its neighbour was one, too
_BRACKETED = re.compile(r"(.+)\[([^\[\]]+)\]")


def scrub_json(value: JsonLike, keyed_hash: KeyedHash, date_order: str = "MDY") -> tuple[JsonLike, int]:
    """The value without what must not be kept, and the number of redactions.

    keyed_hash turns an ISO date into letters and digits (16 or more); date_order is MDY, DMY or YMD.
    """
    scrubber = _Scrubber(keyed_hash, date_order)
    return scrubber.value(value, PLAIN), scrubber.redactions


def scrub_pairs(
    pairs: Iterable[tuple[str, str]], keyed_hash: KeyedHash, date_order: str = "MDY"
) -> tuple[Pairs, int]:
    """The same for form fields; a label in fields[x][title] speaks for fields[x][value]."""
    scrubber = _Scrubber(keyed_hash, date_order)
    fields = tuple(pairs)
    labelled = _labelled_groups(fields)
    scrubbed = tuple(
        (scrubber.text(name, PLAIN), scrubber.text(value, _pair_sense(name, labelled)))
        for name, value in fields
    )
    return scrubbed, scrubber.redactions


def scrub_text(text: str, keyed_hash: KeyedHash, date_order: str = "MDY") -> tuple[str, int]:
    """The same for free text, and for bodies that could not be read as data."""
    scrubber = _Scrubber(keyed_hash, date_order)
    if is_fnm(text):
        text, scrubber.redactions = redact_fnm(text)
    return scrubber.prose(text, PLAIN), scrubber.redactions


class _Scrubber:
    """One pass over one submission; counts what it redacts."""

    __slots__ = ("_date_order", "_keyed_hash", "redactions")

    def __init__(self, keyed_hash: KeyedHash, date_order: str) -> None:
        self._keyed_hash = keyed_hash
        self._date_order = date_order
        self.redactions = 0

    def value(self, value: JsonLike, sense: FieldSense) -> JsonLike:
        if sense.kind == MONITORING:
            return MARK if self._goes(value) else value
        if isinstance(value, str):
            return self.text(value, sense)
        if isinstance(value, dict):
            return self._object(value, sense)
        if isinstance(value, list):
            return [self.value(item, sense) for item in value]
        if isinstance(value, bool) or value is None:
            return value
        return self._number(value, sense)

    def text(self, text: str, sense: FieldSense) -> str:
        """One field's text: redacted as a whole when the field asks for nothing else."""
        if sense.kind == MONITORING:
            return MARK if self._goes(text) else text
        if not _DIGIT.search(text):
            return self._without_monitoring(text)
        if sense.kind and len(text) <= sense.longest and (whole := self._whole(text, sense)):
            return whole
        if text.lstrip()[:1] in ("{", "[") and (embedded := self._embedded(text)) is not None:
            return embedded
        return self.prose(text, sense)

    def prose(self, text: str, sense: FieldSense) -> str:
        text = self._without_monitoring(text)
        if len(text) < _SHORTEST or not _DIGIT.search(text):
            return text
        for _ in range(_PASSES):
            text, dates = redact_birth_dates(text, self._keyed_hash, self._date_order)
            text, numbers = redact_numbers(text, sense)
            self.redactions += dates + numbers
            if not dates and not numbers:
                break
        return text

    def _goes(self, value: JsonLike) -> bool:
        """Whether the value of such a field says anything; it is counted then."""
        said = value not in (None, "", [], {}) and not str(value).startswith("[redacted")
        self.redactions += said
        return said

    def _without_monitoring(self, text: str) -> str:
        if ":" not in text and "=" not in text and "<" not in text:
            return text
        text, count = redact_monitoring(text)
        self.redactions += count
        return text

    def _whole(self, text: str, sense: FieldSense) -> str:
        """The replacement of a value that is the thing itself; "" when it does not look like it after all."""
        if sense.kind == BIRTHDATE:
            hashed = hashed_birth_date(text, self._keyed_hash, self._date_order)
            if hashed == UNREADABLE and not sense.certain:
                return ""
            self.redactions += hashed != text
            return hashed
        if not sense.certain and len(_DIGIT.findall(text)) < _FEWEST_DIGITS:
            return ""
        self.redactions += 1
        return f"[redacted {sense.kind}]"

    def _number(self, value: float, sense: FieldSense) -> JsonLike:
        digits = str(value)
        scrubbed = self.text(digits, sense)
        return value if scrubbed == digits else scrubbed

    def _object(self, value: dict[str, JsonLike], sense: FieldSense) -> JsonLike:
        if sense.kind == BIRTHDATE and (text := _date_parts(value)):
            return self.text(text, sense)
        labelled = _label_sense(value)
        answered = _answer_senses(value)
        result: dict[str, JsonLike] = {}
        for key, item in value.items():
            scrubbed: JsonLike
            if key == "answers" and answered and isinstance(item, list):
                scrubbed = [self._answer(answer, answered) for answer in item]
            else:
                scrubbed = self.value(item, _sense_of(key, sense, labelled))
            result[_free_key(self.text(key, PLAIN), result)] = scrubbed
        return result

    def _answer(self, answer: JsonLike, senses: Mapping[str, FieldSense]) -> JsonLike:
        """A Typeform answer: its question, and so what it means, stands elsewhere."""
        if not isinstance(answer, dict):
            return self.value(answer, PLAIN)
        sense = senses.get(_field_id(answer.get("field")), PLAIN)
        return {
            key: self.value(item, PLAIN if key in _ABOUT_FIELD or not sense.kind else sense)
            for key, item in answer.items()
        }

    def _embedded(self, text: str) -> str | None:
        """JSON text inside a field (Jotform's rawRequest); None when it is none."""
        before = self.redactions
        try:
            value = json.loads(text, object_pairs_hook=_unique_keys, parse_float=str)
            scrubbed = self.value(value, PLAIN)
        except (ValueError, RecursionError):
            self.redactions = before
            return None
        return text if self.redactions == before else json.dumps(scrubbed, ensure_ascii=False)


def _unique_keys(pairs: Sequence[tuple[str, JsonLike]]) -> dict[str, JsonLike]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")  # one of the two would escape
    return value


def _sense_of(key: str, around: FieldSense, labelled: FieldSense) -> FieldSense:
    if labelled.kind and key in _VALUES:
        return labelled
    own = field_sense(key)
    return own if own.kind or not around.kind else around


def _label_sense(value: Mapping[str, JsonLike]) -> FieldSense:
    if _VALUES.isdisjoint(value):
        return PLAIN
    labels = (value.get(key) for key in _LABELS)
    senses = (field_sense(label) for label in labels if isinstance(label, str))
    return next((sense for sense in senses if sense.kind), PLAIN)


def _answer_senses(value: Mapping[str, JsonLike]) -> dict[str, FieldSense]:
    """Typeform: the sense of each question in definition.fields, by the field's id."""
    definition = value.get("definition")
    fields = definition.get("fields") if isinstance(definition, dict) else None
    if not isinstance(fields, list):
        return {}
    return {
        _field_id(field): _strongest(field.get("title"), field.get("ref"))
        for field in fields
        if isinstance(field, dict)
    }


def _strongest(*names: JsonLike) -> FieldSense:
    senses = [field_sense(name) for name in names if isinstance(name, str)]
    return max(senses, key=lambda sense: (bool(sense.kind), sense.longest), default=PLAIN)


def _field_id(field: JsonLike) -> str:
    return str(field.get("id")) if isinstance(field, dict) else ""


def _date_parts(value: Mapping[str, JsonLike]) -> str:
    """{"year": 1984, "month": 6, "day": 2} as an ISO date, "" when it is no such object."""
    parts = [str(value.get(part, "")).strip() for part in ("year", "month", "day")]
    return "-".join(parts) if all(part.isdecimal() for part in parts) else ""


def _free_key(key: str, taken: Mapping[str, JsonLike]) -> str:
    return key if key not in taken else f"{key} {len(taken)}"


def _labelled_groups(pairs: Pairs) -> dict[str, FieldSense]:
    """The sense of each group of bracketed names that has a label of its own: fields[x][title]=SSN."""
    groups: dict[str, FieldSense] = {}
    for name, text in pairs:
        parts = _BRACKETED.fullmatch(name)
        if parts and parts[2] in _LABELS and (sense := field_sense(text)).kind:
            groups[parts[1]] = sense
    return groups


def _pair_sense(name: str, labelled: Mapping[str, FieldSense]) -> FieldSense:
    parts = _BRACKETED.fullmatch(name)
    if parts and parts[2] in _VALUES and parts[1] in labelled:
        return labelled[parts[1]]
    return field_sense(name)
