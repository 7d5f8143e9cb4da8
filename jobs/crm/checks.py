"""Asking a CRM whether it is ready for the playbook, and remembering for a while what it answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from connectors.crm.base import CheckReport, CrmError
from jobs.crm.needs import lacking

if TYPE_CHECKING:
    from connectors.crm.base import Crm
    from jobs.services import Services

#: A page shows an answer this old; a path goes live on a new one only.
FRESH = timedelta(minutes=5)
_answered: WeakKeyDictionary[Crm, Checked] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Checked:
    """One account as it was found; report is None when it could not be asked."""

    at: datetime
    report: CheckReport | None
    problems: tuple[str, ...]


def check_crm(services: Services, name: str) -> Checked:
    """Ask the CRM now. Raises KeyError for one that is not configured, never a CrmError."""
    report, problems = _examined(services, name)
    checked = Checked(services.now(), report, problems)
    _answered[services.crms[name]] = checked
    return checked


def last_check(services: Services, name: str) -> Checked | None:
    """What the CRM answered this process last, if that is still worth something."""
    crm = services.crms.get(name)
    checked = _answered.get(crm) if crm is not None else None
    if checked is None or not timedelta(0) <= services.now() - checked.at <= FRESH:
        return None
    return checked


def _examined(services: Services, name: str) -> tuple[CheckReport | None, tuple[str, ...]]:
    crm, mapping = services.crms[name], services.settings.crms[name].mapping
    if mapping not in services.playbook.crm:
        return None, (f"The playbook has no section [crm.{mapping}]: add it, as a shipped playbook shows.",)
    try:
        report = crm.check()
        if not report.ok:
            return report, report.problems
        schema = crm.schema()
    except CrmError as error:
        return None, (f"{error} {error.remedy}".rstrip(),)
    needs = lacking(services.playbook, mapping, crm, schema, report.required)
    return report, (*report.problems, *needs)
