"""A contract: all there is to know of one resource type, and the operations that follow from it."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from local.arm.contracts.cache import cached
from local.arm.contracts.check import BodyCheck, InputCheck, Problem
from local.arm.contracts.ids import IdTemplate, Scope
from local.arm.contracts.installed import installed_sdk
from local.arm.contracts.shapes import Json, Member, Members, decode_member
from local.arm.contracts.translate import Translator

INTERNAL = "__"
"""Inputs whose names begin so belong to the provider, not to the resource."""
API_VERSION = "azureApiVersion"
"""The input and output that names the API version a resource is managed with."""

_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class Action:
    """A `POST` on a resource: `<id>/<segment>`; `query` maps arguments to query parameters."""

    segment: str
    query: Mapping[str, str]


@dataclass(frozen=True)
class DataPlane:
    """Where a resource is deleted that Resource Manager does not delete."""

    address: str
    """SDK path of the output that holds the address."""
    audience: str
    """Of the token."""
    api_version: str


class Contract:
    """One resource type."""

    def __init__(self, token: str, facts: Json, classes: "Classes") -> None:
        self.token = token
        """Pulumi's type, `azure-native:storage:StorageAccount`."""
        self.arm_type: str = facts["armType"]
        """ARM's type, `Microsoft.Storage/storageAccounts`."""
        self.api_version: str = facts["apiVersion"]
        self.singleton: bool = facts["singleton"]
        """Exists with its parent; deletion means `default_body`, or nothing where that is None."""
        self.default_body: dict[str, Json] | None = facts["defaultBody"]
        self.only_name: str | None = facts["onlyName"]
        """The one name that Azure knows."""
        self.autoname: Literal["random", "copy", "uuid"] = facts["autoname"]
        """How a missing name comes about: with random letters, as the logical name, or as a random UUID."""
        self.kept: dict[str, Json] = facts["kept"]
        """SDK path of what is also managed apart, to its value at creation."""
        self.reset: dict[str, Json] = facts["reset"]
        """SDK input that `PUT` leaves alone when absent, to the value that takes it back."""
        self.secret_outputs: frozenset[str] = frozenset(facts["secret"])
        """SDK paths, of inputs and outputs, that are always secret."""
        self.conditional_delete: bool = facts["conditionalDelete"]
        """`DELETE` has to name the ETag that `GET` shows."""
        self.delete_at = DataPlane(**facts["deleteAt"]) if facts["deleteAt"] else None
        """Where it is deleted, if not by Resource Manager."""
        self.actions = {name: Action(**form) for name, form in facts["actions"].items()}
        self._template = IdTemplate(facts["id"])
        self._query: list[str] = facts["query"]
        self._containers: list[str] = facts["containers"]
        self.immutable_paths: frozenset[str] = frozenset({*facts["immutable"], *self.path_inputs})
        """SDK paths whose change replaces the resource."""
        self.classes = classes
        """The nested classes that inputs and outputs refer to."""
        self._facts = facts
        self._translator = Translator(classes)

    @property
    def scope(self) -> Scope:
        """What the resource belongs to."""
        return self._template.scope

    @property
    def scope_input(self) -> str | None:
        """The path input that is itself a resource id, of most extension resources."""
        return self._template.scope_parameter

    @property
    def path_inputs(self) -> tuple[str, ...]:
        """The inputs that make up the id, in its order; the last is the resource's own name."""
        return self._template.parameters

    @cached_property
    def inputs(self) -> Members:
        """The SDK's inputs."""
        return _members(self._facts["inputs"])

    @cached_property
    def outputs(self) -> Members:
        """The SDK's outputs, without `id`."""
        return _members(self._facts["outputs"])

    def resource_id(self, inputs: dict[str, Json], subscription_id: str) -> str:
        """Return the id of the resource that inputs describe; `KeyError` when a path input is missing."""
        return self._template.format(inputs, subscription_id)

    def path_of(self, resource_id: str) -> dict[str, str] | None:
        """Return the path inputs in an id, or None where it is of another type."""
        return self._template.parse(resource_id)

    def to_body(self, inputs: dict[str, Json]) -> tuple[dict[str, Json], dict[str, Json]]:
        """Return the body and the query parameters that `PUT` sends for SDK inputs."""
        body = self._translator.body(self.inputs, inputs)
        for name in self._containers:
            body.setdefault(name, {})
        return body, {name: inputs[name] for name in self._query if inputs.get(name) is not None}

    def to_outputs(self, body: dict[str, Json]) -> dict[str, Json]:
        """Return the SDK outputs of a resource that ARM answered with."""
        return self._translator.outputs(self.outputs, body) | {API_VERSION: self.api_version}

    def to_inputs(self, resource_id: str, body: dict[str, Json]) -> dict[str, Json]:
        """Return the SDK inputs that describe an existing resource; `ValueError` for an id of another type."""
        return self.inputs_of(resource_id, self.to_outputs(body))

    def inputs_of(self, resource_id: str, outputs: dict[str, Json]) -> dict[str, Json]:
        """Return the SDK inputs that lead to these outputs; `ValueError` for an id of another type."""
        path = self.path_of(resource_id)
        if path is None:
            raise ValueError(f"'{resource_id}' is not the id of a {self.arm_type}")
        if "properties" in self.inputs and "properties" not in self.outputs:
            # The SDK shows its members at the top (a vault's keys).
            outputs = {**outputs, "properties": outputs}
        return self._translator.inputs(self.inputs, outputs) | path | {API_VERSION: self.api_version}

    def expected_outputs(self, inputs: dict[str, Json], current: dict[str, Json] | None = None) -> dict[str, Json]:
        """Return the outputs that a preview can promise, given the outputs there are now; the rest is `UNKNOWN`."""
        body, _ = self.to_body(inputs)
        return self._translator.expected(self.outputs, self.to_outputs(body), current or {})

    def comparable(self, inputs: dict[str, Json]) -> dict[str, Json]:
        """Return SDK inputs in a form in which equal means equal to Azure.

        Regions compare without letter case and spaces, scopes without their leading slash, sets without order.
        """
        values = self._translator.comparable(self.inputs, inputs)
        if isinstance(values.get("location"), str):
            values["location"] = values["location"].replace(" ", "").casefold()
        if self.scope_input is not None and isinstance(values.get(self.scope_input), str):
            values[self.scope_input] = values[self.scope_input].strip("/")
        return values

    def check_inputs(self, inputs: dict[str, Json]) -> list[Problem]:
        """Return all that is wrong with SDK inputs, unknown values apart."""
        own = {name: value for name, value in inputs.items() if name != API_VERSION and not name.startswith(INTERNAL)}
        problems = list(InputCheck(self.classes).members(self.inputs, own))
        problems += (
            Problem(name, "must not contain '/'", own[name])
            for name in self.path_inputs
            if name != self.scope_input and isinstance(own.get(name), str) and "/" in own[name]
        )
        only = self.only_name
        name = self.path_inputs[-1]
        if only is not None and isinstance(own.get(name), str) and own[name].casefold() != only.casefold():
            problems.append(Problem(name, f"must be '{only}', the only one Azure knows", own[name]))
        return problems

    def check_body(self, body: dict[str, Json]) -> list[Problem]:
        """Return all that is wrong with the body of a `PUT` in this contract's API version."""
        problems = list(BodyCheck(self.classes).resource(self.inputs, self.outputs, body))
        missing = (name for name in self._containers if not isinstance(body.get(name), dict))
        return problems + [Problem(name, "is required, even when it is empty") for name in missing]

    def replaces(self, property_path: str) -> bool:
        """Tell whether a change at an SDK path replaces the resource; list indices do not matter."""
        path = _INDEX.sub("", property_path)
        return any(path == fixed or path.startswith(f"{fixed}.") for fixed in self.immutable_paths)


