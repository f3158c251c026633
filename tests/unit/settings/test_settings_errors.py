"""Wrong settings: what the error says of each."""

import shlex
from typing import Any

import pulumi
import pytest

from tests.unit.settings.given_settings import PLATFORM, Problems, Refuse


def test_an_error_lists_file_path_value_rule_and_mending_command(refuse: Refuse) -> None:
    error = refuse(key_vault={"soft_delete_retention_days": 3})

    assert str(error) == (
        "Pulumi.dev.yaml: 1 wrong setting, nothing was deployed.\n"
        "\n"
        "key_vault.soft_delete_retention_days\n"
        "    found    3\n"
        "    must be  a whole number of days from 7 to 90\n"
        "    mend     pulumi config set --stack dev --path 'key_vault.soft_delete_retention_days' 7"
    )


def test_all_errors_are_told_at_once_in_the_order_of_their_paths(refuse: Refuse) -> None:
    error = refuse(
        key_vault={"allowed_ip_ranges": ["198.51.100.0/33"]},
        platform=PLATFORM | {"workload": "much-too-long", "owner": "nobody"},
        budget={},
        networking={},
        models={"wine": {}},
    )

    assert [problem.path for problem in error.problems] == [
        "budget.start_date",
        "key_vault.allowed_ip_ranges[0]",
        "models.wine.model",
        "networking",
        "platform.owner",
        "platform.workload",
    ]
    assert "6 wrong settings" in str(error)


def test_the_engine_shows_the_text_without_a_traceback(refuse: Refuse) -> None:
    assert isinstance(refuse(platform={}), pulumi.RunError)


