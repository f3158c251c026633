"""Rules on resources without the engine's protocol between: quick, and with whatever a rule raises."""

from collections.abc import Iterable, Sequence

from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.proxy import unknown_checking_proxy

from policies.kit.properties import Properties
from policies.kit.resource import Resource, Stack, kind_of
from policies.kit.rule import AnyRule, Judgement, Rule
from tests.unit.policies.analyzer import Node


def resources(nodes: Iterable[Node]) -> list[Resource]:
    """The resources of one stack, as rules see them."""
    nodes = list(nodes)
    urns = {node.name: node.urn for node in nodes}
    return [
        Resource(
            *(node.urn, kind_of(node.type), node.name),
            Properties(unknown_checking_proxy(deserialize_properties(dict(node.properties)))),
            node.protect,
            {path: frozenset(urns.get(name, name) for name in names) for path, names in node.references.items()},
            urns.get(node.parent, node.parent),
        )
        for node in nodes
    ]


def judge(rule: AnyRule, stack: Sequence[Resource]) -> list[Judgement]:
    """What a rule says of the resources of a stack."""
    if isinstance(rule, Rule):
        judging = ((resource, rule.condition(resource.kind)) for resource in stack)
        return [(resource, condition(resource.properties)) for resource, condition in judging if condition]
    return list(rule.judge(Stack(tuple(stack))))
