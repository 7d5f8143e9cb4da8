"""What the form says, per language: one TOML file each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from werkzeug.datastructures import LanguageAccept

from jobs.settings.model import FormSettings

DEFAULT = "en"
ROOM = "webapp.hosted_form"  # whose folder of texts is meant


@cache
def available(room: str = ROOM) -> frozenset[str]:
    """The languages that have a catalogue."""
    folder = files(room) / "texts"
    return frozenset(
        name.removesuffix(".toml") for one in folder.iterdir() if (name := one.name).endswith(".toml")
    )


@cache
def texts(language: str, room: str = ROOM) -> Mapping[str, Any]:
    """The catalogue of an available language."""
    source = files(room) / "texts" / f"{language}.toml"
    return tomllib.loads(source.read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Words:
    """What the brokerage says on its form, in one language."""

    heading: str
    intro: str
    button: str
    thank_you: str
    consent: str


def words(form: FormSettings, language: str) -> Words:
    """The brokerage's own words in the form's first language, else ours; its consent text in each."""
    ours = texts(language)
    own = form if language == form.languages[0] else None
    return Words(
        heading=(own and own.heading) or ours["page"]["heading"],
        intro=own.intro if own else "",
        button=(own and own.button) or ours["page"]["submit"],
        thank_you=(own and own.thank_you) or ours["thanks"]["text"],
        consent=form.consent_in(language),
    )


def choose(offered: Sequence[str], asked: str, accepted: LanguageAccept, room: str = ROOM) -> str:
    """The language to speak: the one asked for, else the browser's, else the path's first; all must exist."""
    spoken = [one for one in offered if one in available(room)] or [DEFAULT]
    return asked if asked in spoken else accepted.best_match(spoken) or spoken[0]
