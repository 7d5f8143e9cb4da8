"""Safe, right, complete: what a case asks for against what it left behind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mapping.inquiry import Inquiry, Party
from tests.samples.cases import Case
from tests.samples.matching import differences
from tests.samples.records import record
from tests.samples.run import Left

#: How far each outcome lets something through.
_OPENNESS = {"rejected": 0, "ignored": 0, "quarantined": 1, "accepted": 2}
# Our codes for what the cases call not_an_inquiry.
_FINER = frozenset({"newsletter", "calendar"})
_GROUPS = frozenset(
    {
        "spam",
        "bounce",
        "auto_reply",
        "test_lead",
        "handshake",
        "sender_authentication_failed",
        "not_an_inquiry",
    }
)


@dataclass
class Grade:
    """Each list says what is wrong; an empty one is a pass."""

    case: str
    safe: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    complete: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        return {
            "case": self.case,
            "safe": not self.safe,
            "right": not self.right,
            "complete": not self.complete,
            "problems": [*self.safe, *self.right, *self.complete],
        }


def grade(case: Case, left: Left) -> Grade:
    """Judge one case."""
    found = Grade(case.name)
    _judge_outcome(case, left, found)
    _judge_records(case, left, found)
    _judge_conditions(case, left, found)
    found.safe += _leaks(case, left)
    for inquiry in (*left.inquiries, *left.news):
        found.safe += _invented(case, inquiry)
    return found


def outcomes(left: Left) -> set[str]:
    """What happened, in the words of the samples; a kept refusal is both refused and kept."""
    found = set()
    states = {state for state, _, _ in left.states}
    if left.inquiries or left.news:
        found.add("accepted")
    if "quarantined" in states:
        found.add("quarantined")
    if "ignored" in states:
        found.add("ignored")
    refused = any(status >= 400 for status in left.statuses) or bool(left.answers and not left.statuses)
    if refused and not left.inquiries:
        found.add("rejected")
    if not found:
        found.add("ignored")
    if states == {"processed"} and not left.inquiries and not left.news:
        found |= {"ignored", "accepted"}  # consent taken back by somebody unknown: kept, nobody to tell
    return found


def _judge_outcome(case: Case, left: Left, found: Grade) -> None:
    wanted, seen = case.expected["outcome"], outcomes(left)
    if wanted not in seen:
        sentence = f"outcome {sorted(seen)}, wanted {wanted}; {left.states} {left.answers[:1]!r}"
        worst = max(_OPENNESS[one] for one in seen)
        (found.safe if worst > _OPENNESS[wanted] else found.right).append(sentence)
    allowed = case.expected.get("http_status")
    wrong = sorted(set(left.statuses) - set(allowed)) if allowed else []
    if wrong:
        found.right.append(f"answered {wrong}, allowed {allowed}: {left.answers[:1]!r}")
    reason = case.expected.get("reason")
    codes = {code for _, code, _ in left.states if code}
    codes |= {"not_an_inquiry"} if codes & _FINER else set()
    if reason in _GROUPS and wanted in ("quarantined", "ignored") and codes and reason not in codes:
        found.right.append(f"reason {sorted(codes)}, wanted {reason}")
    for one in case.expected.get("also", ()):
        if one.get("outcome") not in outcomes(left):
            found.right.append(f"also {one.get('outcome')}: not seen in {sorted(outcomes(left))}")


def _judge_records(case: Case, left: Left, found: Grade) -> None:
    wanted: Sequence[Mapping[str, Any]] = case.expected.get("records", ())
    actual = [record(one) for one in (left.inquiries or left.news)]
    if case.expected["outcome"] == "accepted" and wanted and len(actual) != len(wanted):
        found.right.append(f"{len(actual)} records, wanted {len(wanted)}")
    for number, (have, want) in enumerate(zip(actual, wanted, strict=False)):
        wrong, missing = differences(have, want)
        found.right += [f"record {number}: {one}" for one in wrong]
        found.complete += [f"record {number}: {one}" for one in missing]
    if len(actual) < len(wanted):
        found.complete.append(f"{len(wanted) - len(actual)} records are missing")
    found.right += [f"not delivered: {one}" for one in left.undelivered]


def _judge_conditions(case: Case, left: Left, found: Grade) -> None:
    expected = case.expected
    if expected.get("no_new_contact") and left.contacts:
        found.safe.append(f"{left.contacts} contacts were created, wanted none")
    if expected.get("no_new_inquiry") and left.inquiries:
        found.safe.append(f"{len(left.inquiries)} inquiries were opened, wanted none")
    total = expected.get("expect_total_records")
    if total is not None and len(left.inquiries) != total:
        found.safe.append(f"{len(left.inquiries)} inquiries in all, wanted {total}")
    limit = expected.get("max_response_ms")
    if limit and left.slowest_ms > limit:
        found.right.append(f"answered after {left.slowest_ms:.0f} ms, allowed {limit}")
    memory = expected.get("max_memory_mb")
    if memory and left.memory_mb > memory:
        found.right.append(f"took {left.memory_mb:.0f} MB more, allowed {memory}")
    for name, value in (expected.get("expect_response_headers") or {}).items():
        if left.answer_headers.get(name.lower(), "").lower() != str(value).lower():
            found.right.append(
                f"answer header {name}: {left.answer_headers.get(name.lower())!r}, wanted {value!r}"
            )
    if left.unexpected_calls:
        found.safe.append(f"calls that the case does not allow: {left.unexpected_calls}")


def _leaks(case: Case, left: Left) -> Iterator[str]:
    for number, text in enumerate(case.expected.get("must_not_contain", ())):
        if str(text).encode() in left.written:
            yield f"must_not_contain[{number}] is in what was written"


def _invented(case: Case, inquiry: Inquiry) -> Iterator[str]:
    """Names, addresses and numbers of people that stand nowhere in what arrived."""
    source = _folded(_unquoted(case))
    digits = re.sub(r"\D", "", source)
    people = [("", inquiry.borrower), ("co_borrower.", inquiry.co_borrower), ("partner.", inquiry.partner)]
    for who, party in people:
        if party is None:
            continue
        yield from (f"invented {who}{name}" for name in _unfounded(party, source, digits))


def _unfounded(party: Party, source: str, digits: str) -> Iterator[str]:
    for name in ("first_name", "last_name", "email", "company"):
        value = getattr(party, name)
        if value and not all(word in source for word in _folded(value).split()):
            yield f"{name} {value!r}"
    if party.phone and party.phone[-10:] not in digits:
        yield f"phone {party.phone}"


def _unquoted(case: Case) -> str:
    """What arrived, with the usual encodings undone, all of them side by side."""
    from email import message_from_bytes
    from html import unescape
    from urllib.parse import unquote_plus

    raw = case.text
    texts = [raw, unquote_plus(raw), unquote_plus(raw, encoding="cp1252"), unescape(raw)]
    texts += [re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), one) for one in texts]
    if case.ending == "json.gz":
        import gzip

        texts.append(gzip.decompress(case.body).decode("utf-8", errors="replace"))
    for encoding in ("cp1252", "utf-16"):
        texts.append(case.body.decode(encoding, errors="replace"))
    message = message_from_bytes(case.body)
    for part in message.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            texts += [content.decode("utf-8", errors="replace"), content.decode("cp1252", errors="replace")]
    texts += [_header_text(value) for _, value in message.items()]
    return "\n".join(texts)


def _header_text(value: object) -> str:
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(str(value))))
    except (ValueError, LookupError, UnicodeError):
        return str(value)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
