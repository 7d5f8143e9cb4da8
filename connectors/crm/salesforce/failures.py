"""Salesforce's own shades of the connector's errors."""

from __future__ import annotations

from connectors.crm.base import AuthFailed, Uncertain


class SessionExpired(AuthFailed):
    """The access token ran out; with a new one the same request may be sent again."""


class Gone(Uncertain):
    """A record we refer to was deleted, merged or converted meanwhile: look again."""


class Failed(Uncertain):
    """Salesforce answered that it failed; a request that only reads may be asked again at once."""


class Halted(Uncertain):
    """Not carried out because another part of the same transaction failed."""


class Forbidden(AuthFailed):
    """The token is good, but its user may not do this."""
