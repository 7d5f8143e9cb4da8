from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.answers import Answer, Answers, Origin
from mapping.inquiry import Amount, Contact, CreditBand, Inquiry, InquiryType, Party, Timeframe
from mapping.reading.understand import CANONICAL_FIELDS, Locale, PathRules, suggest, understand

AT = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
US = Locale("US", "America/Los_Angeles", "MDY")
CA = Locale("CA", "America/Halifax", "YMD")
NO_RULES = PathRules("Contact", {}, {})


def asked(*items: tuple[str, str] | tuple[str, str, str], origin: Origin | None = None) -> Answers:
    """Answers from (key, value) or (key, label, value)."""
    answers = (Answer(item[0], item[1] if len(item) == 3 else "", (item[-1],)) for item in items)
    return Answers("html-form", tuple(answers), origin=origin or Origin())


def read(
    *items: tuple[str, str] | tuple[str, str, str],
    rules: PathRules = NO_RULES,
    locale: Locale = US,
    origin: Origin | None = None,
) -> Inquiry:
    return understand(asked(*items, origin=origin), rules, locale, received_at=AT)


def test_the_paths_own_mapping_decides_first() -> None:
    rules = PathRules("Form", {"6.4": "property_state", "Name": "company", "junk": "", "Old": "ignore"}, {})
    inquiry = read(("6.4", "FL"), ("NAME", "Acme LLC"), ("junk", "x"), ("f1", "old", "y"), rules=rules)
    assert inquiry.property.state == "FL"
    assert inquiry.borrower == Party(company="Acme LLC")
    assert inquiry.unmapped == ()


@pytest.mark.parametrize(
    ("label", "written", "sent"),
    [
        ("Created", "2025-11-20T10:00:00Z", datetime(2025, 11, 20, 10, tzinfo=UTC)),
        ("Date created", "2025-11-20 10:00", datetime(2025, 11, 20, 18, tzinfo=UTC)),
        ("Lead Date", "11/20/2025", datetime(2025, 11, 20, 20, tzinfo=UTC)),
        ("submitted_at", "Nov 20, 2025 3:45 PM", datetime(2025, 11, 20, 20, tzinfo=UTC)),
        ("Timestamp", "20251120", None),
        ("Created", "2026-02-29", None),
        ("Created", "2027-01-01", None),  # nothing is sent after it was received
    ],
)
def test_when_it_was_sent_is_read_from_an_answer(label: str, written: str, sent: datetime | None) -> None:
    inquiry = read(("email", "ana@example.com"), (label, label, written))
    assert inquiry.submitted_at == sent
    assert inquiry.received_at == AT


def test_a_mapping_to_an_unknown_field_keeps_the_answer() -> None:
    inquiry = read(("name", "Ana Ruiz"), rules=PathRules("Form", {"name": "shoe_size"}, {}))
    assert inquiry.borrower == Party()
    assert inquiry.unmapped == (("name", "Ana Ruiz"),)


def test_defaults_fill_what_was_not_answered_but_never_consent() -> None:
    rules = PathRules(
        "Form", {}, {"inquiry_type": "refinance", "language": "fr", "email": "x", "consent_sms": "yes"}
    )
    inquiry = read(("email", "ana@example.com"), rules=rules)
    assert (inquiry.type, inquiry.type_reason) == (InquiryType.REFINANCE, "the intake path's default")
    assert (inquiry.language, inquiry.borrower.email, inquiry.consent.sms) == ("fr", "ana@example.com", None)


def test_the_label_that_was_seen_decides_before_a_copied_key() -> None:
    inquiry = read(
        ("name", "Company name", "Acme LLC"), ("message", "Property address", "12 Elm St, Austin, TX 78704")
    )
    assert (inquiry.borrower.company, inquiry.property.street) == ("Acme LLC", "12 Elm St")
    assert (inquiry.property.city, inquiry.property.state, inquiry.property.postal_code) == (
        "Austin",
        "TX",
        "78704",
    )


