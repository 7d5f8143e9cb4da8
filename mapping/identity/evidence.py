"""What a person and one known borrower have in common, and what speaks against their being one, in bits."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from mapping.identity import first_names, last_names, weights
from mapping.identity.circumstances import is_at_once, region_weight, time_weight
from mapping.identity.contacts import Contact, Contacts, Standing
from mapping.identity.emails import compare_emails
from mapping.identity.first_names import Agreement
from mapping.identity.known import KnownBorrower, Place
from mapping.identity.last_names import LastNames
from mapping.identity.middle_names import middle_names_agree
from mapping.identity.phones import compare_phones
from mapping.identity.places import Nearness, nearest
from mapping.inquiry import Party
from mapping.normalize.text import fold
from mapping.people.common_names import first_name_bits, last_name_bits
from mapping.people.family_names import family_words

# Made once: a dictionary by the members of an enumeration is slow to make.
_FIRST_WORDS = {
    Agreement.SAME: "first name same",
    Agreement.NICKNAME: "first names are forms of one",
    Agreement.MIDDLE: "first name is the other's middle name",
    Agreement.SLIP: "first names are a slip apart",
    Agreement.ALIKE: "first names are a letter apart",
    Agreement.INITIAL: "first initial same",
}
_LAST_WORDS = {
    LastNames.SAME: "last name same",
    LastNames.PART: "last names share a part",
    LastNames.ALIKE: "last names are a slip apart",
}
_PLACE_WORDS = {
    Nearness.ADDRESS: "address same",
    Nearness.BUILDING: "same house, another unit",
    Nearness.POSTAL: "postal code same",
    Nearness.CITY: "city same",
    Nearness.ELSEWHERE: "lives elsewhere",
    Nearness.OTHER_STATE: "lives in another state",
}


class Weight(Struct, frozen=True):
    """One line of the reckoning; words hold no personal values."""

    bits: float
    words: str

    def __str__(self) -> str:
        return f"{self.bits:+.1f} {self.words}"


class Evidence(Struct, frozen=True):
    """One comparison. None in suffix, birth_date and middle_name: one side did not say."""

    borrower: KnownBorrower
    weights: tuple[Weight, ...]
    bits: float
    name_bits: float  # of them, those of the first and the last name
    first_name: Agreement
    last_name: LastNames
    email: Contact
    phone: Contact
    place: Nearness
    suffix: bool | None
    birth_date: bool | None
    middle_name: bool | None
    at_once: bool  # heard minutes ago
    bare: bool = False  # of the party, nothing but a name and a town is known
    related: bool = False  # somebody of the borrower's household has the email or phone
    vouched: bool = False  # the co-borrower is of the borrower's household

    def with_weight(self, weight: Weight) -> Evidence:
        """The same with one more line."""
        return replace(self, weights=(*self.weights, weight), bits=self.bits + weight.bits)

    @property
    def personal(self) -> bool:
        """Something agrees that only one person has."""
        contacts = (self.email, self.phone)
        return bool(self.birth_date) or any(one.standing is Standing.PERSON for one in contacts)

    @property
    def reached_both_ways(self) -> bool:
        """The inbox and the number agree, and one of the two is one person's."""
        inbox = self.email.agrees and not self.email.marked
        return self.personal and inbox and self.phone.agrees and not self.phone.stale

    @property
    def identified(self) -> bool:
        """Something agrees beyond names and the town; who was heard minutes ago corrects what was sent.

        With another email or phone it is somebody else of that name.
        """
        at_home = self.place is Nearness.ADDRESS
        contact = self.email.agrees or self.phone.agrees
        corrects = self.at_once and not (self.email.differs or self.phone.differs)
        return contact or bool(self.birth_date) or at_home or corrects or self.related or self.vouched

    @property
    def moved(self) -> bool:
        """Lives elsewhere than the borrower ever said."""
        return self.place in (Nearness.ELSEWHERE, Nearness.OTHER_STATE)


