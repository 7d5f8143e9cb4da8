"""What people write in mail, in their own ways: who is meant, and what they want."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from mapping.inquiry import Inquiry
from mapping.mail.letter import letter_of
from mapping.mail.reading import Reading, Surroundings
from mapping.reading.locales import Locale
from mapping.reading.understand import PathRules, understand

AT = datetime(2025, 3, 4, 18, tzinfo=UTC)
PARTNER = ["Penelope Marsh", "penelope@marshrealty.example.com"]


def inquiries(
    text: str, *, sender: list[str] | None = None, subject: str = "Hello", **more: Any
) -> list[tuple[Any, Inquiry]]:
    sender = sender or PARTNER
    domain = sender[1].partition("@")[2]
    results = f"mx.example.org; dmarc=pass header.from={domain}"
    mail = {
        "message_id": "m-1@example.com",
        "from": [sender],
        "to": [["", "in@harborpine.example.com"]],
        "subject": subject,
        "trace": [["authentication-results", results]],
        "text": text,
        **more,
    }
    around = Surroundings("US", ("harborpine.example.com",), "mx.example.org")
    parts = Reading(letter_of(mail), around).parts()
    locale = Locale("US", "America/New_York", "MDY")
    return [(part, understand(part, PathRules("p", {}, {}), locale, received_at=AT)) for part in parts]


def only(text: str, **more: Any) -> Inquiry:
    ((_, inquiry),) = inquiries(text, **more)
    return inquiry


@pytest.mark.parametrize(
    ("text", "name", "email", "phone", "kind"),
    [
        (
            "Hey! Sending you a buyer: Tom O'Brien, 415-555-0101, tom.obrien@example.com."
            "\n\nPenelope\n510-555-0114",
            "Tom O'Brien",
            "tom.obrien@example.com",
            "+14155550101",
            "purchase",
        ),
        (
            "I have a client, Maria Elena de la Cruz, who needs a cash-out refinance. "
            "Text her at (480) 555-0133.",
            "Maria Elena de la Cruz",
            "",
            "+14805550133",
            "refinance",
        ),
        (
            "Please call John Carter at 212-555-0144 about a HELOC.",
            "John Carter",
            "",
            "+12125550144",
            "second_mortgage",
        ),
        (
            "Les refiero a la señora Carmen Ruiz, necesita una preaprobación. Su celular: 575-555-0102.",
            "Carmen Ruiz",
            "",
            "+15755550102",
            "pre_approval",
        ),
        (
            "Mon client Jean-François Tremblay veut refinancer. Son cell : 819 555-0144.",
            "Jean-François Tremblay",
            "",
            "+18195550144",
            "refinance",
        ),
        (
            "Client: Sam Tran\nPhone: 408-555-0150\nLoan type: VA purchase\n\n"
            "Thanks,\nPenelope\n510-555-0114",
            "Sam Tran",
            "",
            "+14085550150",
            "purchase",
        ),
    ],
)
def test_a_referral(text: str, name: str, email: str, phone: str, kind: str) -> None:
    inquiry = only(text)
    who = inquiry.borrower
    assert (who.full_name, who.email, who.phone, inquiry.type) == (name, email, phone, kind)
    assert inquiry.partner is not None
    assert inquiry.partner.email == PARTNER[1]


def test_a_couple_on_a_line_of_their_own() -> None:
    inquiry = only("Rob & Sue Miller\n415-555-0161\nrob.miller@example.com\nRefi, Oakland CA\n\nPenelope")
    assert (inquiry.borrower.full_name, inquiry.borrower.phone) == ("Rob Miller", "+14155550161")
    assert inquiry.co_borrower is not None
    assert inquiry.co_borrower.full_name == "Sue Miller"
    assert inquiry.property.state == "CA"


def test_the_companion_of_somebody_who_writes() -> None:
    inquiry = only(
        "My wife Anna and I are looking to buy a home in Salem, Oregon. My number: 503-555-0177.",
        sender=["Jo Blake", "jo.blake@example.com"],
    )
    assert inquiry.partner is None
    assert (inquiry.borrower.full_name, inquiry.borrower.phone) == ("Jo Blake", "+15035550177")
    assert inquiry.co_borrower is not None
    assert (inquiry.co_borrower.first_name, inquiry.co_borrower.relationship) == ("Anna", "wife")


@pytest.mark.parametrize(
    ("text", "value", "loan", "down"),
    [
        ("My client Al Roe has a budget of $525k with 20% down.", 525_000, None, None),
        ("My client Al Roe owes 180k on a house worth 450k.", 450_000, 180_000, None),
        ("My client Al Roe wants a $650K condo and has $130,000 down.", 650_000, None, 130_000),
        ("My client Al Roe makes $150,000 a year and has $20k in credit card debt.", None, None, None),
        ("My client Al Roe, 312 555 0156, wants a house.", None, None, None),
        ("Mon client Al Roe doit environ 190 000 $, la maison vaut 400 000 $.", 400_000, 190_000, None),
    ],
)
def test_amounts_mean_what_the_words_near_them_say(
    text: str, value: int | None, loan: int | None, down: int | None
) -> None:
    inquiry = only(text)
    said = (inquiry.property.value.value, inquiry.loan.amount.value, inquiry.loan.down_payment.value)
    assert said == tuple(None if one is None else Decimal(one) for one in (value, loan, down))


def test_the_borrower_is_who_the_partner_had_written_to() -> None:
    inquiry = only(
        "FYI\n\nFrom: Tia Moss <tia.moss@example.com>\nSent: Monday, March 3, 2025 7:12 PM\n"
        "To: Penelope Marsh <penelope@marshrealty.example.com>\nSubject: home\n\n"
        "I'd like to get preapproved.\n\n"
        "From: Penelope Marsh <penelope@marshrealty.example.com>\nSent: Monday, March 3, 2025 6:12 PM\n"
        "To: Tia Moss <tia.moss@example.com>\nSubject: home\n\nDo you need a lender? My cell 510-555-0114",
        subject="Fwd: home",
    )
    assert (inquiry.borrower.full_name, inquiry.borrower.email) == ("Tia Moss", "tia.moss@example.com")
    assert inquiry.borrower.phone == ""


def test_a_reply_is_news_of_what_it_answers_to() -> None:
    ((part, inquiry),) = inquiries(
        "Simone's budget went up to $560k.\n\nOn Mon, Mar 3, 2025 at 4:00 PM Harbor Pine "
        "<hello@harborpine.example.com> wrote:\n> Thank you for the referral of Bo Ek, 415-555-0100.",
        subject="Re: Intro: Simone Batiste",
        in_reply_to_ids=["z@harborpine.example.com"],
    )
    assert part.kind == "update"
    assert part.refs == ("message:z@harborpine.example.com", "message:m-1@example.com")
    assert inquiry.borrower.phone == ""


def test_another_client_in_an_old_thread_is_an_inquiry_of_its_own() -> None:
    ((part, inquiry),) = inquiries(
        "Please meet my client Bo Ek, 415-555-0100.",
        subject="Re: Simone",
        in_reply_to_ids=["z@harborpine.example.com"],
    )
    assert part.kind == "inquiry"
    assert part.refs == ("message:m-1@example.com",)
    assert inquiry.borrower.full_name == "Bo Ek"


def test_a_partner_of_another_house_gets_no_credit() -> None:
    inquiry = only("Name: Bo Ek\nPhone: 415-555-0100\nAgent: Eve Lund, eve@lund.example.net")
    assert inquiry.partner is not None
    assert inquiry.partner.email == PARTNER[1]
    assert ("Agent", "Eve Lund") in inquiry.unmapped


def test_what_is_not_trusted_waits_however_well_it_reads() -> None:
    ((part, _),) = inquiries("Please meet my client Bo Ek, 415-555-0100.", trace=[])
    assert part.distrust_code == "sender_authentication_failed"
    assert part.sender == ""
    ((part, _),) = inquiries("Please meet my client Bo Ek, 415-555-0100.", cut=["too_many_parts"])
    assert part.distrust_code == "too_complex"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"marks": {"auto-submitted": "auto-replied"}}, "auto_reply"),
        ({"marks": {"x-autoreply": "yes"}}, "auto_reply"),
        ({"subject": "Absence du bureau : dossier"}, "auto_reply"),
        ({"subject": "Respuesta automática: gracias"}, "auto_reply"),
        ({"subject": "Automatic reply: referral"}, "auto_reply"),
        ({"marks": {"list-id": "<x.example.com>"}}, "newsletter"),
        ({"marks": {"precedence": "bulk"}}, "newsletter"),
        ({"calendar": "REPLY"}, "calendar"),
        ({"marks": {"content-type": "multipart/report; report-type=delivery-status"}}, "bounce"),
        ({"marks": {"x-failed-recipients": "bo@example.com"}}, "bounce"),
        ({"sender": ["", "mailer-daemon@example.com"], "subject": "No se pudo entregar"}, "bounce"),
        ({"marks": {"auto-submitted": "no"}}, ""),
        ({"subject": "Absent minded? No: my client Bo Ek"}, ""),
    ],
)
def test_mail_that_nobody_wrote_to_us(more: dict[str, Any], code: str) -> None:
    sender = more.pop("sender", PARTNER)
    mail = {"from": [sender], "subject": "Hello", "text": "My client Bo Ek, 415-555-0100", **more}
    found = Reading(letter_of(mail), Surroundings()).ignored
    assert (found.ignored_code if found else "") == code


def test_a_mail_that_wants_to_be_left_alone_takes_consent_back() -> None:
    quoted = "Unsubscribe\n\nOn Mon, Mar 3, 2025 Maya <maya@harborpine.example.com> wrote:\n> Rates fell."
    sender = ["Ana Quill", "ana.quill@example.com"]
    ((part, heard),) = inquiries(quoted, sender=sender, subject="Re: Rates fell", in_reply_to=["x@y"])
    assert part.kind == "withdrawal"
    assert (heard.consent.email, heard.borrower.email) == (False, "ana.quill@example.com")
    assert heard.message == "Unsubscribe"
    ((colleague, _),) = inquiries("stop", sender=["Maya", "maya@harborpine.example.com"])
    assert colleague.kind != "withdrawal"
