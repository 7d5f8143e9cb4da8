"""What is known of a borrower grows with what is heard; older rows stay readable."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import structs

from jobs.ledger.profiles import as_kept, from_kept, merged, opened, sealed, united
from jobs.ledger.seal import Sealer
from mapping.inquiry import Party
from mapping.people.survivorship import Heard, Survivorship

NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
RULES = Survivorship()
SEALER = Sealer([("test", b"k" * 32)], b"l" * 32)
HEARD_ONCE = merged(
    None, Heard("I1", NOON, "form", {"first_name": "Bob", "email": "bob@example.com"}, ("email",)), RULES
)
HEARD_TWICE = merged(HEARD_ONCE, Heard("I2", NOON, "partner", {"phone": "+14155550101"}), RULES)
OLD_ROW = {
    "party": {"first_name": "Bob", "last_name": "Ito", "email": "bob@example.com", "phone": "+14155550101"},
    "first_names": ["Bob"],
    "last_names": ["Ito"],
    "emails": ["bob@example.com"],
    "phones": ["+14155550101"],
}


def test_a_row_from_before_values_were_told_apart_is_read_and_goes_on() -> None:
    old = from_kept(OLD_ROW)
    heard = Heard("I1", NOON, "form", {"first_name": "Robert", "email": "robert@example.com"})
    after = from_kept(as_kept(merged(old, heard, RULES)))
    assert after.party == Party("Robert", "", "Ito", email="robert@example.com", phone="+14155550101")
    assert after.first_names == ("Robert", "Bob")
    assert after.emails == ("robert@example.com", "bob@example.com")
    assert [one.inquiry_id for one in after.heard] == ["", "I1"]


def test_what_leads_is_what_is_shown_and_the_rest_stays_known() -> None:
    first = merged(None, Heard("I1", NOON, "form", {"email": "own@example.com"}), RULES)
    shared = Heard("I2", NOON, "form", {"email": "family@example.com"}, shared=("email",))
    assert merged(first, shared, RULES).emails == ("own@example.com", "family@example.com")


def test_two_profiles_of_one_person_are_the_same_whoever_is_kept() -> None:
    one = merged(
        None, Heard("I1", NOON, "application", {"first_name": "Robert", "phone": "+14155550101"}), RULES
    )
    other = merged(None, Heard("I2", NOON, "form", {"first_name": "Bob", "phone": "+14155550102"}), RULES)
    both = united(one, other, RULES)
    assert both.party == united(other, one, RULES).party
    assert both.party.first_name == "Robert"
    assert both.phones == ("+14155550102", "+14155550101")
    assert set(both.first_names) == {"Robert", "Bob"}


def test_of_who_was_heard_once_only_that_is_kept() -> None:
    heard = Heard("I1", NOON, "form", {"first_name": "Bob", "email": "bob@example.com", "tags": "purchase"})
    once = merged(None, heard, RULES)
    assert as_kept(once).keys() == {"heard"}
    assert from_kept(as_kept(once)) == once


def test_what_one_inquiry_does_not_say_is_kept_too() -> None:
    once = merged(None, Heard("I1", NOON, "form", {"first_name": "Bob"}), RULES)
    twice = merged(once, Heard("I2", NOON, "form", {"email": "bob@example.com"}), RULES)
    more = (
        twice,
        structs.replace(once, formerly=("B",)),
        structs.replace(once, first_names=("Bob", "Robert")),
        structs.replace(once, phones=("+14155550101",)),
        from_kept(OLD_ROW),
    )
    for profile in more:
        assert as_kept(profile).keys() != {"heard"}
        assert from_kept(as_kept(profile)) == profile


def test_what_the_version_before_wrote_is_read() -> None:
    at = "2026-11-17T12:00:00+00:00"
    first = {
        "inquiry_id": "I1",
        "at": at,
        "source": "form",
        "facts": {"first_name": "Bob", "email": "bob@example.com"},
        "shared": ["email"],
    }
    second = {"inquiry_id": "I2", "at": at, "source": "partner", "facts": {"phone": "+14155550101"}}
    earlier = {
        "party": {"first_name": "Bob", "email": "bob@example.com", "phone": "+14155550101"},
        "first_names": ["Bob"],
        "emails": ["bob@example.com"],
        "phones": ["+14155550101"],
        "heard": [first, second],
    }
    assert from_kept({"heard": [first]}) == HEARD_ONCE
    assert from_kept(earlier) == HEARD_TWICE


def test_a_merge_writes_down_what_the_row_says() -> None:
    """Taking it back compares the two: they must be the same JSON."""
    for profile in (HEARD_ONCE, HEARD_TWICE):
        row = sealed(SEALER, profile, "B1")
        assert SEALER.open_json(row, "borrower.profile:B1") == as_kept(profile)
        assert opened(SEALER, row, "B1") == profile
