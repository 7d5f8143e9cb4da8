"""Whether templates can be sent as they stand: known merge fields, one text each, what the law asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from jinja2 import TemplateSyntaxError

from mapping.hours.zones import zone
from mapping.messages import merge_words
from mapping.messages.merge_fields import FIELDS
from mapping.messages.sms import length, simpler
from mapping.playbook.faults import Fault, likely, nearest
from mapping.playbook.lines import Path
from mapping.playbook.templates import ENVIRONMENT, WRITTEN, parsed

_LANGUAGES = ("es", "fr")
_SIGNED = ({"signature"}, {"owner.licence", "brokerage.licence", "brokerage.address"})
_LONG_MOMENT = datetime(2026, 9, 23, 22, 30, tzinfo=zone("America/New_York"))
_STOP = ("STOP", "ARRET", "ALTO")

Finding = tuple[Path, Fault]


def template_check(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Every mistake in the texts of a playbook's TOML data, and touches whose template does not exist."""
    templates = _tables(data.get("templates"))
    brokerage = data.get("brokerage")
    known = brokerage if isinstance(brokerage, dict) else {}
    for name, template in templates.items():
        for language, path, wording in _wordings(name, template):
            yield from _wording(path, wording, template, known, _longest(data, language))
    yield from _touches(data, templates)


def _wordings(name: str, template: Mapping[str, Any]) -> Iterator[tuple[str, Path, Mapping[str, Any]]]:
    yield "en", ("templates", name), template
    for language in _LANGUAGES:
        if isinstance(template.get(language), dict):
            yield language, ("templates", name, language), template[language]


def _wording(
    path: Path,
    wording: Mapping[str, Any],
    template: Mapping[str, Any],
    brokerage: Mapping[str, Any],
    longest: Mapping[str, str],
) -> Iterator[Finding]:
    channel, names, readable = template.get("channel"), set[str](), True
    for key in ("subject", "text"):
        written = wording.get(key)
        if not isinstance(written, str):
            continue
        faults = list(_faults(written, brokerage))
        readable = readable and not faults
        yield from (((*path, key), fault) for fault in faults)
        if not faults:
            names |= {name for name, _ in parsed(written).fields}
    if channel in WRITTEN and not wording.get("subject") and "subject" not in _meant(wording):
        yield path, Fault("an email needs a subject", 'Add subject = "...".')
    if channel in ("text", "call") and "subject" in wording:
        yield (*path, "subject"), Fault("a text and a call have no subject", "Remove this line.")
    if readable and isinstance(wording.get("text"), str):
        yield from _lawful((*path, "text"), wording["text"], template, names)
        if channel == "text":
            yield from _short((*path, "text"), wording["text"], longest)


def _meant(wording: Mapping[str, Any]) -> set[str]:
    """The keys that misspelled ones of this table stand for: those are told by themselves."""
    known = ("channel", "purpose", "type", "opens", "subject", "text", *_LANGUAGES)
    return {likely(key, known) for key in wording if key not in known}


def _faults(written: str, brokerage: Mapping[str, Any]) -> Iterator[Fault]:
    try:
        found = parsed(written)
    except TemplateSyntaxError as e:
        message = "this is not written as a template"
        yield Fault(message, "Write merge fields as {{ owner.name }}.", line=e.lineno)
        return
    if not found.plain:
        remedy = "Use merge fields, {% if field %}, {% else %} and {% endif %} only."
        yield Fault("a text may hold nothing but merge fields and conditions", remedy)
        return
    for name, line in found.fields:
        if name not in FIELDS:
            yield Fault("a merge field does not exist", nearest(name, list(FIELDS)), line=line)
            continue
        absent = [key for key in FIELDS[name].needs if not brokerage.get(key)]
        if absent:
            remedy = f"Add {absent[0]} to the table [brokerage], or write without it."
            yield Fault(f"{name} has nothing to say", remedy, line=line)


def _lawful(path: Path, text: str, template: Mapping[str, Any], names: set[str]) -> Iterator[Finding]:
    channel = template.get("channel")
    if channel in WRITTEN and not any(signed <= names for signed in _SIGNED):
        message = "an email must show licences, address and how to end it"
        yield path, Fault(message, "End it with {{ signature }}.")
    opens = template.get("opens") is True
    if channel == "text" and opens and "opt_out" not in names and not any(word in text for word in _STOP):
        yield path, Fault("a first text must say how to end them", "End it with {{ opt_out }}.")


def _short(path: Path, text: str, longest: Mapping[str, str]) -> Iterator[Finding]:
    values: dict[str, Any] = {}
    for name, _ in parsed(text).fields:
        group, dot, key = name.partition(".")
        if dot:
            values.setdefault(group, {})[key] = longest[name]
        else:
            values[group] = longest[name]
    long, room = length(simpler(ENVIRONMENT.from_string(text).render(values)))
    if long > room:
        why = "" if room == 160 else ", because of an emoji or a letter that texts do not have"
        message = f"this text can get {long} characters long, and one message holds {room}{why}"
        yield path, Fault(message, "Say it in fewer words, or without such characters.")


def _longest(data: Mapping[str, Any], language: str) -> dict[str, str]:
    """The longest values that may stand in a text: of the team, the brokerage, and of borrowers."""
    brokerage = _tables(data).get("brokerage", {})
    team = [str(row.get("name", "")) for row in _rows(data.get("team"))]
    found = {name: field.longest or field.missing[language] for name, field in FIELDS.items()}
    found["greeting"] = f"{merge_words.GREETINGS[language]} {FIELDS['borrower.first_name'].longest}"
    found["opt_out"] = merge_words.OPT_OUT["text"][language]
    found["meeting.time"] = merge_words.moment_in(_LONG_MOMENT, language)
    found["need"] = max((merge_words.need_in(kind, language) for kind in merge_words.NEEDS), key=len)
    if team:
        found["owner.name"] = max(team, key=len)
        found["owner.first_name"] = max((name.partition(" ")[0] for name in team), key=len)
    for name, field in FIELDS.items():
        if len(field.needs) == 1 and brokerage:
            found[name] = str(brokerage.get(field.needs[0], ""))
    return found


def _touches(data: Mapping[str, Any], templates: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Touches that name a template which is not there, or which is for another channel."""
    for index, cadence in enumerate(_rows(data.get("cadence"))):
        for position, touch in enumerate(_rows(cadence.get("touch"))):
            name, path = touch.get("template"), ("cadence", index, "touch", position, "template")
            if not isinstance(name, str) or not name:
                continue
            if name not in templates:
                yield path, Fault("this template does not exist", nearest(name, list(templates)))
                continue
            channel, sent = touch.get("channel", "preferred"), templates[name].get("channel")
            both_written = channel in WRITTEN and sent in WRITTEN
            if channel in ("call", "text", *WRITTEN) and channel != sent and not both_written:
                yield path, Fault("this template is for another channel", "Name one for the touch's channel.")


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _tables(value: Any) -> dict[str, dict[str, Any]]:
    items = value.items() if isinstance(value, dict) else ()
    return {name: table for name, table in items if isinstance(table, dict)}
