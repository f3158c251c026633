"""Role definitions by name, and role assignment names that a second deployment finds again."""

import uuid

from azure_ml_platform.catalog.roles import Role

_CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_NAMESPACE = uuid.UUID("7b0f2bb6-6d2c-5f0e-9a54-0f5b0a4f5d1e")


def role_definition_id(role: Role, subscription_id: str) -> str:
    """Return the ARM id of a built-in role as an assignment in a subscription refers to it."""
    return f"/subscriptions/{subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{role.value}"


def role_assignment_name(scope: str, principal: str, role: str) -> str:
    """Return the GUID that names the assignment of `role`, built-in or one's own, on `scope` to `principal`.

    Both are names that are known before deployment, not ids that Azure gives: the GUID is the same in every
    preview and update, so an assignment is never made twice nor replaced for its name. A tenant has each GUID
    once, so the name of the scope has to be unique in it, as names with the stack's suffix are.
    """
    return str(uuid.uuid5(_NAMESPACE, "\n".join((scope.strip("/").lower(), principal.lower(), str(role)))))


def role_definition_name(scope: str, role: str) -> str:
    """Return the GUID that names a role of one's own, the same in every preview and update."""
    return str(uuid.uuid5(_NAMESPACE, "\n".join((scope.strip("/").lower(), role.lower()))))


def path_condition(container: str, path: str) -> str:
    """Return the condition that confines a role for blobs to what lies below `path` in `container`.

    Reading, writing, moving and deleting look at the blob's own path, listing at the prefix that is asked for.
    Source: learn.microsoft.com/azure/storage/blobs/storage-auth-abac-examples and storage-auth-abac-attributes.
    """
    below = f"{path.strip('/')}/*"
    blobs = f"{_CONTAINERS}/blobs"
    touching = (
        f"!(ActionMatches{{'{blobs}/read'}} AND NOT SubOperationMatches{{'Blob.List'}})",
        *(f"!(ActionMatches{{'{blobs}/{action}'}})" for action in ("write", "add/action", "move/action", "delete")),
    )
    listing = (f"!(ActionMatches{{'{blobs}/read'}} AND SubOperationMatches{{'Blob.List'}})",)
    here = f"@Resource[{_CONTAINERS}:name] StringEquals '{container}'"
    return " AND ".join(
        (
            _unless(touching, f"{here} AND @Resource[{blobs}:path] StringLike '{below}'"),
            _unless(listing, f"{here} AND @Request[{blobs}:prefix] StringLike '{below}'"),
        )
    )


def _unless(other: tuple[str, ...], holds: str) -> str:
    """A term that lets other actions pass and the rest only where a comparison holds."""
    return f"(({' AND '.join(other)}) OR ({holds}))"