@pytest.mark.parametrize(
    "items",
    [
        (("first_name", "ANA"), ("last_name", "RUIZ")),
        (("full name", "ana ruiz"),),
        (("nom", "Ruiz"), ("prenom", "Ana")),
        (("nombre", "Ana"), ("apellido", "Ruiz")),
        (("name", "Ana Ruiz"), ("last-name", "Ruiz")),
        (("yourName.first", "Ana"), ("yourName.last", "Ruiz")),
    ],
)
def test_a_name_is_put_together_from_what_was_asked(items: tuple[tuple[str, str], ...]) -> None:
    assert read(*items).borrower == Party(first_name="Ana", last_name="Ruiz")


def test_a_joint_name_is_a_borrower_and_a_co_borrower() -> None:
    inquiry = read(("name", "John & Mary Smith"), ("co_borrower_email", "mary@example.com"))
    assert inquiry.borrower == Party(first_name="John", last_name="Smith")
    assert inquiry.co_borrower == Party(first_name="Mary", last_name="Smith", email="mary@example.com")


def test_the_referral_partner_is_told_from_the_borrower() -> None:
    inquiry = read(
        ("Realtor's name", "Penelope Marsh"), ("realtor_phone", "510-555-0114"), ("phone", "415-555-0139")
    )
    assert inquiry.partner == Party(first_name="Penelope", last_name="Marsh", phone="+15105550114")
    assert inquiry.borrower.phone == "+14155550139"


def test_an_unreadable_email_and_phone_are_flagged_and_kept() -> None:
    inquiry = read(("email", "ana at example"), ("phone", "12345678"))
    assert inquiry.borrower == Party()
    assert inquiry.flags == ("ambiguous_phone", "invalid_email")
    assert inquiry.unmapped == (("email", "ana at example"), ("phone", "12345678"))


def test_a_second_readable_answer_is_used_when_the_first_is_not() -> None:
    inquiry = read(("phone", "none"), ("mobile", "415-555-0139 x7"))
    assert (inquiry.borrower.phone, inquiry.borrower.phone_ext) == ("+14155550139", "7")
    assert inquiry.unmapped == (("phone", "none"),)


def test_a_second_phone_is_kept() -> None:
    assert read(("phone", "415-555-0139"), ("mobile", "415-555-0140")).unmapped == (
        ("mobile", "415-555-0140"),
    )


def test_a_range_stays_a_range_and_doubt_stays_empty() -> None:
    inquiry = read(("loan amount", "350-400K"), ("purchase price", "350"), ("down payment", "20%"))
    assert inquiry.loan.amount == Amount(low=Decimal(350_000), high=Decimal(400_000))
    assert (inquiry.property.value, inquiry.loan.down_payment) == (Amount(), Amount())
    assert inquiry.flags == ("ambiguous_amount",)
    assert inquiry.unmapped == (("purchase price", "350"), ("down payment", "20%"))


def test_a_bare_place_is_about_the_property_a_mailing_address_lends_its_state() -> None:
    bare = read(("state", "CA"), ("zip", "94801"))
    assert (bare.property.state, bare.property.postal_code) == ("CA", "94801")
    mailed = read(("street", "12 Elm St"), ("city", "Reno"), ("state", "NV"), ("zip", "89501"))
    assert (mailed.property.street, mailed.property.city, mailed.property.state) == ("", "", "NV")
    assert (mailed.borrower.street, mailed.borrower.city, mailed.borrower.postal_code) == (
        "12 Elm St",
        "Reno",
        "89501",
    )


def test_a_postal_code_gives_the_state_only_when_none_was_said() -> None:
    inferred = read(("property zip", "78704"))
    assert (inferred.property.state, inferred.flags) == ("TX", ("state_from_postal_code",))
    stated = read(("property zip", "78704"), ("property state", "Oklahoma"))
    assert (stated.property.state, stated.flags) == ("OK", ())


def test_country_and_currency_follow_the_property() -> None:
    inquiry = read(("province", "Nova Scotia"), ("balance", "$268K"), locale=US)
    assert (inquiry.property.country, inquiry.loan.currency) == ("CA", "CAD")
    assert read(("balance", "268 000 $"), locale=CA).loan.currency == "CAD"
    assert read(("email", "ana@example.com")).loan.currency == ""


def test_a_maturity_date_is_a_date_and_a_timeframe() -> None:
    inquiry = read(("maturity", "2026-08-15"), locale=CA)
    assert (inquiry.timeframe_date, inquiry.timeframe) == (date(2026, 8, 15), Timeframe.MONTHS_3_6)


