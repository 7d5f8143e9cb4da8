"""The command line: firstpath init, check, provision, serve, worker and the rest."""

from __future__ import annotations

import sys

import click

from webapp.cli.api import api
from webapp.cli.crm_setup import check, provision
from webapp.cli.errors import as_message
from webapp.cli.identify import identify
from webapp.cli.import_leads import import_leads
from webapp.cli.inbox import inbox
from webapp.cli.keys import keys
from webapp.cli.link import link
from webapp.cli.path import path
from webapp.cli.playbook import playbook
from webapp.cli.priority import priority
from webapp.cli.quarantine import quarantine
from webapp.cli.rates import rates_fell
from webapp.cli.review import review
from webapp.cli.run import serve, worker
from webapp.cli.sandbox import sandbox
from webapp.cli.setup import init
from webapp.cli.status import status
from webapp.cli.try_out import demo
from webapp.cli.users import user


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="firstpath")
def firstpath() -> None:
    """Turn mortgage inquiries into owned contacts, deals and tasks in the CRM you have.

    A first hour: `firstpath init`, then `firstpath check`, `firstpath provision`, `firstpath serve`.
    To look around without any account: `firstpath demo`.
    """


_COMMANDS = (
    *(init, check, provision, path, playbook, serve, worker, status),
    *(quarantine, review, priority, api, import_leads, identify, inbox, link, rates_fell),
    *(user, keys, sandbox, demo),
)
for command in _COMMANDS:
    firstpath.add_command(command)


def main() -> None:
    """Run one command. Exit code 0: done; 1: it could not be done; 2: wrong arguments or settings."""
    try:
        # Without click's standalone mode an Exit becomes the returned code.
        sys.exit(firstpath.main(standalone_mode=False))
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Exception as error:
        message, code = as_message(error)
        click.echo(message, err=True)
        sys.exit(code)
