"""/crm/v3/pipelines/deals: pipelines and their stages."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from connectors.sandbox.hubspot.errors import not_found
from connectors.sandbox.hubspot.object_types import DEALS, object_type
from connectors.sandbox.hubspot.pipelines import Pipeline, change
from connectors.sandbox.hubspot.web.request import json_body, state

blueprint = Blueprint("pipelines", __name__, url_prefix="/crm/v3/pipelines/<kind>")


def _pipeline(kind: str, pipeline_id: str) -> Pipeline:
    _check(kind)
    return state().pipelines.get(pipeline_id)


def _check(kind: str) -> None:
    if object_type(kind) is not DEALS:
        raise not_found("Only deals have pipelines in this account.")


@blueprint.get("")
def list_all(kind: str) -> ResponseReturnValue:
    """Every pipeline with its stages, unpaged."""
    _check(kind)
    return {"results": [pipeline.json() for pipeline in state().pipelines.list()]}


@blueprint.post("")
def create(kind: str) -> ResponseReturnValue:
    """201."""
    _check(kind)
    return state().pipelines.create(json_body(), state().clock()).json(), 201


@blueprint.get("/<pipeline_id>")
def get(kind: str, pipeline_id: str) -> ResponseReturnValue:
    """One pipeline, or 404."""
    return _pipeline(kind, pipeline_id).json()


@blueprint.patch("/<pipeline_id>")
def update(kind: str, pipeline_id: str) -> ResponseReturnValue:
    """The changed pipeline."""
    pipeline = _pipeline(kind, pipeline_id)
    change(pipeline, json_body(), state().clock())
    return pipeline.json()


@blueprint.delete("/<pipeline_id>")
def archive(kind: str, pipeline_id: str) -> ResponseReturnValue:
    """204."""
    change(_pipeline(kind, pipeline_id), {"archived": True}, state().clock())
    return "", 204


@blueprint.get("/<pipeline_id>/stages")
def list_stages(kind: str, pipeline_id: str) -> ResponseReturnValue:
    """The stages in order, unpaged."""
    return {"results": _pipeline(kind, pipeline_id).json()["stages"]}


@blueprint.post("/<pipeline_id>/stages")
def create_stage(kind: str, pipeline_id: str) -> ResponseReturnValue:
    """201."""
    _check(kind)
    return state().pipelines.create_stage(pipeline_id, json_body(), state().clock()).json(), 201


@blueprint.get("/<pipeline_id>/stages/<stage_id>")
def get_stage(kind: str, pipeline_id: str, stage_id: str) -> ResponseReturnValue:
    """One stage, or 404."""
    return _pipeline(kind, pipeline_id).stage(stage_id).json()


@blueprint.patch("/<pipeline_id>/stages/<stage_id>")
def update_stage(kind: str, pipeline_id: str, stage_id: str) -> ResponseReturnValue:
    """The changed stage."""
    stage = _pipeline(kind, pipeline_id).stage(stage_id)
    change(stage, json_body(), state().clock())
    return stage.json()


@blueprint.delete("/<pipeline_id>/stages/<stage_id>")
def archive_stage(kind: str, pipeline_id: str, stage_id: str) -> ResponseReturnValue:
    """204."""
    change(_pipeline(kind, pipeline_id).stage(stage_id), {"archived": True}, state().clock())
    return "", 204
