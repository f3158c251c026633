"""What the blob store and the data lake have in common: an account that answers to Microsoft Entra only."""

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi_azure_native import storage
from pydantic import Field

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    CustomerKeyArgs,
    DiagnosticsArgs,
    NetworkAccessArgs,
    diagnose,
)
from azure_ml_platform.components.private_endpoints import PrivateEndpoints
from azure_ml_platform.vocabulary import Redundancy

_ACCOUNT = "Microsoft.Storage/storageAccounts"


class TrustedResourceArgs(Args):
    """An Azure resource that may reach the account past its firewall, with its own identity."""

    resource_id: Input[str]
    """Required. Resource id."""
    tenant_id: Input[str]
    """Required. Microsoft Entra tenant of the resource."""


class StorageArgs(ComponentArgs):
    """Inputs of every storage account."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the account."""
    location: Input[str]
    """Required. Azure region."""
    account_name: str
    """Required. Name of the account, unique in the whole cloud: 3 to 24 lower-case letters and digits."""
    redundancy: Redundancy = Redundancy.ZRS
    """Optional. How the data is copied. Default to three zones of the region."""
    soft_delete_days: int = Field(default=30, ge=1, le=365)
    """Optional. Days that deleted blobs and containers can be restored. Default 30."""
    infrastructure_encryption: bool = True
    """Optional. Encrypt a second time below the service. Fixed at creation. Default true."""
    customer_managed_key: CustomerKeyArgs | None = None
    """Optional. The key that the data is encrypted with. Default one of Microsoft's."""
    network: NetworkAccessArgs = NetworkAccessArgs()
    """Optional. Who reaches the account from outside. Default nobody."""
    trusted_resources: Sequence[TrustedResourceArgs] = ()
    """Optional. Azure resources that the firewall lets through. Default none."""
    private_endpoints: PrivateEndpoints = {}
    """Optional. Private endpoints by group id, as blob, dfs, file. Default none."""
    subscription_id: Input[str] | None = None
    """Optional. Subscription of the account, for its roles. Default that in its id."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where writes and deletes of blobs are logged. Default nowhere."""
    protect: bool = True
    """Optional. Refuse to delete or replace the account and its containers. Default true."""


def account(owner: PlatformComponent, name: str, args: StorageArgs, **more: Any) -> "storage.StorageAccount":
    """An account without public containers, account keys in use, local users or copies to other tenants."""
    key = args.customer_managed_key
    return storage.StorageAccount(
        f"{name}-account",
        account_name=args.account_name,
        resource_group_name=args.resource_group_name,
        location=args.location,
        kind="StorageV2",
        sku={"name": f"Standard_{args.redundancy}"},
        identity=None
        if key is None
        else storage.IdentityArgs(type="UserAssigned", user_assigned_identities=[key.identity_id]),
        allow_shared_key_access=False,
        default_to_o_auth_authentication=True,
        allow_blob_public_access=False,
        allow_cross_tenant_replication=False,
        is_local_user_enabled=False,
        enable_https_traffic_only=True,
        minimum_tls_version="TLS1_2",
        encryption=_encryption(args),
        public_network_access=args.network.state,
        network_rule_set=_network_rules(args),
        tags=args.tags,
        opts=owner.child(protect=args.protect),
        **more,
    )


def blob_service(
    owner: PlatformComponent, name: str, args: StorageArgs, of: "storage.StorageAccount", **more: Any
) -> "storage.BlobServiceProperties":
    """The settings of an account's blob service: what is deleted can be restored for some days."""
    kept = storage.DeleteRetentionPolicyArgs(enabled=True, days=args.soft_delete_days)
    return storage.BlobServiceProperties(
        f"{name}-service",
        account_name=of.name,
        resource_group_name=args.resource_group_name,
        blob_services_name="default",
        delete_retention_policy=kept,
        container_delete_retention_policy=kept,
        opts=owner.child(),
        **more,
    )


