"""Urlencoded bodies are taken apart as the standard library does it, whatever is wrong with them."""

from __future__ import annotations

from urllib.parse import parse_qsl

from hypothesis import example, given
from hypothesis import strategies as st

from connectors.intake.form_body import read_urlencoded

# No letter here continues an escape: what is in UTF-8 stays in UTF-8.
PIECES = st.sampled_from([b"&", b"=", b"+", b"%", b"%26", b"%3D", b"%2B", b"%C3%A9", b"z", b" ", b";"])


@given(st.lists(PIECES).map(b"".join))
@example(b"name=Ren%C3%A9e+Roy&&note=a=b&empty=&bare&=nameless")
def test_fields_are_those_of_the_standard_library(body: bytes) -> None:
    assert read_urlencoded(body, "") == tuple(parse_qsl(body.strip().decode(), keep_blank_values=True))
