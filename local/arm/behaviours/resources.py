"""Microsoft.Resources: resource groups. Source: learn.microsoft.com/rest/api/resources/resource-groups."""

from local.arm.identifiers import GROUP
from local.arm.resource_types import Answer, NameRule, ResourceProvider, ResourceType, Scope

PROVIDER = ResourceProvider(
    namespace="Microsoft.Resources",
    types=(
        ResourceType(
            name=GROUP,
            scope=Scope.SUBSCRIPTION,
            tracked=True,
            names=NameRule(
                r"[-\w.()]{0,89}[-\w()]",
                "1 to 90 letters, digits, '_', '-', '.', '(' and ')', without a period at the end",
                "InvalidResourceGroup",
            ),
            immutable=("managedBy",),
            delete=Answer.LOCATION,
        ),
    ),
)
