"""Is the process alive, and can it take submissions: for load balancers and monitors."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from jobs.ledger.engine import LedgerUnavailable
from jobs.ledger.readiness import check_ready
from webapp.accounts.users import anybody, services

blueprint = Blueprint("health", __name__)
blueprint.before_request(anybody)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 as long as the process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """200 when a submission could be stored now, else 503 with the reason."""
    try:
        check_ready(services().ledger)
    except LedgerUnavailable as error:
        return jsonify(status="unavailable", reason=str(error)), 503
    return jsonify(status="ok")
