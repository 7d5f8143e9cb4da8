"""Thirty-six other mistakes in one playbook, some of them no TOML: one message each, on its line."""

from __future__ import annotations

import re
import tomllib

import pytest

from mapping.playbook import PlaybookInvalid, Problem, decoded, load_playbook, shipped
from mapping.playbook.order_checks import order_check

US = shipped("mortgage_us")

#: What is replaced (once, on its line), by what, the key the message must name, words of message or remedy.
PLANTED = [
    ("closed = [2026-12-24, 2026-12-31]", 'closed = [2026-12-24, "31.12.2026"]', "closed.1", "2027-12-31"),
    ('thu = "09:00-17:30"', "thu = “09:00-17:30”", "", "straight quotes"),
    ("after_minutes = 5", 'after_minutes = "5"', "owners.reassign.after_minutes", "without quotes"),
    ("at_most = 2", "at_most = 0", "owners.reassign.at_most", "from 1 on"),
    ('members = ["maya@', 'members = ["mya@', "owners.duty.0.members.0", "team.0"),
    ('days = "holidays"', 'days = "holliday"', "owners.duty.2.days", '"holidays"'),
    ('languages = ["en", "es"]', 'languages = ["en", "Spanish"]', "team.0.languages.1", '"es"'),
    ('"TX-1000004", expires', '"TX-1000004", expiry', "team.0.licences.TX.expiry", '"expires"'),
    ('AZ = { number = "AZ-1000002"', "AZ = { number = 1000002", "team.0.licences.AZ.number", "in quotes"),
    ('{ number = "CA-DFPI-1000001", expires = 2027-12-31 }', '"CA-DFPI-1000001"', "team.0.licences.CA",
     "{ key = value }"),
    ('email = "daniel@example.com"', 'email = "maya@example.com"', "team.1.email", "team.0"),
    ("open = 400", "open = 400.5", "team.2.capacity.open", "whole number"),
    ('"@harbour-realty', '"harbour-realty', "partners.0.email.0", "@example.com"),
    ('owner = "maya@example.com"', 'owner = "mia@example.com"', "partners.1.owner", "team.0"),
    ('type = ["commercial", "construction"]', 'type = "commercial"', "owner_rules.0.type", "square brackets"),
    ('language = ["es"]', 'language = ["pt"]', "owner_rules.1.language.0", "en, es, fr"),
    ('campaign = ["first-home"]', 'campaign = [""]', "owner_rules.3.campaign.0", "blank"),
    ('"FHA streamline"', '"DSCR"', "categories.commercial.0", "already"),
    ("working_time = false #", "working_time = False #", "", "true and false"),
    ('channel = "review"\nminutes', 'channel = ["review"]\nminutes', "follow_up.first_touch.1.channel",
     "without brackets"),
    ('name = "not_a_loan"', 'name = "Not a loan"', "cadence.0.name", "small letters"),
    ('repeat = "monthly" },\n]', 'repeat = "month" },\n]', "cadence.0.touch.2.repeat", '"monthly"'),
    ('template = "documents_missing", priority', 'template = "documents_mising", priority',
     "cadence.1.touch.0.template", '"documents_missing"'),
    ("minutes = 240, channel", "minutes = 240, chanel", "cadence.6.touch.3.chanel", '"channel"'),
    ('apply_link = "https://', 'apply_link = "', "brokerage.apply_link", "in full"),
    ("Find out: what they want", "Find out, {{ owner.nmae }}: what they want", "templates.first_call.text",
     '"owner.name"'),
    ("Pida: {{ missing }}.", "Pida: {{ missing }.", "templates.first_call.es.text", "{{ owner.name }}"),
    ("[templates.settled_in]", "[templates.Settled-in]", "templates.Settled-in", "underscores"),
    ('subject = "Your {{ need }}: next step"', 'subjct = "Your {{ need }}: next step"',
     "templates.first_email.subjct", '"subject"'),
    ("same_from = 13 ", "same_form = 13 ", "identity.same_form", '"same_from"'),
    ("ask_from = 8.5 ", "ask_from = 13.0 ", "identity.ask_from", "below same_from"),
    ("ask_by_name_from = 3.3 ", 'ask_by_name_from = "nevr" ', "identity.ask_by_name_from", '"never"'),
    ('["(212) 555-0100", "desk@', '["(212) 55-0100", "desk@', "identity.not_evidence.0", "nor a phone"),
    ('0", "desk@example.com"', '0", "desk@example"', "identity.not_evidence.1", "not an email address"),
    ('desk@example"]', 'desk@example", "@gmail.com"]', "identity.not_evidence.2", "would count for nothing"),
    ("[crm.highlevel]", "[crm.HighLevel]", "crm.HighLevel", '"highlevel"'),
]  # fmt: skip


def planted() -> tuple[str, list[tuple[int, str, str]]]:
    """The playbook with every mistake in it, and line, key and words of each message."""
    text, expected = US, []
    for old, new, key, words in PLANTED:
        assert old in text, old
        expected.append((text.count("\n", 0, text.index(old)) + 1, key, words))
        assert old.count("\n") == new.count("\n"), "no line moves"
        text = text.replace(old, new, 1)
    # The word that stands twice is told where it stands the second time.
    return text, [
        (line + 3, key, words) if key.startswith("categories") else (line, key, words)
        for line, key, words in expected
    ]


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(PlaybookInvalid) as caught:
        load_playbook(text, name="planted")
    return caught.value.problems


