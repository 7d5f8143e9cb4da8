"""What the browser is told on every answer, and the check that a state-changing request is our own page's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request

_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "script-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def _written(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


_STRICT = _written(_POLICY)
_NO_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: These take requests from anywhere: they use no cookie, so there is nothing to forge.
_OPEN_BLUEPRINTS = frozenset({"api", "application_link", "door", "hosted_form"})
_CACHEABLE_ENDPOINTS = frozenset(
    {"static", "bootstrap.static", "hosted_form.brand", "application_link.brand"}
)


def relax(*, frame_ancestors: Iterable[str] = (), form_action: str = "", img: str = "") -> None:
    """For this answer only: who may frame it, where its form may lead, which origin its logo comes from."""
    g.policy = {
        "frame-ancestors": " ".join(("'self'", *frame_ancestors)),
        "form-action": f"'self' {form_action}".strip(),
        "img-src": f"'self' data: {img}".strip(),
    }


def origin(url: str) -> str:
    """scheme://host:port of an http(s) URL, "" for anything else."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""


def init_app(app: Flask, *, https: bool) -> None:
    """Put the headers on every response, errors too, and check where posts come from."""
    app.before_request(_refuse_foreign_posts)

    def headers(response: Response) -> Response:
        # Not setdefault(), which in werkzeug raises and catches an error for every header that is not there.
        present = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - iterates over pairs
        for name, value in _headers(https).items():
            if name.lower() not in present:
                response.headers.add(name, value)
        return response

    app.after_request(headers)


def _headers(https: bool) -> dict[str, str]:
    framed = "policy" in g
    found = {
        "Content-Security-Policy": _written(_POLICY | g.policy) if framed else _STRICT,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin" if framed else "no-referrer",
        "Permissions-Policy": _NO_FEATURES,
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if not framed:
        found["X-Frame-Options"] = "DENY"
    if https:
        found["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint not in _CACHEABLE_ENDPOINTS:
        found["Cache-Control"] = "no-store"
    return found


def _refuse_foreign_posts() -> None:
    """A second lock beside the CSRF token: browsers say by themselves which site a request comes from."""
    if request.method in _SAFE or request.blueprint in _OPEN_BLUEPRINTS:
        return
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        if site != "same-origin":
            abort(403)
        return
    # Under Referrer-Policy: no-referrer browsers send Origin: null; the CSRF token decides alone then.
    sender = request.headers.get("Origin", "null")
    if sender != "null" and urlsplit(sender).netloc != request.host:
        abort(403)
