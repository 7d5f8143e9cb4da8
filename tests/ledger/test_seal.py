"""What is sealed can be opened in its place only, and by any key that is still configured."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.ledger.seal import SealBroken, Sealer

OLD, NEW = ("k1", b"1" * 32), ("k2", b"2" * 32)
LOOKUP = b"3" * 32


def test_what_was_sealed_opens_in_its_place() -> None:
    sealer = Sealer([OLD], LOOKUP)
    assert sealer.open(sealer.seal(b"secret", "row:1"), "row:1") == b"secret"


def test_a_sealed_value_cannot_be_moved_to_another_row() -> None:
    sealer = Sealer([OLD], LOOKUP)
    with pytest.raises(SealBroken, match="moved from another place"):
        sealer.open(sealer.seal(b"secret", "row:1"), "row:2")


def test_a_changed_byte_is_noticed() -> None:
    sealer = Sealer([OLD], LOOKUP)
    sealed = bytearray(sealer.seal(b"secret", "row:1"))
    sealed[-1] ^= 1
    with pytest.raises(SealBroken):
        sealer.open(bytes(sealed), "row:1")


def test_after_a_new_key_came_first_the_old_one_still_opens() -> None:
    sealed = Sealer([OLD], LOOKUP).seal(b"secret", "row:1")
    rotated = Sealer([NEW, OLD], LOOKUP)
    assert rotated.open(sealed, "row:1") == b"secret"
    assert not rotated.is_current(sealed)
    assert rotated.is_current(rotated.seal(b"secret", "row:1"))


def test_without_its_key_the_error_names_the_key_and_the_place() -> None:
    sealed = Sealer([OLD], LOOKUP).seal(b"secret", "row:1")
    with pytest.raises(SealBroken, match=r"row:1 was sealed with key b'k1'"):
        Sealer([NEW], LOOKUP).open(sealed, "row:1")


def test_look_ups_of_different_kinds_never_meet() -> None:
    sealer = Sealer([OLD], LOOKUP)
    assert sealer.lookup("email", "x") == sealer.lookup("email", "x")
    assert sealer.lookup("email", "x") != sealer.lookup("phone", "x")
    assert sealer.lookup("email", "x") != Sealer([OLD], NEW[1]).lookup("email", "x")


@given(st.binary(min_size=1, max_size=64), st.text(), st.text())
def test_a_look_up_is_the_hmac_of_kind_and_value(key: bytes, kind: str, value: str) -> None:
    text = f"{kind}\0{value}".encode()
    assert Sealer([OLD], key).lookup(kind, value) == hmac.new(key, text, "sha256").hexdigest()
