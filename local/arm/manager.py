"""What the handlers of Azure Resource Manager share: the way from a request to a resource type and its surroundings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from local.arm import locks, managed_groups
from local.arm.catalogue import Catalogue
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request, conflict, not_found
from local.arm.faults import Faults
from local.arm.identifiers import GROUP, SUBSCRIPTION, ResourceId, missing
from local.arm.operations import Operations
from local.arm.resource_types import ResourceType, Scope
from local.arm.store import Resource
from local.arm.wire import Request

UNREGISTERED = "unregistered_providers"
"""Setting: namespaces that the subscription may not use, in lower case."""


class Problem(Protocol):
    """Something that a body must not be."""

    @property
    def path(self) -> str:
        """Where."""

    @property
    def reason(self) -> str:
        """The rule."""


class Contract(Protocol):
    """The shape of a type's body in one API version."""

    api_version: str

    def check_body(self, body: Json) -> Sequence[Problem]:
        """All that is wrong with a body."""


class Contracts(Protocol):
    """The contracts by type."""

    def by_arm_type(self, arm_type: str) -> Contract | None:
        """The contract of a type, None if there is none."""


@dataclass(frozen=True)
class Manager:
    """Azure Resource Manager."""

    cloud: Cloud
    catalogue: Catalogue
    contracts: Contracts
    operations: Operations
    faults: Faults

    def locate(self, request: Request) -> tuple[ResourceId, ResourceType]:
        """The id and type that a request names, spelled as they are on record; raises ArmError for what cannot be."""
        target = request.target
        if target.id is None or target.word is not None or target.namespace is not None:
            message = f"The HTTP method '{request.method}' is not supported on '{request.path}'."
            raise ArmError(405, "HttpMethodNotAllowed", message)
        kind = self.catalogue.get(target.id.type, request.api_version)
        self._check_version(kind, request.api_version)
        return self.spelled(target.id, kind), kind

    def spelled(self, id: ResourceId, kind: ResourceType) -> ResourceId:
        """An id as it is on record, else with what lies above it as that is on record.

        Raises ArmError for another subscription, or for a place where the type cannot lie.
        """
        self.check_subscription(id)
        known = self.cloud.store.get(id)
        if known:
            return known.id
        _check_place(id, kind)
        above = id.above
        if above is not None and above.type != SUBSCRIPTION:
            on_record = self.cloud.store.get(above)
            above = on_record.id if on_record else above
        return id.spelled(kind.name, above)

    def check_subscription(self, id: ResourceId | None) -> None:
        """Raise ArmError SubscriptionNotFound for a subscription other than ours."""
        subscription = id.subscription if id else None
        if subscription and subscription.name.casefold() != self.cloud.directory.subscription_id:
            raise missing(subscription)

    def is_registered(self, namespace: str) -> bool:
        """Whether the subscription may use a resource provider; so are all until they are unregistered."""
        return namespace.casefold() not in self.cloud.store.setting(UNREGISTERED, [])

    def set_registered(self, namespace: str, *, registered: bool) -> None:
        """Register a resource provider, or take it off."""
        store = self.cloud.store
        with store.transaction():
            others = [name for name in store.setting(UNREGISTERED, []) if name != namespace.casefold()]
            store.set_setting(UNREGISTERED, others if registered else [*others, namespace.casefold()])

    def existing(self, id: ResourceId) -> Resource:
        """A resource that must exist; raises ArmError with the 404 of what is missing, its group first."""
        resource = self.cloud.store.get(id)
        if resource is None:
            self.check_above(id)
            raise missing(id)
        return resource

    def check_above(self, id: ResourceId) -> None:
        """Raise ArmError when group, parent or extended resource of `id` do not exist or go away."""
        store = self.cloud.store
        if id.group and id.group != id:
            group = store.get(id.group)
            if group is None:
                raise missing(id.group)
            if group.properties.get("provisioningState") == "Deleting":
                message = (
                    f"The resource group '{id.group.name}' is in deprovisioning state and cannot perform this "
                    "operation."
                )
                raise conflict("ResourceGroupBeingDeleted", message)
        above = self._above(id)
        if above is None or above.type == SUBSCRIPTION or store.get(above):
            return
        if id.parent is None:
            raise missing(above)
        message = (
            f"Can not perform requested operation on nested resource. Parent resource '{above.full_name}' not found."
        )
        raise not_found("ParentResourceNotFound", message)

    def _above(self, id: ResourceId) -> ResourceId | None:
        """The next resource upwards: the tables and columns of a database are parents in a path, yet no resources."""
        above = id.above
        while above is not None and above.parent is not None and self.catalogue.find(above.type) is None:
            above = above.parent
        return above

    def check_idle(self, id: ResourceId) -> None:
        """Raise ArmError AnotherOperationInProgress while an operation works on `id`, or on what excludes others."""
        running = self.operations.running_on(id)
        for upper in id.with_parents():
            kind = self.catalogue.find(upper.type)
            if kind and kind.one_operation_at_a_time and running is None:
                running = self.operations.running_on(upper) or self.operations.running_within(upper)
        if running:
            message = (
                f"Another operation ({running.kind}, {running.id}) is in progress on '{running.target}'; wait until it "
                "has ended."
            )
            raise conflict("AnotherOperationInProgress", message)

    def check_registered(self, id: ResourceId) -> None:
        """Raise ArmError MissingSubscriptionRegistration for a type of a provider that was unregistered."""
        if not self.is_registered(id.namespace):
            message = (
                f"The subscription is not registered to use namespace '{id.namespace}'. See "
                "https://aka.ms/rps-not-found for how to register subscriptions."
            )
            detail = ArmError(409, "MissingSubscriptionRegistration", message, target=id.namespace)
            raise ArmError(409, detail.code, message, target=id.namespace, details=(detail,))

    def check_writable(self, id: ResourceId) -> None:
        """Raise ArmError when registration, surroundings, an operation, a lock or a group's owner forbid a write."""
        self.check_registered(id)
        self.check_above(id)
        managed_groups.check_open(self.cloud.store, id, "write")
        self.check_idle(id)
        locks.check_write(self.cloud.store, id)

    def _check_version(self, kind: ResourceType, api_version: str) -> None:
        """Raise ArmError NoRegisteredProviderFound for a version from the future, which no provider can have."""
        contract = self.contracts.by_arm_type(kind.name)
        newest = max(self.cloud.clock.now().date().isoformat(), contract.api_version[:10] if contract else "")
        if api_version[:10] > newest:
            message = (
                f"No registered resource provider found for API version '{api_version}' for type "
                f"'{kind.name.partition('/')[2]}'. This local Azure takes the api-versions up to {newest}"
                + (f", and judges bodies by '{contract.api_version}'." if contract else ".")
            )
            raise bad_request("NoRegisteredProviderFound", message)


def _check_place(id: ResourceId, kind: ResourceType) -> None:
    """Raise ArmError for a type in a place where it cannot be, such as a storage account right in a subscription."""
    if kind.is_child or id.is_container:
        return
    scope = id.scope.type if id.scope else None
    fits = {
        Scope.GROUP: scope == GROUP,
        Scope.SUBSCRIPTION: scope == SUBSCRIPTION,
        Scope.CONTAINER: scope in (GROUP, SUBSCRIPTION),
        Scope.ANY: scope is not None,
    }
    if not fits[kind.scope]:
        message = f"The resource type '{kind.name}' cannot lie in '{id.scope or '/'}'."
        raise bad_request("InvalidResourceScope", message)
