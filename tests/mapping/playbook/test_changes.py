"""What differs between two playbooks is told in words a consultant uses."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from mapping.playbook import SHIPPED, shipped
from mapping.playbook.changes import changes, changes_between

US = shipped("mortgage_us")
SPANISH = """[[owner_rules]]
name = "Spanish-speaking borrowers"
language = ["es"]
assign = ["maya@example.com"]
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight = 2 ", "weight = 1 ", "weight of Maya Whitfield: 2 → 1"),
        ("weight = 2 ", "# weight = 2 ", "weight of Maya Whitfield: 2 → 1"),
        (SPANISH, "", 'owner rule "Spanish-speaking borrowers" removed'),
        (SPANISH, SPANISH + SPANISH.replace("Spanish", "French"),
         'owner rule "French-speaking borrowers" added'),
        (SPANISH, SPANISH.replace('["es"]', '["es", "pt"]'),
         'language of owner rule "Spanish-speaking borrowers": "pt" added'),
        ('email = "daniel@example.com"', 'email = "dan@example.com"',
         "member Daniel Okonkwo removed|member Daniel Okonkwo added"),
        ('name = "Daniel Okonkwo"', 'name = "Dan Okonkwo"',
         "name of Dan Okonkwo: Daniel Okonkwo → Dan Okonkwo"),
        ('AZ = { number = "AZ-1000002", expires = 2027-12-31 }', "", "licence AZ of Maya Whitfield removed"),
        ("IL-1000006\", expires = 2027", "IL-1000006\", expires = 2028",
         "expires of licence IL of Daniel Okonkwo: 2027-12-31 → 2028-12-31"),
        ("minutes = 60", "minutes = 90", "minutes of first touch 1 of follow_up: 60 → 90"),
        ('waiting = "Waiting"', 'waiting = "On hold"', "waiting of stages of CRM hubspot: Waiting → On hold"),
        ("mortgage_path =", "mortgage_way =",
         "deal property mortgage_path of CRM hubspot removed|"
         "deal property mortgage_way of CRM hubspot added"),
        ('name = "third_try", day = 2', 'name = "third_try", day = 3',
         'day of touch "third_try" of cadence "hot_pursuit": 2 → 3'),
        ("route_in_hours_only = false", "route_in_hours_only = true",
         "route_in_hours_only of owners: false → true"),
        ("ask_from = 8.5 ", "ask_from = 9 ", "ask_from of identity: 8.5 → 9"),
        ("ask_from = 8.5 ", "# ", ""),
        ('priority = "HIGH"\n', "", ""),
        ("[owners]", "# remark\n\n[owners]", ""),
        ('fallback = "desk@example.com" ', "# ", "fallback of owners: desk@example.com → left out"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_words(old: str, new: str, said: str) -> None:
    assert old in US
    assert list(changes(US, US.replace(old, new, 1))) == [one for one in said.split("|") if one]


def test_another_order_of_rules_is_told() -> None:
    """The first that matches decides."""
    other = SPANISH.replace("Spanish", "Portuguese")
    there = changes(US.replace(SPANISH, f"{SPANISH}\n{other}"), US.replace(SPANISH, f"{other}\n{SPANISH}"))
    assert len(there) == 1
    assert '"Portuguese-speaking borrowers", "Spanish-speaking borrowers"' in there[0]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every single value in a document."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


@pytest.mark.parametrize("name", SHIPPED)
def test_no_value_changes_in_silence(name: str) -> None:
    """Whatever section it stands in, also those that come later."""
    before = tomllib.loads(shipped(name))
    silent = []
    after = tomllib.loads(shipped(name))
    for path in list(leaves(before))[::7]:  # some of every section: each is a walk through it
        section = path[0]
        holder: Any = after
        for key in path[:-1]:
            holder = holder[key]
        was = holder[path[-1]]
        holder[path[-1]] = "something else"
        if not changes_between({section: before[section]}, {section: after[section]}):
            silent.append(path)
        holder[path[-1]] = was
    assert silent == []
    assert changes_between(before, after) == ()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_playbook_does_not_differ_from_itself(name: str) -> None:
    assert changes(shipped(name), shipped(name)) == ()


def test_the_way_back_undoes_every_word() -> None:
    there, back = changes(US, shipped("mortgage_ca")), changes(shipped("mortgage_ca"), US)
    added = {one.removesuffix(" added") for one in there if one.endswith(" added") and ":" not in one}
    removed = {one.removesuffix(" removed") for one in back if one.endswith(" removed") and ":" not in one}
    assert added == removed != set()
