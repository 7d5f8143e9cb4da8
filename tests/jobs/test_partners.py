"""Partners: met by mails whose address was proved, held back where the brokerage wants it, never twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.intake.base import RawRequest
from jobs import partners as partner_work
from jobs.desk.actions import accept_submission
from jobs.desk.partners import list_partners
from jobs.intake.accepting import accept
from jobs.ledger.tables import audit_event, inquiry, partner, submission
from jobs.services import Services
from tests.jobs.brokerage import Clock, with_path
from tests.jobs.daily_work import at_once, decide_all, row, rows, states
from tests.jobs.mailroom import referral, with_inbox


@pytest.fixture
def office(services: Services, clock: Clock) -> Services:
    """The brokerage with a referral inbox, on the test's clock."""
    return replace(with_inbox(services, 993, "nobody"), now=clock)


def strict(office: Services) -> Services:
    """Only approved partners' mails become inquiries."""
    return replace(with_inbox(office, 993, "nobody", partners="approved_only"), now=office.now)


def mail(services: Services, body: bytes) -> str:
    """A mail arrives; its submission's id."""
    path = services.settings.paths["referrals"]
    return accept(services, path, RawRequest("message/rfc822", {}, body)).id


def test_who_proves_the_address_is_remembered_with_every_inquiry(office: Services) -> None:
    for number in (1, 2):
        mail(office, referral(number))
    mail(office, referral(3, partner="hugo@homes.example"))
    decide_all(office)
    lines = list_partners(office).lines
    assert [(line.partner.profile.address, line.seen.inquiries) for line in lines] == [
        ("hugo@homes.example", 1),
        ("rita@realtor.example", 2),
    ]
    assert lines[1].partner.profile.name == "Rita Realtor"
    assert lines[1].seen.last_at is not None
    assert {one.partner_id for one in rows(office, inquiry)} == {one.id for one in rows(office, partner)}


def test_an_address_that_was_not_proved_makes_nobody_a_partner(office: Services) -> None:
    one = mail(office, referral(1, proved=False))
    decide_all(office)
    assert rows(office, partner) == []
    assert row(office, submission, one).state == "quarantined"


def test_an_unknown_partner_waits_and_goes_on_by_itself_when_approved(office: Services) -> None:
    office = strict(office)
    ids = [mail(office, referral(number)) for number in (1, 2)]
    other = mail(office, referral(3, partner="hugo@homes.example"))
    decide_all(office)
    assert {row(office, submission, one).reason_code for one in ids} == {"unknown_partner"}
    rita = next(line for line in list_partners(office).lines if line.seen.waiting == 2).partner
    assert partner_work.decide(office, rita.id, "approved", "consultant") == 2
    assert partner_work.decide(office, rita.id, "approved", "consultant") is None
    decide_all(office)
    assert [row(office, submission, one).state for one in ids] == ["processed"] * 2
    assert row(office, submission, other).state == "quarantined"
    mail(office, referral(4))
    decide_all(office)
    assert len(rows(office, inquiry)) == 3
    said = [one.action for one in rows(office, audit_event) if one.object_kind == "partner"]
    assert said == ["partner.approved"]


def test_what_is_approved_on_a_path_that_stands_still_waits_for_the_path(office: Services) -> None:
    office = strict(office)
    one = mail(office, referral(1))
    decide_all(office)
    (line,) = list_partners(office).lines
    partner_work.decide(with_path(office, "paused", "referrals"), line.partner.id, "approved", "consultant")
    assert row(office, submission, one).state == "captured"


def test_a_blocked_partner_waits_whatever_the_path_says(office: Services) -> None:
    mail(office, referral(1))
    decide_all(office)
    (line,) = list_partners(office).lines
    partner_work.decide(office, line.partner.id, "blocked", "consultant")
    late = mail(office, referral(2))
    decide_all(office)
    assert row(office, submission, late).reason_code == "partner_blocked"
    assert list_partners(office, "blocked").lines[0].seen.waiting == 1
    assert list_partners(office, "approved").lines == ()
    assert partner_work.decide(office, line.partner.id, "approved", "consultant") == 1
    decide_all(office)
    assert len(rows(office, inquiry)) == 2


def test_a_person_may_let_one_mail_through_without_approving_the_partner(office: Services) -> None:
    office = strict(office)
    one = mail(office, referral(1))
    decide_all(office)
    assert accept_submission(office, one, "consultant")
    decide_all(office)
    assert row(office, submission, one).state == "processed"
    assert list_partners(office).lines[0].partner.state == "new"


def test_what_is_approved_while_a_mail_is_being_set_aside_keeps_it_going(office: Services) -> None:
    office = strict(office)
    one = mail(office, referral(1))
    decide_all(office)
    (line,) = list_partners(office).lines
    partner_work.decide(office, line.partner.id, "approved", "consultant")
    # Whoever looked before the approval sets it aside now: nothing may be left behind.
    partner_work.hold_back(office, one, line.partner.id, "unknown_partner")
    decide_all(office)
    assert row(office, submission, one).state == "processed"


def test_two_mails_of_a_new_partner_at_once_make_one(office: Services) -> None:
    path = office.settings.paths["referrals"]

    def meet() -> None:
        partner_work.meet(office, path, "Rita@Realtor.example", None)

    at_once(meet, meet, meet)
    assert len(rows(office, partner)) == 1


def test_colleagues_are_no_partners(office: Services) -> None:
    path = office.settings.paths["referrals"]
    assert partner_work.meet(office, path, "maya@harborpine.example", None) is None
    assert rows(office, partner) == []


def test_an_open_path_decides_at_once_and_shadow_stays_shadow(office: Services) -> None:
    mail(office, referral(1))
    decide_all(office)
    assert states(office, submission) == ["processed"]
