"""One case of a folder: the bytes that arrive, and the result that a correct intake gives."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_ENDING = ".expected.json"
#: What a file is sent as when its case has no headers.
_TYPES = {
    "json": "application/json",
    "json.gz": "application/json",
    "xml": "application/xml",
    "urlencoded": "application/x-www-form-urlencoded",
    "csv": "text/csv",
    "eml": "message/rfc822",
    "fnm": "text/plain",
}


@dataclass(frozen=True, slots=True)
class Case:
    """expected is the file NAME.expected.json as it stands; headers are in the order they are sent."""

    name: str
    folder: Path
    expected: Mapping[str, Any]
    body: bytes
    ending: str
    method: str
    query: str
    headers: tuple[tuple[str, str], ...]

    @property
    def posted(self) -> bool:
        """False for a mail that is read from an inbox."""
        return not (self.ending == "eml" and not self.headers)

    @property
    def received_at(self) -> datetime:
        """The case's clock."""
        moment = datetime.fromisoformat(self.expected["received_at"])
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    @property
    def auth(self) -> Mapping[str, Any]:
        """How the sender shows who it is."""
        return self.expected.get("auth") or {}

    @property
    def text(self) -> str:
        """What arrives, as text, with what the vendor's API answers."""
        answers = [(self.folder / one["answer_file"]).read_bytes() for one in self.expected.get("fetch", ())]
        return b"\n".join((self.body, *answers)).decode("utf-8", errors="replace")


def read_cases(folder: Path, only: str = "") -> Iterator[Case]:
    """Every case of a folder and of the folders in it, by name."""
    for file in sorted(folder.rglob(f"*{_ENDING}")):
        name = file.name.removesuffix(_ENDING)
        if only in name:
            yield _read(file.parent, name)


def _read(folder: Path, name: str) -> Case:
    expected = json.loads((folder / f"{name}{_ENDING}").read_text(encoding="utf-8"))
    file = folder / expected.get("file", "") if expected.get("file") else _payload(folder, name)
    ending = file.name.removeprefix(f"{name}.") if file.name.startswith(f"{name}.") else file.suffix[1:]
    method, query, headers = _headers(folder / (expected.get("headers_file") or f"{name}.headers"))
    if headers and not any(key.lower() == "content-type" for key, _ in headers) and ending in _TYPES:
        headers = (*headers, ("Content-Type", _TYPES[ending]))
    body = file.read_bytes() if file.is_file() else b""
    return Case(name, folder, expected, body, ending, method, query, headers)


def _payload(folder: Path, name: str) -> Path:
    """The one file of the case that is neither its headers nor an answer."""
    return next(
        (folder / f"{name}.{one}" for one in (*_TYPES, "multipart") if (folder / f"{name}.{one}").is_file()),
        folder,
    )


def _headers(file: Path) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    if not file.is_file():
        return "POST", "", ()
    method, query, headers = "POST", "", []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith(":method:"):
            method = line.removeprefix(":method:").strip()
        elif line.startswith(":query:"):
            query = line.removeprefix(":query:").strip()
        elif line.strip():
            key, _, value = line.partition(":")
            if key.strip().lower() != "content-length":
                headers.append((key.strip(), value.strip()))
    return method, query, tuple(headers)
