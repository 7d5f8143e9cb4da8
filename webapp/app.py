"""The web application: made from finished services, nothing is read from the environment here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from connectors.intake.document import MAX_BODY
from jobs.services import Services
from webapp import access_log, errors, health, rate_limits, security
from webapp.accounts import users
from webapp.accounts import views as accounts
from webapp.accounts.sessions import LedgerSessions
from webapp.api.views import blueprint as api
from webapp.application_link.views import blueprint as application_link
from webapp.desk import follow_up, operations, partners, reviews, words
from webapp.desk import paths as path_pages
from webapp.desk import views as desk
from webapp.desk.calls import blueprint as call_pages
from webapp.desk.consent import blueprint as consent_buttons
from webapp.desk.field_groups import field_label
from webapp.desk.links import blueprint as link_pages
from webapp.door import blueprint as door
from webapp.hosted_form.views import blueprint as hosted_form

#: The door measures bodies itself, to the byte; this is for everything else.
_MARGIN = 64 * 1024


class _App(Flask):
    """None of its functions is a coroutine: Flask need not look at each of them in every request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


def create_app(services: Services) -> Flask:
    """The intake door, the hosted forms, the desk and the health checks over these services."""
    app = _App(__name__)
    _configure(app, services)
    proxies = services.settings.server.trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    Bootstrap5(app)
    users.init_app(app)
    csrf = CSRFProtect(app)
    access_log.init_app(app)
    security.init_app(app, https=services.settings.server.secure_cookies)
    errors.init_app(app)
    rate_limits.init_app(app)
    for blueprint in (door, api, hosted_form, application_link):
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint)
    for blueprint in (
        accounts.blueprint,
        accounts.own,
        desk.blueprint,
        follow_up.blueprint,
        link_pages,
        consent_buttons,
        call_pages,
        operations.blueprint,
        path_pages.blueprint,
        partners.blueprint,
        reviews.blueprint,
        health.blueprint,
    ):
        app.register_blueprint(blueprint)
    _words(app, services)
    return app


def _configure(app: Flask, services: Services) -> None:
    app.extensions["firstpath"] = services
    app.session_interface = LedgerSessions(services)
    keys = services.settings.secrets.signing_keys
    app.config.update(
        SECRET_KEY=keys[0],
        SECRET_KEY_FALLBACKS=list(keys[1:]),
        MAX_CONTENT_LENGTH=MAX_BODY + _MARGIN,
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
        WTF_CSRF_SSL_STRICT=False,  # we send no referrer; security.py asks Sec-Fetch-Site and Origin instead
    )


def _words(app: Flask, services: Services) -> None:
    """What every template can say."""
    zone = ZoneInfo(services.settings.brokerage.timezone)
    paths = services.settings.paths
    app.jinja_env.filters.update(
        action=words.action,
        badge=words.badge,
        field_label=field_label,
        label=words.label,
        moment=lambda at: words.time_tag(at, services.now(), zone),
        money=words.money,
        phone=words.phone,
        path_title=lambda name: paths[name].title if name in paths else name,
        short_moment=lambda at: words.short_time_tag(at, services.now(), zone),
    )

    @app.context_processor
    def around() -> dict[str, object]:
        user = current_user.user if current_user.is_authenticated else None
        return {
            "brokerage": services.settings.brokerage.name,
            "user": user,
            "staff": user is not None and user.role in ("admin", "consultant"),
        }
