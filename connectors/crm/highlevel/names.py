"""The names of a bundle turned into HighLevel's ids, for one delivery run."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.crm.base import PipelineSpec, Rejected
from connectors.crm.highlevel.custom_fields import CustomField, Model
from connectors.crm.highlevel.directory import Directory
from connectors.crm.naming import Naming


class Names(Naming):
    """Users, pipelines and custom fields of the location."""

    def __init__(self, directory: Directory) -> None:
        super().__init__()
        self._directory = directory

    def owners(self, *, fresh: bool) -> Mapping[str, str]:
        """The location's users."""
        return self._directory.users(fresh=fresh)

    def pipelines(self, *, fresh: bool) -> tuple[PipelineSpec, ...]:
        """The location's pipelines."""
        return self._directory.pipelines(fresh=fresh)

    def owner_id(self, email: str) -> str:
        """The user's id. Raises Rejected when the location has no such user."""
        owner = self.owner_now(email)
        if not owner:
            raise Rejected(
                "The owner of this record is not a user of the HighLevel location.",
                field_name="assignedTo",
                remedy="Invite this person to the HighLevel location or set another owner in the playbook.",
            )
        return owner

    def stage_ids(self, pipeline: str, stage: str) -> tuple[str, str]:
        """(pipeline id, stage id) for two labels. Raises Rejected when the location has no such label."""
        found = self.stage_now(pipeline, stage)
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

    def field(self, model: Model, name: str) -> CustomField:
        """The custom field with this key. Raises Rejected when the location has none."""
        field = self._directory.fields(model).get(name)
        if field is None and self.again("fields"):
            field = self._directory.fields(model, fresh=True).get(name)
        if field is None:
            raise Rejected(
                f"HighLevel has no {model} field {name}.",
                field_name=name,
                remedy=f"Run provisioning to create the field {name}, or take it out of the mapping.",
            )
        return field
