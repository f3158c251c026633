"""Security of endpoints and deployments: onlineEndpoints, batchEndpoints, serverlessEndpoints of a workspace."""

import re
from typing import Any

from pulumi_policy import Severity

from policies.kit.conditions import all_of, holds, is_unset, one_of
from policies.kit.kinds import (
    BATCH_DEPLOYMENT,
    BATCH_ENDPOINT,
    ONLINE_DEPLOYMENT,
    ONLINE_ENDPOINT,
    SERVERLESS_ENDPOINT,
)
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import Verdict, either
from policies.kit.wording import choices
from policies.security.limits import Limits
from policies.security.managed_network import isolated


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on endpoints and their deployments."""
    no_keys = all_of(one_of("properties.authMode", "AADToken", "AMLToken"), is_unset("properties.keys"))
    models = {
        ONLINE_DEPLOYMENT: "properties.model",
        BATCH_DEPLOYMENT: "properties.model.assetId",
        SERVERLESS_ENDPOINT: "properties.modelSettings.modelId",
    }
    approved = _from(limits.model_registries)
    return [
        Rule(
            id="aml-endpoint-auth-mode",
            requires="Callers of an endpoint show short-lived tokens, not keys",
            conditions={ONLINE_ENDPOINT: no_keys, BATCH_ENDPOINT: no_keys},
            fix='set properties.authMode to "AADToken" and leave properties.keys out',
            severity=Severity.HIGH,
            control="IM-1",
        ),
        Rule(
            id="aml-endpoint-public-access",
            requires="An endpoint cannot be called from public networks",
            conditions={ONLINE_ENDPOINT: one_of("properties.publicNetworkAccess", "Disabled")},
            remedies={ONLINE_ENDPOINT: {"properties.publicNetworkAccess": "Disabled"}},
            fix='set properties.publicNetworkAccess to "Disabled"',
            severity=Severity.HIGH,
            control="NS-2",
        ),
        StackRule(
            id="aml-deployment-egress",
            requires="A deployment reaches other networks through the workspace's managed network only",
            judge=for_each((ONLINE_DEPLOYMENT,), _closed),
            fix='set properties.egressPublicNetworkAccess to "Disabled", or managedNetwork of the workspace',
            severity=Severity.MEDIUM,
            control="NS-2",
        ),
        Rule(
            id="aml-approved-registry",
            requires="A deployed model comes from the workspace itself or from an approved registry",
            conditions={kind: holds(path, approved, _approved(limits)) for kind, path in models.items()},
            fix="deploy a model of the workspace, or have its registry approved in the profile",
            severity=Severity.HIGH,
            control="AM-2",
            sources=("AP 12e5dd16", "AP 19539b54"),
        ),
    ]


_EGRESS_CLOSED = one_of("properties.egressPublicNetworkAccess", "Disabled")


def _closed(deployment: Resource, stack: Stack) -> Verdict:
    return either([_EGRESS_CLOSED(deployment.properties), isolated(deployment, stack)])


_REGISTRY = re.compile(r"(?:azureml://|/)registries/([^/]+)/", re.IGNORECASE)


def _from(registries: tuple[str, ...]) -> Any:
    allowed = {registry.casefold() for registry in registries}

    def accepts(model: Any) -> bool:
        match = _REGISTRY.search(model) if isinstance(model, str) else None
        return match is None or match[1].casefold() in allowed

    return accepts


def _approved(limits: Limits) -> str:
    if not limits.model_registries:
        return "be a model of the workspace"
    return f"be a model of the workspace or of the registry {choices(limits.model_registries)}"
