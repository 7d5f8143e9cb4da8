"""A right file becomes one frozen object, with every default filled in."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from jobs.settings.load import load_settings
from jobs.settings.model import Settings
from jobs.settings.problem import SettingsInvalid
from tests.settings.installation import CONFIG, ENVIRON, write_config

SMALLEST = """\
[brokerage]
name = "Maple Mortgages"
country = "CA"
timezone = "America/Toronto"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(write_config(tmp_path), ENVIRON)


def test_a_path_carries_everything_about_its_way_in(settings: Settings) -> None:
    path = settings.paths["purchase"]
    assert (path.name, path.title, path.kind, path.state) == ("purchase", "Purchase form", "typeform", "live")
    assert path.crm == ("hubspot",)
    assert len(path.keys) == 2
    assert path.fields == {"Your name": "full_name", "newsletter": "ignore"}
    assert path.defaults == {"inquiry_type": "purchase"}
    assert path.secret == ENVIRON["FIRSTPATH_PATH_PURCHASE_SECRET"]
    assert path.form is None


def test_a_hosted_form_is_complete_with_only_its_consent_text(settings: Settings) -> None:
    path = settings.paths["apply-now"]
    assert path.form is not None
    assert path.state == "draft"
    assert path.form.brand_name == "Example Mortgage Group"
    assert path.form.languages == ("en", "es")
    assert path.form.frame_ancestors == ("https://www.example.com",)
    assert (path.form.heading, path.form.button, path.form.thank_you) == ("", "", "")
    assert path.form.consent_in("en") == path.form.consent_text
    assert path.form.consent_in("es") == "Acepto que me contacten por mi consulta."


def test_what_hangs_on_other_values_is_filled_in(settings: Settings, tmp_path: Path) -> None:
    assert settings.brokerage.date_order == "MDY"
    assert settings.server.public_url == "https://intake.example.com"
    assert settings.server.secure_cookies
    assert settings.ledger.url == f"sqlite:///{tmp_path / 'var/firstpath.sqlite3'}"
    assert settings.crms["hubspot"].base_url == "https://api.hubapi.com"
    assert settings.crms["hubspot"].secrets["TOKEN"]() == ENVIRON["FIRSTPATH_CRM_HUBSPOT_TOKEN"]


def test_a_brokerage_alone_is_enough_to_begin(tmp_path: Path) -> None:
    settings = load_settings(write_config(tmp_path, SMALLEST), ENVIRON)
    assert settings.brokerage.date_order == "YMD"
    assert settings.server.public_url == "http://127.0.0.1:8000"
    assert not settings.server.secure_cookies
    assert settings.queue.redis_url == ""
    assert settings.playbook.shipped == "mortgage_ca"
    assert (settings.work.deliver_threads, settings.work.lease_seconds) == (2, 30)
    assert settings.work.sweep_seconds == 10
    assert settings.retention.raw_days == 90
    assert not settings.paths
    assert not settings.crms


def test_a_playbook_file_counts_from_the_settings_file(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").touch()
    text = CONFIG.replace('shipped = "mortgage_us"', 'file = "ours.toml"')
    playbook = load_settings(write_config(tmp_path, text), ENVIRON).playbook
    assert (playbook.file, playbook.shipped) == (tmp_path / "ours.toml", "")


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("FIRSTPATH_LEDGER_URL", "postgresql://fp:pw@db/fp", "postgresql+psycopg://fp:pw@db/fp"),
        ("FIRSTPATH_LEDGER_URL", "sqlite:////srv/a.sqlite3", "sqlite:////srv/a.sqlite3"),
        ("FIRSTPATH_REDIS_URL", "redis://:pw@cache:6379/1", "redis://:pw@cache:6379/1"),
    ],
)
def test_addresses_with_passwords_come_from_the_environment(
    tmp_path: Path, variable: str, value: str, read: str
) -> None:
    settings = load_settings(write_config(tmp_path), {**ENVIRON, variable: value})
    assert read in (settings.ledger.url, settings.queue.redis_url)


def test_printing_the_settings_shows_no_secret(settings: Settings, tmp_path: Path) -> None:
    with_password = {**ENVIRON, "FIRSTPATH_LEDGER_URL": "postgresql://fp:hunter2hunter2@db/fp"}
    printed = repr(settings) + repr(load_settings(write_config(tmp_path), with_password))
    hidden = [*ENVIRON.values(), "hunter2hunter2", repr(settings.secrets.lookup_key)]
    assert [secret for secret in hidden if secret in printed] == []


def test_settings_cannot_be_changed(settings: Settings) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.server.port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("content", "key", "line", "message"),
    [
        (b"[brokerage]\nname = Example\n", "", 2, "not TOML"),
        (b'[brokerage]\nname = "a"\n\nname = "b"\n', "", 4, "not TOML"),
        (b"[brokerage]\n\n\n[server", "", 4, "not TOML"),
        (b'[brokerage]\nname = """\n\n', "", 3, "not TOML"),
        (b"[brokerage]\nname = '\xff'\n", "config.toml", 0, "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(
    tmp_path: Path, content: bytes, key: str, line: int, message: str
) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(file, ENVIRON)
    (problem,) = caught.value.problems
    assert (problem.key, problem.line) == (key, line)
    assert message in problem.message
    assert problem.remedy


def test_a_missing_file_names_the_command_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="firstpath init"):
        load_settings(tmp_path / "config.toml", ENVIRON)


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        load_settings(tmp_path, ENVIRON)
