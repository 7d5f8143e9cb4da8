"""[identity] of a playbook: what it makes, what it refuses, and what a consultant should look at."""

from __future__ import annotations

from datetime import date

import pytest

from mapping.identity import IdentityRules
from mapping.identity.rules import NEVER
from mapping.playbook import SHIPPED, PlaybookInvalid, Problem, load_playbook, look_at, shipped
from mapping.playbook.changes import changes

US = shipped("mortgage_us")
_FIRST, _BEHIND = US.index("[identity]\n"), US.index("# Whether two borrowers are one person is asked")


def with_table(table: str) -> str:
    """The shipped playbook with this instead of its [identity]."""
    return f"{US[:_FIRST]}{table}\n{US[_BEHIND:]}"


def rules_of(table: str) -> IdentityRules:
    return load_playbook(with_table(table), name="tried").identity


def problems_of(table: str) -> dict[str, Problem]:
    with pytest.raises(PlaybookInvalid) as caught:
        load_playbook(with_table(table), name="tried")
    return {one.key.removeprefix("identity."): one for one in caught.value.problems}


def test_without_the_table_and_as_shipped_it_is_decided_as_usual() -> None:
    assert rules_of("") == rules_of("[identity]") == IdentityRules()
    for name in SHIPPED:
        shipped_rules = load_playbook(shipped(name), name=name).identity
        usual = IdentityRules(emails=shipped_rules.emails, phones=shipped_rules.phones)
        assert shipped_rules == usual
        assert usual.emails == {"desk@example.com"}


def test_what_is_nobodys_own_is_read_as_inquiries_are() -> None:
    rules = rules_of(
        '[identity]\nnot_evidence = ["Our.Team+web@GoogleMail.com", "Desk@Example.com", "@Leads.Example",'
        ' "(212) 555-0199 ext. 4", "+44 20 7946 0018", "416.555.0111"]'
    )
    assert rules.emails == {"ourteam@gmail.com", "desk@example.com"}
    assert rules.domains == {"leads.example"}
    assert rules.phones == {"+12125550199", "+442079460018", "+14165550111"}


def test_numbers_and_never_are_read() -> None:
    rules = rules_of('[identity]\nsame_from = 24\nask_from = 23.5\nask_by_name_from = "never"')
    assert (rules.same_from, rules.ask_from, rules.ask_by_name_from) == (24, 23.5, NEVER)
    assert rules_of("[identity]\nask_by_name_from = 0").ask_by_name_from == 0


@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        ("same_from = 10.9", "same_from", "from 11 to 40"),
        ("same_from = 41", "same_from", "from 11 to 40"),
        ("same_from = nan", "same_from", "from 11 to 40"),
        ('same_from = "never"', "same_from", "without quotes."),
        ("ask_from = true", "ask_from", "from 4 to 39"),
        ("ask_from = 13", "ask_from", "from 13 bits on it is the same person already"),
        ("ask_from = 13", "ask_from", "such as 8.5"),
        ("same_from = 11\nask_from = 12", "ask_from", "below same_from"),
        ("ask_by_name_from = -1", "ask_by_name_from", 'from 0 to 20, without quotes, or "never"'),
        ('ask_by_name_from = "nevr"', "ask_by_name_from", '"never"'),
        ('not_evidence = "desk@example.com"', "not_evidence", "square brackets"),
        ('not_evidence = ["example.com"]', "not_evidence.0", 'Write "@example.com".'),
        ('not_evidence = ["@example"]', "not_evidence.0", "not a domain"),
        (
            'not_evidence = ["@Gmail.com"]',
            "not_evidence.0",
            "borrowers have their own addresses at gmail.com",
        ),
        ('not_evidence = ["@googlemail.com"]', "not_evidence.0", "would count for nothing"),
        ('not_evidence = ["desk@ours, info@ours"]', "not_evidence.0", "not an email address"),
        ('not_evidence = ["a@one.example, b@two.example"]', "not_evidence.0", "one alone"),
        ('not_evidence = ["212 555 01"]', "not_evidence.0", '"(212) 555-0100"'),
        ('not_evidence = ["212 555 0100 or 0101 212 555"]', "not_evidence.0", "nor a phone number"),
        ("not_evidence = [2125550100]", "not_evidence.0", "in quotes"),
        ('not_evidence = [""]', "not_evidence.0", "blank"),
        (
            'not_evidence = ["fron.tdesk@gmail.com", 7, "FrontDesk+x@googlemail.com"]',
            "not_evidence.2",
            "identity.not_evidence.0 is the same one",
        ),
        ('not_evidence = ["(212) 555-0100", "212.555.0100"]', "not_evidence.1", "Remove one of the two."),
        ('not_evidence = ["@one.example", "@One.Example"]', "not_evidence.1", "the same one"),
        ("same_form = 13", "same_form", '"same_from"'),
    ],
)
def test_each_mistake_is_told_with_its_line_and_what_to_do(line: str, key: str, words: str) -> None:
    problem = problems_of(f"[identity]\n{line}")[key]
    assert words in f"{problem.message}. {problem.remedy}"
    assert problem.line == US.count("\n", 0, _FIRST) + 1 + len(line.split("\n"))


def test_every_value_of_a_list_is_told_on_its_own_line() -> None:
    lines = ['"desk@ours.example",', '"ours.example",', '"(212) 555-0100",', '"2125550100",', '"@",']
    found = problems_of("\n".join(["[identity]", "not_evidence = [", *lines, "]"]))
    start = US.count("\n", 0, _FIRST) + 3
    assert {key: one.line - start for key, one in found.items()} == {
        f"not_evidence.{index}": index for index in (1, 3, 4)
    }


def test_changes_are_told_in_words_and_a_usual_value_written_down_is_none() -> None:
    assert changes(with_table(""), with_table("[identity]\nsame_from = 13\nask_from = 8.5")) == ()
    changed = with_table(
        '[identity]\nsame_from = 24\nask_by_name_from = "never"\nnot_evidence = ["@leads.example"]'
    )
    assert changes(US, changed) == (
        "same_from of identity: 13 → 24",
        "ask_by_name_from of identity: 3.3 → never",
        'not_evidence of identity: "@leads.example" added, "(212) 555-0100" removed, '
        '"desk@example.com" removed',
    )


def test_the_offices_own_number_is_to_be_looked_at_where_it_counts_as_evidence() -> None:
    def told(text: str) -> list[Problem]:
        return [one for one in look_at(text, date(2026, 11, 27)) if one.key == "brokerage.phone"]

    assert told(US) == []
    (problem,) = told(with_table('[identity]\nnot_evidence = ["desk@example.com"]'))
    assert problem.remedy == "Add it to not_evidence in [identity]."
    assert problem.line == US.count("\n", 0, US.index('phone = "(212) 555-0100"')) + 1
