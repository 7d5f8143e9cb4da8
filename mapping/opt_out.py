"""Text messages that are about being texted at all: stop, start again, help. In three languages."""

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
