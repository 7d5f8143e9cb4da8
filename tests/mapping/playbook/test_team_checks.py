"""Mistakes about people in a playbook, each on its line; and what to look at in a valid one."""

from __future__ import annotations

from datetime import date

import pytest

from mapping.playbook import PlaybookInvalid, Problem, load_playbook, look_at, shipped

US = shipped("mortgage_us")
TODAY = date(2026, 11, 27)
NEXT_SECTION = "# --- what happens next"
AZ = 'AZ-1000002", expires = '


LINKS = ("apply_link", "documents_link", "booking_link")


def own_links(text: str) -> str:
    """The shipped text with links of a brokerage's own."""
    return text.replace("https://example.com/", "https://harborpine.internal/")


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(PlaybookInvalid) as caught:
        load_playbook(text, name="planted")
    return caught.value.problems


def line_of(text: str, anchor: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if anchor in line)


def rule(conditions: str, assign: str = "maya@example.com") -> str:
    """One more rule at the end of the owner rules."""
    planted = (
        f'[[owner_rules]]\nname = "planted"\n{conditions}\nassign = ["{assign}"]\n\n# --- what happens next'
    )
    return US.replace("# --- what happens next", planted, 1)


# What is replaced, by what, the problem's key, text on the line it must name, words of message or remedy.
MISTAKES = [
    (
        'members = ["daniel@example.com", "priya@example.com"]',
        'members = ["daniel@example.com", "pria@example.com"]',
        "owners.duty.1.members.1",
        "pria@",
        "team.2",
    ),
    (
        'members = ["daniel@example.com", "priya@example.com"]',
        "members = []",
        "owners.duty.1.members",
        "members = []",
        "nobody is on duty",
    ),
    ('sat = "10:00-16:00"', 'sat = ""', "owners.duty.1.hours", "[owners.duty.hours]", "never is"),
    ("after_minutes = 5", "after_minutes = -5", "owners.reassign.after_minutes", "= -5", "minutes"),
    ("at_most = 2 ", "at_most = 0 ", "owners.reassign.at_most", "at_most = 0", "above 0"),
    ("after_minutes", "after_minute", "owners.reassign.after_minute", "after_minute", '"after_minutes"'),
    ("per_day = 40", "per_day = 0", "team.2.capacity.per_day", "per_day = 0", "from 1 on"),
    ("open = 400", "opened = 400", "team.2.capacity.opened", "opened", '"open"'),
    ('nmls = "1000005"', 'nmls = "TX-5"', "team.1.nmls", "TX-5", "NMLS number"),
    (
        '"IL-1000006", expires = 2027-12-31',
        '"IL-1000006", issued = 2028-01-01, expires = 2027-12-31',
        "team.1.licences.IL.expires",
        "IL-1000006",
        "before it begins",
    ),
    ('kind = "realtor"', 'kind = "realtr"', "partners.0.kind", '"realtr"', '"realtor"'),
    ('owner = "maya@example.com"', 'owner = "mia@example.com"', "partners.1.owner", '"mia@', "team.0"),
    ('["@harbour-realty.example.com"]', '["harbour-realty"]', "partners.0.email.0", "harbour-realty", "@"),
    (
        '"referrals@bright-ledger.example.com"',
        '"@Harbour-Realty.example.com"',
        "partners.1.email.0",
        '"@Harbour-Realty',
        "partners.0",
    ),
    (
        'partner_kind = ["realtor"]',
        'partner_kind = ["builder"]',
        "owner_rules.2.partner_kind",
        '["builder"]',
        "no partner is of this kind",
    ),
    (
        'partner_kind = ["realtor"]',
        'partner = ["Harbor Realty"]',
        "owner_rules.2.partner.0",
        "Harbor Realty",
        "partners.0",
    ),
]


@pytest.mark.parametrize(("old", "new", "key", "anchor", "words"), MISTAKES)
def test_a_planted_mistake_is_found_on_its_line(
    old: str, new: str, key: str, anchor: str, words: str
) -> None:
    assert old in US
    text = US.replace(old, new, 1)
    found = {problem.key: problem for problem in problems_of(text)}
    assert key in found
    at = [number for number, line in enumerate(text.split("\n"), 1) if anchor in line]
    assert found[key].line in at
    assert words in f"{found[key].message} {found[key].remedy}"


