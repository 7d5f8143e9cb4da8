"""The OpenAPI 3.1 document of the API, made from the schema that checks what is posted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from mapping.consent.agreed import CHANNELS
from mapping.inquiry import InquiryType, Stage
from webapp.api.schema import FollowUpPosted, InquiryPosted, OptOutPosted

_NULLABLE_TEXT = ["string", "null"]
_TIME = {"type": _NULLABLE_TEXT, "format": "date-time"}
_ANSWER = {"type": ["string", "number", "boolean", "null"]}
#: An email address or a phone number is needed, and an empty one is none.
_REACHABLE = [
    {"required": [name], "properties": {name: {"type": "string", "pattern": r"\S"}}}
    for name in ("email", "phone")
]


def _shape(schema: Schema) -> dict[str, Any]:
    shown = {name: _field(field) for name, field in schema.fields.items()}
    return {"type": ["object", "null"], "additionalProperties": False, "properties": shown}


def _field(field: fields.Field[Any]) -> dict[str, Any]:
    about = {"description": field.metadata["description"]} if "description" in field.metadata else {}
    if isinstance(field, fields.Nested):
        return _shape(field.schema)
    if isinstance(field, fields.List):
        return {**about, "type": "array", "minItems": 1, "items": {"type": "string", "enum": list(CHANNELS)}}
    if isinstance(field, fields.Dict):
        values = {"anyOf": [_ANSWER, {"type": "array", "items": _ANSWER}]}
        return {**about, "type": "object", "maxProperties": 200, "additionalProperties": values}
    if isinstance(field, fields.Boolean):
        return {**about, "type": ["boolean", "null"]}
    if isinstance(field, fields.Email):
        return {**about, "type": _NULLABLE_TEXT, "format": "email"}
    if isinstance(field, fields.Date):
        return {**about, "type": _NULLABLE_TEXT, "format": "date"}
    if isinstance(field, fields.AwareDateTime):
        return {**about, **_TIME}
    if isinstance(field, fields.String):
        return {**about, "type": _NULLABLE_TEXT, **_limits(field)}
    return {**about, "type": ["number", "string", "null"], "minimum": 0, "maxLength": 100}


def _limits(field: fields.Field[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for check in field.validators:
        longest, choices = getattr(check, "max", None), getattr(check, "choices", None)
        found |= {"maxLength": longest} if longest else {}
        found |= {"enum": [*map(str, choices), None]} if choices else {}
    return found


def _answer(about: str, schema: str, kind: str = "application/json") -> dict[str, Any]:
    return {"description": about, "content": {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _refusals(*statuses: str) -> dict[str, Any]:
    words = {
        "400": "The body cannot be read",
        "401": "No token, or one that is not known",
        "403": "Such inquiries may not be had: a trigger lead without attestation",
        "404": "No such inquiry for this token",
        "409": "It has become no inquiry, or not yet: nothing is followed up",
        "413": "Larger than 256 KB",
        "415": "Not JSON",
        "422": "Something in it is wrong, or its id was used before for other content",
        "429": "Too many requests; Retry-After says when to go on",
        "503": "It cannot be stored at the moment; nothing was kept",
    }
    return {one: _answer(words[one], "Problem", "application/problem+json") for one in statuses}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": dict(properties)}


def _post(operation: str, summary: str, schema: str) -> dict[str, Any]:
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same key with the same body gets the same answer.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    }
    body = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [key],
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": {
            "201": _answer("Stored, now or when the same was posted before", "Received"),
            **_refusals("400", "401", "403", "413", "415", "422", "429", "503"),
        },
    }


_TEXT = {"type": "string"}
_DELIVERY = _object(
    {
        "crm": _TEXT,
        "status": _TEXT,
        "delivered_at": _TIME,
        "error": _TEXT,
        "records": {"type": "array", "items": _object({"kind": _TEXT, "id": _TEXT})},
    }
)
_DECIDED = _object(
    {
        "id": _TEXT,
        "type": {"enum": [str(one) for one in InquiryType]},
        "stage": {"enum": [str(one) for one in Stage]},
        "owner": _TEXT,
        "known_borrower": {"type": "boolean"},
        "follow_up": _object({"state": {"enum": ["running", "paused", "stopped"]}, "paused_until": _TIME}),
        "priority": {"type": ["integer", "null"], "description": "0 to 100; null when it is over"},
        "next_follow_up_at": _TIME,
        "deliveries": {"type": "array", "items": _DELIVERY},
    }
)
_STATES = ["received", "processed"]
_ID = {"name": "id", "in": "path", "required": True, "schema": _TEXT}
_FOLLOW_UP = {"$ref": "#/components/schemas/FollowUpPosted"}

DOCUMENT: Mapping[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Firstpath inquiries",
        "version": "1",
        "description": "Post mortgage inquiries and see what became of them. The token is made by "
        "`firstpath api token`, or is a path's key.",
        "license": {"name": "MIT", "identifier": "MIT"},
    },
    "servers": [{"url": "/api/v1"}],
    "security": [{"token": []}],
    "paths": {
        "/inquiries": {"post": _post("postInquiry", "Post one inquiry", "InquiryPosted")},
        "/opt-outs": {"post": _post("postOptOut", "Somebody wants to be left alone", "OptOutPosted")},
        "/inquiries/{id}": {
            "get": {
                "operationId": "getInquiry",
                "summary": "What became of an inquiry",
                "parameters": [_ID],
                "responses": {
                    "200": _answer("Its status", "Status"),
                    **_refusals("401", "404", "429", "503"),
                },
            }
        },
        "/inquiries/{id}/follow-up": {
            "post": {
                "operationId": "postFollowUp",
                "summary": "Stop, pause or resume the follow-up of an inquiry; repeating changes nothing",
                "parameters": [_ID],
                "requestBody": {"required": True, "content": {"application/json": {"schema": _FOLLOW_UP}}},
                "responses": {
                    "200": _answer("Its status now", "Status"),
                    **_refusals("400", "401", "404", "409", "413", "415", "422", "429", "503"),
                },
            }
        },
    },
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "InquiryPosted": {
                **_shape(InquiryPosted()),
                "type": "object",
                "anyOf": _REACHABLE,
            },
            "OptOutPosted": {
                **_shape(OptOutPosted()),
                "type": "object",
                "required": ["channels"],
                "anyOf": _REACHABLE,
            },
            "FollowUpPosted": {
                **_shape(FollowUpPosted()),
                "type": "object",
                "required": ["action"],
                "oneOf": [
                    {
                        "required": ["until"],
                        "properties": {"action": {"const": "pause"}, "until": {"type": "string"}},
                    },
                    {"properties": {"action": {"enum": ["stop", "go_on"]}, "until": {"type": "null"}}},
                ],
            },
            "Received": _object({"id": _TEXT, "status": {"const": "received"}}),
            "Status": _object(
                {
                    "id": _TEXT,
                    "status": {"enum": _STATES},
                    "received_at": _TIME,
                    "inquiry": {"anyOf": [_DECIDED, {"type": "null"}]},
                }
            ),
            "Problem": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                    "type": _TEXT,
                    "title": _TEXT,
                    "status": {"type": "integer"},
                    "detail": _TEXT,
                    "errors": {"type": "array", "items": _object({"field": _TEXT, "message": _TEXT})},
                },
            },
        },
    },
}
