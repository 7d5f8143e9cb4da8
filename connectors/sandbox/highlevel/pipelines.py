"""Pipelines and their stages. People make them: the API of 2021-07-28 only lists them."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.errors import invalid
from connectors.sandbox.highlevel.ids import IdMaker


@dataclass(frozen=True, slots=True)
class PipelineSeed:
    """A pipeline the sub-account should start with."""

    name: str
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One column; position counts from 0."""

    id: str
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One board."""

    id: str
    name: str
    stages: tuple[Stage, ...]

    def json(self, location_id: str) -> JsonObject:
        """The pipeline as the API lists it."""
        stages = [
            {"id": s.id, "name": s.name, "position": s.position, "showInFunnel": True, "showInPieChart": True}
            for s in self.stages
        ]
        return {
            "id": self.id,
            "name": self.name,
            "stages": stages,
            "showInFunnel": True,
            "showInPieChart": True,
            "locationId": location_id,
        }

    def stage_id(self, name: str) -> str:
        """The id of the stage with this name. Raises: KeyError."""
        return {stage.name: stage.id for stage in self.stages}[name]


class Pipelines:
    """All pipelines, in the order they were made."""

    def __init__(self, ids: IdMaker) -> None:
        self._ids = ids
        self._all: dict[str, Pipeline] = {}

    def add(self, seed: PipelineSeed) -> Pipeline:
        """What a person does under Opportunities → Pipelines. The same name again replaces its stages."""
        known = next((p for p in self._all.values() if p.name == seed.name), None)
        kept = {stage.name: stage.id for stage in known.stages} if known else {}
        stages = tuple(
            Stage(kept.get(name) or self._ids.uuid(), name, position)
            for position, name in enumerate(seed.stages)
        )
        pipeline = Pipeline(known.id if known else self._ids.record(), seed.name, stages)
        self._all[pipeline.id] = pipeline
        return pipeline

    def list(self) -> list[Pipeline]:
        """All of them."""
        return list(self._all.values())

    def check(self, pipeline_id: str, stage_id: str | None) -> str:
        """The stage to use: the one that was asked for, or the pipeline's first.

        Raises: ApiError (422) for a pipeline or stage that is not there.
        """
        pipeline = self._all.get(pipeline_id)
        if pipeline is None:
            raise invalid(f"pipelineId: pipeline not found with id {pipeline_id}")
        if stage_id is None:
            return pipeline.stages[0].id
        if all(stage.id != stage_id for stage in pipeline.stages):
            raise invalid(f"pipelineStageId: stage not found with id {stage_id}")
        return stage_id
