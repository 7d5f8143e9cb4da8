"""The signed mark of one rendered form: which submission it is, and when the page was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer

from jobs.services import Services


@dataclass(frozen=True, slots=True)
class Rendered:
    """One rendered form. submission_id is the same for a double click, new for every page."""

    submission_id: str
    at: float  # seconds since 1970

    def elapsed(self, now: datetime) -> float:
        """Seconds since the page was made."""
        return max(0.0, now.timestamp() - self.at)


def _serializer(services: Services) -> URLSafeSerializer:
    # itsdangerous signs with the last key; ours signs with the first.
    return URLSafeSerializer(list(reversed(services.settings.secrets.signing_keys)), salt="hosted-form")


def new_token(services: Services, path: str) -> str:
    """The mark for a form of this path rendered now."""
    return str(_serializer(services).dumps([path, services.new_id(), services.now().timestamp()]))


def read_token(services: Services, path: str, token: str) -> Rendered | None:
    """What the mark says; None when it is missing, changed or another path's."""
    try:
        marked, submission_id, at = _serializer(services).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return Rendered(str(submission_id), float(at)) if marked == path else None
