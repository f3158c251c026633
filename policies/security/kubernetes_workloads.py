"""Security of what runs in a Kubernetes cluster: pods, and what makes them.

Namespaces of the system are left out, as in Azure Policy's own definitions for Kubernetes: what runs there needs more.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from pulumi_policy import Severity

from policies.kit.conditions import (
    Condition,
    all_of,
    each,
    holds,
    includes,
    is_false,
    is_set,
    is_unset,
    none_of,
    not_true,
    one_of,
    only_if,
    within,
)
from policies.kit.kinds import POD_KINDS
from policies.kit.properties import Properties, Unknown
from policies.kit.rule import AnyRule, Rule
from policies.kit.verdict import PASSED, Verdict, undecided, violation
from policies.kit.wording import choices, show
from policies.security.limits import Limits

_SYSTEM = ("kube-system", "gatekeeper-system", "azure-arc")
_SERVICE = "k8s:Service"


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on workloads and services."""
    return [*_isolation(), *_images(limits), *_place()]


def _outside_system(condition: Condition) -> Condition:
    return only_if(none_of("metadata.namespace", *_SYSTEM), condition, otherwise="a namespace of the system")


def _in_pods(condition: Condition) -> dict[str, Condition]:
    """A condition on the specification of a pod, wherever a kind has it."""

    def check(properties: Properties) -> Verdict:
        templates = ("spec.jobTemplate.spec.template.spec", "spec.template.spec")
        path = next((path for path in templates if properties.get(path) is not None), "spec")
        return within(path, condition)(properties)

    return dict.fromkeys(POD_KINDS, _outside_system(check))


def _in_containers(condition: Condition) -> dict[str, Condition]:
    return _in_pods(all_of(each("initContainers", condition), each("containers", condition)))


def _isolation() -> list[AnyRule]:
    return [
        Rule(
            id="k8s-privileged",
            requires="No container has all rights of its node",
            conditions=_in_containers(not_true("securityContext.privileged")),
            fix="leave securityContext.privileged out",
            severity=Severity.CRITICAL,
            control="PV-2",
            sources=("AP 95edb821",),
        ),
        Rule(
            id="k8s-privilege-escalation",
            requires="No process in a container gets more rights than its parent",
            conditions=_in_containers(is_false("securityContext.allowPrivilegeEscalation")),
            fix="set securityContext.allowPrivilegeEscalation to false",
            severity=Severity.HIGH,
            control="PV-2",
            sources=("AP 1c6e92c9",),
        ),
        Rule(
            id="k8s-capabilities",
            requires="A container drops the capabilities of Linux that every process starts with",
            conditions=_in_containers(includes("securityContext.capabilities.drop", "ALL")),
            fix='set securityContext.capabilities.drop to ["ALL"], and add those that are needed',
            severity=Severity.MEDIUM,
            control="PV-2",
            sources=("AP c26596ff",),
        ),
        Rule(
            id="k8s-host-path",
            requires="No pod reads or writes the disk of its node",
            conditions=_in_pods(each("volumes", is_unset("hostPath"))),
            fix="use a volume of another kind than hostPath",
            severity=Severity.HIGH,
            control="PV-2",
            sources=("AP 098fc59e",),
        ),
        Rule(
            id="k8s-host-namespaces",
            requires="No pod sees processes, messages or the network of its node",
            conditions=_in_pods(all_of(*map(not_true, ("hostPID", "hostIPC", "hostNetwork")))),
            fix="leave hostPID, hostIPC and hostNetwork out",
            severity=Severity.HIGH,
            control="PV-2",
            sources=("AP 47a1ee2f",),
        ),
        Rule(
            id="k8s-limits",
            requires="No container takes the processors or the memory of all others",
            conditions=_in_containers(all_of(is_set("resources.limits.cpu"), is_set("resources.limits.memory"))),
            fix="set resources.limits.cpu and resources.limits.memory",
            severity=Severity.MEDIUM,
            control="PV-2",
            sources=("AP e345eecc",),
        ),
    ]


def _images(limits: Limits) -> list[AnyRule]:
    registries = limits.image_registries
    return [
        Rule(
            id="k8s-image-tag",
            requires="The image of a container is one that does not change",
            conditions=_in_containers(holds("image", _is_pinned, 'name a tag other than "latest", or a digest')),
            fix="name the version of the image, best by its digest",
            severity=Severity.MEDIUM,
            control="PV-2",
            sources=("AP 021f8078",),
        ),
        Rule(
            id="k8s-image-registry",
            requires="The image of a container comes from a registry that the organisation trusts",
            conditions=_in_containers(holds("image", _comes_from(registries), f"match {choices(registries)}")),
            fix="import the image into the platform's registry, or have its registry added to the profile",
            severity=Severity.HIGH,
            control="PV-2",
            sources=("AP febd0533",),
        ),
    ]


def _place() -> list[AnyRule]:
    named = all_of(is_set("metadata.namespace"), none_of("metadata.namespace", "default"))
    return [
        Rule(
            id="k8s-internal-load-balancer",
            requires="A service is reached from the network only, not from the internet",
            conditions={
                _SERVICE: only_if(
                    one_of("spec.type", "LoadBalancer"),
                    _is_internal,
                    otherwise="no load balancer leads to it",
                )
            },
            fix=f'set the annotation {_INTERNAL} to "true"',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("AP 3fc4dc25",),
        ),
        Rule(
            id="k8s-namespace",
            requires="Work is in a namespace with quotas and network policies of its own, not in the default one",
            conditions=dict.fromkeys((*POD_KINDS, _SERVICE), named),
            fix="name the namespace in metadata.namespace",
            severity=Severity.LOW,
            control="PV-2",
            sources=("AP 9f061a12",),
        ),
    ]


_INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"


def _is_internal(properties: Properties) -> Verdict:
    annotations = properties.entries("metadata.annotations")
    if isinstance(annotations, Unknown):
        return undecided(annotations.path)
    # Its name has dots in it, so that no path leads to it.
    value = next((value for path, value in annotations if path.endswith(f".{_INTERNAL}")), None)
    if isinstance(value, Unknown):
        return undecided(value.path)
    return PASSED if value == "true" else violation(f'the annotation {_INTERNAL} is {show(value)}, must be "true"')


def _is_pinned(image: Any) -> bool:
    """Whether an image has a digest, or a tag that is not `latest`; a port of the registry is no tag."""
    name, digest, _ = str(image or "").partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    return bool(digest) or (bool(tag) and tag != "latest")


def _comes_from(registries: Sequence[str]) -> Any:
    return lambda image: any(fnmatchcase(str(image or ""), glob) for glob in registries)
