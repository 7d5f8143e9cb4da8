"""Checks of the addresses in the settings: web, database, queue, origins, logos."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from jobs.settings.mistake import refusal

_WEB = "Write a full address, such as https://intake.example.com."


def is_loopback(host: str | None) -> bool:
    """True for localhost and the loopback addresses: traffic that leaves no machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def web_address(value: str) -> None:
    """Refuse all but https addresses without a password; http is allowed to this machine only."""
    parts = _split(value)
    if parts.scheme not in ("https", "http") or not parts.hostname or any(map(str.isspace, value)):
        raise refusal("is not a web address.", _WEB)
    if parts.username or parts.password:
        raise refusal("holds a user name or password.", "Leave them out of the address.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise refusal("is not encrypted.", "Use https; http is for 127.0.0.1 and localhost only.")


def optional_web_address(value: str) -> None:
    """The same, or nothing at all."""
    if value:
        web_address(value)


def base_address(value: str) -> None:
    """A web address that paths can be added to: no query, no fragment."""
    web_address(value)
    if "?" in value or "#" in value:
        raise refusal("has a query or a fragment.", "End the address before the ? or #.")


def origin(value: str) -> None:
    """Scheme, host and port only, as browsers compare them."""
    web_address(value)
    parts = urlsplit(value)
    if value != f"{parts.scheme}://{parts.netloc.lower()}" or "*" in value:
        raise refusal("is not an origin.", "Write scheme and host only, such as https://www.example.com.")


def host_name(value: str) -> None:
    """A host alone, without scheme, port or path."""
    if _split(f"https://{value}").hostname != value.lower() or "." not in value.strip("."):
        raise refusal("is not the name of a host.", "Write it like this: apply.example.com")


def picture_address(value: str) -> None:
    """A picture by https address, or inside a data: address; or nothing at all."""
    if value and not value.startswith(("data:image/png", "data:image/jpeg", "data:image/svg+xml")):
        web_address(value)


def ledger_address(value: str) -> None:
    """sqlite:///a/file or postgresql://host/name, the password left out."""
    parts = _split(value)
    if parts.scheme == "sqlite":
        if parts.netloc or parts.path in ("", "/", "/:memory:"):
            raise refusal("names no file.", "Write it like this: sqlite:///var/firstpath.sqlite3")
        return
    if parts.scheme not in ("postgresql", "postgresql+psycopg"):
        raise refusal("is not a database that a ledger can be kept in.", "Use sqlite:/// or postgresql://.")
    if not parts.path.strip("/"):
        raise refusal("names no database.", "Write it like this: postgresql://host/firstpath")


def file_ledger_address(value: str) -> None:
    """The same, with the password kept out of the file."""
    ledger_address(value)
    _no_password(value, "FIRSTPATH_LEDGER_URL")


def queue_address(value: str) -> None:
    """redis://, rediss:// or unix://; or nothing at all."""
    if value and _split(value).scheme not in ("redis", "rediss", "unix"):
        raise refusal("is not the address of a Redis.", "Write it like this: redis://127.0.0.1:6379/0")


def file_queue_address(value: str) -> None:
    """The same, with the password kept out of the file."""
    queue_address(value)
    _no_password(value, "FIRSTPATH_REDIS_URL")


def _no_password(value: str, variable: str) -> None:
    if _split(value).password or "password=" in value:
        raise refusal(
            "holds a password, and secrets do not belong in this file.",
            f"Set {variable} to the whole address instead.",
        )


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises when it is no number
    except ValueError:
        raise refusal("is not an address.", _WEB) from None
    return parts
