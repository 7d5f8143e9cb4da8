"""A complete invented installation: a settings file that is right, and secrets that are strong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from jobs.settings.new_secrets import generate_secrets, path_key_digest

CONFIG = f"""\
[brokerage]
name = "Example Mortgage Group"
country = "US"
timezone = "America/New_York"

[server]
port = 8000
public_url = "https://intake.example.com/"

[ledger]
url = "sqlite:///var/firstpath.sqlite3"

[work]
sweep_seconds = 10

[playbook]
shipped = "mortgage_us"

[crm.hubspot]
kind = "hubspot"

[paths.purchase]
title = "Purchase form"
kind = "typeform"
state = "live"
crm = ["hubspot"]
keys = [
  "{path_key_digest("first")}",
  "{path_key_digest("second")}",
]

[paths.purchase.fields]
"Your name" = "full_name"
"newsletter" = "ignore"

[paths.purchase.defaults]
inquiry_type = "purchase"

[paths.apply-now]
title = "Apply now"
kind = "hosted_form"
crm = ["hubspot"]

[paths.apply-now.form]
consent_text = "I agree to be contacted about my inquiry."
colour = "#1F5FA8"
frame_ancestors = ["https://www.example.com"]
languages = ["en", "es"]
consent_texts = {{es = "Acepto que me contacten por mi consulta."}}

[retention]
raw_days = 30
"""


def predictable(count: int) -> bytes:
    """Bytes that look random and are the same every time; tests only."""
    return hashlib.shake_256(b"tests").digest(count)


_OWN = generate_secrets(predictable)
ENVIRON: Mapping[str, str] = {
    **_OWN,
    "FIRSTPATH_CRM_HUBSPOT_TOKEN": "pat-na1-6f2d4c1e-9a0b-4d53-8e77-2c41b7f0d9aa",
    "FIRSTPATH_PATH_PURCHASE_SECRET": "Zk8vQ2mX7pLr4TnW9sBd",
}


def write_config(folder: Path, text: str = CONFIG) -> Path:
    """Write a settings file; returns its path."""
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file