@pytest.mark.parametrize(
    ("given", "path", "rule", "mend"),
    [
        pytest.param(
            {"blob": {"allowed_ip_ranges": ["198.51.100.7/24"]}},
            "blob.allowed_ip_ranges[0]",
            "a CIDR block that starts at its network address",
            "set --stack dev --path 'blob.allowed_ip_ranges[0]' 198.51.100.0/24",
            id="a CIDR block with host bits",
        ),
        pytest.param(
            {"blob": {"allowed_ip_ranges": ["10.1.0.0/16"]}},
            "blob.allowed_ip_ranges[0]",
            "Azure's firewalls see no private addresses",
            "set --stack dev --path 'blob.allowed_ip_ranges[0]' 198.51.100.0/24",
            id="a private address",
        ),
        pytest.param(
            {"key_vault": {"allowed_ip_ranges": "198.51.100.0/24"}},
            "key_vault.allowed_ip_ranges",
            "a list, each item of it a public IPv4 address or CIDR block",
            "rm --stack dev --path 'key_vault.allowed_ip_ranges'",
            id="text where a list is wanted",
        ),
        pytest.param(
            {"platform": {key: value for key, value in PLATFORM.items() if key != "owner"}},
            "platform.owner",
            "a mail address",
            "set --stack dev --path 'platform.owner' ml-platform@example.com",
            id="a missing owner",
        ),
        pytest.param(
            {"monitoring": {"retention_days": "thirty"}},
            "monitoring.retention_days",
            "a whole number of days from 30 to 730",
            "set --stack dev --path 'monitoring.retention_days' 30",
            id="a wrong type",
        ),
        pytest.param(
            {"monitoring": {"retention_days": 31.5}},
            "monitoring.retention_days",
            "a whole number of days from 30 to 730",
            "set --stack dev --path 'monitoring.retention_days' 30",
            id="a fraction",
        ),
        pytest.param(
            {"blob": {"versioning": "yes"}},
            "blob.versioning",
            "true or false",
            "set --stack dev --path 'blob.versioning' true",
            id="a word for a boolean",
        ),
        pytest.param(
            {"platform": PLATFORM | {"cost_center": 4711}},
            "platform.cost_center",
            "text: 1 to 64 letters",
            "set --stack dev --type string --path 'platform.cost_center' 4711",
            id="a number where text is wanted",
        ),
        pytest.param(
            {"key_vault": {"sku": "gold"}},
            "key_vault.sku",
            "one of standard, premium",
            "set --stack dev --path 'key_vault.sku' standard",
            id="none of a closed set",
        ),
        pytest.param(
            {"blob": "lots"},
            "blob",
            "a map of settings: enabled, redundancy",
            "rm --stack dev --path 'blob'",
            id="text where an area is wanted",
        ),
        pytest.param(
            {"profile": "production"},
            "profile",
            "one of local, dev, prod",
            "set --stack dev --path 'profile' prod",
            id="a wrong profile",
        ),
        pytest.param(
            {"profile": None, "stack": "prod"},
            "profile",
            "one of local, dev, prod",
            "set --stack prod --path 'profile' prod",
            id="no profile",
        ),
        pytest.param(
            {"platform": PLATFORM | {"location": "West Europe"}},
            "platform.location",
            "the programmatic name of an Azure region",
            "set --stack dev --path 'platform.location' westeurope",
            id="the display name of a region",
        ),
        pytest.param(
            {"compute": {"clusters": {"cpu-cluster": {"vm_size": "Standard_NC6"}}}},
            "compute.clusters.cpu-cluster.vm_size",
            "Standard_NC6 ended on 2023-09-06",
            "set --stack dev --path 'compute.clusters.cpu-cluster.vm_size' Standard_DS3_v2",
            id="a retired size",
        ),
        pytest.param(
            {"compute": {"clusters": {"cpu-cluster": {"vm_size": "Standard_DS3v2"}}}},
            "compute.clusters.cpu-cluster.vm_size",
            "a virtual machine size of the catalog",
            "set --stack dev --path 'compute.clusters.cpu-cluster.vm_size' Standard_DS3_v2",
            id="an unknown size",
        ),
        pytest.param(
            {"compute": {"clusters": {"gpu": {"min_nodes": 4, "max_nodes": 1}}}},
            "compute.clusters.gpu.min_nodes",
            "at most max_nodes (1)",
            "set --stack dev --path 'compute.clusters.gpu.min_nodes' 1",
            id="more nodes at least than at most",
        ),
        pytest.param(
            {"compute": {"clusters": {"CPU_1": {}}}},
            "compute.clusters.CPU_1",
            "under another key: a name of 3 to 24 lower-case letters",
            "edit compute.clusters.CPU_1 in Pulumi.dev.yaml",
            id="a name that Azure refuses",
        ),
        pytest.param(
            {"budget": {"start_date": "2026-11-15"}},
            "budget.start_date",
            "the first day of a month",
            "set --stack dev --type string --path 'budget.start_date' 2026-11-01",
            id="a budget that starts within a month",
        ),
        pytest.param(
            {"models": {"wine": {"model": "../secret/model"}}},
            "models.wine.model",
            "a path inside the project",
            "set --stack dev --path 'models.wine.model' examples/model",
            id="a path out of the project",
        ),
        pytest.param(
            {"models": {"wine": {"model": "azureml://registries/hub/environments/x/versions/1"}}},
            "models.wine.model",
            "the id of a version in a registry's models",
            "azureml://registries/ml-registry/models/wine-quality/versions/1",
            id="the id of another kind of asset",
        ),
    ],
)
def test_a_wrong_setting_is_told_with_rule_and_mending_command(
    problems: Problems, given: dict[str, Any], path: str, rule: str, mend: str
) -> None:
    problem = problems(**given)[path]

    assert rule in problem.rule
    assert mend in problem.mend[0]


def test_a_list_is_mended_in_two_steps_because_text_cannot_get_an_index(problems: Problems) -> None:
    problem = problems(blob={"allowed_ip_ranges": "198.51.100.0/24"})["blob.allowed_ip_ranges"]

    assert problem.mend == (
        "pulumi config rm --stack dev --path 'blob.allowed_ip_ranges'",
        "pulumi config set --stack dev --path 'blob.allowed_ip_ranges[0]' 198.51.100.0/24",
    )


