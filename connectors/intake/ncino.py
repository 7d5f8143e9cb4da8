"""nCino Mortgage (SimpleNexus): one call may carry several events, each with what it is about."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from connectors.intake.application_events import ApplicationEvents
from connectors.intake.application_status import told_status
from connectors.intake.base import JsonValue, Options, RawRequest
from connectors.intake.json_shape import object_in, objects_in
from connectors.intake.proof import hex_hmac, is_one_of, require_token, secrets_in

#: Its documentation speaks of a webhook secret but names no header: these are accepted.
_SIGNED_IN = ("x-ncino-signature", "x-simplenexus-signature", "x-webhook-signature", "x-hub-signature-256",
              "x-signature", "signature")  # fmt: skip
#: Events that are a status by themselves. An abandoned one may be taken up again: it is no withdrawal.
_STATUS: Mapping[str, str] = {
    "loan_app_started": "started",
    "loan_app_submitted": "submitted",
}


class NCino(ApplicationEvents):
    """Webhooks of nCino Mortgage and of SimpleNexus before it."""

    vendor = "ncino"
    keeps_rest = False

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the secret was shown, or the body signed with it (HMAC-SHA256)."""
        if not _signed(request, secret):
            require_token(request, secret)

    def events(self, body: JsonValue) -> list[JsonValue]:
        """Each of the call's events; what the call says once is said of all."""
        whole = object_in(body)
        inner = objects_in(whole.get("events"))
        if not inner:
            return super().events(body)
        around = {key: item for key, item in whole.items() if key not in ("events", "_id")}
        return [{**around, **one} for one in inner]

    def ref(self, number: str, options: Options) -> str:
        """One portal, one space of numbers."""
        return f"application:{self.vendor}:{number}"

    def status(self, word: str, event: str) -> str:
        """The event's own meaning, else the milestone or status in it."""
        return told_status(_STATUS.get(event.lower(), ""), word)


def _signed(request: RawRequest, secret: str) -> bool:
    """HMAC-SHA256 of the body in hexadecimal or base64, bare or behind "sha256="."""
    wanted: list[str] = []
    for one in secrets_in(secret):
        digits = hex_hmac(one, request.body)
        wanted += [digits, base64.b64encode(bytes.fromhex(digits)).decode()]
    given = [request.headers.get(name, "").strip().removeprefix("sha256=") for name in _SIGNED_IN]
    return sum(is_one_of(text, wanted) for text in given if text) > 0
