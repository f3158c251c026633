"""Azure Databricks: the workspace, the connector that reaches the lake for it, and where both are closed."""

from collections.abc import Mapping
from typing import Any, Self

import pulumi
from pulumi_azure_native import databricks
from pydantic import model_validator

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
from azure_ml_platform.vocabulary import DatabricksComputeMode

_ARM_TYPE = "Microsoft.Databricks/workspaces"


class InjectionArgs(Args):
    """The place of the clusters in a network of one's own. Fixed at creation."""

    virtual_network_id: Input[str]
    """Required. Resource id of the network."""
    host_subnet_name: Input[str]
    """Required. Subnet of the machines' own addresses, delegated to Databricks."""
    container_subnet_name: Input[str]
    """Required. Subnet of the containers, delegated to Databricks."""


class ConnectorArgs(Args):
    """The identity that Unity Catalog and the storage firewall work with."""

    name: str
    """Required. Name of the access connector."""
    identity_id: Input[str]
    """Required. Resource id of its user-assigned identity."""
    principal: PrincipalArgs
    """Required. That identity as someone that roles are assigned to."""
    storage: Mapping[str, ScopeArgs] = {}
    """Optional. Storage that it reads and writes, by the name of the grant. Default none."""


class CustomerKeyArgs(Args):
    """A key of one's own in a vault."""

    vault_uri: Input[str]
    """Required. Address of the vault."""
    name: Input[str]
    """Required. Name of the key."""
    version: Input[str]
    """Required. Version of the key."""


class DatabricksArgs(ComponentArgs):
    """Inputs of Databricks."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the workspace."""
    location: Input[str]
    """Required. Azure region."""
    workspace_name: str
    """Required. Name of the workspace."""
    compute_mode: DatabricksComputeMode = DatabricksComputeMode.HYBRID
    """Optional. Whether the workspace has clusters of its own. Fixed at creation. Default it has."""
    managed_resource_group_id: Input[str] | None = None
    """Conditional. Group that Databricks makes for itself, no other workspace's; required unless serverless."""
    connector: ConnectorArgs | None = None
    """Optional. The identity that reaches storage. Default none, then nothing of Unity Catalog reaches the lake."""
    injection: InjectionArgs | None = None
    """Optional. Network that the clusters are in. Default one that Databricks makes in its managed group."""
    public_network_access: bool = False
    """Optional. Let the workspace answer from public networks. Default false."""
    private_back_end: bool = False
    """Optional. Clusters reach the control plane by a private endpoint alone. Default false."""
    private_endpoints: PrivateEndpoints = {}
    """Optional. Private endpoints by group id: databricks_ui_api, browser_authentication. Default none."""
    storage_firewall: bool = False
    """Optional. Close the workspace's own storage to all but the connector and private endpoints. Default false."""
    infrastructure_encryption: bool = False
    """Optional. Encrypt the workspace's own storage twice. Fixed at creation. Default false."""
    services_key: CustomerKeyArgs | None = None
    """Optional. Key of notebooks, queries and secrets. Default Microsoft's."""
    disks_key: CustomerKeyArgs | None = None
    """Optional. Key of the clusters' disks; a new version is taken by itself. Default Microsoft's."""
    enhanced_security: bool = False
    """Optional. Hardened images, monitoring and automatic updates of the clusters. Default false."""
    machine_learning_workspace_id: Input[str] | None = None
    """Optional. Machine learning workspace that MLflow runs are linked to. Fixed at creation. Default none."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where audit logs go. Default nowhere."""
    protect: bool = True
    """Optional. Refuse to delete or replace the workspace. Default true."""

    @model_validator(mode="after")
    def _fits_its_mode(self) -> Self:
        serverless = self.compute_mode is DatabricksComputeMode.SERVERLESS
        if serverless:
            given = [name for name in _CLASSIC if getattr(self, name)]
            if given:
                raise ValueError(f"a serverless workspace has no {', '.join(given)}: leave that out")
        elif self.managed_resource_group_id is None:
            raise ValueError("managed_resource_group_id is required: the group that Databricks makes for itself")
        if self.storage_firewall and self.connector is None:
            raise ValueError("storage_firewall needs a connector: without one the workspace shuts itself out")
        if self.private_back_end and self.injection is None:
            raise ValueError("private_back_end needs injection: only a network of your own has a private endpoint")
        return self


_CLASSIC = (
    "managed_resource_group_id",
    "injection",
    "private_back_end",
    "storage_firewall",
    "infrastructure_encryption",
    "machine_learning_workspace_id",
    "disks_key",
)


