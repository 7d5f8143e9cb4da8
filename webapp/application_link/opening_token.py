"""The signed mark of one shown page: which opening it is, and when it was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer

from jobs.services import Services


@dataclass(frozen=True, slots=True)
class Shown:
    """One page that was shown; opening_id is the same for a double click."""

    opening_id: str
    at: float  # seconds since 1970

    def elapsed(self, now: datetime) -> float:
        """Seconds since the page was made."""
        return max(0.0, now.timestamp() - self.at)


def _serializer(services: Services) -> URLSafeSerializer:
    # itsdangerous signs with the last key; ours signs with the first.
    return URLSafeSerializer(list(reversed(services.settings.secrets.signing_keys)), salt="application-link")


def new_mark(services: Services, code: str, opening_id: str) -> str:
    """The mark for the page of this opening."""
    return str(_serializer(services).dumps([code, opening_id, services.now().timestamp()]))


def read_mark(services: Services, code: str, mark: str) -> Shown | None:
    """What the mark says; None when it is missing, changed or another link's."""
    try:
        marked, opening_id, at = _serializer(services).loads(mark)
    except (BadSignature, ValueError, TypeError):
        return None
    return Shown(str(opening_id), float(at)) if marked == code else None
