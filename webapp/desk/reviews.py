"""The pages of reviews, where people say who is who, and the button that takes a merge back."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.desk.review_pages import STATES, list_reviews, open_count, review_page
from jobs.ledger.reviews import ReviewState
from jobs.reviews.asking import ANSWERS, Answer, answer
from jobs.reviews.merging import MergeRefused
from jobs.reviews.unmerging import undo
from webapp.accounts.users import me, only, services
from webapp.desk.views import viewer

blueprint = Blueprint("reviews", __name__, url_prefix="/desk/reviews")
blueprint.before_request(only("admin", "consultant"))

#: What is said after each answer.
_SAID: dict[ReviewState, str] = {
    "merged": "They are one borrower now. You can undo that on this page.",
    "household": "They stay two people of one household. Nobody is asked about these two again.",
    "different": "They stay two people. Nobody is asked about these two again.",
    "unknown": "They stay separate. Whoever finds out can answer here later.",
}


@blueprint.app_context_processor
def counted() -> dict[str, object]:
    """How many wait, for the navigation; asked only by the desk's pages."""
    return {"open_reviews": lambda: open_count(services())}


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The pairs that wait, or those answered in one way."""
    asked = request.args.get("state", "open")
    state: ReviewState = asked if asked in STATES else "open"
    page = list_reviews(services(), state, request.args.get("before", "")[:26])
    return render_template("desk/reviews.html", page=page, which=state, states=STATES)


@blueprint.get("/<review_id>")
def review(review_id: str) -> ResponseReturnValue:
    """One pair, side by side."""
    found = review_page(services(), viewer(), review_id)
    if found is None:
        abort(404)
    return render_template("desk/review.html", found=found, states=STATES)


@blueprint.post("/<review_id>/answer")
def give_answer(review_id: str) -> ResponseReturnValue:
    """What this person says about the pair."""
    asked = request.form.get("answer", "")
    if asked not in ANSWERS:
        abort(400)
    said: Answer = asked
    try:
        done = answer(services(), review_id, said, actor=me().id)
    except KeyError:
        abort(404)
    except MergeRefused as refused:
        flash(str(refused))
    else:
        flash(_SAID[done.state] if done.changed else "Somebody has answered this already.")
    return redirect(url_for("reviews.review", review_id=review_id), code=303)


@blueprint.post("/merges/<merge_id>/undo")
def undo_merge(merge_id: str) -> ResponseReturnValue:
    """Make two borrowers of one again."""
    try:
        done = undo(services(), merge_id, actor=me().id)
    except KeyError:
        abort(404)
    except MergeRefused as refused:
        flash(str(refused))
    else:
        flash(_undone(len(done.moved)) if done else "It was undone already.")
    target = request.form.get("back", "")
    inside = target.startswith("/desk/") and "\\" not in target
    return redirect(target if inside else url_for("reviews.index"), code=303)


def _undone(moved: int) -> str:
    since = f" {moved} inquir{'y' if moved == 1 else 'ies'} since went to the other one." if moved else ""
    return f"They are two people again, and stay so.{since}"
