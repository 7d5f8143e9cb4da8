"""Which of the three languages an inquiry is in."""

from __future__ import annotations

from mapping.normalize.text import fold, word_set

DEFAULT = "en"
LANGUAGES = ("en", "es", "fr")

_NAMES = {
    **dict.fromkeys(("en", "eng", "english", "anglais", "ingles"), "en"),
    **dict.fromkeys(("fr", "fra", "fre", "french", "francais", "frances"), "fr"),
    **dict.fromkeys(("es", "spa", "spanish", "espagnol", "espanol"), "es"),
}
# Words that only one of the three uses.
_WORDS = {
    "en": word_set(
        "the and i is my we want have are to for you would with of house home need looking your name first"
        " last state how what when"
    ),
    "fr": word_set(
        "je nous vous mon ma une des les est avec pour maison acheter hypotheque bonjour et du merci votre"
        " nom prenom courriel quand comment quel ville pret"
    ),
    "es": word_set("el yo quiero mi una los las con para casa comprar hipoteca hola y del gracias necesito"),
}
_CLEAR = 2  # more words of one language than of any other


def read_language(text: str) -> str | None:
    """en, fr or es from a name, a code or an Accept-Language header ("fr-CA,fr;q=0.9")."""
    words = fold(text[:100]).split()
    return _NAMES.get(words[0]) if words else None


def language_of(text: str) -> str:
    """The language a message is clearly written in, "" when that is not clear."""
    words = set(fold(text[:2000]).split())
    counts = sorted(((len(words & known), code) for code, known in _WORDS.items()), reverse=True)
    return counts[0][1] if counts[0][0] - counts[1][0] >= _CLEAR else ""
