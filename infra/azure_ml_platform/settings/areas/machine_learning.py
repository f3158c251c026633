"""The machine learning workspace."""

from collections.abc import Iterable

from azure_ml_platform.settings.area import Broken, System
from azure_ml_platform.vocabulary import (
    ClusterName,
    FirewallSku,
    IsolationMode,
)


class MachineLearningSettings(System):
    """The workspace: Microsoft.MachineLearningServices/workspaces, identity-based access to its storage."""

    public_network_access: bool
    """Whether studio and the workspace's API answer from public networks."""
    isolation_mode: IsolationMode
    """What compute in the managed network may call."""
    firewall_sku: FirewallSku | None
    """Firewall for outbound rules by domain name; only with AllowOnlyApprovedOutbound."""
    provision_network_now: bool
    """Whether the managed network is made with the workspace instead of with its first compute."""
    high_business_impact: bool
    """Whether Microsoft collects less diagnostic data; immutable."""
    image_build_cluster: ClusterName | None
    """Cluster of `compute.clusters` that builds environment images; null for a build in the registry."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        approved = IsolationMode.ALLOW_ONLY_APPROVED_OUTBOUND
        if self.firewall_sku and self.isolation_mode is not approved:
            rule = f"null while machine_learning.isolation_mode is {self.isolation_mode}"
            yield Broken(("firewall_sku",), rule, approved, mend_path=("isolation_mode",))
        if self.provision_network_now and self.isolation_mode is IsolationMode.DISABLED:
            yield Broken(("provision_network_now",), "false while machine_learning.isolation_mode is Disabled", False)
