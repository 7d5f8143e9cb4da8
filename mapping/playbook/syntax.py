"""Read the TOML of a playbook: a line that is none does not hide what is wrong in the others."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from mapping.playbook.faults import Fault

_SAID = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)
#: A key with its value, or what was meant to be one: such a line can be left out for the time being.
_PAIR = re.compile(r"""\s*(?:[\w.\s-]+|"[^"]*"|'[^']*')\s*=.*|\s*[\w-]+\s+\S+\s*""")
_NAME = re.compile(r"[\w-]+(?=\s|=)")
_MOST = 50
# What the parser says → what to do. The first that is found in it.
_REMEDIES = (
    ("Invalid statement", "Write key = value or a [table]; a comment begins with #."),
    (
        "Invalid value",
        'Write text in straight quotes ("..."); numbers, dates, true and false without.',
    ),
    (
        "Illegal character",
        "Close the quotes on the line on which they open; a text of several lines takes three.",
    ),
    ("Expected '='", "Write it as key = value; a key has no blanks."),
    (
        "Expected newline",
        "Write one key = value on each line, decimals with a point (1.5) and dates as 2027-12-31.",
    ),
    ("inline table", "Write it on one line, as { key = value, key = value }, dates as 2027-12-31."),
    (
        "initial character for a key",
        "Write it on one line, as { key = value, key = value }, without a last comma.",
    ),
    (
        "Cannot overwrite",
        "This name is taken before: leave one of the two. Of several tables each begins with [[name]].",
    ),
    ("twice", "Bring both into one table. Where there may be several, each begins with [[name]]."),
    ("Expected ']", "Close the brackets: [table], or [[table]] where there may be several."),
    ("array", "Close the brackets, and set a comma between two values: [ ..., ... ]."),
    ("date", "There is no such day. Write year, month and day: 2027-12-31."),
    ("Unescaped", "Write each backslash twice."),
    ("invalid character", "Remove it; save the file as plain text."),
)


@dataclass(frozen=True, slots=True)
class Document:
    """data is None where nothing can be told but what is broken: (line, fault) each.

    text is what was read, without the broken lines but with as many; left_out names their keys.
    """

    data: dict[str, Any] | None
    text: str
    broken: tuple[tuple[int, Fault], ...] = ()
    left_out: frozenset[str] = frozenset()


def read_document(text: str) -> Document:
    """The data of a TOML text. A broken line is left out and the rest is read, as far as that is safe."""
    lines, broken, names = text.split("\n"), list[tuple[int, Fault]](), set[str]()
    while True:
        try:
            data = tomllib.loads("\n".join(lines))
            return Document(data, "\n".join(lines), tuple(broken), frozenset(names))
        except tomllib.TOMLDecodeError as e:
            line, fault = _told(e, len(lines))
        except RecursionError:
            line, fault = 1, Fault("its values are nested too deeply", "Remove brackets.")
        except ValueError:
            line, fault = 1, Fault("a number in it is too long", "Shorten it.")
        broken.append((line, fault))
        if len(broken) >= _MOST or not _may_be_left_out(lines[line - 1]):
            return Document(None, text, tuple(broken))
        names.update(_NAME.findall(lines[line - 1].partition("=")[0] + "="))
        lines[line - 1] = ""


def _told(error: tomllib.TOMLDecodeError, last: int) -> tuple[int, Fault]:
    match = _SAID.fullmatch(str(error))
    said = match[1] if match else str(error)
    line = int(match[2]) if match and match[2] else last
    remedy = next((remedy for words, remedy in _REMEDIES if words in said), "Correct this line.")
    plain = re.sub(r"\(((?:'[^']*'(?:, )?)+),?\)", lambda names: names[1].replace("', '", "."), said)
    return line, Fault(f"this is not valid TOML: {plain[:1].lower()}{plain[1:]}", remedy)


def _may_be_left_out(line: str) -> bool:
    """Whether it is one key with its value, all on this line: without it the others mean what they mean."""
    pairs = (("[", "]"), ("{", "}"), ("“", "”"))
    return (
        _PAIR.fullmatch(line) is not None
        and not any(quotes in line for quotes in ('"""', "'''"))
        and all(line.count(opened) == line.count(closed) for opened, closed in pairs)
    )
