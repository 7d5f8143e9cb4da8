"""Error pages in plain words; never a stack trace, never what was typed."""

from __future__ import annotations

import structlog
from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from jobs.ledger.engine import LedgerUnavailable
from webapp.api.problems import Problem, as_response

_log = structlog.get_logger()

#: status → (heading, what to do)
_WORDS = {
    400: ("This could not be read", "Go back, reload the page and try again."),
    403: ("Not for this account", "Your account may not do this. Ask an admin if you think it should."),
    404: ("Nothing here", "There is no page at this address. Check the link."),
    405: ("Not like this", "This address cannot be opened this way. Use the buttons on the pages."),
    413: ("Too large", "What was sent is larger than 1 MB. Send less, or attach nothing."),
    429: ("Too many tries", "Wait a moment, then try again."),
    500: ("Something broke here", "It is our fault and was noted. Nothing that arrived is lost. Try again."),
    503: ("Out of order for a moment", "The database cannot be reached. Nothing is lost; try again soon."),
}


def init_app(app: Flask) -> None:
    """Answer every error with a page, or with JSON at the machines' addresses."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_page)
    app.register_error_handler(LedgerUnavailable, _no_ledger)
    app.register_error_handler(Exception, _unforeseen)


def _page(status: int, heading: str = "", remedy: str = "") -> ResponseReturnValue:
    known = _WORDS.get(status, _WORDS[400 if status < 500 else 500])
    heading, remedy = heading or known[0], remedy or known[1]
    if request.path.startswith("/api/"):
        return as_response(Problem(status, heading.lower().replace(" ", "_"), f"{heading}. {remedy}"))
    if request.path.startswith("/in/"):
        code = heading.lower().replace(" ", "_")
        return jsonify(error={"code": code, "message": f"{heading}. {remedy}"}), status
    return render_template("errors/error.html", status=status, heading=heading, remedy=remedy), status


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    answer = _page(error.code)
    allowed = getattr(error, "valid_methods", None)
    if allowed and isinstance(answer, Response):
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _stale_page(_error: CSRFError) -> ResponseReturnValue:
    return _page(
        400, "This page was open too long", "Nothing was changed. Go back, reload the page, try again."
    )


def _no_ledger(error: LedgerUnavailable) -> ResponseReturnValue:
    _log.error("ledger_unavailable", reason=str(error))
    return _page(503)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    # The error's own text may quote a borrower: its kind and place are enough to find it.
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f"{last.tb_frame.f_code.co_qualname}:{last.tb_lineno}" if last else ""
    _log.error("request_failed", error=type(error).__name__, at=place, endpoint=request.endpoint or "")
    return _page(500)
