"""Ids as HighLevel gives them: twenty letters and digits for records, UUIDs for stages and workflows."""

from __future__ import annotations

import random
import string
from uuid import UUID

_ALPHABET = string.ascii_letters + string.digits
RECORD_ID_LENGTH = 20


class IdMaker:
    """Ids that repeat with the same seed, so that a run can be compared with another."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - ids of a stand-in, not secrets

    def record(self) -> str:
        """An id of a contact, opportunity, task, note, user, field or pipeline: "ocQHyuzHvysMo5N5VsXc"."""
        return "".join(self._random.choices(_ALPHABET, k=RECORD_ID_LENGTH))

    def uuid(self) -> str:
        """An id of a stage, a workflow, a webhook event or a trace."""
        return str(UUID(int=self._random.getrandbits(128), version=4))
