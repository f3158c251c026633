"""Datastores by which a machine learning workspace sees the zones of a data lake."""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import machinelearningservices as ml

from azure_ml_platform.args import Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs


class LakeDatastoresArgs(ComponentArgs):
    """Inputs of LakeDatastores."""

    resource_group_name: Input[str]
    """Required. Resource group of the workspace."""
    workspace_name: Input[str]
    """Required. Name of the workspace."""
    account_id: Input[str]
    """Required. Resource id of the lake's account."""
    account_name: str
    """Required. Name of the lake's account."""
    zones: Mapping[str, Input[str]]
    """Required. Containers of the lake by the name of the datastore that shows each."""
    storage_endpoint: str = "core.windows.net"
    """Optional. Domain of the storage services. Default that of public Azure."""


class LakeDatastores(PlatformComponent):
    """One datastore for each zone, without a credential: whoever reads it does so as themselves."""

    datastore_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the datastores by name."""

    def __init__(self, name: str, args: LakeDatastoresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the datastores."""
        args = LakeDatastoresArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.datastores = {key: self._datastore(name, args, key, zone) for key, zone in args.zones.items()}
        self.datastore_ids = pulumi.Output.all(**{key: store.id for key, store in self.datastores.items()})
        self.finish()

    def _datastore(self, name: str, args: LakeDatastoresArgs, key: str, zone: Input[str]) -> "ml.Datastore":
        account = pulumi.Output.from_input(args.account_id).apply(lambda account_id: account_id.split("/"))
        return ml.Datastore(
            f"{name}-{key}",
            name=key,
            resource_group_name=args.resource_group_name,
            workspace_name=args.workspace_name,
            properties=ml.AzureDataLakeGen2DatastoreArgs(
                datastore_type="AzureDataLakeGen2",
                account_name=args.account_name,
                filesystem=zone,
                endpoint=args.storage_endpoint,
                protocol="https",
                subscription_id=account[2],
                resource_group=account[4],
                credentials=ml.NoneDatastoreCredentialsArgs(credentials_type="None"),
                service_data_access_auth_identity="WorkspaceUserAssignedIdentity",
                tags=args.tags,
            ),
            opts=self.child(),
        )
