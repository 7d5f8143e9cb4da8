"""What the root of the API, /limits and the list of versions answer."""

from __future__ import annotations

from connectors.sandbox.salesforce.errors import method_not_allowed
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.usage import DAY_LIMIT, Usage
from connectors.sandbox.salesforce.web.calls import Call, Reply

OLDEST, NEWEST = 31, 68
_SEASONS = ("Winter", "Spring", "Summer")


def root(org: OrgState, call: Call, host: str) -> Reply:
    """The resources of one version, and who is asking."""
    base = call.caller.base
    names = ("composite", "limits", "query", "queryAll", "sobjects", "tooling")
    identity = f"{host}/id/{org.organization_id}/{call.caller.user_id}"
    return Reply(200, {**{name: f"{base}/{name}" for name in names}, "identity": identity})


def limits(org: OrgState, usage: Usage, call: Call) -> Reply:
    """How much of the daily allowance is left."""
    if call.method != "GET":
        raise method_not_allowed(call.method, "GET,HEAD")
    most = org.options.daily_limit or DAY_LIMIT
    return Reply(
        200,
        {
            "DailyApiRequests": {"Max": most, "Remaining": max(most - usage.today(), 0)},
            "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 10_000},
            "DataStorageMB": {"Max": 1_024, "Remaining": 1_000},
            "FileStorageMB": {"Max": 1_024, "Remaining": 1_024},
        },
    )


def versions() -> list[dict[str, str]]:
    """Every version that is supported, oldest first; v59 is Winter '24."""
    found = []
    for number in range(OLDEST, NEWEST + 1):
        year, season = divmod(number - 59 + 24 * 3, 3)
        label = f"{_SEASONS[season]} '{year}"
        found.append({"label": label, "url": f"/services/data/v{number}.0", "version": f"{number}.0"})
    return found
