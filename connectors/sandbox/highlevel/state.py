"""Everything one sandbox sub-account ("location") holds, behind one lock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.delayed_index import DelayedIndex
from connectors.sandbox.highlevel.attachments import Attachments, Note, Task
from connectors.sandbox.highlevel.contact import Contact
from connectors.sandbox.highlevel.contacts import Contacts
from connectors.sandbox.highlevel.custom_fields import CustomFields
from connectors.sandbox.highlevel.events import Events
from connectors.sandbox.highlevel.ids import IdMaker
from connectors.sandbox.highlevel.oauth import OAuth
from connectors.sandbox.highlevel.opportunity import Opportunities, Opportunity
from connectors.sandbox.highlevel.options import SandboxOptions
from connectors.sandbox.highlevel.pipelines import Pipelines
from connectors.sandbox.highlevel.showing import counts, linked, records, snapshot
from connectors.sandbox.highlevel.tags import TagCatalogue
from connectors.sandbox.highlevel.users import Users
from connectors.sandbox.highlevel.webhooks import WebhookSender
from connectors.sandbox.highlevel.workflows import Workflows


class LocationState:
    """The sub-account. Hold `lock` while reading or writing from a thread of your own.

    clock gives epoch seconds; options may be replaced at any time (see `configure`).
    """

    def __init__(self, options: SandboxOptions, clock: Callable[[], float]) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.options = options
        self.webhooks = WebhookSender(lambda: self.options.webhook_url, options.webhook_pauses)
        self.reset()

    def reset(self) -> None:
        """Back to a sub-account nobody has used: the users, pipelines and workflows of the options."""
        with self.lock:
            options, now = self.options, self.clock()
            self.ids = IdMaker(options.seed)
            self._begin_records()
            self.oauth = OAuth(self.ids, self.clock, lambda: self.options)
            self.events = Events(self.ids, self.clock, options.location_id, self.webhooks.send)
            self.users = Users(self.ids, options.location_id)
            for user in options.users:
                self.users.add(user)
            self.pipelines = Pipelines(self.ids)
            for pipeline in options.pipelines:
                self.pipelines.add(pipeline)
            self.workflows = Workflows(self.ids)
            for workflow in options.workflows:
                self.workflows.add(workflow, now)

    def _begin_records(self) -> None:
        self.contacts = Contacts()
        self.opportunities = Opportunities()
        self.tasks: Attachments[Task] = Attachments("Task")
        self.notes: Attachments[Note] = Attachments("Note")
        self.fields = CustomFields(self.ids)
        self.tags = TagCatalogue(self.ids)
        self.triggers: list[JsonObject] = []

        def delay() -> float:
            return self.options.search_delay

        self.contact_index: DelayedIndex[JsonObject] = DelayedIndex(self.clock, delay, _contact_terms)
        self.opportunity_index: DelayedIndex[JsonObject] = DelayedIndex(self.clock, delay, _opportunity_terms)

    def configure(self, changes: Mapping[str, Any]) -> None:
        """Change options by name. Raises: OptionsError."""
        with self.lock:
            self.options = self.options.changed(changes)

    def saved(self, contact: Contact) -> JsonObject:
        """A contact was made or changed: index it. Its JSON."""
        contact.updated = self.clock()
        self.contacts.put(contact)
        document = contact.json(self.options.location_id)
        self.contact_index.schedule(contact.id, document)
        return document

    def opportunity_saved(self, one: Opportunity) -> None:
        """An opportunity was made or changed: index it."""
        one.updated = self.clock()
        contact = self.contacts.get(one.contact_id)
        self.opportunity_index.schedule(one.id, one.json(contact, self.options.location_id, searched=True))

    def records(self, kind: str) -> dict[str, JsonObject]:
        """Id → record of every live "contacts", "opportunities", "tasks" or "notes", for tests and demos.

        As the API shows them, but customFields is a plain object by field key ("contact.loan_amount").
        """
        with self.lock:
            return records(self, kind)

    def linked(self, kind: str, record_id: str, to: str) -> list[str]:
        """Ids of the live `to` records that belong to a record: linked("contacts", id, "tasks")."""
        with self.lock:
            return linked(self, kind, record_id, to)

    def counts(self) -> dict[str, int]:
        """Live records per kind."""
        with self.lock:
            return counts(self)

    def snapshot(self, kind: str | None = None) -> JsonObject:
        """Kind → every record; also what people set up there, enrolments and tag triggers."""
        with self.lock:
            return snapshot(self, kind)


def _contact_terms(name: str, document: JsonObject) -> Iterator[str]:
    if name == "email":
        yield from (one["email"].lower() for one in document.get("additionalEmails", ()))
    if isinstance(value := document.get(name), str) and value:
        yield value.lower()


def _opportunity_terms(name: str, document: JsonObject) -> Iterator[str]:
    if isinstance(value := document.get(name), str) and value:
        yield value
