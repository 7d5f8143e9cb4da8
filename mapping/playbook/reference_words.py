"""What docs/playbook.md says besides the keys: how a change goes, and the vocabularies that end the page."""

from __future__ import annotations

from collections.abc import Iterator

from mapping.canonical import CANONICAL_FIELDS
from mapping.facts import SOURCES
from mapping.messages.merge_fields import FIELDS

INTRODUCTION = """\
# The playbook, key by key

A playbook is one TOML document: who works here, who gets which inquiry, what happens next, and what is
written to the CRM. Begin with a shipped one (`firstpath playbook shipped mortgage_us`), change it, and let
`firstpath playbook check FILE` list every mistake with its line.

## From a change to what holds

The file that `[playbook]` in the settings names holds until a revision is published. From then on the
revision published last holds, in every process within a second; `firstpath playbook show` and
`firstpath status` say which one it is. Each decision names the revision it was made under. Follow-ups that
are planned already are looked at again after a publication, some hundred inquiries every minute: touches
that no longer fit are called off, new ones come, and a task that stands in the CRM keeps its date.

| step | command |
| --- | --- |
| take the text that holds | `firstpath playbook pull playbook.toml` |
| change it, and check it | `firstpath playbook check playbook.toml` |
| store it as the draft | `firstpath playbook push playbook.toml --on N` (refused once N holds no more) |
| see what it says otherwise | `firstpath playbook diff` |
| try it on what arrived | `firstpath playbook simulate --since 30d` |
| let it hold | `firstpath playbook publish --message "why"` |
| look back, and go back | `firstpath playbook show --list`, `firstpath playbook rollback N` |

## Its keys

This page is written from the schema that reads playbooks; all examples together are one valid
playbook. A key without a value under "left out" is needed."""

_MERGED = """## Merge fields

What may stand in double braces in a text of [templates]. `{% if missing %}`, `{% else %}` and `{% endif %}`
ask whether a field is known; nothing else of a template language is understood. Texts are written in the
letters that one message of 160 characters has: an accent that is not among them goes, and an emoji leaves
room for 70 only."""
_FIELDS = """\
## Fields

What a question of a form can fill: the names that `[paths.<path>]` takes."""

_CANONICAL = """\
## Canonical fields

What can be said about an inquiry: the names that `source`, `deal_name` and `[checklists]` take."""


def vocabularies() -> Iterator[str]:
    """The lines of the three lists that end the page."""
    yield from (*_answer_fields(), "", *_canonical(), "", *_merge_fields())


def _answer_fields() -> Iterator[str]:
    yield from (_FIELDS, "", "| name | what it is |", "| --- | --- |")
    yield from (f"| `{name}` | {about} |" for name, about in CANONICAL_FIELDS.items())


def _canonical() -> Iterator[str]:
    yield from (_CANONICAL, "", "| name | what it is | type |", "| --- | --- | --- |")
    for name, source in SOURCES.items():
        options = f": {', '.join(source.options)}" if source.options else ""
        yield f"| `{name}` | {source.label} | {source.type}{options} |"


def _merge_fields() -> Iterator[str]:
    yield from (_MERGED, "", "| field | what it is | when it is not known |", "| --- | --- | --- |")
    for name, one in FIELDS.items():
        instead = f"[brokerage] {', '.join(one.needs)} must be there" if one.needs else one.missing["en"]
        yield f"| `{name}` | {one.about} | {instead or 'nothing'} |"
