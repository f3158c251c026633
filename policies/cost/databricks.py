"""Cost of Databricks: clusters end by themselves, and grow no further than the stack is meant to pay for."""

import json
from collections.abc import Mapping
from typing import Any

from pulumi_policy import Severity

from policies.cost.limits import Limits
from policies.kit.conditions import Condition, between, each, is_set
from policies.kit.properties import Properties, Unknown
from policies.kit.rule import AnyRule, Rule
from policies.kit.verdict import PASSED, Verdict, every, not_applicable, undecided, violation

OBJECT = "dynamic:DatabricksObject"
"""An object inside a workspace: its kind, and its body as JSON."""


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on what is inside a workspace."""
    minutes, workers = limits.databricks_idle_minutes_max, limits.databricks_workers_max
    return [
        Rule(
            id="dbx-cluster-guard",
            requires="A Databricks cluster ends when nobody uses it, grows no further than planned, and obeys a policy",
            conditions={OBJECT: _guarded(minutes, workers)},
            fix=f"have idle clusters end within {minutes} minutes, allow {workers} workers at most, and give jobs "
            "clusters of their own with a policy",
            severity=Severity.HIGH,
            control="CO:06",
        )
    ]


def _guarded(minutes: int, workers: int) -> Condition:
    by_kind: Mapping[str, Condition] = {
        "cluster policy": _policy(minutes, workers),
        "instance pool": between("idle_instance_autotermination_minutes", 0, minutes),
        "job": each("job_clusters", is_set("new_cluster.policy_id")),
    }

    def check(thing: Properties) -> Verdict:
        kind, spec = thing.get("kind"), thing.get("spec")
        if isinstance(kind, Unknown):
            return undecided(kind.path)
        condition = by_kind.get(str(kind))
        if condition is None:
            return not_applicable("an object that costs nothing by itself")
        if isinstance(spec, Unknown):
            return undecided(spec.path)
        body = _object(spec)
        return violation("spec is no object, must be one") if body is None else condition(Properties(body, "spec"))

    return check


def _policy(minutes: int, workers: int) -> Condition:
    """A policy whose clusters end in time and grow no further; one for jobs alone ends with its job."""

    def check(policy: Properties) -> Verdict:
        definition = _object(policy.get("definition"))
        if definition is None:
            return violation("spec.definition is no object, must be one")
        # Its keys have dots in them, so it is no tree of properties.
        found = {name: _most(definition.get(name)) for name in _WORKERS}
        verdicts = [_within(name, most, workers) for name, most in found.items() if most is not None]
        if not verdicts:
            verdicts.append(violation(f"spec.definition limits neither {' nor '.join(_WORKERS)}, must limit one"))
        if _value(definition.get("cluster_type")) != "job":
            name = "autotermination_minutes"
            verdicts.append(_within(name, _most(definition.get(name)), minutes))
        return every(verdicts)

    return check


_WORKERS = ("num_workers", "autoscale.max_workers")


def _within(name: str, most: float | None, limit: int) -> Verdict:
    if most is not None and most <= limit:
        return PASSED
    return violation(
        f"spec.definition.{name} is {'without limit' if most is None else f'{most:g}'}, must be at most {limit}"
    )


def _most(rule: Any) -> float | None:
    """The largest value that a rule of a policy allows."""
    if not isinstance(rule, Mapping):
        return None
    value = rule.get("value") if rule.get("type") == "fixed" else rule.get("maxValue")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _value(rule: Any) -> Any:
    return rule.get("value") if isinstance(rule, Mapping) else None


def _object(text: Any) -> Mapping[str, Any] | None:
    """An object, written as JSON or not."""
    if isinstance(text, str):
        try:
            text = json.loads(text)
        except ValueError:
            return None
    return text if isinstance(text, Mapping) else None
