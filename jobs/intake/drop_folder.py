"""Files laid into a folder are taken in like submissions, each once, and moved to done/ or failed/.

A file is taken when it is complete: named like a finished one, and unchanged for some seconds. Stored first
and moved after, so that a crash in between only means that it is offered again; its content is its name then,
and the same content again changes nothing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from connectors.intake.base import IntakeError, RawRequest
from connectors.intake.registry import ADAPTERS
from jobs.intake.accepting import accept
from jobs.paths.current import paths
from jobs.services import Services
from jobs.settings.model import PathSettings

DONE, FAILED = "done", "failed"
#: A file that was written to so lately may still be growing.
_SETTLES = timedelta(seconds=10)
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download", ".swp", "~")
_TYPES: Mapping[str, str] = {
    ".xml": "application/xml",
    ".json": "application/json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".eml": "message/rfc822",
}
_PER_ROUND = 50
_log = structlog.get_logger()


def take_dropped(services: Services) -> int:
    """Take in what lies complete in the paths' folders; how many files moved. Raises LedgerUnavailable."""
    count = 0
    for path in paths(services).values():
        if path.drop_folder is None:
            continue
        try:
            for file in _complete(path.drop_folder, services.now()):
                count += _take(services, path, path.drop_folder, file)
        except OSError as error:
            # The folder is away or not ours: the other folders go on.
            _log.error("drop_folder_failed", path=path.name, error=type(error).__name__)
    return count


def _complete(folder: Path, now: datetime) -> Iterator[Path]:
    """The oldest files that nobody writes to any more."""
    for name in (DONE, FAILED):
        (folder / name).mkdir(parents=True, exist_ok=True)
    found = []
    for entry in os.scandir(folder):
        if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED):
            continue
        # A link could lead to any file of the machine.
        if not entry.is_file(follow_symlinks=False):
            continue
        facts = entry.stat(follow_symlinks=False)
        if facts.st_mtime <= (now - _SETTLES).timestamp():
            found.append((facts.st_mtime, entry.path))
    yield from (Path(file) for _, file in sorted(found)[:_PER_ROUND])


def _take(services: Services, path: PathSettings, folder: Path, file: Path) -> int:
    """1 when the file was moved, 0 when another worker was faster."""
    try:
        body = _read(file, ADAPTERS[path.kind].max_body)
    except FileNotFoundError:
        return 0
    kind = _TYPES.get(file.suffix.lower(), "application/octet-stream")
    request = RawRequest(kind, {}, body, received_at=services.now())
    name = f"file:{hashlib.sha256(body).hexdigest()}"
    try:
        if not body.strip():
            raise IntakeError("empty_body", "The file is empty.")
        accept(services, path, request, name=name, trusted=True)
    except IntakeError as error:
        return _move(file, folder / FAILED, f"{error}\nReason code: {error.code}\n")
    return _move(file, folder / DONE)


def _read(file: Path, most: int) -> bytes:
    with file.open("rb") as opened:
        # One byte more, so that what is too large is found out and no more of it is read.
        return opened.read(most + 1)


def _move(file: Path, folder: Path, reason: str = "") -> int:
    """Beside an older file of the same name, never over it; with the reason as a text beside it."""
    target, number = folder / file.name, 1
    while target.exists():
        number += 1
        target = folder / f"{file.stem}-{number}{file.suffix}"
    if reason:
        # Before the move: a file in failed/ never stands there without its reason.
        target.with_name(f"{target.name}.txt").write_text(reason, encoding="utf-8")
    with suppress(FileNotFoundError):
        file.rename(target)
        return 1
    return 0
