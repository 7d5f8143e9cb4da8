"""The playbook: shipped ones load, and every planted mistake is found on its line."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.facts import SOURCES
from mapping.inquiry import InquiryType, Stage
from mapping.playbook import SHIPPED, PlaybookInvalid, Problem, load_playbook, shipped
from mapping.playbook.lines import key_lines

US = shipped("mortgage_us")

# What is replaced, by what, the problem's key, text on the line it must name, words of message or remedy.
MISTAKES = [
    ('country = "US"', 'country = "UK"', "country", '"UK"', "country does not exist"),
    (
        'timezone = "America/New_York"',
        'timezone = "America/New_Yrok"',
        "timezone",
        "Yrok",
        "America/New_York",
    ),
    ('timezone = "America/Chicago"', 'timezone = "America"', "team.1.timezone", '"America"', "time zone"),
    ('holidays = ["US"]', 'holidays = ["US", "US-QQ"]', "holidays.1", "US-QQ", "calendar"),
    ('mon = "09:00-17:30"', 'mon = "09:00-25:00"', "hours.mon", "25:00", "09:00-17:30"),
    ('tue = "09:00-17:30"', 'tue = "17:30-09:00"', "hours.tue", "17:30-09:00", "end before they start"),
    ('wed = "09:00-17:30"', 'wednesday = "09:00-17:30"', "hours.wednesday", "wednesday", "wed."),
    ('thu = "09:00-17:30"', 'thu = "09:00-12:00, 11:00-17:30"', "hours.thu", "11:00", "overlap"),
    ('sat = "10:00-13:00"', 'sat = "10:00-24:30"', "team.1.hours.sat", "24:30", "24:00"),
    ('fallback = "desk@example.com"', 'fallback = "desk"', "owners.fallback", '"desk"', "email"),
    (
        "route_in_hours_only = false",
        'route_in_hours_only = "no"',
        "owners.route_in_hours_only",
        '"no"',
        "true",
    ),
    ('email = "daniel@example.com"', 'email = "Maya@example.com"', "team.1.email", '"Maya@', "team.0"),
    ('name = "Priya Raman"\n', "", "team.2.name", "@team.2", "missing"),
    ('name = "Priya Raman"', 'name = "  "', "team.2.name", '"  "', "blank"),
    ("weight = 2 ", "weight = 0 ", "team.0.weight", "weight = 0", "above 0"),
    ("weight = 2 ", 'weight = "2" ', "team.0.weight", 'weight = "2"', "weight must be a number"),
    ("NV = { number", "NW = { number", "team.0.licences.NW", "NW = ", "state or province"),
    (
        '"IL-1000006", expires = 2027-12-31',
        '"IL-1000006", expires = "31/12/2027"',
        "team.1.licences.IL.expires",
        "IL-1000006",
        "not a date",
    ),
    ('CO = { number = "CO-1000008", ', "CO = { ", "team.1.licences.CO.number", "CO = {", "missing"),
    ('"CO-1000008", expires', '"CO-1000008", expire', "team.1.licences.CO.expire", "expire =", '"expires"'),
    (
        "first = 2026-12-24, last = 2027-01-02",
        "first = 2027-12-24, last = 2027-01-02",
        "team.2.absences.0.last",
        "2027-12-24",
        "ends before",
    ),
    (
        'types = ["purchase", "pre_approval",',
        'types = ["purchase", "preapproval",',
        "team.2.types.1",
        '"preapproval"',
        '"pre_approval"',
    ),
    (
        'assign = ["priya@example.com"]',
        'assign = ["pria@example.com"]',
        "owner_rules.0.assign.0",
        "pria@",
        "team.2",
    ),
    ('assign = ["maya@example.com"]', "assign = []", "owner_rules.1.assign", "assign = []", "nobody"),
    ('language = ["es"]', 'langauge = ["es"]', "owner_rules.1.langauge", "langauge", '"language"'),
    (
        'language = ["es"]',
        "amount_from = 5\namount_to = 4",
        "owner_rules.1.amount_to",
        "amount_to = 4",
        "below",
    ),
    ("\nminutes = 5 ", "\nminutes = -5 ", "follow_up.minutes", "minutes = -5", "number of minutes"),
    ('priority = "HIGH"', 'priority = "URGENT"', "follow_up.priority", "URGENT", "HIGH"),
    ('channel = "review"', 'channel = "fax"', "follow_up.first_touch.1.channel", '"fax"', "channel"),
    (
        "[checklists]",
        '[checklists]\nrefinancing = ["phone"]',
        "checklists.refinancing",
        "refinancing",
        '"refinance"',
    ),
    (
        '"property_value", "down_payment", "timeframe", "credit_band"]',
        '"property_valu", "down_payment", "timeframe", "credit_band"]',
        "checklists.purchase.4",
        "property_valu",
        '"property_value"',
    ),
    ("[crm.hubspot]", "[crm.hubspott]", "crm.hubspott", "[crm.hubspott]", '"hubspot"'),
    ('waiting = "Waiting"\n', "", "crm.hubspot.stages", "[crm.hubspot.stages]", "waiting"),
    ('waiting = "Waiting"', 'wating = "Waiting"', "crm.hubspot.stages.wating", "wating", '"waiting"'),
    (
        'source = "first_name"',
        'source = "frist_name"',
        "crm.hubspot.contact.firstname.source",
        "frist",
        "first_name",
    ),
    (
        '{ source = "phone_ext" }',
        '{ source = "phone_ext", transform = "uper" }',
        "crm.hubspot.contact.mortgage_phone_extension.transform",
        '"uper"',
        '"upper"',
    ),
    (
        '{ source = "phone_ext" }',
        '{ source = "phone_ext", type = "integer" }',
        "crm.hubspot.contact.mortgage_phone_extension.type",
        "integer",
        "field type",
    ),
    (
        '{ source = "phone_ext" }',
        '{ source = "phone_ext", type = "number" }',
        "crm.hubspot.contact.mortgage_phone_extension.type",
        '"number" }',
        "cannot be written",
    ),
    (
        '{ source = "property_use" }',
        '{ source = "property_use", type = "enumeration", options = ["a", "b", "a"] }',
        "crm.hubspot.deal.mortgage_property_use.options",
        '"b", "a"',
        "twice",
    ),
    (
        '{ source = "property_use" }',
        '{ source = "property_use", type = "enumeration" }',
        "crm.hubspot.deal.mortgage_property_use.options",
        "mortgage_property_use",
        "needs options",
    ),
    (
        '{ source = "timeframe" }',
        '{ source = "timeframe", options = ["asap"] }',
        "crm.hubspot.deal.mortgage_timeframe.options",
        '["asap"]',
        "researching",
    ),
    (
        '{ source = "timeframe" }',
        '{ source = "timeframe", values = { soon = "asap" } }',
        "crm.hubspot.deal.mortgage_timeframe.values",
        "{ soon",
        "does not exist",
    ),
    ("mortgage_path =", "firstpath_key =", "crm.hubspot.deal.firstpath_key", "firstpath_key", "itself"),
    (
        "mortgage_path =",
        '"mortgage path" =',
        "crm.hubspot.deal.mortgage path",
        "mortgage path",
        "property name",
    ),
    ("[hours] #", "colour = 1\n[hours] #", "colour", "colour", "does not exist here"),
    ('name = "hot_pursuit"', 'name = "Hot pursuit"', "cadence.6.name", "Hot pursuit", "second_call"),
    ('name = "waiting"', 'name = "rate_drop" # twice', "cadence.12.name", "# twice", "stands twice"),
    ('anchor = "maturity"', 'anchor = "majority"', "cadence.8.anchor", "majority", '"maturity"'),
    (
        "from_day = -181\nuntil_day = 31",
        "from_day = -181\nuntil_day = -190",
        "cadence.8.until_day",
        "-190",
        "ends",
    ),
    ('name = "call", day = 45', 'name = "call", day = 95', "cadence.9.touch.1.day", "day = 95", "outside"),
    ('name = "weekly", day = 14', 'name = "weekly", day = "14"', "cadence.1.touch.4.day", '"14"', "days"),
    ("in_crm = 2", "in_crm = 0", "follow_up.in_crm", "in_crm = 0", "1 to 365"),
]


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(PlaybookInvalid) as caught:
        load_playbook(text, name="planted")
    return caught.value.problems


def line_of(text: str, anchor: str) -> int:
    if anchor.startswith("@team."):
        starts = [number for number, line in enumerate(text.split("\n"), 1) if line == "[[team]]"]
        return starts[int(anchor.removeprefix("@team."))]
    return next(number for number, line in enumerate(text.split("\n"), 1) if anchor in line)


@pytest.mark.parametrize(("old", "new", "key", "anchor", "words"), MISTAKES)
def test_a_planted_mistake_is_found_on_its_line(
    old: str, new: str, key: str, anchor: str, words: str
) -> None:
    assert old in US
    text = US.replace(old, new, 1)
    found = {problem.key: problem for problem in problems_of(text)}
    assert key in found
    problem = found[key]
    assert problem.line == line_of(text, anchor)
    assert words in f"{problem.message} {problem.remedy}"
    assert problem.remedy.endswith(".")


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = US
    planted = [MISTAKES[index] for index in (0, 4, 11, 16, 22, 34)]
    for old, new, *_ in planted:
        text = text.replace(old, new, 1)
    found = problems_of(text)
    assert {key for _, _, key, _, _ in planted} <= {problem.key for problem in found}
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('country = "US"\ntimezone = \n', 2),
        ("a = 1\nb = 2\na = 3\n", 3),
        ("[team\n", 1),
        ('a = """\n\n', 3),
    ],
)
def test_a_syntax_error_is_a_problem_with_its_line(text: str, line: int) -> None:
    (problem,) = (one for one in problems_of(text) if "not valid TOML" in one.message)
    assert problem.line == line


