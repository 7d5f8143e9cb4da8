"""What a mail server refuses: told apart, shown, and over as soon as the cause is."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from connectors.crm.base import AuthFailed
from connectors.intake.imap import Login, Server, open_mailbox
from connectors.intake.inbox_errors import FolderGone, InboxError, LoginRefused, Unreachable
from jobs.desk.actions import try_inbox
from jobs.inbox.login import look_in
from jobs.ledger.tables import alert, crm_token, submission
from jobs.services import Services
from tests.jobs.brokerage import ON_SQLITE
from tests.jobs.daily_work import rows, until
from tests.jobs.mailroom import referral, state, watched, with_inbox
from tests.services.cutting_proxy import cutting
from tests.services.imap import PASSWORD, ImapServer
from tests.services.token_authority import CLIENT, REFRESH, SECRET, TokenAuthority

_users = (f"trouble{number}" for number in count(1))


@pytest.fixture
def user() -> str:
    """A mailbox that no other test uses."""
    return next(_users)


@pytest.fixture
def tokens(imap_server: ImapServer, user: str) -> TokenAuthority:
    """The token endpoint that the mail server trusts, for this user's mailbox."""
    fresh = imap_server.tokens
    fresh.revoked, fresh.user, fresh.refresh, fresh.rotates = False, user, REFRESH, False
    fresh.fails_with, fresh.expires_in = 0, 3600
    fresh.asked.clear()
    return fresh


def by_token(services: Services, imap_server: ImapServer, user: str, **secrets: str) -> Services:
    """The inbox with login oauth."""
    said = {"MAIL_REFRESH_TOKEN": REFRESH, "MAIL_CLIENT_SECRET": SECRET, **secrets}
    return with_inbox(
        services,
        imap_server.port,
        user,
        login="oauth",
        client_id=CLIENT,
        token_url=imap_server.tokens.token_url,
        secrets={name: (lambda value=value: value) for name, value in said.items()},
    )


@pytest.mark.parametrize(
    ("login", "folder", "kind", "says"),
    [
        (Login("ann", "wrong"), "INBOX", LoginRefused, "app password"),
        (Login("ann", access_token="wrong"), "INBOX", LoginRefused, "IMAP"),
        (Login("ann", PASSWORD), "Überweisungen", FolderGone, "capitals count"),
        (Login('a"nn\\', "wörng"), "INBOX", LoginRefused, "app password"),
    ],
)
def test_refusals_are_told_apart_and_quote_nobody(
    imap_server: ImapServer, login: Login, folder: str, kind: type[InboxError], says: str
) -> None:
    with (
        pytest.raises(kind) as refused,
        open_mailbox(Server("127.0.0.1", imap_server.port, tls=False), login, folder),
    ):
        pass
    assert says in refused.value.remedy
    assert "ann" not in str(refused.value) + repr(login)


def test_a_server_that_is_not_there_or_does_not_speak_tls_is_unreachable(imap_server: ImapServer) -> None:
    for server in (
        Server("127.0.0.1", 1, tls=False),
        Server("127.0.0.1", imap_server.port, tls=True, timeout_seconds=5),
    ):
        with pytest.raises(Unreachable), open_mailbox(server, Login("ann", PASSWORD), "INBOX"):
            pass


@ON_SQLITE
def test_over_tls_new_mail_is_heard_of_as_well(
    services: Services, imap_server: ImapServer, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = with_inbox(services, imap_server.tls_port, user, tls=True)
    with pytest.raises(Unreachable, match="certificate is not trusted"):
        look_in(services, "referrals")
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.certificate))
    with watched(services):
        until(lambda: state(services).state == "ok")
        for number in range(1, 4):
            imap_server.put(user, referral(number))
            until(lambda: len(rows(services, submission)) == number)  # noqa: B023


@ON_SQLITE
def test_a_wrong_password_stops_the_inbox_until_it_is_corrected(
    services: Services, imap_server: ImapServer, user: str
) -> None:
    password = ["wrong"]
    services = with_inbox(services, imap_server.port, user, secrets={"MAIL_PASSWORD": lambda: password[0]})
    with watched(services, pause=lambda _seconds: None):
        until(lambda: state(services).state == "refused")
        assert [one.kind for one in rows(services, alert)] == ["inbox"]
        password[0] = PASSWORD
        until(lambda: state(services).state == "ok")
        imap_server.put(user, referral(1))
        until(lambda: len(rows(services, submission)) == 1)
    assert rows(services, alert)[0].acknowledged_at is not None


