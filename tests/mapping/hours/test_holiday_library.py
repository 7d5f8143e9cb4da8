"""The holidays library loaded country by country says the same as when it is loaded whole."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest

from mapping.hours.holiday_library import public_holidays, unofficial_holidays

WHOLE = """
import json, sys
import holidays
import holidays.countries
country, part, year = sys.argv[1:]
found = holidays.country_holidays(country, subdiv=part or None, years=int(year))
print(json.dumps({day.isoformat(): name for day, name in found.items()}))
"""


@pytest.mark.parametrize(("country", "part"), [("US", ""), ("US", "CA"), ("CA", "ON"), ("GU", "")])
def test_the_days_are_those_of_the_whole_library(country: str, part: str) -> None:
    asked = [sys.executable, "-c", WHOLE, country, part, "2026"]
    whole = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    ours = public_holidays(country, part or None, 2026)
    assert {day.isoformat(): name for day, name in ours.items()} == whole


def test_good_friday_is_kept_without_being_public() -> None:
    assert unofficial_holidays("US", 2026)[date(2026, 4, 3)] == "Good Friday"
    assert date(2026, 4, 3) not in public_holidays("US", None, 2026)


@pytest.mark.parametrize(("country", "part"), [("ZZ", None), ("US", "ZZ")])
def test_an_unknown_calendar_is_told(country: str, part: str | None) -> None:
    with pytest.raises(NotImplementedError):
        public_holidays(country, part, 2026)
