"""What is made quickly is made as any dataclass is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from mapping.values import quickly_made


@dataclass(frozen=True, slots=True)
class Slow:
    name: str
    count: int = 1
    tags: list[str] = field(default_factory=list)


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    name: str
    count: int = 1
    tags: list[str] = field(default_factory=list)


def test_it_takes_what_the_other_takes() -> None:
    for made in (("a",), ("a", 2), ("a", 2, ["x"])):
        quick, slow = Quick(*made), Slow(*made)
        assert (quick.name, quick.count, quick.tags) == (slow.name, slow.count, slow.tags)
    assert Quick(name="a", count=3) == replace(Quick("a"), count=3) != Quick("a")
    assert Quick("a").tags is not Quick("a").tags


@pytest.mark.parametrize("made", [(), ("a", 1, [], 4)])
def test_it_refuses_what_the_other_refuses(made: tuple[Any, ...]) -> None:
    for kind in (Quick, Slow):
        with pytest.raises(TypeError, match="argument"):
            kind(*made)


def test_what_is_equal_has_one_hash() -> None:
    @quickly_made
    @dataclass(frozen=True, slots=True)
    class Pair:
        one: str
        other: str

    assert len({Pair("a", "b"), Pair("a", "b"), Pair("b", "a")}) == 2
