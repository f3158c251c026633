"""The engine's side of a policy pack: requests as the engine sends them, answered by the policy SDK's own servicer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import proto
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel, Policy
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY
from pulumi_policy.policy import _PolicyAnalyzerServicer
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policies.kit.kinds import OWN

UNKNOWN = UNKNOWN_STRING_VALUE
"""What the engine sends for a value that it does not know yet."""


def secret(value: Any) -> dict[str, Any]:
    """A value as the engine sends it when the program marked it as secret."""
    return {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": value}


@dataclass(frozen=True)
class Node:
    """A resource as a program registers it."""

    kind: str
    """As `kind_of` gives it, or the whole type token."""
    properties: Mapping[str, Any]
    name: str = "it"
    protect: bool = False
    references: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Names of the resources, or their URNs, that a property was computed from."""
    parent: str = ""
    """Name or URN of the component that it is a part of."""

    @property
    def type(self) -> str:
        if self.kind.startswith(OWN):
            return f"pulumi-python:dynamic/azure_ml_platform:{self.kind.removeprefix(OWN)}"
        return self.kind if self.kind.count(":") > 1 else f"azure-native:{self.kind}"

    @property
    def urn(self) -> str:
        return f"urn:pulumi:dev::azure-ml-platform::{self.type}::{self.name}"


@dataclass(frozen=True)
class Report:
    """One line of what a pack reported."""

    policy: str
    level: EnforcementLevel
    message: str
    urn: str


class Analyzer:
    """Runs policies as the engine does: each resource by itself, then the stack."""

    def __init__(self, policies: list[Policy]) -> None:
        self._servicer: Any = _PolicyAnalyzerServicer("pack", "1.0.0", policies, EnforcementLevel.MANDATORY)
        self.not_applicable: list[str] = []

    def info(self) -> Any:
        return self._servicer.GetAnalyzerInfo(None, None)

    def run(self, nodes: Iterable[Node]) -> list[Report]:
        nodes = list(nodes)
        reports = [report for node in nodes for report in self.resource(node)]
        return reports + self.stack(nodes)

    def remedies(self, node: Node) -> dict[str, dict[str, Any]]:
        """By rule, the properties of a resource after its remedy; the next rule starts from there."""
        response = self._servicer.Remediate(_request(node), None)
        assert not any(remediation.diagnostic for remediation in response.remediations)
        return {entry.policyName: json_format.MessageToDict(entry.properties) for entry in response.remediations}

    def resource(self, node: Node) -> list[Report]:
        response = self._servicer.Analyze(_request(node), None)
        self.not_applicable += [entry.policy_name for entry in response.not_applicable]
        return [_report(diagnostic, node.urn) for diagnostic in response.diagnostics]

    def stack(self, nodes: Sequence[Node]) -> list[Report]:
        urns = {node.name: node.urn for node in nodes}
        request = proto.AnalyzeStackRequest(resources=[_stack_resource(node, urns) for node in nodes])
        return [_report(diagnostic, "") for diagnostic in self._servicer.AnalyzeStack(request, None).diagnostics]


def _request(node: Node) -> Any:
    return proto.AnalyzeRequest(
        urn=node.urn,
        type=node.type,
        name=node.name,
        properties=_struct(node.properties),
        options=analyzer_pb2.AnalyzerResourceOptions(protect=node.protect),
    )


def _stack_resource(node: Node, urns: Mapping[str, str]) -> Any:
    return analyzer_pb2.AnalyzerResource(
        urn=node.urn,
        type=node.type,
        name=node.name,
        parent=urns.get(node.parent, node.parent),
        properties=_struct(node.properties),
        options=analyzer_pb2.AnalyzerResourceOptions(protect=node.protect),
        propertyDependencies={
            path: analyzer_pb2.AnalyzerPropertyDependencies(urns=[urns.get(name, name) for name in names])
            for path, names in node.references.items()
        },
    )


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(properties)
    return struct


_LEVELS = {
    analyzer_pb2.ADVISORY: EnforcementLevel.ADVISORY,
    analyzer_pb2.MANDATORY: EnforcementLevel.MANDATORY,
}


def _report(diagnostic: Any, urn: str) -> Report:
    level = _LEVELS[diagnostic.enforcementLevel]
    return Report(diagnostic.policyName, level, diagnostic.message, diagnostic.urn or urn)
