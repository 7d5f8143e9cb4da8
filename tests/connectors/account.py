"""A CRM account as the contract sees it: its words, its abilities, what people do there, what goes wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from connectors.crm.base import Crm, Receipt
from mapping.crm.bundle import Bundle, ContactRecord, DealRecord
from tests.connectors.bundles import Links, work

Properties = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """What the CRM calls the fields that the tests write: the tests' name → the CRM's property name.

    contact: first_name, last_name, email, phone, city; opted_out only where a mapping can write it.
    deal: amount (money), need (an enumeration with the options purchase and pre_approval), value (a number).
    A name that is not here is written as it is, so that a test can name a property that does not exist.
    """

    contact: Mapping[str, str]
    deal: Mapping[str, str]

    def bundle(self, bundle: Bundle) -> Bundle:
        """The bundle as a playbook for this CRM would have compiled it."""
        deal = bundle.deal
        return replace(
            bundle,
            contacts=tuple(map(self.borrower, bundle.contacts)),
            deal=self.inquiry(deal) if deal is not None else None,
        )

    def borrower(self, contact: ContactRecord) -> ContactRecord:
        """The contact under the CRM's property names."""
        return replace(
            contact,
            fields={self.contact.get(name, name): value for name, value in contact.fields.items()},
            overwrite=frozenset(self.contact.get(name, name) for name in contact.overwrite),
        )

    def inquiry(self, deal: DealRecord) -> DealRecord:
        """The deal under the CRM's property names."""
        return replace(
            deal,
            fields={self.deal.get(name, name): value for name, value in deal.fields.items()},
            overwrite=frozenset(self.deal.get(name, name) for name in deal.overwrite),
        )


@dataclass(frozen=True, slots=True)
class Abilities:
    """Where the CRMs themselves differ; the defaults are HubSpot's.

    deal_contacts: a deal can belong to all its borrowers, or only to the first of them.
    deal_is_contact: one record is both (a Salesforce lead); a borrower's next inquiry is the same record.
    deals_per_contact: "one" where the CRM takes one open deal per contact and pipeline.
    task_on_deal: a task can hang on the deal besides the contact.
    unique_email: the CRM takes one contact per email, so that a spouse gets it as a shared email.
    deal_moves: a deal, and a task, can go from one contact to another.
    refused: a field and a value in it that the CRM itself refuses.
    calls_per_inquiry, calls_per_row: the budget for one live inquiry, and for each row of a backlog.
    """

    deal_contacts: Literal["all", "first"] = "all"
    deal_is_contact: bool = False
    deals_per_contact: Literal["many", "one"] = "many"
    task_on_deal: bool = True
    unique_email: bool = True
    deal_moves: bool = True
    refused: tuple[str, str] = ("email", "not an email")
    calls_per_inquiry: int = 4
    calls_per_row: float = 0.06


class Account(Protocol):
    """The vendor's side. Readers and people's deeds use the tests' names of Words.

    Records read back as text under those names (numbers without trailing zeros, nothing for a blank), and may
    carry the CRM's own names besides. Contacts also have owner (lower-cased email); deals have name, stage
    (the label) and owner; tasks have subject, body and owner.
    """

    @property
    def words(self) -> Words:
        """What this CRM calls the fields."""

    @property
    def abilities(self) -> Abilities:
        """What this CRM can do."""

    def contacts(self) -> Mapping[str, Properties]:
        """Live contacts by id."""

    def deals(self) -> Mapping[str, Properties]:
        """Live deals by id (the same records as contacts() where deal_is_contact)."""

    def tasks(self) -> Mapping[str, Properties]:
        """Live tasks by id."""

    def contacts_of_deal(self, deal_id: str) -> set[str]:
        """Contacts a deal belongs to."""

    def records_of_task(self, task_id: str) -> set[str]:
        """Contacts and deals a task belongs to."""

    def add_contact(self, properties: Properties) -> str:
        """A person adds a contact."""

    def edit_contact(self, contact_id: str, properties: Properties) -> None:
        """A person edits a contact; owner is an email."""

    def edit_deal(self, deal_id: str, properties: Properties) -> None:
        """A person edits a deal; owner is an email, stage a label."""

    def finish_task(self, task_id: str) -> None:
        """A person ticks a task off."""

    def done(self, task_id: str) -> bool:
        """Whether a task is ticked off."""

    def give_task(self, task_id: str, owner: str) -> None:
        """A person gives a task to somebody else, named by an email."""

    def move_task(self, task_id: str, due_at: datetime) -> None:
        """A person sets another date for a task."""

    def words_of(self, task_id: str) -> str:
        """The text of a task there, with our reference."""

    def rewrite_task(self, task_id: str, words: str) -> None:
        """A person changes the text of a task."""

    def due(self, task_id: str) -> datetime:
        """When a task is due there; for Salesforce when its reminder goes off."""

    def close_deal(self, deal_id: str, *, won: bool = False) -> None:
        """A person brings a deal to its end; where deal_is_contact it is won either way."""

    def opt_out(self, contact_id: str) -> None:
        """The contact wants no more email."""

    def opted_out(self, contact_id: str) -> bool:
        """Whether the CRM still knows that."""

    def delete_contact(self, contact_id: str) -> None:
        """A person deletes a contact."""

    def delete_deal(self, deal_id: str) -> None:
        """A person deletes a deal."""

    def merge_contacts(self, kept: str, absorbed: str) -> str:
        """A person merges two contacts; the id of what remains."""

    def fail(self, kind: str, *, nth: int = 1, times: int | None = None) -> None:
        """From the nth call on (times calls, None: all) go wrong.

        kind: unauthorized, forbidden (a scope is missing), rate_limited, daily_limit, error_after,
        reset_before, reset_after, timeout_after, garbage, cut_answer; the "after" ones and cut_answer are
        carried out before they go wrong.
        """

    def order(self, rule: Mapping[str, object], *, nth: int = 1, times: int | None = None) -> None:
        """From the nth call on (times calls, None: all) this fault of the sandbox happens."""

    def heal(self) -> None:
        """Nothing goes wrong any more."""


def deliver(
    crm: Crm, account: Account, *bundles: Bundle, links: Links | None = None, look_first: bool = False
) -> Sequence[Receipt]:
    """Deliver bundles under the CRM's own property names."""
    return crm.deliver(work(*map(account.words.bundle, bundles), links=links, look_first=look_first))


def all_ok(receipts: Sequence[Receipt]) -> bool:
    """Whether every bundle was delivered."""
    return all(receipt.error is None for receipt in receipts)


def counts(account: Account) -> tuple[int, int, int]:
    """How many contacts, deals and tasks stand there."""
    return len(account.contacts()), len(account.deals()), len(account.tasks())


def expected_counts(
    account: Account, *, people: int = 1, inquiries: int = 1, inquirers: int | None = None
) -> tuple[int, int, int]:
    """How many there are to be: inquirers is how many different people the inquiries are of (None: all)."""
    deals = inquiries
    if account.abilities.deal_is_contact:
        deals = people
    elif account.abilities.deals_per_contact == "one":
        deals = inquiries if inquirers is None else inquirers
    return people, deals, inquiries


def assert_one_of_each(account: Account) -> None:
    """One contact, one deal, one task."""
    assert counts(account) == expected_counts(account)
