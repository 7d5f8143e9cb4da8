"""Everything that can be set, read once at the start and never changed after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Records = Literal["contact", "lead", "person_account"]
PathState = Literal["draft", "shadow", "live", "paused"]


@dataclass(frozen=True, slots=True)
class BrokerageSettings:
    """Whose inquiries these are; decides how phones, money and dates are read."""

    name: str
    country: str  # US or CA
    timezone: str  # IANA
    date_order: str  # MDY, DMY or YMD


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where the web server listens and how it is reached."""

    host: str
    port: int
    public_url: str  # without a slash at the end
    threads: int
    trusted_proxies: int  # how many X-Forwarded-For entries are our own proxies'
    secure_cookies: bool


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """The database: a SQLAlchemy URL, absolute for SQLite, with the psycopg driver for PostgreSQL."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """Who wakes the workers up: Redis, or threads of this process when redis_url is empty."""

    redis_url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WorkSettings:
    """How deliveries are worked off."""

    deliver_threads: int
    lease_seconds: int
    sweep_seconds: int


@dataclass(frozen=True, slots=True)
class PlaybookSettings:
    """Where the playbook is: a file, or the name of a shipped one; the other is None or ""."""

    file: Path | None
    shipped: str


@dataclass(frozen=True, slots=True)
class Secrets:
    """The keys of this installation; the first of several signs or encrypts, all of them read."""

    signing_keys: tuple[str, ...] = field(repr=False)
    encryption_keys: tuple[tuple[str, bytes], ...] = field(repr=False)  # (key id, 32 bytes)
    lookup_key: bytes = field(repr=False)  # 32 bytes, for keyed hashes


@dataclass(frozen=True, slots=True)
class CrmSettings:
    """One CRM account.

    secrets are those of its login by the end of their name ("TOKEN"); each gives the present value, read
    again every few seconds, and raises AuthFailed while there is none.
    """

    name: str
    kind: str
    base_url: str  # without a slash at the end
    timeout_seconds: int  # for one answer
    login: str  # token, oauth, client_credentials or jwt
    client_id: str
    username: str
    api_version: str
    calls_per_10_seconds: int  # 0 = as many as come
    records: Records  # what a borrower becomes in Salesforce
    assignment_rules: bool
    closes_in_days: int
    location: str
    phase_tag: str
    workflow: str
    merge_contacts: bool  # there itself, as soon as a person says that two are one
    secrets: Mapping[str, Callable[[], str]] = field(repr=False)

    @property
    def mapping(self) -> str:
        """The name of the playbook's mapping for it: "hubspot", "salesforce", "salesforce_lead"."""
        return self.kind if self.records == "contact" else f"{self.kind}_{self.records}"


@dataclass(frozen=True, slots=True)
class FormSettings:
    """What a hosted form says and looks like.

    Heading, introduction, button and thanks are in the first language and may be ""; the form's own words
    stand for them then, and in every other language.
    """

    heading: str
    intro: str
    button: str
    brand_name: str
    colour: str  # #rrggbb
    logo_url: str
    consent_text: str
    privacy_url: str
    thank_you: str
    thank_you_url: str
    frame_ancestors: tuple[str, ...]  # origins that may embed the form
    languages: tuple[str, ...]
    nmls: str
    consent_texts: Mapping[str, str] = field(default_factory=dict)  # by language, beside the first one's

    def consent_in(self, language: str) -> str:
        """What is agreed to, in a language that the form offers."""
        return self.consent_texts.get(language, self.consent_text)


@dataclass(frozen=True, slots=True)
class InboxSettings:
    """The mailbox that a path reads.

    secrets are those of its login by the end of their name ("MAIL_PASSWORD"); each gives the present value,
    read again every few seconds, and raises AuthFailed while there is none.
    """

    host: str
    port: int
    tls: bool
    username: str
    folder: str
    login: str  # password or oauth
    client_id: str
    token_url: str
    check_seconds: int
    since_days: int  # of mails that were there before the first connection
    secrets: Mapping[str, Callable[[], str]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Where an application link leads and what it asks before; page is how its own page looks."""

    portal_url: str
    portal_hosts: tuple[str, ...]  # no link ever leads to another host
    portal_urls: Mapping[str, str]  # owner's address → that owner's own portal
    ask: Literal["nothing", "contact"]
    id_parameter: str  # the name under which the portal is given the opening's id
    page: FormSettings


@dataclass(frozen=True, slots=True)
class PathSettings:
    """One intake path: how inquiries arrive, what the sender's words mean, where they go."""

    name: str
    title: str
    kind: str  # one of connectors.intake.registry.ADAPTERS
    state: PathState
    crm: tuple[str, ...]
    keys: tuple[str, ...]  # "sha256:<hex>" of each path key that is accepted
    fields: Mapping[str, str]  # sender's key or label → canonical field, "" or "ignore" to drop
    defaults: Mapping[str, str]  # canonical field → value used when nothing was answered
    form: FormSettings | None  # of a hosted form
    secret: str = field(repr=False)  # what the sender signs with; several apart by commas; "" = none
    api_token: str = field(default="", repr=False)  # for fetching what the sender's notices point to
    api_url: str = ""
    account: str = ""
    address: str = ""  # the address that the sender was given, when it is not ours: some sign it
    authserv_id: str = ""
    own_domains: tuple[str, ...] = ()
    trigger_leads_attested: bool = False
    partners: str = "any_authenticated"  # or approved_only
    attachments: str = "drop"  # or keep
    inbox: InboxSettings | None = None
    link: LinkSettings | None = None  # of an application link
    drop_folder: Path | None = None  # where files are laid that are taken in
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # the playbook's: what answers mean


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How long what arrived is kept as it arrived."""

    raw_days: int
    consent_days: int  # evidence of consent, longer than what it came with


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it. Names of CRMs and paths are those of their tables in the file."""

    file: Path
    brokerage: BrokerageSettings
    server: ServerSettings
    ledger: LedgerSettings
    queue: QueueSettings
    work: WorkSettings
    secrets: Secrets
    playbook: PlaybookSettings
    crms: Mapping[str, CrmSettings]
    paths: Mapping[str, PathSettings]
    retention: RetentionSettings
