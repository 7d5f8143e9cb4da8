"""Ids sort as they were made and say nothing but when."""

from __future__ import annotations

import re
import threading

from jobs.ulids import encoded, new_ulid


def test_the_letters_are_those_of_the_specification() -> None:
    assert encoded(1469922850259 << 80).startswith("01ARZ3NDEK")
    assert encoded(0) == "0" * 26
    assert encoded((1 << 128) - 1) == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"


def test_ids_sort_as_they_were_made() -> None:
    made = [new_ulid() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert all(re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", one) for one in made)


def test_no_two_threads_get_the_same() -> None:
    made: list[list[str]] = [[] for _ in range(4)]
    threads = [
        threading.Thread(target=lambda into: into.extend(new_ulid() for _ in range(2_000)), args=(into,))
        for into in made
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one for each in made for one in each}) == 8_000
    assert all(each == sorted(each) for each in made)
