"""firstpath api: tokens for developers who post inquiries directly."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.cli.options import config_option, connect


@click.group()
def api() -> None:
    """The JSON API at /api/v1: docs/intake/api.md tells how it is used."""


@api.command()
@click.argument("path")
@click.option("--name", default="", help="Whose it is, for your own list.")
@config_option
def token(path: str, name: str, config: Path) -> None:
    """Make a token that may post to a path of kind api, and print it once."""
    from jobs.paths.api_tokens import make_token
    from jobs.paths.going_live import COMMAND_LINE

    services = connect(config)
    try:
        known = services.settings.paths.get(path)
        if known is None or known.kind != "api":
            fitting = ", ".join(one.name for one in services.settings.paths.values() if one.kind == "api")
            raise click.UsageError(f"{path} is no path of kind api. There is: {fitting or 'none'}.")
        made = make_token(services, path, name, COMMAND_LINE)
    finally:
        services.ledger.close()
    click.echo(f"Token for {path}, shown once:\n{made}")


@api.command("tokens")
@config_option
def tokens_command(config: Path) -> None:
    """Every token that was made, without its secret."""
    from jobs.paths.api_tokens import tokens

    services = connect(config)
    for one in tokens(services):
        revoked = f"  revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else ""
        click.echo(f"{one.id}  {one.path}  {one.created_at:%Y-%m-%d}  {one.name}{revoked}")
    services.ledger.close()


@api.command()
@click.argument("token_id")
@config_option
def revoke(token_id: str, config: Path) -> None:
    """Let a token in no more, from now on; its id is in `firstpath api tokens`."""
    from jobs.paths.api_tokens import revoke_token
    from jobs.paths.going_live import COMMAND_LINE

    services = connect(config)
    done = revoke_token(services, token_id, COMMAND_LINE)
    services.ledger.close()
    if not done:
        raise click.UsageError("There is no token with this id that still lets somebody in.")
    click.echo("Revoked.")
