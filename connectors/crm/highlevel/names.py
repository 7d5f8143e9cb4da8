"""The names of a bundle turned into HighLevel's ids, for one delivery run."""

from __future__ import annotations

from connectors.crm.base import PipelineSpec, Rejected
from connectors.crm.highlevel.custom_fields import CustomField, Model
from connectors.crm.highlevel.directory import Directory, same_label


class Names:
    """Names resolved for one delivery run: the first unknown name of a kind makes us look once more."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._looked: set[str] = set()

    def owner_id(self, email: str) -> str:
        """The user's id. Raises Rejected when the location has no such user."""
        owner = self._directory.users().get(email.lower())
        if owner is None and self._again("users"):
            owner = self._directory.users(fresh=True).get(email.lower())
        if owner is None:
            raise Rejected(
                "The owner of this record is not a user of the HighLevel location.",
                field_name="assignedTo",
                remedy="Invite this person to the HighLevel location or set another owner in the playbook.",
            )
        return owner

    def known_owner(self, email: str) -> str:
        """The user's id as far as it is known, "" when there is none: then nobody owns anything by it."""
        return self._directory.users().get(email.lower(), "")

    def owner_of(self, user_id: str) -> str:
        """The lower-cased email of a user's id; the id itself when the location has no such user."""
        emails = {found: email for email, found in self._directory.users().items()}
        return emails.get(user_id, user_id)

    def label_of(self, stage_id: str) -> str:
        """The label of a stage's id; the id itself when no pipeline has it."""
        for pipeline in self._directory.pipelines():
            if stage_id in pipeline.stage_ids:
                return pipeline.stages[pipeline.stage_ids.index(stage_id)]
        return stage_id

    def stage_ids(self, pipeline: str, stage: str) -> tuple[str, str]:
        """(pipeline id, stage id) for two labels. Raises Rejected when the location has no such label."""
        found = _stage_in(self._directory.pipelines(), pipeline, stage)
        if "" in found and self._again("pipelines"):
            found = _stage_in(self._directory.pipelines(fresh=True), pipeline, stage)
        if not found[0]:
            raise Rejected(
                f'HighLevel has no pipeline called "{pipeline}".',
                field_name="pipelineId",
                remedy="Make it in HighLevel under Opportunities > Pipelines, or name an existing one in the "
                "playbook.",
            )
        if not found[1]:
            raise Rejected(
                f'HighLevel\'s pipeline "{pipeline}" has no stage called "{stage}".',
                field_name="pipelineStageId",
                remedy="Add the stage in HighLevel under Opportunities > Pipelines, or map it to an existing "
                "one in the playbook.",
            )
        return found

    def known_stage(self, pipeline: str, stage: str) -> str:
        """The stage's id as far as it is known, "" when there is none: then no opportunity stands in it."""
        return _stage_in(self._directory.pipelines(), pipeline, stage)[1]

    def field(self, model: Model, name: str) -> CustomField:
        """The custom field with this key. Raises Rejected when the location has none."""
        field = self._directory.fields(model).get(name)
        if field is None and self._again("fields"):
            field = self._directory.fields(model, fresh=True).get(name)
        if field is None:
            raise Rejected(
                f"HighLevel has no {model} field {name}.",
                field_name=name,
                remedy=f"Run provisioning to create the field {name}, or take it out of the mapping.",
            )
        return field

    def _again(self, what: str) -> bool:
        first = what not in self._looked
        self._looked.add(what)
        return first


def _stage_in(pipelines: tuple[PipelineSpec, ...], pipeline: str, stage: str) -> tuple[str, str]:
    chosen = next((p for p in pipelines if same_label(p.label, pipeline)), None)
    if chosen is None:
        return "", ""
    stages = zip(chosen.stages, chosen.stage_ids, strict=True)
    return chosen.id, next((stage_id for label, stage_id in stages if same_label(label, stage)), "")
