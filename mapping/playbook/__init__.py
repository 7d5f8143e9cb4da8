"""The playbook: the consultant's document of mappings, owner rules, follow-ups and checklists."""

from mapping.playbook.load import (
    SHIPPED,
    PlaybookInvalid,
    Problem,
    decoded,
    load_playbook,
    look_at,
    shipped,
)
from mapping.playbook.model import (
    CrmMapping,
    FieldRule,
    FirstTouch,
    Licence,
    Member,
    OwnerRule,
    Playbook,
)

__all__ = [
    "SHIPPED",
    "CrmMapping",
    "FieldRule",
    "FirstTouch",
    "Licence",
    "Member",
    "OwnerRule",
    "Playbook",
    "PlaybookInvalid",
    "Problem",
    "decoded",
    "load_playbook",
    "look_at",
    "shipped",
]
