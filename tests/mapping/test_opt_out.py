"""Text messages that are about being texted, and those that only look so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.opt_out import wish_in


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
