"""Text messages that are about being texted, and those that only look so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.consent.opt_out import channels_left, left_in_mail, wish_in


@pytest.mark.parametrize(
    "text",
    [
        *(
            "STOP",
            "stop",
            " Stop. ",
            "STOPALL",
            "UNSUBSCRIBE",
            "Arrêt",
            "ARRET",
            "arrêtez",
            "ALTO",
            "¡Alto!",
            "Quit",
        ),
        *("please stop texting me", "Don't text me", "Do not contact me again", "Take me off your list"),
        *("unsubscribe me please", "Ne m'écrivez plus", "Arrêtez de me texter", "no me escriban", "Stop!!!"),
        *("Remove me from your list", "stop sending me these messages thanks", "STOP STOP"),
    ],
)
def test_consent_is_taken_back_in_these_words(text: str) -> None:
    assert wish_in(text) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Can I stop by tomorrow?",
            "Stop by at 5",
            "I want to stop renting and buy",
            "cancel my appointment",
        ),
        *("Do not call before 9, text is fine", "End of March works", "Alto Vista Dr 12", "", "👍", "yes"),
        *("I would not stop at 300k", "no me importa la tasa", "Need info on rates", "Start date is May 1"),
    ],
)
def test_other_words_take_nothing_back(text: str) -> None:
    assert wish_in(text) is None


@pytest.mark.parametrize(
    ("text", "wish"), [("START", "start"), ("unstop", "start"), ("HELP", "help"), ("Aide", "help")]
)
def test_start_and_help(text: str, wish: str) -> None:
    assert wish_in(text) == wish


@given(st.text(max_size=400))
def test_any_text_is_judged(text: str) -> None:
    assert wish_in(text) in (None, "stop", "start", "help")


@pytest.mark.parametrize(
    ("subject", "words", "channels"),
    [
        ("unsubscribe", "", ("email",)),
        ("Re: Unsubscribe", " ", ("email",)),
        ("Re: Your rate update", "Unsubscribe", ("email",)),
        ("Re: Your rate update", "Please stop emailing me.", ("email",)),
        ("Hello", "Please do not contact me again, thank you", ("email", "phone", "sms")),
        ("Hello", "stop calling and texting me", ("phone", "sms")),
        ("Hello", "Don't call me please", ("phone",)),
        ("Hello", "me désinscrire", ()),
        ("Re: Votre dossier", "Désinscrire", ("email",)),
        ("Cancel", "", ()),
        ("Re: Your appointment on Friday", "cancel", ()),
        ("Re: Your appointment", "Please cancel and call me on Monday", ()),
        ("Refinance", "Please stop by the office on Monday, I want to refinance.", ()),
        ("Question", "How do I unsubscribe from my old lender's escrow account? I need a refinance.", ()),
    ],
)
def test_what_a_mail_leaves(subject: str, words: str, channels: tuple[str, ...]) -> None:
    assert left_in_mail(subject, words) == channels


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("STOP", ("sms",)),
        ("stop texting me", ("sms",)),
        ("Do not call me", ("phone",)),
        ("please stop contacting me", ("email", "phone", "sms")),
        ("stop emailing me", ("email",)),
        ("Stop sending me these", ("sms",)),
    ],
)
def test_a_text_leaves_what_it_names(text: str, channels: tuple[str, ...]) -> None:
    assert wish_in(text) == "stop"
    assert channels_left(text, "sms") == channels
