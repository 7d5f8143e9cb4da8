from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.inquiry import InquiryType
from mapping.reading.classify import classify, stated_type

T = InquiryType


@pytest.mark.parametrize(
    ("stated", "kind"),
    [
        ("Buy a home", T.PURCHASE),
        ("Purchase", T.PURCHASE),
        ("Achat d'une maison", T.PURCHASE),
        ("Comprar casa", T.PURCHASE),
        ("Buying my first home", T.PURCHASE),
        ("Refinance my current mortgage", T.REFINANCE),
        ("lower_my_payment", T.REFINANCE),
        ("Cash Out Refinance", T.REFINANCE),
        ("Refinancement", T.REFINANCE),
        ("Mortgage renewal", T.RENEWAL),
        ("Renouvellement hypothécaire", T.RENEWAL),
        ("Renovación de hipoteca", T.RENEWAL),
        ("Get pre-approved", T.PRE_APPROVAL),
        ("Préapprobation", T.PRE_APPROVAL),
        ("How much can I afford?", T.PRE_APPROVAL),
        ("Second mortgage / HELOC", T.SECOND_MORTGAGE),
        ("Home equity loan", T.SECOND_MORTGAGE),
        ("Segunda hipoteca", T.SECOND_MORTGAGE),
        ("Debt consolidation", T.DEBT_CONSOLIDATION),
        ("Refinance / consolidate debt", T.DEBT_CONSOLIDATION),
        ("Build a new home (construction-to-permanent)", T.CONSTRUCTION),
        ("Home renovation", T.CONSTRUCTION),
        ("Commercial", T.COMMERCIAL),
        ("Buying a commercial building", T.COMMERCIAL),
        ("Upload documents", T.DOCUMENT_REQUEST),
        ("Become a partner", T.PARTNER_INQUIRY),
        ("General question", T.GENERAL_ADVICE),
        ("pre_approval", T.PRE_APPROVAL),
    ],
)
def test_the_chosen_answer_decides(stated: str, kind: InquiryType) -> None:
    assert stated_type(stated) is kind
    assert classify(stated, "we want to build a house and refinance it")[0] is kind


@pytest.mark.parametrize("stated", ["", "Other", "Yes", "Purchase / Refinance", "30 year fixed", "WEB"])
def test_an_answer_that_names_no_need_leaves_it_to_the_words(stated: str) -> None:
    assert stated_type(stated) is None
    assert classify(stated, "we want to buy a house")[0] is T.PURCHASE


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Want to roll two credit cards and a truck loan into the house.", T.DEBT_CONSOLIDATION),
        ("My mortgage matures in August, can you renew it?", T.RENEWAL),
        ("Je veux renouveler mon hypothèque", T.RENEWAL),
        ("I have a second mortgage and want to consolidate", T.SECOND_MORTGAGE),
        ("Can we get pre-approved before buying a house?", T.PRE_APPROVAL),
        ("How do I send you my pay stubs?", T.DOCUMENT_REQUEST),
        ("We are building a custom home on our lot", T.CONSTRUCTION),
        ("Financing for a warehouse", T.COMMERCIAL),
        ("Can you lower my monthly payment?", T.REFINANCE),
        ("Mi cliente quiere comprar su primera casa en Tucson", T.PURCHASE),
        ("Nous voulons acheter une maison", T.PURCHASE),
        ("Our offer was accepted yesterday", T.PURCHASE),
        ("I am a realtor and would like to refer clients", T.PARTNER_INQUIRY),
        ("The file is clear to close", T.LENDER_UPDATE),
        ("How do points work?", T.GENERAL_ADVICE),
        ("I want to buy a car", T.GENERAL_ADVICE),
        ("", T.GENERAL_ADVICE),
    ],
)
def test_words_decide_when_nothing_was_chosen(words: str, kind: InquiryType) -> None:
    assert classify("", words)[0] is kind


@given(st.text(), st.text())
def test_any_text_gets_a_type_and_a_reason_that_quotes_nothing(stated: str, words: str) -> None:
    kind, reason = classify(stated, words)
    known = {classify("", "")[1]}
    known |= {f"the answer about the need says {one.value.replace('_', ' ')}" for one in T}
    known |= {f"the words used speak of {one.value.replace('_', ' ')}" for one in T}
    assert kind in T
    assert reason in known
