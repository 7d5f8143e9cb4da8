"""Who stands there already: by every email and phone of a borrower, and by our key."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from connectors.crm.base import Rejected, Uncertain
from connectors.crm.highlevel.contact_calls import ContactCalls, same_email, same_phone
from connectors.crm.highlevel.directory import Directory
from connectors.crm.highlevel.errors import NotThere
from connectors.crm.highlevel.names import Names
from connectors.crm.highlevel.records import KEY, Contact
from connectors.crm.people import Match, best_match
from mapping.crm.bundle import ContactRecord


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking for a borrower showed: their contact and why it is theirs, or nobody.

    proven: were there a contact of theirs, this look would have shown it. It is not when other people hold
    all their emails and phones, because then only HighLevel's lagging index could.
    """

    contact: Contact | None = None
    match: Match | None = None
    proven: bool = True


class Finder:
    """Looks borrowers up. All may raise a CrmError.

    search/duplicate reads the database but names one contact only; contacts/search lists all of them but
    lags by seconds. So the first says whether somebody is there, and the second is asked only then.
    """

    def __init__(self, calls: ContactCalls, directory: Directory, names: Names) -> None:
        self._calls = calls
        self._directory = directory
        self._names = names

    def look(self, borrower: ContactRecord, *, lost: bool = False) -> Looked:
        """The borrower's contact, judged by what tells people apart.

        lost: we knew their contact and it is gone, so somebody may have merged it into another.
        """
        key_field = self.key_field()
        found: dict[str, Contact] = {}
        free = False
        for holder in self._holders(borrower):
            if holder is None:
                free = True
                continue
            found[holder.id] = holder
            if holder.values.get(key_field) == borrower.key:
                break
        match = self._match(borrower, found)
        if found and (match is None or found[match.id].values.get(key_field) != borrower.key):
            match = self._match(borrower, self._listed(borrower) | found)
        elif not found and not free:
            # No email and no phone: only the index could know.
            match = self._match(borrower, self._listed(borrower))
        merged = next((one for one in found.values() if _absorbed(borrower, one)), None)
        if match is None and lost and merged is not None:
            return Looked(self._calls.read(merged.id), Match(merged.id, "merged in HighLevel"))
        return self._judged(borrower, match, named=found.keys(), proven=free)

    def doubles(self, borrower: ContactRecord, contact: Contact) -> Match | None:
        """The match of a contact that is known to be the borrower's, with whoever else matches as well."""
        return self._match(borrower, self._listed(borrower) | {contact.id: contact})

    def key_field(self) -> str:
        """The id of the custom field that carries our key. Raises Rejected before provisioning."""
        return self._names.field("contact", KEY).id

    def _holders(self, borrower: ContactRecord) -> Iterator[Contact | None]:
        """Who holds each email and phone; None where the database has nobody."""
        if not self._directory.location().duplicate_contacts:
            yield from (self._calls.holder(email=email) for email in borrower.emails)
            yield from (self._calls.holder(phone=phone) for phone in borrower.phones)
            return
        # Where duplicates are allowed one call looks for the email first and then for the phone.
        for email, phone in zip_longest(borrower.emails, borrower.phones, fillvalue=""):
            holder = self._calls.holder(email=email, phone=phone)
            yield holder
            if holder is not None and email and phone:
                by_email = any(same_email(email, theirs) for theirs in holder.emails)
                yield self._calls.holder(phone=phone) if by_email else None

    def _listed(self, borrower: ContactRecord) -> dict[str, Contact]:
        pairs = [(f"customFields.{self.key_field()}", borrower.key)]
        pairs += [("email", email.lower()) for email in borrower.emails]
        pairs += [("phone", phone) for phone in borrower.phones]
        try:
            return {contact.id: contact for contact in self._calls.search(pairs)}
        except Rejected:
            # The filters are documented by users only: without them there is less to say, not less to do.
            return {}

    def _match(self, borrower: ContactRecord, found: dict[str, Contact]) -> Match | None:
        key_field = self.key_field()
        return best_match(borrower, (contact.person(key_field) for contact in found.values()))

    def _judged(
        self, borrower: ContactRecord, match: Match | None, *, named: Container[str], proven: bool
    ) -> Looked:
        """What was found, judged again by what the database says; named are ids that it gave itself."""
        if match is None:
            return Looked(proven=proven)
        try:
            contact = self._calls.read(match.id)
        except NotThere as gone:
            if match.id in named:
                raise Uncertain("HighLevel does not know the contact that it named a moment ago.") from gone
            return Looked(proven=proven)
        again = self._match(borrower, {contact.id: contact})
        return Looked(contact, match, proven=True) if again is not None else Looked(proven=proven)


def _absorbed(borrower: ContactRecord, contact: Contact) -> bool:
    """Whether a contact took over the borrower's email or phone as a second one, as a merge leaves it."""
    emails = any(same_email(ours, theirs) for ours in borrower.emails for theirs in contact.emails[1:])
    return emails or any(
        same_phone(ours, theirs) for ours in borrower.phones for theirs in contact.phones[1:]
    )
