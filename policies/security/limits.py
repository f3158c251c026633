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
    vault_recovery_days_min: int
    """Days for which a deleted vault and its content must be recoverable."""
