"""A machine learning registry: models, environments and components that several workspaces share."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import machinelearningservices
from pydantic import Field

from azure_ml_platform.args import Input
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    PrincipalArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    assign_role,
)
from azure_ml_platform.vocabulary import Redundancy


class AssetRegistryArgs(ComponentArgs):
    """Inputs of AssetRegistry."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the registry."""
    location: Input[str]
    """Required. Azure region."""
    registry_name: str
    """Required. Name of the registry, unique in the tenant: 3 to 33 characters."""
    regions: Sequence[Input[str]] = Field(min_length=1)
    """Required. Regions that assets are replicated to, the registry's own among them. Azure takes none away again."""
    redundancy: Redundancy = Redundancy.ZRS
    """Optional. How the storage in each region is kept. Default in several zones."""
    public_network_access: bool = False
    """Optional. Answer from public addresses. Default false."""
    readers: Mapping[str, PrincipalArgs] = {}
    """Optional. Who uses what is in it, by name: workspaces, their jobs and endpoints. Default nobody."""
    publishers: Mapping[str, PrincipalArgs] = {}
    """Optional. Who promotes assets into it, by name: the identity of a pipeline, no person. Default nobody."""
    subscription_id: Input[str] | None = None
    """Optional. Subscription of the registry. Default that in its id, which a first preview does not know yet."""
    protect: bool = True
    """Optional. Refuse to delete or replace the registry. Default true."""


# Everything in a registry but the registry itself. Source: learn.microsoft.com/azure/machine-learning/
# how-to-manage-registries ("Permission tasks"): the registry user reads and writes assets, the reader only reads.
_USES, _PUBLISHES = Role.READER, Role.AZUREML_REGISTRY_USER


class AssetRegistry(PlatformComponent):
    """A registry whose assets many read and few write."""

    registry_id: pulumi.Output[str]
    """Resource id of the registry."""
    registry_name: pulumi.Output[str]
    """Name of the registry: `azureml://registries/<name>/…` refers to its assets."""

    def __init__(self, name: str, args: AssetRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the registry, then let its readers and publishers in."""
        args = AssetRegistryArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.registry = machinelearningservices.Registry(
            f"{name}-registry",
            registry_name=args.registry_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            identity=machinelearningservices.ManagedServiceIdentityArgs(type="SystemAssigned"),
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            region_details=[_region(region, args.redundancy) for region in args.regions],
            tags=args.tags,
            opts=self.child(protect=args.protect),
        )
        self._admit(name, args)
        self.registry_id = self.registry.id
        self.registry_name = self.registry.name
        self.finish()

    def _admit(self, name: str, args: AssetRegistryArgs) -> None:
        scope = ScopeArgs(name=args.registry_name, id=self.registry.id, subscription_id=args.subscription_id)
        for part, principals, role in (("reader", args.readers, _USES), ("publisher", args.publishers, _PUBLISHES)):
            for key, principal in principals.items():
                grant = RoleAssignmentArgs(role=role, principal=principal)
                assign_role(self, f"{name}-{part}-{key}", scope, grant)


def _region(region: Input[str], redundancy: Redundancy) -> "machinelearningservices.RegistryRegionArmDetailsArgs":
    """A region with a container registry and a storage account that Azure makes in a group of its own."""
    return machinelearningservices.RegistryRegionArmDetailsArgs(
        location=region,
        acr_details=[
            machinelearningservices.AcrDetailsArgs(
                system_created_acr_account=machinelearningservices.SystemCreatedAcrAccountArgs(
                    acr_account_sku="Premium"
                )
            )
        ],
        storage_account_details=[
            machinelearningservices.StorageAccountDetailsArgs(
                system_created_storage_account=machinelearningservices.SystemCreatedStorageAccountArgs(
                    storage_account_type=f"Standard_{redundancy.value}", storage_account_hns_enabled=False
                )
            )
        ],
    )
