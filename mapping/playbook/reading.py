"""How what arrives is read, as far as a playbook says: words for inquiry types, and each path's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mapping.reading.classify import Categories


@dataclass(frozen=True, slots=True)
class PathReading:
    """One intake path's answers.

    fields maps the sender's key or label to a canonical field, "ignore" or "keep"; values a canonical
    field's answers to what they mean; defaults canonical fields to what holds when nothing was answered.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """categories are asked before Firstpath's own words; paths are by their names in the settings."""

    categories: Categories = ()
    paths: Mapping[str, PathReading] = field(default_factory=dict)
