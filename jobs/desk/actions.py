"""What the desk's buttons do: each one transaction with a line in the audit trail, safe to press twice."""

from __future__ import annotations

from sqlalchemy import Connection, select

from jobs.desk.quarantine import Wanted
from jobs.desk.sync_errors import in_group
from jobs.ledger import crms, deliveries, inboxes, notices, submission_states, submissions
from jobs.ledger.crms import CrmState
from jobs.ledger.tables import alert, delivery, submission
from jobs.paths.current import paths
from jobs.services import Services

#: One press retries at most this many, so that no other writer waits long; press again for the rest.
GROUP = 500


def retry_delivery(services: Services, delivery_id: str, actor: str) -> bool:
    """Try one delivery again now; False when it is not waiting for that (delivered, or being delivered)."""
    with services.ledger.write() as connection:
        again = _retry(services, connection, delivery_id, actor)
    if again:
        services.bell.ring("deliver", delivery_id)
    return again


def retry_group(services: Services, crm: str, code: str, error: str, actor: str) -> int:
    """Try all deliveries of one sync-error group again now, up to GROUP; how many."""
    query = select(delivery.c.id).where(*in_group(crm, code, error), delivery.c.state != "leased")
    # Those that wait for a person come first: what tries again by itself is in the group anyway.
    query = query.order_by(delivery.c.state, delivery.c.next_attempt_at).limit(GROUP)
    with services.ledger.write() as connection:
        ids = [row.id for row in connection.execute(query)]
        retried = [one for one in ids if _retry(services, connection, one, actor)]
    for one in retried:
        services.bell.ring("deliver", one)
    return len(retried)


def _retry(services: Services, connection: Connection, delivery_id: str, actor: str) -> bool:
    now = services.now()
    if not deliveries.retry(connection, delivery_id, now):
        return False
    notices.acknowledge(connection, kind="delivery", object_id=delivery_id, by=actor, at=now)
    _audit(services, connection, actor, "delivery.retried", "delivery", delivery_id)
    return True


def replay_submission(services: Services, submission_id: str, actor: str) -> bool:
    """Process a quarantined submission again with every check; False when it is not in quarantine."""
    return _release(services, submission_id, actor, accepted=False)


def accept_submission(services: Services, submission_id: str, actor: str) -> bool:
    """Process it on a person's word that it is genuine: not judged for spam or trust again."""
    return _release(services, submission_id, actor, accepted=True)


def _release(services: Services, submission_id: str, actor: str, *, accepted: bool) -> bool:
    with services.ledger.write() as connection:
        found = submissions.get(connection, services.sealer, submission_id)
        path = paths(services).get(found.path) if found else None
        waits = path is not None and path.state in ("draft", "paused")
        state = "captured" if waits else "received"
        if not submission_states.release(connection, submission_id, accepted=accepted, state=state):
            return False
        action = "submission.accepted" if accepted else "submission.replayed"
        _audit(services, connection, actor, action, "submission", submission_id)
    services.bell.ring("process", submission_id)
    return True


def discard_group(services: Services, path: str, code: str, actor: str) -> int:
    """Discard everything that waits for one reason (on one path, "" = on all), up to GROUP; how many."""
    query = select(submission.c.id).where(*Wanted(path, code).condition()).limit(GROUP)
    with services.ledger.write() as connection:
        ids = connection.execute(query).scalars().all()
        for one in ids:
            submission_states.discard(connection, one)
            _audit(services, connection, actor, "submission.discarded", "submission", one, code)
    return len(ids)


def discard_submission(services: Services, submission_id: str, actor: str) -> bool:
    """Take a submission off the quarantine list (it is kept until it expires); False when not on it."""
    with services.ledger.write() as connection:
        found = submissions.get(connection, services.sealer, submission_id)
        if found is None or not submission_states.discard(connection, submission_id):
            return False
        _audit(
            services,
            connection,
            actor,
            "submission.discarded",
            "submission",
            submission_id,
            found.reason_code,
        )
    return True


def resume_crm(services: Services, crm: str, actor: str) -> bool:
    """Try a stopped CRM now, with all that waits for it; False when not configured or not stopped."""
    if crm not in services.settings.crms:
        return False
    now = services.now()
    with services.ledger.write() as connection:
        if not crms.set_state(connection, services.ledger, crm, CrmState(), now):
            return False
        notices.acknowledge(connection, kind="crm", object_id=crm, by=actor, at=now)
        _audit(services, connection, actor, "crm.resumed", "crm", crm)
        deliveries.bring_forward(connection, crm, now)
        waiting = select(delivery.c.id).where(delivery.c.crm == crm, delivery.c.state == "due")
        first = connection.execute(waiting.order_by(delivery.c.next_attempt_at).limit(1)).first()
    if first is not None:
        services.bell.ring("deliver", first.id)
    return True


def try_inbox(services: Services, path: str, actor: str) -> bool:
    """Let a stopped inbox be tried now by whoever watches it; False when it is not stopped."""
    with services.ledger.write() as connection:
        if not inboxes.try_now(connection, path):
            return False
        _audit(services, connection, actor, "inbox.tried", "path", path)
    return True


def acknowledge_alert(services: Services, alert_id: str, actor: str) -> bool:
    """Close an open alert, and others about the same thing; False when it is not open."""
    now = services.now()
    with services.ledger.write() as connection:
        query = select(alert).where(alert.c.id == alert_id, alert.c.acknowledged_at.is_(None))
        row = connection.execute(query).first()
        if row is None:
            return False
        notices.acknowledge(connection, kind=row.kind, object_id=row.object_id, by=actor, at=now)
        _audit(services, connection, actor, "alert.acknowledged", "alert", alert_id, row.kind)
    return True


def _audit(
    services: Services,
    connection: Connection,
    actor: str,
    action: str,
    object_kind: str,
    object_id: str,
    detail: str = "",
) -> None:
    notices.record(
        connection,
        id=services.new_id(),
        at=services.now(),
        actor=actor,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        detail=detail,
    )
