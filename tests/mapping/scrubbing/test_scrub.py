"""What must never be kept is taken out; everything else stays as it came."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.scrubbing.scrub import JsonLike, scrub_json, scrub_pairs, scrub_text


def keyed_hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), key=b"test", digest_size=12).hexdigest()


BORN_1984_06_02 = f"birthdate:{keyed_hash('1984-06-02')}"
SSN = "[redacted ssn]"
SIN = "[redacted sin]"
CARD = "[redacted card number]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SSN 078-05-1120", f"SSN {SSN}"),
        ("it is 078 05 1120.", f"it is {SSN}."),
        ("078.05.1120", SSN),
        ("078–05–1120", SSN),
        ("078 - 05 - 1120", SSN),
        ("078\u200b-05-1120", SSN),
        ("０７８－０５－１１２０", SSN),
        ("900-12-3456", SSN),  # never issued, but nothing else is written so
        ("912 70 1234", SSN),  # ITIN
        ("my social is 078051120", f"my social is {SSN}"),
        ("SSN:078 051120", f"SSN:{SSN}"),
        ("ssn078051120", f"ssn{SSN}"),
        ("078051120 is my SSN", f"{SSN} is my SSN"),
        ("mi seguro social es 078051120", f"mi seguro social es {SSN}"),
        ("046 454 286", SIN),
        ("046-454-286", SIN),
        ("NAS: 046454286", f"NAS: {SSN}"),  # nine digits that could be either
        ("100 046 454 286", f"100 {SIN}"),
        ("4111 1111 1111 1111", CARD),
        ("4111-1111-1111-1111 12/25 123", f"{CARD} 12/25 123"),
        ("4111 1111 1111 1111 123", f"{CARD} 123"),
        ("3782 822463 10005", CARD),
        ("378282246310005", CARD),
        ("6011000990139424,", f"{CARD},"),
        ("415-555-0123 078-05-1120", f"415-555-0123 {SSN}"),
        ("DOB: 06/02/1984", f"DOB: {BORN_1984_06_02}"),
        ("dob 6/2/84", f"dob {BORN_1984_06_02}"),
        ("I was born on June 2, 1984 in Ohio", f"I was born on {BORN_1984_06_02} in Ohio"),
        ("née le 2 juin 1984", f"née le {BORN_1984_06_02}"),
        ("nacida el 2 de junio de 1984", f"nacida el {BORN_1984_06_02}"),
        ("<BorrowerBirthDate>1984-06-02<", f"<BorrowerBirthDate>{BORN_1984_06_02}<"),
        ('"sinNumber":"046454286"', f'"sinNumber":"{SSN}"'),
        ("<TaxpayerIdentifierValue>078051120<", f"<TaxpayerIdentifierValue>{SSN}<"),
        ("born 13/45/1984", "born [redacted birthdate]"),
    ],
)
def test_text_loses_what_must_not_be_kept(text: str, expected: str) -> None:
    scrubbed, redactions = scrub_text(text, keyed_hash)
    assert scrubbed == expected
    assert redactions == 1


HARMLESS = [
    "415-555-0123",
    "(415) 555-0123 ext 12",
    "+1 415 555 0123",
    "4155550123",
    "14155550123",
    "+33 612 345 678",
    "$425,000",
    "$1,250,000.00",
    "425 000 $",
    "125 000 000 $",
    "$046 454 286",
    "94105",
    "94105-1234",
    "H2X 1Y4",
    "2025-03-04",
    "03/04/2025",
    "2025-03-04T17:58:40.110Z",
    "1741111200",
    "1741111200000",
    "20250304180000",
    "01JNH4ZWABF1GRFSAQ955EJ3MT",
    "12345678-1234-1234-1234-123456789012",
    "7c0c2f7e-4a54-4a0e-9b1d-411111111111",
    "192.168.100.200",
    "123456789",
    "4111111111111112",
    "123 456 789",
    "000 12 3456",
    "2204 Pecan Hollow Dr, Austin, TX 78704",
    "680-719",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_phones_amounts_codes_dates_and_ids_stay(text: str) -> None:
    assert scrub_text(text, keyed_hash) == (text, 0)
    sentence = f"Hello, {text}, thank you"
    assert scrub_text(sentence, keyed_hash) == (sentence, 0)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ssn", "ssn"),
        ("borrowerSSN", "ssn"),
        ("co_applicant_ssn_1", "ssn"),
        ("Social Security Number", "ssn"),
        ("What is your social security number?", "ssn"),
        ("Número de seguro social", "ssn"),
        ("sin", "sin"),
        ("sinNumber", "sin"),
        ("co_borrower_sin", "sin"),
        ("Numéro d'assurance sociale (NAS)", "sin"),
        ("tax_id", "tax id"),
        ("taxIdentificationIdentifier", "tax id"),
        ("TaxpayerIdentifierValue", "tax id"),
        ("passport_number", "passport"),
        ("Driver's license", "driver licence"),
        ("permis de conduire", "driver licence"),
        ("bankAccountNumber", "bank account"),
        ("routing_number", "bank account"),
        ("Card number", "card number"),
        ("cvv", "card code"),
    ],
)
def test_field_named_for_a_number_loses_it_whatever_its_form(name: str, kind: str) -> None:
    expected = f"[redacted {kind}]"
    assert scrub_json({name: "AB 12-34"}, keyed_hash) == ({name: expected}, 1)
    assert scrub_json({name: 123456789}, keyed_hash) == ({name: expected}, 1)
    assert scrub_json([{"label": name, "value": "1234"}], keyed_hash)[1] == 1
    assert scrub_pairs([(name, "AB 12-34")], keyed_hash) == (((name, expected),), 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("phone", "4155550123"),
        ("social_media", "@ana_1984"),
        ("Consulta sin compromiso", "450000"),
        ("businessName", "Cold Storage 24"),
        ("className", "123456789"),
        ("checking_account_balance", "12000"),
        ("FilterRoutingID", "881234"),
        ("credit_card_debt", "12000"),
        ("ssn_provided", "yes"),
        ("country of birth", "US"),
        ("lead_id", "4111111111111111"),
        ("submissionID", "046454286"),
        ("gclid", "046-454-286"),
        ("nmlsLicense", "999901"),
        ("I agree that you check my credit with my SSN and date of birth when I apply", "1"),
        ("Tell us more (please do not include your SSN)", "We want 450000 by May"),
    ],
)
def test_field_named_for_something_else_keeps_its_value(name: str, value: str) -> None:
    assert scrub_json({name: value}, keyed_hash) == ({name: value}, 0)


@pytest.mark.parametrize(
    ("value", "order", "expected"),
    [
        ("06/02/1984", "MDY", "1984-06-02"),
        ("06/02/1984", "DMY", "1984-06-02"),
        ("25/02/1984", "MDY", "1984-02-25"),
        ("1984-06-02", "DMY", "1984-06-02"),
        ("1984-06-02T00:00:00Z", "MDY", "1984-06-02"),
        ("19840602", "MDY", "1984-06-02"),
        ("06021984", "MDY", "1984-06-02"),
        ("6/2/84", "MDY", "1984-06-02"),
        ("6/2/04", "MDY", "2004-06-02"),
        ("June 2, 1984", "MDY", "1984-06-02"),
        ("2 juin 1984", "YMD", "1984-06-02"),
        ("０６/０２/１９８４", "MDY", "1984-06-02"),
    ],
)
@pytest.mark.parametrize("name", ["dob", "birthDate", "Date de naissance", "Fecha de nacimiento"])
def test_birth_date_becomes_the_keyed_hash_of_its_day(
    name: str, value: str, order: str, expected: str
) -> None:
    hashed = f"birthdate:{keyed_hash(expected)}"
    assert scrub_json({name: value}, keyed_hash, order) == ({name: hashed}, 1)
    assert scrub_pairs([(name, value)], keyed_hash, order) == (((name, hashed),), 1)


@pytest.mark.parametrize("value", ["455068800", 455068800, "1984", "31/31/1984"])
def test_birth_date_that_cannot_be_read_is_redacted(value: JsonLike) -> None:
    assert scrub_json({"dob": value}, keyed_hash) == ({"dob": "[redacted birthdate]"}, 1)


def test_birth_date_in_parts_is_one_hash() -> None:
    parts: JsonLike = {"day": "02", "month": "06", "year": "1984"}
    assert scrub_json({"q9_dateOfBirth": parts}, keyed_hash) == ({"q9_dateOfBirth": BORN_1984_06_02}, 1)


def test_words_beside_a_birth_date_stay() -> None:
    scrubbed, _ = scrub_json({"Name and DOB": "Ana Diaz, 06/02/1984"}, keyed_hash)
    assert scrubbed == {"Name and DOB": f"Ana Diaz, {BORN_1984_06_02}"}


def test_typeform_answer_is_read_with_the_title_of_its_question() -> None:
    response: JsonLike = {
        "definition": {
            "fields": [
                {"id": "a", "title": "Your Social Security number", "ref": "q1"},
                {"id": "b", "title": "When were you born?", "ref": "q2"},
                {"id": "c", "title": "Phone", "ref": "q3"},
            ]
        },
        "answers": [
            {"type": "text", "text": "078051120", "field": {"id": "a", "ref": "q1", "type": "short_text"}},
            {"type": "date", "date": "1984-06-02", "field": {"id": "b", "ref": "q2", "type": "date"}},
            {"type": "text", "text": "4155550123", "field": {"id": "c", "ref": "q3", "type": "short_text"}},
        ],
    }
    scrubbed, redactions = scrub_json({"form_response": response}, keyed_hash)
    text = json.dumps(scrubbed)
    assert redactions == 2
    assert "078051120" not in text
    assert "1984" not in text
    assert "4155550123" in text


def test_label_of_a_bracketed_group_speaks_for_its_value() -> None:
    pairs = [("fields[f1][title]", "SSN"), ("fields[f1][value]", "078051120"), ("fields[f2][value]", "94105")]
    scrubbed, redactions = scrub_pairs(pairs, keyed_hash)
    assert scrubbed == (pairs[0], ("fields[f1][value]", SSN), pairs[2])
    assert redactions == 1


def test_json_inside_a_field_is_scrubbed_as_json() -> None:
    raw = json.dumps({"q5_ssn": "078051120", "q6_price": "450000"})
    scrubbed, redactions = scrub_pairs([("rawRequest", raw)], keyed_hash)
    assert json.loads(scrubbed[0][1]) == {"q5_ssn": SSN, "q6_price": "450000"}
    assert redactions == 1


def test_second_of_two_equal_keys_hides_nothing_in_json_inside_a_field() -> None:
    scrubbed, redactions = scrub_text('{"ssn":"078051120","ssn":""}', keyed_hash)
    assert "078051120" not in scrubbed
    assert redactions == 1


def test_key_that_is_a_number_itself_is_scrubbed_and_loses_no_neighbour() -> None:
    scrubbed, _ = scrub_json({"078-05-1120": "a", "078-05-1121": "b"}, keyed_hash)
    assert isinstance(scrubbed, dict)
    assert list(scrubbed.values()) == ["a", "b"]
    assert "078" not in json.dumps(scrubbed)


def luhn_digit(payload: str) -> str:
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(payload)))
    return str(-total % 10)


SSN_DIGITS = st.tuples(
    st.integers(1, 899).filter(lambda area: area != 666), st.integers(1, 99), st.integers(1, 9999)
).map(lambda parts: "{:03d}{:02d}{:04d}".format(*parts))
SIN_DIGITS = st.integers(1, 79_999_999).map(lambda n: f"{n:08d}" + luhn_digit(f"{n:08d}"))
CARD_DIGITS = st.tuples(
    st.sampled_from(["4111", "5500", "2223", "6011", "3530", "6221"]), st.integers(0, 10**11 - 1)
).map(lambda parts: f"{parts[0]}{parts[1]:011d}" + luhn_digit(f"{parts[0]}{parts[1]:011d}"))
SEPARATORS = st.sampled_from(["-", " ", ".", "–", "\u00a0", " - ", "－"])
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
WORDS = st.sampled_from(
    ["", "Hello ", "please call 415-555-0123, ", "we pay $425,000 for it: ", "né à Laval, "]
)
FIELDS = st.sampled_from(["message", "notes", "first_name", "phone", "q3_other", "comments"])


def grouped(digits: str, sizes: tuple[int, ...], separator: str) -> str:
    groups, start = [], 0
    for size in sizes:
        groups.append(digits[start : start + size])
        start += size
    return separator.join(groups)


@st.composite
def planted_secrets(draw: st.DrawFn) -> tuple[str, str]:
    """The digits of a secret, and one way to write it."""
    kind = draw(st.sampled_from(["ssn", "sin", "card"]))
    separator = draw(SEPARATORS)
    if kind == "ssn":
        digits = draw(SSN_DIGITS)
        near = f"SSN: {digits}"
        spelled = draw(st.sampled_from([grouped(digits, (3, 2, 4), separator), near]))
    elif kind == "sin":
        digits = draw(SIN_DIGITS)
        near = f"my SIN is {digits}"
        spelled = draw(st.sampled_from([grouped(digits, (3, 3, 3), separator), near]))
    else:
        digits = draw(CARD_DIGITS)
        spelled = draw(st.sampled_from([digits, grouped(digits, (4, 4, 4, 4), separator)]))
    wide = draw(st.booleans())
    return digits, spelled.translate(FULL_WIDTH) if wide else spelled


def digits_of(value: object) -> str:
    return "".join(str(int(char)) for char in json.dumps(value, ensure_ascii=False) if char.isdecimal())


@given(planted_secrets(), WORDS, WORDS, FIELDS)
def test_planted_secret_never_survives(secret: tuple[str, str], before: str, after: str, field: str) -> None:
    digits, spelled = secret
    text = f"{before}{spelled}{', ' if after else ''}{after}"
    for scrubbed, redactions in (
        scrub_text(text, keyed_hash),
        scrub_json({"data": [{field: text}]}, keyed_hash),
        scrub_pairs([(field, text)], keyed_hash),
    ):
        assert redactions >= 1
        assert digits not in digits_of(scrubbed)


@given(st.lists(st.sampled_from(HARMLESS), min_size=1, max_size=5), FIELDS)
def test_harmless_values_survive_together(values: list[str], field: str) -> None:
    text = "; ".join(values)
    assert scrub_text(text, keyed_hash) == (text, 0)
    listed: JsonLike = {field: list[JsonLike](values)}
    assert scrub_json(listed, keyed_hash) == (listed, 0)


NAMES = st.sampled_from(["ssn", "dob", "message", "sin", "lead_id", "card number", "a", "born"])
SNIPPETS = st.sampled_from(
    [
        *("SSN ", "046-454-286", "078-05-1120", "078051120", "-", " ", "DOB: ", "06/02/1984"),
        *("4111111111111111", "sin ", "123456789", ".", "1", "is my SSN", "[redacted ssn]", "birthdate:"),
        *("{", '"', "né le ", "né "),
    ]
)
MESSY = st.one_of(st.text(), st.lists(SNIPPETS, max_size=12).map("".join))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), MESSY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_scrubbing_twice_changes_nothing_more(value: JsonLike) -> None:
    once, _ = scrub_json(value, keyed_hash)
    assert scrub_json(once, keyed_hash) == (once, 0)


@given(MESSY)
def test_scrubbing_text_twice_changes_nothing_more(text: str) -> None:
    once, _ = scrub_text(text, keyed_hash)
    assert scrub_text(once, keyed_hash) == (once, 0)


def test_samples_keep_none_of_the_numbers_that_they_warn_of(shared_folder: Path) -> None:
    checked = 0
    for expected_file in sorted((shared_folder / "samples").glob("*.expected.json")):
        expected = json.loads(expected_file.read_text())
        forbidden = [text for text in expected.get("must_not_contain", []) if text[:1].isdecimal()]
        for body in expected_file.parent.glob(f"{expected['case']}*.[jx][sm]*"):
            if body == expected_file or not forbidden:
                continue
            scrubbed, _ = scrub_text(body.read_text(), keyed_hash)
            assert [text for text in forbidden if text in scrubbed] == []
            checked += 1
    assert checked >= 4
