"""An open inquiry has an owner who may pursue it, or the desk is told, whatever changed since it came."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection

from jobs.known import KnownInquiry
from jobs.ledger import notices
from jobs.services import Services
from mapping.ownership.gates import owner_trouble
from mapping.playbook.cadences import OPEN_STAGES

_KIND = "owner"


def watch_owner(services: Services, connection: Connection, known: KnownInquiry) -> None:
    """Tell the desk of an owner who left, or who is not licensed there (any more), once; of nobody until
    somebody owns it. Repeatable."""
    if known.stage not in OPEN_STAGES:
        return
    owner, now = known.owner.owner, services.now()
    trouble = owner_trouble(owner, known.details.property.state, services.playbook, now)
    if trouble is None:
        return
    # One that concerns all of somebody's inquiries is told once, not once for each.
    about = sha256(trouble.words.encode()).hexdigest()[:26] if trouble.of_all else known.id
    # Nobody is told of again after every look until it is mended; what a person decided is told of once.
    tell = notices.raise_once if owner else notices.raise_alert
    tell(connection, id=services.new_id(), at=now, kind=_KIND, object_id=about, message=trouble.words)
