"""The values within which the security rules judge; a profile sets each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of the security pack."""

    locations: tuple[str, ...]
    """Azure regions that resources may be in."""
    workspace_isolation_modes: tuple[str, ...]
    """Outbound rules that the managed network of a machine learning workspace may have."""
    model_registries: tuple[str, ...]
    """Machine learning registries whose models may be deployed, besides the workspace's own models."""
    sas_days_max: int
    """Longest life of a shared access signature, in days."""
    blob_recovery_days_min: int
    """Days for which deleted blobs and containers must be recoverable."""
    sql_firewall_addresses_max: int
    """Most addresses that one firewall rule of a SQL server lets in."""
    kubernetes_version_min: str
    """Oldest minor version of Kubernetes that a cluster may run."""
    image_registries: tuple[str, ...]
    """Globs of the images that containers may run, their registry in front."""
    audit_days_min: int
    """Days for which the record of who did what is kept at least."""
    public_ip_users: tuple[str, ...]
    """What may have a public address: bastion, firewall, load balancer, NAT gateway, VPN gateway."""
    vault_recovery_days_min: int
    """Days for which a deleted vault and its content must be recoverable."""
