from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.inquiry import Contact, CreditBand, Timeframe
from mapping.reading import choices


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("As soon as possible", Timeframe.ASAP),
        ("Dès que possible", Timeframe.ASAP),
        ("Lo antes posible", Timeframe.ASAP),
        ("Within 30 days", Timeframe.WITHIN_30_DAYS),
        ("In 2 weeks", Timeframe.WITHIN_30_DAYS),
        ("1-3 months", Timeframe.MONTHS_1_3),
        ("0-3 months", Timeframe.MONTHS_1_3),
        ("30-60 days", Timeframe.MONTHS_1_3),
        ("Within 3 months", Timeframe.MONTHS_1_3),
        ("3 à 6 mois", Timeframe.MONTHS_3_6),
        ("En 6 meses", Timeframe.MONTHS_3_6),
        ("6+ months", Timeframe.MONTHS_6_12),
        ("6-12 months", Timeframe.MONTHS_6_12),
        ("within a year", Timeframe.MONTHS_6_12),
        ("More than a year", Timeframe.OVER_12_MONTHS),
        ("12 months or more", Timeframe.OVER_12_MONTHS),
        ("Just looking", Timeframe.RESEARCHING),
        ("when the cat agrees", None),
    ],
)
def test_timeframes(text: str, frame: Timeframe | None) -> None:
    assert choices.read_timeframe(text) is frame


def test_a_day_in_the_past_is_no_timeframe() -> None:
    assert choices.timeframe_until(date(2025, 8, 15), date(2025, 3, 4)) is Timeframe.MONTHS_3_6
    assert choices.timeframe_until(date(2025, 3, 3), date(2025, 3, 4)) is None


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("Excellent (740+)", CreditBand.EXCELLENT),
        ("Very good", CreditBand.EXCELLENT),
        ("Good (680-739)", CreditBand.GOOD),
        ("680-719", CreditBand.GOOD),
        ("R_700_719", CreditBand.GOOD),
        ("Fair (620-679)", CreditBand.FAIR),
        ("610-639", CreditBand.FAIR),
        ("below 620", CreditBand.POOR),
        ("under 600", CreditBand.POOR),
        ("Mauvais", CreditBand.POOR),
        ("Buena", CreditBand.GOOD),
        ("Not sure", CreditBand.UNKNOWN),
        ("purple", None),
    ],
)
def test_credit_bands(text: str, band: CreditBand | None) -> None:
    assert choices.read_credit_band(text) is band


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Phone call", Contact.PHONE),
        ("Par téléphone", Contact.PHONE),
        ("text_message", Contact.SMS),
        ("Text message to my cell", Contact.SMS),
        ("Texto", Contact.SMS),
        ("E-mail", Contact.EMAIL),
        ("Courriel", Contact.EMAIL),
        ("Phone, Email", Contact.ANY),
        ("No preference", Contact.ANY),
        ("carrier pigeon", None),
    ],
)
def test_preferred_contact(text: str, way: Contact | None) -> None:
    assert choices.read_preferred_contact(text) is way


@pytest.mark.parametrize(
    ("text", "use"),
    [("Primary residence", "primary"), ("Second home", "second_home"), ("Rental", "investment"), ("?", None)],
)
def test_property_use(text: str, use: str | None) -> None:
    assert choices.read_property_use(text) == use


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SingleFamilyHome", "single_family"),
        ("Townhouse", "townhouse"),
        ("Condo/Apartment", "condo"),
        ("2-4 unit", "multi_family"),
        ("Terrain", "land"),
        ("castle", None),
    ],
)
def test_property_type(text: str, kind: str | None) -> None:
    assert choices.read_property_type(text) == kind


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes", True),
        ("On", True),
        ("1", True),
        ("Oui", True),
        ("Sí", True),
        ("no", False),
        ("0", False),
        ("maybe", None),
    ],
)
def test_ticks(text: str, answer: bool | None) -> None:
    assert choices.read_yes_no(text) is answer


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    for read in (
        choices.read_timeframe,
        choices.read_credit_band,
        choices.read_preferred_contact,
        choices.read_property_use,
        choices.read_property_type,
        choices.read_yes_no,
    ):
        read(text)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Self-employed", "self_employed"),
        ("Travailleur autonome", "self_employed"),
        ("Trabajo por cuenta propia", "self_employed"),
        ("1099 contractor", "self_employed"),
        ("Full time", "employed"),
        ("W-2", "employed"),
        ("Empleado a tiempo completo", "employed"),
        ("Retraité", "retired"),
        ("Jubilada", "retired"),
        ("Unemployed", "unemployed"),
        ("Sans emploi", "unemployed"),
        ("Étudiante", "student"),
        ("Active duty military", "military"),
        ("Acme Bakery", "Acme Bakery"),
        ("  ", None),
    ],
)
def test_employment_is_a_status_or_the_words_as_they_are(text: str, status: str | None) -> None:
    assert choices.read_employment(text) == status
