"""firstpath demo --once: what the visitors sent stands in each CRM, once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_demonstration_ends_well_with_all_three_crms(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "webapp.cli", "demo", "--once", "--crm", "all", "--dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "The CRM's own records agree: nothing lost, nothing twice." in done.stdout
