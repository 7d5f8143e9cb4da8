"""Who may do what: owners, the token's scopes, the account's details and its daily use."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from connectors.sandbox.hubspot.access import unauthorized
from connectors.sandbox.hubspot.errors import JsonObject
from connectors.sandbox.hubspot.limits import Limits
from connectors.sandbox.hubspot.web.request import flag, integer, json_body, next_page, state
from connectors.sandbox.timestamps import iso

blueprint = Blueprint("account", __name__)
LIMITS_KEY = "SANDBOX_LIMITS"
APP_ID, USER_ID = 5_000_001, 9_000_001


def limits() -> Limits:
    """The counters of this account's calls."""
    return cast(Limits, current_app.config[LIMITS_KEY])


@blueprint.get("/crm/v3/owners", strict_slashes=False)
@blueprint.get("/crm/v3/owners/", strict_slashes=False)
def list_owners() -> ResponseReturnValue:
    """Owners, 100 a page by default, 500 at most; ?email= finds one."""
    found = state().owners.list(request.args.get("email", ""), archived=flag("archived"))
    after, limit = integer("after", 0, 10**9), integer("limit", 100, 500)
    answer: JsonObject = {"results": [owner.json() for owner in found[after : after + limit]]}
    if after + limit < len(found):
        answer["paging"] = next_page(str(after + limit))
    return answer


@blueprint.get("/crm/v3/owners/<owner_id>")
def get_owner(owner_id: str) -> ResponseReturnValue:
    """One owner by id, or by userId with ?idProperty=userId."""
    id_property = request.args.get("idProperty", "id")
    return state().owners.get(owner_id, id_property, archived=flag("archived")).json()


@blueprint.post("/oauth/v2/private-apps/get/access-token-info")
def token_info() -> ResponseReturnValue:
    """What the token in the body may do."""
    options = state().options
    given = str(json_body().get("tokenKey", ""))
    if not options.token_accepted or not hmac.compare_digest(given.encode(), options.token.encode()):
        raise unauthorized()
    scopes = sorted(options.scopes)
    return {"userId": USER_ID, "hubId": options.portal_id, "appId": APP_ID, "scopes": scopes}


@blueprint.get("/account-info/v3/details")
def details() -> ResponseReturnValue:
    """The account: id, kind, time zone, currency."""
    options = state().options
    local = datetime.fromtimestamp(state().clock(), UTC).astimezone(ZoneInfo(options.time_zone))
    offset = local.utcoffset()
    seconds = int(offset.total_seconds()) if offset else 0
    return {
        "portalId": options.portal_id,
        "accountType": "STANDARD",
        "timeZone": options.time_zone,
        "companyCurrency": "USD",
        "additionalCurrencies": ["CAD"],
        "utcOffset": local.strftime("%z")[:3] + ":" + local.strftime("%z")[3:],
        "utcOffsetMilliseconds": seconds * 1000,
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "na1",
    }


@blueprint.get("/account-info/v3/api-usage/daily/private-apps")
def daily_usage() -> ResponseReturnValue:
    """Calls made today by all private apps, and when the count starts over."""
    used, resets_at = limits().today()
    row = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": state().options.daily_limit or 0,
        "currentUsage": used,
        "collectedAt": iso(state().clock()),
        "fetchStatus": "SUCCESS",
        "resetsAt": iso(resets_at),
    }
    return {"results": [row]}
