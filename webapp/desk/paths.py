"""The pages about intake paths: is it ready, what would be written, what its questions mean."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.crm.checks import check_crm
from jobs.desk.path_pages import list_paths, path_page
from jobs.paths.current import paths as paths_now
from jobs.paths.field_mapping import CHOICES, NoSuchField, asked_questions, set_fields
from jobs.paths.going_live import NotReady, move_path
from jobs.paths.rehearsal import LAST, rehearse
from jobs.settings.model import PathState
from mapping.canonical import CANONICAL_FIELDS
from webapp.accounts.users import me, only, services
from webapp.desk.field_groups import FIELD_GROUPS

blueprint = Blueprint("paths", __name__, url_prefix="/desk/paths")
blueprint.before_request(only("admin", "consultant"))

#: What the buttons send → (the state, what is said afterwards).
_MOVES: dict[str, tuple[PathState, str]] = {
    "shadow": (
        "shadow",
        "It is in shadow now: everything is decided and shown, nothing is written to the CRM.",
    ),
    "live": ("live", "It is live now: what arrives is written to the CRM."),
    "paused": ("paused", "It is paused: what arrives is kept and decided when it goes on."),
    "draft": ("draft", "It is a draft again: what arrives is kept and decided when it goes on."),
}


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Every path with its state."""
    return render_template("desk/paths.html", lines=list_paths(services()))


@blueprint.get("/<name>")
def path(name: str) -> ResponseReturnValue:
    """The six answers, what blocks, what arrived last, and in shadow what would be written."""
    found = path_page(services(), name)
    if found is None:
        abort(404)
    return render_template("desk/path.html", found=found, ready=found.ready, path=found.ready.path)


@blueprint.post("/<name>/move")
def move(name: str) -> ResponseReturnValue:
    """Put it into another state, if it is ready for that."""
    _known(name)
    chosen = _MOVES.get(request.form.get("state", ""))
    if chosen is None:
        abort(400)
    state, said = chosen
    try:
        moved = move_path(
            services(), name, state, me().id, with_shadowed=request.form.get("with_shadowed") == "yes"
        )
    except NotReady as error:
        flash(f"It cannot go to {state} yet: {error.reasons[0]}")
        return redirect(url_for("paths.path", name=name), code=303)
    brought = f" {moved.brought} inquiries from shadow are brought over." if moved.brought else ""
    flash(said + brought)
    return redirect(url_for("paths.path", name=name), code=303)


@blueprint.post("/<name>/check")
def check(name: str) -> ResponseReturnValue:
    """Ask the CRMs of the path whether they are ready."""
    _known(name)
    crms = [crm for crm in paths_now(services())[name].crm if crm in services().crms]
    checked = {crm: check_crm(services(), crm) for crm in crms}
    problems = sum(len(one.problems) for one in checked.values())
    flash(
        f"Checked: {problems} problem{'s' if problems != 1 else ''} found." if problems else "Checked: ready."
    )
    return redirect(url_for("paths.path", name=name), code=303)


@blueprint.get("/<name>/mapping")
def mapping(name: str) -> ResponseReturnValue:
    """What each question means."""
    _known(name)
    return _mapping_page(name, tried=False)


@blueprint.post("/<name>/mapping")
def save_mapping(name: str) -> ResponseReturnValue:
    """Save what was chosen; with "try", show what the last submissions would be now."""
    _known(name)
    asked = request.form.to_dict()
    chosen = {
        asked[f"key-{number}"]: value
        for number in _numbers(asked)
        if (value := asked.get(f"field-{number}", "")) and value != asked.get(f"was-{number}", "")
    }
    try:
        if chosen:
            set_fields(services(), name, chosen, me().id)
    except NoSuchField:
        abort(400)
    saved = (
        f"Saved: {len(chosen)} question{'s' if len(chosen) != 1 else ''}."
        if chosen
        else "Nothing was changed."
    )
    if request.form.get("then") == "try":
        return _mapping_page(name, tried=True, said=saved)
    flash(saved)
    return redirect(url_for("paths.mapping", name=name), code=303)


def _mapping_page(name: str, *, tried: bool, said: str = "") -> str:
    return render_template(
        "desk/mapping.html",
        path=paths_now(services())[name],
        questions=asked_questions(services(), name),
        choices=CHOICES,
        groups=FIELD_GROUPS,
        about=CANONICAL_FIELDS,
        tried=rehearse(services(), name) if tried else (),
        said=said,
        most=LAST,
    )


def _numbers(asked: dict[str, str]) -> list[str]:
    return [name.removeprefix("key-") for name in asked if name.startswith("key-")]


def _known(name: str) -> None:
    if name not in paths_now(services()):
        abort(404)
