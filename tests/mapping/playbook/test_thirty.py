"""Thirty mistakes in one playbook: thirty messages, each on its line, each with what to do."""

from __future__ import annotations

import pytest

from mapping.playbook import PlaybookInvalid, Problem, load_playbook, shipped

US = shipped("mortgage_us")

#: What is replaced (once, on its line), by what, the key the message must name, words of message or remedy.
PLANTED = [
    ('country = "US"', 'country = "UK"', "country", "Choose one of: CA, US."),
    ('timezone = "America/New_York"', 'timezone = "America/New_Yrok"', "timezone", '"America/New_York"'),
    ('holidays = ["US"]', 'holidays = ["US", "US-QQ"]', "holidays.1", '"CA-ON"'),
    ('mon = "09:00-17:30"', 'mon = "09:00-25:00"', "hours.mon", "09:00-17:30"),
    ('wed = "09:00-17:30"', 'wedn = "09:00-17:30"', "hours.wedn", 'Write "wed".'),
    ('fallback = "desk@example.com"', 'fallback = "desk"', "owners.fallback", "email address"),
    (
        "route_in_hours_only = false",
        'route_in_hours_only = "no"',
        "owners.route_in_hours_only",
        "true or false",
    ),
    ("weight = 2 ", "weight = 0 ", "team.0.weight", "above 0"),
    ("NV = { number", "NW = { number", "team.0.licences.NW", "two-letter code"),
    ('nmls = "1000005"', 'nmls = "none yet"', "team.1.nmls", "digits"),
    (
        'IL-1000006", expires = 2027-12-31',
        'IL-1000006", expires = "31/12/27"',
        "team.1.licences.IL.expires",
        "2027-12-31",
    ),
    ('CO = { number = "CO-1000008", ', "CO = { ", "team.1.licences.CO.number", "Add it."),
    (
        'sat = "10:00-13:00"\n\n[[team]]\nname = "Priya',
        'sat = "13:00-10:00"\n\n[[team]]\nname = "Priya',
        "team.1.hours.sat",
        "09:00-17:30",
    ),
    ('name = "Priya Raman"', 'name = " "', "team.2.name", "in quotes"),
    (
        'types = ["purchase", "pre_approval", "refinance"',
        'types = ["purchase", "preapproval", "refinance"',
        "team.2.types.1",
        '"pre_approval"',
    ),
    (
        "first = 2026-12-24, last = 2027-01-02",
        "first = 2027-12-24, last = 2027-01-02",
        "team.2.absences.0.last",
        "Swap the two dates.",
    ),
    ('kind = "accountant"', 'kind = "acountant"', "partners.1.kind", '"accountant"'),
    ('assign = ["priya@example.com"]', 'assign = ["pria@example.com"]', "owner_rules.0.assign.0", "team.2"),
    ('language = ["es"]', 'langauge = ["es"]', "owner_rules.1.langauge", 'Write "language".'),
    ("\nminutes = 5 ", "\nminutes = -5 ", "follow_up.minutes", "whole number from 0"),
    (
        'channel = "review"\nminutes',
        'channel = "fax"\nminutes',
        "follow_up.first_touch.1.channel",
        "Choose one of",
    ),
    ('anchor = "stage"', 'anchor = "stag"', "cadence.1.anchor", '"stage"'),
    (
        '"property_value", "down_payment", "timeframe", "credit_band"]',
        '"property_valu", "down_payment", "timeframe", "credit_band"]',
        "checklists.purchase.4",
        '"property_value"',
    ),
    ('waiting = "Waiting"', 'wating = "Waiting"', "crm.hubspot.stages.wating", '"waiting"'),
    (
        'source = "first_name"',
        'source = "frist_name"',
        "crm.hubspot.contact.firstname.source",
        '"first_name"',
    ),
    (
        '{ source = "phone_ext" }',
        '{ source = "phone_ext", transform = "uper" }',
        "crm.hubspot.contact.mortgage_phone_extension.transform",
        '"upper"',
    ),
    (
        'mortgage_timeframe = { source = "timeframe" }',
        'mortgage_timeframe = { source = "timeframe", values = { soon = "asap" } }',
        "crm.hubspot.deal.mortgage_timeframe.values",
        "does not exist",
    ),
    (
        'mortgage_property_use = { source = "property_use" }',
        'mortgage_property_use = { source = "property_use", type = "number" }',
        "crm.hubspot.deal.mortgage_property_use.type",
        '"string"',
    ),
    ("mortgage_path =", "firstpath_key =", "crm.hubspot.deal.firstpath_key", "Choose another property name."),
    ('like = "salesforce"', 'like = "salesfroce"', "crm.salesforce_lead.like", '"salesforce"'),
]


def test_a_mistake_in_an_address_is_not_told_again_wherever_the_member_is_named() -> None:
    wrong = US.replace('email = "maya@example.com"', 'email = "maya"', 1)
    with pytest.raises(PlaybookInvalid) as caught:
        load_playbook(wrong, name="planted")
    assert [problem.key for problem in caught.value.problems] == ["team.0.email"]
    more = wrong.replace('assign = ["priya@example.com"]', 'assign = ["pria@example.com"]', 1)
    with pytest.raises(PlaybookInvalid) as caught:
        load_playbook(more, name="planted")
    assert "owner_rules.0.assign.0" in {problem.key for problem in caught.value.problems}


def planted() -> tuple[str, dict[str, int]]:
    """The playbook with every mistake in it, and the line on which each key's mistake stands."""
    text, lines = US, {}
    for old, new, key, _ in PLANTED:
        assert old in text, old
        at = text.index(old) + (old.startswith("\n"))
        lines[key] = text.count("\n", 0, at) + 1
        assert old.count("\n") == new.count("\n"), "no line moves"
        text = text.replace(old, new, 1)
    return text, lines


@pytest.fixture(scope="module")
def found() -> dict[str, list[Problem]]:
    with pytest.raises(PlaybookInvalid) as caught:
        load_playbook(planted()[0], name="planted")
    by_key: dict[str, list[Problem]] = {}
    for problem in caught.value.problems:
        by_key.setdefault(problem.key, []).append(problem)
    return by_key


def test_thirty_mistakes_make_thirty_messages(found: dict[str, list[Problem]]) -> None:
    assert len(PLANTED) == 30
    assert sorted(found) == sorted(key for _, _, key, _ in PLANTED)
    assert sum(map(len, found.values())) == 30


@pytest.mark.parametrize(("key", "remedy"), [(key, words) for _, _, key, words in PLANTED])
def test_each_message_names_its_line_and_what_to_do(
    found: dict[str, list[Problem]], key: str, remedy: str
) -> None:
    (problem,) = found[key]
    assert problem.line == planted()[1][key]
    assert remedy in f"{problem.message}. {problem.remedy}"
    assert problem.remedy.endswith(".")
    assert problem.told("playbook.toml").startswith(f"playbook.toml:{problem.line}: {key}: ")
