"""Logging in to a path's mailbox: its password, or an access token that is renewed in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from connectors.crm.base import AuthFailed, Unavailable
from connectors.intake.imap import Folder, Login, Mailbox, Server, open_mailbox
from connectors.intake.inbox_errors import LoginRefused, Unreachable
from connectors.intake.mail_oauth import MailAccess
from jobs.crm.tokens import LedgerTokens
from jobs.services import Services
from jobs.settings.model import InboxSettings


class InboxLogin:
    """The way into one path's mailbox. For one thread."""

    def __init__(self, services: Services, path: str) -> None:
        found = services.settings.paths[path].inbox
        if found is None:
            raise ValueError(f"the path {path} has no inbox")
        self.inbox: InboxSettings = found
        self._services = services
        self._server = Server(found.host, found.port, found.tls)
        self._access = _access(services, path, found) if found.login == "oauth" else None

    @property
    def mailbox(self) -> str:
        """Which mailbox this is, as a keyed hash: another server, user or folder gives another one."""
        where = (self.inbox.host.lower(), self.inbox.username.lower(), self.inbox.folder)
        return self._services.sealer.lookup("inbox", "\0".join(where))

    @property
    def secrets(self) -> str:
        """A hash of the secrets as they are now: another one after somebody has repaired them."""
        said = "\0".join(_value_of(secret) for secret in self.inbox.secrets.values())
        return self._services.sealer.lookup("inbox.secrets", said)

    @contextmanager
    def opened(self) -> Iterator[Mailbox]:
        """The mailbox, logged in. Raises InboxError, LedgerUnavailable."""
        login = self._login()
        try:
            with open_mailbox(self._server, login, self.inbox.folder) as mailbox:
                yield mailbox
        except LoginRefused:
            if self._access is not None:
                self._access.refused(login.access_token)
            raise

    def _login(self) -> Login:
        username = self.inbox.username
        try:
            if self._access is not None:
                return Login(username, access_token=self._access())
            return Login(username, password=self.inbox.secrets["MAIL_PASSWORD"]())
        except AuthFailed as error:
            raise LoginRefused(str(error), remedy=error.remedy) from None
        except Unavailable as error:
            raise Unreachable(str(error), remedy=error.remedy) from None


def look_in(services: Services, path: str) -> Folder:
    """Log in, open the folder and leave again; what was found. Raises InboxError."""
    with InboxLogin(services, path).opened() as mailbox:
        return mailbox.folder


def _access(services: Services, path: str, inbox: InboxSettings) -> MailAccess:
    secrets = inbox.secrets
    tokens = LedgerTokens(
        services.ledger,
        services.sealer,
        f"inbox:{path}",
        secrets["MAIL_REFRESH_TOKEN"],
        now=services.now,
        new_id=services.new_id,
    )
    return MailAccess(
        inbox.token_url,
        inbox.client_id,
        _or_nothing(secrets["MAIL_CLIENT_SECRET"]),
        tokens,
        secrets["MAIL_REFRESH_TOKEN"],
        clock=lambda: services.now().timestamp(),
    )


def _or_nothing(secret: Callable[[], str]) -> Callable[[], str]:
    """Apps for devices have no client secret."""
    return lambda: _value_of(secret)


def _value_of(secret: Callable[[], str]) -> str:
    try:
        return secret()
    except AuthFailed:
        return ""
