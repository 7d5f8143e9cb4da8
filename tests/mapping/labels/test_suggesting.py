"""A first mapping from what a path saw: likely ones with their reasons, no guesses, nobody else's number."""

from __future__ import annotations

import pytest

from mapping.answers import Answer, Answers
from mapping.labels.suggesting import EXAMPLES, THRESHOLD, Suggestion, questions, suggest_mapping
from mapping.labels.vocabulary import field_for


def sample(*asked: tuple[str, str, str]) -> Answers:
    return Answers("form", tuple(Answer(key, label, (value,)) for key, label, value in asked))


def suggested(*samples: Answers) -> dict[str, str]:
    return {one.key: one.field for one in suggest_mapping(samples)}


def only(key: str, label: str, *values: str) -> Suggestion | None:
    found = suggest_mapping([sample((key, label, value)) for value in values])
    return found[0] if found else None


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("What's your name?", "full_name"),
        ("Nombre y apellidos", "full_name"),
        ("Prénom du co-emprunteur", "co_first_name"),
        ("Email of your spouse", "co_email"),
        ("Teléfono del cónyuge", "co_phone"),
        ("Co-applicant's phone number", "co_phone"),
        ("Best number to reach you", "phone"),
        ("Cell #", "phone"),
        ("Cellulaire", "phone"),
        ("ZIP", "postal_code"),
        ("Code postal", "postal_code"),
        ("Best time to call", "preferred_time"),
        ("Meilleur moment pour vous appeler", "preferred_time"),
        ("Mise de fonds disponible", "down_payment"),
        ("Pago inicial", "down_payment"),
        ("Solde hypothécaire", "loan_amount"),
        ("Saldo de la hipoteca", "loan_amount"),
        ("Valeur estimée de la propriété", "property_value"),
        ("Approximate home value", "property_value"),
        ("Employment status", "employment"),
        ("Situación laboral", "employment"),
        ("Realtor's email", "partner_email"),
        ("What is your agent's name?", ""),
        ("Preferred language", "language"),
        ("Date de renouvellement", "timeframe"),
        ("I consent to receive text messages", "consent"),
        ("Province où se trouve la propriété", "property_state"),
        # Somebody else's, or something else.
        ("Employer phone number", ""),
        ("Employer's email address", ""),
        ("Emergency contact phone number", ""),
        ("Landlord email address", ""),
        ("Bank account number", ""),
        ("How many children?", ""),
        ("Current lender", ""),
        ("How much?", ""),
        ("2nd mortgage balance", ""),
        ("Original loan amount", ""),
        ("Monthly mortgage amount", ""),
        ("Nombre del empleador", ""),
        ("Pet's name", ""),
        ("Mother's maiden name", ""),
    ],
)
def test_what_a_label_means(label: str, field: str) -> None:
    if label == "What is your agent's name?":
        assert field_for("", label) != "full_name"
    else:
        assert field_for("", label) == field


@pytest.mark.parametrize(
    ("label", "value", "field"),
    [
        ("Adresse couriel", "a@example.com", "email"),
        ("Telphone number", "415 555 0123", "phone"),
        ("Loan ammount", "$350k", "loan_amount"),
        ("Approx. purchase price of the home, in US dollars", "$400,000", "property_value"),
        ("Down paymnet", "50,000", "down_payment"),
        ("Numero de telefone", "514 555 0123", "phone"),
    ],
)
def test_a_label_that_is_nearly_known(label: str, value: str, field: str) -> None:
    found = only("q", label, value)
    assert found
    assert found.field == field
    assert THRESHOLD <= found.confidence < 0.97


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (("ana@example.com", "bo@example.org"), "email"),
        (("(415) 555-0123", "212-555-0101 x9"), "phone"),
        (("94110", "10012-1234"), "postal_code"),
        (("H2X 1Y4",), "postal_code"),
        (("FL", "New York", "Québec"), "state"),
        (("Good (680-739)", "Poor"), "credit_band"),
        (("Within 30 days", "3-6 months"), "timeframe"),
        (("Get pre-approved", "Refinance"), "inquiry_type"),
        (("I consent to receive emails and phone calls.",), "consent"),
        (("J'accepte de recevoir des courriels.",), "consent"),
        (("birthdate:0123456789abcdef",), "date_of_birth"),
        (("Text message", "Phone call"), "preferred_contact"),
        (("We found a small house by the lake and need a loan.",), "message"),
        # An amount alone does not say which; nor does a yes, five digits, or a mixture.
        (("$450,000", "350-400K"), ""),
        (("85000", "90000"), ""),
        (("yes", "no"), ""),
        (("ana@example.com", "call me"), ""),
        (("blue",), ""),
    ],
)
def test_answers_that_speak_for_themselves(values: tuple[str, ...], field: str) -> None:
    found = only("4.1", "", *values)
    assert (found.field if found else "") == field
    assert found is None or found.reason.startswith("every answer looks like")


def test_answers_that_contradict_the_label_take_the_confidence_away() -> None:
    assert only("q", "Phone", "415 555 0123")
    assert only("q", "Phone", "ana@example.com") is None
    assert only("q", "Loan amount", "ana@example.com") is None


def test_a_question_that_the_sender_explains_needs_no_guess() -> None:
    answers = Answers("x", (Answer("9.1", "", ("1",), "consent"),))
    (found,) = suggest_mapping([answers])
    assert (found.field, found.confidence, found.reason) == ("consent", 1.0, "the sender says what it is")


def test_of_two_questions_for_one_field_the_likelier_has_it() -> None:
    one = sample(("q1", "Adresse couriel", "a@example.com"), ("q2", "Email", "b@example.com"))
    assert suggested(one) == {"q2": "email"}
    both = sample(("q1", "Comments", "x"), ("q2", "Message", "y"))
    assert suggested(both) == {"q1": "message", "q2": "message"}


def test_examples_are_short_and_few_and_every_question_is_listed() -> None:
    samples = [sample(("q1", "", f"{number} " + "x" * 200), ("q2", "Colour", "red")) for number in range(9)]
    first, second = questions(samples)
    assert (first.key, len(first.examples)) == ("q1", EXAMPLES)
    assert all(len(example) <= 80 and example.endswith("…") for example in first.examples)
    assert (second.label, second.examples) == ("Colour", ("red",))


def test_nothing_seen_suggests_nothing() -> None:
    assert suggest_mapping([]) == ()
    assert suggest_mapping([Answers("x", ())]) == ()
