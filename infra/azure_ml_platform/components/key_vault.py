"""The key vault: secrets and keys behind roles, never behind access policies."""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import keyvault
from pydantic import Field

from azure_ml_platform.args import Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    DiagnosticsArgs,
    NetworkAccessArgs,
    WatchedArgs,
    diagnose,
)
from azure_ml_platform.components.private_endpoints import PrivateEndpoints, connect
from azure_ml_platform.vocabulary import VaultSku


class KeyVaultArgs(ComponentArgs):
    """Inputs of KeyVault."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the vault."""
    location: Input[str]
    """Required. Azure region."""
    vault_name: str
    """Required. Name of the vault, unique in the whole cloud and for as long as a deleted one is kept."""
    tenant_id: Input[str]
    """Required. Microsoft Entra tenant that may sign in."""
    sku: VaultSku = VaultSku.STANDARD
    """Optional. Tier: Premium keeps keys in hardware. Default Standard."""
    soft_delete_days: int = Field(default=90, ge=7, le=90)
    """Optional. Days that deleted secrets, and the deleted vault's name, are kept. Fixed at creation. Default 90."""
    purge_protection: bool = True
    """Optional. Let nobody purge before those days are over. Cannot be switched off again. Default true."""
    network: NetworkAccessArgs = NetworkAccessArgs()
    """Optional. Who reaches the vault from outside. Default nobody."""
    private_endpoints: PrivateEndpoints = {}
    """Optional. Private endpoints by group id: vault. Default none."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where the audit log goes. Default nowhere."""
    protect: bool = True
    """Optional. Refuse to delete or replace the vault. Default true."""


class KeyVault(PlatformComponent):
    """A vault with roles, soft delete and a closed network."""

    vault_id: pulumi.Output[str]
    """Resource id of the vault."""
    vault_uri: pulumi.Output[str]
    """Address of the vault's data plane."""

    def __init__(self, name: str, args: KeyVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the vault and its diagnostic setting."""
        args = KeyVaultArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.vault = keyvault.Vault(
            f"{name}-vault",
            vault_name=args.vault_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            properties=_properties(args),
            tags=args.tags,
            opts=self.child(protect=args.protect),
        )
        diagnose(self, f"{name}-diagnostics", "Microsoft.KeyVault/vaults", self.vault.id, args.diagnostics)
        self.private_endpoints = connect(self, name, self.vault.id, args.private_endpoints, args)
        self.vault_id = self.vault.id
        self.vault_uri = self.vault.properties.apply(lambda properties: properties.vault_uri or "")
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        return {"vault": WatchedArgs(arm_type="Microsoft.KeyVault/vaults", id=self.vault.id)}


def _properties(args: KeyVaultArgs) -> "keyvault.VaultPropertiesArgs":
    return keyvault.VaultPropertiesArgs(
        tenant_id=args.tenant_id,
        sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName(args.sku.value)),
        enable_rbac_authorization=True,
        enable_soft_delete=True,
        soft_delete_retention_in_days=args.soft_delete_days,
        # Azure refuses an explicit false (Azure/azure-rest-api-specs#18106).
        enable_purge_protection=args.purge_protection or None,
        public_network_access=args.network.state,
        network_acls=keyvault.NetworkRuleSetArgs(
            default_action="Deny",
            bypass="AzureServices",
            ip_rules=[keyvault.IPRuleArgs(value=address) for address in args.network.allowed_ip_ranges],
            virtual_network_rules=[],
        ),
    )