@pytest.mark.parametrize(
    "text", ["", "team = 5\ncrm = []\nhours = true", 'team = [1, "x"]\nowner_rules = {}']
)
def test_a_document_of_the_wrong_shape_gets_problems_and_never_a_crash(text: str) -> None:
    assert all(problem.line >= 1 and problem.message for problem in problems_of(text))


def test_no_message_repeats_a_value_of_the_document() -> None:
    text = US.replace('email = "maya@example.com"', 'email = "not-an-address"', 1)
    assert all("not-an-address" not in str(problem) for problem in problems_of(text))


def a_short_one() -> str:
    """The shipped playbook without its texts and all CRMs but one: a whole one takes long to read."""
    before, _, rest = US.partition("# --- what is written and said")
    after = rest[rest.index("[[document]]") : rest.index("[crm.salesforce]")]
    return re.sub(r', template = "\w+"', "", before + after)


SHORT = a_short_one()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(SHORT) - 1), st.sampled_from(['"', "[", "]", "=", "x", "\n", "{", "0", "#"]))
def test_one_stray_character_never_crashes_the_loader(at: int, stray: str) -> None:
    with suppress(PlaybookInvalid):
        load_playbook(SHORT[:at] + stray + SHORT[at:], name="stray")


def test_the_short_one_is_a_playbook() -> None:
    assert len(load_playbook(SHORT, name="short").cadences) > 5


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_playbook_is_valid_and_complete(name: str) -> None:
    playbook = load_playbook(shipped(name), name=name)
    hubspot = playbook.crm["hubspot"]
    assert playbook.revision == sha256(shipped(name).encode()).hexdigest()[:12]
    assert len(playbook.team) == 3
    assert len({member.weight for member in playbook.team}) > 1
    assert all(member.email.endswith("@example.com") for member in playbook.team)
    assert all(len(member.licences) >= 2 for member in playbook.team)
    assert hubspot.stages[Stage.NEW] == "New inquiry"
    assert hubspot.stages[Stage.SPAM] == hubspot.stages[Stage.LOST] == "Lost"
    assert len(hubspot.deal) > 20
    assert all(playbook.checklists[kind] for kind in InquiryType)
    assert {rule.source for rule in (*hubspot.contact, *hubspot.deal)} <= SOURCES.keys()


