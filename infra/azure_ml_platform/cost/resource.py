"""Resources as the estimator reads them: a kind and properties of which some may not be known yet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from azure_ml_platform.catalog.type_tokens import kind_of_any, type_of


class Unknown(Enum):
    """The type of `UNKNOWN`."""

    UNKNOWN = "not known yet"


UNKNOWN: Final = Unknown.UNKNOWN
"""Stands for a value that only an update knows, or that is secret."""

_NO_REGION = ("", "global")


class NotPricedError(Exception):
    """A part of a bill has no amount; the message says why."""


class NotKnownError(NotPricedError):
    """A part of a bill depends on a value that only an update knows."""

    def __init__(self, path: str) -> None:
        """Name the value."""
        super().__init__(f"{path} is not known yet")
        self.path = path
        """Where the value is in its resource."""


@dataclass(frozen=True)
class Resource:
    """One declared resource, or an object among its properties."""

    urn: str
    kind: str
    """`storage:StorageAccount`, or `dynamic:LogTable` for a resource of the library's own."""
    properties: Mapping[str, Any]
    """Inputs by their wire names; `UNKNOWN` where a value is not known."""
    parent: str = ""
    """URN of the component that it is a part of."""

    @classmethod
    def of(cls, urn: str, properties: Mapping[str, Any], parent: str = "") -> "Resource":
        """The resource of a URN; its kind is empty when it is neither Azure's nor the library's own."""
        return cls(urn, kind_of_any(type_of(urn)), properties, parent)

    @property
    def name(self) -> str:
        """The name within the program."""
        return self.urn.rpartition("::")[2]

    def get(self, path: str) -> Any:
        """The value at a dotted path, None where it is absent; raises NotKnownError where it is not known."""
        node: Any = self.properties
        for key in path.split("."):
            node = node.get(key) if isinstance(node, Mapping) else None
            if node is UNKNOWN:
                raise NotKnownError(path)
        return node

    def given(self, path: str) -> bool:
        """Whether there is a value at a path, known or not."""
        try:
            return self.get(path) is not None
        except NotKnownError:
            return True

    def text(self, path: str, default: str = "") -> str:
        """The text at a path; raises NotPricedError for what is neither text nor absent."""
        value = self.get(path)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        raise NotPricedError(f"{path} is no text")

    def number(self, path: str, default: float = 0) -> float:
        """The number at a path; raises NotPricedError for what is neither a number of 0 or more nor absent."""
        value = self.get(path)
        if value is None:
            return default
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf"):
            return float(value)
        raise NotPricedError(f"{path} is no number of 0 or more")

    def true(self, path: str) -> bool:
        """Whether the value at a path is true."""
        return self.get(path) is True

    def elements(self, path: str) -> Sequence[Any]:
        """The elements of the list at a path, known or not; none where it is absent."""
        value = self.get(path)
        if value is None:
            return ()
        if isinstance(value, Sequence) and not isinstance(value, str):
            return value
        raise NotPricedError(f"{path} is no list")

    def objects(self, path: str) -> Iterator["Resource"]:
        """The objects of the list at a path, each as a resource of the same name."""
        for element in self.elements(path):
            if element is UNKNOWN:
                raise NotKnownError(path)
            if not isinstance(element, Mapping):
                raise NotPricedError(f"an element of {path} is no object")
            yield Resource(self.urn, self.kind, element, self.parent)


@dataclass(frozen=True)
class Resources:
    """All resources of a stack."""

    all: tuple[Resource, ...]

    @classmethod
    def of(cls, resources: Iterable[Resource]) -> "Resources":
        """The resources that can cost something, by name: the order in which they register differs between runs."""
        return cls(tuple(sorted((each for each in resources if each.kind), key=lambda each: (each.name, each.kind))))

    def siblings(self, resource: Resource, kind: str) -> Iterator[Resource]:
        """The resources of a kind that are parts of the same component."""
        return (each for each in self.all if each.kind == kind and each.parent == resource.parent)

    @property
    def region(self) -> str:
        """The region that most resources are in; empty when none says where it is."""
        regions = [region for each in self.all if (region := own_region(each))]
        return max(sorted(set(regions)), key=regions.count) if regions else ""

    def region_of(self, resource: Resource) -> str:
        """The region of a resource, that of most of the stack for one that does not say it."""
        return own_region(resource) or self.region


def own_region(resource: Resource) -> str:
    """The programmatic name of the region that a resource says it is in; empty where it says none."""
    location = resource.properties.get("location")
    name = location.replace(" ", "").casefold() if isinstance(location, str) else ""
    return "" if name in _NO_REGION else name
