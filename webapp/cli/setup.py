"""firstpath init, check and provision: from nothing to a connected, prepared CRM."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli.options import config_option, connect

if TYPE_CHECKING:
    from connectors.crm.base import ProvisionStep
    from jobs.services import Services

_ZONES = {"US": "America/New_York", "CA": "America/Toronto"}
_MARKS = {"created": "+", "will_create": "+", "exists": "=", "differs": "!", "needs_person": "!"}


@click.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where to write the files.  [default: here]",
)
@click.option(
    "--brokerage", default="Example Mortgage Group", show_default=True, help="The brokerage's name."
)
@click.option("--country", type=click.Choice(["US", "CA"]), default="US", show_default=True)
@click.option("--timezone", help="IANA name, e.g. America/Denver.  [default: the country's eastern zone]")
@click.option(
    "--path", "path_name", default="website", show_default=True, help="Name of the first intake path."
)
@click.option(
    "--kind",
    type=click.Choice(["form", "typeform", "hosted_form"]),
    default="form",
    show_default=True,
    help="How inquiries arrive on it.",
)
def init(folder: Path, brokerage: str, country: str, timezone: str | None, path_name: str, kind: str) -> None:
    """Write config.toml, playbook.toml and fresh keys for one path and one CRM.

    Nothing that exists is overwritten.
    """
    from jobs.settings.new_secrets import generate_secrets, new_path_key
    from jobs.settings.render import NewConfig, render_config
    from mapping.playbook import shipped

    key, digest = new_path_key()
    consent = (
        f"I agree that {brokerage} may call and text me about my request at the number I gave. "
        "Consent is not a condition of any purchase."
    )
    text = render_config(
        NewConfig(
            brokerage=brokerage,
            country=country,
            timezone=timezone or _ZONES[country],
            path=path_name,
            title=f"{path_name.replace('-', ' ').replace('_', ' ').capitalize()} form",
            kind=kind,
            state="live",
            key_digest="" if kind == "hosted_form" else digest,
            consent_text=consent if kind == "hosted_form" else "",
        )
    )
    playbook = shipped("mortgage_ca" if country == "CA" else "mortgage_us")
    files = {"config.toml": text, "playbook.toml": playbook}
    secrets = {f"secrets/{name}": value for name, value in generate_secrets().items()}
    there = [name for name in (*files, *secrets) if (folder / name).exists()]
    if there:
        raise click.ClickException(f"{there[0]} is there already; nothing was written. Choose another --dir.")
    _write(folder, files, secrets)
    _tell_next(folder, path_name, kind, key)


def _write(folder: Path, files: dict[str, str], secrets: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secrets").mkdir(mode=0o700, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, value in secrets.items():
        file = folder / name
        file.touch(mode=0o600)
        file.write_text(value + "\n", encoding="utf-8")


def _tell_next(folder: Path, path_name: str, kind: str, key: str) -> None:
    click.echo(f"Wrote config.toml, playbook.toml and keys under {folder.resolve()}.")
    if kind == "hosted_form":
        click.echo(f"The form will be at  /f/{path_name}")
    else:
        click.echo(f"Address for the form's webhook, shown once:  /in/{key}")
    if kind == "typeform":
        name = f"FIRSTPATH_PATH_{path_name.upper().replace('-', '_')}_SECRET"
        click.echo(f"Put the secret you give Typeform into  secrets/{name}")
    click.echo(
        "Next: put the HubSpot token into  secrets/FIRSTPATH_CRM_HUBSPOT_TOKEN , your team into\n"
        "playbook.toml, then run  firstpath check  and  firstpath provision .  Keep a copy of secrets/\n"
        "apart from the database: without FIRSTPATH_ENCRYPTION_KEYS nobody can read what is stored."
    )


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def check(config: Path, as_json: bool) -> None:
    """Verify the settings, the playbook, the ledger and each CRM, and say what is missing."""
    services = connect(config)
    found = {name: _check_crm(services, name) for name in services.crms}
    problems = [f"{name}: {problem}" for name, several in found.items() for problem in several]
    if as_json:
        click.echo(json.dumps({"ok": not problems, "problems": problems}))
    else:
        playbook = services.playbook
        click.echo(f"Settings: fine ({len(services.settings.paths)} intake paths).")
        click.echo(f"Playbook: fine ({playbook.name}, revision {playbook.revision}).")
        click.echo("Ledger:   fine.")
        for name, several in found.items():
            click.echo(f"{name}: " + ("fine." if not several else "not ready:"))
            for problem in several:
                click.echo(f"  - {problem}")
    services.ledger.close()
    if problems:
        raise click.exceptions.Exit(1)


def _check_crm(services: Services, name: str) -> list[str]:
    from connectors.crm.base import CrmError
    from jobs.connections import lacking

    try:
        report = services.crms[name].check()
        if not report.ok:
            return list(report.problems)
        schema = services.crms[name].schema()
    except CrmError as error:
        return [f"{error} {error.remedy}".rstrip()]
    return [
        *report.problems,
        *lacking(services.playbook, services.settings.crms[name].mapping, services.crms[name], schema),
    ]


@click.command()
@config_option
@click.option("--crm", help="Only this one.  [default: all in the settings]")
@click.option("--dry-run", is_flag=True, help="Show the plan and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def provision(config: Path, crm: str | None, dry_run: bool, as_json: bool) -> None:
    """Create the properties and the pipeline that the playbook needs. Can be repeated; deletes nothing."""
    from jobs.connections import wanted_of

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
        click.echo(json.dumps({name: [_plain(step) for step in steps] for name, steps in plans.items()}))
    else:
        for name, steps in plans.items():
            _show_plan(name, steps)
    if any(step.state in ("differs", "needs_person") for steps in plans.values() for step in steps):
        raise click.exceptions.Exit(1)


def _plain(step: ProvisionStep) -> dict[str, str]:
    return {"what": step.what, "state": step.state, "detail": step.detail}


def _show_plan(name: str, steps: tuple[ProvisionStep, ...]) -> None:
    for step in steps:
        if step.state != "exists":
            click.echo(
                f"{_MARKS[step.state]} {step.what}: {step.state.replace('_', ' ')} {step.detail}".rstrip()
            )
    there = sum(step.state == "exists" for step in steps)
    click.echo(f"{name}: {len(steps) - there} to do or done, {there} already there.")
