"""The words of a last name that tell families apart."""

from __future__ import annotations

from functools import lru_cache

from mapping.normalize.text import fold, word_set

_PARTICLES = word_set("de la del los las y van von der den du le st el al di da dos das bin san santa")


@lru_cache(maxsize=1024)
def family_words(last_name: str) -> tuple[str, ...]:
    """Without accents, apostrophes and particles, unless it has nothing else: ("cruz",) of "De la Cruz"."""
    words = fold(last_name.replace("'", "").replace("’", "")).split()
    return tuple(word for word in words if word not in _PARTICLES) or tuple(words)
