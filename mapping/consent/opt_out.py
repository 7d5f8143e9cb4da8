"""Messages that are about being written to at all: stop, start again, help. In three languages."""

from __future__ import annotations

import re
from typing import Literal

from mapping.normalize.text import fold

Wish = Literal["stop", "start", "help"]

# Carriers and Twilio act on the first row by themselves; the others are what people write.
_STOP = frozenset(
    (
        *(
            "stop",
            "stopall",
            "stop all",
            "unsubscribe",
            "cancel",
            "end",
            "quit",
            "revoke",
            "optout",
            "opt out",
        ),
        *("arret", "arretez", "arreter", "stop sms", "desabonner", "desabonnez moi", "desinscrire"),
        *("alto", "parar", "pare", "baja", "detener", "cancelar", "darme de baja", "dar de baja"),
        *("remove", "remove me", "no more", "stop stop", "stop please", "please stop"),
    )
)
_START = frozenset(("start", "unstop", "yes start", "subscribe", "resume", "commencer", "debut", "iniciar"))
_HELP = frozenset(("help", "info", "aide", "ayuda"))

# Any reasonable words withdraw consent; "stop by the office" and "cancel my appointment" do not.
_SENTENCE = re.compile(
    r"^(?:please |pls |hey |hi )?(?:"
    r"stop (?:texting|messaging|contacting|sending|bothering|calling and texting)\b.*"
    r"|(?:do not|don t|dont|never|quit) (?:text|texting|message|messaging|contact|contacting)\b.{0,30}"
    # "Do not call before 9" is about when.
    r"|(?:stop|do not|don t|dont|never|quit) (?:call|calling|email|emailing)(?: me| us| this number)?"
    r"(?: again| anymore| any more| ever)?"
    r"|(?:unsubscribe|remove|opt) (?:me|my number|this number|out)\b.*"
    r"|take (?:me|my number|this number) off\b.*"
    r"|(?:arretez?|cessez) de (?:m ecrire|me texter|m envoyer|me contacter)\b.*"
    r"|ne (?:m ecrivez|me textez|me contactez|m envoyez) plus\b.*"
    r"|(?:no|deje de|dejen de) (?:me )?(?:escriba|escriban|envie|envien|mande|manden|contacte|contacten"
    r"|escribirme|enviarme|mandarme|contactarme)\b.*)"
    r"(?: please| thanks| thank you| merci| gracias)?$"
)
_LONGEST = 120  # characters; a longer text says more than that


def wish_in(text: str) -> Wish | None:
    """What a text message asks about texting; None for every other message."""
    words = fold(text[: _LONGEST * 2])
    if not words or len(words) > _LONGEST:
        return None
    if words in _STOP or _SENTENCE.match(words):
        return "stop"
    if words in _START:
        return "start"
    return "help" if words in _HELP else None


# In a mail these words are as often about an appointment or an application.
_NOT_IN_MAIL = frozenset(
    ("cancel", "end", "quit", "revoke", "alto", "parar", "pare", "baja", "detener", "cancelar", "remove")
)
_REPLIED = re.compile(r"^(?:(?:re|fw|fwd|tr|rv)\s*:\s*)+", re.IGNORECASE)
_VERB = re.compile(r"\b(?:stop|do not|don t|dont|never|quit) (\w+)(?: (?:and|or) (\w+))?")
_BY_VERB = (
    ("email", ("email", "mail")),
    ("phone", ("call", "phon")),
    ("sms", ("text", "messag", "sms")),
)
_ALL = re.compile(r"\b(?:contact\w*|bother\w*|everything)\b")


def left_in_mail(subject: str, words: str) -> tuple[str, ...]:
    """The channels that the writer of a mail wants no more of; () for every other mail.

    An empty mail says what its subject says, as the mail programs send that unsubscribe by mail.
    """
    said = words if words.strip() else _REPLIED.sub("", subject)
    folded = fold(said[: _LONGEST * 2])
    if folded in _NOT_IN_MAIL or wish_in(said) != "stop":
        return ()
    return channels_left(said, "email")


def channels_left(text: str, came_by: str) -> tuple[str, ...]:
    """Which channels (email, phone, sms) a wish to stop is about: what it names, else the one it came by."""
    folded = fold(text[: _LONGEST * 2])
    if _ALL.search(folded):
        return ("email", "phone", "sms")
    found = _VERB.search(folded)
    verbs = [verb for verb in found.groups() if verb] if found else []
    named = [name for name, stems in _BY_VERB if any(verb.startswith(stems) for verb in verbs)]
    return tuple(named) or (came_by,)
