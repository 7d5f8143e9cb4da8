"""HighLevel's published contracts, mended where they are known to be wrong, and a check against them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import requests
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.datastructures import MultiDict

Json = dict[str, Any]
HOST = "https://services.leadconnectorhq.com"
AREAS = ("contacts", "opportunities", "locations", "users", "workflows", "oauth")
_COMMON = "../common/common-schemas.json#"


def contracts(specs: Path) -> dict[str, OpenAPI]:
    """Area → its contract; requests may hold nothing that it does not name."""
    patches = json.loads((specs / "patches.json").read_text("utf-8"))
    common = json.loads((specs / "common" / "common-schemas.json").read_text("utf-8"))
    found = {}
    for area in AREAS:
        text = (specs / "apps" / f"{area}.json").read_text("utf-8").replace(_COMMON, "#")
        document = json.loads(text)
        for patch in patches.get(f"{area}.json", ()):
            _apply(document, patch)
        document["components"]["schemas"].update(common["components"]["schemas"])
        document["servers"] = [{"url": HOST}]
        _mend(area, document)
        # Not checked itself: its security schemes have keys that OpenAPI does not know.
        found[area] = OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))
    return found


def _apply(document: Json, patch: Json) -> None:
    """One step of RFC 6902; the patches hold only add, replace and remove."""
    *way, last = (step.replace("~1", "/").replace("~0", "~") for step in patch["path"].split("/")[1:])
    place: Any = document
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if patch["op"] == "remove":
        del place[last]
    elif isinstance(place, list) and last == "-":
        place.append(patch["value"])
    else:
        place[last] = patch["value"]


def _mend(area: str, document: Json) -> None:
    """What the patches leave: undocumented keys that are taken, and fields that answers write otherwise."""
    schemas = document["components"]["schemas"]
    for path in document["paths"].values():
        for operation in path.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                name = content["schema"].get("$ref", "").rpartition("/")[2]
                if schemas.get(name, {}).get("properties"):
                    schemas[name]["additionalProperties"] = False
    if area == "opportunities":
        # Search writes fieldValueString and its like; a value may be a number; no page beyond is null.
        schemas["CustomFieldResponseSchema"].pop("required")
        schemas["CustomFieldResponseSchema"]["properties"]["fieldValue"] = {}
        for name in ("nextPageUrl", "startAfterId", "startAfter", "nextPage", "prevPage"):
            schemas["SearchMetaResponseSchema"]["properties"][name]["nullable"] = True
        schemas["OpportunitySearchBodyDTO"]["properties"].update(filters={"type": "array"})
    if area == "contacts":
        schemas["CustomFieldSchema"]["properties"]["value"] = {}  # numbers and lists as well
    if area == "locations":
        schemas["CreateCustomFieldsDTO"]["properties"].update(fieldKey={"type": "string"})


def faults(contract: OpenAPI, answer: requests.Response) -> Iterator[str]:
    """Every way in which a request or its answer breaks the contract."""
    sent = answer.request
    path, _, query = str(sent.path_url).partition("?")
    content_type = str(sent.headers.get("Content-Type", ""))
    body = sent.body if isinstance(sent.body, bytes) else (sent.body or "").encode()
    request = MockRequest(
        HOST,
        str(sent.method).lower(),
        path,
        args=MultiDict(parse_qsl(query)),
        headers=dict(sent.headers),
        data=body or None,
        content_type=content_type,
    )
    response = MockResponse(answer.content, status_code=answer.status_code, content_type="application/json")
    checks: dict[str, Callable[[], object]] = {
        "answer": lambda: contract.validate_response(request, response)
    }
    if answer.ok:
        checks["request"] = lambda: contract.validate_request(request)
    for what, check in checks.items():
        try:
            check()
        except OpenAPIError as e:
            detail = getattr(e.__cause__, "schema_errors", None) or e.__cause__ or ""
            yield f"{what} of {sent.method} {path} {answer.status_code}: {type(e).__name__} {e} {detail}"
