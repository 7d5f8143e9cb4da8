"""Who asked to be left alone is marked so on the contact itself, in each CRM's own way, and stays marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.crm.base import Crm, Outcome, Receipt, Work
from jobs.crm.needs import wanted_of
from jobs.delivering.receipts import Links
from jobs.services import open_services
from jobs.settings.load import load_settings
from jobs.settings.new_secrets import generate_secrets
from mapping.consent.agreed import CHANNELS, taken_back
from mapping.crm.bundle import Bundle
from mapping.crm.compile import BorrowerFacts, compile_bundle, wanted
from mapping.inquiry import Consent, Inquiry, Party
from mapping.ownership.owner import OwnerDecision
from mapping.playbook import load_playbook, shipped
from webapp.demo.trial import TrialCrm, serving

NOW = datetime(2026, 11, 17, 17, 30, tzinfo=UTC)
PLAYBOOK = load_playbook(shipped("mortgage_us"), name="mortgage_us")
ANA = Party("Ana", last_name="Quill", email="ana.quill@example.com", phone="+14152000101", state="CA")
OWNER = OwnerDecision("maya@example.com", "Maya Whitfield", "round_robin", (), (), "")
_CONFIG = """
[brokerage]
name = "Harbor Pine Mortgage"
country = "US"
timezone = "America/Los_Angeles"
[server]
public_url = "http://localhost"
[playbook]
shipped = "mortgage_us"
"""
#: Before and after: what the sandbox shows of the contact's marks.
LEFT: Mapping[str, Mapping[str, object]] = {
    "hubspot": {"hs_email_optout": "true", "mortgage_do_not_call": "true", "mortgage_do_not_text": "true"},
    "salesforce": {"HasOptedOutOfEmail": True, "DoNotCall": True, "Mortgage_Do_Not_Text__c": True},
    "highlevel": {"Email": "active", "Call": "active", "SMS": "active"},
}


@pytest.fixture(params=("hubspot", "salesforce", "highlevel"))
def crm(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[TrialCrm, Crm]]:
    """A sandbox account with all that the shipped playbook needs, and our connector to it."""
    with serving(request.param) as trial:
        _, pipeline = wanted(PLAYBOOK, trial.kind)
        more = {"opt_out_fields": True} if trial.kind == "salesforce" else {}
        trial.set_up({OWNER.owner: OWNER.name}, pipeline.label, pipeline.stages, **more)
        file = tmp_path / "config.toml"
        file.write_text(_CONFIG + trial.section(), encoding="utf-8")
        services = open_services(load_settings(file, {**generate_secrets(), **trial.secrets}))
        connector = services.crms[trial.kind]
        connector.check()
        connector.provision(wanted_of(PLAYBOOK, trial.kind, connector))
        yield trial, connector
        connector.close()
        services.ledger.close()


def bundle(kind: str, consent: Consent, number: int) -> Bundle:
    inquiry = Inquiry("html-form", "website", NOW, ANA, consent=consent)
    who = BorrowerFacts("B1", ANA, (ANA.email,), (ANA.phone,), (ANA.first_name,), shared_email=False)
    return compile_bundle(
        key=f"D{number}",
        inquiry=inquiry,
        borrower=who,
        co_borrower=None,
        inquiry_id="I1",
        follow_ups=(),
        decision=OWNER,
        playbook=PLAYBOOK,
        crm=kind,
        missing=(),
    )


def marks(trial: TrialCrm) -> dict[str, object]:
    """Of the only contact there."""
    state: Any = requests.get(f"{trial.url}/_sandbox/state", timeout=10).json()
    names = LEFT[trial.kind]
    (one,) = state["Contact" if trial.kind == "salesforce" else "contacts"]
    if trial.kind == "highlevel":
        settings = one.get("dndSettings") or {}
        return {name: settings.get(name, {}).get("status") for name in names}
    values = one.get("properties", one)
    return {name: values.get(name) for name in names}


def delivered(receipt: Receipt) -> Outcome:
    assert receipt.error is None, receipt.error
    return receipt.outcomes[0]


def test_an_opt_out_marks_the_contact_and_no_later_inquiry_takes_it_off(crm: tuple[TrialCrm, Crm]) -> None:
    trial, connector = crm
    open_, left = Consent(email=True, phone=True, sms=True), taken_back(Consent(), CHANNELS)
    (receipt,) = connector.deliver([Work(bundle(trial.kind, open_, 0))])
    deal = receipt.outcomes[1].remote_id
    links: Links = {("contact", "B1"): delivered(receipt).remote_id, ("deal", "I1"): deal}
    assert not {"true", True, "active"} & set(marks(trial).values())
    (receipt,) = connector.deliver([Work(bundle(trial.kind, left, 1), links)])
    delivered(receipt)
    assert marks(trial) == LEFT[trial.kind]
    # News that know nothing of it, of the same and of a new inquiry: the marks stay, and we are told of them.
    again = replace(bundle(trial.kind, open_, 2), deal=None)
    (receipt,) = connector.deliver([Work(again, links, look_first=True)])
    assert marks(trial) == LEFT[trial.kind]
    seen = set(delivered(receipt).opted_out)
    assert seen == {"hubspot": {"email"}, "salesforce": {"email", "phone"}}.get(trial.kind, set(CHANNELS))


def test_a_new_contact_is_marked_from_its_first_moment(crm: tuple[TrialCrm, Crm]) -> None:
    trial, connector = crm
    (receipt,) = connector.deliver([Work(bundle(trial.kind, taken_back(Consent(), CHANNELS), 0))])
    delivered(receipt)
    assert marks(trial) == LEFT[trial.kind]
