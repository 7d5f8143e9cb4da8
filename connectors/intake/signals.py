"""What makes a form post look like spam: a filled trap, a post too fast or too late, a heap of links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from mapping.answers import Answer

# Fields that people do not see; a robot fills them in.
HONEYPOTS = frozenset({"website", "url2", "_gotcha", "honeypot", "bot-field", "_honeypot"})
HONEYPOT_PREFIX = "hp_"

TOO_FAST_SECONDS = 3
STALE_SECONDS = 86_400
MANY_LINKS = 3

_LINK = re.compile(r"https?://|\bwww\.|\[url=", re.IGNORECASE)


def part_honeypots(
    answers: Iterable[Answer], honeypots: frozenset[str]
) -> tuple[list[Answer], tuple[str, ...]]:
    """The answers without the traps, and honeypot_filled if one was filled; honeypots are lower-case."""
    shown, trapped = [], False
    for answer in answers:
        name = answer.key.lower()
        if name in honeypots or name.startswith(HONEYPOT_PREFIX):
            trapped = True
        else:
            shown.append(answer)
    return shown, ("honeypot_filled",) if trapped else ()


def timing_signals(elapsed: float | None) -> tuple[str, ...]:
    """submitted_in_N_seconds under 3 s between page and post, stale_form over a day; elapsed in seconds."""
    if elapsed is None or elapsed < 0:
        return ()
    if elapsed < TOO_FAST_SECONDS:
        whole = int(elapsed)
        return (f"submitted_in_{whole}_second{'' if whole == 1 else 's'}",)
    return ("stale_form",) if elapsed > STALE_SECONDS else ()


def link_signals(answers: Sequence[Answer]) -> tuple[str, ...]:
    """link_count>=3 when prose holds three links; a field that is one link (a page, an upload) counts not."""
    prose = (value for answer in answers for value in answer.values if " " in value or "\n" in value)
    return ("link_count>=3",) if sum(len(_LINK.findall(text)) for text in prose) >= MANY_LINKS else ()


def seconds_since(rendered: str, received_at: datetime | None) -> float | None:
    """Seconds from a page's time stamp (epoch, in seconds or milliseconds) to its post; None when unknown."""
    if received_at is None or not rendered.isdecimal() or not 9 <= len(rendered) <= 13:
        return None
    epoch = int(rendered) / (1_000 if len(rendered) > 11 else 1)
    return received_at.timestamp() - epoch
