"""POST /api/v1/inquiries/<id>/follow-up: a person's word that it stops, pauses or goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from connectors.intake.base import JsonValue
from jobs.desk import follow_up_word
from jobs.desk.api_status import inquiry_of
from jobs.desk.viewer import Viewer
from jobs.services import Services
from webapp.api.problems import Problem
from webapp.api.schema import FollowUpPosted, mistakes

_LONGEST_ACTOR = 64


def said(services: Services, path: str, submission_id: str, document: JsonValue) -> None:
    """Do what was said about the inquiry that a submission of this path became. Raises Problem."""
    wrong = mistakes(document, services.settings.brokerage.country, FollowUpPosted)
    if wrong or not isinstance(document, dict):
        raise _invalid(wrong)
    inquiry_id = inquiry_of(services, path, submission_id)
    if inquiry_id is None:
        raise Problem(404, "not_found", "There is no inquiry of that id for this token.")
    if not inquiry_id:
        sentence = "It has become no inquiry, or not yet: nothing is followed up. Ask for its status first."
        raise Problem(409, "no_inquiry", sentence)
    who, action = Viewer(f"api: {path}"[:_LONGEST_ACTOR]), document["action"]
    if action == "stop":
        follow_up_word.stop(services, who, inquiry_id)
    elif action == "go_on":
        follow_up_word.go_on(services, who, inquiry_id)
    elif not follow_up_word.pause(services, who, inquiry_id, date.fromisoformat(str(document["until"]))):
        words = "Send a day from tomorrow on, at most a year ahead."
        raise _invalid([{"field": "until", "message": words}])


def _invalid(wrong: list[Mapping[str, str]] | list[dict[str, str]]) -> Problem:
    sentence = "Nothing was changed: correct what errors lists."
    return Problem(422, "invalid", sentence, errors=wrong)
