"""firstpath priority: what decides who is called first, learned from outcomes where that is better."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli.options import config_option, connect

if TYPE_CHECKING:
    from mapping.priority.training import Figures


@click.group()
def priority() -> None:
    """Who is called first: by the playbook's rules, or by what earlier outcomes teach."""


@priority.command()
@config_option
def train(config: Path) -> None:
    """Learn from inquiries that were funded or lost; used only if better than the rules."""
    from jobs.follow_up.priority import rescore, train_model
    from mapping.priority.training import TooFew

    services = connect(config)
    try:
        trained = train_model(services)
    except TooFew as few:
        raise click.ClickException(f"{few} The rules of the playbook stay in use.") from None
    _compare(trained.learned, trained.rules, trained.held_back)
    click.echo(
        "The model is better and is used from now on."
        if trained.better
        else "The rules of the playbook stay in use: the model is not better."
    )
    click.echo(f"Scored anew: {rescore(services)} open inquiries.")
    services.ledger.close()


@priority.command()
@config_option
def show(config: Path) -> None:
    """Say what is used, and why."""
    from jobs.ledger.priorities import newest_model, outcomes

    services = connect(config)
    with services.ledger.read() as connection:
        kept, counted = newest_model(connection), outcomes(connection)
    if kept is None:
        ended = sum(won + lost for won, lost in counted.by_path.values())
        click.echo(f"The rules of the playbook are used: no model was trained. Ended so far: {ended}.")
    else:
        used = "The model is used" if kept.used else "The rules of the playbook are used"
        outcomes_of = f"{kept.model.outcomes} outcomes on {kept.at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"{used}. A model was trained on {outcomes_of}.")
        _compare(kept.learned, kept.rules, kept.held_back)
    _weights(services.playbook.priority.weights, kept.model.weights if kept and kept.used else {})
    services.ledger.close()


def _compare(learned: Figures, rules: Figures, held_back: int) -> None:
    click.echo(f"On the {held_back} newest outcomes, which it had not seen:")
    for name, figures in (("model", learned), ("rules", rules)):
        click.echo(f"  {name}  AUC {figures.auc:.3f}  log-loss {figures.log_loss:.3f}")


def _weights(rules: Mapping[str, float], learned: Mapping[str, float]) -> None:
    for name, weight in rules.items():
        found = f", learned {learned[name]:+.2f}" if name in learned else ""
        click.echo(f"  {name:<13} {weight:g}{found}")
