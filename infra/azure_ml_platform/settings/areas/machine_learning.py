"""The machine learning workspace."""

from collections.abc import Iterable, Mapping

from azure_ml_platform.catalog.egress import Purpose
from azure_ml_platform.settings.area import Area, Broken, System
from azure_ml_platform.vocabulary import (
    AzureLocation,
    ClusterName,
    FirewallSku,
    IsolationMode,
    KeyId,
    ModelName,
    ObjectId,
    Persona,
    VaultId,
)


class EncryptionSettings(Area):
    """A key of one's own that encrypts what Azure keeps for the workspace."""

    key_vault_id: VaultId
    """Vault that holds the key; it needs purge protection."""
    key_id: KeyId
    """Address of the key with its version."""


class AssetRegistrySettings(Area):
    """A registry of models, environments and components: Microsoft.MachineLearningServices/registries."""

    regions: tuple[AzureLocation, ...] = ()
    """Regions beside the platform's own that assets are replicated to; Azure takes none away again."""
    public_network_access: bool = False
    """Whether it answers from public networks."""
    publishers: Mapping[ModelName, ObjectId] = {}
    """Service principals that promote assets into it, by a name for each: identities of pipelines."""


class MachineLearningSettings(System):
    """The workspace: Microsoft.MachineLearningServices/workspaces, identity-based access to its storage."""

    public_network_access: bool
    """Whether studio and the workspace's API answer from public networks."""
    isolation_mode: IsolationMode
    """What compute in the managed network may call."""
    firewall_sku: FirewallSku | None
    """Firewall for outbound rules by domain name; only with AllowOnlyApprovedOutbound."""
    provision_network_now: bool
    """Whether the managed network is made with the workspace instead of with its first compute. Models need it."""
    outbound_purposes: tuple[Purpose, ...] = ()
    """What compute reaches outside of Azure; the first host brings a firewall, billed by the hour."""
    encryption: EncryptionSettings | None = None
    """A key of one's own; immutable."""
    asset_registry: AssetRegistrySettings | None = None
    """A registry that the stack shares with others; null where it has none of its own."""
    personas: Mapping[Persona, ObjectId] = {}
    """Groups of Microsoft Entra by what their people do; each gets its roles on the workspace and its data."""
    high_business_impact: bool
    """Whether Microsoft collects less diagnostic data; immutable."""
    image_build_cluster: ClusterName | None
    """Cluster of `compute.clusters` that builds environment images; null for a build in the registry."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        approved = IsolationMode.ALLOW_ONLY_APPROVED_OUTBOUND
        if self.firewall_sku and self.isolation_mode is not approved:
            rule = f"null while machine_learning.isolation_mode is {self.isolation_mode}"
            yield Broken(("firewall_sku",), rule, approved, mend_path=("isolation_mode",))
        if self.outbound_purposes and self.isolation_mode is not approved:
            rule = f"empty while machine_learning.isolation_mode is {self.isolation_mode}"
            yield Broken(("outbound_purposes",), rule, approved, mend_path=("isolation_mode",))
        if self.provision_network_now and self.isolation_mode is IsolationMode.DISABLED:
            yield Broken(("provision_network_now",), "false while machine_learning.isolation_mode is Disabled", False)
