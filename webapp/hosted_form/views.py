"""The form's pages: GET shows it, POST hands it to the intake, then a thank-you page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from connectors.intake.base import IntakeError
from jobs.intake.accepting import accept
from jobs.ledger.engine import LedgerUnavailable
from jobs.paths.current import paths
from jobs.settings.model import FormSettings, PathSettings
from webapp.accounts.users import anybody, services
from webapp.hosted_form import catalogue
from webapp.hosted_form.fields import CARRIED, InquiryForm
from webapp.public_form import (
    HONEYPOT,
    LONGEST_CARRIED,
    Mark,
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
blueprint = Blueprint("hosted_form", __name__, url_prefix="/f")
blueprint.before_request(anybody)


def _path(name: str) -> tuple[PathSettings, FormSettings]:
    """The hosted form of this name; a draft exists only for staff who are logged in. 404 otherwise."""
    path = paths(services()).get(name)
    if path is None or path.form is None or path.kind != "hosted_form":
        abort(404)
    if path.state == "draft" and not (current_user.is_authenticated and current_user.user.role != "broker"):
        abort(404)
    form = path.form
    relax(
        frame_ancestors=form.frame_ancestors,
        form_action=origin(form.thank_you_url),
        img=origin(form.logo_url),
    )
    return path, form


def _language(form: FormSettings) -> str:
    return catalogue.choose(form.languages, request.args.get("lang", ""), request.accept_languages)


@blueprint.get("/<name>")
def show(name: str) -> ResponseReturnValue:
    """The empty form; of a paused path a friendly closed page with 503, so that search engines come back."""
    path, form = _path(name)
    texts = catalogue.texts(_language(form))
    if path.state == "paused":
        return _render("closed.html", path, form, texts), 503
    fields = InquiryForm(None, texts, services().settings.brokerage.country)
    return _form_page(path, form, fields, _new_mark(path), _carried_by_link())


@blueprint.post("/<name>")
def send(name: str) -> ResponseReturnValue:
    """Store what was typed. Pages that were open when a path was paused are still taken: nothing is lost."""
    path, form = _path(name)
    texts = catalogue.texts(_language(form))
    fields = InquiryForm(request.form, texts, services().settings.brokerage.country)
    trapped = bool(request.form.get(HONEYPOT))
    token = request.form.get("_token", "")
    brought = carried(request.form, CARRIED)
    wait = limits().form_posts.wait(sender_address(), services().now().timestamp())
    if wait:
        page = _form_page(path, form, fields, token, brought, problem="too_many")
        return page, 429, {"Retry-After": str(wait)}
    # A trapped robot must not learn from our checks; a person whose browser filled the trap loses nothing.
    if not trapped and not fields.validate():
        return _form_page(path, form, fields, token, brought), 422
    try:
        shown = read_mark(services(), "hosted-form", path.name, token)
        sent = handed_over(_body(path, form, fields, texts, shown), services().now())
        accept(services(), path, sent, () if shown else ("no_form_token",))
    except LedgerUnavailable:
        return _form_page(path, form, fields, token, brought, problem="storage"), 503
    except IntakeError as error:
        return _form_page(path, form, fields, token, brought, problem="not_taken"), error.status
    thanks = url_for("hosted_form.thanks", name=name, lang=request.args.get("lang"))
    return redirect(form.thank_you_url or thanks, code=303)


@blueprint.get("/<name>/thanks")
def thanks(name: str) -> ResponseReturnValue:
    """What everybody sees afterwards."""
    path, form = _path(name)
    return _render("thanks.html", path, form, catalogue.texts(_language(form)))


@blueprint.get("/<name>/brand.css")
def brand(name: str) -> ResponseReturnValue:
    """The brokerage's colour: a stylesheet of its own, since the policy forbids inline styles."""
    _, form = _path(name)
    return stylesheet(form.colour)


def _new_mark(path: PathSettings) -> str:
    return new_mark(services(), "hosted-form", path.name, services().new_id())


def _carried_by_link() -> dict[str, str]:
    """Campaign tags and the loan officer of the link, and the page the visitor comes from."""
    found = carried({"assigned_to": request.args.get("lo", "")} | request.args.to_dict(), CARRIED)
    came_from = request.referrer or ""
    if came_from and origin(came_from) != origin(request.url):
        found.setdefault("referrer", came_from[:LONGEST_CARRIED])
    return found


def _body(
    path: PathSettings, form: FormSettings, fields: InquiryForm, texts: Mapping[str, Any], shown: Mark | None
) -> bytes:
    """The answers with their evidence."""
    pairs = [
        *fields.answered(),
        *fields.consent(texts, form.consent_in(_language(form))),
        *carried(request.form, CARRIED).items(),
    ]
    if shown is not None:
        pairs += [("submission_id", shown.id)]
    pairs += evidence(services(), shown, f"/f/{path.name}", _language(form))
    return urlencode(pairs).encode()


def _form_page(
    path: PathSettings,
    form: FormSettings,
    fields: InquiryForm,
    token: str,
    carried: Mapping[str, str],
    *,
    problem: str = "",
) -> str:
    texts = catalogue.texts(_language(form))
    return _render(
        "form.html",
        path,
        form,
        texts,
        fields=fields,
        token=token,
        carried=carried,
        problem=problem,
        trap=HONEYPOT,
    )


def _other_languages(form: FormSettings, language: str) -> list[dict[str, str]]:
    """Links to the same page in the other languages that the form offers."""
    asked = {name: value[:LONGEST_CARRIED] for name, value in request.args.items()}
    return [
        {
            "code": code,
            "name": catalogue.texts(code)["page"]["name"],
            "link": f"?{urlencode({**asked, 'lang': code})}",
        }
        for code in form.languages
        if code != language and code in catalogue.available()
    ]


def _render(
    template: str, path: PathSettings, form: FormSettings, texts: Mapping[str, Any], **more: Any
) -> str:
    language = _language(form)
    return render_template(
        f"hosted_form/{template}",
        path=path,
        form=form,
        texts=texts,
        words=catalogue.words(form, language),
        others=_other_languages(form, language),
        language=language,
        country=services().settings.brokerage.country,
        **more,
    )
