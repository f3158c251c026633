"""Arguments of the registry of models and environments."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.asset_registry import AssetRegistryArgs
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import PrincipalArgs
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.settings.areas.machine_learning import AssetRegistrySettings
from azure_ml_platform.wiring.stack import Stack


def args(
    stack: Stack, wanted: AssetRegistrySettings, groups: ResourceGroups, identities: Identities
) -> AssetRegistryArgs:
    """A registry that the platform's own identities read and its pipelines fill."""
    location = stack.settings.platform.location
    return AssetRegistryArgs(
        **stack.place(groups),
        registry_name=stack.name(Kind.MACHINE_LEARNING_REGISTRY),
        # Azure wants the registry's own region among them, each once.
        regions=list(dict.fromkeys((location, *wanted.regions))),
        redundancy=stack.settings.blob.redundancy,
        public_network_access=wanted.public_network_access,
        readers={part: stack.principal(identities, part) for part in ("workspace", "compute", "endpoint")},
        publishers={
            key: PrincipalArgs(name=key, principal_id=object_id) for key, object_id in wanted.publishers.items()
        },
        subscription_id=stack.deployer.subscription_id,
        protect=stack.protects_data,
    )
