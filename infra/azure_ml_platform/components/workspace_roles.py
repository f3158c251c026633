"""Who may do what on a workspace and on the resources that it stands on."""

from collections.abc import Iterator, Mapping, Sequence

from pulumi_azure_native import authorization

from azure_ml_platform.args import Input
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.custom_roles import assign_custom_role, custom_role
from azure_ml_platform.components.interfaces import PrincipalArgs, ScopeArgs
from azure_ml_platform.vocabulary import Persona

# What an identity needs on each resource of the workspace, by its part in the platform. Source:
# learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication.
NEEDS: Mapping[str, Mapping[str, Sequence[Role]]] = {
    "workspace": {
        "storage": (
            Role.CONTRIBUTOR,
            Role.STORAGE_BLOB_DATA_CONTRIBUTOR,
            Role.STORAGE_FILE_DATA_PRIVILEGED_CONTRIBUTOR,
        ),
        "key-vault": (Role.CONTRIBUTOR, Role.KEY_VAULT_ADMINISTRATOR),
        "registry": (Role.CONTRIBUTOR,),
        "insights": (Role.CONTRIBUTOR,),
    },
    "compute": {"storage": (Role.STORAGE_BLOB_DATA_CONTRIBUTOR,), "registry": (Role.ACR_PULL,)},
    "endpoint": {"storage": (Role.STORAGE_BLOB_DATA_READER,), "registry": (Role.ACR_PULL,)},
}


# On the workspace, and on its storage: identity-based datastores are opened with the person's own roles. Sources:
# learn.microsoft.com/azure/machine-learning/how-to-assign-roles and /how-to-datastore (identity-based access).
PERSONAS: Mapping[Persona, Mapping[str, Sequence[Role]]] = {
    Persona.DATA_SCIENTIST: {
        "workspace": (Role.AZUREML_DATA_SCIENTIST,),
        "storage": (Role.STORAGE_BLOB_DATA_CONTRIBUTOR, Role.STORAGE_FILE_DATA_PRIVILEGED_CONTRIBUTOR),
    },
    Persona.COMPUTE_OPERATOR: {"workspace": (Role.AZUREML_COMPUTE_OPERATOR,)},
    Persona.LABELER: {"storage": (Role.STORAGE_BLOB_DATA_READER,)},
    Persona.READER: {"workspace": (Role.READER,)},
}


LABELER_ACTIONS = (
    "Microsoft.MachineLearningServices/workspaces/read",
    "Microsoft.MachineLearningServices/workspaces/labeling/projects/read",
    "Microsoft.MachineLearningServices/workspaces/labeling/projects/summary/read",
    "Microsoft.MachineLearningServices/workspaces/labeling/labels/read",
    "Microsoft.MachineLearningServices/workspaces/labeling/labels/write",
)
"""What a labeler may do; Azure has no built-in role for it (how-to-assign-roles, "Data labeling")."""


def labeler_role(
    owner: PlatformComponent, name: str, workspace_name: str, workspace_id: Input[str], group: PrincipalArgs
) -> "authorization.RoleAssignment":
    """A role of the workspace's own for people who only label data, and its assignment."""
    title, scope = f"{workspace_name} labeler", ScopeArgs(name=workspace_name, id=workspace_id)
    description = "Labels data in the labeling projects of one workspace."
    definition = custom_role(owner, f"{name}-labeler-role", title, description, LABELER_ACTIONS, scope=scope)
    return assign_custom_role(owner, f"{name}-labeler-workspace", title, definition, group, scope=scope)


def role_word(role: Role) -> str:
    """A role as logical names write it."""
    return role.name.lower().replace("_", "-")


def persona_roles(persona: Persona) -> Iterator[tuple[str, Role]]:
    """Yield the resource and the role of everything that a persona gets."""
    for target, roles in PERSONAS[persona].items():
        for role in roles:
            yield target, role
