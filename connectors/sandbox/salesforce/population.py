"""The rows that an org has from its first day: itself, its users, queues, record types and stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.sandbox.salesforce.objects import RecordTypeSeed
from connectors.sandbox.salesforce.people import INTEGRATION_USER, QueueSeed, UserSeed
from connectors.sandbox.salesforce.stages import CATEGORIES

if TYPE_CHECKING:
    from connectors.sandbox.salesforce.state import OrgState

_PERSON_TYPES = (
    RecordTypeSeed("Account", "Business Account", "Business_Account", default=True),
    RecordTypeSeed("Account", "Person Account", "PersonAccount", person=True),
)


def populate(org: OrgState) -> None:
    """Fill an empty org as its options say."""
    creator = add_user(org, INTEGRATION_USER)
    _insert(
        org,
        "Organization",
        creator,
        Name="Sandbox Brokerage",
        OrganizationType="Developer Edition",
        IsSandbox=False,
        InstanceName="SBX1",
        TimeZoneSidKey=org.options.time_zone,
        DefaultLocaleSidKey="en_CA",
    )
    for user in org.options.users:
        add_user(org, user)
    for queue in org.options.queues:
        add_queue(org, queue)
    _add_record_types(org, creator)
    _add_stages(org, creator)


def _add_record_types(org: OrgState, creator: str) -> None:
    seeds = (*(_PERSON_TYPES if org.options.person_accounts else ()), *org.options.record_types)
    for seed in seeds:
        person = {"IsPersonType": seed.person} if org.options.person_accounts else {}
        _insert(
            org,
            "RecordType",
            creator,
            Name=seed.name,
            DeveloperName=seed.developer_name,
            SobjectType=seed.object_name,
            IsActive=True,
            **person,
        )


def _add_stages(org: OrgState, creator: str) -> None:
    for order, stage in enumerate(org.options.stages, start=1):
        _insert(
            org,
            "OpportunityStage",
            creator,
            MasterLabel=stage.name,
            ApiName=stage.name,
            IsActive=True,
            SortOrder=order,
            IsClosed=stage.closed,
            IsWon=stage.won,
            ForecastCategoryName=stage.forecast,
            ForecastCategory=CATEGORIES[stage.forecast],
            DefaultProbability=float(stage.probability),
        )


def add_user(org: OrgState, seed: UserSeed) -> str:
    """The id of a new user, or of the one with this address, brought up to date."""
    known = next(iter(org.tables["User"].holders("Username", seed.email)), "")
    user_id = known or org.ids.next("005")
    name = f"{seed.first_name} {seed.last_name}".strip() or seed.email.partition("@")[0]
    return _insert(
        org,
        "User",
        user_id,
        user_id,
        Username=seed.email,
        Email=seed.email,
        FirstName=seed.first_name or None,
        LastName=seed.last_name or name,
        Name=name,
        Alias=name[:8].lower(),
        IsActive=seed.active,
        UserType="Standard",
        TimeZoneSidKey=org.options.time_zone,
    )


def add_queue(org: OrgState, seed: QueueSeed) -> str:
    """The id of a new queue."""
    creator = next(iter(org.tables["User"].live))
    queue = _insert(org, "Group", creator, Name=seed.name, DeveloperName=seed.developer_name, Type="Queue")
    for name in seed.objects:
        _insert(org, "QueueSobject", creator, QueueId=queue, SobjectType=name)
    return queue


def _insert(org: OrgState, name: str, creator: str, record_id: str = "", **values: Any) -> str:
    kind = org.schema.objects[name]
    record_id = record_id or org.ids.next(kind.prefix)
    stamps = dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), org.now)
    people = {"CreatedById": creator, "LastModifiedById": creator}
    row = {"Id": record_id, "IsDeleted": False, **stamps, **people, **values}
    org.put(name, {key: value for key, value in row.items() if value is not None})
    return record_id
