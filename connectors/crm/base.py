"""What every CRM connector does, and the small family of things that can go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from mapping.crm.bundle import Bundle

RecordKind = Literal["contact", "deal", "task"]
Action = Literal["created", "updated", "unchanged", "adopted"]


class CrmError(Exception):
    """Base of everything a connector reports; each subclass says what happens next.

    str(error) is a sentence for the desk: no personal data. remedy says what a person can do ("" = nothing).
    """

    code = "crm_error"

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class AuthFailed(CrmError):
    """The credentials stopped working: pause the connector, keep everything."""

    code = "auth_failed"


class RateLimited(CrmError):
    """The account is silenced until retry_after seconds have passed; burns no attempt."""

    code = "rate_limited"

    def __init__(self, message: str, *, retry_after: float, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after


class Unavailable(CrmError):
    """It certainly did not happen (refused connection, 502/503 before the work): try again later."""

    code = "unavailable"


class Uncertain(CrmError):
    """It may have happened (time-out, reset, 5xx after sending): look before repeating."""

    code = "uncertain"


class Conflict(CrmError):
    """Another record already holds the value: adopt it when it is the same person."""

    code = "conflict"

    def __init__(self, message: str, *, existing_id: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.existing_id = existing_id


class Rejected(CrmError):
    """The CRM will never take this record as it stands: a person must act."""

    code = "rejected"

    def __init__(self, message: str, *, field_name: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.field_name = field_name


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one record: a remote id and action, or an error."""

    kind: RecordKind
    key: str
    remote_id: str = ""
    action: Action | None = None
    error: CrmError | None = None
    note: str = ""  # why, in words, e.g. how an existing contact was recognised
    review: str = ""  # what a person should look at although it was delivered
    opted_out: tuple[str, ...] = ()  # channels (email, phone, sms) that the CRM says the contact has left


@dataclass(frozen=True, slots=True)
class Receipt:
    """What happened to one bundle, record by record, in the order they were attempted."""

    bundle_key: str
    outcomes: tuple[Outcome, ...]

    @property
    def error(self) -> CrmError | None:
        """The first error, if any: a receipt without one is a delivered bundle."""
        return next((o.error for o in self.outcomes if o.error is not None), None)


@dataclass(frozen=True, slots=True)
class Work:
    """One bundle to deliver, with what the ledger knows about earlier attempts.

    links maps (kind, key) to the remote id of records known to exist there. look_first is True when an
    earlier attempt had an unknown outcome: look by key or association before creating anything. earlier maps
    a contact's key to the bundle that brought it over last: what stood in it may be taken for done.
    """

    bundle: Bundle
    links: Mapping[tuple[RecordKind, str], str] = field(default_factory=dict)
    look_first: bool = False
    earlier: Mapping[str, Bundle] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """An existing contact that matches a borrower's keys."""

    remote_id: str
    properties: Mapping[str, str]
    matched_by: str  # in words: "our key", "the same email and first name", ...
    others: tuple[str, ...] = ()  # remote ids of further contacts that match: a person should review them


@dataclass(frozen=True, slots=True)
class Watched:
    """A deal and a follow-up on it, by their remote ids; contact is whom the follow-up hangs on."""

    deal: str
    task: str
    contact: str


@dataclass(frozen=True, slots=True)
class Seen:
    """How a deal and a follow-up of ours stand there now, whoever changed them.

    task: still to do, ticked off, or deleted. deal: in progress, won (a lead: converted), lost, or deleted.
    Owners are lower-cased emails, "" for nobody; of somebody who is no user there (any more) it is
    the CRM's id. stage is its label there.
    """

    task: Literal["open", "done", "gone"]
    deal: Literal["open", "won", "lost", "gone"]
    task_owner: str = ""
    owner: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Are we let in, what is missing, how much of the limit is left."""

    ok: bool
    account: str = ""
    problems: tuple[str, ...] = ()  # each a sentence with what to do
    calls_left_today: int | None = None
    calls_a_day: int | None = None
    scopes: Mapping[str, bool] = field(default_factory=dict)  # permission we need → granted
    # What the account demands of every new record, and the connector does not write by itself.
    required: Mapping[RecordKind, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A property that exists there or is wanted: a string, number, date, datetime, enumeration or bool.

    long means text that may have more than 255 characters, for vendors that keep it in another kind of field.
    """

    name: str
    label: str
    type: str
    options: tuple[str, ...] = ()  # values, for enumerations
    unique: bool = False
    description: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class PipelineSpec:
    """A pipeline with its stages by label, in order; ids are empty when wanted rather than found."""

    label: str
    stages: tuple[str, ...]
    id: str = ""
    stage_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What provisioning should make sure of: properties by record kind, and the pipeline."""

    fields: Mapping[RecordKind, tuple[FieldSpec, ...]]
    pipeline: PipelineSpec


@dataclass(frozen=True, slots=True)
class Schema:
    """What exists there."""

    fields: Mapping[RecordKind, Mapping[str, FieldSpec]]
    owners: Mapping[str, str]  # lower-cased email → owner id
    pipelines: tuple[PipelineSpec, ...]


StepState = Literal["will_create", "created", "exists", "differs", "needs_person"]


@dataclass(frozen=True, slots=True)
class ProvisionStep:
    """One line of the provisioning plan or of what was done."""

    what: str  # "contact property firstpath_key"
    state: StepState
    detail: str = ""


class Crm(Protocol):
    """The six verbs. All but deliver may raise AuthFailed, RateLimited, Unavailable or Uncertain.

    own_fields are the properties that carry our keys there: they must exist besides those of the playbook.
    batch is how many bundles this vendor takes best at once.
    """

    name: str
    own_fields: Mapping[RecordKind, tuple[FieldSpec, ...]]
    batch: int

    def check(self) -> CheckReport:
        """Are the credentials good, which scopes are missing, how much of the limit is left."""

    def schema(self) -> Schema:
        """Objects, properties, owners, pipelines and stages that exist there."""

    def provision(self, wanted: Wanted, *, dry_run: bool = False) -> tuple[ProvisionStep, ...]:
        """Create what is missing; idempotent; never deletes or changes what a person made."""

    def find(self, bundles: Sequence[Bundle]) -> Mapping[str, Found]:
        """Existing contacts, by contact key, for borrowers without a link; missing key = nobody found."""

    def look(self, watched: Sequence[Watched]) -> Sequence[Seen]:
        """How these stand there now, in order; changes nothing."""

    def deliver(self, work: Sequence[Work]) -> Sequence[Receipt]:
        """One receipt per piece of work, in order. Safe to repeat: the same bundle again changes nothing."""

    @property
    def calls(self) -> int:
        """Calls made to the vendor so far by the calling thread."""

    def record_url(self, kind: RecordKind, remote_id: str) -> str:
        """Where a person sees the record in the CRM ("" when unknown)."""

    def close(self) -> None:
        """Let go of connections."""
