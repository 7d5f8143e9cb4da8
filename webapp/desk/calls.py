"""The page that says whom to call now."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from jobs.desk.call_list import call_list
from webapp.accounts.users import me, only, services
from webapp.desk.views import viewer

blueprint = Blueprint("calls", __name__, url_prefix="/desk/calls")
blueprint.before_request(only("admin", "consultant", "broker"))


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Everybody's calls or one owner's; a broker sees their own."""
    team = services().playbook.team
    known = {member.email.lower(): member for member in team}
    own = known.get(me().email)
    asked = known.get(request.args.get("owner", "").lower())
    calls = call_list(services(), viewer(), asked.email if asked else "")
    everybody = me().role != "broker"
    return render_template(
        "desk/calls.html", calls=calls, team=team, own=own, asked=asked, everybody=everybody
    )
