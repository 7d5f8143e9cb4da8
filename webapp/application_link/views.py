"""/a/<code>: counts the opening, asks who it is where the settings want that, and leads to the portal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from connectors.intake.application_link import OPENING
from connectors.intake.base import IntakeError
from jobs.intake.accepting import accept
from jobs.ledger.engine import LedgerUnavailable
from jobs.ledger.links import Link
from jobs.links import KIND, find_link, portal_of, record_opening, with_passed_on
from jobs.paths.current import paths
from jobs.settings.model import LinkSettings, PathSettings
from mapping.canonical import CLICK_IDS, UTM
from webapp.accounts.users import anybody, services
from webapp.application_link.robots import is_robot
from webapp.hosted_form import catalogue
from webapp.public_form import (
    HONEYPOT,
    Mark,
    PersonForm,
    carried,
    evidence,
    handed_over,
    new_mark,
    read_mark,
    stylesheet,
)
from webapp.rate_limits import limits, sender_address
from webapp.security import origin, relax

#: Open to the world: it takes no cookie, so there is nothing to forge and no CSRF token.
blueprint = Blueprint("application_link", __name__, url_prefix="/a")
blueprint.before_request(anybody)

_ROOM = "webapp.application_link"
#: What the link's address may carry on to the portal.
_CARRIED = (*UTM, *CLICK_IDS)
Target = tuple[Link, PathSettings, LinkSettings, str]  # and the portal's address


@blueprint.get("/<code>")
def follow(code: str) -> ResponseReturnValue:
    """Lead on, or show the page that asks first."""
    target, refused = _target(code)
    if target is None:
        return refused
    link, path, settings, portal = target
    opening_id = "" if is_robot(request) else record_opening(services(), link, _facts())
    if settings.ask == "nothing":
        return _lead_on(settings, portal, opening_id, 302)
    mark = new_mark(services(), "application-link", link.code, opening_id) if opening_id else ""
    return _page(path, settings, PersonForm(None, _country()), mark, carried(request.args, _CARRIED))


@blueprint.post("/<code>")
def go(code: str) -> ResponseReturnValue:
    """Keep who it is, then lead on. A double click is one inquiry."""
    target, refused = _target(code)
    if target is None:
        return refused
    link, path, settings, portal = target
    if settings.ask == "nothing":
        return _lead_on(settings, portal, "", 303)
    fields, mark = PersonForm(request.form, _country()), request.form.get("_token", "")
    brought = carried(request.form, _CARRIED)
    # A trapped robot must not learn from our checks; a person whose browser filled the trap loses nothing.
    if not request.form.get(HONEYPOT) and not fields.validate():
        return _page(path, settings, fields, mark, brought), 422
    try:
        shown = read_mark(services(), "application-link", link.code, mark)
        opening_id = shown.id if shown else record_opening(services(), link, _facts())
        body = _body(link, settings, fields, shown, opening_id)
        accept(services(), path, handed_over(body, services().now()), () if shown else ("no_form_token",))
    except LedgerUnavailable:
        return _page(path, settings, fields, mark, brought, problem="storage"), 503
    except IntakeError as error:
        return _page(path, settings, fields, mark, brought, problem="not_taken"), error.status
    return _lead_on(settings, portal, opening_id, 303)


@blueprint.get("/<code>/brand.css")
def brand(code: str) -> ResponseReturnValue:
    """The brokerage's colour: a stylesheet of its own, since the policy forbids inline styles."""
    link = find_link(services(), code)
    path = paths(services()).get(link.path) if link else None
    colour = path.link.page.colour if path and path.link else "#1f5fa8"
    return stylesheet(colour)


def _target(code: str) -> tuple[Target | None, ResponseReturnValue]:
    """Where the code leads; else the friendly page to answer with, and its status."""
    now = services().now().timestamp()
    wait = limits().link_openings.wait(sender_address(), now)
    if wait:
        return None, (_notice("busy"), 429, {"Retry-After": str(wait)})
    link = find_link(services(), code)
    if link is None:
        wait = limits().unknown_keys.wait(sender_address(), now)
        return None, (_notice("busy"), 429, {"Retry-After": str(wait)}) if wait else (_notice("gone"), 404)
    path = paths(services()).get(link.path)
    settings = path.link if path is not None and path.kind == KIND else None
    portal = portal_of(path, link) if path is not None else ""
    if path is None or settings is None or link.disabled_at or not portal or not _may_see(path):
        return None, (_notice("gone"), 404)
    relax(form_action=origin(portal), img=origin(settings.page.logo_url))
    return (link, path, settings, portal), ""


def _may_see(path: PathSettings) -> bool:
    """A draft exists only for staff who are logged in."""
    return path.state != "draft" or (current_user.is_authenticated and current_user.user.role != "broker")


def _lead_on(settings: LinkSettings, portal: str, opening_id: str, status: int) -> Response:
    """To the portal: nobody keeps this answer, and the portal is not told the link's address."""
    brought = carried(request.args, _CARRIED) | carried(request.form, _CARRIED)
    answer = redirect(with_passed_on(portal, settings, opening_id, brought), code=status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    # Werkzeug shows the address in a page beside; nobody needs to see it.
    answer.set_data(b"")
    assert isinstance(answer, Response)  # noqa: S101 (what Flask makes)
    return answer


def _facts() -> dict[str, object]:
    """What is remembered of an opening: never the address itself."""
    return {
        "carried": carried(request.args, _CARRIED),
        "ip": services().sealer.lookup("link_opening.ip", request.remote_addr or ""),
        "agent": request.headers.get("User-Agent", "")[:300],
    }


def _country() -> str:
    return services().settings.brokerage.country


def _language(settings: LinkSettings | None) -> str:
    offered = (
        settings.page.languages if settings else (catalogue.DEFAULT, *sorted(catalogue.available(_ROOM)))
    )
    return catalogue.choose(offered, request.args.get("lang", ""), request.accept_languages, _ROOM)


def _body(
    link: Link, settings: LinkSettings, fields: PersonForm, shown: Mark | None, opening_id: str
) -> bytes:
    """The answers with their evidence, and what the link stands for; none of that is the visitor's word."""
    texts = catalogue.texts(_language(settings), _ROOM)
    pairs = [*fields.answered(), *fields.consent(texts, settings.page.consent_in(_language(settings)))]
    pairs += list(carried(request.form, _CARRIED).items())
    pairs += [("submission_id", opening_id), (OPENING, opening_id), ("application_link", link.code)]
    stands_for = {
        "assigned_to": link.owner,
        "partner_name": link.partner_name,
        "partner_email": link.partner_email,
        "campaign": link.campaign,
    }
    pairs += [(name, value) for name, value in stands_for.items() if value]
    pairs += evidence(services(), shown, f"/a/{link.code}", _language(settings))
    return urlencode(pairs).encode()


def _page(
    path: PathSettings,
    settings: LinkSettings,
    fields: PersonForm,
    mark: str,
    carried: Mapping[str, str],
    *,
    problem: str = "",
) -> str:
    return _render(
        "ask.html", settings, path=path, fields=fields, token=mark, carried=carried, problem=problem
    )


def _notice(key: str) -> str:
    return _render("notice.html", None, key=key)


def _render(template: str, settings: LinkSettings | None, **more: Any) -> str:
    language = _language(settings)
    return render_template(
        f"application_link/{template}",
        form=settings.page if settings else None,
        texts=catalogue.texts(language, _ROOM),
        language=language,
        trap=HONEYPOT,
        **more,
    )
