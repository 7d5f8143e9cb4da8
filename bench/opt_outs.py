"""How soon the CRM knows of an opt-out: python -m bench.opt_outs [--crm hubspot] [--count 60] [--rate 5].

From the answer to a text that says STOP until the contact in a zero-latency CRM is marked, on the embedded
default, while other inquiries arrive. Looking costs up to 20 ms, which is counted in.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import requests

from bench.load import milliseconds, steady
from connectors.intake.proof import base64_sha1
from jobs.settings.new_secrets import generate_secrets, path_key_digest
from tests.fleet import FORM_KEY, Fleet, wait_for
from tests.people import Person, form_fields, person

_KEY = "fleet-texts-key-0123456789abcdefghij"
_SECRET = "fleet-texts-secret-0123456789"  # noqa: S105 - of the bench's own brokerage
_PATH = """
[paths.texts]
title = "Text messages"
kind = "twilio"
state = "live"
crm = {crms}
keys = ["{key}"]
"""
_MARKS = {
    "hubspot": "mortgage_do_not_text",
    "salesforce": "Mortgage_Do_Not_Text__c",
    "highlevel": "dndSettings",
}
_PATIENCE_SECONDS = 20.0
_LOOK_SECONDS = 0.02


def main() -> None:
    """Print one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--crm", choices=tuple(_MARKS), default="hubspot")
    options.add_argument("--count", type=int, default=60)
    options.add_argument("--rate", type=float, default=5.0)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        secrets = {**generate_secrets(), "FIRSTPATH_PATH_TEXTS_SECRET": _SECRET}
        fleet = Fleet(Path(folder), kinds=(asked.crm,), secrets=secrets)
        more = _PATH.format(crms=f'["{asked.crm}"]', key=path_key_digest(_KEY))
        fleet.config.write_text(fleet.config.read_text("utf-8") + more, encoding="utf-8")
        try:
            fleet.start_sandbox()
            fleet.start_web()
            wait_for(f"{fleet.url}/healthz")
            taken = _measure(fleet, asked.crm, asked.count, asked.rate)
        finally:
            fleet.stop()
    figures = {"bench": "opt_outs", "crm": asked.crm, "count": len(taken), "rate": asked.rate}
    print(json.dumps({**figures, "ms": milliseconds(taken)}))


def _measure(fleet: Fleet, kind: str, count: int, rate: float) -> list[float]:
    """Seconds for each person's opt-out, one after the other, while others arrive."""
    people = [person(number) for number in range(count)]
    for number, who in enumerate(people):
        fields = form_fields(who, number)
        requests.post(f"{fleet.url}/in/{FORM_KEY}", data=fields, timeout=30).raise_for_status()
    _until(lambda: len(_contacts(fleet, kind)) >= count)
    others = threading.Thread(
        target=steady, args=(fleet.url, rate, int(rate * count * 0.5)), kwargs={"first": 50_000}, daemon=True
    )
    others.start()
    taken = []
    for number, who in enumerate(people):
        started = _stop(fleet, who, number)
        _until(partial(_more_marked, fleet, kind, number))
        taken.append(time.perf_counter() - started)
    others.join()
    return taken


def _stop(fleet: Fleet, who: Person, number: int) -> float:
    """The person texts STOP; when it was accepted."""
    fields = {"MessageSid": f"SM{number}", "From": who.phone, "To": "+14155550100", "Body": "STOP"}
    url = f"{fleet.url}/in/{_KEY}"
    signed = base64_sha1(_SECRET, (url + "".join(map("".join, sorted(fields.items())))).encode())
    answer = requests.post(url, data=fields, headers={"X-Twilio-Signature": signed}, timeout=30)
    answer.raise_for_status()
    return time.perf_counter()


def _contacts(fleet: Fleet, kind: str) -> list[dict[str, object]]:
    state = requests.get(f"{fleet.crms[kind].url}/_sandbox/state", timeout=30).json()
    return list(state["Contact" if kind == "salesforce" else "contacts"])


def _more_marked(fleet: Fleet, kind: str, count: int) -> bool:
    return sum(_is_marked(one, _MARKS[kind]) for one in _contacts(fleet, kind)) > count


def _is_marked(contact: dict[str, object], mark: str) -> bool:
    values = contact.get("properties", contact)
    value = values.get(mark) if isinstance(values, dict) else None
    return value in (True, "true") or (isinstance(value, dict) and "SMS" in value)


def _until(reached: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + _PATIENCE_SECONDS
    while not reached():
        if time.perf_counter() > deadline:
            raise TimeoutError(f"not reached in {_PATIENCE_SECONDS:.0f} s")
        time.sleep(_LOOK_SECONDS)


if __name__ == "__main__":
    main()