def test_an_ambiguous_date_stays_empty() -> None:
    inquiry = read(("closing date", "03/04/2026"), locale=CA)
    assert (inquiry.timeframe_date, inquiry.timeframe, inquiry.flags) == (None, None, ("ambiguous_date",))
    assert inquiry.unmapped == (("closing date", "03/04/2026"),)


def test_choices_are_read() -> None:
    inquiry = read(
        ("credit", "Good (680-739)"),
        ("Contact me by", "Text message"),
        ("Best time", "Mornings"),
        ("use", "x"),
    )
    assert (inquiry.credit_band, inquiry.preferred_contact) == (CreditBand.GOOD, Contact.SMS)
    assert (inquiry.preferred_time, inquiry.unmapped) == ("Mornings", (("use", "x"),))


def test_free_words_about_the_need_become_the_message() -> None:
    inquiry = read(("q1", "How can we help?", "We want to refinance before our term is up"))
    assert inquiry.message == "We want to refinance before our term is up"
    assert inquiry.type is not InquiryType.GENERAL_ADVICE
    assert inquiry.unmapped == ()


def test_an_unknown_option_is_kept_and_the_words_decide() -> None:
    inquiry = read(("loan_type", "Other"), ("message", "We want to buy a house"))
    assert (inquiry.type, inquiry.unmapped) == (InquiryType.PURCHASE, (("loan_type", "Other"),))


def test_the_title_of_the_form_decides_last() -> None:
    origin = Origin(form_title="Renewal Check")
    assert read(("email", "ana@example.com"), origin=origin).type is InquiryType.RENEWAL
    assert read(("message", "We want to buy a house"), origin=origin).type is InquiryType.PURCHASE


def test_consent_names_its_channels_and_keeps_its_words() -> None:
    label = "I agree to receive calls and texts from Harbor Pine. Reply STOP to opt out."
    origin = Origin(page_url="https://www.example.com/buy/", ip="192.0.2.61")
    consent = read(("c", label, "yes"), origin=origin).consent
    assert (consent.phone, consent.sms, consent.email, consent.text) == (True, True, None, label)
    assert (consent.captured_at, consent.ip, consent.page_url) == (
        AT,
        "192.0.2.61",
        "https://www.example.com/buy/",
    )


@pytest.mark.parametrize(
    ("items", "email", "phone", "sms"),
    [
        ((("c", "I agree to receive calls and texts", "no"),), None, False, False),
        ((("SMS consent", "yes"),), None, None, True),
        ((("consent", "I agree to be contacted by phone, email or SMS"),), True, True, True),
        ((("9.1", "1"), ("consent_text", "I consent to receive emails and phone calls.")), True, True, None),
        ((("c", "J'accepte de recevoir des courriels et des textos", "Oui"),), True, None, True),
        ((("c", "Acepto recibir llamadas y mensajes de texto", "Sí"),), None, True, True),
        ((("c", "I do not want to receive emails", "yes"),), False, None, None),
        ((("sms_opt_in", "yes"), ("c", "I agree to calls and texts", "no")), None, False, False),
        ((("consent", "on"),), None, None, None),
    ],
)
def test_consent_is_never_assumed(
    items: tuple[tuple[str, str] | tuple[str, str, str], ...],
    email: bool | None,
    phone: bool | None,
    sms: bool | None,
) -> None:
    consent = read(*items, rules=PathRules("Form", {"9.1": "consent"}, {})).consent
    assert (consent.email, consent.phone, consent.sms) == (email, phone, sms)


def test_consent_without_a_channel_is_kept_for_a_person() -> None:
    inquiry = read(("acceptance", "Consent", "on"))
    assert (inquiry.consent.text, inquiry.unmapped) == ("Consent", (("Consent", "on"),))


def test_evidence_of_consent_is_kept_verbatim() -> None:
    consent = read(
        ("xxTrustedFormCertUrl", "https://cert.example.net/01AB"), ("universal_leadid", "0FADE-1")
    ).consent
    assert (consent.certificate_url, consent.lead_id_token) == ("https://cert.example.net/01AB", "0FADE-1")


