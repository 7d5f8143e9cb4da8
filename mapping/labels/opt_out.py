"""What tables and forms call a wish to be left alone: a ticked "Do not call" is no consent to calls."""

from __future__ import annotations

from collections.abc import Mapping

_CALLS = (
    "do not call|do not phone|do not call me|dont call|no calls|dnc|dncl|do not call list|do not call flag"
    "|on do not call list|call opt out|calls opt out|phone opt out|opt out phone|opt out of calls"
    "|opted out of calls|mortgage do not call|ne pas appeler|ne pas telephoner|no llamar"
)
_TEXTS = (
    "do not text|do not sms|do not text me|dont text|no texts|sms opt out|text opt out|texts opt out"
    "|opt out sms|opt out of sms|opt out of texts|opted out of sms|opted out of texts|sms opted out"
    "|text opted out|sms unsubscribed|unsubscribed from sms|mortgage do not text|ne pas texter|no enviar sms"
)
_EMAIL = (
    "do not email|do not email me|dont email|no emails|email opt out|emails opt out|email optout"
    "|hs email optout|opt out email|opt out of email|opt out of emails|opted out of email|email opted out"
    "|has opted out of email|unsubscribe|unsubscribed|unsubscribed from email|unsubscribed from all email"
    "|email unsubscribed|ne pas envoyer de courriel|desabonne|no enviar correo"
)
_EVERYTHING = (
    "do not contact|do not contact me|dont contact|do not disturb|do not market|do not solicit|dnd|dnd all"
    "|dnd all channels|opt out|optout|opted out|has opted out|opt out all|marketing opt out"
    "|ne pas contacter|ne pas solliciter|no contactar"
)
#: A whole label, folded → the channels that ticking it closes.
OPT_OUT_LABELS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_CALLS.split("|"), ("phone",)),
    **dict.fromkeys(_TEXTS.split("|"), ("sms",)),
    **dict.fromkeys(_EMAIL.split("|"), ("email",)),
    **dict.fromkeys(("do not call or text", "do not call text"), ("phone", "sms")),
    **dict.fromkeys(_EVERYTHING.split("|"), ("email", "phone", "sms")),
}
