"""The settings of the mailbox that an intake path reads: where it is, how to log in, what is read of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.intake.registry import ADAPTERS
from jobs.settings import addresses
from jobs.settings.mistake import Key, Mistake, refusal
from jobs.settings.shape import Section, choice, flag, number, text

PORTS = {True: 993, False: 143}
#: login → the secrets it needs and those it may have, by the end of their name.
SECRETS: Mapping[str, tuple[str, ...]] = {
    "password": ("MAIL_PASSWORD",),
    "oauth": ("MAIL_REFRESH_TOKEN", "MAIL_CLIENT_SECRET"),
}
#: Microsoft's apps for devices have no client secret.
OPTIONAL = frozenset({"MAIL_CLIENT_SECRET"})


def mail_host(value: str) -> None:
    """A name or an address, not a URL."""
    if not value or any(mark in value for mark in "/@ \t\r\n") or value.startswith("-"):
        raise refusal("is not the name of a mail server.", 'Write it like this: "imap.example.com"')


def one_line(value: str) -> None:
    """Goes into a command to the mail server."""
    if not value.isprintable():
        raise refusal("holds a character that cannot be typed.", "Write it on one line.")


class InboxSection(Section):
    """[paths.<name>.inbox]"""

    host = text("The mail server, by its name.", example="imap.gmail.com", check=mail_host, needed=True)
    port = number("Its port. Usual: 993, without TLS 143.", 1, 65535, default=None, example=993)
    tls = flag(
        "Encrypt the connection; false is for a server on this machine only.", default=True, example=True
    )
    username = text(
        "Who logs in: mostly the whole address of the mailbox.",
        example="referrals@example.com",
        check=one_line,
        needed=True,
    )
    folder = text("The folder that is read.", example="INBOX", default="INBOX", check=one_line)
    login = choice(
        "password (or an app password): secret FIRSTPATH_PATH_<NAME>_MAIL_PASSWORD; oauth (Gmail, Microsoft "
        "365): secrets _MAIL_REFRESH_TOKEN and, unless the app has none, _MAIL_CLIENT_SECRET.",
        ("password", "oauth"),
        default="password",
    )
    client_id = text("With login oauth: the app's client id.", example="1234.apps.example.com", default="")
    token_url = text(
        "With login oauth: where access tokens are renewed.",
        example="https://oauth2.googleapis.com/token",
        default="",
        check=addresses.optional_web_address,
    )
    check_seconds = number(
        "New mail is told by the server at once; it is looked for anyway this often.", 5, 1500, default=60
    )
    since_days = number(
        "At the very first connection, mails of the last so many days are read too; 0: only what arrives "
        "from then on.",
        0,
        365,
        default=0,
    )


def login_of(inbox: Mapping[str, Any]) -> str:
    """The chosen way to log in, or the usual one."""
    return str(inbox.get("login") or "password")


def needed_secrets(inbox: Mapping[str, Any]) -> tuple[str, ...]:
    """The ends of the names of the secrets that may belong to this inbox."""
    return SECRETS.get(login_of(inbox), ())


def contradictions(name: str, path: Mapping[str, Any]) -> Iterator[tuple[Key, Mistake]]:
    """What is wrong with a path's inbox when its settings are seen together."""
    inbox, key = path.get("inbox"), ("paths", name, "inbox")
    adapter = ADAPTERS.get(path.get("kind", ""))
    if inbox is None:
        if path.get("kind") == "email" and not path.get("keys", ["refused already"]):
            remedy = f"Add a section [paths.{name}.inbox] with host and username."
            yield key, Mistake("is missing: no mail could arrive.", remedy)
        return
    if adapter is not None and path.get("kind") != "email":
        yield key, Mistake(f"has no meaning for kind {path['kind']}.", 'Remove it, or set kind = "email".')
    if inbox.get("tls") is False and not addresses.is_loopback(inbox.get("host", "localhost")):
        remedy = "Remove tls = false; it is for a server on this machine only."
        yield (*key, "tls"), Mistake("would send the password unencrypted.", remedy)
    for one, example in (
        ("client_id", "the id the app shows"),
        ("token_url", "https://oauth2.googleapis.com/token"),
    ):
        if inbox.get("login") == "oauth" and inbox.get(one) == "":
            yield (*key, one), Mistake("is missing.", f'Add it like this: {one} = "{example}"')
