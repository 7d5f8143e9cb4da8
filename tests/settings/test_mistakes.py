"""Every mistake is found at once, on its own line, with what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.settings.load import load_settings
from jobs.settings.problem import Problem, SettingsInvalid
from tests.settings.installation import CONFIG, ENVIRON, write_config

# (what stands in the right file, what is planted instead, key, part of message or remedy).
# The mistake is expected on the last line that is planted.
PLANTED = [
    ('name = "Example Mortgage Group"', 'name = "  "', "brokerage.name", "is empty"),
    ('name = "Example Mortgage Group"', "name = 5", "brokerage.name", "must be text in quotes"),
    ('country = "US"', 'country = "USA"', "brokerage.country", 'Did you mean "US"?'),
    ('country = "US"', 'cuntry = "US"', "brokerage.cuntry", 'Did you mean "country"?'),
    (
        'timezone = "America/New_York"',
        'timezone = "america/newyork"',
        "brokerage.timezone",
        'Did you mean "America/New_York"?',
    ),
    ('country = "US"', 'country = "US"\ndate_order = "YDM"', "brokerage.date_order", '"YDM" is not one'),
    ("port = 8000", "port = 80000", "server.port", "from 1 to 65535"),
    ("port = 8000", "port = 0", "server.port", "out of range"),
    ("port = 8000", 'port = "8000"', "server.port", "must be a whole number"),
    ("port = 8000", "port = 8000.5", "server.port", "must be a whole number"),
    ("port = 8000", "port = true", "server.port", "must be a whole number"),
    ("port = 8000", "prt = 8000", "server.prt", 'Did you mean "port"?'),
    ("port = 8000", "threads = 0", "server.threads", "from 1 to 64"),
    ("port = 8000", "secure_cookies = 1", "server.secure_cookies", "must be true or false"),
    ("port = 8000", "secure_cookies = false", "server.secure_cookies", "unencrypted"),
    (
        'public_url = "https://intake.example.com/"',
        'public_url = "http://intake.example.com"',
        "server.public_url",
        "not encrypted",
    ),
    (
        'public_url = "https://intake.example.com/"',
        'public_url = "intake.example.com"',
        "server.public_url",
        "not a web address",
    ),
    (
        'public_url = "https://intake.example.com/"',
        'public_url = "https://a:b@example.com"',
        "server.public_url",
        "user name or password",
    ),
    (
        'public_url = "https://intake.example.com/"',
        'public_url = "https://example.com:x/"',
        "server.public_url",
        "not an address",
    ),
    ('url = "sqlite:///var/firstpath.sqlite3"', 'url = "mysql://db/fp"', "ledger.url", "sqlite:///"),
    ('url = "sqlite:///var/firstpath.sqlite3"', 'url = "sqlite://"', "ledger.url", "names no file"),
    ('url = "sqlite:///var/firstpath.sqlite3"', 'url = "postgresql://db"', "ledger.url", "no database"),
    (
        'url = "sqlite:///var/firstpath.sqlite3"',
        'url = "postgresql://fp:pw@db/fp"',
        "ledger.url",
        "FIRSTPATH_LEDGER_URL",
    ),
    (
        "sweep_seconds = 10",
        'sweep_seconds = 10\n\n[queue]\nredis_url = "http://cache"',
        "queue.redis_url",
        "redis://",
    ),
    ("sweep_seconds = 10", "sweep_seconds = 601", "work.sweep_seconds", "from 1 to 600"),
    ("sweep_seconds = 10", "lease_seconds = -1", "work.lease_seconds", "from 10 to 3600"),
    ('shipped = "mortgage_us"', 'shipped = "mortage_us"', "playbook.shipped", '"mortgage_us"'),
    ('kind = "hubspot"', 'kind = "hubspott"', "crm.hubspot.kind", 'Did you mean "hubspot"?'),
    ('kind = "hubspot"', 'kind = "hubspot"\ntoken = "x"', "crm.hubspot.token", "secrets do not belong"),
    ('kind = "hubspot"', 'kind = "hubspot"\nbase_url = "http://api"', "crm.hubspot.base_url", "https"),
    ("[crm.hubspot]", "[crm.HubSpot]", "crm.HubSpot", "not a usable name"),
    ('title = "Purchase form"', "title = []", "paths.purchase.title", "must be text"),
    ('kind = "typeform"', 'kind = "spreadsheet"', "paths.purchase.kind", "Possible: adf, api, "),
    ('kind = "typeform"', 'kind = "typefrom"', "paths.purchase.kind", 'Did you mean "typeform"?'),
    ('state = "live"', 'state = "alive"', "paths.purchase.state", 'Did you mean "live"?'),
    (
        'state = "live"\ncrm = ["hubspot"]',
        'state = "live"\ncrm = ["hubspt"]',
        "paths.purchase.crm[1]",
        'Did you mean "hubspot"?',
    ),
    (
        'state = "live"\ncrm = ["hubspot"]',
        'state = "live"\ncrm = ["hubspot", "hubspot"]',
        "paths.purchase.crm",
        "twice",
    ),
    ('"Your name" = "full_name"', '"Your name" = "fullname"', "paths.purchase.fields.Your name", "full_name"),
    ('"Your name" = "full_name"', '"Your name" = 1', "paths.purchase.fields.Your name", "must be text"),
    (
        'inquiry_type = "purchase"',
        'inquirytype = "purchase"',
        "paths.purchase.defaults.inquirytype",
        "inquiry_type",
    ),
    ('colour = "#1F5FA8"', 'colour = "blue"', "paths.apply-now.form.colour", "#1f5fa8"),
    ('colour = "#1F5FA8"', 'color = "#1F5FA8"', "paths.apply-now.form.color", 'Did you mean "colour"?'),
    ('colour = "#1F5FA8"', 'nmls = "no 5"', "paths.apply-now.form.nmls", "NMLS"),
    ('colour = "#1F5FA8"', 'logo_url = "javascript:x"', "paths.apply-now.form.logo_url", "web address"),
    (
        'frame_ancestors = ["https://www.example.com"]',
        'frame_ancestors = [\n  "https://www.example.com",\n  "https://*.example.com",',
        "paths.apply-now.form.frame_ancestors[2]",
        "not an origin",
    ),
    (
        'frame_ancestors = ["https://www.example.com"]',
        'frame_ancestors = ["https://www.example.com/page"]',
        "paths.apply-now.form.frame_ancestors[1]",
        "not an origin",
    ),
    (
        'languages = ["en", "es"]',
        'languages = ["en", "de"]',
        "paths.apply-now.form.languages[2]",
        "en, fr, es",
    ),
    (
        'languages = ["en", "es"]',
        'languages = ["en", "fr"]',
        "paths.apply-now.form.languages[2]",
        "has no consent text",
    ),
    ("raw_days = 30", "raw_days = 0", "retention.raw_days", "from 1 to 3650"),
    ("[retention]\nraw_days = 30", "[retentoin]", "retentoin", 'Did you mean "retention"?'),
    ("[retention]\nraw_days = 30", "[[retention]]", "retention", "is not a table"),
]

# Here the mistake is something that is missing: it is expected on the line of the section's header.
LEFT_OUT = [
    ('name = "Example Mortgage Group"', "[brokerage]", "brokerage.name", "is missing"),
    ('timezone = "America/New_York"', "[brokerage]", "brokerage.timezone", "America/New_York"),
    ('state = "live"\ncrm = ["hubspot"]', "[paths.purchase]", "paths.purchase.crm", "go nowhere"),
    (
        CONFIG[CONFIG.index("keys = ") : CONFIG.index("[paths.purchase.fields]")],
        "[paths.purchase]",
        "paths.purchase.keys",
        "nobody",
    ),
    (
        'consent_text = "I agree to be contacted about my inquiry."',
        "[paths.apply-now.form]",
        "paths.apply-now.form.consent_text",
        "is missing",
    ),
    (
        CONFIG[CONFIG.index("[paths.apply-now.form]") : CONFIG.index("[retention]")],
        "[paths.apply-now]",
        "paths.apply-now.form",
        "consent_text",
    ),
]


def problems_of(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(write_config(folder, text), ENVIRON)
    return caught.value.problems


def line_with(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(("right", "wrong", "key", "words"), PLANTED)
def test_a_planted_mistake_is_found_on_its_line(
    tmp_path: Path, right: str, wrong: str, key: str, words: str
) -> None:
    # Kept open so that the items of a list can stand on lines of their own.
    text = CONFIG.replace(right, wrong + ("\n]" if wrong.endswith(",") else ""), 1)
    problems = problems_of(tmp_path, text)
    (problem,) = [problem for problem in problems if problem.key == key]
    assert problem.line == line_with(text, wrong) + wrong.count("\n")
    assert words in f"{problem.message} {problem.remedy}"
    assert problem.remedy


@pytest.mark.parametrize(("left_out", "header", "key", "words"), LEFT_OUT)
def test_what_is_missing_is_reported_at_its_section(
    tmp_path: Path, left_out: str, header: str, key: str, words: str
) -> None:
    text = CONFIG.replace(left_out, "", 1)
    (problem,) = [problem for problem in problems_of(tmp_path, text) if problem.key == key]
    assert problem.line == line_with(text, header)
    assert words in f"{problem.message} {problem.remedy}"


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = CONFIG
    planted = [PLANTED[0], PLANTED[6], PLANTED[24], PLANTED[33], PLANTED[40], PLANTED[47]]
    for right, wrong, _, _ in planted:
        text = text.replace(right, wrong, 1)
    assert [problem.key for problem in problems_of(tmp_path, text)] == [key for _, _, key, _ in planted]


def test_a_section_that_is_missing_altogether_has_no_line(tmp_path: Path) -> None:
    text = CONFIG[CONFIG.index("[server]") :]
    missing = [problem for problem in problems_of(tmp_path, text) if problem.key.startswith("brokerage")]
    assert [problem.line for problem in missing] == [0, 0, 0]


def test_two_playbooks_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").touch()
    text = CONFIG.replace('shipped = "mortgage_us"', 'shipped = "mortgage_us"\nfile = "ours.toml"')
    (problem,) = problems_of(tmp_path, text)
    assert (problem.key, problem.line) == ("playbook.shipped", line_with(text, "shipped"))


def test_a_server_for_other_machines_needs_its_public_address(tmp_path: Path) -> None:
    text = CONFIG.replace('public_url = "https://intake.example.com/"', 'host = "0.0.0.0"')
    (problem,) = problems_of(tmp_path, text)
    assert (problem.key, problem.line) == ("server.public_url", line_with(text, "[server]"))


def test_a_form_section_has_no_meaning_for_a_webhook(tmp_path: Path) -> None:
    text = CONFIG.replace('kind = "hosted_form"', f'kind = "form"\nkeys = ["sha256:{"a" * 64}"]')
    (problem,) = problems_of(tmp_path, text)
    assert (problem.key, problem.line) == ("paths.apply-now.form", line_with(text, "[paths.apply-now.form]"))


def test_names_that_share_a_variable_are_refused(tmp_path: Path) -> None:
    text = CONFIG + '\n[crm.a-b]\nkind = "hubspot"\n[crm.a_b]\nkind = "hubspot"\n'
    assert [problem.key for problem in problems_of(tmp_path, text)] == ["crm.a-b", "crm.a_b"]


def test_the_summary_counts_and_lists_the_mistakes(tmp_path: Path) -> None:
    text = CONFIG.replace("port = 8000", "port = 0")
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(write_config(tmp_path, text), ENVIRON)
    assert str(caught.value).splitlines() == [
        "config.toml: 1 mistake",
        f"  line {line_with(text, 'port = 0')}, server.port: 0 is out of range. "
        "Choose a whole number from 1 to 65535.",
    ]


SALESFORCE = """
[crm.sf]
kind = "salesforce"
base_url = "https://acme.my.salesforce.com"
client_id = "3MVG9"
"""
HIGHLEVEL = """
[crm.hl]
kind = "highlevel"
location = "ve9EPM428h8vShlRW1KT"
"""


@pytest.mark.parametrize(
    ("section", "old", "new", "key", "said"),
    [
        (SALESFORCE, 'base_url = "https://acme.my.salesforce.com"\n', "", "crm.sf.base_url", "is missing"),
        (SALESFORCE, 'client_id = "3MVG9"', "", "crm.sf.client_id", "is missing"),
        (
            SALESFORCE,
            'client_id = "3MVG9"',
            'client_id = "x"\nlogin = "jwt"',
            "crm.sf.username",
            "is missing",
        ),
        (
            SALESFORCE,
            'client_id = "3MVG9"',
            'login = "token"',
            "crm.sf.login",
            '"client_credentials" or "jwt"',
        ),
        (
            SALESFORCE,
            "[crm.sf]",
            '[crm.sf]\nlocation = "x"',
            "crm.sf.location",
            "no meaning for kind salesforce",
        ),
        (HIGHLEVEL, 'location = "ve9EPM428h8vShlRW1KT"', "", "crm.hl.location", "is missing"),
        (HIGHLEVEL, "[crm.hl]", '[crm.hl]\nlogin = "oauth"', "crm.hl.client_id", "is missing"),
        (
            HIGHLEVEL,
            "[crm.hl]",
            '[crm.hl]\nrecords = "lead"',
            "crm.hl.records",
            "no meaning for kind highlevel",
        ),
    ],
)
def test_a_crm_needs_what_its_kind_and_login_need(
    tmp_path: Path, section: str, old: str, new: str, key: str, said: str
) -> None:
    load_settings(write_config(tmp_path, CONFIG + section), ENVIRON)
    (problem,) = problems_of(tmp_path, CONFIG + section.replace(old, new))
    assert problem.key == key
    assert said in f"{problem.message} {problem.remedy}"
    assert problem.line > 0
