"""The key vault: secrets and keys behind roles, never behind access policies."""

from collections.abc import Mapping
from typing import Self

import pulumi
from pulumi_azure_native import authorization, keyvault
from pydantic import Field, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    CustomerKeyArgs,
    DiagnosticsArgs,
    NetworkAccessArgs,
    PrincipalArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    WatchedArgs,
    assign_role,
    diagnose,
)
from azure_ml_platform.components.private_endpoints import PrivateEndpoints, connect
from azure_ml_platform.vocabulary import VaultSku

_OVERLAP_DAYS = 30


class KeyArgs(Args):
    """A key that encrypts other services' data. It is rotated before it expires."""

    rotation_days: int = Field(default=365, ge=28)
    """Optional. Days after which a new version is made. Default 365."""
    reader: PrincipalArgs
    """Required. Identity that may wrap and unwrap with it."""


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
    keys: Mapping[str, KeyArgs] = {}
    """Optional. Keys by name; they need purge protection. Default none."""
    subscription_id: Input[str] | None = None
    """Optional. Subscription of the vault, for its roles. Default that in its id."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where the audit log goes. Default nowhere."""
    protect: bool = True
    """Optional. Refuse to delete or replace the vault. Default true."""

    @model_validator(mode="after")
    def _keys_are_safe(self) -> Self:
        if self.keys and not self.purge_protection:
            raise ValueError(
                f"keys ({', '.join(self.keys)}) need purge_protection = true: no service encrypts with a key that can "
                "be purged"
            )
        return self


class KeyVault(PlatformComponent):
    """A vault with roles, soft delete and a closed network."""

    vault_id: pulumi.Output[str]
    """Resource id of the vault."""
    vault_uri: pulumi.Output[str]
    """Address of the vault's data plane."""

    def __init__(self, name: str, args: KeyVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the vault, then its keys and who may use them."""
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
        self.keys = {key: self._key(name, args, key, wanted) for key, wanted in args.keys.items()}
        self.key_permissions = {key: self._permit(name, args, key, wanted) for key, wanted in args.keys.items()}
        diagnose(self, f"{name}-diagnostics", "Microsoft.KeyVault/vaults", self.vault.id, args.diagnostics)
        self.private_endpoints = connect(self, name, self.vault.id, args.private_endpoints, args)
        self.vault_id = self.vault.id
        self.vault_uri = self.vault.properties.apply(lambda properties: properties.vault_uri or "")
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        return {"vault": WatchedArgs(arm_type="Microsoft.KeyVault/vaults", id=self.vault.id)}

    def _key(self, name: str, args: KeyVaultArgs, key: str, wanted: KeyArgs) -> "keyvault.Key":
        hardware = args.sku is VaultSku.PREMIUM
        return keyvault.Key(
            f"{name}-{key}-key",
            key_name=key,
            vault_name=args.vault_name,
            resource_group_name=args.resource_group_name,
            properties=keyvault.KeyPropertiesArgs(
                kty=keyvault.JsonWebKeyType.RS_A_HSM if hardware else keyvault.JsonWebKeyType.RSA,
                key_size=3072,
                key_ops=[keyvault.JsonWebKeyOperation.WRAP_KEY, keyvault.JsonWebKeyOperation.UNWRAP_KEY],
                rotation_policy=_rotation(wanted.rotation_days),
            ),
            tags=args.tags,
            # Only the vault's own address deletes a key, which a closed network hides; it goes with its vault.
            opts=self.child(depends_on=[self.vault], retain_on_delete=True),
        )

    def _permit(self, name: str, args: KeyVaultArgs, key: str, wanted: KeyArgs) -> "authorization.RoleAssignment":
        scope = ScopeArgs(name=f"{args.vault_name}/{key}", id=self.keys[key].id, subscription_id=args.subscription_id)
        grant = RoleAssignmentArgs(role=Role.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER, principal=wanted.reader)
        return assign_role(self, f"{name}-{key}-reader-role", scope, grant)

    def customer_key(self, key: str, identity_id: Input[str]) -> CustomerKeyArgs:
        """What a service has to know to encrypt with one of the keys; KeyError for another."""
        return CustomerKeyArgs(
            vault_uri=self.vault_uri,
            key_name=self.keys[key].name,
            identity_id=identity_id,
            permission=self.key_permissions[key].id,
        )


def _rotation(days: int) -> "keyvault.RotationPolicyArgs":
    """A new version after some days; each one lives a month beyond its successor's birth."""
    return keyvault.RotationPolicyArgs(
        attributes=keyvault.KeyRotationPolicyAttributesArgs(expiry_time=f"P{days + _OVERLAP_DAYS}D"),
        lifetime_actions=[
            keyvault.LifetimeActionArgs(
                action=keyvault.ActionArgs(type=keyvault.KeyRotationPolicyActionType.ROTATE),
                trigger=keyvault.TriggerArgs(time_after_create=f"P{days}D"),
            ),
            keyvault.LifetimeActionArgs(
                action=keyvault.ActionArgs(type=keyvault.KeyRotationPolicyActionType.NOTIFY),
                trigger=keyvault.TriggerArgs(time_before_expiry=f"P{_OVERLAP_DAYS}D"),
            ),
        ],
    )


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
