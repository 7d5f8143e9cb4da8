"""The settings of an inbox: what is needed, what is wrong, where its secrets come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.crm.base import AuthFailed
from jobs.settings.load import load_settings
from jobs.settings.model import InboxSettings
from jobs.settings.problem import SettingsInvalid
from tests.settings.installation import CONFIG, ENVIRON, write_config

PATH = """
[paths.referrals]
title = "Referral inbox"
kind = "email"
state = "live"
crm = ["hubspot"]
authserv_id = "mx.example.com"

[paths.referrals.inbox]
host = "imap.example.com"
username = "referrals@example.com"
"""
OAUTH = PATH + 'login = "oauth"\nclient_id = "1234.apps"\ntoken_url = "https://oauth2.example.com/token"\n'
PASSWORD = {"FIRSTPATH_PATH_REFERRALS_MAIL_PASSWORD": "correct horse"}
REFRESH = {"FIRSTPATH_PATH_REFERRALS_MAIL_REFRESH_TOKEN": "1//0gTokenOfNobodyAtAll"}


def inbox(folder: Path, text: str, **secrets: str) -> InboxSettings:
    settings = load_settings(write_config(folder, CONFIG + text), {**ENVIRON, **secrets})
    found = settings.paths["referrals"].inbox
    assert found is not None
    return found


def test_host_and_username_are_enough(tmp_path: Path) -> None:
    found = inbox(tmp_path, PATH, **PASSWORD)
    assert (found.port, found.tls, found.folder, found.check_seconds) == (993, True, "INBOX", 60)
    assert found.secrets["MAIL_PASSWORD"]() == "correct horse"
    assert "correct horse" not in repr(found)


def test_an_app_password_may_be_copied_as_google_shows_it(tmp_path: Path) -> None:
    shown = {"FIRSTPATH_PATH_REFERRALS_MAIL_PASSWORD": "abcd efgh ijkl mnop"}
    assert inbox(tmp_path, PATH, **shown).secrets["MAIL_PASSWORD"]() == "abcdefghijklmnop"


def test_oauth_needs_a_refresh_token_and_may_do_without_a_client_secret(tmp_path: Path) -> None:
    found = inbox(tmp_path, OAUTH, **REFRESH)
    assert found.secrets["MAIL_REFRESH_TOKEN"]() == "1//0gTokenOfNobodyAtAll"
    with pytest.raises(AuthFailed):
        found.secrets["MAIL_CLIENT_SECRET"]()


def test_without_tls_only_on_this_machine(tmp_path: Path) -> None:
    text = PATH.replace("imap.example.com", "127.0.0.1") + "tls = false\n"
    assert inbox(tmp_path, text, **PASSWORD).port == 143


@pytest.mark.parametrize(
    ("text", "secrets", "says"),
    [
        (PATH, {}, "FIRSTPATH_PATH_REFERRALS_MAIL_PASSWORD: is missing"),
        (OAUTH, PASSWORD, "FIRSTPATH_PATH_REFERRALS_MAIL_REFRESH_TOKEN: is missing"),
        (PATH + "tls = false\n", PASSWORD, "inbox.tls: would send the password unencrypted"),
        (PATH + 'login = "oauth"\n', REFRESH, "inbox.client_id: is missing"),
        (PATH.replace('"email"', '"form"') + "\n", PASSWORD, "inbox: has no meaning for kind form"),
        (
            PATH.replace("imap.example.com", "https://imap.example.com"),
            PASSWORD,
            "inbox.host: is not the name",
        ),
        (PATH.replace('host = "imap.example.com"\n', ""), PASSWORD, "inbox.host: is missing"),
        (PATH + "check_seconds = 3000\n", PASSWORD, "inbox.check_seconds: 3000 is out of range"),
        (PATH + 'folder = "a\\r\\nb"\n', PASSWORD, "inbox.folder: holds a character"),
        (PATH + 'pasword = "x"\n', PASSWORD, "inbox.pasword"),
        (PATH.partition("[paths.referrals.inbox]")[0], {}, "inbox: is missing: no mail could arrive"),
        (PATH.replace("authserv_id", 'partners = "some"\nauthserv_id'), PASSWORD, "partners"),
        (PATH.replace("authserv_id", 'attachments = "keeps"\nauthserv_id'), PASSWORD, 'Did you mean "keep"?'),
    ],
)
def test_what_is_wrong_is_said_with_its_key_and_line(
    tmp_path: Path, text: str, secrets: dict[str, str], says: str
) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        inbox(tmp_path, text, **secrets)
    assert says in str(refused.value)
    assert "correct horse" not in str(refused.value)


def test_a_draft_may_still_be_without_its_secret(tmp_path: Path) -> None:
    draft = PATH.replace('state = "live"', 'state = "draft"')
    with pytest.raises(AuthFailed, match="FIRSTPATH_PATH_REFERRALS_MAIL_PASSWORD"):
        inbox(tmp_path, draft).secrets["MAIL_PASSWORD"]()
