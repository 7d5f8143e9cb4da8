"""firstpath check and provision: is everything connected, and is the CRM prepared?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.cli.inbox import examined, show
from webapp.cli.options import config_option, connect

if TYPE_CHECKING:
    from connectors.crm.base import ProvisionStep
    from jobs.crm.checks import Checked
    from jobs.services import Services

#: state of a step → (mark, what it says)
_STATES = {
    "will_create": ("+", "will create"),
    "created": ("+", "created"),
    "differs": ("!", "differs"),
    "needs_person": ("?", "only a person can"),
    "exists": ("=", "already there"),
}


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def check(config: Path, as_json: bool) -> None:
    """Verify the settings, the playbook, the ledger, each CRM and each inbox, and say what is missing."""
    from jobs.crm.checks import check_crm

    services = connect(config)
    found = {name: check_crm(services, name) for name in services.crms}
    inboxes = examined(services)
    ok = not any(one.problems for one in found.values()) and not any(one.problem for one in inboxes.values())
    if as_json:
        crms = {name: _plain_check(one) for name, one in found.items()}
        problems = [f"{name}: {problem}" for name, one in found.items() for problem in one.problems]
        problems += [f"{name}: {one.problem}" for name, one in inboxes.items() if one.problem]
        mails = {name: {"mails": one.mails, "problem": one.problem} for name, one in inboxes.items()}
        click.echo(json.dumps({"ok": ok, "problems": problems, "crms": crms, "inboxes": mails}))
    else:
        click.echo(f"Settings: fine ({len(services.settings.paths)} intake paths).")
        click.echo(f"Playbook: fine ({_playbook(services)}).")
        click.echo("Ledger:   fine.")
        for name, one in found.items():
            _show_check(name, one)
        show(services, inboxes)
    services.ledger.close()
    if not ok:
        raise click.exceptions.Exit(1)


def _playbook(services: Services) -> str:
    """Which one holds, and that the settings' own is not used when it is another."""
    from jobs.playbooks.current import absent_file
    from jobs.playbooks.revisions import active_text, settings_text

    active = active_text(services)
    named = f"{active.source}, {active.name}@{active.fingerprint}"
    if active.revision is not None and (absent := absent_file(services.settings)):
        return f"{named}; the settings name {absent}, which is not there: correct [playbook] file"
    if active.revision is None or (settings := settings_text(services)).text == active.text:
        return named
    return f"{named}; {settings.source} is another text and is not used: firstpath playbook diff settings"


def _plain_check(found: Checked) -> dict[str, Any]:
    report = found.report
    return {
        "account": report.account if report else "",
        "scopes": dict(report.scopes) if report else {},
        "calls_left_today": report.calls_left_today if report else None,
        "calls_a_day": report.calls_a_day if report else None,
        "problems": list(found.problems),
    }


def _show_check(name: str, found: Checked) -> None:
    click.echo(f"{name}: " + ("fine." if not found.problems else "not ready:"))
    report = found.report
    if report is not None:
        if report.account:
            click.echo(f"    {report.account}")
        if report.scopes:
            granted = sum(report.scopes.values())
            click.echo(f"    {granted} of {len(report.scopes)} permissions granted")
        if report.calls_left_today is not None:
            of = f" of {report.calls_a_day:,}" if report.calls_a_day else ""
            click.echo(f"    {report.calls_left_today:,}{of} calls left today")
    for problem in found.problems:
        click.echo(f"  - {problem}")


@click.command()
@config_option
@click.option("--crm", help="Only this one.  [default: all in the settings]")
@click.option("--dry-run", is_flag=True, help="Show the plan and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def provision(config: Path, crm: str | None, dry_run: bool, as_json: bool) -> None:
    """Create the properties and the pipeline that the playbook needs. Can be repeated; deletes nothing."""
    from jobs.crm.needs import wanted_of

    services = connect(config)
    if crm and crm not in services.crms:
        raise click.UsageError(
            f"The settings have no CRM named {crm}; they have: {', '.join(services.crms)}."
        )
    plans: dict[str, tuple[ProvisionStep, ...]] = {}
    for name in [crm] if crm else list(services.crms):
        wants = wanted_of(services.playbook, services.settings.crms[name].mapping, services.crms[name])
        plans[name] = services.crms[name].provision(wants, dry_run=dry_run)
    services.ledger.close()
    if as_json:
        click.echo(json.dumps({name: [_plain_step(step) for step in steps] for name, steps in plans.items()}))
    else:
        for name, steps in plans.items():
            _show_plan(name, steps, dry_run=dry_run)
    if any(step.state in ("differs", "needs_person") for steps in plans.values() for step in steps):
        raise click.exceptions.Exit(1)


def _plain_step(step: ProvisionStep) -> dict[str, str]:
    return {"what": step.what, "state": step.state, "detail": step.detail}


def _show_plan(name: str, steps: Sequence[ProvisionStep], *, dry_run: bool) -> None:
    """What there is to do, like the plan of a database migration; what is there already is only counted."""
    click.echo(f"{name}:" + (" the plan; nothing was changed" if dry_run else ""))
    for state, (mark, words) in _STATES.items():
        for step in steps:
            if step.state == state != "exists":
                click.echo(f"  {mark} {step.what}: {words}{f'. {step.detail}' if step.detail else ''}")
    counts = {words: sum(step.state == state for step in steps) for state, (_, words) in _STATES.items()}
    summary = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
    click.echo(f"{name}: {summary or 'nothing to do'}.")
