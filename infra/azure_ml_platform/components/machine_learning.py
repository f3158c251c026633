"""The Azure Machine Learning workspace, its datastores, and the roles without which nothing in it works."""

from collections.abc import Iterable, Mapping

import pulumi
from pulumi_azure_native import machinelearningservices

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.connections import ConnectionArgs, connections
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
from azure_ml_platform.components.managed_network import (
    ManagedNetworkArgs,
    approve_endpoints,
    managed_network,
    outbound_rules,
)
from azure_ml_platform.components.private_endpoints import PrivateEndpoints, connect
from azure_ml_platform.components.workspace_roles import (
    NEEDS,
    labeler_role,
    persona_roles,
    role_word,
)
from azure_ml_platform.vocabulary import Persona


class WorkspaceIdentityArgs(PrincipalArgs):
    """The user-assigned identity that the workspace acts as."""

    id: Input[str]
    """Required. Resource id of the identity."""


class EncryptionArgs(Args):
    """A key of one's own that encrypts what Azure keeps for the workspace."""

    key_vault: ScopeArgs
    """Required. Vault that holds the key; it needs purge protection. The workspace's identity gets its role there."""
    key_id: Input[str]
    """Required. Address of the key with its version."""
    service_side: bool = True
    """Optional. Encrypt in Microsoft's subscription, without databases in one's own. Default true."""


class ServerlessArgs(Args):
    """Compute that Azure starts for a job without a cluster."""

    subnet_id: Input[str] | None = None
    """Optional. Subnet of its nodes. Default the managed network."""
    public_ip: bool = False
    """Optional. Give each node a public address. Default false."""


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
    encryption: EncryptionArgs | None = None
    """Optional. A key of one's own. Fixed at creation. Default Microsoft's keys."""
    serverless: ServerlessArgs | None = None
    """Optional. Compute that jobs get without a cluster. Default as Azure has it."""
    connections: Mapping[str, ConnectionArgs] = {}
    """Optional. Connections to other services by name, none of them with a secret. Default none."""
    personas: Mapping[Persona, PrincipalArgs] = {}
    """Optional. Groups of people by what they do; each gets its roles on the workspace and its data. Default none."""
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
        self.outbound_rules = outbound_rules(
            self,
            name,
            args.network,
            resource_group_name=args.resource_group_name,
            workspace_name=self.workspace.name,
            depends_on=[self.workspace],
        )
        self.connections = connections(
            self,
            name,
            args.connections,
            resource_group_name=args.resource_group_name,
            workspace_name=self.workspace.name,
        )
        self._admit(name, args)
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

    def _grant(self, name: str, args: MachineLearningArgs) -> list[pulumi.Resource]:
        """Assign what the identities need, before there is a workspace."""
        assigned: list[pulumi.Resource] = [
            assign_role(self, f"{name}-{part}-{target}-{role_word(grant.role)}", scope, grant)
            for part, target, scope, grant in _grants(args)
        ]
        if args.encryption:
            grant = RoleAssignmentArgs(role=Role.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER, principal=args.identity)
            assigned.append(assign_role(self, f"{name}-workspace-encryption", args.encryption.key_vault, grant))
        return assigned + approve_endpoints(self, name, args.network, args.identity)

    def _admit(self, name: str, args: MachineLearningArgs) -> None:
        """Assign to people what they need on the workspace and its storage."""
        workspace = ScopeArgs(
            name=args.workspace_name, id=self.workspace.id, subscription_id=args.storage.subscription_id
        )
        scopes = {"workspace": workspace, "storage": args.storage}
        for persona, group in args.personas.items():
            for target, role in persona_roles(persona):
                grant = RoleAssignmentArgs(role=role, principal=group)
                assign_role(self, f"{name}-{persona}-{target}-{role_word(role)}", scopes[target], grant)
            if persona is Persona.LABELER:
                labeler_role(self, name, args.workspace_name, self.workspace.id, group)

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
            managed_network=managed_network(args.network),
            encryption=_encryption(args),
            enable_service_side_cmk_encryption=args.encryption.service_side if args.encryption else None,
            serverless_compute_settings=_serverless(args.serverless),
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
    for part, needs in NEEDS.items():
        for target, granted in needs.items():
            principal, scope = principals[part], scopes[target]
            if principal is None or scope is None:
                continue
            for role in granted:
                yield part, target, scope, RoleAssignmentArgs(role=role, principal=principal)


def _serverless(
    serverless: ServerlessArgs | None,
) -> "machinelearningservices.ServerlessComputeSettingsArgs | None":
    if serverless is None:
        return None
    return machinelearningservices.ServerlessComputeSettingsArgs(
        serverless_compute_custom_subnet=serverless.subnet_id,
        serverless_compute_no_public_ip=not serverless.public_ip,
    )


def _encryption(args: MachineLearningArgs) -> "machinelearningservices.EncryptionPropertyArgs | None":
    if args.encryption is None:
        return None
    return machinelearningservices.EncryptionPropertyArgs(
        status="Enabled",
        identity=machinelearningservices.IdentityForCmkArgs(user_assigned_identity=args.identity.id),
        key_vault_properties=machinelearningservices.KeyVaultPropertiesArgs(
            key_vault_arm_id=args.encryption.key_vault.id, key_identifier=args.encryption.key_id
        ),
    )
