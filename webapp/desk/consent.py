"""Buttons on an inquiry's page: the borrower wants to be left alone, or a person lifts that again."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from jobs.desk import consent
from webapp.accounts.users import me, only, services
from webapp.desk.views import viewer

blueprint = Blueprint("consent", __name__, url_prefix="/desk/inquiries/<inquiry_id>")
blueprint.before_request(only("admin", "consultant", "broker"))

_LONGEST = 500  # characters of a reason


@blueprint.post("/stop")
def stop(inquiry_id: str) -> ResponseReturnValue:
    """Close the ticked channels at once, here and in every CRM."""
    channels, words = request.form.getlist("channel"), request.form.get("words", "")[:_LONGEST]
    if not channels:
        flash("Tick what the borrower wants no more of: calls, texts or email.")
    elif not consent.stop(services(), viewer(), inquiry_id, channels, words):
        abort(404)
    else:
        flash("Closed. What was planned there is stopped, and every CRM is being told.")
    return redirect(url_for("desk.inquiry", inquiry_id=inquiry_id), code=303)


@blueprint.post("/lift")
def lift(inquiry_id: str) -> ResponseReturnValue:
    """Open one channel again, with a reason; for those who answer for it."""
    if me().role == "broker":
        abort(403)
    reason = request.form.get("reason", "")[:_LONGEST].strip()
    if not reason:
        flash("Say why it may be opened again: the reason is kept as evidence.")
    elif consent.lift(services(), viewer(), inquiry_id, request.form.get("channel", ""), reason):
        flash("Open again. Take the mark off in the CRM too: where it still stands, it closes this again.")
    else:
        flash("This channel is not closed.")
    return redirect(url_for("desk.inquiry", inquiry_id=inquiry_id), code=303)
