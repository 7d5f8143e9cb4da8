"""The pages everybody with an account may see; brokers see their own inquiries."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.desk.alerts import open_alerts
from jobs.desk.borrower_page import borrower_page
from jobs.desk.crm_panel import stopped_crms
from jobs.desk.follow_up_plan import without_next_date
from jobs.desk.inquiry_list import FILTERS, Filter, list_inquiries
from jobs.desk.inquiry_page import inquiry_details
from jobs.desk.viewer import Viewer
from jobs.first_touch.clock import mark_done
from webapp.accounts.users import me, only, services

blueprint = Blueprint("desk", __name__)
blueprint.before_request(only("admin", "consultant", "broker"))


@blueprint.app_context_processor
def banner() -> dict[str, object]:
    """What the desk's pages can say on top: which CRMs inquiries wait for; asked only by those pages."""
    return {"stopped_crms": lambda: stopped_crms(services())}


def viewer() -> Viewer:
    """What the logged-in person may see."""
    user = me()
    if user.role != "broker":
        return Viewer(user.id)
    # Owners are stored as the playbook spells them; accounts are lower case.
    spelled = (member.email for member in services().playbook.team if member.email.lower() == user.email)
    return Viewer(user.id, next(spelled, user.email))


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """The front door of the server."""
    return redirect(url_for("desk.inquiries"), code=303)


@blueprint.get("/desk/")
def inquiries() -> ResponseReturnValue:
    """The list, with open alerts above it."""
    asked = request.args.get("state", "all")
    which: Filter = asked if asked in FILTERS else "all"
    page = list_inquiries(services(), viewer(), which, request.args.get("before", "")[:26])
    return render_template(
        "desk/inquiries.html",
        page=page,
        which=which,
        filters=FILTERS,
        alerts=open_alerts(services(), viewer()),
        undated=without_next_date(services(), viewer()),
        first="before" not in request.args,
    )


@blueprint.get("/desk/inquiries/<inquiry_id>")
def inquiry(inquiry_id: str) -> ResponseReturnValue:
    """One inquiry; somebody else's looks like one that does not exist."""
    found = inquiry_details(services(), viewer(), inquiry_id)
    if found is None:
        abort(404)
    return render_template("desk/inquiry.html", one=found)


@blueprint.post("/desk/inquiries/<inquiry_id>/first-touch")
def first_touch_done(inquiry_id: str) -> ResponseReturnValue:
    """Somebody got in touch: the inquiry is given to nobody else."""
    if inquiry_details(services(), viewer(), inquiry_id) is None:
        abort(404)
    done = mark_done(services(), inquiry_id, me().id)
    flash(
        "Noted: it stays with its owner, and the task is ticked off in the CRM."
        if done
        else "No clock runs for it any more."
    )
    return redirect(url_for("desk.inquiry", inquiry_id=inquiry_id), code=303)


@blueprint.get("/desk/borrowers/<borrower_id>")
def borrower(borrower_id: str) -> ResponseReturnValue:
    """One borrower; one who was merged away leads to whom they are now."""
    found = borrower_page(services(), viewer(), borrower_id)
    if found is None:
        abort(404)
    if found.side.id != borrower_id:
        return redirect(url_for("desk.borrower", borrower_id=found.side.id), code=303)
    return render_template("desk/borrower.html", found=found, one=found.side)
