"""What this org has (objects, fields, stages, users), read in one call and remembered for a while."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.crm.base import AuthFailed, PipelineSpec, Rejected
from connectors.crm.remembered import Remembered
from connectors.crm.salesforce.describe import ObjectInfo, read_object
from connectors.crm.salesforce.errors import from_part
from connectors.crm.salesforce.failures import Gone
from connectors.crm.salesforce.modes import Mode
from connectors.crm.salesforce.queries import parts_of, status_of
from connectors.crm.salesforce.rows import Row, rows_of, same_id
from connectors.crm.salesforce.soql import encoded
from connectors.crm.salesforce.transport import Transport

ROLE = "OpportunityContactRole"
_USERS = "SELECT Id, Email, TimeZoneSidKey FROM User WHERE IsActive = true ORDER BY Id"
_QUEUES = "SELECT Id, DeveloperName, Email FROM Group WHERE Type = 'Queue' ORDER BY Id"
_PERSON_TYPE = (
    "SELECT Id FROM RecordType WHERE SobjectType = 'Account' AND IsPersonType = true AND IsActive = true "
    "ORDER BY Id"
)


@dataclass(frozen=True, slots=True)
class Owner:
    """A user or, for leads, a queue; zone is the user's IANA time zone, "" for a queue."""

    id: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """What was read. owners are by lower-cased email; person_type is the record type of person accounts."""

    objects: Mapping[str, ObjectInfo]
    owners: Mapping[str, Owner]
    person_type: str = ""

    def info(self, name: str) -> ObjectInfo:
        """An object's describe. Raises AuthFailed when the integration user may not see the object."""
        found = self.objects.get(name)
        if found is None:
            raise AuthFailed(
                f"The integration user has no access to Salesforce's {name}.",
                remedy=f"Give it read, create and edit permission on {name} in Salesforce.",
            )
        return found


class Directory:
    """The book of one org, shared by all deliveries and read anew every 15 minutes."""

    def __init__(self, transport: Transport, mode: Mode, clock: Callable[[], float]) -> None:
        self._transport = transport
        self._mode = mode
        self._book = Remembered(self._load, clock)

    def book(self, *, fresh: bool = False) -> Book:
        """The book, read now when it is not there, too old, or wanted fresh. Raises a CrmError."""
        return self._book.get(fresh=fresh)

    def forget(self) -> None:
        """Look again on next need: Salesforce refused something that was remembered."""
        self._book.forget()

    def _load(self) -> Book:
        objects = list(dict.fromkeys((self._mode.person, self._mode.deal, "Task")))
        if not self._mode.one_record:
            objects.append(ROLE)
        queries = {"users": _USERS}
        queries |= {"queues": _QUEUES} if self._mode.one_record else {}
        queries |= {"person_types": _PERSON_TYPE} if self._mode.name == "person_account" else {}
        paths = {name: f"sobjects/{name}/describe" for name in objects}
        paths |= {name: f"query/?q={encoded(statement)}" for name, statement in queries.items()}
        bodies = self._read(paths)
        found = {name: read_object(bodies[name]) for name in objects if isinstance(bodies[name], dict)}
        owners = self._owners(bodies["users"]) | _queues(rows_of(bodies.get("queues") or {"records": []}))
        types = rows_of(bodies.get("person_types") or {"records": []})
        return Book(found, owners, types[0].id if types else "")

    def _read(self, paths: Mapping[str, str]) -> dict[str, Any]:
        """The bodies by name; None for an object that the user may not see."""
        parts = [
            {"method": "GET", "url": f"{self._transport.root}/{path}", "referenceId": name}
            for name, path in paths.items()
        ]
        answer = self._transport.read("composite", {"allOrNone": False, "compositeRequest": parts})
        bodies: dict[str, Any] = {}
        for name, part in zip(paths, parts_of(answer, paths), strict=True):
            bodies[name] = part.get("body") if status_of(part) == 200 else None
            if bodies[name] is None:
                problem = from_part(status_of(part), part.get("body"))
                if not isinstance(problem, Rejected | Gone) or "query/" in paths[name]:
                    raise problem
        return bodies

    def _owners(self, answer: Any) -> dict[str, Owner]:
        rows = rows_of(answer)
        while answer.get("done") is False:
            answer = self._transport.more(str(answer.get("nextRecordsUrl") or ""))
            rows += rows_of(answer)
        # Two users may share an address: the older one is meant.
        owners: dict[str, Owner] = {}
        for row in rows:
            if row.text("Email"):
                owners.setdefault(row.text("Email").lower(), Owner(row.id, row.text("TimeZoneSidKey")))
        return owners


