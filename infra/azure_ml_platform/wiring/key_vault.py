"""Arguments of the key vault."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import DiagnosticsArgs
from azure_ml_platform.components.key_vault import KeyVaultArgs
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.vocabulary import PrivateSystem
from azure_ml_platform.wiring import encryption
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack, network_access


def args(
    stack: Stack,
    groups: ResourceGroups,
    identities: Identities,
    diagnostics: DiagnosticsArgs | None,
    links: PrivateLinks | None,
) -> KeyVaultArgs:
    """The vault of the workspace's connections, and of the keys that encrypt data."""
    wanted = stack.settings.key_vault
    return KeyVaultArgs(
        **stack.place(groups),
        vault_name=stack.name(Kind.KEY_VAULT),
        tenant_id=stack.deployer.tenant_id,
        sku=wanted.sku,
        soft_delete_days=wanted.soft_delete_retention_days,
        purge_protection=wanted.purge_protection,
        network=network_access(wanted),
        private_endpoints=links.endpoints(PrivateSystem.KEY_VAULT, groups) if links else {},
        keys=encryption.keys(stack, identities),
        subscription_id=stack.deployer.subscription_id,
        diagnostics=diagnostics,
        protect=stack.protects_data,
    )