class Databricks(PlatformComponent):
    """A premium workspace without public addresses on its clusters."""

    workspace_id: pulumi.Output[str]
    """Resource id of the workspace."""
    workspace_name: pulumi.Output[str]
    """Name of the workspace."""
    workspace_number: pulumi.Output[str]
    """Databricks' own id of the workspace."""
    workspace_url: pulumi.Output[str]
    """Host that users and clients go to."""
    connector_id: pulumi.Output[str] | None
    """Resource id of the access connector; None where there is none."""

    def __init__(self, name: str, args: DatabricksArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the connector with its roles, then the workspace that stands on it."""
        args = DatabricksArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.connector = self._connector(name, args, args.connector) if args.connector else None
        self.workspace = databricks.Workspace(
            f"{name}-workspace",
            workspace_name=args.workspace_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku=databricks.SkuArgs(name="premium"),
            compute_mode=args.compute_mode.value,
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            encryption=_encryption(args),
            enhanced_security_compliance=_enhanced_security() if args.enhanced_security else None,
            **(_classic(args, self.connector) if args.compute_mode is DatabricksComputeMode.HYBRID else {}),
            tags=args.tags,
            opts=self.child(protect=args.protect),
        )
        diagnose(self, f"{name}-diagnostics", _ARM_TYPE, self.workspace.id, args.diagnostics)
        self.private_endpoints = connect(self, name, self.workspace.id, args.private_endpoints, args)
        self.workspace_id = self.workspace.id
        self.workspace_name = self.workspace.name
        self.workspace_number = self.workspace.workspace_id
        self.workspace_url = self.workspace.workspace_url
        self.connector_id = self.connector.id if self.connector else None
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        return {"databricks": WatchedArgs(arm_type=_ARM_TYPE, id=self.workspace.id)}

    def _connector(self, name: str, args: DatabricksArgs, wanted: ConnectorArgs) -> "databricks.AccessConnector":
        for grant, scope in wanted.storage.items():
            role = RoleAssignmentArgs(role=Role.STORAGE_BLOB_DATA_CONTRIBUTOR, principal=wanted.principal)
            assign_role(self, f"{name}-connector-{grant}", scope, role)
        return databricks.AccessConnector(
            f"{name}-connector",
            connector_name=wanted.name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            identity=databricks.ManagedServiceIdentityArgs(
                type="UserAssigned", user_assigned_identities=[wanted.identity_id]
            ),
            tags=args.tags,
            opts=self.child(),
        )


def _classic(args: DatabricksArgs, connector: "databricks.AccessConnector | None") -> dict[str, Any]:
    """What a workspace with clusters of its own has besides."""
    through = None
    if connector is not None and args.connector is not None:
        through = databricks.WorkspacePropertiesAccessConnectorArgs(
            id=connector.id, identity_type="UserAssigned", user_assigned_identity_id=args.connector.identity_id
        )
    return {
        "managed_resource_group_id": args.managed_resource_group_id,
        "access_connector": through,
        "default_storage_firewall": "Enabled" if args.storage_firewall else "Disabled",
        "required_nsg_rules": "NoAzureDatabricksRules" if args.private_back_end else "AllRules",
        "default_catalog": databricks.DefaultCatalogPropertiesArgs(initial_type="UnityCatalog"),
        "parameters": _parameters(args),
    }


def _parameters(args: DatabricksArgs) -> "databricks.WorkspaceCustomParametersArgs":
    injection = args.injection
    own = args.machine_learning_workspace_id
    return databricks.WorkspaceCustomParametersArgs(
        enable_no_public_ip=databricks.WorkspaceNoPublicIPBooleanParameterArgs(value=True),
        # Azure takes a key for the workspace's own storage only later, and only if it was prepared for one.
        prepare_encryption=databricks.WorkspaceCustomBooleanParameterArgs(value=True),
        require_infrastructure_encryption=databricks.WorkspaceCustomBooleanParameterArgs(
            value=args.infrastructure_encryption
        ),
        aml_workspace_id=_text(own) if own is not None else None,
        custom_virtual_network_id=_text(injection.virtual_network_id) if injection else None,
        custom_public_subnet_name=_text(injection.host_subnet_name) if injection else None,
        custom_private_subnet_name=_text(injection.container_subnet_name) if injection else None,
    )


def _text(value: Input[str]) -> "databricks.WorkspaceCustomStringParameterArgs":
    return databricks.WorkspaceCustomStringParameterArgs(value=value)


def _encryption(args: DatabricksArgs) -> "databricks.WorkspacePropertiesEncryptionArgs | None":
    if args.services_key is None and args.disks_key is None:
        return None
    services, disks = args.services_key, args.disks_key
    return databricks.WorkspacePropertiesEncryptionArgs(
        entities=databricks.EncryptionEntitiesDefinitionArgs(
            managed_services=databricks.EncryptionV2Args(
                key_source="Microsoft.Keyvault",
                key_vault_properties=databricks.EncryptionV2KeyVaultPropertiesArgs(
                    key_vault_uri=services.vault_uri, key_name=services.name, key_version=services.version
                ),
            )
            if services
            else None,
            managed_disk=databricks.ManagedDiskEncryptionArgs(
                key_source="Microsoft.Keyvault",
                key_vault_properties=databricks.ManagedDiskEncryptionKeyVaultPropertiesArgs(
                    key_vault_uri=disks.vault_uri, key_name=disks.name, key_version=disks.version
                ),
                rotation_to_latest_key_version_enabled=True,
            )
            if disks
            else None,
        )
    )


def _enhanced_security() -> "databricks.EnhancedSecurityComplianceDefinitionArgs":
    """Without the compliance profile: it names the standards that an organisation has to meet, for good."""
    return databricks.EnhancedSecurityComplianceDefinitionArgs(
        automatic_cluster_update=databricks.AutomaticClusterUpdateDefinitionArgs(value="Enabled"),
        enhanced_security_monitoring=databricks.EnhancedSecurityMonitoringDefinitionArgs(value="Enabled"),
    )
