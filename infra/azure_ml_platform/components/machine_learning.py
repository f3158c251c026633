"""The Azure Machine Learning workspace, its datastores, and the roles without which nothing in it works."""

from collections.abc import Iterable, Mapping

import pulumi
from pulumi_azure_native import authorization, machinelearningservices

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    DiagnosticsArgs,
    PrincipalArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    WatchedArgs,
    assign_role,
    diagnose,
)
from azure_ml_platform.components.private_endpoints import PrivateEndpoints, connect
from azure_ml_platform.vocabulary import FirewallSku, IsolationMode

# What an identity needs on each resource of the workspace, by its part in the platform. Source:
# learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication.
_NEEDS: Mapping[str, Mapping[str, tuple[Role, ...]]] = {
    "workspace": {
        "storage": (
            Role.CONTRIBUTOR,
            Role.STORAGE_BLOB_DATA_CONTRIBUTOR,
            Role.STORAGE_FILE_DATA_PRIVILEGED_CONTRIBUTOR,
        ),
        "key-vault": (Role.CONTRIBUTOR, Role.KEY_VAULT_ADMINISTRATOR),
        "registry": (Role.CONTRIBUTOR,),
        "insights": (Role.CONTRIBUTOR,),
    },
    "compute": {"storage": (Role.STORAGE_BLOB_DATA_CONTRIBUTOR,), "registry": (Role.ACR_PULL,)},
    "endpoint": {"storage": (Role.STORAGE_BLOB_DATA_READER,), "registry": (Role.ACR_PULL,)},
}


class WorkspaceIdentityArgs(PrincipalArgs):
    """The user-assigned identity that the workspace acts as."""

    id: Input[str]
    """Required. Resource id of the identity."""


class ManagedNetworkArgs(Args):
    """The workspace's managed virtual network: what its compute may call."""

    isolation_mode: IsolationMode = IsolationMode.ALLOW_ONLY_APPROVED_OUTBOUND
    """Optional. Outbound rules. Default only what is approved."""
    firewall_sku: FirewallSku | None = None
    """Optional. Firewall for rules by domain name, billed by the hour once there is one. Default none."""
    provision_now: bool = False
    """Optional. Make the network with the workspace and not with its first compute. Default false."""


class MachineLearningArgs(ComponentArgs):
    """Inputs of MachineLearning."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the workspace."""
    location: Input[str]
    """Required. Azure region."""
    workspace_name: str
    """Required. Name of the workspace: 3 to 33 characters."""
    identity: WorkspaceIdentityArgs
    """Required. Identity that the workspace acts as; it gets its roles before the workspace is made."""
    storage: ScopeArgs
    """Required. Storage account for artefacts, without a hierarchical namespace."""
    key_vault: ScopeArgs
    """Required. Key vault for the secrets of connections."""
    insights: ScopeArgs
    """Required. Application Insights component for runs and endpoints."""
    registry: ScopeArgs | None = None
    """Optional. Container registry for images. Default Azure makes one when it first builds an image."""
    compute_identity: PrincipalArgs | None = None
    """Optional. Identity of the clusters: gets its roles here, before there is a cluster. Default none."""
    endpoint_identity: PrincipalArgs | None = None
    """Optional. Identity of the endpoints: gets its roles here, before there is an endpoint. Default none."""
    containers: Mapping[str, Input[str]] = {}
    """Optional. Blob containers of the storage account, by the name of the datastore that shows each. Default none."""
    storage_endpoint: str = "core.windows.net"
    """Optional. Domain of the storage services. Default that of public Azure."""
    network: ManagedNetworkArgs = ManagedNetworkArgs()
    """Optional. Managed network. Default only approved outbound calls."""
    public_network_access: bool = False
    """Optional. Let studio and the SDKs in from public addresses. Default false."""
    high_business_impact: bool = True
    """Optional. Have Microsoft collect less diagnostic data. Fixed at creation. Default true."""
    image_build_cluster: str | None = None
    """Optional. Cluster that builds images where the registry cannot be reached. Set at creation only. Default none."""
    private_endpoints: PrivateEndpoints = {}
    """Optional. Private endpoints by group id: amlworkspace. Default none."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where the workspace's logs go. Default nowhere."""
    protect: bool = True
    """Optional. Refuse to delete or replace the workspace. Default true."""


