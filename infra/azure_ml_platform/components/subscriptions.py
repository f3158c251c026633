"""Resources of other subscriptions: a provider of the SDK works in one subscription only."""

import pulumi
from pulumi_azure_native import Provider

from azure_ml_platform.component import PlatformComponent


class Subscriptions:
    """The providers that a component needs for what it refers to by id, one for each subscription."""

    def __init__(self, owner: PlatformComponent, name: str) -> None:
        """Begin without any; `name` is that of the component."""
        self._owner, self._name = owner, name
        self._providers: dict[str, Provider] = {}

    def child(self, resource_id: str) -> pulumi.ResourceOptions:
        """Options of a child that is made beside, or in, the resource with an id."""
        subscription = subscription_of(resource_id)
        if subscription not in self._providers:
            self._providers[subscription] = Provider(
                f"{self._name}-{subscription}", subscription_id=subscription, opts=self._owner.child()
            )
        return self._owner.child(provider=self._providers[subscription])


def subscription_of(resource_id: str) -> str:
    """The subscription in an id."""
    return resource_id.split("/")[2].casefold()


def group_of(resource_id: str) -> str:
    """The resource group in an id."""
    return resource_id.split("/")[4]


def name_of(resource_id: str) -> str:
    """The last name in an id."""
    return resource_id.rpartition("/")[2]
