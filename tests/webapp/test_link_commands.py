"""firstpath link: made, listed, printed and closed at the terminal, with sentences for what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from jobs.settings.load import load_settings
from jobs.settings.problem import SettingsInvalid
from tests.settings.installation import CONFIG, ENVIRON, write_config
from webapp.cli.link import link

LINKS = """
[paths.apply-link]
title = "Apply"
kind = "application_link"
crm = ["hubspot"]
[paths.apply-link.link]
portal_url = "https://apply.example.com/start"
"""


def run(folder: Path, *words: str) -> tuple[int, str]:
    file = folder / "config.toml"
    if not file.exists():
        write_config(folder, CONFIG + LINKS)
    done = CliRunner(env=dict(ENVIRON)).invoke(link, [*words, "--config", str(file)])
    return done.exit_code, done.output + (str(done.exception) if done.exception else "")


def test_a_link_is_made_listed_printed_and_closed(tmp_path: Path) -> None:
    code, said = run(tmp_path, "add", "apply-link", "--partner-name", "Penelope Marsh", "--campaign", "card")
    address = said.strip()
    assert code == 0
    assert address.startswith("https://intake.example.com/a/")
    code, said = run(tmp_path, "list")
    assert f"{address}  whose turn it is  Penelope Marsh  card  opened 0, started 0, submitted 0" in said
    picture = tmp_path / "code.svg"
    assert run(tmp_path, "qr", address, "--out", str(picture))[0] == 0
    assert b"<svg" in picture.read_bytes()
    assert "closed." in run(tmp_path, "disable", address)[1]
    assert "closed already" in run(tmp_path, "disable", address)[1]
    assert "(closed)" in run(tmp_path, "list")[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "purchase"), "no application link path"),
        (("add", "apply-link", "--owner", "nobody@example.com"), "not a member"),
        (("add", "apply-link", "--partner-email", "nonsense"), "not an email address"),
        (("disable", "22222222"), "no link with this code"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    code, said = run(tmp_path, *words)
    assert code != 0
    assert sentence in said


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (('/start"', '/start"\nportal_hosts = ["other.example.com"]'), "not allowed"),
        (("https://apply", "http://apply"), "not encrypted"),
        (("/start", '/start"\nask = "contact'), "consent_text"),
        (("/start", '/start"\nid_parameter = "f p'), "parameter"),
        (('kind = "application_link"', 'kind = "mismo"'), "has no meaning"),
        (("[paths.apply-link.link]", "[paths.apply-link.defaults]"), "is missing"),
    ],
)
def test_settings_that_would_lead_astray_are_refused(
    tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    file = write_config(tmp_path, CONFIG + LINKS.replace(*change))
    with pytest.raises(SettingsInvalid, match=sentence):
        load_settings(file, ENVIRON)
