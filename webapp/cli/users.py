"""firstpath user: accounts at the desk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from webapp.cli.options import config_option, connect


@click.group()
def user() -> None:
    """Who may log in at the desk."""


@user.command()
@click.argument("email")
@click.option(
    "--role", type=click.Choice(["admin", "consultant", "broker"]), default="admin", show_default=True
)
@click.option("--name", default="", help="As shown at the desk.")
@config_option
def add(email: str, role: str, name: str, config: Path) -> None:
    """Make an account and print a one-time log-in link for it."""
    from webapp.accounts.people import create_login_link, create_user

    services = connect(config)
    made = create_user(services, email, role, name=name)
    click.echo(f"{made.email} may log in as {made.role}. Link, good once and for 24 hours:")
    click.echo(create_login_link(services, made.id))
    services.ledger.close()


@user.command()
@click.argument("email")
@click.option("--hours", default=24, show_default=True, type=click.IntRange(1, 168))
@config_option
def link(email: str, hours: int, config: Path) -> None:
    """Print a new one-time log-in link, e.g. for a forgotten password."""
    from webapp.accounts.people import create_login_link, find_user

    services = connect(config)
    click.echo(create_login_link(services, find_user(services, email).id, timedelta(hours=hours)))
    services.ledger.close()


@user.command("list")
@config_option
def list_command(config: Path) -> None:
    """Everybody who has an account."""
    from webapp.accounts.people import list_users

    services = connect(config)
    for one in list_users(services):
        click.echo(f"{one.email}  {one.role}{'  (disabled)' if one.disabled_at else ''}")
    services.ledger.close()


@user.command()
@click.argument("email")
@config_option
def disable(email: str, config: Path) -> None:
    """Close an account at once: every session of it ends."""
    from webapp.accounts.people import find_user, set_disabled

    services = connect(config)
    set_disabled(services, find_user(services, email), True)
    click.echo(f"{email} can no longer log in.")
    services.ledger.close()
