"""firstpath api: tokens are shown once, listed without their secret, and revoked."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner, Result

from jobs.paths.api_tokens import path_of_token
from tests.webapp.installation import open_with_secrets
from webapp.cli import firstpath

_API = """
[paths.app]
title = "The partner's app"
kind = "api"
state = "draft"
crm = ["hubspot"]
"""


def test_tokens(tmp_path: Path) -> None:
    (services, _, _), secrets = open_with_secrets(tmp_path, more=_API)

    def run(*arguments: str) -> Result:
        config = ("--config", str(services.settings.file))
        return CliRunner().invoke(firstpath, ["api", *arguments, *config], env=secrets)

    made = run("token", "app", "--name", "Harbour Realty")
    token = made.output.split()[-1]
    path = path_of_token(services, token)
    assert path is not None
    assert path.name == "app"
    listed = run("tokens").output
    assert "Harbour Realty" in listed
    assert token not in listed
    assert "There is: app" in run("token", "website").output
    (id_,) = re.findall(r"^(\w{26})", listed)
    assert run("revoke", id_).exit_code == 0
    assert path_of_token(services, token) is None
    assert run("revoke", id_).exit_code == 2
    services.ledger.close()
