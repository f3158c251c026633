"""Who a provider works as: whoever azure-identity finds, asked once and early."""

import logging
from typing import TYPE_CHECKING

import pulumi

from azure_ml_platform.dynamic import clients

if TYPE_CHECKING:
    from azure.identity import DefaultAzureCredential


class SignInError(pulumi.RunError):
    """Nobody is signed in to Azure."""


def sign_in(scope: str) -> "DefaultAzureCredential":
    """Return a credential that has a token for `scope`.

    Clients take a refused sign-in for a passing trouble and try it again, for minutes; here it is an error at once.
    """
    clients.load()
    from azure.core.exceptions import ClientAuthenticationError
    from azure.identity import DefaultAzureCredential

    # It lists every way to sign in that it tried in vain, as warnings.
    logging.getLogger("azure.identity").setLevel(logging.ERROR)
    credential = DefaultAzureCredential()
    try:
        credential.get_token(scope)
    except ClientAuthenticationError:
        raise SignInError(
            f"cannot sign in to Azure for {scope}: run `az login`, "
            "or set AZURE_CLIENT_ID, AZURE_TENANT_ID and a credential of a service principal"
        ) from None
    return credential
