"""The contract, part eight: how things stand is seen, and handing over tramples nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape

import pytest

from connectors.crm.base import Crm, CrmError, Seen, Watched
from mapping.crm.bundle import Bundle
from tests.connectors.account import Account, all_ok, counts, deliver
from tests.connectors.bundles import OTHER_OWNER, OWNER, STAGES, Links, inquiry, links_in

THIRD = "priya.shah@brokerage.example.com"
WORDS = "Say:\nHi Renata, Priya here < your new loan officer & co. >"
LATER = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def handed_over(number: int = 1) -> Bundle:
    """A later bundle of inquiry IN: it, its borrower and its follow-up go from OWNER to OTHER_OWNER."""
    first = inquiry(number=number)
    assert first.deal is not None
    to = {"owner_email": OTHER_OWNER, "owner_from": OWNER}
    return replace(
        first,
        key=f"D{number}h",
        contacts=tuple(replace(one, **to) for one in first.contacts),  # type: ignore[arg-type]
        deal=replace(first.deal, **to),  # type: ignore[arg-type]
        tasks=tuple(
            replace(one, due_at=LATER, due_from=one.due_at, body=WORDS, body_from=one.body, **to)
            for one in first.tasks
        ),
    )


def watched(links: Links, number: int = 1) -> Watched:
    """What is looked at of inquiry IN."""
    return Watched(links["deal", f"I{number}"], links["task", f"F{number}"], links["contact", f"B{number}"])


def owners(account: Account, links: Links) -> tuple[str | None, ...]:
    """Who owns borrower B1, inquiry I1 and follow-up F1 there."""
    kinds = (
        (account.contacts(), "contact", "B1"),
        (account.deals(), "deal", "I1"),
        (account.tasks(), "task", "F1"),
    )
    return tuple(records[links[kind, key]].get("owner") for records, kind, key in kinds)  # type: ignore[index]


class Handing:
    """Looking at what people did, and giving an inquiry to its next owner."""

    def test_what_was_just_brought_over_is_open_and_as_we_left_it(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        before = crm.calls
        assert list(crm.look([watched(links)])) == [Seen("open", "open", OWNER, OWNER, STAGES[0])]
        assert crm.calls - before <= 2
        assert list(crm.look([])) == []

    def test_what_people_did_is_seen(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, *(inquiry(number=n) for n in range(1, 6))))
        account.finish_task(links["task", "F1"])
        account.edit_deal(links["deal", "I2"], {"owner": OTHER_OWNER, "stage": STAGES[1]})
        account.give_task(links["task", "F3"], OTHER_OWNER)
        account.close_deal(links["deal", "I4"])
        account.close_deal(links["deal", "I5"], won=True)
        done, changed, given, lost, won = crm.look([watched(links, n) for n in range(1, 6)])
        assert (done.task, done.deal) == ("done", "open")
        assert (changed.owner, changed.stage, changed.task) == (OTHER_OWNER, STAGES[1], "open")
        assert (given.task_owner, given.owner) == (OTHER_OWNER, OWNER)
        converted = account.abilities.deal_is_contact
        assert (lost.deal, lost.task) == ("won" if converted else "lost", "open")
        assert (won.deal, won.task) == ("won", "open")

    def test_what_is_gone_is_seen(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        account.delete_deal(links["deal", "I1"])
        if not account.abilities.deal_is_contact:
            account.delete_contact(links["contact", "B1"])
        (seen,) = crm.look([replace(watched(links), task=links["deal", "I1"])])
        assert (seen.task, seen.deal) == ("gone", "gone")

    def test_a_look_at_a_crm_that_fails_is_no_answer(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        account.fail("unauthorized")
        with pytest.raises(CrmError):
            crm.look([watched(links)])
        account.heal()

    def test_it_goes_to_the_next_owner_with_its_task(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        before = counts(account)
        (receipt,) = deliver(crm, account, handed_over(), links=links)
        assert receipt.error is None
        assert owners(account, links) == (OTHER_OWNER,) * 3
        assert counts(account) == before
        assert [(o.kind, o.action) for o in receipt.outcomes][-1] == ("task", "updated")
        (seen,) = crm.look([watched(links)])
        assert (seen.task_owner, seen.owner, seen.task) == (OTHER_OWNER, OTHER_OWNER, "open")

    def test_handing_over_again_changes_nothing(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        assert all_ok(deliver(crm, account, handed_over(), links=links))
        before = dict(account.contacts()), dict(account.deals()), dict(account.tasks())
        for look_first in (False, True):
            assert all_ok(deliver(crm, account, handed_over(), links=links, look_first=look_first))
        assert (dict(account.contacts()), dict(account.deals()), dict(account.tasks())) == before

    def test_an_owner_whom_a_person_chose_stays(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        account.edit_contact(links["contact", "B1"], {"owner": THIRD})
        account.edit_deal(links["deal", "I1"], {"owner": THIRD})
        account.give_task(links["task", "F1"], THIRD)
        assert all_ok(deliver(crm, account, handed_over(), links=links))
        assert owners(account, links) == (THIRD,) * 3

    def test_a_task_that_is_done_is_handed_to_nobody(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        account.finish_task(links["task", "F1"])
        assert all_ok(deliver(crm, account, handed_over(), links=links))
        assert account.tasks()[links["task", "F1"]]["owner"] == OWNER

    def test_those_of_many_are_handed_over_together(self, crm: Crm, account: Account) -> None:
        numbers = range(1, 4)
        links = links_in(deliver(crm, account, *(inquiry(number=n) for n in numbers)))
        assert all_ok(deliver(crm, account, *map(handed_over, numbers), links=links))
        assert {seen.owner for seen in crm.look([watched(links, n) for n in numbers])} == {OTHER_OWNER}
        assert len(account.tasks()) == 3

    def test_the_due_date_is_the_next_owners(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        before = account.tasks()[links["task", "F1"]]
        assert all_ok(deliver(crm, account, handed_over(), links=links))
        after = account.tasks()[links["task", "F1"]]
        changed = {name for name in after if before.get(name) != after[name]}
        assert any(name in changed for name in ("hs_timestamp", "dueDate", "ActivityDate"))
        assert account.due(links["task", "F1"]) == LATER

    def test_a_date_that_a_person_chose_stays(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        chosen = inquiry().tasks[0].due_at + timedelta(hours=3)
        account.move_task(links["task", "F1"], chosen)
        assert all_ok(deliver(crm, account, handed_over(), links=links))
        assert account.tasks()[links["task", "F1"]]["owner"] == OTHER_OWNER
        assert account.due(links["task", "F1"]) == chosen

    def test_the_words_are_the_next_owners(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        assert all_ok(deliver(crm, account, handed_over(), links=links))
        words = account.words_of(links["task", "F1"])
        assert words.startswith(WORDS)
        assert words.endswith(" F1")

    def test_a_text_that_comes_back_as_html_is_ours(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        before = account.words_of(links["task", "F1"])
        as_html = "".join(f"<p>{escape(line)}</p>" for line in before.splitlines())
        account.rewrite_task(links["task", "F1"], as_html)
        assert all_ok(deliver(crm, account, handed_over(), links=links))
        assert account.words_of(links["task", "F1"]).startswith(WORDS)

    def test_words_that_a_person_added_stay(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        noted = f"Left a voicemail at nine.\n{account.words_of(links['task', 'F1'])}"
        account.rewrite_task(links["task", "F1"], noted)
        assert all_ok(deliver(crm, account, handed_over(), links=links))
        assert account.words_of(links["task", "F1"]) == noted
        assert account.tasks()[links["task", "F1"]]["owner"] == OTHER_OWNER

    def test_an_attempt_that_came_to_nothing_is_made_good(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        assert all_ok(deliver(crm, account, handed_over(), links=links, look_first=True))
        assert owners(account, links) == (OTHER_OWNER,) * 3
        assert account.due(links["task", "F1"]) == LATER
