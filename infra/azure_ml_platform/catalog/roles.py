"""Built-in role definitions: name and GUID, the same in every tenant and cloud.

Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles, read 2026-11.
"""

from enum import StrEnum


class Role(StrEnum):
    """A built-in role; the value is its GUID, `display_name` its name in the portal."""

    ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
    """Pull images from a registry."""
    ACR_PUSH = "8311e382-0749-4cb8-b61a-304f252e45ec"
    """Pull and push images."""
    AKS_CLUSTER_ADMIN = "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8"
    """Get the credential of a Kubernetes cluster's local administrator."""
    AKS_RBAC_CLUSTER_ADMIN = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"
    """Everything inside a Kubernetes cluster."""
    AZURE_AI_ENTERPRISE_NETWORK_CONNECTION_APPROVER = "b556d68e-0be0-4f35-a333-ad7ee1ce17ea"
    """Approve private endpoints of a workspace's managed network on the resources that they lead to."""
    AZUREML_COMPUTE_OPERATOR = "e503ece1-11d0-4e8e-8e2c-7a6c3bf38815"
    """Manage the compute of a workspace."""
    AZUREML_DATA_SCIENTIST = "f6c7c914-8db3-469d-8ca1-694a8f32e121"
    """Everything inside a workspace except its compute and its own settings."""
    AZUREML_REGISTRY_USER = "1823dd4f-9b8c-4ab6-ab4e-7397a3684615"
    """Read and use the assets of a machine learning registry."""
    CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
    """Manage everything except access."""
    KEY_VAULT_ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
    """Every data plane operation on a vault."""
    KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
    """Read a key's metadata, wrap and unwrap with it."""
    KEY_VAULT_CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
    """Encrypt and decrypt with a vault's keys."""
    KEY_VAULT_READER = "21090545-7ca7-4776-b22c-e363652d74d2"
    """Read a vault's metadata, no secret values."""
    KEY_VAULT_SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
    """Read and write secrets."""
    KEY_VAULT_SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
    """Read secret values."""
    KUBERNETES_EXTENSION_CONTRIBUTOR = "85cb6faf-e071-4c9b-8136-154b5a04f717"
    """Manage the extensions of a Kubernetes cluster."""
    LOG_ANALYTICS_READER = "73c42c96-874c-492b-b04d-ab87d138a893"
    """Query logs and read monitoring settings."""
    MANAGED_IDENTITY_OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"
    """Assign a user-assigned identity to a resource."""
    MONITORING_METRICS_PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb"
    """Publish metrics and telemetry."""
    MONITORING_READER = "43d0d8ad-25c7-4714-9337-8ba259a9fe05"
    """Read all monitoring data."""
    NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
    """Manage networks, but not who has access to them."""
    OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
    """Manage everything, access included."""
    READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    """Read every resource."""
    STORAGE_BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
    """Read, write and delete blobs and containers."""
    STORAGE_BLOB_DATA_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
    """The same, and POSIX access control."""
    STORAGE_BLOB_DATA_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
    """Read blobs and containers."""
    STORAGE_FILE_DATA_PRIVILEGED_CONTRIBUTOR = "69566ab7-960f-475b-8e7c-b3118f30c6bd"
    """Read, write and delete files in file shares, whatever their access control."""
    USER_ACCESS_ADMINISTRATOR = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
    """Manage who has access."""

    @property
    def display_name(self) -> str:
        """Name of the role as Azure writes it."""
        return _TITLES.get(self) or _title(self.name)


# Where Azure's own spelling is not the plain title case of the member's name.
_TITLES: dict[Role, str] = {
    Role.ACR_PULL: "AcrPull",
    Role.ACR_PUSH: "AcrPush",
    Role.AKS_CLUSTER_ADMIN: "Azure Kubernetes Service Cluster Admin Role",
    Role.AKS_RBAC_CLUSTER_ADMIN: "Azure Kubernetes Service RBAC Cluster Admin",
}
_WORDS = {"AI": "AI", "AZUREML": "AzureML"}


def _title(member: str) -> str:
    return " ".join(_WORDS.get(word, word.capitalize()) for word in member.split("_"))


def find(name: str) -> Role:
    """Return the role that Azure calls `name`; KeyError, repeating it, when the catalog has none."""
    for role in Role:
        if role.display_name.casefold() == name.casefold():
            return role
    raise KeyError(f"no built-in role {name!r} in the catalog")
