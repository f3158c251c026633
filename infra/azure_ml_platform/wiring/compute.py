"""Arguments of the training compute."""

from azure_ml_platform.catalog.subnets import SubnetPurpose
from azure_ml_platform.components.compute import ClusterArgs, ComputeArgs
from azure_ml_platform.components.compute_instances import InstanceArgs
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.machine_learning import MachineLearning
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.vocabulary import IsolationMode
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack


def args(
    stack: Stack, groups: ResourceGroups, workspace: MachineLearning, identities: Identities, links: PrivateLinks | None
) -> ComputeArgs:
    """Clusters and instances that are switched on; without a managed network they lie in the stack's own, if any."""
    unmanaged = stack.settings.machine_learning.isolation_mode is IsolationMode.DISABLED
    subnet_id = links.subnet_ids.get(SubnetPurpose.TRAINING) if links and unmanaged else None
    return ComputeArgs(
        **stack.place(groups),
        workspace_name=workspace.workspace_name,
        clusters={
            key: ClusterArgs(**cluster.model_dump(exclude={"enabled"}))
            for key, cluster in stack.settings.compute.active_clusters.items()
        },
        instances={
            key: InstanceArgs(
                user_object_id=instance.user,
                user_tenant_id=stack.deployer.tenant_id,
                **instance.model_dump(exclude={"enabled", "user"}),
            )
            for key, instance in stack.settings.compute.active_instances.items()
        },
        identity_id=identities.by_role["compute"].id,
        subnet_id=subnet_id,
        node_public_ip=unmanaged and subnet_id is None,
    )
