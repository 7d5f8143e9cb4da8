"""firstpath priority: says what is used and why, and learns only where there is something to learn from."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from jobs.ledger.tables import inquiry
from tests.webapp.installation import arrives, inquiry_of, open_with_secrets
from webapp.cli import firstpath


def test_it_shows_and_learns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (services, _, _), secrets = open_with_secrets(tmp_path)

    def run(command: str) -> Result:
        config = ("--config", str(services.settings.file))
        return CliRunner().invoke(firstpath, ["priority", command, *config], env=dict(secrets))

    assert "no model was trained. Ended so far: 0." in run("show").output
    few = run("train")
    assert few.exit_code == 1
    assert "500 are needed to learn from. The rules of the playbook stay in use." in few.output
    monkeypatch.setattr("mapping.priority.training.LEAST_OUTCOMES", 20)
    for number in range(24):
        more = (
            {"timeframe": "asap", "credit_score": ("Poor", "Good", "Fair")[number % 3]} if number % 2 else {}
        )
        id_ = inquiry_of(services, arrives(services, email=f"p{number}@example.com", state="TX", **more))
        with services.ledger.write() as connection:
            stage = "lost" if number % 2 else "funded"
            connection.execute(update(inquiry).where(inquiry.c.id == id_).values(stage=stage))
    arrives(services, email="open@example.com", state="TX")
    trained = run("train").output
    assert "On the 6 newest outcomes, which it had not seen:" in trained
    assert "The model is better and is used from now on." in trained
    assert "Scored anew: 1 open inquiries." in trained
    shown = run("show").output
    assert "The model is used. A model was trained on 24 outcomes" in shown
    assert "learned -" in shown, "who was in a hurry was lost"