def test_campaign_tags_come_from_hidden_fields_then_from_the_page() -> None:
    origin = Origin(page_url="https://www.example.com/?utm_source=bing&utm_medium=cpc&fbclid=F1&lo=maria")
    inquiry = read(("utm_source", "google"), ("gclid", "G1"), origin=origin)
    assert inquiry.attribution.utm == {"source": "google", "medium": "cpc"}
    assert inquiry.attribution.click_ids == {"gclid": "G1", "fbclid": "F1"}
    assert inquiry.assigned_to == "maria"


def test_a_birth_date_is_only_ever_a_keyed_hash() -> None:
    digest = "0123456789abcdef0123456789abcdef"
    assert read(("dob", f"birthdate:{digest}")).borrower.birth_hash == digest
    hidden = read(("q9", f"birthdate:{digest}"), ("co_dob", f"birthdate:{digest}"))
    assert (hidden.borrower.birth_hash, hidden.unmapped) == (digest, ())
    assert hidden.co_borrower == Party(birth_hash=digest)
    assert read(("dob", "[redacted birthdate]")).borrower.birth_hash == ""


@pytest.mark.parametrize(
    ("items", "browser", "language"),
    [
        ((("language", "Español"),), "en-US", "es"),
        ((("Votre nom", "Luc Roy"), ("Votre courriel", "luc@example.com")), "", "fr"),
        ((("first_name", "Luc"), ("last_name", "Roy"), ("your_state", "QC")), "fr-CA", "fr"),
        ((("message", "Bonjour, je veux acheter une maison avec mon conjoint"),), "en-CA", "fr"),
        ((("message", "Hello, we want to buy a house"),), "fr-CA,fr;q=0.9", "en"),
        ((("message", "Merci"),), "fr-CA,fr;q=0.9", "fr"),
        ((("message", "ok"),), "de", "en"),
    ],
)
def test_language(items: tuple[tuple[str, str], ...], browser: str, language: str) -> None:
    assert read(*items, origin=Origin(language=browser)).language == language


def test_the_forms_own_questions_tell_the_language() -> None:
    items = (
        ("q1", "¿Qué está buscando?", "Comprar una casa"),
        ("q2", "¿Cuándo planea comprar la casa?", "En 3 meses"),
    )
    inquiry = read(*items, origin=Origin(language="en-US"))
    assert (inquiry.language, inquiry.type, inquiry.timeframe) == (
        "es",
        InquiryType.PURCHASE,
        Timeframe.MONTHS_1_3,
    )


def test_suggestions_are_confident_ones_in_three_languages() -> None:
    items = (
        Answer("f1", "Prénom", ("Ana",)),
        Answer("f2", "¿Cuál es su correo electrónico?", ("ana@example.com",)),
        Answer("your-tel", "", ("415-555-0139",)),
        Answer("f3", "Which state is the property in?", ("CA",)),
        Answer("f4", "Comment pouvons-nous vous aider ?", ("Achat",)),
        Answer("f5", "How did you hear about us?", ("Friend",)),
        Answer("f6", "Courriel", ("luis@example.com",)),
    )
    assert suggest(items) == {
        "f1": "first_name",
        "f2": "email",
        "your-tel": "phone",
        "f3": "property_state",
        "f4": "inquiry_type",
    }


def test_every_suggestion_is_a_canonical_field() -> None:
    for name in CANONICAL_FIELDS:
        assert suggest((Answer(name, "", ("x",)),)) == {name: name}


KEYS = st.sampled_from(sorted(CANONICAL_FIELDS)) | st.text(max_size=30)


@given(st.lists(st.tuples(KEYS, st.text(max_size=20), st.text(max_size=60)), max_size=12))
def test_any_answers_are_understood(items: list[tuple[str, str, str]]) -> None:
    inquiry = read(*items)
    kept = len(inquiry.unmapped)
    assert kept <= len(items)
    assert inquiry.path == "Contact"


WORDS = st.text(st.characters(categories=["Lu", "Ll"]), min_size=4, max_size=12)


@given(WORDS)
def test_an_answer_nobody_asked_for_is_kept_word_for_word(word: str) -> None:
    inquiry = read(("zzq question", word))
    normal = read(("zzq question", inquiry.unmapped[0][1]))
    assert normal.unmapped == inquiry.unmapped
    assert all(getattr(inquiry.borrower, field.name) == "" for field in fields(Party))
