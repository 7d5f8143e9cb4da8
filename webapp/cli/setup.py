"""firstpath init: from nothing to a settings file, a playbook and fresh keys."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

_ZONES = {"US": "America/New_York", "CA": "America/Toronto"}
_SECRETS = {
    "hubspot": "FIRSTPATH_CRM_HUBSPOT_TOKEN",
    "salesforce": "FIRSTPATH_CRM_SALESFORCE_CLIENT_SECRET",
    "highlevel": "FIRSTPATH_CRM_HIGHLEVEL_TOKEN",
}


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
@click.option(
    "--crm",
    type=click.Choice(list(_SECRETS)),
    default="hubspot",
    show_default=True,
    help="The CRM you keep.",
)
def init(
    folder: Path, brokerage: str, country: str, timezone: str | None, path_name: str, kind: str, crm: str
) -> None:
    """Write config.toml, playbook.toml and fresh keys for one path, in shadow, and one CRM.

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
            state="shadow",
            crm=crm,
            key_digest="" if kind == "hosted_form" else digest,
            consent_text=consent if kind == "hosted_form" else "",
        )
    )
    playbook = _signed_by(shipped("mortgage_ca" if country == "CA" else "mortgage_us"), brokerage)
    files = {"config.toml": text, "playbook.toml": playbook}
    secrets = {f"secrets/{name}": value for name, value in generate_secrets().items()}
    there = [name for name in (*files, *secrets) if (folder / name).exists()]
    if there:
        raise click.ClickException(f"{there[0]} is there already; nothing was written. Choose another --dir.")
    _write(folder, files, secrets)
    _tell_next(folder, path_name, kind, key, crm)


def _signed_by(playbook: str, brokerage: str) -> str:
    """The playbook with the brokerage's name where messages sign with it."""
    name = json.dumps(brokerage, ensure_ascii=False)
    return re.sub(r"(?<=^\[brokerage\]\nname = ).*$", lambda _: name, playbook, count=1, flags=re.MULTILINE)


def _write(folder: Path, files: dict[str, str], secrets: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secrets").mkdir(mode=0o700, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, value in secrets.items():
        file = folder / name
        file.touch(mode=0o600)
        file.write_text(value + "\n", encoding="utf-8")


def _tell_next(folder: Path, path_name: str, kind: str, key: str, crm: str) -> None:
    click.echo(f"Wrote config.toml, playbook.toml and keys under {folder.resolve()}.")
    if kind == "hosted_form":
        click.echo(f"The form will be at  /f/{path_name}")
    else:
        click.echo(f"Address for the form's webhook, shown once:  /in/{key}")
    if kind == "typeform":
        name = f"FIRSTPATH_PATH_{path_name.upper().replace('-', '_')}_SECRET"
        click.echo(f"Put the secret you give Typeform into  secrets/{name}")
    click.echo(
        f"The path begins in shadow: what arrives is decided and shown, and nothing is written to {crm},\n"
        f"until you have seen that it is right:  firstpath path live {path_name}"
    )
    click.echo(
        f"Next: do what docs/connect-{crm}.md says, put its secret into  secrets/{_SECRETS[crm]} ,\n"
        "your team into playbook.toml, then run  firstpath check  and  firstpath provision .  Keep a\n"
        "copy of secrets/ apart from the database: without FIRSTPATH_ENCRYPTION_KEYS nobody can read\n"
        "what is stored."
    )
