"""Arguments of the workload identities."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.identities import IdentitiesArgs
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.wiring import encryption
from azure_ml_platform.wiring.stack import Stack


def args(stack: Stack, groups: ResourceGroups) -> IdentitiesArgs:
    """One identity for each part that acts."""
    parts = {
        **dict.fromkeys(("workspace", "compute", "endpoint"), stack.settings.machine_learning.enabled),
        "databricks": stack.settings.databricks.enabled,
        "ingestion": stack.settings.ingestion.enabled,
        **dict.fromkeys(("sql", "sql-jobs"), stack.settings.sql.enabled),
        encryption.IDENTITY: bool(encryption.keyed(stack)),
        **dict.fromkeys(("kubernetes", "kubelet"), stack.settings.kubernetes.enabled),
    }
    names = {part: stack.name(Kind.USER_ASSIGNED_IDENTITY, part) for part, wanted in parts.items() if wanted}
    return IdentitiesArgs(**stack.place(groups), names=names)
