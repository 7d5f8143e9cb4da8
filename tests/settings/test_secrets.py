"""Secrets come from three places; weak, known and missing ones stop the start."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.crm.base import AuthFailed
from jobs.settings.load import load_settings
from jobs.settings.new_secrets import generate_secrets, new_path_key, path_key_digest
from jobs.settings.problem import Problem, SettingsInvalid
from jobs.settings.secrets import REREAD_SECONDS, ReloadingSecret, SecretSource, access_token
from tests.settings.installation import CONFIG, ENVIRON, predictable, write_config

TOKEN = "FIRSTPATH_CRM_HUBSPOT_TOKEN"
GOOD_TOKEN = ENVIRON[TOKEN]


def key_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


STRONG = key_of(predictable(32))

REFUSED = [
    ("FIRSTPATH_SECRET_KEY", "", "missing"),
    ("FIRSTPATH_SECRET_KEY", STRONG[:42], "32 random bytes"),
    ("FIRSTPATH_SECRET_KEY", "a" * 64, "too weak"),
    ("FIRSTPATH_SECRET_KEY", "0123456789abcdef" * 4, "too weak"),
    ("FIRSTPATH_SECRET_KEY", "changeme" + STRONG, "known to everybody"),
    ("FIRSTPATH_SECRET_KEY", f"{STRONG},short", "too weak"),
    ("FIRSTPATH_ENCRYPTION_KEYS", "", "missing"),
    ("FIRSTPATH_ENCRYPTION_KEYS", STRONG, "id:key"),
    ("FIRSTPATH_ENCRYPTION_KEYS", f"K 1:{STRONG}", "id:key"),
    ("FIRSTPATH_ENCRYPTION_KEYS", "k1:not+base64url!", "not base64url"),
    ("FIRSTPATH_ENCRYPTION_KEYS", f"k1:{key_of(predictable(31))}", "not 32 bytes"),
    ("FIRSTPATH_ENCRYPTION_KEYS", f"k1:{key_of(bytes(32))}", "not random"),
    ("FIRSTPATH_ENCRYPTION_KEYS", f"k1:{STRONG},k1:{key_of(predictable(64)[32:])}", "one key id twice"),
    ("FIRSTPATH_LOOKUP_KEY", "", "missing"),
    ("FIRSTPATH_LOOKUP_KEY", key_of(bytes(range(32))), "not random"),
    ("FIRSTPATH_LOOKUP_KEY", "shorties", "32 bytes"),
    (TOKEN, "", "missing"),
    (TOKEN, "pat-na1-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "known to everybody"),
    (TOKEN, "<your private app token>", "known to everybody"),
    (TOKEN, "pat-na1-6f", "too short"),
    (TOKEN, "pat na1 6f2d4c1e 9a0b", "not a token"),
    ("FIRSTPATH_PATH_PURCHASE_SECRET", "", "missing"),
    ("FIRSTPATH_PATH_PURCHASE_SECRET", "hello", "too weak"),
    ("FIRSTPATH_PATH_PURCHASE_SECRET", "your-typeform-secret", "known to everybody"),
]


def problems_of(folder: Path, environ: Mapping[str, str], text: str = CONFIG) -> tuple[Problem, ...]:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(write_config(folder, text), environ)
    return caught.value.problems


@pytest.mark.parametrize(("name", "value", "words"), REFUSED)
def test_a_bad_secret_is_refused_without_repeating_it(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    (problem,) = problems_of(tmp_path, {**ENVIRON, name: value})
    assert (problem.key, problem.line) == (name, 0)
    assert words in problem.message
    assert f"secrets/{name}" in problem.remedy
    assert not value or value not in str(problem)


def test_a_missing_key_of_ours_comes_with_the_command_that_makes_one(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, {})
    own = [problem for problem in problems if problem.key in generate_secrets(predictable)]
    assert len(own) == 3
    assert all("python3 -c" in problem.remedy for problem in own)


def test_a_secret_is_looked_for_in_three_places_in_order(tmp_path: Path) -> None:
    named = tmp_path / "named"
    folder = tmp_path / "secrets"
    folder.mkdir()
    source = SecretSource({}, folder)
    assert source.read(TOKEN) == ""
    (folder / TOKEN).write_text("from the folder\n")
    assert source.read(TOKEN) == "from the folder"
    named.write_text("from the named file\n")
    environ = {f"{TOKEN}_FILE": str(named)}
    assert SecretSource(environ, folder).read(TOKEN) == "from the named file"
    assert SecretSource({**environ, TOKEN: "from the variable"}, folder).read(TOKEN) == "from the variable"


def test_a_named_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    environ = {name: value for name, value in ENVIRON.items() if name != TOKEN}
    (problem,) = problems_of(tmp_path, {**environ, f"{TOKEN}_FILE": str(tmp_path / "absent")})
    assert problem.key == TOKEN
    assert "not there" in problem.message


def test_a_crm_that_nothing_is_written_to_yet_may_lack_its_token(tmp_path: Path) -> None:
    environ = {name: value for name, value in ENVIRON.items() if name != TOKEN}
    text = CONFIG.replace('state = "live"', 'state = "shadow"')
    crm = load_settings(write_config(tmp_path, text), environ).crms["hubspot"]
    with pytest.raises(AuthFailed, match=TOKEN):
        crm.secrets["TOKEN"]()


@pytest.mark.parametrize("name", ["FIRSTPATH_LEDGER_URL", "FIRSTPATH_REDIS_URL"])
def test_a_wrong_address_in_the_environment_is_reported_without_repeating_it(
    tmp_path: Path, name: str
) -> None:
    (problem,) = problems_of(tmp_path, {**ENVIRON, name: "mysql://fp:hunter2@db/fp"})
    assert (problem.key, problem.line) == (name, 0)
    assert "hunter2" not in str(problem)


def test_a_repaired_token_file_is_noticed_without_a_restart(tmp_path: Path) -> None:
    now = 0.0
    file = tmp_path / TOKEN
    token = ReloadingSecret(SecretSource({}, tmp_path), TOKEN, access_token, clock=lambda: now)
    with pytest.raises(AuthFailed):
        token()
    file.write_text(GOOD_TOKEN)
    now = REREAD_SECONDS
    assert token() == GOOD_TOKEN
    file.write_text(GOOD_TOKEN[::-1])
    assert token() == GOOD_TOKEN
    now = 2 * REREAD_SECONDS
    assert token() == GOOD_TOKEN[::-1]


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe", None])
def test_a_bad_new_token_never_replaces_a_good_one(tmp_path: Path, content: bytes | None) -> None:
    now = 0.0
    file = tmp_path / TOKEN
    file.write_text(GOOD_TOKEN)
    token = ReloadingSecret(SecretSource({}, tmp_path), TOKEN, access_token, clock=lambda: now)
    assert token() == GOOD_TOKEN
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    now = REREAD_SECONDS
    assert token() == GOOD_TOKEN


@given(st.binary(min_size=64, max_size=64))
def test_secrets_are_nothing_but_the_randomness_they_are_made_of(seed: bytes) -> None:
    made = generate_secrets(lambda count: seed[:count])
    assert base64.urlsafe_b64decode(made["FIRSTPATH_LOOKUP_KEY"]) == seed[:32]
    assert made["FIRSTPATH_ENCRYPTION_KEYS"] == f"k1:{made['FIRSTPATH_LOOKUP_KEY']}"


def test_generated_secrets_are_accepted(tmp_path: Path) -> None:
    settings = load_settings(write_config(tmp_path), {**ENVIRON, **generate_secrets()})
    assert [key_id for key_id, _ in settings.secrets.encryption_keys] == ["k1"]
    assert len(settings.secrets.lookup_key) == 32


def test_several_keys_are_kept_in_order(tmp_path: Path) -> None:
    old, new = key_of(predictable(32)), key_of(predictable(64)[32:])
    environ = {
        **ENVIRON,
        "FIRSTPATH_SECRET_KEY": f"{new} {old}",
        "FIRSTPATH_ENCRYPTION_KEYS": f"k2:{new}, k1:{old.rstrip('=')}",
    }
    secrets = load_settings(write_config(tmp_path), environ).secrets
    assert secrets.signing_keys == (new, old)
    assert [key_id for key_id, _ in secrets.encryption_keys] == ["k2", "k1"]
    assert secrets.encryption_keys[1][1] == predictable(32)


def test_a_path_key_comes_with_its_own_hash() -> None:
    key, digest = new_path_key()
    assert digest == path_key_digest(key)
    assert digest != new_path_key()[1]
    assert len(base64.urlsafe_b64decode(key)) >= 16
