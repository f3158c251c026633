"""Arguments of the workload identities."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.identities import IdentitiesArgs
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.wiring.stack import Stack


def args(stack: Stack, groups: ResourceGroups) -> IdentitiesArgs:
    """One identity for the workspace, one for its jobs, one for its endpoints."""
    names = {part: stack.name(Kind.USER_ASSIGNED_IDENTITY, part) for part in ("workspace", "compute", "endpoint")}
    return IdentitiesArgs(**stack.place(groups), names=names)
