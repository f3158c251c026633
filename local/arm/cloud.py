"""What resource providers work with."""

from dataclasses import dataclass

from local.arm.clock import Clock, timestamp
from local.arm.data_planes import Blobs, Clusters, Listeners, Serving
from local.arm.directory import Directory
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import ResourceId
from local.arm.store import Resource, Store


@dataclass(frozen=True)
class Cloud:
    """One local Azure: what it remembers, its time, its directory and what stands behind it."""

    store: Store
    clock: Clock
    directory: Directory
    blobs: Blobs
    serving: Serving
    clusters: Clusters
    listeners: Listeners
    url: str
    """Where it answers: `https://127.0.0.1:<port>`."""

    def now(self) -> str:
        """The present moment as ARM writes it."""
        return timestamp(self.clock.now())

    def find(self, reference: str, type_name: str, *, property_path: str) -> Resource:
        """The resource of a type that a property refers to.

        Raises ArmError LinkedInvalidPropertyId for what is not an id of that type, and LinkedResourceNotFound
        (`InvalidResourceReference` in some providers) for one that does not exist.
        """
        id = ResourceId.parse(reference)
        if id.type.casefold() != type_name.casefold():
            message = (
                f"Property '{property_path}' has the id '{reference}', which is of type '{id.type}'; it must be of "
                f"type '{type_name}'."
            )
            raise bad_request("LinkedInvalidPropertyId", message, target=property_path)
        resource = self.store.get(id)
        if resource is None:
            raise dangling(reference, property_path)
        return resource


def dangling(reference: str, property_path: str) -> ArmError:
    """The refusal of a reference to a resource that does not exist."""
    message = (
        f"The resource '{reference}' that property '{property_path}' refers to was not found. Create it first, or "
        "correct the id."
    )
    return bad_request("LinkedResourceNotFound", message, target=property_path)
