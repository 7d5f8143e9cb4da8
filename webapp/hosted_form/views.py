"""The form's pages: GET shows it, POST hands it to the intake, then a thank-you page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from connectors.intake.base import IntakeError, RawRequest
from jobs.intake import accept
from jobs.ledger.engine import LedgerUnavailable
from jobs.paths import paths
from jobs.settings.model import FormSettings, PathSettings
from webapp.accounts.users import anybody, services
from webapp.hosted_form import brand as colours
from webapp.hosted_form import catalogue
from webapp.hosted_form.fields import CARRIED, HONEYPOT, InquiryForm
from webapp.hosted_form.render_token import new_token, read_token
from webapp.rate_limits import limits, sender_address
from webapp.security import origin, relax

#: Open to the world: it takes no cookie, so there is nothing to forge and no CSRF token.
blueprint = Blueprint("hosted_form", __name__, url_prefix="/f")
blueprint.before_request(anybody)

_LONGEST_CARRIED = 500


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
    return _form_page(path, form, fields, new_token(services(), path.name), _carried_by_link())


@blueprint.post("/<name>")
def send(name: str) -> ResponseReturnValue:
    """Store what was typed. Pages that were open when a path was paused are still taken: nothing is lost."""
    path, form = _path(name)
    texts = catalogue.texts(_language(form))
    fields = InquiryForm(request.form, texts, services().settings.brokerage.country)
    trapped = bool(request.form.get(HONEYPOT))
    token = request.form.get("_token", "")
    carried = _carried(request.form)
    wait = limits().form_posts.wait(sender_address(), services().now().timestamp())
    if wait:
        page = _form_page(path, form, fields, token, carried, problem="too_many")
        return page, 429, {"Retry-After": str(wait)}
    # A trapped robot must not learn from our checks; a person whose browser filled the trap loses nothing.
    if not trapped and not fields.validate():
        return _form_page(path, form, fields, token, carried), 422
    try:
        accept(services(), path, _raw_request(_body(path, form, fields, texts)), _signals(path, token))
    except LedgerUnavailable:
        return _form_page(path, form, fields, token, carried, problem="storage"), 503
    except IntakeError as error:
        return _form_page(path, form, fields, token, carried, problem="not_taken"), error.status
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
    answer = Response(colours.stylesheet(form.colour), mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def _carried(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given[name][:_LONGEST_CARRIED] for name in CARRIED if given.get(name)}


def _carried_by_link() -> dict[str, str]:
    """Campaign tags and the loan officer of the link, and the page the visitor comes from."""
    found = _carried({"assigned_to": request.args.get("lo", "")} | request.args.to_dict())
    came_from = request.referrer or ""
    if came_from and origin(came_from) != origin(request.url):
        found.setdefault("referrer", came_from[:_LONGEST_CARRIED])
    return found


def _signals(path: PathSettings, token: str) -> tuple[str, ...]:
    return () if read_token(services(), path.name, token) else ("no_form_token",)


def _body(path: PathSettings, form: FormSettings, fields: InquiryForm, texts: Mapping[str, Any]) -> bytes:
    """The answers with their evidence; what the page itself knows is never taken from the visitor."""
    rendered = read_token(services(), path.name, request.form.get("_token", ""))
    pairs = [
        *fields.answered(),
        *fields.consent(texts, form.consent_in(_language(form))),
        *_carried(request.form).items(),
    ]
    if rendered is not None:
        pairs += [("submission_id", rendered.submission_id)]
        pairs += [("_elapsed", f"{rendered.elapsed(services().now()):.1f}")]
    if request.form.get(HONEYPOT):
        pairs += [(HONEYPOT, request.form[HONEYPOT][:200])]
    pairs += [("page_url", f"{services().settings.server.public_url}/f/{path.name}")]
    pairs += [("ip", request.remote_addr or ""), ("language", _language(form))]
    return urlencode(pairs).encode()


def _raw_request(body: bytes) -> RawRequest:
    return RawRequest(
        content_type="application/x-www-form-urlencoded; charset=utf-8",
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        remote_addr=request.remote_addr or "",
        received_at=services().now(),
    )


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
    asked = {name: value[:_LONGEST_CARRIED] for name, value in request.args.items()}
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
