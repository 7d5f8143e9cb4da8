"""The labels by which HubSpot tells the borrower of a deal from the co-borrowers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from connectors.crm.base import Conflict, ProvisionStep, Rejected
from connectors.crm.hubspot.directory import Directory
from connectors.crm.hubspot.errors import MissingScopes
from connectors.crm.hubspot.records import Association
from connectors.crm.hubspot.transport import Transport

DEAL_TO_CONTACT = 3  # HubSpot's association type id, seen from the new deal
BORROWER, CO_BORROWER = "Borrower", "Co-borrower"
_NAMES = {BORROWER: "firstpath_borrower", CO_BORROWER: "firstpath_co_borrower"}
_BY_HAND = (
    "Create it in HubSpot under Settings > Objects > Deals > Associations (deal to contact), or do without: "
    "contacts are then associated without a label."
)


def contacts_of(contact_ids: tuple[str, ...], labels: Mapping[str, int]) -> tuple[Association, ...]:
    """A new deal's links to its contacts, the first of them the borrower; labelled where labels exist."""
    names = [BORROWER] + [CO_BORROWER] * (len(contact_ids) - 1)
    return tuple(
        Association(contact_id, DEAL_TO_CONTACT, labels.get(name.casefold()))
        for contact_id, name in zip(contact_ids, names, strict=True)
    )


def provision(transport: Transport, directory: Directory, *, dry_run: bool) -> Iterator[ProvisionStep]:
    """Make the labels that are missing; one that a person made under the same name is used."""
    there = directory.labels(fresh=True)
    for label, name in _NAMES.items():
        what = f'association label "{label}" of contacts on deals'
        if label.casefold() in there:
            yield ProvisionStep(what, "exists")
        elif dry_run:
            yield ProvisionStep(what, "will_create")
        else:
            yield _made(what, lambda body: _create(transport, body), {"name": name, "label": label})
    if not dry_run:
        directory.labels(fresh=True)


def _create(transport: Transport, body: Mapping[str, str]) -> None:
    definitions = transport.client.crm.associations.v4.schema.definitions_api
    transport.call(definitions.create, "deals", "contacts", dict(body), ok=(200, 201))


def _made(what: str, create: Callable[[Mapping[str, str]], None], body: Mapping[str, str]) -> ProvisionStep:
    """Labels belong to paid plans, and there can be only so many: a refusal is a person's matter."""
    try:
        create(body)
    except (Rejected, Conflict, MissingScopes) as error:
        return ProvisionStep(what, "needs_person", f"{error} {_BY_HAND}")
    return ProvisionStep(what, "created")
