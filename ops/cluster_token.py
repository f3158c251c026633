"""`azure-ml-platform-cluster-token SERVER`: a Kubernetes client's sign-in, as whoever is logged in to Azure.

Clients run it for a credential (kubernetes.io/docs/reference/access-authn-authz/authentication, client-go credential
plugins) and keep what it prints until it expires. No browser is opened: it works in a pipeline.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError

from ops.azure import own_login
from ops.console import say, show

API_VERSION = "client.authentication.k8s.io/v1"
ASKED = "KUBERNETES_EXEC_INFO"
"""Variable with the document by which a client asks; the answer has to be of the same version."""


def credential(server_id: str, source: TokenCredential, api_version: str = API_VERSION) -> str:
    """The document that a client reads.

    server_id: the application that stands for the API server.
    """
    token = source.get_token(f"{server_id}/.default")
    expiry = datetime.fromtimestamp(token.expires_on, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    status = {"token": token.token, "expirationTimestamp": expiry}
    return json.dumps({"apiVersion": api_version, "kind": "ExecCredential", "status": status})


def asked_version(environment: Mapping[str, str]) -> str:
    """The version of the API that a client asks in."""
    return str(json.loads(environment.get(ASKED) or "{}").get("apiVersion", API_VERSION))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a credential for the API server that the argument names; 1 and one sentence when there is none."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 1:
        say("error: give one argument: the application id of the cluster's API server")
        return 2
    try:
        show(credential(given[0], own_login(), asked_version(os.environ)))
    except AzureError:
        say("error: nobody is logged in to Azure; `az login` does it (a pipeline sets AZURE_CLIENT_ID and its token)")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
