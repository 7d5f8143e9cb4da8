"""The holidays library, of which only the countries that somebody asks for are loaded.

It loads each country when it is first named, but as part of a package that loads all 250: 8 MB for two.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from importlib.util import find_spec, module_from_spec

import holidays

_PACKAGE = "holidays.countries"


def public_holidays(country: str, part: str | None, year: int) -> Mapping[date, str]:
    """Public holidays by their names, observed days included. part is a state, province or territory.

    Raises NotImplementedError when the library does not know the country or the part.
    """
    found: Mapping[date, str] = holidays.country_holidays(country, subdiv=part, years=year)
    return found


def unofficial_holidays(country: str, year: int) -> Mapping[date, str]:
    """Days by their names that many keep though they are no public holidays."""
    found: Mapping[date, str] = holidays.country_holidays(country, years=year, categories=("unofficial",))
    return found


def _load_countries_one_by_one() -> None:
    """Put a package there that knows where its modules are and loads none of them by itself."""
    if _PACKAGE in sys.modules:
        return
    spec = find_spec(_PACKAGE)
    if spec is not None:
        sys.modules[_PACKAGE] = module_from_spec(spec)


_load_countries_one_by_one()
