"""Owners and stages by the names that people use for them, where a vendor wants its own ids."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from connectors.crm.base import PipelineSpec


def same_label(a: str, b: str) -> bool:
    """Whether two labels are the same to a reader."""
    return a.strip().casefold() == b.strip().casefold()


class Naming(ABC):
    """Names resolved for one delivery run: the first unknown name of a kind makes us look once more."""

    def __init__(self) -> None:
        self._looked: set[str] = set()

    @abstractmethod
    def owners(self, *, fresh: bool) -> Mapping[str, str]:
        """Lower-cased email → id of everybody who can own something there."""

    @abstractmethod
    def pipelines(self, *, fresh: bool) -> tuple[PipelineSpec, ...]:
        """The pipelines with their stages, in order."""

    def known_owner(self, email: str) -> str:
        """The owner's id as far as it is known, "" when there is none: then nobody owns anything by it."""
        return self.owners(fresh=False).get(email.lower(), "")

    def owner_of(self, owner_id: str) -> str:
        """The lower-cased email of an owner's id; the id itself when nobody there has it."""
        emails = {found: email for email, found in self.owners(fresh=False).items()}
        return emails.get(owner_id, owner_id)

    def label_of(self, stage_id: str) -> str:
        """The label of a stage's id; the id itself when no pipeline has it."""
        for pipeline in self.pipelines(fresh=False):
            if stage_id in pipeline.stage_ids:
                return pipeline.stages[pipeline.stage_ids.index(stage_id)]
        return stage_id

    def known_stage(self, pipeline: str, stage: str) -> str:
        """The stage's id as far as it is known, "" when there is none: then no deal stands in it."""
        return _stage_in(self.pipelines(fresh=False), pipeline, stage)[1]

    def owner_now(self, email: str) -> str:
        """The owner's id, looked up once more in this run if need be; "" when there is none."""
        known = self.known_owner(email)
        return known or (self.owners(fresh=True).get(email.lower(), "") if self.again("owners") else "")

    def stage_now(self, pipeline: str, stage: str) -> tuple[str, str]:
        """(pipeline id, stage id) of two labels, looked up as owner_now() does; "" for what is not there."""
        found = _stage_in(self.pipelines(fresh=False), pipeline, stage)
        if "" in found and self.again("pipelines"):
            found = _stage_in(self.pipelines(fresh=True), pipeline, stage)
        return found

    def again(self, what: str) -> bool:
        """Whether this kind of name may be looked up once more in this run; only the first time it may."""
        first = what not in self._looked
        self._looked.add(what)
        return first


def _stage_in(pipelines: tuple[PipelineSpec, ...], pipeline: str, stage: str) -> tuple[str, str]:
    chosen = next((p for p in pipelines if same_label(p.label, pipeline)), None)
    if chosen is None:
        return "", ""
    stages = zip(chosen.stages, chosen.stage_ids, strict=True)
    return chosen.id, next((stage_id for label, stage_id in stages if same_label(label, stage)), "")
