"""User-assigned identities: one for each role that a part of the platform plays."""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import managedidentity

from azure_ml_platform.args import Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs


class IdentitiesArgs(ComponentArgs):
    """Inputs of Identities."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the identities."""
    location: Input[str]
    """Required. Azure region."""
    names: Mapping[str, str]
    """Required. Names of the identities by role; the role is part of each logical name."""


class Identities(PlatformComponent):
    """Identities that outlive what uses them, so that their roles can be granted first."""

    ids: pulumi.Output[Mapping[str, str]]
    """Resource ids by role."""
    principal_ids: pulumi.Output[Mapping[str, str]]
    """Object ids of the service principals by role; roles are assigned to them."""
    client_ids: pulumi.Output[Mapping[str, str]]
    """Client ids by role; code that signs in names one of them."""

    def __init__(self, name: str, args: IdentitiesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create one identity per role."""
        args = IdentitiesArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.by_role = {
            role: managedidentity.UserAssignedIdentity(
                f"{name}-{role}",
                resource_name_=physical,
                resource_group_name=args.resource_group_name,
                location=args.location,
                tags=args.tags,
                opts=self.child(),
            )
            for role, physical in args.names.items()
        }
        self.ids = pulumi.Output.all(**{role: identity.id for role, identity in self.by_role.items()})
        self.principal_ids = pulumi.Output.all(**{role: one.principal_id for role, one in self.by_role.items()})
        self.client_ids = pulumi.Output.all(**{role: one.client_id for role, one in self.by_role.items()})
        self.finish()
