"""After a playbook was published: every plan that goes on is looked at again, a few at a time."""

from __future__ import annotations

from datetime import timedelta

from jobs.ledger import plans, playbooks
from jobs.services import Services

#: So many in one round: those that are due by themselves are not kept waiting, nor are the CRMs overrun.
_TOGETHER = 50
#: By then every process has the new playbook: whoever looked earlier might still look with the one before.
_IN_FORCE = timedelta(seconds=10)


def look_again(services: Services) -> int:
    """Let the next few plans be looked at under the playbook published last; how many there were.

    0 once all were asked for, and while none was published. Raises LedgerUnavailable.
    How far it came is kept with the revision, so that a crash takes nothing back; a revision that is
    published meanwhile begins anew.
    """
    now = services.now()
    with services.ledger.read() as connection:
        if playbooks.to_ask_for(connection, now - _IN_FORCE) is None:
            return 0
    with services.ledger.write() as connection:
        services.ledger.lock(connection, "plans_after_publishing")
        waiting = playbooks.to_ask_for(connection, now - _IN_FORCE)
        if waiting is None:
            return 0
        found = plans.going_on(connection, waiting.asked_to, _TOGETHER)
        plans.look_soon(connection, found, now)
        playbooks.asked(connection, waiting.number, found[-1] if found else "", now)
    return len(found)
