"""Arguments of the pipeline's identities."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.pipeline_identities import PipelineIdentitiesArgs
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.wiring.stack import Stack


def args(stack: Stack, groups: ResourceGroups) -> PipelineIdentitiesArgs:
    """One identity that previews, one that updates."""
    wanted = stack.settings.pipeline
    assert wanted.repository, "settings refuse a pipeline without its repository"
    return PipelineIdentitiesArgs(
        **stack.place(groups),
        subscription_id=stack.deployer.subscription_id,
        preview_name=stack.name(Kind.USER_ASSIGNED_IDENTITY, "preview"),
        update_name=stack.name(Kind.USER_ASSIGNED_IDENTITY, "update"),
        repository=wanted.repository,
        branches=wanted.branches,
        environments=wanted.environments,
    )