def test_each_of_thirty_six_other_mistakes_makes_a_message_on_its_line() -> None:
    text, expected = planted()
    assert len(PLANTED) == 36
    found = problems_of(text)
    assert sorted((one.line, one.key) for one in found) == sorted((line, key) for line, key, _ in expected)
    told = {(one.line, one.key): f"{one.message}. {one.remedy}" for one in found}
    for line, key, words in expected:
        assert words in told[line, key]


def test_a_broken_line_does_not_hide_the_others_and_is_not_told_as_missing() -> None:
    text = US.replace('timezone = "America/New_York"', "timezone = America/New_York", 1)
    text = text.replace('fallback = "desk@example.com"', 'fallback = "desk"', 1)
    broken, wrong = problems_of(text)
    assert (broken.line, broken.key) == (7, "")
    assert "straight quotes" in broken.remedy
    assert wrong.key == "owners.fallback"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("weight = 2 ", "weight 2 ", "key = value"),
        ("weight = 2 ", "weight = 1,5 ", "1.5"),
        ('name = "Maya Whitfield"', 'name = "Maya Whitfield', "Close the quotes"),
        ('name = "Maya Whitfield"', 'name = "Maya Whitfield"\nname = "Maya"', "leave one of the two"),
        ("expires = 2027-12-31", "expires = 2027-02-30", "no such day"),
        ("expires = 2027-12-31 }", "expires = 2027-12-31, }", "without a last comma"),
        ("[hours]", '[hours]\nsat = ""\n[hours]', "Bring both into one table"),
        ("[[team]]", "[[team]", "Close the brackets"),
        ("[[team]]", "[team]", "[[name]]"),
    ],
)
def test_what_is_no_toml_is_told_with_what_to_write(old: str, new: str, words: str) -> None:
    assert old in US
    first = problems_of(US.replace(old, new, 1))[0]
    assert first.message.startswith("this is not valid TOML: ")
    assert words in first.remedy


@pytest.mark.parametrize("value", ["[" * 3000 + "]" * 3000, "{ a = " * 800 + "1" + "}" * 800, "9" * 5000])
def test_values_that_no_parser_takes_are_a_problem_and_no_crash(value: str) -> None:
    assert problems_of(f"x = {value}\n")[0].key == ""


@pytest.mark.parametrize("value", ["inf", "nan", "9" * 400, "-1", '"5"', "true"])
def test_a_number_is_one_that_can_be_reckoned_with(value: str) -> None:
    text = re.sub(r"\ncredit = \d+", f"\ncredit = {value}", US, count=1)
    assert [one.key for one in problems_of(text)] == ["priority.credit"]


def test_a_file_may_come_from_any_editor_if_it_is_utf_8() -> None:
    text = decoded(b"\xef\xbb\xbf" + US.replace("\n", "\r\n").encode())
    assert text == US
    with pytest.raises(PlaybookInvalid) as caught:
        decoded('a = 1\nb = "é"\n'.encode("latin-1"), "mine.toml")
    assert str(caught.value) == (
        "mine.toml:2: the document: this is not text in UTF-8, which TOML is written in. "
        "Save the file as UTF-8 in your editor."
    )


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        (
            'type = ["document_request", "lender_update", "partner_inquiry"]\npursuit',
            "pursuit",
            "cadence.3.name",
            "cadence.0",
        ),
        ('type = ["lender_update"]', "", "follow_up.first_touch.2.purpose", "follow_up.first_touch.1"),
        ('name = "Bright Ledger Accounting"', 'name = "harbour realty"', "partners.1.name", "partners.0"),
        ('name = "Saturdays"', 'name = "Evenings"', "owners.duty.1.name", "owners.duty.0"),
        ('name = "First-home campaign"', 'name = "Realtors\' buyers"', "owner_rules.3.name", "owner_rules.2"),
    ],
)
def test_what_can_never_happen_and_names_that_stand_twice_are_told(
    old: str, new: str, key: str, words: str
) -> None:
    assert old in US
    told = {one.key: one.message for one in problems_of(US.replace(old, new, 1))}
    assert words in told[key]


@pytest.mark.parametrize(
    ("earlier", "later", "shadowed"),
    [
        ("", "", True),
        ("until_day = 30", "from_day = 1\nuntil_day = 9", True),
        ('type = ["renewal", "purchase"]', 'type = ["renewal"]', True),
        ("pursuit = false", "missing = true", True),
        ('stage = ["new"]', "", False),
        ("until_day = 8", "", False),
        ("from_day = 8", "until_day = 9", False),
        ('anchor = "engaged"', "", False),
        ("", "pursuit = false", False),
        ("missing = true", "", False),
        ('type = ["renewal"]', 'type = ["renewal", "purchase"]', False),
    ],
)
def test_a_cadence_is_told_to_be_out_of_reach_only_when_it_is(
    earlier: str, later: str, shadowed: bool
) -> None:
    text = f'[[cadence]]\nname = "a"\n{earlier}\n[[cadence]]\nname = "b"\n{later}\n'
    found = [path for path, _ in order_check(tomllib.loads(text))]
    assert found == ([("cadence", 1, "name")] if shadowed else [])
