"""The one place where HighLevel's ways of failing become the connector's family of errors.

HighLevel's statuses mislead: a duplicate is 400, a record that is gone is 400, a missing scope is 401 and so
is a wrong Version header. So the text of the answer decides first, and the status where no text is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from connectors.crm.base import AuthFailed, Conflict, CrmError, Rejected, Unavailable, Uncertain
from connectors.crm.highlevel.limits import limited
from connectors.crm.highlevel.refusals import messages, rejected

_RECORD_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
#: A gateway that waited for HighLevel: asking again at once would wait again.
_WAITED_IN_VAIN = (408, 504, 524)


class NotThere(Uncertain):
    """HighLevel no longer knows a record that it knew: what we remember is stale, so look again."""


class Failed(Uncertain):
    """HighLevel answered that it failed; a request that only reads may be asked again at once."""


class StaleToken(AuthFailed):
    """The access token is over or was withdrawn: OAuth may renew it once."""


class MissingScope(AuthFailed):
    """The token is good but lacks a permission; renewing it would change nothing."""


class TakenContact(Conflict):
    """The location allows no second contact with this email or phone; field is which, "" when not said."""

    def __init__(self, existing_id: str, field: str) -> None:
        super().__init__(
            f"HighLevel's contact {existing_id} already holds the {field or 'email or phone'}.",
            existing_id=existing_id,
            remedy="Compare the two contacts in HighLevel, and merge them or correct one of them.",
        )
        self.field = field


class TakenOpportunity(Conflict):
    """The location allows one opportunity per contact and pipeline, and there is one."""

    def __init__(self, existing_id: str) -> None:
        super().__init__(
            f"The contact already has opportunity {existing_id} in HighLevel.", existing_id=existing_id
        )


class PermanentOptOut(Rejected):
    """The person opted out by answering STOP; no program may change that channel any more."""


def from_answer(status: int, headers: Mapping[str, str], body: Mapping[str, Any], text: str = "") -> CrmError:
    """What an answer outside 2xx means.

    Header names are lower case; body is {} and text the beginning of the answer when it is not JSON. Neither
    is repeated in the error: HighLevel's messages quote what was sent.
    """
    if status >= 500 or status == 408:
        failure = Uncertain if status in _WAITED_IN_VAIN else Failed
        return failure(f"HighLevel failed with status {status}.")
    if status < 400:
        return Unavailable(
            f"HighLevel's address answered with a redirect ({status}).",
            remedy="Check base_url in the settings.",
        )
    if status == 429:
        return limited(headers, body)
    said = " ".join(messages(body)).lower()
    for words, reading in _BY_WORDS:
        if words in said:
            return reading(status, body)
    return _by_status(status, body, text)


def _by_status(status: int, body: Mapping[str, Any], text: str) -> CrmError:
    if status == 401:
        return StaleToken("HighLevel no longer accepts the access token.", remedy=_MAKE_ANOTHER)
    if status == 403:
        return _forbidden(body, text)
    if status == 404:
        return NotThere("HighLevel does not know a record that it knew.")
    return rejected(status, body)


def _forbidden(body: Mapping[str, Any], text: str) -> CrmError:
    if not body and ("1010" in text or "<" in text[:200]):
        # Certain: Cloudflare stands before HighLevel and passed nothing on.
        return Unavailable(
            "The guard before HighLevel (Cloudflare) turned this program away.",
            remedy="Check base_url and any proxy of this machine; if it stays so, report it.",
        )
    return AuthFailed(
        "HighLevel forbids this call.",
        remedy="Check the private integration's scopes and the location's subscription in HighLevel.",
    )


def _duplicate_contact(status: int, body: Mapping[str, Any]) -> CrmError:
    existing, meta = _meta_id(body, "contactId"), body.get("meta")
    if not existing:
        return rejected(status, body)
    named = str(meta.get("matchingField") or "") if isinstance(meta, dict) else ""
    return TakenContact(existing, named if named in ("email", "phone") else "")


def _duplicate_opportunity(status: int, body: Mapping[str, Any]) -> CrmError:
    existing = _meta_id(body, "existingId")
    return TakenOpportunity(existing) if existing else rejected(status, body)


def _permanent(_status: int, _body: Mapping[str, Any]) -> CrmError:
    return PermanentOptOut(
        "HighLevel keeps an opt-out that the person gave by answering STOP.",
        field_name="dndSettings",
        remedy="Nothing to do: only the person can lift it, by answering START.",
    )


def _expired(_status: int, _body: Mapping[str, Any]) -> CrmError:
    return StaleToken("HighLevel no longer accepts the access token.", remedy=_MAKE_ANOTHER)


def _scope(_status: int, _body: Mapping[str, Any]) -> CrmError:
    return MissingScope(
        "The HighLevel token lacks a permission for this call.",
        remedy="Run `firstpath check` to see which scope is missing, and tick it in HighLevel under "
        "Settings > Private Integrations (the token stays the same).",
    )


def _version(_status: int, _body: Mapping[str, Any]) -> CrmError:
    return AuthFailed(
        "HighLevel does not take the API version that was asked for.",
        remedy="Set the version in the settings to 2021-07-28, or leave it out.",
    )


def _token_kind(_status: int, _body: Mapping[str, Any]) -> CrmError:
    return MissingScope(
        "HighLevel does not open this call to this kind of token.",
        remedy="Use a private integration of the location (not of the agency), with the scopes of the guide.",
    )


def _other_location(_status: int, _body: Mapping[str, Any]) -> CrmError:
    return AuthFailed(
        "The HighLevel token belongs to another location.",
        remedy="Check the location's id in the settings, or make the token in that location.",
    )


def _no_such_path(_status: int, _body: Mapping[str, Any]) -> CrmError:
    return Unavailable(
        "HighLevel's address does not know this path.",
        remedy="Check base_url and version in the settings.",
    )


def _gone(status: int, body: Mapping[str, Any]) -> CrmError:
    said = " ".join(messages(body)).lower()
    if "pipeline" in said or "stage" in said:
        return rejected(status, body)
    return NotThere("HighLevel no longer has a record that this one belongs to.")


def _meta_id(body: Mapping[str, Any], name: str) -> str:
    meta = body.get("meta")
    found = str(meta.get(name) or "") if isinstance(meta, dict) else ""
    return found if _RECORD_ID.fullmatch(found) else ""


_MAKE_ANOTHER = (
    "Make a new token in HighLevel under Settings > Private Integrations (or connect again) and put it "
    "into the settings."
)
_Reading = Callable[[int, Mapping[str, Any]], CrmError]
#: Words of HighLevel's messages, in small letters; the first that are found decide.
_BY_WORDS: tuple[tuple[str, _Reading], ...] = (
    ("not authorized to update permanent dnd", _permanent),
    ("does not allow duplicated contacts", _duplicate_contact),
    ("duplicate opportunity", _duplicate_opportunity),
    ("not authorized for this scope", _scope),
    ("authclass type is not allowed", _token_kind),
    ("not yet supported by the iam service", _token_kind),
    ("does not have access to this location", _other_location),
    ("version header", _version),
    ("invalid jwt", _expired),
    ("invalid token", _expired),
    ("invalid private integration token", _expired),
    ("cannot get /", _no_such_path),
    ("cannot post /", _no_such_path),
    ("cannot put /", _no_such_path),
    ("cannot delete /", _no_such_path),
    ("not found", _gone),
)
