"""The parts of a composite or a graph: their addresses, headers and references to earlier parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.callers import Caller, caller_of
from connectors.sandbox.salesforce.errors import ApiError, not_found
from connectors.sandbox.salesforce.web.calls import NO_BODY, Call, Reply

Dispatch = Callable[[Call], Reply]
HALTED = "The transaction was rolled back since another operation in the same transaction failed."
_REFERENCE = re.compile(r"@\{([^}]*)\}")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*")
_NOT_ALLOWED = frozenset({"accept", "authorization", "content-type"})
_ADDRESS = re.compile(r"/services/data/v(\d+\.\d)/(.*)")


@dataclass(frozen=True, slots=True)
class Part:
    """One subrequest as it came."""

    method: str
    url: str
    reference_id: str
    body: Any
    headers: Mapping[str, str]

    def references(self) -> set[str]:
        """The reference ids that the address and the body use."""
        return {
            one.partition(".")[0].partition("[")[0] for one in _REFERENCE.findall(f"{self.url} {self.body}")
        }


def read_parts(raw: object) -> list[Part]:
    """The subrequests of a request. Raises: ApiError (400) when they cannot be carried out at all."""
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        raise ApiError(400, "JSON_PARSER_ERROR", "compositeRequest must be a list of subrequests")
    parts = [_part(one) for one in raw]
    seen: set[str] = set()
    for part in parts:
        if part.reference_id in seen:
            message = f"Duplicate referenceId '{part.reference_id}': each must be unique in a request."
            raise ApiError(400, "INVALID_INPUT", message)
        seen.add(part.reference_id)
    return parts


def _part(raw: JsonObject) -> Part:
    reference_id = raw.get("referenceId")
    if not isinstance(reference_id, str) or not _ID.fullmatch(reference_id):
        message = (
            f"Provided referenceId ('{reference_id}') must start with a letter or a number, and it can "
            "contain only letters, numbers and underscores ('_')."
        )
        raise ApiError(400, "INVALID_INPUT", message)
    headers = {str(name).lower(): str(value) for name, value in (raw.get("httpHeaders") or {}).items()}
    if wrong := _NOT_ALLOWED & headers.keys():
        message = f"The header '{min(wrong)}' is not allowed in a subrequest"
        raise ApiError(400, "INVALID_INPUT", message)
    method, url = raw.get("method"), raw.get("url")
    if not isinstance(method, str) or not isinstance(url, str):
        raise ApiError(400, "INVALID_INPUT", "Each subrequest needs a method and a url")
    return Part(method.upper(), url, reference_id, raw.get("body"), headers)


def run(part: Part, outer: Caller, dispatch: Dispatch, results: Mapping[str, Any]) -> Reply:
    """Carry out one part. results: reference id → body of the parts that succeeded. Raises: ApiError."""
    return dispatch(to_call(part, outer, results))


def to_call(part: Part, outer: Caller, results: Mapping[str, Any]) -> Call:
    """The part as a call of its own. Raises: ApiError for an address or a reference that leads nowhere."""
    whole, _, asked = _filled_text(part.url, results).partition("?")
    address = _ADDRESS.fullmatch(whole)
    if address is None:
        raise not_found()
    path = tuple(unquote(segment) for segment in address[2].rstrip("/").split("/"))
    caller = caller_of(outer.user_id, float(address[1]), part.headers)
    body = None if part.body is None else _filled(part.body, results)
    query = dict(parse_qsl(asked, keep_blank_values=True)) if asked else {}
    return Call(part.method, path, query, part.headers, body, caller, part=True)


def _filled(value: Any, results: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return _filled_text(value, results) if "@{" in value else value
    if isinstance(value, dict):
        return {key: _filled(one, results) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, results) for one in value]
    return value


def _filled_text(text: str, results: Mapping[str, Any]) -> str:
    return _REFERENCE.sub(lambda found: str(_looked_up(found[1], results)), text) if "@{" in text else text


def _looked_up(path: str, results: Mapping[str, Any]) -> Any:
    """The value of "ref.records[0].Id"; names mind case. Raises: ApiError (400 PROCESSING_HALTED)."""
    name = path.partition(".")[0].partition("[")[0]
    value = results.get(name)
    for key, index in _STEP.findall(path[len(name) :]):
        if index:
            value = value[int(index)] if isinstance(value, list) and int(index) < len(value) else None
        else:
            value = value.get(key) if isinstance(value, dict) else None
    if value is None or isinstance(value, dict | list):
        message = f"Invalid reference specified. No value for {path} found in {name}"
        raise ApiError(400, "PROCESSING_HALTED", message)
    return value


def shown(part: Part, reply: Reply) -> JsonObject:
    """A part's reply inside the answer."""
    return {
        "body": None if reply.body is NO_BODY else reply.body,
        "httpHeaders": dict(reply.headers),
        "httpStatusCode": reply.status,
        "referenceId": part.reference_id,
    }


def halted() -> Reply:
    """What the innocent parts of a request that was rolled back answer."""
    return Reply(400, [{"errorCode": "PROCESSING_HALTED", "message": HALTED}])
