"""How Python itself is set for a long-running process with many threads."""

from __future__ import annotations

import gc
import sys

#: A commit gives the interpreter away and must get it back soon: with Python's usual 5 ms, the one thread
#: that holds the writer's place waits for all the others, several times in each transaction.
_SWITCH_SECONDS = 0.0005
#: New objects between two collections; Python's usual 700 collects several times in one inquiry.
_COLLECT_AFTER = 20_000


def tune() -> None:
    """Short waits for visitors although much is done in the same process. Call it when all is imported."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    # What was imported stays for good: the collector need not walk through it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