def container(
    owner: PlatformComponent, name: str, args: StorageArgs, service: "storage.BlobServiceProperties", **more: Any
) -> "storage.BlobContainer":
    """A private container, made through Resource Manager so that a closed network does not shut out who deploys."""
    return storage.BlobContainer(
        name,
        account_name=args.account_name,
        resource_group_name=args.resource_group_name,
        public_access=storage.PublicAccess.NONE,
        # The service settings change the account; Azure refuses two changes of one account at once.
        opts=owner.child(protect=args.protect, depends_on=[service]),
        **more,
    )


def lifecycle(
    owner: PlatformComponent,
    name: str,
    args: StorageArgs,
    service: "storage.BlobServiceProperties",
    rules: "Sequence[storage.ManagementPolicyRuleArgs]",
) -> "storage.ManagementPolicy | None":
    """The account's one policy for ageing blobs; none without rules."""
    if not rules:
        return None
    return storage.ManagementPolicy(
        f"{name}-lifecycle",
        account_name=args.account_name,
        resource_group_name=args.resource_group_name,
        management_policy_name="default",
        policy=storage.ManagementPolicySchemaArgs(rules=list(rules)),
        opts=owner.child(depends_on=[service]),
    )


def lifecycle_rule(
    name: str,
    prefixes: Sequence[str],
    base_blob: "storage.ManagementPolicyBaseBlobArgs",
    version: "storage.ManagementPolicyVersionArgs | None" = None,
) -> "storage.ManagementPolicyRuleArgs":
    """A rule for block blobs below some containers, or paths in them."""
    return storage.ManagementPolicyRuleArgs(
        name=name,
        type="Lifecycle",
        enabled=True,
        definition=storage.ManagementPolicyDefinitionArgs(
            filters=storage.ManagementPolicyFilterArgs(blob_types=["blockBlob"], prefix_match=list(prefixes) or None),
            actions=storage.ManagementPolicyActionArgs(base_blob=base_blob, version=version),
        ),
    )


def diagnose_account(
    owner: PlatformComponent,
    name: str,
    of: "storage.StorageAccount",
    service: "storage.BlobServiceProperties",
    destination: DiagnosticsArgs | None,
) -> None:
    """Log the account and its blob service: a setting on the account alone tells nothing of its blobs."""
    diagnose(owner, f"{name}-account-diagnostics", _ACCOUNT, of.id, destination)
    diagnose(owner, f"{name}-blob-diagnostics", f"{_ACCOUNT}/blobServices", service.id, destination)


def after(days: int | None) -> "storage.DateAfterModificationArgs | None":
    """A condition on the days since the last change."""
    return None if days is None else storage.DateAfterModificationArgs(days_after_modification_greater_than=days)


def endpoint(of: "storage.StorageAccount", service: str) -> pulumi.Output[str]:
    """Address of one of the account's services, with a slash at its end."""
    return of.primary_endpoints.apply(lambda endpoints: str(getattr(endpoints, service)))


def _encryption(args: StorageArgs) -> "storage.EncryptionArgs":
    service = storage.EncryptionServiceArgs(enabled=True, key_type="Account")
    key = args.customer_managed_key
    return storage.EncryptionArgs(
        key_source="Microsoft.Storage" if key is None else "Microsoft.Keyvault",
        key_vault_properties=None
        if key is None
        # Without a version the account follows the key's rotation.
        else storage.KeyVaultPropertiesArgs(key_name=key.key_name, key_vault_uri=key.vault_uri),
        encryption_identity=None
        if key is None
        else storage.EncryptionIdentityArgs(encryption_user_assigned_identity=key.permitted_identity_id),
        require_infrastructure_encryption=args.infrastructure_encryption,
        services=storage.EncryptionServicesArgs(blob=service, file=service),
    )


def _network_rules(args: StorageArgs) -> "storage.NetworkRuleSetArgs":
    return storage.NetworkRuleSetArgs(
        default_action=storage.DefaultAction.DENY,
        bypass="AzureServices",
        ip_rules=[
            storage.IPRuleArgs(i_p_address_or_range=address, action=storage.Action.ALLOW)
            for address in args.network.allowed_ip_ranges
        ],
        resource_access_rules=[
            storage.ResourceAccessRuleArgs(resource_id=trusted.resource_id, tenant_id=trusted.tenant_id)
            for trusted in args.trusted_resources
        ]
        or None,
    )
