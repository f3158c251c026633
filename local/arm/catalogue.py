"""The resource types that this Azure covers, and the refusal of every other."""

from collections.abc import Iterable

from local.arm.errors import ArmError, not_found
from local.arm.resource_types import ResourceProvider, ResourceType, View


class Catalogue:
    """Resource types and views by name, letter case ignored."""

    def __init__(self, providers: Iterable[ResourceProvider]) -> None:
        self.providers = {provider.namespace.casefold(): provider for provider in providers}
        every = self.providers.values()
        self._types = {kind.name.casefold(): kind for provider in every for kind in provider.types}
        self._views = {view.name.casefold(): view for provider in every for view in provider.views}

    def find(self, type_name: str) -> ResourceType | None:
        """The type of that name, None if it is not covered."""
        return self._types.get(type_name.casefold())

    def view(self, type_name: str) -> View | None:
        """The view of that name."""
        return self._views.get(type_name.casefold())

    def get(self, type_name: str, api_version: str) -> ResourceType:
        """The type of that name; raises ArmError InvalidResourceNamespace or InvalidResourceType."""
        kind = self.find(type_name)
        if kind is None:
            raise self.refusal(type_name, api_version)
        return kind

    def provider(self, namespace: str) -> ResourceProvider:
        """The provider of a namespace; raises ArmError InvalidResourceNamespace."""
        provider = self.providers.get(namespace.casefold())
        if provider is None:
            covered = ", ".join(sorted(provider.namespace for provider in self.providers.values()))
            message = f"The resource namespace '{namespace}' is invalid. This local Azure covers {covered}."
            raise not_found("InvalidResourceNamespace", message)
        return provider

    def refusal(self, type_name: str, api_version: str) -> ArmError:
        """Why a type that is not covered is none."""
        namespace, _, kind = type_name.partition("/")
        provider = self.provider(namespace)
        covered = ", ".join(sorted(known.name.partition("/")[2] for known in provider.types))
        message = (
            f"The resource type '{kind}' could not be found in the namespace '{provider.namespace}' for api version "
            f"'{api_version}'. This local Azure covers {covered}."
        )
        return not_found("InvalidResourceType", message)

    @property
    def types(self) -> list[ResourceType]:
        """Every type, parents before their children."""
        return sorted(self._types.values(), key=lambda kind: kind.name.count("/"))
