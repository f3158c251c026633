"""What every component of a stack is told: where it is, what it is called, who may do what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from azure_ml_platform.args import Input
from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.cloud import Cloud
from azure_ml_platform.components.deployer import Deployer
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import NetworkAccessArgs, PrincipalArgs, ScopeArgs
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.settings import (
    BlobSettings,
    DataLakeSettings,
    KeyVaultSettings,
    RegistrySettings,
    Settings,
    SqlSettings,
)
from azure_ml_platform.vocabulary import Profile


@dataclass(frozen=True)
class Stack:
    """One stack: its settings, its cloud, and whoever deploys it."""

    settings: Settings
    cloud: Cloud
    deployer: Deployer

    @property
    def protects_data(self) -> bool:
        """Whether what holds data refuses to be deleted."""
        return self.settings.profile is Profile.PROD

    def name(self, kind: Kind, role: str = "") -> str:
        """Name of a resource of the stack."""
        return self.settings.names.of(kind, role)

    def place(self, groups: ResourceGroups, layer: str = "platform") -> dict[str, Any]:
        """What every component is told: its resource group, its region, its tags."""
        return {
            "resource_group_name": groups.by_layer[layer].name,
            "location": self.settings.platform.location,
            "tags": self.settings.tags,
        }

    def scope(self, kind: Kind, resource_id: Input[str]) -> ScopeArgs:
        """A resource of the stack that roles are assigned on."""
        return ScopeArgs(name=self.name(kind), id=resource_id, subscription_id=self.deployer.subscription_id)

    def principal(self, identities: Identities, part: str) -> PrincipalArgs:
        """An identity of the stack that roles are assigned to."""
        name = self.name(Kind.USER_ASSIGNED_IDENTITY, part)
        return PrincipalArgs(name=name, principal_id=identities.by_role[part].principal_id)

    def receivers(self, emails: Sequence[str]) -> Sequence[str]:
        """Who is written to: the owner where nobody else is named."""
        return emails or (self.settings.platform.owner,)


def network_access(
    wanted: KeyVaultSettings | RegistrySettings | BlobSettings | DataLakeSettings | SqlSettings,
) -> NetworkAccessArgs:
    """Who reaches a service from outside."""
    return NetworkAccessArgs(public=wanted.public_network_access, allowed_ip_ranges=wanted.allowed_ip_ranges)
