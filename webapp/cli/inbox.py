"""firstpath inbox: asking for mails that are not new; and what `firstpath check` finds in each mailbox."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli.options import config_option, connect

if TYPE_CHECKING:
    from jobs.services import Services

_SPAN = re.compile(r"(\d{1,3})\s*([dh])")
_MOST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class FoundInbox:
    """What was found in one mailbox, or the problem with it ("" = none)."""

    mails: int = 0
    problem: str = ""


def examined(services: Services) -> dict[str, FoundInbox]:
    """Each path's mailbox, logged in to and left again, by the path's name."""
    from connectors.intake.inbox_errors import InboxError
    from jobs.inbox.login import look_in

    found = {}
    for name, path in services.settings.paths.items():
        if path.inbox is None:
            continue
        try:
            found[name] = FoundInbox(mails=look_in(services, name).mails)
        except InboxError as error:
            found[name] = FoundInbox(problem=f"{error} {error.remedy}".rstrip())
    return found


def show(services: Services, found: dict[str, FoundInbox]) -> None:
    """What was found, for people."""
    for name, one in found.items():
        inbox = services.settings.paths[name].inbox
        if one.problem or inbox is None:
            click.echo(f"Inbox of {name}: not ready:\n  - {one.problem}")
        else:
            click.echo(f"Inbox of {name}: fine ({one.mails:,} mails in {inbox.folder}; none was touched).")


def _span(_context: click.Context, _parameter: click.Parameter, value: str) -> timedelta:
    match = _SPAN.fullmatch(value.strip().lower())
    if match is None:
        raise click.BadParameter("Write days or hours like this: 30d or 12h.")
    span = timedelta(days=int(match[1])) if match[2] == "d" else timedelta(hours=int(match[1]))
    if not timedelta() < span <= _MOST:
        raise click.BadParameter("Choose between 1h and 365d.")
    return span


@click.group()
def inbox() -> None:
    """The mailboxes that intake paths read."""


@inbox.command()
@config_option
@click.argument("path", required=False)
@click.option("--since", callback=_span, required=True, help="How far back, such as 30d or 12h.")
def rescan(config: Path, path: str | None, since: timedelta) -> None:
    """Read mails again that arrived before; those that are known stay as they are.

    PATH is the intake path's name; it may be left out when only one path has an inbox. The work is done by
    the running `firstpath serve` or `firstpath worker`, within seconds.
    """
    from jobs.ledger import inboxes

    services = connect(config)
    names = [name for name, one in services.settings.paths.items() if one.inbox is not None]
    if not names:
        raise click.UsageError("No intake path has an inbox: see docs/intake/imap.md.")
    if (path is None and len(names) > 1) or (path is not None and path not in names):
        raise click.UsageError(f"Name one of the paths with an inbox: {', '.join(names)}.")
    chosen, now = path or names[0], services.now()
    with services.ledger.write() as connection:
        inboxes.ask_rescan(connection, services.ledger, chosen, now - since, now)
    services.ledger.close()
    click.echo(f"{chosen}: mails that arrived since {now - since:%Y-%m-%d %H:%M} UTC are read again now.")
