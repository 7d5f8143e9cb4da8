"""The forms for coming in and for choosing a password."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SubmitField
from wtforms.validators import InputRequired, Length

from webapp.accounts.passwords import LONGEST


class LoginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Address and password; next is where to go afterwards."""

    email = EmailField(
        "Email",
        [InputRequired("Enter your email address."), Length(max=254)],
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password.")],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    submit = SubmitField("Log in")


class LinkForm(FlaskForm):  # type: ignore[misc]
    """One button: a mail scanner that follows the link does not press it."""

    submit = SubmitField("Log in")


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password; current is asked for unless the person came by a link."""

    current = PasswordField("Current password", render_kw={"autocomplete": "current-password"})
    new = PasswordField(
        "New password",
        [InputRequired("Enter a new password."), Length(max=LONGEST)],
        render_kw={"autocomplete": "new-password"},
        description="12 characters or more. Several unrelated words are easy to remember.",
    )
    submit = SubmitField("Save password")
