"""What kind of help a mail asks for: as everywhere, with the short words that people use in mail."""

from __future__ import annotations

import re

from mapping.answers import Answer
from mapping.inquiry import InquiryType
from mapping.normalize.text import fold
from mapping.reading.classify import classify

_T = InquiryType
_NOT_OF_CLIENTS = frozenset({_T.DOCUMENT_REQUEST, _T.LENDER_UPDATE, _T.PARTNER_INQUIRY, _T.GENERAL_ADVICE})
_SHORT = (
    (_T.RENEWAL, r"renew\w*|renouvel\w*|renova\w*"),
    (_T.SECOND_MORTGAGE, r"heloc|second mortgage|home equity|marge hypothecaire|segunda hipoteca"),
    (_T.DEBT_CONSOLIDATION, r"consolid\w*"),
    (_T.CONSTRUCTION, r"construction loan|new build|custom build|renovation loan"),
    (_T.PRE_APPROVAL, r"pre ?approv\w*|pre ?qual\w*|preapprob\w*|preaprob\w*|precalific\w*|preautoris\w*"),
    (_T.REFINANCE, r"refi\w*"),
    (
        _T.PURCHASE,
        r"purchas\w*|buy|buying|buys|buyers?|homebuyers?|first time (?:home )?buyers?|house hunting"
        r"|under contract"
        r"|achat|acheter|achete|premiere maison|compra|comprar|primera casa|casa nueva",
    ),
)
_COMPILED = tuple((kind, re.compile(rf"\b(?:{words})\b")) for kind, words in _SHORT)
_LONGEST = 4_000


def purpose(subject: str, text: str, *, referred: bool) -> Answer | None:
    """The need, when the words are clear; None leaves it to the message.

    referred: somebody writes about a client; that they are a realtor or will send papers is not the need.
    """
    words = f"{subject}\n{text[:_LONGEST]}"
    kind, _ = classify("", words)
    if kind in _NOT_OF_CLIENTS and (referred or kind is _T.GENERAL_ADVICE):
        kind = _of_short_words(fold(words))
    if kind is _T.GENERAL_ADVICE:
        return None
    return Answer("mail purpose", "", (kind.value.replace("_", " "),), "inquiry_type")


def _of_short_words(folded: str) -> InquiryType:
    return next((kind for kind, pattern in _COMPILED if pattern.search(folded)), _T.GENERAL_ADVICE)
