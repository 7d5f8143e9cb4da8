"""firstpath link: application links from the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli.options import config_option, connect

if TYPE_CHECKING:
    from jobs.services import Services


@click.group()
def link() -> None:
    """Application links: one for each loan officer, partner and campaign."""


@link.command()
@click.argument("path")
@click.option("--owner", default="", help="The loan officer's email address; left out: whose turn it is.")
@click.option("--partner-name", default="", help="Who hands the link out.")
@click.option("--partner-email", default="", help="That partner's email address.")
@click.option("--campaign", default="", help="What it is for, e.g. open-house-march.")
@config_option
def add(path: str, owner: str, partner_name: str, partner_email: str, campaign: str, config: Path) -> None:
    """Make a link on an intake path of kind application_link and print its address."""
    from jobs.links import address_of, create_link

    services = connect(config)
    made = create_link(
        services,
        path,
        owner,
        "system",
        partner_name=partner_name,
        partner_email=partner_email,
        campaign=campaign,
    )
    click.echo(address_of(services, made.code))
    services.ledger.close()


@link.command("list")
@click.option("--owner", default="", help="Only this loan officer's.")
@config_option
def list_command(owner: str, config: Path) -> None:
    """Every link with how often it was opened, and how many applications were started and submitted."""
    from jobs.links import list_links

    services = connect(config)
    for line in list_links(services, owner):
        one = line.link
        partner = one.partner_name or one.partner_email or "no partner"
        closed = "  (closed)" if one.disabled_at else ""
        click.echo(
            f"{line.address}  {one.owner or 'whose turn it is'}  {partner}  {one.campaign or 'no campaign'}  "
            f"opened {line.opened}, started {line.started}, submitted {line.submitted}{closed}"
        )
    services.ledger.close()


@link.command()
@click.argument("code")
@config_option
def disable(code: str, config: Path) -> None:
    """Close a link for good."""
    from jobs.links import disable_link

    services = connect(config)
    found = _found(services, code)
    done = disable_link(services, found, "system")
    click.echo("The link is closed." if done else "The link was closed already.")
    services.ledger.close()


@link.command()
@click.argument("code")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The SVG file to write.")
@config_option
def qr(code: str, out: Path | None, config: Path) -> None:
    """Write a link's QR code as an SVG."""
    from jobs.links import address_of
    from webapp.qr import qr_svg

    services = connect(config)
    found = _found(services, code)
    file = out or Path(f"application-link-{found}.svg")
    file.write_bytes(qr_svg(address_of(services, found)))
    click.echo(f"{file} leads to {address_of(services, found)}")
    services.ledger.close()


def _found(services: Services, code: str) -> str:
    """The code as it is stored; an address will do. Raises LinkProblem."""
    from jobs.links import LinkProblem, find_link

    found = find_link(services, code.rstrip("/").rpartition("/")[2])
    if found is None:
        raise LinkProblem("There is no link with this code; see `firstpath link list`.")
    return found.code
