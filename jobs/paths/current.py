"""The intake paths as they are now: the settings file's, with what was changed at the desk since."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from connectors.intake.base import Options
from jobs.ledger import notices, path_changes
from jobs.ledger.engine import LedgerUnavailable
from jobs.ledger.path_changes import PathChange
from jobs.settings.model import PathSettings, PathState, Settings
from jobs.settings.new_secrets import path_key_digest
from mapping.playbook.reading import PathReading
from mapping.reading.understand import PathRules

if TYPE_CHECKING:
    from jobs.services import Services

#: How long another process may go on with what a path was.
_FRESH = timedelta(seconds=1)


class RememberedChanges:
    """The changes as last read, so that not every submission asks the ledger."""

    def __init__(self) -> None:
        self.read_at: datetime | None = None
        self.changes: Mapping[str, PathChange] = {}

    def forget(self) -> None:
        """Read them again the next time."""
        self.read_at = None

    def fresh(self, now: datetime) -> bool:
        """Whether they were read a moment ago."""
        return self.read_at is not None and timedelta(0) <= now - self.read_at < _FRESH


class _NoChanges(RememberedChanges):
    """None, whatever the ledger holds: for settings that have them already."""

    def fresh(self, now: datetime) -> bool:
        """Never read again."""
        return True


NO_CHANGES = _NoChanges()


def paths(services: Services) -> Mapping[str, PathSettings]:
    """Every intake path by name, with what the playbook says of its answers.

    While the ledger cannot be read they stay as they were.
    """
    settled = settled_paths(services)
    said = services.playbook.reading.paths
    if not said:
        return settled
    return {name: _read_as(path, said.get(name)) for name, path in settled.items()}


def path_of_key(services: Services, key: str) -> PathSettings | None:
    """The path that this path key belongs to, None when it is nobody's.

    Only hashes are compared, so timing tells nothing.
    """
    digest = path_key_digest(key)
    return next((path for path in paths(services).values() if digest in path.keys), None)


def settled_paths(services: Services) -> Mapping[str, PathSettings]:
    """The paths without what the playbook says."""
    configured = services.settings.paths
    changes = _changes(services)
    if not changes:
        return configured
    return {name: _changed(path, changes.get(name)) for name, path in configured.items()}


def rules(services: Services, path: PathSettings) -> PathRules:
    """How answers of this path are understood."""
    categories = services.playbook.reading.categories
    return PathRules(path.name, path.fields, path.defaults, path.values, categories)


def options(settings: Settings, path: PathSettings) -> Options:
    """What reading a path's submissions depends on."""
    brokerage = settings.brokerage
    return Options(
        country=brokerage.country,
        timezone=brokerage.timezone,
        date_order=brokerage.date_order,
        public_url=settings.server.public_url,
        authserv_id=path.authserv_id,
        own_domains=path.own_domains,
        api_url=path.api_url,
        path=path.name,
        account=path.account,
        sheet=path.fields,
    )


def change_path(
    services: Services,
    name: str,
    actor: str,
    *,
    state: PathState | None = None,
    fields: Mapping[str, str] | None = None,
) -> None:
    """Set a path's state or field mapping; what is None stays. In force here at once, elsewhere in a second.

    Of the mapping only what the settings and the playbook do not say is kept, so that what they say later
    holds. Raises KeyError for an unknown path.
    """
    configured = services.settings.paths[name]
    said = _read_as(configured, services.playbook.reading.paths.get(name)).fields
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"path:{name}")
        before = path_changes.all_changes(connection, services.sealer).get(name)
        now = _changed(configured, before)
        change = PathChange(
            configured.state,
            state or now.state,
            _news(fields, said) if fields is not None else dict(before.fields if before else {}),
            services.now(),
            actor,
        )
        path_changes.save(connection, services.sealer, name, change)
        notices.record(
            connection,
            id=services.new_id(),
            at=services.now(),
            actor=actor,
            action="path.changed",
            object_kind="path",
            object_id=name,
            detail=f"{now.state} to {change.state}" if change.state != now.state else "field mapping",
        )
    services.path_changes.forget()
    services.bell.ring("process", "")


def _changes(services: Services) -> Mapping[str, PathChange]:
    remembered, now = services.path_changes, services.now()
    if not remembered.fresh(now):
        with suppress(LedgerUnavailable), services.ledger.read() as connection:
            remembered.changes = path_changes.all_changes(connection, services.sealer)
            remembered.read_at = now
    return remembered.changes


def _news(fields: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    return {key: word for key, word in fields.items() if said.get(key) != word}


def _read_as(path: PathSettings, said: PathReading | None) -> PathSettings:
    """The settings and the desk know the form better than the playbook does."""
    if said is None:
        return path
    fields, defaults = {**said.fields, **path.fields}, {**said.defaults, **path.defaults}
    return replace(path, fields=fields, defaults=defaults, values=said.values)


def _changed(path: PathSettings, change: PathChange | None) -> PathSettings:
    """The desk's word holds until the file says something new about the state."""
    if change is None:
        return path
    state = change.state if change.configured_state == path.state else path.state
    return replace(path, state=cast(PathState, state), fields={**path.fields, **change.fields})
