"""Brings one borrower into HighLevel: finds, adopts, updates without trampling, creates.

HighLevel's upsert is not used: it follows the location's duplicate rule, which would merge spouses who
share an inbox, and replaces tags and source. Where the location refuses duplicates, creating is itself the
look-up: the refusal names who holds the email or phone, and only then it is asked whether that is the
borrower. Where it allows them, the email and the phone are looked up before anything is made.
"""

from __future__ import annotations

from connectors.crm.base import Action, Rejected
from connectors.crm.highlevel.contact_calls import ContactCalls
from connectors.crm.highlevel.contact_writing import SHARED, Job, Standing, Writing
from connectors.crm.highlevel.directory import Directory
from connectors.crm.highlevel.earlier import news, unseen
from connectors.crm.highlevel.errors import NotThere, PermanentOptOut, TakenContact
from connectors.crm.highlevel.finding import Finder
from connectors.crm.highlevel.names import Names
from connectors.crm.highlevel.optouts import OPT_OUT_FIELDS, withdrawn
from connectors.crm.highlevel.records import KEY, SHARED_EMAIL, Contact
from connectors.crm.highlevel.settling import Settling
from connectors.crm.highlevel.values import Values
from connectors.crm.people import Match, best_match, same_person
from mapping.crm.bundle import ContactRecord


class ContactStep:
    """The contacts of one delivery run. All may raise a CrmError."""

    def __init__(
        self, calls: ContactCalls, finder: Finder, names: Names, directory: Directory, settling: Settling
    ) -> None:
        self._calls = calls
        self._finder = finder
        self._names = names
        self._directory = directory
        self._settling = settling
        self._values = Values(names, "contact")

    def deliver(self, job: Job) -> Standing:
        """Bring one borrower over."""
        writing = self._writing(job)
        if (known := self._known(writing)) is not None:
            return known
        if (linked := self._linked(job.link)) is not None:
            return self._update(writing, linked, "unchanged")
        tried = bool(job.link) or job.look_first
        if tried or self._must_look(job.borrower):
            looked = self._finder.look(job.borrower, lost=bool(job.link))
            if looked.contact is not None and looked.match is not None:
                return self._take(writing, looked.contact, looked.match)
            if tried and not looked.proven:
                self._settling.wait_out(job.borrower.key)
        return self._create(writing)

    def _writing(self, job: Job) -> Writing:
        """Everything that will be written. Raises Rejected for a field or an owner that is not there."""
        borrower = job.borrower
        mapped = {name: value for name, value in borrower.fields.items() if value.strip()}
        wanted = {name: value for name, value in mapped.items() if name not in OPT_OUT_FIELDS}
        wanted[KEY] = borrower.key
        if borrower.shared_email and not self._directory.location().duplicate_contacts:
            email = wanted.pop("email", "") or next(iter(borrower.emails), "")
            wanted |= {SHARED_EMAIL: email} if email else {}
        owner_id = self._names.owner_id(borrower.owner_email) if borrower.owner_email else ""
        self._values.body(wanted)
        left_with = self._names.known_owner(borrower.owner_from) if borrower.owner_from else ""
        return Writing(job, self._values, wanted, owner_id, withdrawn(mapped), left_with)

    def _known(self, writing: Writing) -> Standing | None:
        """A borrower of whom nothing has to be read: nothing is new, or only what the playbook may replace.

        None where the contact has to be read, also because HighLevel did not take what was sent unread.
        """
        job, new = writing.job, news(writing.job)
        if new is None or not new.blindly:
            return None
        if not new.values:
            return None if job.must_see else Standing(unseen(job), "unchanged", seen=False)
        try:
            after = self._calls.update(job.link, self._values.body(new.values))
        except (NotThere, TakenContact, PermanentOptOut):
            return None
        return writing.standing(after, "updated")

    def _must_look(self, borrower: ContactRecord) -> bool:
        """Whether creating alone would not show everybody who may be the borrower."""
        several = len(borrower.emails) > 1 or len(borrower.phones) > 1
        return several or self._directory.location().duplicate_contacts

    def _linked(self, link: str) -> Contact | None:
        """The contact we know; None when it is gone (deleted, or merged into another)."""
        if not link:
            return None
        try:
            return self._calls.read(link)
        except NotThere:
            return None

    def _take(self, writing: Writing, contact: Contact, match: Match) -> Standing:
        """A contact that was found: our own from an earlier attempt, or one to adopt."""
        writing.found(match)
        ours = contact.values.get(self._finder.key_field()) == writing.job.borrower.key
        return self._update(writing, contact, "unchanged" if ours else "adopted")

    def _create(self, writing: Writing) -> Standing:
        """Make the contact; a holder of its email or phone is adopted when that is the borrower."""
        for _ in range(len(SHARED) + 1):
            body = writing.new_body()
            try:
                contact = self._calls.create(body, self._finder.key_field())
            except TakenContact as taken:
                holder = self._calls.read(taken.existing_id)
                if self._is_borrower(writing.job.borrower, holder, taken.field):
                    return self._take(writing, *self._best(writing.job.borrower, holder))
                writing.give_up(holder, taken)
            except Rejected as refused:
                raise (_nameless() if writing.nameless else refused) from None
            else:
                writing.compare(contact, body)
                return writing.standing(contact, "created")
        raise _nameless()

    def _is_borrower(self, borrower: ContactRecord, holder: Contact, by: str) -> bool:
        person = holder.person(self._finder.key_field())
        if by == "email" and same_person(borrower, person):
            return True
        return best_match(borrower, [person]) is not None

    def _best(self, borrower: ContactRecord, holder: Contact) -> tuple[Contact, Match]:
        """The holder, or somebody who stands beside it and is the borrower even more."""
        match = self._finder.doubles(borrower, holder)
        if match is None:
            return holder, Match(holder.id, "the same email and first name")
        return (holder if match.id == holder.id else self._calls.read(match.id)), match

    def _update(self, writing: Writing, contact: Contact, action: Action) -> Standing:
        """Write what may be written; HighLevel may refuse an email or phone, or a permanent opt-out."""
        for _ in range(len(SHARED) + 2):
            body = writing.changes_of(contact)
            if not body:
                return writing.standing(contact, action)
            try:
                after = self._calls.update(contact.id, body)
            except TakenContact as taken:
                writing.give_up(self._calls.read(taken.existing_id), taken)
            except PermanentOptOut:
                writing.opt_outs = frozenset()
                writing.reviews.append(
                    f"HighLevel refused the withdrawal of consent: check contact {contact.id} there."
                )
            else:
                writing.compare(after, body)
                return writing.standing(after, "updated" if action == "unchanged" else action)
        raise Rejected(
            f"HighLevel refuses every change of contact {contact.id}.",
            remedy=f"Look at contact {contact.id} in HighLevel, and press Retry.",
        )


def _nameless() -> Rejected:
    return Rejected(
        "HighLevel takes no contact without email and phone, and other contacts hold those of this borrower.",
        field_name="email",
        remedy="Allow duplicate contacts in HighLevel under Settings > Business Profile, or give this "
        "borrower an email or phone of their own, and press Retry.",
    )