@pytest.mark.parametrize("name", SHIPPED)
def test_on_a_holiday_only_the_shift_for_holidays_works(name: str) -> None:
    playbook = load_playbook(shipped(name), name=name)
    thanksgiving = {"mortgage_us": date(2026, 11, 26), "mortgage_ca": date(2026, 10, 12)}[name]
    assert playbook.hours.shut(thanksgiving)
    worked = [member.works.ranges(thanksgiving) for member in playbook.team]  # each by their own clock
    assert {tuple(end - begin for begin, end in one) for one in worked} == {(4 * 60,), ()}


def test_another_name_is_not_shipped() -> None:
    with pytest.raises(KeyError):
        shipped("../secrets")


def test_a_member_without_own_hours_works_when_the_office_does() -> None:
    playbook = load_playbook(US, name="us")
    maya, daniel, priya = playbook.team
    assert maya.hours.week == playbook.hours.week
    assert (maya.timezone, daniel.timezone) == ("America/New_York", "America/Chicago")
    assert daniel.hours.calendars == ("US",)
    assert priya.absences[0].first == date(2026, 12, 24)
    assert playbook.member("MAYA@example.com") is maya
    assert playbook.member("") is None


def test_the_last_follow_up_rule_takes_everything() -> None:
    last = load_playbook(US, name="us").follow_up[-1]
    assert (last.minutes, last.channel, last.types, last.preferred) == (
        5,
        "preferred",
        frozenset(),
        frozenset(),
    )


DOCUMENT = """# comment [not.a.header]
plain = 1
a."b c".d = "x # [y]"
long = '''
[inside]
''' # after
list = [ # one
  1,
  { x = "}", y = [2,
    3] },
]
[deep.er]
inline = { p = { q = 1 } }
[[rows]]
v = 2026-01-01
[rows.sub]
w = ""
[[rows]]
[[rows.kids]]
z = "\\""
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("plain",), 2),
        (("a", "b c", "d"), 3),
        (("long",), 4),
        (("list", 0), 8),
        (("list", 1, "y"), 9),
        (("list", 1, "y", 1), 10),
        (("deep", "er", "inline", "p", "q"), 13),
        (("rows", 0), 14),
        (("rows", 0, "v"), 15),
        (("rows", 0, "sub", "w"), 17),
        (("rows", 1), 18),
        (("rows", 1, "kids", 0, "z"), 20),
    ],
)
def test_every_key_knows_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert key_lines(DOCUMENT)[path] == line
