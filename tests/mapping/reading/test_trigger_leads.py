"""Trigger leads, and what only has the word in it."""

from __future__ import annotations

import pytest

from mapping.answers import Answer, Answers
from mapping.reading.trigger_leads import is_trigger_lead


def lead(key: str, value: str, label: str = "") -> Answers:
    return Answers("velocify-format", (Answer("email", "", ("a@example.com",)), Answer(key, label, (value,))))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("credit_trigger", "yes"),
        ("isTriggerLead", "true"),
        ("trigger_date", "2025-03-01"),
        ("bureau_inquiry_date", "03/01/2025"),
        ("EquifaxTriggerId", "77"),
        ("lead_type", "Mortgage Trigger"),
        ("LeadType", "trigger"),
        ("lead_source", "Experian Triggers"),
        ("Provider", "TransUnionTriggers"),
        ("utm_source", "trigger leads"),
        ("Campaign", "Daily triggers CA"),
    ],
)
def test_a_trigger_lead_gives_itself_away(key: str, value: str) -> None:
    assert is_trigger_lead(lead(key, value))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("triggerType", "form_submission"),
        ("triggerEvent", "BOOKING_CREATED"),
        ("trigger", "SUBMITTED"),
        ("trigger.triggeredAt", "2025-03-01T10:00:00Z"),
        ("is_trigger_lead", "no"),
        ("message", "What would trigger a credit check? Is this a mortgage trigger?"),
        ("street", "12 Trigger Lane"),
        ("lead_type", "purchase"),
        ("source", "Zillow"),
        ("last_name", "Trigger"),
    ],
)
def test_the_word_alone_makes_none(key: str, value: str) -> None:
    assert not is_trigger_lead(lead(key, value))
