"""The bundle compiler: what one inquiry becomes in one CRM, and what must exist there for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mapping.crm.bundle import Bundle, ContactRecord, DealRecord, TaskRecord
from mapping.crm.fields import humanised, properties, written
from mapping.facts import SOURCES, Facts
from mapping.follow_up.first_task import PlannedFollowUp
from mapping.identity.rules import IdentityRules
from mapping.inquiry import Inquiry, Party, Stage
from mapping.ownership.owner import OwnerDecision
from mapping.playbook.model import CrmMapping, FieldRule, Playbook

#: What the canonical names begin with that tell a CRM to leave a person alone.
OPT_OUT = "opted_out_"
#: What we said of the owner, which is another one's when the inquiry goes to the next one.
_OF_THE_OWNER = frozenset({"owner_name", "owner_reason", "first_touch_due"})


@dataclass(frozen=True, slots=True)
class BorrowerFacts:
    """A borrower as we know them across inquiries; emails and phones (E.164) with the main one first."""

    id: str
    party: Party
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    first_names: tuple[str, ...]
    shared_email: bool
    formerly: tuple[str, ...] = ()  # ids of borrowers who turned out to be this one
    opted_out: frozenset[str] = frozenset()  # channels this person asked us to leave, in whatever inquiry


@dataclass(frozen=True, slots=True)
class WantedField:
    """A property the playbook writes to: kind is contact or deal, options are an enumeration's values."""

    kind: str
    name: str
    label: str
    type: str
    options: tuple[str, ...] = ()
    description: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class WantedPipeline:
    """The pipeline that must exist, with its stages by label, in order."""

    label: str
    stages: tuple[str, ...]


def compile_bundle(
    *,
    key: str,
    inquiry: Inquiry,
    borrower: BorrowerFacts,
    co_borrower: BorrowerFacts | None,
    inquiry_id: str,
    follow_ups: Sequence[tuple[str, PlannedFollowUp]],
    decision: OwnerDecision,
    playbook: Playbook,
    crm: str,
    missing: Sequence[str],
    stage: Stage = Stage.NEW,
    moved_from: Stage | None = None,
    owner_from: str = "",
    priority: int | None = None,
) -> Bundle:
    """Compile the records for one CRM ("hubspot").

    stage is where the inquiry stands, moved_from where it stood when the CRM was last told (None: it is new
    there, or did not move). owner_from is whom the CRM was told before, where the owner changed ("" = not).
    key is the delivery's id, follow_ups pairs of our follow-up id and the plan. Raises KeyError when the
    playbook has no mapping for that CRM.
    """
    mapping = playbook.crm[crm]
    people = [borrower, co_borrower] if co_borrower is not None else [borrower]
    left = [opted_out(inquiry, borrower), *(person.opted_out for person in people[1:])]
    facts = [
        _facts(inquiry, person.party, follow_ups, decision, missing, gone, priority)
        for person, gone in zip(people, left, strict=True)
    ]
    return Bundle(
        key=key,
        contacts=tuple(
            _contact(person, about, mapping, playbook.identity, decision.owner, owner_from)
            for person, about in zip(people, facts, strict=True)
        ),
        deal=_deal(inquiry_id, facts[0], mapping, decision.owner, stage, moved_from, owner_from),
        tasks=tuple(_task(id_, planned, decision.owner, owner_from) for id_, planned in follow_ups),
        tags=(*mapping.tags, inquiry.type.value),
    )


def compile_contact(
    *,
    key: str,
    inquiry: Inquiry,
    person: BorrowerFacts,
    decision: OwnerDecision,
    playbook: Playbook,
    crm: str,
) -> Bundle:
    """One person of an inquiry alone, for a CRM that is to know something about them and nothing else.

    Raises KeyError when the playbook has no mapping for that CRM.
    """
    mapping = playbook.crm[crm]
    facts = _facts(inquiry, person.party, (), decision, (), person.opted_out, None)
    return Bundle(
        key=key, contacts=(_contact(person, facts, mapping, playbook.identity, decision.owner, ""),)
    )


def opted_out(inquiry: Inquiry, borrower: BorrowerFacts) -> frozenset[str]:
    """The channels that the borrower of an inquiry asked us to leave, in it or elsewhere."""
    return borrower.opted_out | frozenset(inquiry.consent.opted_out)


