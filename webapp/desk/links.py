"""The page of application links: everybody's for staff, one's own for brokers."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.ledger.links import Link
from jobs.links import KIND, LinkProblem, address_of, create_link, disable_link, find_link, list_links
from jobs.paths.current import paths
from webapp.accounts.users import me, only, services
from webapp.desk.views import viewer
from webapp.qr import qr_svg

blueprint = Blueprint("links", __name__, url_prefix="/desk/links")
blueprint.before_request(only("admin", "consultant", "broker"))


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The links with what became of them, and the form for a new one."""
    own = viewer().owner_email
    ways = [path for path in paths(services()).values() if path.kind == KIND and path.link]
    team = [member for member in services().playbook.team if not own or member.email == own]
    return render_template(
        "desk/links.html", links=list_links(services(), own), ways=ways, team=team, own=own
    )


@blueprint.post("/")
def create() -> ResponseReturnValue:
    """A new link; a broker's belongs to the broker, whatever the form says."""
    form = request.form
    try:
        made = create_link(
            services(),
            form.get("path", ""),
            viewer().owner_email or form.get("owner", ""),
            me().id,
            partner_name=form.get("partner_name", ""),
            partner_email=form.get("partner_email", ""),
            campaign=form.get("campaign", ""),
        )
    except LinkProblem as problem:
        flash(str(problem))
    else:
        flash(f"The link is ready: {address_of(services(), made.code)}")
    return redirect(url_for("links.index"), code=303)


@blueprint.get("/<code>/qr.svg")
def qr(code: str) -> ResponseReturnValue:
    """The link's QR code, to be saved and printed."""
    link = _mine(code)
    answer = Response(qr_svg(address_of(services(), link.code)), mimetype="image/svg+xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="application-link-{link.code}.svg"'
    return answer


@blueprint.post("/<code>/disable")
def disable(code: str) -> ResponseReturnValue:
    """Close a link for good."""
    done = disable_link(services(), _mine(code).code, me().id)
    flash("The link is closed: whoever opens it is told so." if done else "The link was closed already.")
    return redirect(url_for("links.index"), code=303)


def _mine(code: str) -> Link:
    """The link, if it may be seen; somebody else's looks like one that does not exist."""
    link, own = find_link(services(), code), viewer().owner_email
    if link is None or (own and link.owner != own):
        abort(404)
    return link
