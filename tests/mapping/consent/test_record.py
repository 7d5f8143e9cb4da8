"""What holds of everything that was said: the strictest word, however it is heard, until it is lifted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.answers import Answer, Answers
from mapping.consent.agreed import CHANNELS, read_consent, refused, taken_back, without
from mapping.consent.record import Said, after_lifting, given_again, standing
from mapping.inquiry import Consent
from mapping.labels.vocabulary import field_for

DAY = datetime(2026, 11, 1, tzinfo=UTC)
channels = st.dictionaries(st.sampled_from(CHANNELS), st.booleans(), min_size=1)
forms = st.builds(
    Said, st.integers(0, 9).map(lambda days: DAY + timedelta(days=days)), st.just("said"), channels
)


def at(days: int, kind: str, **answers: bool) -> Said:
    return Said(DAY + timedelta(days=days), kind, answers)


@given(st.lists(forms, max_size=6), st.randoms())
def test_a_no_counts_in_whatever_order_it_is_heard(said: list[Said], dice: object) -> None:
    shuffled = list(said)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    expected = {name for line in said for name, answer in line.channels.items() if not answer}
    assert set(standing(said)) == set(standing(shuffled)) == expected


@given(st.lists(forms, max_size=6), st.integers(0, 9))
def test_no_form_opens_what_somebody_left(said: list[Said], day: int) -> None:
    record = [*said, at(day, "withdrawn", sms=False)]
    assert standing(record)["sms"] == "opted_out"


@given(st.lists(forms, max_size=6))
def test_lifting_opens_one_channel_for_what_was_said_before(said: list[Said]) -> None:
    before = standing(said)
    after = standing([*said, at(20, "lifted", email=True)])
    assert after == {name: how for name, how in before.items() if name != "email"}
    assert "email" in standing([*said, at(20, "lifted", email=True), at(20, "withdrawn", email=False)])


def test_what_stands_after_lifting_is_what_was_agreed_to_since() -> None:
    left = at(3, "withdrawn", sms=False)
    assert after_lifting([at(1, "said", sms=True), left], "sms") is None
    assert after_lifting([left, at(5, "said", sms=True)], "sms") is True
    assert after_lifting([left, at(5, "said", sms=True), at(6, "said", sms=False)], "sms") is None
    assert after_lifting([left, at(5, "said", email=True)], "sms") is None
    assert after_lifting([left, at(3, "said", sms=True)], "sms") is None, "at one instant the no counts"


def test_a_yes_to_what_is_closed_is_noticed() -> None:
    assert given_again(Consent(sms=True, email=True), {"sms": "opted_out"}) == ("sms",)
    assert given_again(Consent(sms=False), {"sms": "opted_out"}) == ()


def test_an_opt_out_is_more_than_a_no() -> None:
    no = without(Consent(email=True), ("sms",))
    assert (refused(no), no.opted_out) == (("sms",), ())
    left = taken_back(no, ("email",))
    assert (refused(left), left.opted_out) == (("email", "sms"), ("email",))


def asked(label: str, value: str, channel: str = "") -> tuple[str, Answer]:
    return channel, Answer(label.lower().replace(" ", "_")[:30], label, (value,))


def test_each_channel_keeps_the_words_that_were_shown_for_it() -> None:
    given_, _ = read_consent(
        [
            asked("I agree to receive text messages about my inquiry. Reply STOP to end.", "yes"),
            asked("I agree to be called by a loan officer.", "yes"),
        ],
        Answers("html-form", ()),
        texts=(),
        at=DAY,
    )
    assert given_.words["sms"].startswith("I agree to receive text messages")
    assert given_.words["phone"] == "I agree to be called by a loan officer."


def test_a_ticked_wish_to_be_left_alone_is_an_opt_out_and_an_empty_box_is_not() -> None:
    left, _ = read_consent([asked("Please do not call me", "yes")], Answers("x", ()), texts=(), at=DAY)
    assert (left.phone, left.opted_out) == (False, ("phone",))
    no, _ = read_consent([asked("May we text you?", "no")], Answers("x", ()), texts=(), at=DAY)
    assert (no.sms, no.opted_out) == (False, ())
    eager, _ = read_consent(
        [asked("Don't miss out: email me news", "yes")], Answers("x", ()), texts=(), at=DAY
    )
    assert (eager.email, eager.opted_out) == (True, ())


def test_a_wish_names_its_channel_itself_and_not_the_text_beside_it() -> None:
    beside = ("I agree that you may call and text me.",)
    left, _ = read_consent([asked("Please do not call me", "yes")], Answers("x", ()), texts=beside, at=DAY)
    assert left.opted_out == ("phone",)
    all_of_it, _ = read_consent([asked("I do not agree", "yes")], Answers("x", ()), texts=beside, at=DAY)
    assert all_of_it.opted_out == ("phone", "sms")


@pytest.mark.parametrize(
    ("label", "closed"),
    [
        ("Do Not Call", ("phone",)),
        ("do_not_call", ("phone",)),
        ("DoNotCall", ("phone",)),
        ("DNC", ("phone",)),
        ("SMS opt-out", ("sms",)),
        ("HasOptedOutOfEmail", ("email",)),
        ("Email Opt Out", ("email",)),
        ("Unsubscribed from all email", ("email",)),
        ("Do not contact", ("email", "phone", "sms")),
        ("DND", ("email", "phone", "sms")),
        ("Ne pas appeler", ("phone",)),
    ],
)
def test_a_column_that_says_do_not_closes_its_channel_and_gives_no_consent(
    label: str, closed: tuple[str, ...]
) -> None:
    assert field_for(label, "") == "consent"
    for tick in ("yes", "true", "1", "X"):
        left, unclear = read_consent([("", Answer(label, "", (tick,)))], Answers("x", ()), texts=(), at=DAY)
        assert (left.opted_out, refused(left), unclear) == (closed, closed, ())
    for none in ("no", "false", "0", "perhaps"):
        left, _ = read_consent([("", Answer(label, "", (none,)))], Answers("x", ()), texts=(), at=DAY)
        assert (left.email, left.phone, left.sms, left.opted_out) == (None, None, None, ())
