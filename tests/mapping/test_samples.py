"""The shared web-form samples, from their bytes to the canonical inquiry."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from connectors.intake.base import Options, RawRequest
from connectors.intake.document import read_document
from connectors.intake.registry import ADAPTERS
from mapping.answers import Answers
from mapping.inquiry import Amount, Inquiry, Party
from mapping.spam import judge
from mapping.understand import Locale, PathRules, understand

WEB_FORMS = (
    "typeform_purchase",
    "html_form_commercial",
    "cf7_debt_consolidation",
    "elementor_renewal_ca",
    "gravityforms_preapproval",
    "webflow_construction",
    "wpforms_second_mortgage_ca",
)
# The samples' mapping uses names of its own for these.
OUR_NAMES = {"loan_or_purchase_amount": "loan_amount", "credit": "credit_band", "consent_flag": "consent"}
# Only an adapter of the vendor's own knows its name and its time zone; employment is not a field of ours.
ADAPTERS_OWN = {"source"}
NEEDS_OWN_ADAPTER = {
    "gravityforms_preapproval": {"submitted_at"},
    "wpforms_second_mortgage_ca": {"employment"},
}


Case = tuple[dict[str, Any], Answers, PathRules, Locale, datetime]


def read_case(folder: Path, case: str) -> Case:
    expected = json.loads((folder / f"{case}.expected.json").read_text(encoding="utf-8"))
    lines = (folder / expected["headers_file"]).read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if line and not line.startswith(":"))
    headers = {name.lower(): value for name, value in pairs}
    received_at = datetime.fromisoformat(expected["received_at"])
    body = (folder / expected["file"]).read_bytes()
    request = RawRequest(headers["content-type"], headers, body, received_at=received_at)
    adapter = ADAPTERS.get(expected["vendor"], ADAPTERS["form"])
    (answers,) = adapter.read(read_document(request.content_type, body), request, Options())
    assert isinstance(answers, Answers)
    fields = expected.get("mapping", {}).get("fields", {})
    rules = PathRules(case, {key: OUR_NAMES.get(name, name) for key, name in fields.items()}, {})
    tenant = expected["tenant"]
    locale = Locale(tenant["country"], tenant["timezone"], tenant["date_order"])
    return expected, answers, rules, locale, received_at


def record(inquiry: Inquiry) -> dict[str, Any]:
    """The inquiry in the samples' vocabulary."""
    home, loan = inquiry.property, inquiry.loan
    return {
        **_fields(inquiry.borrower),
        **_amount("loan_amount", loan.amount),
        **_amount("property_value", home.value),
        **_amount("down_payment", loan.down_payment),
        "currency": loan.currency,
        "inquiry_type": inquiry.type,
        "property_state": home.state,
        "property_city": home.city,
        "property_country": home.country,
        "property_postal_code": home.postal_code,
        "timeframe": inquiry.timeframe,
        "timeframe_date": inquiry.timeframe_date and inquiry.timeframe_date.isoformat(),
        "credit_band": inquiry.credit_band,
        "preferred_contact": inquiry.preferred_contact,
        "message": inquiry.message,
        "assigned_to": inquiry.assigned_to,
        "external_id": inquiry.external_id,
        "submitted_at": inquiry.submitted_at,
        "consent": _fields(inquiry.consent),
        "utm": inquiry.attribution.utm,
    }


def _fields(part: object) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__dataclass_fields__}  # type: ignore[attr-defined]


def _amount(name: str, amount: Amount) -> dict[str, Decimal | None]:
    return {name: amount.value, f"{name}_min": amount.low, f"{name}_max": amount.high}


def matches(actual: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        if "$any_of" in wanted:
            return any(matches(actual, one) for one in wanted["$any_of"])
        if "$contains" in wanted:
            return wanted["$contains"].lower() in str(actual).lower()
        return all(matches(actual.get(name), value) for name, value in wanted.items())
    if isinstance(actual, datetime):
        return actual == datetime.fromisoformat(wanted)
    return bool(actual == wanted or (wanted is None and actual in ("", None)))


@pytest.mark.parametrize("case", WEB_FORMS)
def test_a_web_form_is_understood_as_its_sample_says(shared_folder: Path, case: str) -> None:
    expected, answers, rules, locale, received_at = read_case(shared_folder / "samples", case)
    inquiry = understand(answers, rules, locale, received_at=received_at)
    actual = record(inquiry)
    skipped = ADAPTERS_OWN | NEEDS_OWN_ADAPTER.get(case, set())
    wanted = {name: value for name, value in expected["records"][0].items() if name not in skipped}
    wrong = {
        name: (actual.get(name), value)
        for name, value in wanted.items()
        if not matches(actual.get(name), value)
    }
    assert wrong == {}
    assert judge(inquiry, answers.signals) == ()


def test_the_honeypot_sample_is_spam(shared_folder: Path) -> None:
    expected, answers, rules, locale, at = read_case(shared_folder / "samples", "html_form_spam_honeypot")
    reasons = judge(understand(answers, rules, locale, received_at=at), answers.signals)
    assert set(expected["signals"]) <= set(reasons)


def test_understanding_takes_less_than_one_and_a_half_milliseconds(shared_folder: Path) -> None:
    _, answers, rules, locale, at = read_case(shared_folder / "samples", "typeform_purchase")
    assert understand(answers, rules, locale, received_at=at).borrower != Party()
    best = float("inf")
    for _ in range(50):
        started = perf_counter()
        understand(answers, rules, locale, received_at=at)
        best = min(best, perf_counter() - started)
    assert best < 0.0015
