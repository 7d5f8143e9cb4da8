"""The curl examples of docs/intake/api.md do what the page says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from jobs.deciding.process import process_due
from jobs.paths.api_tokens import make_token
from jobs.services import Services
from tests.webapp.installation import open_installation
from webapp.app import create_app

PAGE = Path(__file__).parents[2] / "docs" / "intake" / "api.md"
EXAMPLES = re.findall(r"```sh\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Services, dict[str, str]]]:
    """A running server with a path of kind api, and what the examples have in their environment."""
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine: install Debian's curl")
    services, _, _ = open_installation(tmp_path)
    there = services.settings.paths
    changed = {**there, "partner": replace(there["partner"], kind="api")}
    services = replace(services, settings=replace(services.settings, paths=changed))
    server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    token = make_token(services, "partner", "", "somebody")
    yield services, {**os.environ, "FIRSTPATH": f"http://127.0.0.1:{server.port}", "TOKEN": token}
    server.shutdown()
    thread.join()
    services.ledger.close()


def test_the_examples_run_as_they_stand(served: tuple[Services, dict[str, str]]) -> None:
    services, environment = served
    post, leave, wrong, ask, stop = EXAMPLES
    accepted = _run(post, environment)
    assert accepted["status"] == "received"
    assert _run(post, environment) == accepted
    assert _run(leave, environment)["status"] == "received"
    assert _run(ask, {**environment, "ID": accepted["id"]})["status"] == "received"
    shown = re.search(r"```json\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert shown is not None
    assert _run(wrong, environment) == json.loads(shown[1])
    while process_due(services):
        pass
    stopped = _run(stop, {**environment, "ID": accepted["id"]})
    assert stopped["inquiry"]["follow_up"]["state"] == "stopped"


def _run(command: str, environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        ["sh", "-ec", command], env=environment, capture_output=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    answer: dict[str, str] = json.loads(done.stdout)
    return answer
