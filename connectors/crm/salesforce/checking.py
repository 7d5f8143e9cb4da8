"""Is Salesforce's door open: the log-in, the permissions, the consent fields, and the calls left today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.crm.base import AuthFailed, CheckReport, Rejected
from connectors.crm.salesforce.directory import ROLE, Book, Directory
from connectors.crm.salesforce.modes import KEY, Mode
from connectors.crm.salesforce.queries import get_together
from connectors.crm.salesforce.rows import rows_of
from connectors.crm.salesforce.soql import encoded
from connectors.crm.salesforce.transport import Transport

_ORGANISATION = "SELECT Id, Name, InstanceName, IsSandbox FROM Organization"


def report(transport: Transport, directory: Directory, mode: Mode) -> CheckReport:
    """What stands in the way, in plain words. Raises RateLimited, Unavailable or Uncertain."""
    try:
        book = directory.book(fresh=True)
        account = _account(transport)
        left, limit = _limits(transport)
    except (AuthFailed, Rejected) as error:
        return CheckReport(ok=False, problems=(f"{error} {error.remedy}".strip(),))
    scopes = dict(_permissions(book, mode))
    problems = (*_lacking(scopes), *_fields(book, mode))
    return CheckReport(not problems, account, problems, left, limit, scopes)


def _account(transport: Transport) -> str:
    (answer,) = get_together(transport, [f"query/?q={encoded(_ORGANISATION)}"])
    rows = rows_of(answer)
    if not rows:
        return "Salesforce org"
    name, instance = rows[0].text("Name"), rows[0].text("InstanceName")
    details = ", ".join(filter(None, (instance, "sandbox" if rows[0].flag("IsSandbox") else "")))
    return f"Salesforce org {name}" + (f" ({details})" if details else "")


def _limits(transport: Transport) -> tuple[int | None, int | None]:
    """(calls left, calls a day) of the last 24 hours; None where Salesforce does not say."""
    answer: Any = transport.get("limits/")
    daily = answer.get("DailyApiRequests") if isinstance(answer, dict) else None
    daily = daily if isinstance(daily, dict) else {}
    left, limit = daily.get("Remaining"), daily.get("Max")
    return (left if isinstance(left, int) else None), (limit if isinstance(limit, int) else None)


def _permissions(book: Book, mode: Mode) -> Iterator[tuple[str, bool]]:
    """What the integration user must be allowed to do, and whether it is."""
    objects = dict.fromkeys((mode.person, mode.deal, "Task"))
    for name in objects:
        info = book.objects.get(name)
        yield f"read {name}", info is not None
        yield f"create {name}", info is not None and info.createable
        yield f"edit {name}", info is not None and info.updateable
    if not mode.one_record:
        roles = book.objects.get(ROLE)
        yield f"create {ROLE}", roles is not None and roles.createable
    for name in (mode.person, mode.deal):
        info = book.objects.get(name)
        field = info.fields.get(KEY) if info is not None else None
        yield f"edit {name}.{KEY}", field is not None and field.createable and field.updateable
    for name in ("WhoId", "Description"):
        task = book.objects.get("Task")
        yield f"edit Task.{name}", task is not None and name in task.fields and task.fields[name].createable


def _lacking(scopes: Mapping[str, bool]) -> Iterator[str]:
    for scope, granted in scopes.items():
        if granted:
            continue
        if scope.endswith(KEY):
            target = scope.removeprefix("edit ")
            yield f"The field {target} does not exist or is hidden from us: run `firstpath provision`."
        else:
            yield (
                f"The integration user may not {scope}: add this permission to its profile or permission "
                "set in Salesforce, then check again."
            )


def _fields(book: Book, mode: Mode) -> Iterator[str]:
    person = book.objects.get(mode.person)
    if person is None:
        return
    for name in mode.opt_outs:
        if name not in person.fields:
            yield (
                f"The consent field {mode.person}.{name} is hidden from the integration user, so opt-outs "
                "cannot be kept: make it visible and editable (Setup, Object Manager, field-level security)."
            )
    key = person.fields.get(KEY)
    if key is not None and not (key.external_id and key.unique):
        yield (
            f"The field {mode.person}.{KEY} is not a unique external id: tick both in its settings in "
            "Salesforce, or delete it and run `firstpath provision`."
        )
    if mode.name == "person_account" and "IsPersonAccount" not in person.fields:
        yield (
            "This org has no person accounts: enable them in Salesforce (it cannot be undone), or set "
            "records to contact or lead in the settings."
        )
