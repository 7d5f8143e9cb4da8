"""Bodies are read strictly, told apart by stable codes, and written back to the same data."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.intake.base import Document, JsonValue, Unreadable
from connectors.intake.document import MAX_BODY, read_document, readable_text, write_document
from tests.intake.requests import URLENCODED

JSON = "application/json"
MULTIPART = "multipart/form-data; boundary=x"


def multipart(*parts: bytes) -> bytes:
    return (
        b"".join(b"--x\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--x--\r\n"
    )


@pytest.mark.parametrize(
    ("content_type", "body", "code", "status", "keep"),
    [
        (JSON, b'{"a": ', "malformed_json", 400, True),
        (JSON, b"name=Ana", "malformed_json", 400, True),
        (JSON, b'{"a": 1} x', "malformed_json", 400, True),
        ("text/plain", b"{name: Ana}", "malformed_json", 400, True),
        (JSON, b"[" * 65 + b"]" * 65, "too_deep", 400, True),
        (JSON, b"[" * 500_000, "too_deep", 400, True),
        (JSON, b'{"a":' * 65 + b"1" + b"}" * 65, "too_deep", 400, True),
        (JSON, b'{"email": "a", "email": "b"}', "duplicate_keys", 400, True),
        (JSON, b'{"a": NaN}', "not_a_number", 400, True),
        (JSON, b'{"a": -Infinity}', "not_a_number", 400, True),
        (JSON, b'{"a": 1e999}', "not_a_number", 400, True),
        (JSON, b'{"a": ' + b"9" * 5_000 + b"}", "not_a_number", 400, True),
        (JSON, b'{"a": "\x00"}', "nul_byte", 400, True),
        (JSON, rb'{"a": ["x\u0000"]}', "nul_byte", 400, True),
        (JSON, rb'{"\u0000": 1}', "nul_byte", 400, True),
        (JSON, b'{"a": "Ren\xe9"}', "wrong_charset", 400, True),
        (JSON, rb'{"a": "\ud800"}', "wrong_charset", 400, True),
        (JSON + "; charset=klingon", b"{}", "wrong_charset", 400, True),
        (JSON + "; charset=zip", b"{}", "wrong_charset", 400, True),
        (URLENCODED, b"a=%00", "nul_byte", 400, True),
        (URLENCODED, b"a=%C3%81%81", "wrong_charset", 400, True),
        (URLENCODED, b"&".join([b"a=1"] * 1_001), "too_many_fields", 400, True),
        (MULTIPART, multipart(*[b'name="a"\r\n\r\n1'] * 1_001), "too_many_fields", 400, True),
        (MULTIPART, b"a=1", "malformed_multipart", 400, True),
        (MULTIPART, multipart(b'name="a"\r\n\r\n1')[:-12], "malformed_multipart", 400, True),
        (MULTIPART, b"--x\r\nContent-Type: text/plain\r\n\r\n1\r\n--x--", "malformed_multipart", 400, True),
        (
            MULTIPART,
            b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
            "malformed_multipart",
            400,
            True,
        ),
        ("multipart/form-data", multipart(b'name="a"\r\n\r\n1'), "malformed_multipart", 400, True),
        (JSON, b"", "empty_body", 400, False),
        (URLENCODED, b" \r\n", "empty_body", 400, False),
        (URLENCODED, b"&&", "empty_body", 400, False),
        (MULTIPART, b"--x--\r\n", "empty_body", 400, False),
        ("text/html", b"<p>Ana</p>", "unsupported_content_type", 415, False),
        ("text/plain", b"call me", "unsupported_content_type", 415, False),
        ("", b"call me", "unsupported_content_type", 415, False),
        (JSON, b" " * MAX_BODY + b"1", "too_large", 413, False),
    ],
)
def test_unreadable_body_has_a_stable_code(
    content_type: str, body: bytes, code: str, status: int, keep: bool
) -> None:
    with pytest.raises(Unreadable) as caught:
        read_document(content_type, body)
    assert (caught.value.code, caught.value.status, caught.value.keep) == (code, status, keep)
    assert str(caught.value).endswith(".")


def test_malformed_json_is_located_without_being_quoted() -> None:
    with pytest.raises(Unreadable, match="line 2, column 7") as caught:
        read_document(JSON, b'{"a": 1,\n "b": Ottoline}')
    assert "Ottoline" not in str(caught.value)


@pytest.mark.parametrize(
    ("content_type", "body", "value"),
    [
        (JSON, b'\xef\xbb\xbf{"a": "Ren\xc3\xa9e"}', {"a": "Renée"}),
        ("APPLICATION/JSON; Charset=UTF-8", b"[1]", [1]),
        ("application/vnd.form+json", b"{}", {}),
        ("text/plain", b' {"a": 1}', {"a": 1}),
        ("", b'{"a": 1}', {"a": 1}),
        (URLENCODED, b'{"a": 1}', {"a": 1}),
        (JSON, '{"a": "é"}'.encode("utf-16"), {"a": "é"}),
        (JSON + "; charset=iso-8859-1", '{"a": "é"}'.encode("latin-1"), {"a": "é"}),
        (JSON, rb'{"a": "\ud83d\ude00 \\u0000"}', {"a": "😀 \\u0000"}),
        (JSON, b"[" * 64 + b"]" * 64, None),
        (JSON, b'["' + b"[" * 100 + b'"]', ["[" * 100]),
    ],
)
def test_json_is_read_whatever_it_is_called(content_type: str, body: bytes, value: JsonValue) -> None:
    document = read_document(content_type, body)
    assert document.kind == "json"
    assert value is None or document.json == value


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (b"15125550191", 15125550191),
        (b"98765432109876543210", 98765432109876543210),
        (b"1.10", 1.1),
        (b"0.12345678901234567890", "0.12345678901234567890"),
        (b"41555501230000000000.5", "41555501230000000000.5"),
    ],
)
def test_numbers_lose_no_digit(number: bytes, value: JsonValue) -> None:
    assert read_document(JSON, b'{"n": ' + number + b"}").json == {"n": value}


@pytest.mark.parametrize(
    ("content_type", "body", "fields"),
    [
        (URLENCODED, b"a=1&b=&a=2&c", (("a", "1"), ("b", ""), ("a", "2"), ("c", ""))),
        (URLENCODED, b"a=x+y%2Bz", (("a", "x y+z"),)),
        (URLENCODED, "a=Renée".encode(), (("a", "Renée"),)),
        (URLENCODED, b"a=Ren%C3%A9e", (("a", "Renée"),)),
        (URLENCODED, b"a=Ren%E9e&b=%80", (("a", "Renée"), ("b", "€"))),
        (URLENCODED + "; charset=ISO-8859-1", b"a=Ren%E9e", (("a", "Renée"),)),
        (URLENCODED + "; charset=utf-8", b"a=Ren%E9e", (("a", "Renée"),)),
        (URLENCODED, b"_charset_=windows-1251&a=%C0", (("_charset_", "windows-1251"), ("a", "А"))),
        (MULTIPART, multipart(b'name="a"\r\n\r\n1', b'name="a"\r\n\r\n'), (("a", "1"), ("a", ""))),
        (MULTIPART, multipart(b'name="a"\r\n\r\nRen\xe9e'), (("a", "Renée"),)),
        (MULTIPART, multipart('name="prénom"\r\n\r\nRenée'.encode()), (("prénom", "Renée"),)),
        (MULTIPART, b"--x\nContent-Disposition: form-data; name=a\n\n1\n--x--", (("a", "1"),)),
    ],
)
def test_forms_keep_order_repeats_and_accents(
    content_type: str, body: bytes, fields: tuple[tuple[str, str], ...]
) -> None:
    assert read_document(content_type, body) == Document("form", form=fields)


@pytest.mark.parametrize(
    ("file_name", "kept"),
    [
        (b"paystub.pdf", "paystub.pdf"),
        (b"../../etc/passwd", "passwd"),
        (b"C:\\Users\\ana\\W2 (1).pdf", "W2 (1).pdf"),
        (b"<script>.pdf", "_script_.pdf"),
        (b"..", "unnamed"),
    ],
)
def test_of_a_file_only_its_cleaned_name_is_kept(file_name: bytes, kept: str) -> None:
    part = b'name="doc"; filename="' + file_name.replace(b"\\", b"\\\\") + b'"\r\n\r\n%PDF \x00\xff'
    assert read_document(MULTIPART, multipart(part)).form == (("doc", f"[file: {kept} not kept]"),)


def test_file_input_left_empty_is_no_field() -> None:
    body = multipart(b'name="a"\r\n\r\n1', b'name="doc"; filename=""\r\n\r\n')
    assert read_document(MULTIPART, body).form == (("a", "1"),)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_json_written_reads_back_the_same(value: JsonValue) -> None:
    document = Document("json", json=value)
    assert read_document(*write_document(document)) == document


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=20))
def test_form_written_reads_back_the_same(fields: list[tuple[str, str]]) -> None:
    document = Document("form", form=tuple(fields))
    assert read_document(*write_document(document)) == document


@given(st.sampled_from([JSON, URLENCODED, MULTIPART, "text/plain", "", ";;"]), st.binary())
def test_any_bytes_are_read_or_refused_and_can_be_shown(content_type: str, body: bytes) -> None:
    with suppress(Unreadable):
        document = read_document(content_type, body)
        assert read_document(*write_document(document)) == document
    text = readable_text(body, content_type)
    assert "\x00" not in text
    text.encode()


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        (JSON, rb'{"name": "Ren\u00e9e", ', '{"name": "Renée", '),
        (JSON, b'{"name": "Ren\xe9e"}', '{"name": "Renée"}'),
        (URLENCODED, b"ssn=078%2D05&msg=a+b", "ssn=078-05\nmsg=a b"),
        ("text/html; charset=nonsense", b"<p>\x00</p>", "<p>\ufffd</p>"),
        (JSON, rb'"\ud800\u0000"', '"\\ud800\ufffd"'),
    ],
)
def test_unreadable_body_can_be_read_by_a_person(content_type: str, body: bytes, text: str) -> None:
    assert readable_text(body, content_type) == text
