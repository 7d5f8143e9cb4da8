"""XML bodies: read as data, bounded, and never with a document type."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.intake.base import DocumentKind, Unreadable
from connectors.intake.document import read_document, write_document
from connectors.intake.xml_body import MAX_DEPTH, every, read_xml, text_of

_XML: frozenset[DocumentKind] = frozenset({"xml"})


def test_names_lose_their_namespace_and_repeated_children_are_a_list() -> None:
    body = b'<l:a xmlns:l="urn:x" l:kind="k"><b>1</b><b>2</b><c/><d x="y">t</d></l:a>'
    assert read_xml(body) == {"a": {"@kind": "k", "b": ["1", "2"], "c": "", "d": {"@x": "y", "#text": "t"}}}


def test_elements_are_found_wherever_they_are() -> None:
    tree = read_xml(b"<r><p><n>Ada</n></p><q><p><n>Ben</n></p></q></r>")
    assert [text_of(one) for one in every(tree, "n")] == ["Ada", "Ben"]
    assert len(list(every(tree, "p"))) == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "forbidden_xml"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "forbidden_xml"),
        (b"<x>", "malformed_xml"),
        (b"<x></y>", "malformed_xml"),
        (b"\xff\xfe<x", "malformed_xml"),
        (b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), "too_deep"),
        (b"<a>" + b"<b/>" * 1_001 + b"</a>", "too_many_fields"),
    ],
)
def test_what_cannot_be_taken(body: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_xml(body, most=1_000)
    assert refused.value.code == code


@given(st.binary(max_size=200))
def test_any_bytes_are_a_tree_or_an_error(body: bytes) -> None:
    with contextlib.suppress(Unreadable):
        read_xml(body)


def test_what_is_written_reads_back_only_for_us() -> None:
    document = read_document("text/xml", b"<a><b>1</b></a>", takes=_XML)
    content_type, body = write_document(document)
    assert read_document(content_type, body, takes=_XML, stored=True) == document
    with pytest.raises(Unreadable):
        read_document(content_type, body, takes=_XML)
