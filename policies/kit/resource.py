"""Resources and stacks as rules see them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from azure_ml_platform.catalog import type_tokens
from policies.kit.kinds import KUBERNETES
from policies.kit.properties import Properties, Unknown
from policies.kit.verdict import Verdict, either, undecided, violation

_KUBERNETES_TYPE = re.compile(r"kubernetes:[\w.]+/\w+:(?P<name>\w+)")


def kind_of(type_token: str) -> str:
    """The kind of a Pulumi type, whatever its API version.

    `storage:StorageAccount` of Azure, `dynamic:LogTable` of the library's own, `k8s:Pod` of Kubernetes; empty if it is
    none of theirs.
    """
    match = _KUBERNETES_TYPE.fullmatch(type_token)
    return f"{KUBERNETES}{match['name']}" if match else type_tokens.kind_of_any(type_token)


@dataclass(frozen=True)
class Resource:
    """One resource, with the inputs that the program gave it."""

    urn: str
    kind: str
    """As `kind_of` gives it."""
    name: str
    """The name within the program."""
    properties: Properties
    protected: bool = False
    references: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """URNs of the resources that each top-level property was computed from."""
    parent: str = ""
    """URN of the component that it is a part of; known to rules on the stack only."""

    @property
    def azure_name(self) -> str | None:
        """The name in Azure, where the program chose it and it is known."""
        name_input, _ = _IDENTITY.get(self.kind, ("name", ""))
        name = self.properties.get(name_input)
        return name if isinstance(name, str) else None

    def refers_to(self, path: str, target: "Resource") -> bool | Unknown:
        """Whether the property at a path holds the name or the id of another resource, or was computed from it.

        `[]` in the path stands for each element, as in `Properties.every`.
        """
        answers = [self.points_at(path, value, target) for value in self.properties.every(path) or [None]]
        return True in answers or next((answer for answer in answers if isinstance(answer, Unknown)), False)

    def points_at(self, path: str, value: Any, target: "Resource") -> bool | Unknown:
        """The same of a value that stands somewhere within the property at a path, as in a list."""
        origins = self.references.get(re.split(r"[.\[]", path)[0], frozenset())
        if target.urn in origins:
            return True
        if isinstance(value, Unknown):
            # What was computed from other Azure resources alone is about those.
            return False if origins and all(map(_is_azure, origins)) else value
        _, collection = _IDENTITY.get(target.kind, ("", ""))
        name = target.azure_name
        return isinstance(value, str) and name is not None and _names(value, collection, name)


@dataclass(frozen=True)
class Stack:
    """All resources of a stack."""

    resources: tuple[Resource, ...]

    def of(self, *kinds: str) -> Iterator[Resource]:
        """The resources of some kinds."""
        return (resource for resource in self.resources if resource.kind in kinds)

    def referring(self, kind: str, path: str, target: Resource) -> "Links":
        """The resources of a kind that refer to another one through a property."""
        links = Links()
        for source in self.of(kind):
            refers = source.refers_to(path, target)
            if isinstance(refers, Unknown):
                links.undecided.append(f"{source.name}.{refers.path}")
            elif refers:
                links.sources.append(source)
        return links


@dataclass(frozen=True)
class Links:
    """Resources that refer to another one, and paths whose unknown values may refer to it as well."""

    sources: list[Resource] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)

    def some(self, satisfies: Callable[[Resource], Verdict], missing: str) -> Verdict:
        """Whether one of the resources satisfies a condition; `missing` is the finding where there is none."""
        verdicts = [satisfies(source) for source in self.sources] + [undecided(path) for path in self.undecided]
        return either(verdicts or [violation(missing)])


def references(dependencies: Mapping[str, Iterable[Any]]) -> dict[str, frozenset[str]]:
    """URNs by property, from the policy SDK's resources by property."""
    return {path: frozenset(resource.urn for resource in resources) for path, resources in dependencies.items()}


def _is_azure(urn: str) -> bool:
    """Whether a URN is that of an Azure resource; its type comes last in a chain of the parents' types."""
    return bool(type_tokens.kind_of(type_tokens.type_of(urn)))


def _names(value: str, collection: str, name: str) -> bool:
    """Whether a text is a name, or the id of the resource of that name, of its default service or of its subnet."""
    own_id = rf".*/{re.escape(collection)}/{re.escape(name)}(/\w+Services/default|/subnets/[^/]+)?"
    return value.casefold() == name.casefold() or re.fullmatch(own_id, value, re.IGNORECASE) is not None


# The input with the Azure name, and the collection before it in a resource id (path of each type in Resource Manager).
_IDENTITY = {
    "applicationinsights:Component": ("resourceName", "components"),
    "containerregistry:Registry": ("registryName", "registries"),
    "containerservice:ManagedCluster": ("resourceName", "managedClusters"),
    "databricks:Workspace": ("workspaceName", "Microsoft.Databricks/workspaces"),
    "keyvault:Key": ("keyName", "keys"),
    "keyvault:Secret": ("secretName", "secrets"),
    "keyvault:Vault": ("vaultName", "vaults"),
    "machinelearningservices:BatchDeployment": ("deploymentName", "deployments"),
    "machinelearningservices:BatchEndpoint": ("endpointName", "batchEndpoints"),
    "machinelearningservices:Compute": ("computeName", "computes"),
    "machinelearningservices:OnlineDeployment": ("deploymentName", "deployments"),
    "machinelearningservices:OnlineEndpoint": ("endpointName", "onlineEndpoints"),
    "machinelearningservices:Registry": ("registryName", "registries"),
    "machinelearningservices:Workspace": ("workspaceName", "workspaces"),
    "monitor:ActionGroup": ("actionGroupName", "actionGroups"),
    "network:NetworkSecurityGroup": ("networkSecurityGroupName", "networkSecurityGroups"),
    "network:PrivateEndpoint": ("privateEndpointName", "privateEndpoints"),
    "network:PublicIPAddress": ("publicIpAddressName", "publicIPAddresses"),
    "network:Subnet": ("subnetName", "subnets"),
    "network:VirtualNetwork": ("virtualNetworkName", "virtualNetworks"),
    "operationalinsights:Workspace": ("workspaceName", "workspaces"),
    "privatedns:PrivateZone": ("privateZoneName", "privateDnsZones"),
    "resources:ResourceGroup": ("resourceGroupName", "resourceGroups"),
    "sql:Database": ("databaseName", "databases"),
    "sql:Server": ("serverName", "servers"),
    "storage:StorageAccount": ("accountName", "storageAccounts"),
}
