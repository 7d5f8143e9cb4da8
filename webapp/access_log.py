"""One line per request: what was asked and how it went, without paths, keys or people."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request

_SILENT = frozenset({"health.healthz", "health.readyz", "static", "bootstrap.static"})


def init_app(app: Flask) -> None:
    """Log the endpoint's name, never the URL: it may hold a path's key or a login token.

    As logging is set up now: to find that out for each line costs as much as writing it.
    """
    log = structlog.get_logger().bind()

    @app.before_request
    def start() -> None:
        g.started = time.monotonic()

    @app.after_request
    def line(response: Response) -> Response:
        if request.endpoint not in _SILENT:
            log.info(
                "request",
                method=request.method,
                endpoint=request.endpoint or "none",
                status=response.status_code,
                ms=round((time.monotonic() - g.get("started", time.monotonic())) * 1000, 1),
            )
        return response
