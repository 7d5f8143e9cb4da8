from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.text import fold, tidy, tidy_line, without_markup


@pytest.mark.parametrize("clean", [tidy, tidy_line, without_markup, fold])
@given(text=st.text())
def test_cleaning_twice_changes_nothing_more(clean: Callable[[str], str], text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_control_and_invisible_characters_go_and_lines_stay() -> None:
    assert tidy(" a\x00b\u200b\r\nc\ufeff ") == "ab\nc"


def test_markup_is_no_part_of_a_name() -> None:
    assert without_markup("<b>Ana</b> <script>x</script> < 3") == "Ana x 3"


def test_folding_drops_accents_case_and_punctuation() -> None:
    assert fold("  ¿Cuál es su crédito? Écho-X ") == "cual es su credito echo x"
