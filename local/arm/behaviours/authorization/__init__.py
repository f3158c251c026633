"""Microsoft.Authorization: who may do what, locks, policy assignments.

Sources: learn.microsoft.com/rest/api/authorization, .../rest/api/resources/management-locks.
"""

from local.arm.behaviours.authorization import assignments, definitions, policies
from local.arm.locks import LOCKS
from local.arm.resource_types import NameRule, ResourceProvider, ResourceType, Scope

PROVIDER = ResourceProvider(
    namespace="Microsoft.Authorization",
    types=(
        *assignments.TYPES,
        *definitions.TYPES,
        *policies.TYPES,
        ResourceType(
            name=LOCKS,
            scope=Scope.ANY,
            provisioning_state=False,
            names=NameRule(r"[^<>%&:\\?/]{1,260}", "1 to 260 characters, none of <>%&:\\?/"),
            lists_below=True,
        ),
    ),
    views=definitions.VIEWS,
)
