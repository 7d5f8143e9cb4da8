"""A person's word about an inquiry's follow-up: stop, pause, go on."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from jobs.desk import follow_up_word
from webapp.accounts.users import only, services
from webapp.desk.views import viewer

blueprint = Blueprint("follow_up", __name__, url_prefix="/desk/inquiries/<inquiry_id>/follow-up")
blueprint.before_request(only("admin", "consultant", "broker"))


@blueprint.post("/stop")
def stop(inquiry_id: str) -> ResponseReturnValue:
    """Nobody follows up any more."""
    done = follow_up_word.stop(services(), viewer(), inquiry_id)
    return _back(inquiry_id, done, "Stopped. What was planned is closed in the CRM.")


@blueprint.post("/go-on")
def go_on(inquiry_id: str) -> ResponseReturnValue:
    """Follow up again."""
    done = follow_up_word.go_on(services(), viewer(), inquiry_id)
    return _back(inquiry_id, done, "It is followed up again.")


@blueprint.post("/pause")
def pause(inquiry_id: str) -> ResponseReturnValue:
    """Nothing before a day."""
    try:
        until = date.fromisoformat(request.form.get("until", ""))
    except ValueError:
        until = date.min
    if not follow_up_word.pause(services(), viewer(), inquiry_id, until):
        flash("Choose a day from tomorrow on, at most a year ahead.")
        return redirect(url_for("desk.inquiry", inquiry_id=inquiry_id), code=303)
    return _back(inquiry_id, True, f"Paused until {until:%Y-%m-%d}.")


def _back(inquiry_id: str, done: bool, said: str) -> ResponseReturnValue:
    if not done:
        abort(404)
    flash(said)
    return redirect(url_for("desk.inquiry", inquiry_id=inquiry_id), code=303)
