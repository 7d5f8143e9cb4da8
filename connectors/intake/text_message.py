"""A text message to the brokerage: an inquiry, a line of a conversation, or the wish to be left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from connectors.intake.json_shape import answer
from mapping.answers import Answer, Answers
from mapping.consent.opt_out import Wish, channels_left, wish_in
from mapping.reading.caller_names import callable_number

_STOP = "The borrower asked by text message to be left alone."


def read_text_message(
    vendor: str,
    *,
    id_: str,
    sender: str,
    ours: str,
    body: str,
    at: datetime | None,
    wish: Wish | None = None,
    more: Sequence[Answer] = (),
) -> Answers:
    """One message, by the number that sent it and the number of ours it came to.

    wish is what the vendor itself made of it, else its words decide. The first message of a conversation
    becomes an inquiry, every later one belongs to it.
    """
    wanted = wish or wish_in(body)
    number = answer("From", callable_number(sender), "phone")
    if wanted == "help":
        why = "Somebody asked for help with text messages; the carrier answers."
        return Answers(vendor, (), ignored=why, ignored_code="not_an_inquiry")
    if wanted == "stop":
        left = (Answer(name, _STOP, ("no",), f"consent_{name}") for name in channels_left(body, "sms"))
        said = (*number, *left, *answer("Body", body, "message"))
        return Answers(vendor, said, external_id=id_, event_id=id_, submitted_at=at, kind="withdrawal")
    agreed = [Answer("SMS", "The borrower asked to be texted again.", ("yes",), "consent_sms")]
    return Answers(
        vendor,
        (*number, *(agreed if wanted == "start" else []), *answer("Body", body, "message"), *more),
        external_id=id_,
        event_id=id_,
        submitted_at=at,
        kind="update",
        refs=(f"sms:{_digits(ours)}:{_digits(sender)}",) if sender and ours else (),
    )


def _digits(number: str) -> str:
    return "".join(char for char in number if char.isdigit()) or number