class Names:
    """Names resolved for one delivery run: the first unknown name makes the directory look once more."""

    def __init__(self, directory: Directory, mode: Mode) -> None:
        self._directory = directory
        self._mode = mode
        self._looked_again = False

    @property
    def book(self) -> Book:
        """The org as it is known now. Raises a CrmError."""
        return self._directory.book()

    def owner(self, email: str) -> Owner:
        """The user (for leads also the queue) with this address. Raises Rejected when there is none."""
        found = self.book.owners.get(email.lower()) or self._fresh().owners.get(email.lower())
        if found is None:
            raise Rejected(
                "The owner of this record is not an active user in Salesforce.",
                field_name="OwnerId",
                remedy="Make this person an active user in Salesforce, or set another owner in the playbook.",
            )
        return found

    def known_owner(self, email: str) -> str:
        """The owner's id as far as it is known, "" when there is none: then nobody owns anything by it."""
        found = self.book.owners.get(email.lower())
        return found.id if found is not None else ""

    def zone_of(self, email: str) -> str:
        """The owner's IANA time zone as far as it is known, else ""."""
        found = self.book.owners.get(email.lower())
        return found.zone if found is not None else ""

    def owner_of(self, owner_id: str) -> str:
        """The lower-cased address of an owner's id; the id itself when no active user has it."""
        owners = self.book.owners.items()
        return next((email for email, owner in owners if same_id(owner.id, owner_id)), owner_id)

    def label_of(self, stage: str) -> str:
        """The label of a stage's value; the value itself when the org does not list it."""
        field = self.book.info(self._mode.deal).fields.get(self._mode.stage)
        options = field.options if field else ()
        return next((label for value, label in options if value == stage), stage)

    def stage(self, label: str) -> str:
        """The stage's value for its label. Raises Rejected when the org has no such stage."""
        found = self._stage_in(self.book, label) or self._stage_in(self._fresh(), label)
        if not found:
            raise Rejected(
                f'Salesforce\'s {self._mode.deal} has no stage called "{label}".',
                field_name=self._mode.stage,
                remedy=f"Add it to the picklist {self._mode.stage} in Salesforce, or map this stage to an "
                "existing one in the playbook.",
            )
        return found

    def known_stage(self, label: str) -> str:
        """The stage's value as far as it is known, "" when there is none: then no deal stands in it."""
        return self._stage_in(self.book, label)

    def _fresh(self) -> Book:
        again, self._looked_again = not self._looked_again, True
        return self._directory.book(fresh=again)

    def _stage_in(self, book: Book, label: str) -> str:
        field = book.info(self._mode.deal).fields.get(self._mode.stage)
        return (field.option(label) if field else None) or ""


def pipeline(book: Book, mode: Mode, label: str = "") -> PipelineSpec:
    """The stages as one pipeline.

    Salesforce has no pipelines, only one list of stages that sales processes narrow by record type: so any
    wanted label fits, and this one is only a name for the list.
    """
    field = book.info(mode.deal).fields.get(mode.stage)
    options = field.options if field else ()
    usual = "Lead status" if mode.one_record else "Opportunity stages"
    labels, values = tuple(label for _, label in options), tuple(value for value, _ in options)
    return PipelineSpec(label or usual, labels, id=mode.stage, stage_ids=values)


def _queues(rows: list[Row]) -> dict[str, Owner]:
    """Queues by their address and by their name."""
    named = {row.text("DeveloperName").lower(): Owner(row.id) for row in rows}
    addressed = {row.text("Email").lower(): Owner(row.id) for row in rows if row.text("Email")}
    return {name: owner for name, owner in (named | addressed).items() if name}
