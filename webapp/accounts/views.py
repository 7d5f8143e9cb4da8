"""Pages for logging in and out and for the password."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from webapp.accounts import log_in as checks
from webapp.accounts import passwords, people
from webapp.accounts.forms import LinkForm, LoginForm, PasswordForm
from webapp.accounts.users import anybody, log_in, me, only, services

#: Log-in pages are open; the password page is for whoever is logged in.
blueprint = Blueprint("accounts", __name__)
blueprint.before_request(anybody)
own = Blueprint("own_account", __name__, url_prefix="/account")
own.before_request(only("admin", "consultant", "broker"))

_WRONG = "This email address and password do not go together."


@blueprint.get("/login")
def login_page() -> ResponseReturnValue:
    """The log-in form."""
    if current_user.is_authenticated:
        return redirect(url_for("desk.inquiries"), code=303)
    return render_template(
        "accounts/login.html", form=LoginForm(next=request.args.get("next", "")), problem=""
    )


@blueprint.post("/login")
def log_in_by_password() -> ResponseReturnValue:
    """Check address and password."""
    form, problem, status = LoginForm(), _WRONG, 401
    if not form.validate():
        return render_template("accounts/login.html", form=form, problem=""), 400
    try:
        user = checks.by_password(
            services(), form.email.data or "", form.password.data or "", request.remote_addr or ""
        )
    except checks.TooManyTries as error:
        user, problem, status = None, str(error), 429
    if user is None:
        return render_template("accounts/login.html", form=form, problem=problem), status
    people.record_login(services(), user, "password")
    log_in(user)
    return redirect(_inside(form.next.data or ""), code=303)


def _inside(target: str) -> str:
    """The page asked for before the log-in, if it is one of ours."""
    parts = urlsplit(target)
    foreign = parts.scheme or parts.netloc or "\\" in target or not target.startswith("/desk/")
    return url_for("desk.inquiries") if foreign else target


@blueprint.get("/login/<token>")
def link_page(token: str) -> ResponseReturnValue:
    """What a one-time link opens: a page with a button."""
    if not checks.link_is_good(services(), token):
        return render_template("accounts/link_used.html"), 410
    return render_template("accounts/link.html", form=LinkForm(), token=token)


@blueprint.post("/login/<token>")
def log_in_by_link(token: str) -> ResponseReturnValue:
    """Use the link up and let the person choose a password."""
    user = checks.by_link(services(), token)
    if user is None:
        return render_template("accounts/link_used.html"), 410
    log_in(user)
    session["by_link"] = True
    return redirect(url_for("own_account.password_page"), code=303)


@own.get("/password")
def password_page() -> ResponseReturnValue:
    """The form for a new password."""
    return _password_page(PasswordForm(), "")


@own.post("/password")
def change_password() -> ResponseReturnValue:
    """Set a new password; every other session of the account ends."""
    form, user = PasswordForm(), me()
    if not form.validate():
        return _password_page(form, ""), 400
    try:
        if not session.get("by_link"):
            again = checks.by_password(
                services(), user.email, form.current.data or "", request.remote_addr or ""
            )
            if again is None:
                return _password_page(form, "The current password is not right."), 401
        people.set_password(services(), user, form.new.data or "", actor=user.id)
    except passwords.PasswordRefused as error:
        return _password_page(form, str(error)), 400
    except checks.TooManyTries as error:
        return _password_page(form, str(error)), 429
    log_in(user)
    flash("Your password was saved. You were logged out everywhere else.")
    return redirect(url_for("desk.inquiries"), code=303)


def _password_page(form: PasswordForm, problem: str) -> str:
    return render_template(
        "accounts/password.html", form=form, problem=problem, ask_current=not session.get("by_link")
    )


@own.post("/logout")
def log_out() -> ResponseReturnValue:
    """End this session."""
    logout_user()
    session.clear()
    return redirect(url_for("accounts.login_page"), code=303)
