"""What looks like one person and may be two: a reason to ask, however many bits there are."""

from __future__ import annotations

from mapping.identity import weights
from mapping.identity.company import Company
from mapping.identity.contacts import Standing
from mapping.identity.evidence import Evidence
from mapping.identity.first_names import Agreement
from mapping.identity.last_names import LastNames
from mapping.identity.places import Nearness


def doubt_about(evidence: Evidence, company: Company) -> str:
    """In words, "" when there is none."""
    by_phone_alone = not evidence.birth_date and evidence.email.standing is not Standing.PERSON
    doubt = _name_doubt(evidence, by_phone_alone=by_phone_alone)
    if doubt:
        return doubt
    if evidence.email.marked:
        return "the inbox is shared, and marked for one of its readers"
    if by_phone_alone and company.namesake and (evidence.email.differs or not evidence.at_once):
        return "somebody else of that name is about"
    by_number = _number_doubt(evidence) if by_phone_alone and not evidence.at_once else ""
    return by_number or ("" if evidence.personal else _household_doubt(evidence))


def _number_doubt(evidence: Evidence) -> str:
    """Numbers are given out again, and father and son of one name share one."""
    another, at_home = evidence.email.differs, evidence.place is Nearness.ADDRESS
    if evidence.email.agrees:
        return ""  # a household's inbox, and a number of one's own
    elsewhere = evidence.place is Nearness.OTHER_STATE
    if elsewhere or (another and (evidence.moved or (evidence.phone.stale and not at_home))):
        return "only an old number or one from elsewhere agrees"
    if another and (evidence.email.numbered or evidence.first_name is not Agreement.SAME):
        return "only the phone agrees, which father and son may share"
    return ""


def _name_doubt(evidence: Evidence, *, by_phone_alone: bool) -> str:
    last, first = evidence.last_name, evidence.first_name
    if last is LastNames.UNLIKE and not (first >= Agreement.MIDDLE and _carries_a_new_last_name(evidence)):
        return "last name differs"
    # Brothers, twins and couples have like names or one initial, and write from each other's inbox.
    proven = bool(evidence.birth_date) or evidence.reached_both_ways
    if first is Agreement.INITIAL and last < LastNames.PART and not proven:
        return "only the initial agrees"
    if evidence.middle_name is False:
        return "middle name differs"
    nearly = (first in (Agreement.ALIKE, Agreement.INITIAL) and not proven) or (
        first is Agreement.SLIP and by_phone_alone and evidence.email.differs
    )
    return "the first name agrees only nearly" if nearly else ""


def _carries_a_new_last_name(evidence: Evidence) -> bool:
    """People marry: their own inbox stays, or the birth date with something else."""
    contact = evidence.email.agrees or evidence.phone.agrees or evidence.place is Nearness.ADDRESS
    own = evidence.email.standing is Standing.PERSON or evidence.reached_both_ways
    return own or (bool(evidence.birth_date) and contact)


def _household_doubt(evidence: Evidence) -> str:
    """Nothing agrees that only one person has: a namesake of the household would look the same."""
    if evidence.vouched:
        return ""
    if evidence.at_once:
        return "" if evidence.bits >= weights.LINK_AT_ONCE else "a common name, heard minutes ago"
    slip = evidence.first_name is Agreement.SLIP and evidence.last_name is not LastNames.SAME
    if slip or evidence.first_name is Agreement.MIDDLE:
        return "the first name agrees only nearly"
    if (evidence.email.differs or evidence.phone.differs) and not _is_named_in_household(evidence):
        return "only what a household shares agrees"
    return ""


def _is_named_in_household(evidence: Evidence) -> bool:
    """One of those who share the inbox or the phone, by the full name."""
    email, phone = evidence.email, evidence.phone
    by_email = email.agrees and not email.near
    by_phone = phone.agrees and not (phone.near or phone.stale)
    named = evidence.first_name >= Agreement.NICKNAME and evidence.last_name is LastNames.SAME
    return named and (by_email or by_phone)
