"""Makes sure that Salesforce has the fields a playbook writes to, and that we may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from connectors.crm.base import Conflict, CrmError, FieldSpec, PipelineSpec, ProvisionStep, Rejected, Wanted
from connectors.crm.salesforce.custom_fields import (
    belongs_to_a_package,
    definition,
    difference,
    is_ours_to_make,
    missing_options,
)
from connectors.crm.salesforce.describe import Field
from connectors.crm.salesforce.directory import Book, Directory
from connectors.crm.salesforce.failures import Forbidden
from connectors.crm.salesforce.modes import Mode
from connectors.crm.salesforce.permission_set import NAME, PermissionSet
from connectors.crm.salesforce.soql import quoted, select
from connectors.crm.salesforce.transport import Transport


class Provisioner:
    """One provisioning run. Repeatable: what is there already is only looked at."""

    def __init__(self, transport: Transport, directory: Directory, mode: Mode, *, dry_run: bool) -> None:
        self._transport = transport
        self._directory = directory
        self._mode = mode
        self._permissions = PermissionSet(transport)
        self._dry_run = dry_run

    def run(self, wanted: Wanted) -> Iterator[ProvisionStep]:
        """The steps in order, each done (or, in a dry run, only planned) as it is yielded."""
        book = self._directory.book(fresh=True)
        fields = self._by_object(wanted)
        hidden = self._hidden(book, fields)
        to_grant: list[str] = []
        for target, specs in fields.items():
            for spec in specs.values():
                step = self._field(book, target, spec, hidden)
                if step.state in ("will_create", "created") or f"{target}.{spec.name}" in hidden:
                    to_grant.append(f"{target}.{spec.name}")
                yield step
        seen = book.info(self._mode.person).fields
        opt_outs = [access for field, access in self._mode.opt_out_access().items() if field not in seen]
        try:
            yield from self._access(to_grant, opt_outs)
        except (Rejected, Forbidden) as error:
            yield ProvisionStep(
                f"permission set {NAME}", "needs_person", _by_hand([*to_grant, *opt_outs], error)
            )
        yield from self._stages(book, wanted.pipeline)
        if not self._dry_run:
            self._directory.forget()

    def _by_object(self, wanted: Wanted) -> dict[str, dict[str, FieldSpec]]:
        """The wanted fields by object; in lead mode borrower and deal are one."""
        found: dict[str, dict[str, FieldSpec]] = {}
        for kind, specs in wanted.fields.items():
            for spec in specs:
                found.setdefault(self._mode.object_of(kind), {}).setdefault(spec.name, spec)
        return found

    def _hidden(self, book: Book, fields: Mapping[str, Mapping[str, FieldSpec]]) -> set[str]:
        """Custom fields that exist but that we may not see: a describe leaves them out."""
        absent = {
            target: [name for name in specs if name not in book.info(target).fields and is_ours_to_make(name)]
            for target, specs in fields.items()
        }
        objects = ", ".join(quoted(target) for target, names in absent.items() if names)
        if not objects:
            return set()
        statement = select(("DeveloperName", "TableEnumOrId"), "CustomField", f"TableEnumOrId IN ({objects})")
        try:
            answer: Any = self._transport.get("tooling/query/", {"q": statement})
        except (Rejected, Forbidden):
            return set()  # then we may not make fields either, and are told so field by field
        there = {
            f"{record.get('TableEnumOrId')}.{record.get('DeveloperName')}__c"
            for record in (answer.get("records") if isinstance(answer, dict) else None) or ()
            if isinstance(record, dict)
        }
        return {f"{target}.{name}" for target, names in absent.items() for name in names} & there

    def _field(self, book: Book, target: str, spec: FieldSpec, hidden: set[str]) -> ProvisionStep:
        what = f"{target} field {spec.name}"
        there = book.info(target).fields.get(spec.name)
        if there is not None:
            return _same_field(what, spec, there)
        if f"{target}.{spec.name}" in hidden:
            return ProvisionStep(what, "exists", "hidden from the integration user until access is granted")
        if not is_ours_to_make(spec.name):
            return ProvisionStep(what, "needs_person", _not_ours(target, spec.name))
        try:
            body = definition(target, spec)
        except ValueError as error:
            return ProvisionStep(what, "needs_person", f"{error}.")
        return self._do(what, lambda: self._transport.send("POST", "tooling/sobjects/CustomField", json=body))

    def _access(self, fields: list[str], opt_outs: list[str]) -> Iterator[ProvisionStep]:
        """The permission set, what it grants, and that our user has it.

        Salesforce hides its own opt-out fields from new users: without them no opt-out could be written.
        """
        wanted = [*fields, *opt_outs]
        what = f"permission set {NAME}"
        set_id = self._permissions.id()
        if set_id:
            yield ProvisionStep(what, "exists")
        elif wanted:
            made: list[str] = []
            yield self._do(what, lambda: made.append(self._permissions.create()))
            set_id = made[0] if made else ""
        if not wanted:
            return
        granted = self._permissions.granted(set_id) if set_id else set()
        missing = [field for field in fields if field not in granted]
        for target in dict.fromkeys(field.partition(".")[0] for field in missing):
            some = [field for field in missing if field.startswith(f"{target}.")]
            yield self._grant(set_id, some, f"access to {len(some)} {target} fields")
        if hidden := [field for field in opt_outs if field not in granted]:
            yield self._grant(set_id, hidden, "access to the opt-out fields")
        user = self._permissions.our_user()
        what = f"permission set {NAME} for the integration user"
        if set_id and self._permissions.is_assigned(set_id, user):
            yield ProvisionStep(what, "exists")
        else:
            yield self._do(what, lambda: self._permissions.assign(set_id, user), ready=bool(set_id))

    def _grant(self, set_id: str, fields: list[str], what: str) -> ProvisionStep:
        detail = ", ".join(field.partition(".")[2] for field in fields)
        return self._do(what, partial(self._permissions.grant, set_id, fields), detail, ready=bool(set_id))

    def _stages(self, book: Book, wanted: PipelineSpec) -> Iterator[ProvisionStep]:
        field = book.info(self._mode.deal).fields.get(self._mode.stage)
        name = "Lead Status" if self._mode.one_record else "Stage"
        for label in wanted.stages:
            there = field is not None and field.option(label) is not None
            what = f'{self._mode.deal} stage "{label}"'
            clicks = (
                f"Setup, Object Manager, {self._mode.deal}, Fields & Relationships, {name}, New: add "
                f'"{label}" (and to the sales process, where one is used).'
            )
            yield ProvisionStep(what, "exists") if there else ProvisionStep(what, "needs_person", clicks)

    def _do(
        self, what: str, create: Callable[[], object], detail: str = "", *, ready: bool = True
    ) -> ProvisionStep:
        """Carry out one step; what Salesforce refuses is a person's to do and stops no other step."""
        if self._dry_run:
            return ProvisionStep(what, "will_create", detail)
        if not ready:
            return ProvisionStep(what, "needs_person", f"First create the permission set {NAME}.")
        try:
            create()
        except (Rejected, Conflict, Forbidden) as error:
            return ProvisionStep(what, "needs_person", f"{error} {error.remedy}".strip())
        return ProvisionStep(what, "created", detail)


def _same_field(what: str, spec: FieldSpec, there: Field) -> ProvisionStep:
    problem = difference(spec, there)
    if problem:
        return ProvisionStep(what, "differs", problem)
    options = missing_options(spec, there)
    if options:
        listed = ", ".join(options)
        clicks = f"It is a restricted picklist without {listed}: add the values in Setup, Object Manager."
        return ProvisionStep(what, "needs_person", clicks)
    return ProvisionStep(what, "exists")


def _by_hand(fields: list[str], error: CrmError) -> str:
    return (
        f"{error} Let an administrator run `firstpath provision`, or give the integration user read and edit "
        f"access to: {', '.join(fields) or 'nothing more'}."
    )


def _not_ours(target: str, name: str) -> str:
    if belongs_to_a_package(name):
        return (
            f"{name} belongs to an installed package: install it, and give the integration user a licence "
            "and access to the field."
        )
    if name.endswith("__c"):
        return "This is not a name that Salesforce accepts for a custom field: correct the mapping."
    return (
        f"{name} is a standard field that the integration user may not see: make it visible in Setup, Object "
        f"Manager, {target}, Fields & Relationships, or correct the mapping."
    )
