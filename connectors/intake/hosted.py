"""The form that we host ourselves: its fields already carry our names."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.intake.base import Adapter, Document, Options, RawRequest, Unreadable
from connectors.intake.envelope import open_envelope
from connectors.intake.flatten import flatten
from connectors.intake.signals import HONEYPOTS, link_signals, part_honeypots, timing_signals
from mapping.answers import Answer, Answers

# Seconds between page and post: set by the web side from its signed time stamp, never taken from the visitor.
ELAPSED = "_elapsed"


class HostedForm(Adapter):
    """Our own form; whoever posts it holds no secret, the page's signed time stamp is checked before."""

    vendor = "hosted-form"

    def __init__(self, honeypots: frozenset[str] = HONEYPOTS) -> None:
        self._honeypots = honeypots

    def verify(self, request: RawRequest, secret: str) -> None:
        """Nothing to show: anybody may fill in the form."""

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """The fields under our names; those that start with an underscore are the page's own.

        Raises Unreadable: wrong_shape (no form), too_many_fields.
        """
        if document.kind != "form":
            raise Unreadable("wrong_shape", "This address takes our own form only.", keep=True)
        fields = flatten(document)
        elapsed = next((_seconds(field) for field in fields if field.key == ELAPSED), None)
        visible = (field for field in fields if not field.key.startswith("_") and field.key != "csrf_token")
        shown, traps = part_honeypots(visible, self._honeypots)
        envelope = open_envelope(shown, request, bare_id=False)
        answers = Answers(
            self.vendor,
            envelope.items,
            external_id=envelope.external_id,
            submitted_at=request.received_at,
            origin=envelope.origin,
            signals=(*traps, *timing_signals(elapsed), *link_signals(envelope.items)),
        )
        return [answers]


def _seconds(field: Answer) -> float | None:
    try:
        return float(field.text)
    except ValueError:
        return None