@ON_SQLITE
def test_a_missing_password_is_said_with_its_name(
    services: Services, imap_server: ImapServer, user: str
) -> None:
    def missing() -> str:
        raise AuthFailed("FIRSTPATH_PATH_REFERRALS_MAIL_PASSWORD is missing or unusable.", remedy="Set it.")

    services = with_inbox(services, imap_server.port, user, secrets={"MAIL_PASSWORD": missing})
    with pytest.raises(LoginRefused, match="FIRSTPATH_PATH_REFERRALS_MAIL_PASSWORD is missing"):
        look_in(services, "referrals")


@ON_SQLITE
def test_check_says_what_it_finds(services: Services, imap_server: ImapServer, user: str) -> None:
    imap_server.put(user, referral(1), referral(2))
    assert look_in(with_inbox(services, imap_server.port, user), "referrals").mails == 2


@ON_SQLITE
def test_a_connection_that_breaks_while_nothing_happens_is_made_anew(
    services: Services, imap_server: ImapServer, user: str
) -> None:
    with cutting(imap_server.port) as proxy:
        services = with_inbox(services, proxy.port, user)
        with watched(services, pause=lambda _seconds: None):
            until(lambda: state(services).state == "ok")
            proxy.cut_all()
            imap_server.put(user, referral(1))
            until(lambda: len(rows(services, submission)) == 1)


@ON_SQLITE
def test_a_token_logs_in_and_a_refresh_token_that_changes_is_kept(
    services: Services, imap_server: ImapServer, user: str, tokens: TokenAuthority
) -> None:
    tokens.rotates = True
    services = by_token(services, imap_server, user)
    for _ in range(2):
        with watched(services):
            until(lambda: state(services).state == "ok")
    assert len(tokens.asked) == 1  # the access token is good for an hour
    assert REFRESH.encode() not in rows(services, crm_token)[0].tokens
    tokens.valid.clear()  # the server forgets the access token before its time
    with watched(services, pause=lambda _seconds: None):
        imap_server.put(user, referral(1))
        until(lambda: len(rows(services, submission)) == 1)
    assert tokens.asked[-1]["refresh_token"] == f"{REFRESH}-1"


@ON_SQLITE
def test_a_revoked_connection_pauses_the_inbox_until_it_is_connected_again(
    services: Services, imap_server: ImapServer, user: str, tokens: TokenAuthority
) -> None:
    tokens.revoked = True
    services = by_token(services, imap_server, user)
    with watched(services):
        until(lambda: state(services).state == "paused")
        assert "MAIL_REFRESH_TOKEN" in state(services).remedy
        tokens.revoked = False
        assert try_inbox(services, "referrals", "admin")
        until(lambda: state(services).state == "ok")
    assert not try_inbox(services, "referrals", "admin")


@ON_SQLITE
@pytest.mark.parametrize(
    ("status", "secret", "kind"),
    [
        (503, SECRET, Unreachable),
        (429, SECRET, Unreachable),
        (400, SECRET, LoginRefused),
        (0, "old", LoginRefused),
    ],
)
def test_what_a_token_endpoint_says_is_told_apart(
    services: Services,
    imap_server: ImapServer,
    user: str,
    tokens: TokenAuthority,
    status: int,
    secret: str,
    kind: type[InboxError],
) -> None:
    tokens.fails_with = status
    services = by_token(services, imap_server, user, MAIL_CLIENT_SECRET=secret)
    with pytest.raises(kind) as refused:
        look_in(services, "referrals")
    assert secret not in str(refused.value)


@ON_SQLITE
def test_an_app_without_a_secret_sends_none(
    services: Services, imap_server: ImapServer, user: str, tokens: TokenAuthority
) -> None:
    def missing() -> str:
        raise AuthFailed("missing")

    services = by_token(services, imap_server, user)
    path = services.settings.paths["referrals"]
    assert path.inbox is not None
    inbox = replace(path.inbox, secrets={**path.inbox.secrets, "MAIL_CLIENT_SECRET": missing})
    changed = {**services.settings.paths, "referrals": replace(path, inbox=inbox)}
    services = replace(services, settings=replace(services.settings, paths=changed))
    assert look_in(services, "referrals").mails == 0
    assert "client_secret" not in tokens.asked[-1]
