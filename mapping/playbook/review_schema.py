"""The table of a playbook about questions of who is who."""

from __future__ import annotations

from mapping.playbook import values as read
from mapping.playbook.faults import Checked
from mapping.playbook.table import Table, told


class ReviewsSchema(Table):
    """[reviews]"""

    close_after_days = Checked(
        read.count,
        load_default=30,
        metadata=told(
            "How long a question whether two borrowers are one person waits for an answer. After that the "
            "two stay separate.",
            30,
        ),
    )
