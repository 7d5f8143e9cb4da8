"""Any website's form: every way to send it ends as the same flat answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.intake.base import JsonValue, NotTrusted, Unreadable
from connectors.intake.form import Form
from connectors.intake.registry import ADAPTERS
from mapping.answers import Answer, Answers
from tests.intake.requests import BROWSER, RECEIVED_AT, URLENCODED, answered, by_key, request

NOW = int(RECEIVED_AT.timestamp())


def read_json(value: JsonValue, **headers: str) -> Answers:
    return answered(Form(), request(json.dumps(value).encode(), "application/json", **headers))


def read_form(body: str, **headers: str) -> Answers:
    return answered(Form(), request(body.encode(), **headers))


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ({"email": "ana@example.com"}, [Answer("email", "", ("ana@example.com",))]),
        ({"phone": 15125550191}, [Answer("phone", "", ("15125550191",))]),
        ({"phone": 5125550191.0}, [Answer("phone", "", ("5125550191",))]),
        ({"ok": True, "no": False}, [Answer("ok", "", ("yes",)), Answer("no", "", ("no",))]),
        ({"a": None, "b": "  ", "c": [], "d": {}}, []),
        ({"a": {"b": {"c": "x"}}}, [Answer("a.b.c", "", ("x",))]),
        ({"service": ["Refinance", "Renewal"]}, [Answer("service", "", ("Refinance", "Renewal"))]),
        ({"a": [{"b": "x"}, {"b": "y"}]}, [Answer("a.0.b", "", ("x",)), Answer("a.1.b", "", ("y",))]),
        ({"fields": [{"label": "Your name", "value": "Ana"}]}, [Answer("Your name", "Your name", ("Ana",))]),
        ({"fields": [{"key": "q1", "label": "Name", "value": "A"}]}, [Answer("q1", "Name", ("A",))]),
        ([{"name": "city", "values": ["Reno"]}], [Answer("city", "", ("Reno",))]),
        (
            {"answers": [{"label": "Name", "value": {"first": "Ana", "last": "Diaz"}}]},
            [Answer("Name.first", "Name", ("Ana",)), Answer("Name.last", "Name", ("Diaz",))],
        ),
        ({"payload": {"data": {"First Name": "Ana"}}}, [Answer("First Name", "", ("Ana",))]),
        ({"payload": {"schema": [{"fieldName": "First Name"}]}}, []),
        ({"data": {"borrower": {"email": "x"}}}, [Answer("borrower.email", "", ("x",))]),
        ({"a": "x", "data": {"a": "x"}}, [Answer("a", "", ("x",))]),
        ({"note": '{"q1_name": {"first": "Ana"}}'}, [Answer("note.q1_name.first", "", ("Ana",))]),
        ({"note": '{"not json'}, [Answer("note", "", ('{"not json',))]),
        ({"name": "Rene\u0301e\u0007"}, [Answer("name", "", ("Renée",))]),
    ],
)
def test_json_becomes_flat_answers(value: JsonValue, items: list[Answer]) -> None:
    found = read_json(value)
    assert list(found.items) == items
    assert found.vendor == "json"


@pytest.mark.parametrize(
    ("body", "items"),
    [
        ("a=1&a=2", [Answer("a", "", ("1", "2"))]),
        ("a[]=1&a[]=2", [Answer("a", "", ("1", "2"))]),
        ("name[first]=Ana", [Answer("name.first", "", ("Ana",))]),
        ("fields[f1][title]=Full+Name&fields[f1][value]=Ana", [Answer("f1", "Full Name", ("Ana",))]),
        ("a=1&a[b]=2", [Answer("a", "", ("1",)), Answer("a[b]", "", ("2",))]),
        ("a[b]=2&a=1", [Answer("a.b", "", ("2",)), Answer("a", "", ("1",))]),
        ("a[b=1", [Answer("a[b", "", ("1",))]),
        ("]a[=1", [Answer("]a[", "", ("1",))]),
        ('data.json={"first_name":["Ana"]}', [Answer("first_name", "", ("Ana",))]),
        ("Full Name=Ana&_wpnonce=1f&g-recaptcha-response=zz", [Answer("Full Name", "", ("Ana",))]),
    ],
)
def test_form_fields_become_flat_answers(body: str, items: list[Answer]) -> None:
    found = read_form(body)
    assert list(found.items) == items
    assert found.vendor == "html-form"


@pytest.mark.parametrize("value", ["Ana", 7, None, True])
def test_bare_json_value_is_refused(value: JsonValue) -> None:
    with pytest.raises(Unreadable) as caught:
        read_json(value)
    assert caught.value.code == "wrong_shape"


def test_more_than_a_thousand_answers_are_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        read_json({f"q{number}": "x" for number in range(1_001)})
    assert caught.value.code == "too_many_fields"


@pytest.mark.parametrize(
    ("value", "external_id"),
    [
        ({"submission_id": "s-1", "id": "i-1"}, "s-1"),
        ({"submissionID": 6163311094711234567}, "6163311094711234567"),
        ({"external_id": "e"}, "e"),
        ({"entry_id": "e"}, "e"),
        ({"lead_id": "e"}, "e"),
        ({"id": "4821"}, "4821"),
        ({"payload": {"id": "67c7", "data": {"a": "b"}}}, "67c7"),
        ({"__submission": {"id": "12"}}, "12"),
        ({"id": "[redacted card number]"}, ""),
        ({"id": "x" * 201}, ""),
        ({"form": {"id": "f"}}, ""),
    ],
)
def test_senders_id_is_the_external_id_and_no_answer(value: JsonValue, external_id: str) -> None:
    found = read_json(value)
    assert found.external_id == external_id
    assert external_id not in by_key(found).values() or not external_id


def test_idempotency_key_stands_in_for_a_missing_id() -> None:
    assert read_json({"a": "b"}, idempotency_key="k-1").external_id == "k-1"
    assert read_json({"submission_id": "s-1"}, idempotency_key="k-1").external_id == "s-1"


def test_bare_id_of_an_html_form_is_not_taken_for_the_submissions() -> None:
    found = read_form("id=12&email=ana@example.com")
    assert found.external_id == ""
    assert by_key(found)["id"] == "12"


@pytest.mark.parametrize("field", ["website", "url2", "_gotcha", "honeypot", "hp_name", "Website"])
def test_filled_honeypot_is_a_signal_and_no_answer(field: str) -> None:
    filled = read_form(f"email=a@example.com&{field}=x")
    assert filled.signals == ("honeypot_filled",)
    assert list(by_key(filled)) == ["email"]
    assert read_form(f"email=a@example.com&{field}=").signals == ()


def test_honeypots_can_be_chosen() -> None:
    adapter = Form(frozenset({"middle"}))
    found = answered(adapter, request(b"website=example.com&middle=x"))
    assert by_key(found) == {"website": "example.com"}
    assert found.signals == ("honeypot_filled",)


@pytest.mark.parametrize(
    ("rendered", "signals"),
    [
        (str(NOW), ("submitted_in_0_seconds",)),
        (str(NOW - 1), ("submitted_in_1_second",)),
        (str((NOW - 2) * 1_000), ("submitted_in_2_seconds",)),
        (str(NOW - 3), ()),
        (str(NOW - 86_400), ()),
        (str(NOW - 86_401), ("stale_form",)),
        (str(NOW + 60), ()),
        ("", ()),
        ("yesterday", ()),
        ("1" * 40, ()),
    ],
)
def test_time_between_page_and_post_is_a_signal(rendered: str, signals: tuple[str, ...]) -> None:
    found = read_form(f"email=a@example.com&_ts={rendered}")
    assert found.signals == signals
    assert list(by_key(found)) == ["email"]


@pytest.mark.parametrize(
    ("message", "signals"),
    [
        ("see https://a.example www.b.example http://c.example", ("link_count>=3",)),
        ("one https://a.example and http://b.example", ()),
    ],
)
def test_three_links_in_prose_are_a_signal(message: str, signals: tuple[str, ...]) -> None:
    assert read_json({"message": message}).signals == signals


def test_fields_that_are_links_by_themselves_are_no_signal() -> None:
    links: JsonValue = {f"upload{n}": f"https://files.example.com/{n}" for n in range(5)}
    assert read_json(links).signals == ()


def test_page_and_visitor_come_from_the_fields() -> None:
    origin = read_form(
        "page_url=https://example.com/buy&referrer=https://search.example&ip=203.0.113.9"
        "&user_agent=Phone&form_id=7&form_name=Buy&lang=fr-CA"
    ).origin
    assert origin.page_url == "https://example.com/buy"
    assert origin.referrer == "https://search.example"
    assert (origin.ip, origin.user_agent, origin.language) == ("203.0.113.9", "Phone", "fr-CA")
    assert (origin.form_id, origin.form_title) == ("7", "Buy")


def test_landing_page_stands_in_for_the_page_and_stays_an_answer() -> None:
    found = read_form("landing_page=https://example.com/")
    assert found.origin.page_url == "https://example.com/"
    assert by_key(found) == {"landing_page": "https://example.com/"}


def test_headers_tell_of_the_visitor_only_when_a_browser_posts() -> None:
    headers = {"referer": "https://example.com/buy", "accept_language": "es-MX,es;q=0.9"}
    browser = request(b"a=1", user_agent=BROWSER, remote_addr="203.0.113.9", **headers)
    plugin = request(b"a=1", user_agent="WordPress/6.7", remote_addr="203.0.113.9", **headers)
    seen = answered(Form(), browser).origin
    assert (seen.page_url, seen.ip, seen.user_agent) == ("https://example.com/buy", "203.0.113.9", BROWSER)
    assert seen.language == "es-MX"
    assert answered(Form(), plugin).origin == Answers("x", ()).origin


def test_language_in_words_is_an_answer() -> None:
    found = read_form("language=Spanish")
    assert found.origin.language == ""
    assert by_key(found) == {"language": "Spanish"}


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-03-04T17:59:30Z", datetime(2025, 3, 4, 17, 59, 30, tzinfo=UTC)),
        ("2025-03-04 17:59:30", None),
        ("soon", None),
    ],
)
def test_only_a_time_with_its_offset_says_when_it_was_submitted(text: str, time: datetime | None) -> None:
    found = read_json({"submitted_at": text})
    assert found.submitted_at == time
    assert ("submitted_at" in by_key(found)) == (time is None)


def test_token_is_asked_for_only_when_configured() -> None:
    Form().verify(request(b"a=1"), "")
    Form().verify(request(b"a=1", x_intake_token="t0ken"), "t0ken")
    Form().verify(request(b"a=1", authorization="Bearer t0ken"), "t0ken")
    for headers in ({}, {"x_intake_token": "other"}, {"authorization": "Bearer é\udce9"}):
        with pytest.raises(NotTrusted) as caught:
            Form().verify(request(b"a=1", **headers), "t0ken")
        assert (caught.value.code, caught.value.status) == ("bad_token", 401)


SAMPLES: list[tuple[str, dict[str, str]]] = [
    ("cf7_debt_consolidation", {"your-name": "Dwayne Castellanos", "credit": "Fair (620-679)"}),
    ("elementor_renewal_ca", {"name": "Marguerite Thibodeau", "maturity": "2025-08-15"}),
    ("gravityforms_preapproval", {"1.3": "Keisha", "3": "(305) 555-0166"}),
    ("html_form_commercial", {"first": "Leopold", "loan_amount": "2,400,000"}),
    ("html_form_spam_honeypot", {"first": "Anna"}),
    ("jotform_refinance", {"q3_yourName.first": "Tobias", "q5_phoneNumber.full": "(512) 555-0177"}),
    ("webflow_construction", {"First Name": "Anselm", "Phone Number": "15125550191"}),
    ("wpforms_second_mortgage_ca", {"name": "Priscilla Oyelaran", "amount": "$75,000.00"}),
]


@pytest.mark.parametrize(("case", "some"), SAMPLES, ids=[case for case, _ in SAMPLES])
def test_sample_is_read(case: str, some: dict[str, str], shared_folder: Path) -> None:
    folder = shared_folder / "samples"
    expected = json.loads((folder / f"{case}.expected.json").read_text())
    lines = (folder / expected["headers_file"]).read_text().splitlines()
    content_type = next(line.partition(": ")[2] for line in lines if line.startswith("Content-Type"))
    found = answered(ADAPTERS["form"], request((folder / expected["file"]).read_bytes(), content_type))
    assert some.items() <= by_key(found).items()
    assert found.signals == tuple(expected.get("signals", ()))
    assert not expected["records"] or found.external_id == expected["records"][0].get("external_id", "")


def test_encodings_of_one_form_give_the_same_answers() -> None:
    multipart = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na@example.com\r\n--x--\r\n'
    bodies = [
        (URLENCODED, b"email=a%40example.com"),
        ("multipart/form-data; boundary=x", multipart),
        ("application/json", b'{"email": "a@example.com"}'),
    ]
    answers = [answered(Form(), request(body, content_type)).items for content_type, body in bodies]
    assert answers == [(Answer("email", "", ("a@example.com",)),)] * 3
