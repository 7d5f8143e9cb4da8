"""The partners page and the files of mails, for admins and consultants."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs import partners as partner_work
from jobs.desk.files import download
from jobs.desk.partners import STATES, list_partners
from webapp.accounts.users import me, only, services

blueprint = Blueprint("partners", __name__, url_prefix="/desk")
blueprint.before_request(only("admin", "consultant"))

_PLAIN = re.compile(r"[^A-Za-z0-9._ -]")


@blueprint.get("/partners")
def partners() -> ResponseReturnValue:
    """Who sends borrowers."""
    asked = request.args.get("state", "")
    state = asked if asked in STATES else ""
    page = list_partners(services(), state, request.args.get("before", "")[:26])
    return render_template("desk/partners.html", page=page, which=state, states=STATES)


@blueprint.post("/partners/<partner_id>/approve")
def approve(partner_id: str) -> ResponseReturnValue:
    """Trust a partner; the mails that waited are processed."""
    released = partner_work.decide(services(), partner_id, "approved", me().id)
    if released is None:
        flash("Nothing changed: the partner was approved already.")
    else:
        flash("Approved." + (f" {released} waiting mail(s) are processed now." if released else ""))
    return redirect(url_for("partners.partners"), code=303)


@blueprint.post("/partners/<partner_id>/block")
def block(partner_id: str) -> ResponseReturnValue:
    """Let a partner's mails wait in quarantine from now on."""
    done = partner_work.decide(services(), partner_id, "blocked", me().id)
    said = "Blocked. The partner's mails wait in quarantine from now on; nobody is told."
    flash(said if done is not None else "Nothing changed: the partner was blocked already.")
    return redirect(url_for("partners.partners"), code=303)


@blueprint.get("/attachments/<file_id>")
def attachment(file_id: str) -> ResponseReturnValue:
    """A file as it came, only ever to be saved: never shown by a browser, whatever it claims to be."""
    found = download(services(), file_id[:26], me().id)
    if found is None:
        abort(404)
    name, content = found
    answer = Response(content, content_type="application/octet-stream")
    plain = _PLAIN.sub("_", name) or "attachment"
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "no-store"
    return answer
