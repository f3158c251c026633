"""What every system offers in the same shape: role assignments, diagnostic settings, network access, a lock."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import partial

import pulumi
from pulumi_azure_native import authorization, monitor

from azure_ml_platform import roles
from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog import diagnostics
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent


class PrincipalType(StrEnum):
    """Kinds of principal. Where none is named Azure looks the principal up, and may not find a new one yet."""

    SERVICE_PRINCIPAL = "ServicePrincipal"
    """A service principal or a managed identity."""
    GROUP = "Group"
    """A group of Microsoft Entra."""
    USER = "User"
    """A person."""


class ComponentArgs(Args):
    """What every component takes."""

    tags: Mapping[str, str] = {}
    """Optional. Tags of every taggable resource. Default none."""
    keep_sdk_aliases: bool | None = None
    """Optional. Keep the SDK's aliases to types of provider versions 1 and 2. Default as the enclosing component."""


class PrincipalArgs(Args):
    """Someone or something that a role is assigned to."""

    name: str
    """Required. What it is called, known before it exists; part of the names of its role assignments."""
    principal_id: Input[str]
    """Required. Object id of the user, group or service principal."""
    principal_type: Input[str] = PrincipalType.SERVICE_PRINCIPAL.value
    """Optional. Kind of the principal, a PrincipalType. Default ServicePrincipal, also that of a managed identity."""


class RoleAssignmentArgs(Args):
    """One role for one principal, on the resource that offers the interface."""

    role: Role
    """Required. Built-in role."""
    principal: PrincipalArgs
    """Required. Who gets it."""


class ScopeArgs(Args):
    """A resource that roles are assigned on."""

    name: str
    """Required. Name of the resource, known before it exists; part of the names of the role assignments."""
    id: Input[str]
    """Required. Resource id."""
    subscription_id: Input[str] | None = None
    """Optional. Subscription of the resource. Default that in its id, which a first preview does not know yet."""


class DiagnosticsArgs(Args):
    """Where logs and metrics of a resource go."""

    workspace_id: Input[str]
    """Required. Resource id of the Log Analytics workspace."""


class WatchedArgs(Args):
    """A resource that alerts are set on."""

    arm_type: str
    """Required. Its ARM type, which tells what is watched of it."""
    id: Input[str]
    """Required. Resource id."""


class CustomerKeyArgs(Args):
    """A key of the customer's own that a resource is encrypted with."""

    vault_uri: Input[str]
    """Required. Address of the vault, which has to be protected from purge."""
    key_name: Input[str]
    """Required. Name of the key; its newest version is used."""
    identity_id: Input[str]
    """Required. Resource id of the user-assigned identity that reads the key."""
    identity_client_id: Input[str] | None = None
    """Conditional. Client id of that identity. Required by a registry."""
    permission: Input[str] | None = None
    """Optional. Role assignment by which the identity may use the key, waited for. Default it is there already."""

    @property
    def permitted_identity_id(self) -> pulumi.Output[str]:
        """The identity's resource id, known once it may use the key."""
        return pulumi.Output.all(self.identity_id, self.permission).apply(lambda both: str(both[0]))


class NetworkAccessArgs(Args):
    """Who reaches a service from outside: nobody, unless it is made public."""

    public: bool = False
    """Optional. Answer on the public endpoint. Default false."""
    allowed_ip_ranges: Sequence[str] = ()
    """Optional. IPv4 addresses or CIDR blocks that may call the public endpoint. Default none."""

    @property
    def state(self) -> str:
        """The value of ARM's `publicNetworkAccess`."""
        return "Enabled" if self.public else "Disabled"


def assign_role(
    owner: PlatformComponent, name: str, scope: ScopeArgs, grant: RoleAssignmentArgs, condition: str | None = None
) -> "authorization.RoleAssignment":
    """Assign a role on a scope under a GUID that follows from the names of both and the role.

    A second run finds its own assignment, and a principal that was made anew gets its assignment back without
    `RoleAssignmentExists` (Microsoft.Authorization/roleAssignments).
    """
    subscription_id = scope.subscription_id or pulumi.Output.from_input(scope.id).apply(_subscription)
    definition_id = pulumi.Output.from_input(subscription_id).apply(partial(roles.role_definition_id, grant.role))
    return authorization.RoleAssignment(
        name,
        role_assignment_name=roles.role_assignment_name(scope.name, grant.principal.name, grant.role),
        scope=scope.id,
        role_definition_id=definition_id,
        principal_id=grant.principal.principal_id,
        principal_type=grant.principal.principal_type,
        condition=condition,
        condition_version=None if condition is None else "2.0",
        opts=owner.child(delete_before_replace=True),
    )


def _subscription(resource_id: str) -> str:
    return resource_id.split("/")[2]


def diagnose(
    owner: PlatformComponent, name: str, arm_type: str, resource_id: Input[str], destination: DiagnosticsArgs | None
) -> "monitor.DiagnosticSetting | None":
    """Send the logs and metrics that the catalog lists for an ARM type to Log Analytics, kept as long as it keeps them.

    Retention inside a diagnostic setting is retired, so none is set (Microsoft.Insights/diagnosticSettings).
    """
    if destination is None:
        return None
    categories = diagnostics.DIAGNOSTIC_CATEGORIES[arm_type]
    return monitor.DiagnosticSetting(
        name,
        name="to-log-analytics",
        resource_uri=resource_id,
        workspace_id=destination.workspace_id,
        logs=[{"category": category, "enabled": True} for category in categories.logs],
        metrics=[{"category": category, "enabled": True} for category in categories.metrics],
        opts=owner.child(),
    )


def lock(
    owner: PlatformComponent, name: str, lock_name: str, scope: Input[str], *, depends_on: Sequence[pulumi.Resource]
) -> "authorization.ManagementLockByScope":
    """Forbid deletion of a scope; made after everything that it depends on, so that a destroy removes it first."""
    return authorization.ManagementLockByScope(
        name,
        lock_name=lock_name,
        scope=scope,
        level="CanNotDelete",
        notes="Take the lock off on purpose before deleting what is below it.",
        opts=owner.child(depends_on=list(depends_on)),
    )
