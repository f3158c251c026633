"""Whether what belongs to a workspace is covered by the workspace's managed virtual network."""

from policies.kit.conditions import one_of
from policies.kit.kinds import ML_WORKSPACE
from policies.kit.properties import Unknown
from policies.kit.resource import Resource, Stack
from policies.kit.verdict import Verdict, either, undecided, violation

_ISOLATED = one_of("managedNetwork.isolationMode", "AllowInternetOutbound", "AllowOnlyApprovedOutbound")


def isolated(resource: Resource, stack: Stack) -> Verdict:
    """Whether the workspace that a resource names in `workspaceName` is in this stack and has a managed network."""
    verdicts = [violation("its workspace has no managed network in this stack")]
    for workspace in stack.of(ML_WORKSPACE):
        belongs = resource.refers_to("workspaceName", workspace)
        if isinstance(belongs, Unknown):
            verdicts.append(undecided(belongs.path))
        elif belongs:
            return _ISOLATED(workspace.properties)
    return either(verdicts)
