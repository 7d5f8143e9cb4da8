"""Which time zone data counts."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mapping.hours.zones import host_version, prefer_newest


@pytest.mark.parametrize(("text", "version"), [("# version 2025b\n# more", "2025b"), ("", ""), ("\xe9", "")])
def test_the_hosts_release_is_read_from_its_data(tmp_path: Path, text: str, version: str) -> None:
    (tmp_path / "tzdata.zi").write_bytes(text.encode("latin-1"))
    assert host_version(("/nowhere", str(tmp_path))) == version


def test_a_host_without_data_has_no_release(tmp_path: Path) -> None:
    assert host_version((str(tmp_path),)) == ""


def test_british_columbia_no_longer_changes_clocks() -> None:
    prefer_newest()
    winter = datetime(2026, 12, 7, 12, tzinfo=UTC).astimezone(zoneinfo.ZoneInfo("America/Vancouver"))
    assert winter.hour == 5
