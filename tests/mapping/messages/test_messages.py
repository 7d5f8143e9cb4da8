"""Messages ready to send: what they say, what they never say, and which texts are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.follow_up.checklist import still_missing
from mapping.follow_up.first_task import plan_first_touch
from mapping.inquiry import Amount, Contact, Inquiry, InquiryType, Loan, Meeting, Party, Property, Stage
from mapping.messages.filling import Message, find_template, ready_message, tidied
from mapping.messages.merge_fields import FIELDS
from mapping.messages.merge_values import _READ
from mapping.messages.plain_values import plain_words
from mapping.messages.sms import fits, length, simpler
from mapping.ownership.owner import OwnerDecision
from mapping.playbook import Playbook, PlaybookInvalid, load_playbook, shipped
from mapping.playbook.templates import MessageTemplate, wording
from tests.mapping.people import CA, NOON, RENATA, US, inquiry, owned_by

TEMPLATES = [(playbook, name) for playbook in (US, CA) for name in playbook.templates]
NOBODY = OwnerDecision("", "", "fallback", (), (), "")


def message(name: str, asked: Inquiry, playbook: Playbook = US, missing: tuple[str, ...] = ()) -> Message:
    owner = owned_by("maya@example.com" if playbook.country == "US" else "etienne@example.com", playbook)
    return ready_message(playbook.templates[name], asked, owner, playbook, missing)


# --- what they say


def test_a_text_says_who_writes_and_how_to_end_it() -> None:
    assert message("first_text", inquiry()).text == (
        "Hi Renata, Maya of Example Home Loans here. I tried to call about your home purchase. "
        "When suits you? Reply STOP to opt out."
    )


def test_an_email_shows_licences_and_address() -> None:
    sent = message("first_email", inquiry(), missing=("Down payment", "Photo ID", "W-2 forms"))
    assert sent.subject == "Your home purchase: next step"
    assert "if you have this at hand: down payment, photo ID and W-2 forms." in sent.text
    assert "Maya Whitfield (NMLS 1000001, CA-DFPI-1000001)\nExample Home Loans (NMLS 1234567)\n" in sent.text
    assert "100 Example Street, New York, NY 10001" in sent.text


@pytest.mark.parametrize(
    ("playbook", "language", "words"),
    [
        (US, "es", "Hola Renata, Maya de Example Home Loans."),
        (US, "es-MX", "Hola Renata"),
        (CA, "fr", "Bonjour Renata, ici Étienne de Example Mortgages."),
        (US, "fr", "Hi Renata"),  # not written in that language
        (US, "", "Hi Renata"),
    ],
)
def test_the_borrowers_language_chooses_the_wording(playbook: Playbook, language: str, words: str) -> None:
    assert message("first_text", inquiry(language=language), playbook).text.startswith(words)


def test_what_is_missing_is_asked_for_in_the_borrowers_language() -> None:
    asked = inquiry("QC", language="fr", employment="self_employed")
    missing = still_missing(asked, CA, Stage.COLLECTING_DOCUMENTS)
    sent = message("documents_missing", asked, CA, missing).text
    assert "- mise de fonds\n" in sent
    assert "- Spécimen de chèque\n" in sent
    assert "- Déclarations T1 générales des deux dernières années\n" in sent


def test_a_meeting_is_told_by_the_borrowers_clock() -> None:
    asked = inquiry(meeting=Meeting(start=datetime(2026, 9, 23, 14, 30, tzinfo=UTC)))
    assert "Wednesday, September 23 at 7:30 AM PDT" in message("meeting_reminder", asked).text
    spanish = message("meeting_reminder", replace(asked, language="es")).text
    assert "miércoles 23 de septiembre a las 07:30 PDT" in spanish


def test_a_renewal_names_its_date() -> None:
    asked = inquiry("ON", type=InquiryType.RENEWAL, timeframe_date=date(2027, 7, 1))
    assert "Your term ends on July 1, 2027." in message("renewal_120", asked, CA).text
    assert "le 1er juillet 2027" in message("renewal_120", replace(asked, language="fr"), CA).text


def test_a_condition_takes_a_value_that_is_not_known_for_no() -> None:
    assert "everything that I need" in message("next_step_email", inquiry()).text
    assert "Please send me: photo ID." in message("next_step_email", inquiry(), missing=("Photo ID",)).text


# --- what they never say


@pytest.mark.parametrize("language", ["en", "es", "fr"])
@pytest.mark.parametrize(
    ("playbook", "name"), TEMPLATES, ids=[f"{one.country}-{name}" for one, name in TEMPLATES]
)
def test_nothing_known_leaves_no_gap(playbook: Playbook, name: str, language: str) -> None:
    nothing = inquiry("", borrower=Party(), language=language, type=InquiryType.GENERAL_ADVICE)
    sent = ready_message(playbook.templates[name], nothing, NOBODY, playbook)
    for text in (sent.subject, sent.text):
        assert not any(gap in text for gap in ("None", "{{", "{%", " ,", " .", "\n\n\n", "Hi ,", "  "))
    assert fits(sent.text) or sent.channel != "text"


@pytest.mark.parametrize(
    "typed",
    [
        "{{ 7 * 7 }}",
        "{% for x in () %}",
        "<b>Renata</b>",
        "<script>alert(1)</script>",
        "http://evil.example.com",
        "evil.example.com",
        "Click evil.com now",
        "www.evil",
        "call 1-900-555-0132",
        "a@example.com",
        "[link](x)",
        "Renata; DROP",
        "x" * 41,
        "Renata\u202egpj",
        "$9,000",
    ],
)
def test_a_borrower_writes_no_markup_no_code_and_no_link(typed: str) -> None:
    person = Party(first_name=typed, last_name=typed)
    asked = inquiry(
        borrower=person, partner=Party(first_name=typed), property=Property(state="CA", city=typed)
    )
    for name in US.templates:
        sent = message(name, asked)
        assert typed not in f"{sent.subject}{sent.text}"
        assert not {"evil", "script", "DROP", "49"} & set(sent.text.replace(".", " ").split())


@pytest.mark.parametrize(
    "name", ["Zoë", "Jean-Luc", "O'Brien", "D’Angelo", "María José", "St. John", "Nguyễn", "李"]
)
def test_a_name_stays_a_name(name: str) -> None:
    assert plain_words(name) == name


@given(st.text(st.sampled_from("aZéß李\u0301 .,'-{}<>[]()/@:;#%$&|\\\"019_=+*!?\n\u202e"), max_size=42))
def test_whatever_was_typed_a_message_stays_plain(typed: str) -> None:
    kept = plain_words(typed)
    assert not set(kept) & set('<>{}[]()/@:;#%$&|\\"0123456789_=+*!?,')
    assert not any(part for part in kept.split(".")[1:] if part and not part.startswith(" "))


def test_nobody_yet_licensed_sends_nothing() -> None:
    planned = plan_first_touch(inquiry("WY"), NOBODY, US, now=NOON, returning=False)
    assert "Ready to send" not in planned.body


# --- texts are one message


def test_a_long_name_is_left_out_before_a_text_becomes_two() -> None:
    long = "Wilhelmina-Alexandrina-Theodora-Josephine"[:40]
    sent = message(
        "check_in_text",
        inquiry(borrower=replace(RENATA, first_name=long), type=InquiryType.DEBT_CONSOLIDATION),
    )
    assert sent.text.startswith("Hello, Maya of")
    assert fits(sent.text)


@pytest.mark.parametrize("city", ["San Pedro de los Milagros y Santa Fe", "北京", "Nový Jičín", "San Luis"])
@pytest.mark.parametrize("partner", ["Wolfeschlegelsteinhausen Bergerdorffius", "王小明", ""])
def test_a_text_is_one_message_whatever_was_typed_into_its_merge_fields(city: str, partner: str) -> None:
    text = (
        "{{ greeting }}, {{ owner.first_name }} here: {{ partner.name }} says that you want to buy in "
        "{{ property.city }}. May I call? {{ opt_out }}"
    )
    template = MessageTemplate("typed", "text", {"en": wording(text, "")})
    asked = inquiry(
        property=Property(state="CA", city=city), partner=Party(first_name=partner) if partner else None
    )
    sent = ready_message(template, asked, owned_by("maya@example.com"), US)
    assert fits(sent.text)
    assert "Maya here" in sent.text
    assert sent.text.endswith("to opt out.")
    if city == "San Luis" and not partner:
        assert "Hi Renata" in sent.text
        assert city in sent.text


def test_too_many_documents_are_a_few() -> None:
    missing = still_missing(inquiry(), US, Stage.COLLECTING_DOCUMENTS)
    sent = message("documents_reminder", inquiry(), missing=missing)
    assert sent.text.startswith("Hi Renata, we still need a few documents.")
    assert "photo ID" in message("documents_reminder", inquiry(), missing=("Photo ID",)).text


@pytest.mark.parametrize(
    ("text", "used", "room"),
    [
        ("a" * 160, 160, 160),
        ("é" * 160, 160, 160),
        ("€[]", 6, 160),  # an escape each
        ("ã", 1, 70),
        ("ok 👍", 5, 70),
        ("", 0, 160),
    ],
)
def test_a_text_is_counted_as_phones_do(text: str, used: int, room: int) -> None:
    assert length(text) == (used, room)


def test_letters_that_texts_do_not_have_become_plain() -> None:
    assert simpler("Zoë — “aquí”… ñ é à") == 'Zoe - "aqui"... ñ é à'
    assert simpler("👍 李") == "👍 李"
    assert tidied("Hello , you  there .\n\n\n\nBye ") == "Hello, you there.\n\nBye"


# --- which one a task gets


def test_a_task_carries_the_message_for_its_channel_and_purpose() -> None:
    texted = inquiry(preferred_contact=Contact.SMS)
    body = plan_first_touch(texted, owned_by("maya@example.com"), US, now=NOON, returning=False).body
    assert "characters):\nHi Renata, Maya of Example Home Loans. Thanks for asking" in body
    called = plan_first_touch(inquiry(), owned_by("maya@example.com"), US, now=NOON, returning=False).body
    assert "What to say:\nHi Renata, this is Maya Whitfield" in called
    mailed = inquiry(preferred_contact=Contact.EMAIL)
    body = plan_first_touch(mailed, owned_by("maya@example.com"), US, now=NOON, returning=False).body
    assert "Ready to send by email:\nSubject: Your home purchase: next step\nHi Renata,\n" in body


def test_a_named_template_that_does_not_suit_the_channel_gives_way_to_one_that_does() -> None:
    found = find_template(US, inquiry(), "email", "still_interested", "still_interested_text")
    assert found is not None
    assert found.name == "still_interested_email"
    assert find_template(US, inquiry(), "review", "first_touch") is None


def test_every_touch_of_the_shipped_cadences_has_something_to_say() -> None:
    for playbook in (US, CA):
        silent = {
            touch.purpose
            for cadence in playbook.cadences
            for touch in cadence.touches
            if touch.channel not in ("review", "preferred")
            and find_template(playbook, inquiry(), touch.channel, touch.purpose, touch.template) is None
        }
        assert not silent


def test_every_merge_field_can_be_read() -> None:
    assert _READ.keys() == FIELDS.keys()
    everything = " ".join(f"{{{{ {name} }}}}" for name in FIELDS)
    text = shipped("mortgage_us").replace(
        "[templates.first_call]",
        f'[templates.all]\nchannel = "call"\ntext = "{everything}"\n\n[templates.first_call]',
    )
    playbook = load_playbook(text, name="all")
    loan = Loan(amount=Amount(value=Amount().value))
    assert "None" not in message("all", inquiry(loan=loan), playbook).text


# --- which are refused

FIRST = '[templates.first_text] # right after a call that nobody took\nchannel = "text"\n'


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        (
            "{{ greeting }}, {{ owner.first_name }} of",
            "{{ greting }}, {{ owner.first_name }} of",
            "welcome_text.text",
            '"greeting"',
        ),
        (
            "{{ owner.first_name }} of {{ brokerage.name }} here",
            "{{ owner.frist_name }} here",
            "first_text.text",
            '"owner.first_name"',
        ),
        (
            "{{ owner.first_name }} of {{ brokerage.name }} here",
            "{{ owner }} here",
            "first_text.text",
            "does not exist",
        ),
        (
            "{{ brokerage.name }} here",
            "{{ brokerage.name.__class__ }} here",
            "first_text.text",
            "nothing but merge fields",
        ),
        ("{{ brokerage.name }} here", "{{ brokerage.name | upper }} here", "first_text.text", "nothing but"),
        ("{{ brokerage.name }} here", "{{ range(9) }} here", "first_text.text", "nothing but merge fields"),
        (
            "{{ brokerage.name }} here",
            "{% for x in missing %}x{% endfor %} here",
            "first_text.text",
            "nothing but",
        ),
        (
            "{{ brokerage.name }} here",
            "{{ brokerage.name here",
            "first_text.text",
            "not written as a template",
        ),
        (" When suits you? {{ opt_out }}", " When suits you?", "first_text.text", "must say how to end"),
        ("I tried to call", "I tried and tried and tried again to call", "first_text.text", "holds 160"),
        ("I tried to call", "👍 I tried to call", "first_text.text", "holds 70, because of an emoji"),
        ('phone = "(212) 555-0100"\n', "", "any_questions.text", "Add phone to the table [brokerage]"),
        ('subject = "Your {{ need }}: next step"\n', "", "first_email", "needs a subject"),
        (FIRST, FIRST + 'subject = "Hi"\n', "first_text.subject", "no subject"),
        (FIRST, FIRST.replace('"text"', '"fax"'), "first_text.channel", "channel does not exist"),
    ],
)
def test_a_text_that_cannot_be_sent_is_a_mistake_with_its_line(
    old: str, new: str, key: str, words: str
) -> None:
    text = shipped("mortgage_us")
    assert old in text
    with pytest.raises(PlaybookInvalid) as caught:
        load_playbook(text.replace(old, new, 1), name="planted")
    found = {problem.key: problem for problem in caught.value.problems}
    problem = found[f"templates.{key}"]
    assert words in f"{problem.message}. {problem.remedy}"
    assert problem.line > 300


def test_an_email_without_licences_is_refused() -> None:
    text = shipped("mortgage_us").replace("\n\n{{ signature }}", "\n\nYours", 1)
    with pytest.raises(PlaybookInvalid, match="must show licences"):
        load_playbook(text, name="planted")


def test_a_mistake_in_a_long_text_says_in_which_line_of_it() -> None:
    text = shipped("mortgage_us").replace(
        "Pick a time that suits you: {{ link.booking }}", "{{ link.bookin }}", 1
    )
    line = text[: text.index("{{ link.bookin }}")].count("\n") + 1
    with pytest.raises(PlaybookInvalid, match=rf"line {line}, templates.first_email.text.*\"link.booking\""):
        load_playbook(text, name="planted")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('template = "offer_a_time"', 'template = "offer_time"', '"offer_a_time"'),
        ('template = "offer_a_time"', 'template = "first_email"', "another channel"),
    ],
)
def test_a_touch_names_a_template_of_its_channel(old: str, new: str, words: str) -> None:
    with pytest.raises(PlaybookInvalid, match=words):
        load_playbook(shipped("mortgage_us").replace(old, new, 1), name="planted")
