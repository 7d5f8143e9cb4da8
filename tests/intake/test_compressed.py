"""Bodies sent compressed."""

from __future__ import annotations

import gzip
import zlib

import pytest

from connectors.intake.base import Unreadable
from connectors.intake.compressed import unpacked
from tests.intake.requests import request

_LIMIT = 1_000_000


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"hello", mtime=0)),
        ("deflate", zlib.compress(b"hello")),
        ("identity", b"hello"),
    ],
)
def test_a_body_is_unpacked(encoding: str, body: bytes) -> None:
    plain = unpacked(request(body, content_encoding=encoding), _LIMIT)
    assert plain.body == b"hello"
    assert encoding == "identity" or "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    ("encoding", "body", "code"),
    [
        ("br", b"x", "unsupported_encoding"),
        ("gzip", b"not gzip", "malformed_encoding"),
        ("gzip", gzip.compress(b"hello", mtime=0)[:-6], "malformed_encoding"),
        ("gzip", gzip.compress(bytes(_LIMIT + 1), mtime=0), "too_large"),
    ],
)
def test_what_cannot_be_unpacked(encoding: str, body: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        unpacked(request(body, content_encoding=encoding), _LIMIT)
    assert refused.value.code == code