class MachineLearning(PlatformComponent):
    """A workspace that reaches everything by identity: no account key, no credential in any datastore.

    The roles of all identities come first, so whatever is built on the workspace finds them granted.
    """

    workspace_id: pulumi.Output[str]
    """Resource id of the workspace."""
    workspace_name: pulumi.Output[str]
    """Name of the workspace."""
    discovery_url: pulumi.Output[str]
    """Address where the SDKs find the workspace's services."""
    mlflow_tracking_uri: pulumi.Output[str]
    """Address that MLflow tracks runs at."""
    datastore_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the datastores by name."""

    def __init__(self, name: str, args: MachineLearningArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Grant the roles, create the workspace, then its datastores."""
        args = MachineLearningArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.role_assignments = self._grant(name, args)
        self.workspace = self._workspace(name, args)
        self.datastores = {
            datastore: self._datastore(name, args, datastore, container)
            for datastore, container in args.containers.items()
        }
        arm_type = "Microsoft.MachineLearningServices/workspaces"
        diagnose(self, f"{name}-diagnostics", arm_type, self.workspace.id, args.diagnostics)
        self.private_endpoints = connect(self, name, self.workspace.id, args.private_endpoints, args)
        self.workspace_id = self.workspace.id
        self.workspace_name = self.workspace.name
        self.discovery_url = self.workspace.discovery_url.apply(lambda url: url or "")
        self.mlflow_tracking_uri = self.workspace.ml_flow_tracking_uri
        self.datastore_ids = pulumi.Output.all(**{key: store.id for key, store in self.datastores.items()})
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        return {"workspace": WatchedArgs(arm_type="Microsoft.MachineLearningServices/workspaces", id=self.workspace.id)}

    def _grant(self, name: str, args: MachineLearningArgs) -> "list[authorization.RoleAssignment]":
        return [
            assign_role(
                self,
                f"{name}-{part}-{target}-{grant.role.name.lower().replace('_', '-')}",
                scope,
                grant,
            )
            for part, target, scope, grant in _grants(args)
        ]

    def _workspace(self, name: str, args: MachineLearningArgs) -> "machinelearningservices.Workspace":
        return machinelearningservices.Workspace(
            f"{name}-workspace",
            workspace_name=args.workspace_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind="Default",
            sku=machinelearningservices.SkuArgs(name="Basic", tier=machinelearningservices.SkuTier.BASIC),
            identity=machinelearningservices.ManagedServiceIdentityArgs(
                type="UserAssigned", user_assigned_identities=[args.identity.id]
            ),
            primary_user_assigned_identity=args.identity.id,
            system_datastores_auth_mode="Identity",
            storage_account=args.storage.id,
            key_vault=args.key_vault.id,
            application_insights=args.insights.id,
            container_registry=args.registry.id if args.registry else None,
            v1_legacy_mode=False,
            hbi_workspace=args.high_business_impact,
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            managed_network=_managed_network(args.network),
            provision_network_now=args.network.provision_now,
            image_build_compute=args.image_build_cluster,
            tags=args.tags,
            # A change of the cluster that builds images would replace the workspace (microsoft/AzureTRE#3183).
            opts=self.child(
                protect=args.protect, ignore_changes=["imageBuildCompute"], depends_on=list(self.role_assignments)
            ),
        )

    def _datastore(
        self, name: str, args: MachineLearningArgs, datastore: str, container: Input[str]
    ) -> "machinelearningservices.Datastore":
        storage_id = pulumi.Output.from_input(args.storage.id).apply(lambda storage_id: storage_id.split("/"))
        return machinelearningservices.Datastore(
            f"{name}-{datastore}",
            name=datastore,
            resource_group_name=args.resource_group_name,
            workspace_name=self.workspace.name,
            properties=machinelearningservices.AzureBlobDatastoreArgs(
                datastore_type="AzureBlob",
                account_name=args.storage.name,
                container_name=container,
                endpoint=args.storage_endpoint,
                protocol="https",
                subscription_id=storage_id[2],
                resource_group=storage_id[4],
                credentials=machinelearningservices.NoneDatastoreCredentialsArgs(credentials_type="None"),
                service_data_access_auth_identity="WorkspaceUserAssignedIdentity",
            ),
            opts=self.child(),
        )


def _grants(args: MachineLearningArgs) -> Iterable[tuple[str, str, ScopeArgs, RoleAssignmentArgs]]:
    """Yield part, target, scope and role of every assignment that the given identities need."""
    principals = {"workspace": args.identity, "compute": args.compute_identity, "endpoint": args.endpoint_identity}
    scopes = {
        "storage": args.storage,
        "key-vault": args.key_vault,
        "registry": args.registry,
        "insights": args.insights,
    }
    for part, needs in _NEEDS.items():
        for target, granted in needs.items():
            principal, scope = principals[part], scopes[target]
            if principal is None or scope is None:
                continue
            for role in granted:
                yield part, target, scope, RoleAssignmentArgs(role=role, principal=principal)


def _managed_network(network: ManagedNetworkArgs) -> "machinelearningservices.ManagedNetworkSettingsArgs":
    return machinelearningservices.ManagedNetworkSettingsArgs(
        isolation_mode=network.isolation_mode.value,
        firewall_sku=network.firewall_sku.value if network.firewall_sku else None,
    )
