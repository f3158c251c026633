"""Identities that a pipeline works as, without any secret: one that looks, one that changes.

The pipeline's provider signs a token for each run; Azure trusts the runs that the subjects name. A preview runs code
of whoever opened a pull request, so its identity only reads (Microsoft.ManagedIdentity federated credentials,
learn.microsoft.com/entra/workload-id/workload-identity-federation).
"""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import managedidentity
from pydantic import Field

from azure_ml_platform.args import Input
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    PrincipalArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    assign_role,
)

GITHUB = "https://token.actions.githubusercontent.com"
_AUDIENCE = "api://AzureADTokenExchange"


class PipelineIdentitiesArgs(ComponentArgs):
    """Inputs of PipelineIdentities."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the identities; one that the pipeline itself does not delete."""
    location: Input[str]
    """Required. Azure region."""
    subscription_id: Input[str]
    """Required. Subscription that previews read and updates change."""
    preview_name: str
    """Required. Name of the identity that looks."""
    update_name: str
    """Required. Name of the identity that changes."""
    repository: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    """Required. Repository of the pipeline, `organisation/name`."""
    branches: Sequence[str] = ()
    """Optional. Branches whose runs may change. Default none."""
    environments: Sequence[str] = ()
    """Optional. Environments whose runs may change, after whoever has to approve them. Default none."""
    issuer: str = GITHUB
    """Optional. Issuer of the runs' tokens. Default GitHub Actions."""
    preview_roles: Sequence[Role] = (Role.READER,)
    """Optional. Roles of the identity that looks, on the subscription. Default Reader."""
    update_roles: Sequence[Role] = (Role.CONTRIBUTOR, Role.USER_ACCESS_ADMINISTRATOR)
    """Optional. Roles of the identity that changes, on the subscription. Default Contributor, and User Access
    Administrator to assign the platform's roles."""


class PipelineIdentities(PlatformComponent):
    """What a pipeline signs in as: pull requests preview, named branches and environments update."""

    preview_client_id: pulumi.Output[str]
    """Client id that a preview signs in with."""
    update_client_id: pulumi.Output[str]
    """Client id that an update signs in with."""

    def __init__(self, name: str, args: PipelineIdentitiesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create both identities, what each trusts, and what each may do."""
        args = PipelineIdentitiesArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self._args = args
        subject = f"repo:{args.repository}"
        changing = {f"branch-{_word(branch)}": f"{subject}:ref:refs/heads/{branch}" for branch in args.branches}
        changing |= {f"environment-{_word(one)}": f"{subject}:environment:{one}" for one in args.environments}
        preview = self._identity(f"{name}-preview", args.preview_name, args.preview_roles)
        self._trust(f"{name}-preview", preview, {"pull-request": f"{subject}:pull_request"})
        update = self._identity(f"{name}-update", args.update_name, args.update_roles)
        self._trust(f"{name}-update", update, changing)
        self.preview_client_id = preview.client_id
        self.update_client_id = update.client_id
        self.finish()

    def _identity(self, name: str, physical: str, granted: Sequence[Role]) -> "managedidentity.UserAssignedIdentity":
        args = self._args
        identity = managedidentity.UserAssignedIdentity(
            name,
            resource_name_=physical,
            resource_group_name=args.resource_group_name,
            location=args.location,
            tags=args.tags,
            opts=self.child(),
        )
        scope = ScopeArgs(
            name="subscription",
            id=pulumi.Output.concat("/subscriptions/", args.subscription_id),
            subscription_id=args.subscription_id,
        )
        principal = PrincipalArgs(name=physical, principal_id=identity.principal_id)
        for role in granted:
            grant = RoleAssignmentArgs(role=role, principal=principal)
            assign_role(self, f"{name}-{role.name.lower().replace('_', '-')}", scope, grant)
        return identity

    def _trust(self, name: str, identity: "managedidentity.UserAssignedIdentity", subjects: dict[str, str]) -> None:
        """Trust runs, one credential after another: Azure refuses two at once on one identity."""
        before: list[pulumi.Resource] = []
        for key, subject in subjects.items():
            credential = managedidentity.FederatedIdentityCredential(
                f"{name}-{key}",
                federated_identity_credential_resource_name=key,
                resource_name_=identity.name,
                resource_group_name=self._args.resource_group_name,
                issuer=self._args.issuer,
                subject=subject,
                audiences=[_AUDIENCE],
                opts=self.child(depends_on=list(before)),
            )
            before = [credential]


def _word(text: str) -> str:
    """A branch or environment as part of a name: letters, digits and hyphens."""
    return "".join(letter if letter.isalnum() else "-" for letter in text)