class Contracts:
    """All contracts, by Pulumi's type and by ARM's."""

    def __init__(self, document: Json) -> None:
        classes = Classes(document["classes"])
        self._by_token = {token: Contract(token, facts, classes) for token, facts in document["types"].items()}
        self._by_arm_type = {contract.arm_type.casefold(): contract for contract in self._by_token.values()}

    @classmethod
    def load(cls) -> "Contracts":
        """Return the contracts for the installed SDK, compiled on first use for its version and our rows."""
        root, version = installed_sdk()
        return cls(cached("contracts", f"{version}-{_fingerprint()}", lambda: _compile(root)))

    def by_token(self, token: str) -> Contract:
        """Return the contract of a Pulumi type; `LookupError` where there is none."""
        if token not in self._by_token:
            raise LookupError(f"{token} is not among the resource types that the local Azure covers")
        return self._by_token[token]

    def by_arm_type(self, arm_type: str) -> Contract | None:
        """Return the contract of an ARM type, letter case ignored, or None."""
        return self._by_arm_type.get(arm_type.casefold())

    def __iter__(self) -> Iterator[Contract]:
        return iter(self._by_token.values())


class Classes(Mapping[str, Members]):
    """Nested classes by key, decoded when first met."""

    def __init__(self, forms: dict[str, Json]) -> None:
        self._forms = forms
        self._decoded: dict[str, Members] = {}

    def __getitem__(self, key: str) -> Members:
        if key not in self._decoded:
            self._decoded[key] = _members(self._forms[key])
        return self._decoded[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._forms)

    def __len__(self) -> int:
        return len(self._forms)


def _members(forms: dict[str, Json]) -> dict[str, Member]:
    return {name: decode_member(form) for name, form in forms.items()}


def _fingerprint() -> str:
    """Return a hash of everything beside the SDK that the document is made from: rows and compiler."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*")):
        if file.suffix in (".py", ".yaml"):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _compile(root: Path) -> Json:
    # Needed once per SDK version; a running plugin starts without them.
    from local.arm.contracts.compiler import compile_contracts
    from local.arm.contracts.rows import load
    from local.arm.contracts.sdk import Sdk

    return compile_contracts(Sdk(root), load())