def compare(party: Party, mine: Contacts, borrower: KnownBorrower) -> Evidence:
    """The evidence for and against party being borrower; what one side did not say weighs nothing."""
    first, last, swapped = _names(party, borrower)
    email, phone = compare_emails(mine, party, borrower), compare_phones(mine, borrower)
    place = nearest(Place(party.street, party.city, party.state, party.postal_code), borrower.places)
    birth_date = _agree(party.birth_hash, borrower.birth_hash)
    middle = middle_names_agree(party, borrower)
    names = (_first_weight(party, borrower, first), _last_weight(party, borrower, last))
    lines = (
        Weight(email.bits, email.words) if email.words else None,
        Weight(phone.bits, phone.words) if phone.words else None,
        *names,
        _said(middle, weights.MIDDLE, weights.MIDDLE_DIFFERS, "middle name"),
        _said(birth_date, weights.BIRTH, weights.BIRTH_DIFFERS, "birth date"),
        _place_weight(place),
        Weight(weights.NAMES_SWAPPED, "first and last name swapped") if swapped else None,
        *(_circumstances(party, mine, borrower, phone) if first > Agreement.UNKNOWN else ()),
    )
    told = tuple([line for line in lines if line is not None])
    return Evidence(
        borrower=borrower,
        weights=told,
        bits=sum([line.bits for line in told]),
        name_bits=sum([line.bits for line in names if line is not None]),
        first_name=first,
        last_name=last,
        email=email,
        phone=phone,
        place=place,
        suffix=_agree(party.suffix.strip(".").lower(), borrower.suffix.strip(".").lower()),
        birth_date=birth_date,
        middle_name=middle,
        bare=not (party.email or party.phone or party.birth_hash or party.street),
        at_once=is_at_once(borrower, mine.at),
    )


def _circumstances(party: Party, mine: Contacts, borrower: KnownBorrower, phone: Contact) -> list[Weight]:
    """Only for those who are called alike: of anybody else they say nothing."""
    region = (0.0, "") if phone.agrees else region_weight(party, borrower, mine.rules)
    return [Weight(bits, words) for bits, words in (region, time_weight(borrower, mine.at)) if words]


def _agree(one: str, other: str) -> bool | None:
    return one == other if one and other else None


def _names(party: Party, borrower: KnownBorrower) -> tuple[Agreement, LastNames, bool]:
    """How the names stand, also with first and last name changed about, and by the middle name."""
    first = first_names.best(party.first_name, borrower.first_names)
    last = last_names.best(party.last_name, borrower.last_names)
    if first is not Agreement.UNLIKE:
        return first, last, False
    if last is LastNames.UNLIKE:
        for mine, other in (
            ((party.last_name, borrower.first_names), (party.first_name, borrower.last_names)),
            ((party.first_name, borrower.last_names), (party.last_name, borrower.first_names)),
        ):
            turned, also = first_names.best(*mine), last_names.best(*other)
            if turned >= Agreement.NICKNAME and also is LastNames.SAME:
                return turned, also, True
    # "Laura Hadton Calridge" may have two last names and no middle one.
    families = {word for name in (party.last_name, *borrower.last_names) for word in family_words(name)}
    families |= {word for name in borrower.first_names if "-" in name for word in family_words(name)}
    own_middle = party.middle_name if len(folded := fold(party.middle_name)) > 1 else ""
    own_middle = "" if folded in families else own_middle
    # One letter stands for too many names to be the other's middle one.
    their_middles = tuple(
        name for name in borrower.middle_names if len(folded := fold(name)) > 1 and folded not in families
    )
    by_middle = (
        first_names.best(party.first_name, their_middles),
        first_names.best(own_middle, borrower.first_names),
    )
    return (Agreement.MIDDLE if max(by_middle) >= Agreement.NICKNAME else first), last, False


def _first_weight(party: Party, borrower: KnownBorrower, agreement: Agreement) -> Weight | None:
    if agreement is Agreement.UNKNOWN:
        return None
    if agreement is Agreement.UNLIKE:
        return Weight(weights.FIRST_DIFFERS, "first name differs")
    # The commoner of the two counts, whichever side has it.
    names = (party.first_name, *borrower.first_names)
    bits = min([first_name_bits(name) for name in names if name])
    return Weight(bits + weights.FIRST_LESS[agreement], _FIRST_WORDS[agreement])


def _last_weight(party: Party, borrower: KnownBorrower, agreement: LastNames) -> Weight | None:
    if agreement is LastNames.UNKNOWN:
        return None
    if agreement is LastNames.UNLIKE:
        return Weight(weights.LAST_DIFFERS, "last name differs")
    bits = min([last_name_bits(name) for name in (party.last_name, *borrower.last_names) if name])
    return Weight(bits + weights.LAST_LESS[agreement], _LAST_WORDS[agreement])


def _said(agrees: bool | None, same: float, differs: float, what: str) -> Weight | None:
    if agrees is None:
        return None
    return Weight(same, f"{what} same") if agrees else Weight(differs, f"{what} differs")


def _place_weight(place: Nearness) -> Weight | None:
    words = _PLACE_WORDS.get(place)
    return Weight(weights.PLACE[place], words) if words else None
