"""Whether the logs of a resource go somewhere: Microsoft.Insights/diagnosticSettings."""

from collections.abc import Callable

from policies.kit.conditions import Condition, some
from policies.kit.kinds import BLOB_SERVICE, DIAGNOSTIC_SETTING
from policies.kit.resource import Resource, Stack
from policies.kit.verdict import Verdict, either, undecided


def sends(log: Condition, must_have: str) -> Callable[[Resource, Stack], Verdict]:
    """Whether a diagnostic setting of the stack sends a log of a resource that satisfies a condition."""
    sent = some("logs", log, f"have {must_have}")

    def judge(resource: Resource, stack: Stack) -> Verdict:
        # The settings of a storage account are those of its blob service.
        services = stack.referring(BLOB_SERVICE, "accountName", resource)
        settings = [
            stack.referring(DIAGNOSTIC_SETTING, "resourceUri", target).some(
                lambda setting: sent(setting.properties), f"no DiagnosticSetting with {must_have} belongs to it"
            )
            for target in (resource, *services.sources)
        ]
        return either([*settings, *(undecided(path) for path in services.undecided)])

    return judge
