"""Message templates as a playbook holds them, in every language they are written in; each compiled once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import StrictUndefined, Template, nodes
from jinja2.sandbox import SandboxedEnvironment

from mapping.inquiry import InquiryType

#: Channels that are written like a letter: with a subject and a signature.
WRITTEN = ("email", "document_request")
SPOKEN_OR_WRITTEN = ("call", "text", *WRITTEN)
_TEXTS = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)
_PLAIN = (*_TEXTS, nodes.If, nodes.Not, nodes.And, nodes.Or)


@dataclass(frozen=True, slots=True)
class Wording:
    """One template in one language, with the merge fields it uses; subject is "" for what has none."""

    text: str
    subject: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """What is sent or said by a channel. purposes: tasks for these that name no template take this one."""

    name: str
    channel: str  # one of SPOKEN_OR_WRITTEN
    wordings: Mapping[str, Wording]  # language → wording; "en" is always there
    purposes: frozenset[str] = frozenset()
    types: frozenset[InquiryType] = frozenset()  # only for these, empty = all


@dataclass(frozen=True, slots=True)
class Brokerage:
    """Who writes, as messages say it. Links are addresses that begin with https."""

    name: str = ""
    licence: str = ""
    address: str = ""
    phone: str = ""
    apply_link: str = ""
    documents_link: str = ""
    booking_link: str = ""


def _environment() -> SandboxedEnvironment:
    """Where templates live: without functions, filters and anything else that a text has no need of."""
    made = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals.clear()
    made.filters.clear()
    return made


ENVIRONMENT = _environment()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text uses: merge fields, each with its line in there, and whether it uses nothing else."""

    fields: tuple[tuple[str, int], ...]
    plain: bool


@lru_cache(maxsize=4096)
def parsed(text: str) -> Parsed:
    """Read a text, once. Raises jinja2.TemplateSyntaxError."""
    tree = ENVIRONMENT.parse(text)
    return Parsed(tuple(_fields(tree)), all(map(_is_plain, _all(tree))))


@lru_cache(maxsize=4096)
def compiled(text: str) -> Template:
    """A text ready to be filled, made once, when it is first needed. Raises jinja2.TemplateSyntaxError."""
    return ENVIRONMENT.from_string(text)


def wording(text: str, subject: str) -> Wording:
    """A wording and what it uses."""
    names = (name for one in (subject, text) for name, _ in parsed(one).fields)
    return Wording(text, subject, tuple(dict.fromkeys(names)))


def _fields(node: nodes.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        yield f"{node.node.name}.{node.attr}", node.lineno
        return
    if isinstance(node, nodes.Name):
        yield node.name, node.lineno
    for child in node.iter_child_nodes():
        yield from _fields(child)


def _is_plain(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Getattr):
        return isinstance(node.node, nodes.Name)
    return isinstance(node, _PLAIN)


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)
