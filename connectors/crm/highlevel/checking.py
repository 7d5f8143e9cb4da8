"""Is HighLevel's door open: token, scopes, location, workflow, and how many calls are left."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connectors.crm.base import AuthFailed, CheckReport, Rejected
from connectors.crm.highlevel import limits
from connectors.crm.highlevel.directory import Directory
from connectors.crm.highlevel.errors import MissingScope, NotThere, TakenContact
from connectors.crm.highlevel.starting import Starts, find_workflow
from connectors.crm.highlevel.transport import Transport

_NOBODY = "firstpath-check"  # an id that no record has
_NOBODY_EMAIL = "firstpath-check@example.com"


class Checker:
    """One check. Scopes cannot be listed, so each is tried by a call that changes nothing."""

    def __init__(self, transport: Transport, directory: Directory, starts: Starts) -> None:
        self._transport = transport
        self._directory = directory
        self._starts = starts
        self._problems: list[str] = []

    def run(self) -> CheckReport:
        """What stands in the way, in plain words. Raises RateLimited, Unavailable or Uncertain."""
        try:
            scopes = {scope: self._granted(probe) for scope, probe in self._probes().items()}
        except AuthFailed as error:
            return CheckReport(ok=False, problems=(f"{error} {error.remedy}".strip(),))
        self._problems += [_lacking(scope) for scope, granted in scopes.items() if not granted]
        account, left, limit = self._account(scopes["locations.readonly"])
        if scopes["opportunities.readonly"] and not self._directory.pipelines():
            self._problems.append(
                "The location has no pipeline: make one in HighLevel under Opportunities > Pipelines; "
                "`firstpath provision` names its stages."
            )
        if scopes.get("workflows.readonly"):
            self._check_workflow()
        return CheckReport(
            ok=not self._problems,
            account=account,
            problems=tuple(self._problems),
            calls_left_today=left,
            calls_a_day=limit,
            scopes=scopes,
        )

    def _probes(self) -> Mapping[str, Callable[[], object]]:
        call, directory, location = self._transport.read, self._directory, self._directory.location_id
        query = {"locationId": location, "email": _NOBODY_EMAIL}
        fields = f"/locations/{location}/customFields/{_NOBODY}"
        probes: dict[str, Callable[[], object]] = {
            "locations.readonly": lambda: directory.location(fresh=True),
            "contacts.readonly": lambda: call("GET", "/contacts/search/duplicate", query=query),
            "contacts.write": lambda: call("PUT", f"/contacts/{_NOBODY}", body={}),
            "opportunities.readonly": lambda: directory.pipelines(fresh=True),
            "opportunities.write": lambda: call("PUT", f"/opportunities/{_NOBODY}", body={}),
            "users.readonly": lambda: directory.users(fresh=True),
            "locations/customFields.readonly": lambda: directory.fields("contact", fresh=True),
            "locations/customFields.write": lambda: call("PUT", fields, body={"name": _NOBODY}),
        }
        if self._starts.workflow:
            probes["workflows.readonly"] = lambda: directory.workflows(fresh=True)
        return probes

    def _granted(self, probe: Callable[[], object]) -> bool:
        try:
            probe()
        except MissingScope:
            return False
        except (Rejected, NotThere, TakenContact):
            return True  # the permission was there, and the record, as meant, was not
        return True

    def _account(self, readable: bool) -> tuple[str, int | None, int | None]:
        """The location in words, and the day's calls left and allowed as the last answer said."""
        if not readable:
            return "", None, None
        location = self._directory.location()
        headers = self._transport.read("GET", f"/locations/{location.id}").headers
        contacts = "allowed" if location.duplicate_contacts else "refused"
        deals = "several opportunities" if location.duplicate_opportunities else "one opportunity"
        words = f"duplicate contacts {contacts}, {deals} per contact and pipeline"
        account = f"HighLevel location {location.name or location.id} ({words})"
        return account, limits.number(headers, limits.DAY_LEFT), limits.number(headers, limits.DAY_LIMIT)

    def _check_workflow(self) -> None:
        wanted = self._starts.workflow.strip()
        found = find_workflow(self._directory.workflows(), wanted)
        if found is None:
            self._problems.append(
                f'HighLevel has no workflow with the id or name "{wanted}": correct it in the settings, or '
                "make the workflow under Automation > Workflows."
            )
        elif found.status == "draft":
            self._problems.append(
                f'The workflow "{found.name}" is a draft: publish it under Automation > Workflows.'
            )


def _lacking(scope: str) -> str:
    return (
        f"The HighLevel token lacks the scope {scope}: tick it under Settings > Private Integrations (the "
        "token stays the same), then check again."
    )
