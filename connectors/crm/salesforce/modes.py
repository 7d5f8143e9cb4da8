"""The three ways to keep borrowers in Salesforce, and what differs between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from connectors.crm.base import FieldSpec, RecordKind

RecordMode = Literal["contact", "lead", "person_account"]
KEY = "Firstpath_Key__c"
OWNER = "OwnerId"
PLACEHOLDER = "(not given)"  # LastName is required; a later answer replaces this


@dataclass(frozen=True, slots=True)
class Mode:
    """Where a borrower and a deal are kept.

    person is the object of borrowers. deal is the object of deals: the same one in lead mode, where one
    record is both. stage is the deal's stage field. opt_outs are the person's consent
    fields, with the channel that each closes. reads are
    further fields that we need to know of a person; required are those no person can be created without.
    """

    name: RecordMode
    person: str
    deal: str
    stage: str
    opt_outs: Mapping[str, str]
    reads: tuple[str, ...]
    required: tuple[str, ...]

    @property
    def one_record(self) -> bool:
        """Whether borrower and deal are one record."""
        return self.person == self.deal

    def object_of(self, kind: RecordKind) -> str:
        """The object that a kind of record is kept in."""
        return {"contact": self.person, "deal": self.deal, "task": "Task"}[kind]

    def opt_out_access(self) -> Mapping[str, str]:
        """Opt-out field → the field whose access decides: a person account's is its contact's."""
        if self.name == "person_account":
            return {field: f"Contact.{field.removeprefix('Person')}" for field in self.opt_outs}
        return {field: f"{self.person}.{field}" for field in self.opt_outs}

    def own_fields(self) -> Mapping[RecordKind, tuple[FieldSpec, ...]]:
        """The fields that carry our keys."""
        person = _key("Written by Firstpath: which borrower this is. Do not edit.")
        deal = _key("Written by Firstpath: which inquiry this is. Do not edit.")
        return {"contact": (person,), "deal": () if self.one_record else (deal,)}


def _key(description: str) -> FieldSpec:
    return FieldSpec(KEY, "Firstpath key", "string", unique=True, description=description)


MODES: Mapping[RecordMode, Mode] = {
    "contact": Mode(
        name="contact",
        person="Contact",
        deal="Opportunity",
        stage="StageName",
        opt_outs={"HasOptedOutOfEmail": "email", "DoNotCall": "phone"},
        reads=("AccountId",),
        required=("LastName",),
    ),
    "lead": Mode(
        name="lead",
        person="Lead",
        deal="Lead",
        stage="Status",
        opt_outs={"HasOptedOutOfEmail": "email", "DoNotCall": "phone"},
        reads=("IsConverted", "ConvertedContactId", "ConvertedOpportunityId"),
        required=("LastName", "Company"),
    ),
    "person_account": Mode(
        name="person_account",
        person="Account",
        deal="Opportunity",
        stage="StageName",
        opt_outs={"PersonHasOptedOutOfEmail": "email", "PersonDoNotCall": "phone"},
        reads=("PersonContactId", "IsPersonAccount"),
        required=("LastName",),
    ),
}
