"""The pages and buttons of admins and consultants: sync errors, quarantine, connections."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.desk import actions
from jobs.desk.connections import connections as both_ends
from jobs.desk.quarantine import Wanted, list_quarantined, set_aside
from jobs.desk.reasons import reason_of
from jobs.desk.sync_errors import sync_errors
from webapp.accounts.users import me, only, services

blueprint = Blueprint("operations", __name__, url_prefix="/desk")
blueprint.before_request(only("admin", "consultant"))


def _back(default: str) -> ResponseReturnValue:
    """To the page the button was on; only to one of the desk's."""
    target = request.form.get("back", "")
    inside = target.startswith("/desk/") and "\\" not in target
    return redirect(target if inside else url_for(default), code=303)


@blueprint.get("/errors")
def errors() -> ResponseReturnValue:
    """Sync errors by reason, and the CRMs that are stopped."""
    return render_template("desk/errors.html", found=sync_errors(services()))


@blueprint.post("/errors/retry")
def retry_group() -> ResponseReturnValue:
    """Try all of one group again."""
    form = request.form
    count = actions.retry_group(
        services(), form.get("crm", ""), form.get("code", ""), form.get("error", ""), me().id
    )
    rest = " Press again for the rest." if count == actions.GROUP else ""
    flash(
        f"{count} will be tried again now.{rest}" if count else "Nothing of this group is left to try again."
    )
    return _back("operations.errors")


@blueprint.post("/deliveries/<delivery_id>/retry")
def retry_delivery(delivery_id: str) -> ResponseReturnValue:
    """Try one delivery again."""
    again = actions.retry_delivery(services(), delivery_id, me().id)
    flash("It will be tried again now." if again else "It is delivered, or being delivered right now.")
    return _back("operations.errors")


@blueprint.post("/crms/<name>/resume")
def resume_crm(name: str) -> ResponseReturnValue:
    """Try a stopped CRM now."""
    resumed = actions.resume_crm(services(), name, me().id)
    flash("The CRM is tried again now." if resumed else "This CRM is not stopped.")
    return _back("operations.errors")


@blueprint.get("/quarantine")
def quarantine() -> ResponseReturnValue:
    """Submissions set aside for a person."""
    asked = request.args
    wanted = Wanted(asked.get("path", "")[:64], asked.get("reason", "")[:64])
    page = list_quarantined(services(), asked.get("before", "")[:26], wanted)
    return render_template("desk/quarantine.html", page=page, wanted=wanted, reason_of=reason_of)


@blueprint.post("/quarantine/discard")
def discard_group() -> ResponseReturnValue:
    """Discard all that wait for one reason, on one path or on all."""
    path, code = request.form.get("path", ""), request.form.get("reason", "")
    if not code:
        abort(400)
    count = actions.discard_group(services(), path, code, me().id)
    rest = " Press again for the rest." if count == actions.GROUP else ""
    flash(f"{count} discarded.{rest}" if count else "Nothing of this waits any more.")
    return redirect(url_for("operations.quarantine", path=path or None), code=303)


@blueprint.get("/quarantine/<submission_id>")
def submission(submission_id: str) -> ResponseReturnValue:
    """One of them, as it arrived."""
    found = set_aside(services(), submission_id)
    if found is None:
        abort(404)
    return render_template("desk/submission.html", found=found)


@blueprint.post("/quarantine/<submission_id>/accept")
def accept(submission_id: str) -> ResponseReturnValue:
    """Process it on this person's word that it is genuine."""
    done = actions.accept_submission(services(), submission_id, me().id)
    flash("It was accepted and is processed now." if done else "It is not in quarantine any more.")
    return redirect(url_for("operations.submission", submission_id=submission_id), code=303)


@blueprint.post("/quarantine/<submission_id>/replay")
def replay(submission_id: str) -> ResponseReturnValue:
    """Process it again."""
    done = actions.replay_submission(services(), submission_id, me().id)
    flash("It is processed again now." if done else "It is not in quarantine any more.")
    return redirect(url_for("operations.submission", submission_id=submission_id), code=303)


@blueprint.post("/quarantine/<submission_id>/discard")
def discard(submission_id: str) -> ResponseReturnValue:
    """Take it off the list for good."""
    done = actions.discard_submission(services(), submission_id, me().id)
    flash("It was discarded." if done else "It is not in quarantine any more.")
    return redirect(url_for("operations.quarantine"), code=303)


@blueprint.get("/connections")
def connections() -> ResponseReturnValue:
    """The ways in and the CRMs."""
    intake = f"{services().settings.server.public_url}/in/"
    return render_template("desk/connections.html", found=both_ends(services()), intake=intake)


@blueprint.post("/inboxes/<path>/try")
def try_inbox(path: str) -> ResponseReturnValue:
    """Try a stopped inbox now."""
    tried = actions.try_inbox(services(), path, me().id)
    flash("The inbox is tried again now; look again in a few seconds." if tried else "It is not stopped.")
    return redirect(url_for("operations.connections"), code=303)


@blueprint.post("/alerts/<alert_id>/acknowledge")
def acknowledge(alert_id: str) -> ResponseReturnValue:
    """Close an alert."""
    actions.acknowledge_alert(services(), alert_id, me().id)
    return _back("desk.inquiries")
