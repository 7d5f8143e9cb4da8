"""firstpath status: how much is waiting, and how the CRMs and inboxes are."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from webapp.cli.options import config_option, connect


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(config: Path, as_json: bool) -> None:
    """What is waiting, what failed, and how each CRM and inbox is."""
    from jobs.status import read_status

    now = read_status(connect(config))
    if as_json:
        click.echo(json.dumps(now, default=str))
        return
    for line in lines(now):
        click.echo(line)


def lines(now: dict[str, Any]) -> list[str]:
    """What jobs.status.read_status told, for people."""
    return [
        "Submissions: " + _counts(now["submissions"]),
        "Deliveries:  " + _counts(now["deliveries"]),
        f"Playbook:    {now['playbook']['source']} ({now['playbook']['name']}){_since(now['playbook'])}",
        *(f"{name}: {crm['state']}{_why(crm)}{_calls(crm)}" for name, crm in now["crms"].items()),
        *(
            f"Inbox of {name}: {inbox['state']}{_why(inbox)}{_last(inbox)}"
            for name, inbox in now["inboxes"].items()
        ),
    ]


def _since(playbook: dict[str, Any]) -> str:
    if playbook["published_at"] is None:
        return ", which the settings name"
    return f", published {_moment(playbook['published_at'])} by {playbook['published_by']}"


def _why(crm: dict[str, Any]) -> str:
    """Since when, until when, why and what to do; nothing while it works."""
    if crm["state"] in ("ok", "new"):
        return ""
    until = f", tried again {_moment(crm['until'])}" if crm["until"] else ""
    told = " ".join(part for part in (crm["reason"], crm["remedy"]) if part)
    return f" since {_moment(crm['since'])}{until}: {told}"


def _last(inbox: dict[str, Any]) -> str:
    return f", last mail {_moment(inbox['last_mail_at'])}" if inbox["last_mail_at"] else ""


def _calls(crm: dict[str, Any]) -> str:
    if crm["calls_left"] is None:
        return ""
    return f" ({crm['calls_left']:,} of {crm['calls_limit']:,} calls left at {_moment(crm['calls_at'])})"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _counts(by_state: dict[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(by_state.items())) or "none"
