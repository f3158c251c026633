"""Names of role assignments: the same every time, another for every other grant."""

from itertools import product
from uuid import UUID

from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.roles import role_assignment_name, role_definition_id

SCOPES = ("stmlopsdevweuk7m2x", "crmlopsdevweuk7m2x")
PRINCIPALS = ("id-mlops-dev-weu-workspace", "id-mlops-dev-weu-compute")
ROLES = (Role.READER, Role.STORAGE_BLOB_DATA_READER)


def test_an_assignment_is_named_by_the_same_guid_every_time() -> None:
    name = role_assignment_name(SCOPES[0], PRINCIPALS[0], Role.READER)

    assert name == "8c36542d-6bce-529a-960e-01becd12713c", "a change would replace every role assignment there is"
    assert name == role_assignment_name(SCOPES[0].upper(), PRINCIPALS[0].upper(), Role.READER)


def test_every_other_grant_has_another_name() -> None:
    names = [role_assignment_name(*grant) for grant in product(SCOPES, PRINCIPALS, ROLES)]

    assert len(set(names)) == len(names)
    assert all(str(UUID(name)) == name for name in names)


def test_parts_of_a_grant_never_run_into_each_other() -> None:
    assert role_assignment_name("ab", "c", Role.READER) != role_assignment_name("a", "bc", Role.READER)


def test_a_role_definition_is_referred_to_by_its_subscription() -> None:
    assert role_definition_id(Role.READER, "s") == (
        "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
    )
