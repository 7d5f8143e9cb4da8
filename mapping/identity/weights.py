"""What each agreement and difference weighs, in bits: log2(how often among one person's / two people's).

Set on the tuning seeds of tests/identity_corpus, on a budget of one wrong merge in a thousand inquiries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mapping.identity.first_names import Agreement
from mapping.identity.last_names import LastNames
from mapping.identity.places import Nearness

# Where the playbook says nothing else, see rules.py:
#: From this on it is the same person, if every gate is open.
LINK: Final = 13.0
#: From this on a person is asked, when an email, phone, birth date or address agrees.
REVIEW: Final = 8.5
#: From this on a person is asked when only names and towns agree, see by_name.py.
REVIEW_BY_NAME: Final = 3.3

#: As LINK for somebody heard minutes ago who corrects what was sent.
LINK_AT_ONCE: Final = 20.0
#: Likely enough that a birth date that differs may be a slip.
LIKELY: Final = 13.0
#: From this on who was only named in another's inquiry belongs to that household: a rare name, and a town.
HOUSEHOLD_BY_NAME: Final = 4.5
#: So rare a name may be, beyond one bearer among all who are stored: kin and namesakes are no chance.
RAREST: Final = 4.0
FEWEST_STORED: Final = 1_000
#: What else weighs where nothing but a name tells: most who return give what they gave before, and by the
#: town a common name was looked up.
NAMED_EMAIL_DIFFERS: Final = -1.5
NAMED_PHONE_DIFFERS: Final = -2.0
NAMED_IN_TOWN: Final = -1.0
NAMED_LIKE_OTHERS: Final = -1.0
NAMED_IN_HOUSEHOLD: Final = 1.0
#: So many inquiries of a borrower count for how much a question is worth.
KNOWN_WELL: Final = 4
#: By so much the likeliest must be ahead of the next.
MARGIN: Final = 3.0

EMAIL: Final = 10.0
EMAIL_REWRITTEN: Final = 9.0
EMAIL_MISTYPED: Final = 8.0
EMAIL_NEAR: Final = 4.0
EMAIL_DIFFERS: Final = -1.0
PHONE: Final = 8.0
PHONE_NEAR: Final = 4.0
PHONE_DIFFERS: Final = -0.5
#: An old number may be somebody else's by now: so much less for each year that it was not heard.
PHONE_YEAR: Final = -1.5
PHONE_OLDEST: Final = 3.5
#: What a household shares, or a made-up number that many type in.
SHARED: Final = 3.0
FICTIONAL: Final = 2.0
CO_BORROWER: Final = 7.0
BIRTH: Final = 9.5
BIRTH_DIFFERS: Final = -10.0
MIDDLE: Final = 2.0
MIDDLE_DIFFERS: Final = -4.0

#: Less than the bits of the name itself, where it is not spelled alike.
FIRST_LESS: Final[Mapping[Agreement, float]] = {
    Agreement.SAME: 0.0,
    Agreement.NICKNAME: -1.0,
    Agreement.MIDDLE: -3.0,
    Agreement.SLIP: -2.5,
    Agreement.ALIKE: -3.5,
    Agreement.INITIAL: -3.5,
}
FIRST_DIFFERS: Final = -8.0
LAST_LESS: Final[Mapping[LastNames, float]] = {
    LastNames.SAME: 0.0,
    LastNames.PART: -3.0,
    LastNames.ALIKE: -2.5,
}
LAST_DIFFERS: Final = -4.0
NAMES_SWAPPED: Final = -1.0

AREA_SAME: Final = 2.0
AREA_NEAR: Final = 1.0
AREA_FAR: Final = -3.0
HEARD_AT_ONCE: Final = 5.0
HEARD_LATELY: Final = 1.5
HEARD_LONG_AGO: Final = -1.5

PLACE: Final[Mapping[Nearness, float]] = {
    Nearness.ADDRESS: 5.0,
    Nearness.BUILDING: 2.5,
    Nearness.POSTAL: 4.0,
    Nearness.CITY: 2.0,
    Nearness.UNKNOWN: 0.0,
    Nearness.ELSEWHERE: -2.5,
    Nearness.OTHER_STATE: -4.0,
}
