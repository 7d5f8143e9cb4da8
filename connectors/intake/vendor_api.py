"""Asking a sender's API for what its notice points to: one GET, bounded, no redirects, errors told apart."""

from __future__ import annotations

from collections.abc import Mapping

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from connectors.intake.base import FetchFailed, IntakeError, JsonValue
from connectors.intake.json_body import parse_json

_CONNECT_SECONDS, _READ_SECONDS = 5, 20
_MOST_BYTES = 10_000_000  # a loan with all of its forms
_LONGEST_WAIT = 3600.0


def get_json(
    vendor: str, url: str, token: str, *, params: Mapping[str, str], headers: Mapping[str, str] | None = None
) -> JsonValue:
    """What the API says. vendor is its name for the sentences; url was made by us, from checked parts only.

    Raises FetchFailed: again for 429, 5xx, time-outs and broken answers; for a person what will not change by
    itself (no token, 401, 403, 404 and other 4xx).
    """
    if not token:
        remedy = "Set the API token of this path, then replay the submission."
        raise FetchFailed(f"There is no API token for {vendor}.", again=False, remedy=remedy)
    try:
        with requests.get(
            url,
            params=dict(params),
            headers={"Accept": "application/json", **(headers or {})},
            auth=_Bearer(token),
            timeout=(_CONNECT_SECONDS, _READ_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as answer:
            body = answer.raw.read(_MOST_BYTES + 1, decode_content=True)
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        raise FetchFailed(f"{vendor} could not be reached ({type(error).__name__}).", again=True) from None
    if answer.status_code != requests.codes.ok:
        raise _failed(vendor, answer.status_code, answer.headers.get("Retry-After", ""), body)
    return _parsed(vendor, body)


class _Bearer(AuthBase):
    """Given as authentication, so that no .netrc of the machine is asked for another."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        r.headers["Authorization"] = f"Bearer {self._token}"
        return r


def _parsed(vendor: str, body: bytes) -> JsonValue:
    if len(body) > _MOST_BYTES:
        raise FetchFailed(f"The answer of {vendor} is larger than 10 MB.", again=False)
    try:
        return parse_json(body.decode())
    except (IntakeError, ValueError):
        raise FetchFailed(f"The answer of {vendor} is no JSON.", again=True) from None


def _failed(vendor: str, status: int, retry_after: str, body: bytes) -> FetchFailed:
    wait = (
        min(float(retry_after), _LONGEST_WAIT) if retry_after.isascii() and retry_after.isdecimal() else 0.0
    )
    if status in (408, 425, 429) or status >= 500 or _is_passing(body):
        return FetchFailed(f"{vendor} is busy or down (HTTP {status}).", again=True, retry_after=wait)
    if status in (400, 401, 403):
        remedy = "Check the API token of this path and what it may read, then replay the submission."
    else:
        remedy = "Look for it at the sender: it may have been deleted or be too old to be read."
    return FetchFailed(f"{vendor} refuses to tell (HTTP {status}).", again=False, remedy=remedy)


def _is_passing(body: bytes) -> bool:
    """Graph says with status 400 that it is only for now: is_transient, or one of its codes for limits."""
    try:
        said = parse_json(body[:20_000].decode())
    except (IntakeError, ValueError):
        return False
    error = said.get("error") if isinstance(said, dict) else None
    if not isinstance(error, dict):
        return False
    return error.get("is_transient") is True or error.get("code") in (1, 2, 4, 17, 32, 613)
