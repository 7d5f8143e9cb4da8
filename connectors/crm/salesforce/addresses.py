"""Which addresses the connector may talk to: Salesforce over https, a sandbox on this machine over http."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def checked(address: str) -> str:
    """The address without a path, ready to be put before one.

    Raises ValueError, in a sentence, unless it is https, or http on a loopback address.
    """
    parts = urlsplit(address.strip())
    if not parts.hostname or parts.username or parts.password:
        raise ValueError(
            "The Salesforce address must look like https://acme.my.salesforce.com (your My Domain)."
        )
    if parts.scheme != "https" and not is_plain(address):
        raise ValueError(
            "The Salesforce address must begin with https://; http is only for a sandbox on this machine."
        )
    return f"{parts.scheme}://{parts.netloc}"


def is_plain(address: str) -> bool:
    """Whether it is http on a loopback address."""
    parts = urlsplit(address.strip())
    return parts.scheme == "http" and _is_loopback(parts.hostname or "")


def trusted(instance: str, login: str) -> bool:
    """Whether the API address that a login answered may be given our token.

    It must be the login's own host, or belong to the same domain (acme.my.salesforce.com and
    acme.sandbox.my.salesforce.com are both salesforce.com's).
    """
    try:
        ours, theirs = urlsplit(checked(login)), urlsplit(checked(instance))
    except ValueError:
        return False
    if is_plain(login):
        return _is_loopback(theirs.hostname or "")
    if theirs.scheme != "https":
        return False
    return theirs.hostname == ours.hostname or _domain(theirs.hostname) == _domain(ours.hostname)


def _domain(host: str | None) -> str:
    return ".".join((host or "").split(".")[-2:])


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
