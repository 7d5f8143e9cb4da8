"""firstpath inbox rescan and firstpath check, for paths that read a mailbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click
import pytest

from jobs.ledger import inboxes
from jobs.services import open_services, utc_now
from jobs.settings.load import load_settings
from tests.jobs.mailroom import referral
from tests.services.imap import PASSWORD, ImapServer
from tests.settings.installation import CONFIG, ENVIRON, write_config
from tests.settings.test_inbox import PATH
from webapp.cli import firstpath
from webapp.cli.inbox import examined

Run = Callable[..., str]
SECRETS = {**ENVIRON, "FIRSTPATH_PATH_REFERRALS_MAIL_PASSWORD": PASSWORD}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run firstpath beside these settings; what it told."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: str, config: str = CONFIG + PATH) -> str:
        file = write_config(tmp_path, config)
        firstpath.main([*arguments, "--config", str(file)], standalone_mode=False)
        return capsys.readouterr().out

    return call


def test_rescan_leaves_a_wish_for_whoever_watches(run: Run, tmp_path: Path) -> None:
    assert "referrals: mails that arrived since" in run("inbox", "rescan", "--since", "30d")
    services = open_services(load_settings(tmp_path / "config.toml", SECRETS))
    with services.ledger.read() as connection:
        wanted = inboxes.rescan_wanted(connection, "referrals")
    services.ledger.close()
    assert wanted is not None
    assert timedelta(days=29) < utc_now() - wanted < timedelta(days=31)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--since", "soon"), "30d or 12h"),
        (("--since", "0d"), "Choose between"),
        (("--since", "900d"), "Choose between"),
        (("purchase", "--since", "3d"), "referrals"),
    ],
)
def test_rescan_says_what_it_wants(run: Run, arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(click.UsageError, match=says):
        run("inbox", "rescan", *arguments)


def test_rescan_without_any_inbox_says_so(run: Run) -> None:
    with pytest.raises(click.UsageError, match="No intake path has an inbox"):
        run("inbox", "rescan", "--since", "3d", config=CONFIG)


def test_check_looks_into_the_mailbox(run: Run, tmp_path: Path, imap_server: ImapServer) -> None:
    imap_server.put("checked", referral(1))
    text = PATH.replace("imap.example.com", "127.0.0.1").replace("referrals@example.com", "checked")
    for folder, mails, problem in (("INBOX", 1, ""), ("Nowhere", 0, "The folder is not in this mailbox")):
        config = f'{CONFIG}{text}tls = false\nport = {imap_server.port}\nfolder = "{folder}"\n'
        services = open_services(load_settings(write_config(tmp_path, config), SECRETS))
        (found,) = examined(services).values()
        services.ledger.close()
        assert found.mails == mails
        assert found.problem.startswith(problem)