@pytest.mark.parametrize(
    ("conditions", "key", "words"),
    [
        ('state = ["WY"]', "state", "nobody this rule names is licensed there"),
        ('language = ["es"]\ntype = ["purchase"]', "name", "owner_rules.1 takes all of its inquiries before"),
        ('type = ["commercial"]\namount_from = 5', "name", "owner_rules.0 takes all"),
        ('campaign = ["First-Home"]\npath = ["a"]', "name", "owner_rules.3 takes all"),
        ('partner_kind = ["realtor"]\ntype = ["purchase"]', "name", "owner_rules.2 takes all"),
    ],
)
def test_a_rule_that_never_decides_is_told(conditions: str, key: str, words: str) -> None:
    text = rule(conditions)
    (problem,) = problems_of(text)
    assert problem.key == f"owner_rules.4.{key}"
    assert words in problem.message
    name = line_of(text, '"planted"')
    assert problem.line == name if key == "name" else problem.line == line_of(text, '["WY"]')


@pytest.mark.parametrize(
    "conditions",
    [
        'type = ["purchase"]',
        'type = ["commercial", "purchase"]',
        'language = ["es", "fr"]',
        'partner = ["any"]',
        'source = ["typeform"]\namount_to = 100',
    ],
)
def test_a_rule_that_takes_more_than_an_earlier_one_may_stand_after_it(conditions: str) -> None:
    assert len(load_playbook(rule(conditions), name="planted").owner_rules) == 5


def test_amounts_cover_only_what_lies_inside() -> None:
    wide = "amount_from = 100\namount_to = 500"
    both = rule(wide).replace('name = "planted"', 'name = "wide"', 1)
    inner = '[[owner_rules]]\nname = "inner"\nassign = ["maya@example.com"]\n{}\n\n[follow_up]'

    def with_inner(conditions: str) -> str:
        return both.replace("[follow_up]", inner.format(conditions), 1)

    assert problems_of(with_inner("amount_from = 100\namount_to = 400"))[0].key == "owner_rules.5.name"
    for free in ("amount_from = 99\namount_to = 400", "amount_from = 100", "amount_to = 500"):
        assert load_playbook(with_inner(free), name="planted")


def test_a_rule_for_types_that_nobody_it_names_takes_is_told() -> None:
    text = rule('type = ["second_mortgage"]', "priya@example.com")
    (problem,) = problems_of(text)
    assert (problem.key, problem.line) == ("owner_rules.4.type", line_of(text, '"second_mortgage"]'))


@pytest.mark.parametrize("name", ["mortgage_us", "mortgage_ca"])
def test_a_shipped_playbook_has_nothing_to_look_at_but_its_example_links(name: str) -> None:
    found = look_at(shipped(name), TODAY)
    assert {one.key for one in found} == {f"brokerage.{link}" for link in LINKS}
    lines = shipped(name).split("\n")
    assert all("https://example.com/" in lines[one.line - 1] for one in found)
    assert look_at(own_links(shipped(name)), TODAY) == ()


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("example.com", True),
        ("www.Example.org", True),
        ("forms.example.net:8443", True),
        ("brokerage.example", True),
        ("myexample.com", False),
        ("example.com.harborpine.internal", False),
    ],
)
def test_a_link_that_leads_nowhere_is_told(host: str, told: bool) -> None:
    text = own_links(US).replace("https://harborpine.internal/call", f"https://{host}/call", 1)
    found = [(one.key, one.remedy) for one in look_at(text, TODAY)]
    assert found == [("brokerage.booking_link", "Write your own address, or remove the line.")] * told


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        (f"{AZ}2027-12-31", f"{AZ}2026-11-26", "expires", "has expired"),
        (
            'AZ-1000002", expires = 2027-12-31',
            'AZ-1000002", expires = 2026-12-26',
            "expires",
            "within 30 days",
        ),
        ('fri = "17:00-19:00"', 'fri = "18:00-19:00"', "hours", "on Friday nobody works from 17:00 to 18:00"),
    ],
)
def test_what_works_but_not_as_meant_is_told_with_its_line(old: str, new: str, key: str, words: str) -> None:
    assert old in US
    (problem,) = look_at(own_links(US.replace(old, new, 1)), TODAY)
    assert problem.key.endswith(key)
    assert words in problem.message
    assert problem.line > 1
    assert problem.remedy


def test_a_rule_for_a_place_where_nobody_is_licensed_besides_others_is_looked_at() -> None:
    (problem,) = look_at(own_links(rule('state = ["CA", "WY"]\nsource = ["zillow"]')), TODAY)
    assert problem.key == "owner_rules.4.state"
    assert "licensed in WY" in problem.message