def deal_name(names: Sequence[str], facts: Facts) -> str:
    """The known ones of these canonical values: "Renata Okafor – Purchase – CA"."""
    parts = []
    for name in names:
        source = SOURCES[name]
        text = written(source.read(facts))
        parts.append(humanised(text) if source.options and text else text)
    return " – ".join(filter(None, parts)) or "Mortgage inquiry"


def wanted(playbook: Playbook, crm: str) -> tuple[tuple[WantedField, ...], WantedPipeline]:
    """What the playbook needs there before the first delivery. Raises KeyError when it has no mapping."""
    mapping = playbook.crm[crm]
    fields = (
        *(_wanted("contact", rule) for rule in mapping.contact if not rule.builtin),
        *(_wanted("deal", rule) for rule in mapping.deal if not rule.builtin),
    )
    return fields, WantedPipeline(mapping.pipeline, tuple(dict.fromkeys(mapping.stages.values())))


def _facts(
    inquiry: Inquiry,
    party: Party,
    follow_ups: Sequence[tuple[str, PlannedFollowUp]],
    decision: OwnerDecision,
    missing: Sequence[str],
    gone: frozenset[str],
    priority: int | None,
) -> Facts:
    return Facts(
        inquiry=inquiry,
        party=party,
        owner_name=decision.name,
        owner_reason=decision.because,
        first_touch_due=min((planned.due_at for _, planned in follow_ups), default=None),
        missing=tuple(missing),
        opted_out=gone,
        priority=priority,
    )


def _contact(
    person: BorrowerFacts,
    facts: Facts,
    mapping: CrmMapping,
    rules: IdentityRules,
    owner: str,
    owner_from: str,
) -> ContactRecord:
    """What is nobody's own is written, but nobody is looked for by it."""
    fields = properties(mapping.contact, facts)
    return ContactRecord(
        key=person.id,
        fields=fields,
        emails=rules.own("email", person.emails),
        phones=rules.own("phone", person.phones),
        names=person.first_names,
        last_name=person.party.last_name,
        owner_email=owner,
        overwrite=_replaceable(mapping.contact, fields, facts, handed_over=bool(owner_from)),
        shared_email=person.shared_email or rules.is_many_peoples(person.party.email),
        formerly=person.formerly,
        owner_from=owner_from,
    )


def _replaceable(
    rules: Sequence[FieldRule], fields: Mapping[str, str], facts: Facts, *, handed_over: bool
) -> frozenset[str]:
    return frozenset(
        rule.property
        for rule in rules
        if rule.property in fields
        and (rule.overwrite or _refuses(rule, facts) or (handed_over and rule.source in _OF_THE_OWNER))
    )


def _refuses(rule: FieldRule, facts: Facts) -> bool:
    """Consent taken back replaces whatever stands in the CRM; consent given never does by itself."""
    asked = rule.source in ("consent_email", "consent_phone", "consent_sms")
    said = SOURCES[rule.source].read(facts) if asked or rule.source.startswith(OPT_OUT) else None
    return said == "refused" or said is True


def _deal(
    key: str,
    facts: Facts,
    mapping: CrmMapping,
    owner: str,
    stage: Stage,
    moved_from: Stage | None,
    owner_from: str,
) -> DealRecord:
    fields = properties(mapping.deal, facts)
    return DealRecord(
        key=key,
        name=deal_name(mapping.deal_name, facts),
        pipeline=mapping.pipeline,
        stage=mapping.stages[stage],
        fields=fields,
        owner_email=owner,
        moves_from=mapping.stages[moved_from] if moved_from else "",
        overwrite=_replaceable(mapping.deal, fields, facts, handed_over=bool(owner_from)),
        owner_from=owner_from,
    )


def _task(follow_up_id: str, planned: PlannedFollowUp, owner: str, owner_from: str) -> TaskRecord:
    return TaskRecord(
        key=follow_up_id,
        subject=planned.subject,
        body=planned.body,
        due_at=planned.due_at,
        channel=planned.channel,
        priority=planned.priority,
        owner_email=planned.owner or owner,
        owner_from=planned.owner_from or owner_from,
        due_from=planned.due_from,
        body_from=planned.body_from,
    )


def _wanted(kind: str, rule: FieldRule) -> WantedField:
    return WantedField(kind, rule.property, rule.label, rule.type, rule.options, rule.description, rule.long)
