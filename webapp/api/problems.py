"""Refusals of the JSON API: application/problem+json (RFC 9457) with a stable code, echoing nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, jsonify

PROBLEM = "application/problem+json"


class Problem(Exception):
    """A refusal: status, a stable code, a sentence, and each mistake with its field."""

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        retry_after: int = 0,
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.errors = errors
        self.retry_after = retry_after


def as_response(error: Problem) -> Response:
    """The answer that a refusal is."""
    answer = jsonify(
        type=f"urn:firstpath:problem:{error.code}",
        title=error.code.replace("_", " "),
        status=error.status,
        detail=str(error),
        **({"errors": list(error.errors)} if error.errors else {}),
    )
    answer.status_code, answer.content_type = error.status, PROBLEM
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if error.retry_after:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer
