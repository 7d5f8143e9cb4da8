"""Values that a stranger typed, made safe for a message that a loan officer signs: words, nothing else."""

from __future__ import annotations

import re

from mapping.normalize.text import tidy_line

_LONGEST = 40
# Letters with blanks, hyphens, apostrophes; a full stop only before a blank or the end, so that no part of it
# is an address. Without digits, brackets, slashes and signs nobody writes links, markup or template code.
_WORDS = re.compile(r"(?:[^\W\d_]|[ '\u2019-]|\.(?= |$))+")


def plain_words(text: str) -> str:
    """A name or a town as it stands in a message, "" when it is anything else or too long for one."""
    line = tidy_line(text)
    return line if len(line) <= _LONGEST and _WORDS.fullmatch(line) else ""
