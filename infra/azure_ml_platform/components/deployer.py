"""Who deploys: the signed-in principal and where it works."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import authorization

from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import PrincipalArgs, PrincipalType

# The application that `az login` signs people in with: the same in every tenant of every cloud.
_AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


@dataclass(frozen=True)
class Deployer:
    """The principal that the provider is signed in as."""

    subscription_id: pulumi.Output[str]
    tenant_id: pulumi.Output[str]
    principal: PrincipalArgs


def deployer(owner: PlatformComponent) -> Deployer:
    """Ask the provider of a component who it is signed in as."""
    client = authorization.get_client_config_output(opts=pulumi.InvokeOutputOptions(parent=owner))
    principal_type = client.client_id.apply(
        lambda app: str(PrincipalType.USER if app == _AZURE_CLI else PrincipalType.SERVICE_PRINCIPAL)
    )
    return Deployer(
        subscription_id=client.subscription_id,
        tenant_id=client.tenant_id,
        principal=PrincipalArgs(name="deployer", principal_id=client.object_id, principal_type=principal_type),
    )
