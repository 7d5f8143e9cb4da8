"""Deal pipelines and their stages."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.sandbox.hubspot.body_fields import inner, objects, text, truth, whole
from connectors.sandbox.hubspot.errors import JsonObject, invalid, not_found
from connectors.sandbox.timestamps import iso

# Ids of the default pipeline are from the reference's memory: readers must not hard-code them either.
DEFAULT_STAGES = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"),
    ("closedlost", "Closed Lost", "0.0"),
)
FIRST_ID = 1_100_001


@dataclass(slots=True)
class Stage:
    """One stage; metadata holds probability ("0.0" to "1.0") and isClosed as strings."""

    id: str
    label: str
    display_order: int
    metadata: dict[str, str]
    created_at: float
    updated_at: float
    archived: bool = False

    @property
    def closed(self) -> bool:
        """Whether a deal here is won or lost."""
        return self.metadata.get("isClosed") == "true"

    @property
    def won(self) -> bool:
        """Whether a deal here is won."""
        return self.closed and float(self.metadata.get("probability", "0")) == 1.0

    def json(self) -> JsonObject:
        """The stage as the pipelines API answers it."""
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": self.display_order,
            "metadata": dict(self.metadata),
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.updated_at),
            "archived": self.archived,
        }


@dataclass(slots=True)
class Pipeline:
    """One pipeline with its stages by id."""

    id: str
    label: str
    display_order: int
    created_at: float
    updated_at: float
    stages: dict[str, Stage] = field(default_factory=dict)
    archived: bool = False

    def stage(self, stage_id: str) -> Stage:
        """The stage. Raises: ApiError (404)."""
        stage = self.stages.get(stage_id)
        if stage is None or stage.archived:
            raise not_found(f"Stage {stage_id} does not exist in pipeline {self.id}")
        return stage

    def json(self) -> JsonObject:
        """The pipeline as the pipelines API answers it, stages in display order."""
        live = sorted((s for s in self.stages.values() if not s.archived), key=lambda s: s.display_order)
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": self.display_order,
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.updated_at),
            "archived": self.archived,
            "stages": [stage.json() for stage in live],
        }


def _label(body: JsonObject, what: str) -> str:
    label = text(body, "label")
    if not label.strip():
        raise invalid(f"A {what} needs a label.")
    return label


def _metadata(raw: JsonObject) -> dict[str, str]:
    metadata = {str(k): str(v) for k, v in raw.items()}
    try:
        probability = float(metadata.get("probability", ""))
    except ValueError:
        probability = -1.0
    if not 0.0 <= probability <= 1.0:
        raise invalid("A deal stage needs metadata.probability between 0.0 and 1.0.")
    metadata.setdefault("isClosed", "true" if probability in (0.0, 1.0) else "false")
    return metadata


class Pipelines:
    """The deal pipelines of the account."""

    def __init__(self, now: float) -> None:
        self._next = FIRST_ID
        default = Pipeline("default", "Sales Pipeline", 0, now, now)
        for order, (stage_id, label, probability) in enumerate(DEFAULT_STAGES):
            metadata = _metadata({"probability": probability})
            default.stages[stage_id] = Stage(stage_id, label, order, metadata, now, now)
        self._all = {"default": default}

    def _fresh_id(self) -> str:
        self._next += 1
        return str(self._next - 1)

    def list(self) -> list[Pipeline]:
        """Live pipelines in display order."""
        live = (p for p in self._all.values() if not p.archived)
        return sorted(live, key=lambda p: p.display_order)

    def get(self, pipeline_id: str) -> Pipeline:
        """The pipeline. Raises: ApiError (404)."""
        pipeline = self._all.get(pipeline_id)
        if pipeline is None or pipeline.archived:
            raise not_found(f"Pipeline {pipeline_id} does not exist")
        return pipeline

    def stage_of(self, pipeline_id: str, stage_id: str) -> Stage | None:
        """The stage when both exist and belong together."""
        pipeline = self._all.get(pipeline_id)
        stage = pipeline.stages.get(stage_id) if pipeline and not pipeline.archived else None
        return stage if stage and not stage.archived else None

    def create(self, body: JsonObject, now: float) -> Pipeline:
        """Add a pipeline with its stages. Raises: ApiError (400), also for a label in use."""
        label = _label(body, "pipeline")
        if any(p.label == label for p in self.list()):
            raise invalid(f"A pipeline with the label '{label}' already exists.")
        pipeline = Pipeline(self._fresh_id(), label, whole(body, "displayOrder", 0), now, now)
        for stage in objects(body, "stages"):
            self._put_stage(pipeline, stage, now)
        self._all[pipeline.id] = pipeline
        return pipeline

    def _put_stage(self, pipeline: Pipeline, body: JsonObject, now: float) -> Stage:
        label = _label(body, "stage")
        if any(s.label == label and not s.archived for s in pipeline.stages.values()):
            raise invalid(f"A stage with the label '{label}' already exists in this pipeline.")
        order = whole(body, "displayOrder", len(pipeline.stages))
        stage = Stage(self._fresh_id(), label, order, _metadata(inner(body, "metadata")), now, now)
        pipeline.stages[stage.id] = stage
        return stage

    def create_stage(self, pipeline_id: str, body: JsonObject, now: float) -> Stage:
        """Add a stage. Raises: ApiError: 404 unknown pipeline, 400 wrong or doubled stage."""
        pipeline = self.get(pipeline_id)
        stage = self._put_stage(pipeline, body, now)
        pipeline.updated_at = now
        return stage


def change(target: Pipeline | Stage, body: JsonObject, now: float) -> None:
    """Apply a PATCH to a pipeline or a stage. Raises: ApiError (400)."""
    label = _label(body, "pipeline or stage") if "label" in body else target.label
    order = whole(body, "displayOrder", target.display_order)
    archived = truth(body, "archived", target.archived)
    if isinstance(target, Stage):
        target.metadata = _metadata({**target.metadata, **inner(body, "metadata")})
    target.label, target.display_order, target.archived, target.updated_at = label, order, archived, now
