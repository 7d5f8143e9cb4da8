"""A new settings file explains every key, and is right as it is written."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.settings.load import load_settings
from jobs.settings.problem import SettingsInvalid
from jobs.settings.render import EXAMPLE, NewConfig, render_config
from jobs.settings.shape import as_toml
from tests.settings.installation import ENVIRON, write_config

ROOT = Path(__file__).resolve().parents[2]
_KEY_LINE = re.compile(r"(?:# )?([a-z_]+|\"[^\"]+\") = ")
HOSTED = replace(EXAMPLE, kind="hosted_form", key_digest="", consent_text='I agree "fully".\nTick to say so.')


def test_the_example_in_the_repository_is_what_is_rendered() -> None:
    assert (ROOT / "config.example.toml").read_text(encoding="utf-8") == render_config(EXAMPLE)


@pytest.mark.parametrize(
    "new",
    [
        EXAMPLE,
        HOSTED,
        replace(EXAMPLE, country="CA", timezone="America/Toronto", shipped_playbook="mortgage_ca"),
    ],
)
def test_a_rendered_file_is_accepted(tmp_path: Path, new: NewConfig) -> None:
    (tmp_path / "playbook.toml").touch()
    settings = load_settings(write_config(tmp_path, render_config(new)), ENVIRON)
    path = settings.paths[new.path]
    assert (settings.brokerage.name, settings.brokerage.country) == (new.brokerage, new.country)
    assert (path.title, path.kind, path.state) == (new.title, new.kind, "draft")
    assert (path.form.consent_text if path.form else "") == new.consent_text


def test_every_key_stands_below_a_remark() -> None:
    lines = render_config(EXAMPLE).splitlines()
    keys = [number for number, line in enumerate(lines) if _KEY_LINE.match(line)]
    assert len(keys) > 35
    bare = [lines[n] for n in keys if not lines[n].startswith('# "') and not lines[n - 1].startswith("# ")]
    assert bare == []
    assert [lines[n] for n in keys if _KEY_LINE.match(lines[n - 1])] == []


def test_what_is_commented_out_may_be_put_in_as_it_stands(tmp_path: Path) -> None:
    text = render_config(HOSTED).replace("# shipped = ", "#shipped = ")
    text = re.sub(r"# \[paths\.[a-z-]+\.(inbox|link[a-z_.]*)\]\n(#.*\n)+", "", text)  # of no hosted form
    lines = [
        line.removeprefix("# ") if re.match(r'# (\[paths|\[crm|"|[a-z_]+ = )', line) else line
        for line in text.splitlines()
    ]
    opened = "\n".join(lines).replace("sha256:<64 hexadecimal digits>", EXAMPLE.key_digest)
    (tmp_path / "playbook.toml").touch()
    settings = load_settings(write_config(tmp_path, opened), ENVIRON)
    assert settings.paths[HOSTED.path].fields == {"Your name": "full_name"}
    assert settings.queue.redis_url
    assert {crm.kind: crm.login for crm in settings.crms.values()} == {
        "hubspot": "token",
        "salesforce": "client_credentials",
        "highlevel": "token",
    }
    assert settings.playbook.file == tmp_path / "playbook.toml"


def test_a_hosted_form_without_consent_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "playbook.toml").touch()
    file = write_config(tmp_path, render_config(replace(HOSTED, consent_text="")))
    with pytest.raises(SettingsInvalid, match="consent_text: is missing"):
        load_settings(file, ENVIRON)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_being_written_as_toml(text: str) -> None:
    assert tomllib.loads(f"text = {as_toml(text)}") == {"text": text}