def test_an_unknown_key_is_told_with_the_one_meant_and_moved_there(problems: Problems) -> None:
    problem = problems(platform=PLATFORM | {"generatoin": 2})["platform.generatoin"]

    assert problem.rule == "a setting that exists; did you mean generation?"
    assert problem.mend == (
        "pulumi config set --stack dev --path 'platform.generation' 2",
        "pulumi config rm --stack dev --path 'platform.generatoin'",
    )


def test_an_unknown_area_is_told_with_the_one_meant(problems: Problems) -> None:
    problem = problems(registri={"sku": "Basic"})["registri"]

    assert problem.rule == "a setting that exists; did you mean registry?"
    assert problem.mend == ("edit registri in Pulumi.dev.yaml",)


def test_an_unknown_key_like_no_other_is_told_with_all_there_are(problems: Problems) -> None:
    problem = problems(quantum={"sku": "Free"})["quantum"]

    assert problem.rule.startswith("a setting that exists: profile, platform, network, monitoring, key_vault, registry")
    assert problem.mend == ("pulumi config rm --stack dev --path 'quantum'",)


@pytest.mark.parametrize(
    "given",
    [
        {"registry": {"admin_password": "hunter2"}},
        {"registri": {"admin_password": "hunter2"}},
        {"database": {"users": [{"password": "hunter2"}], "password": "hunter2"}},
        {"platform": PLATFORM | {"owner_token": "hunter2"}},
        {"models": {"wine": {"model": "m", "environment_variables": {"API_KEY": 427781}}}},
    ],
)
def test_a_value_that_may_be_a_secret_is_never_shown(refuse: Refuse, given: dict[str, Any]) -> None:
    text = str(refuse(**given))

    assert "hunter2" not in text
    assert "427781" not in text


def test_an_encrypted_value_in_an_area_is_refused_with_the_way_to_keep_secrets(problems: Problems) -> None:
    found = problems(secret_keys=frozenset({"platform"}))

    assert list(found) == ["platform"], "what is in the area is unreadable, not wrong"
    assert "secret-<name>" in found["platform"].rule
    assert found["platform"].mend[0] == "pulumi config set --stack dev --secret 'secret-<name>'"


def test_a_secret_in_plain_text_is_refused_and_not_shown(refuse: Refuse) -> None:
    error = refuse(secret__webhook="https://hooks.example.com/hunter2")

    assert [problem.path for problem in error.problems] == ["secret-webhook"]
    assert "hunter2" not in str(error)
    assert "pulumi config set --stack dev --secret secret-webhook" in str(error)


def test_a_key_with_other_characters_is_quoted_as_the_command_line_wants_it(problems: Problems) -> None:
    problem = problems(platform=PLATFORM | {"tags": {"team.name": ""}})['platform.tags["team.name"]']

    assert problem.mend == ("pulumi config set --stack dev --path 'platform.tags[\"team.name\"]' vision",)
    assert shlex.split(problem.mend[0])[6] == 'platform.tags["team.name"]'


def test_a_tag_of_the_platforms_own_cannot_be_given(problems: Problems) -> None:
    problem = problems(platform=PLATFORM | {"tags": {"Owner": "me"}})["platform.tags.Owner"]

    assert problem.rule == "left out: the platform writes this tag itself"
    assert problem.mend == ("pulumi config rm --stack dev --path 'platform.tags.Owner'",)


def test_the_seed_that_is_offered_is_a_new_one_each_time(problems: Problems) -> None:
    platform = {key: value for key, value in PLATFORM.items() if key != "seed"}
    offered = {problems(platform=platform)["platform.seed"].mend[0].split()[-1] for _ in range(20)}

    assert len(offered) > 1
    assert all(len(seed) == 5 for seed in offered)
