"""Settings that are right alone and wrong together."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.settings.given_settings import PLATFORM, Load, Problems

LOCAL_MODEL = {
    "model": "model",
    "code": "scoring",
    "scoring_script": "score.py",
    "environment": "environment.yaml",
}


@pytest.mark.avoids("names-too-long")
def test_a_workload_too_long_for_a_name_is_told_with_the_name_and_azures_limit(problems: Problems) -> None:
    problem = problems(stack="local", platform=PLATFORM | {"workload": "fraudscoring"})["platform.workload"]

    assert problem.rule == (
        "at most 9 characters: the key vault would be named 'kvfraudscoringlocalweuk7m2x' (27 characters), "
        "and Azure allows 3 to 24 characters"
    )
    assert problem.mend == ("pulumi config set --stack local --path 'platform.workload' fraudscor",)


def test_the_workload_that_is_offered_for_one_too_long_fits(load: Load) -> None:
    load(stack="local", platform=PLATFORM | {"workload": "fraudscor"})


def test_a_stack_name_too_long_for_any_workload_is_what_has_to_be_shorter(problems: Problems) -> None:
    problem = problems(stack="development-of-alice")["stack"]

    assert problem.rule.startswith("a name with 9 letters or digits less: the key vault would be named")
    assert problem.found == "development-of-alice"
    assert problem.mend == ("pulumi stack rename --stack development-of-alice <name>",)


def test_a_stack_name_that_cannot_be_part_of_a_name_is_refused(problems: Problems) -> None:
    assert "lower-case" in problems(stack="Dev_1")["stack"].rule


@pytest.mark.avoids("names-of-endpoints")
def test_a_model_name_too_long_for_its_endpoint_is_told_with_its_limit(problems: Problems) -> None:
    models = {"twenty-letters-model": {"model": "model"}}

    problem = problems(stack="staging", models=models)["models.twenty-letters-model"]

    assert problem.rule.startswith("named with at most 18 characters: the online endpoint would be named")
    assert "Azure allows 3 to 32" in problem.rule


@pytest.mark.parametrize(
    ("given", "path", "rule"),
    [
        pytest.param(
            {"profile": "prod", "platform": PLATFORM | {"location": "westus"}},
            "blob.redundancy",
            "westus has no availability zones",
            id="zones for blobs where there are none",
        ),
        pytest.param(
            {"profile": "prod", "platform": PLATFORM | {"location": "westus"}},
            "registry.zone_redundancy",
            "westus has no availability zones",
            id="zones for images where there are none",
        ),
        pytest.param({"key_vault": {"enabled": False}}, "key_vault.enabled", "the workspace uses it", id="no vault"),
        pytest.param({"monitoring": {"enabled": False}}, "monitoring.enabled", "the workspace uses it", id="no logs"),
        pytest.param(
            {"machine_learning": {"enabled": False}},
            "compute.enabled",
            "it lives in the workspace",
            id="compute without a workspace",
        ),
        pytest.param(
            {"machine_learning": {"enabled": False}, "models": {"wine": {"model": "model"}}},
            "models.wine.enabled",
            "it lives in the workspace",
            id="a model without a workspace",
        ),
        pytest.param(
            {"machine_learning": {"image_build_cluster": "gpu-cluster"}},
            "machine_learning.image_build_cluster",
            "a CPU cluster of the stack (cpu-cluster)",
            id="images built on a cluster that is not there",
        ),
        pytest.param(
            {
                "machine_learning": {"image_build_cluster": "gpu-cluster"},
                "compute": {"clusters": {"gpu-cluster": {"vm_size": "Standard_NC4as_T4_v3"}}},
            },
            "machine_learning.image_build_cluster",
            "a CPU cluster of the stack (cpu-cluster)",
            id="images built on GPUs",
        ),
        pytest.param(
            {"profile": "prod", "models": {"wine": LOCAL_MODEL}},
            "models.wine.code",
            "nothing can be uploaded",
            id="an upload into a closed store",
        ),
        pytest.param(
            {"profile": "prod", "key_vault": {"purge_protection": False}},
            "key_vault.purge_protection",
            "Azure refuses to switch it off",
            id="purge protection switched off in prod",
        ),
        pytest.param({"budget": None}, "budget.start_date", "given while budget.enabled", id="a budget with no start"),
        pytest.param(
            {"registry": {"untagged_retention_days": 7}},
            "registry.untagged_retention_days",
            "only Premium has that",
            id="a feature of another tier",
        ),
        pytest.param(
            {"profile": "prod", "data_lake": {"zones": {"raw": {"archive_after_days": 365}}}},
            "data_lake.zones.raw.archive_after_days",
            "null while data_lake.redundancy is GZRS: only LRS, GRS and RAGRS have an archive",
            id="an archive in zones",
        ),
        pytest.param(
            {"ingestion": {"enabled": True}, "data_lake": {"enabled": False}},
            "ingestion.enabled",
            "false while data_lake.enabled is",
            id="data that comes in and has nowhere to go",
        ),
        pytest.param(
            {"ingestion": {"enabled": True, "sources": {"orders": {"kind": "sql", "table": "orders"}}}},
            "ingestion.sources.orders.enabled",
            "the stack has no database of its own",
            id="a table of a database that there is not",
        ),
        pytest.param(
            {"profile": "prod", "ingestion": {"enabled": True, "managed_network": False}},
            "ingestion.managed_network",
            "copies reach it by a private endpoint alone",
            id="copies from outside into a closed lake",
        ),
        pytest.param(
            {"ingestion": {"enabled": True, "customer_managed_key": True}},
            "ingestion.customer_managed_key",
            "the key could be purged",
            id="a factory encrypted with a key that could be purged",
        ),
        pytest.param(
            {"ingestion": {"sources": {"orders": {"kind": "https", "url": "https://e.com/a", "table": "orders"}}}},
            "ingestion.sources.orders.table",
            "left out of a source of kind https",
            id="a table of a file",
        ),
        pytest.param(
            {"ingestion": {"sources": {"orders": {"kind": "blob", "container": "orders"}}}},
            "ingestion.sources.orders.account_id",
            "given for a source of kind blob",
            id="a container without its account",
        ),
        pytest.param(
            {"ingestion": {"sources": {"orders": {"kind": "sql", "table": "orders", "database": "shop"}}}},
            "ingestion.sources.orders.database",
            "left out without server",
            id="another database on the stack's own server",
        ),
        pytest.param(
            {"data_lake": {"zones": {"raw": {"cool_after_days": 30, "delete_after_days": 30}}}},
            "data_lake.zones.raw.cool_after_days",
            "less than delete_after_days (30)",
            id="data deleted before it is cool",
        ),
        pytest.param(
            {"data_lake": {"zones": {"raw": {"immutable_days": 30, "delete_after_days": 30}}}},
            "data_lake.zones.raw.delete_after_days",
            "more than immutable_days (30)",
            id="immutable data deleted",
        ),
        pytest.param(
            {"data_lake": {"malware_scan_cap_gb": 10}},
            "data_lake.malware_scan_cap_gb",
            "null while data_lake.malware_scan is false",
            id="a cap on no scan",
        ),
        pytest.param(
            {"data_lake": {"customer_managed_key": True}},
            "data_lake.customer_managed_key",
            "false without key_vault.enabled and key_vault.purge_protection",
            id="a key that can be purged",
        ),
        pytest.param(
            {"data_lake": {"versioning": True}},
            "data_lake.versioning",
            "",
            id="versions of a lake",
        ),
        pytest.param(
            {"profile": "prod", "blob": {"restore_days": 30}},
            "blob.restore_days",
            "less than blob.soft_delete_days (30)",
            id="a restore beyond what is kept",
        ),
        pytest.param(
            {"blob": {"restore_days": 3}},
            "blob.change_feed",
            "true while blob.restore_days is set",
            id="a restore without the change feed",
        ),
        pytest.param(
            {"blob": {"cool_after_days": 60}},
            "blob.cool_after_days",
            "less than blob.delete_after_days (30)",
            id="cooled after it is deleted",
        ),
        pytest.param(
            {"blob": {"containers": ["models", "models"]}},
            "blob.containers",
            "a list without a name twice",
            id="a container twice",
        ),
        pytest.param(
            {"machine_learning": {"firewall_sku": "Basic"}},
            "machine_learning.firewall_sku",
            "null while machine_learning.isolation_mode is AllowInternetOutbound",
            id="a firewall without rules for it",
        ),
        pytest.param(
            {"models": {"wine": {"model": "model", "code": "scoring"}}},
            "models.wine.scoring_script",
            "belong together",
            id="code without a script",
        ),
        pytest.param(
            {"models": {"wine": {"model": "model", "instance_type": "Standard_D4s_v5"}}},
            "models.wine.instance_type",
            "a size that managed online endpoints offer",
            id="a size that serves no endpoints",
        ),
        pytest.param(
            {"budget": {"start_date": "2026-11-01", "actual_thresholds": [10, 20, 30, 40, 50]}},
            "budget.actual_thresholds",
            "at most five together",
            id="more thresholds than Azure takes",
        ),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    problems: Problems, given: dict[str, Any], path: str, rule: str
) -> None:
    assert rule in problems(**given)[path].rule


def test_a_value_of_the_profile_is_told_as_such(problems: Problems) -> None:
    problem = problems(profile="prod", platform=PLATFORM | {"location": "westus"})["blob.redundancy"]

    assert (problem.found, problem.origin) == ("ZRS", "the default of profile prod")


def test_a_cpu_cluster_that_is_switched_off_builds_no_images(problems: Problems) -> None:
    found = problems(compute={"clusters": {"cpu-cluster": {"enabled": False}}})

    assert "it has none" in found["machine_learning.image_build_cluster"].rule


def test_a_model_that_is_switched_off_breaks_no_rule_of_a_closed_network(load: Load) -> None:
    settings = load(profile="prod", models={"wine": LOCAL_MODEL | {"enabled": False}})

    assert settings.active_models == {}


def test_a_model_of_a_registry_is_served_in_a_closed_network(load: Load) -> None:
    model = "azureml://registries/ml-registry/models/wine/versions/3"

    assert load(profile="prod", models={"wine": {"model": model}}).models["wine"].model == model


def test_files_that_settings_name_have_to_exist_in_the_project(load: Load, tmp_path: Path) -> None:
    (tmp_path / "scoring").mkdir()
    (tmp_path / "model").touch()
    (tmp_path / "scoring" / "score.py").write_text("def init(): ...\ndef run(data): ...\n")
    (tmp_path / "environment.yaml").write_text("dependencies: [pip, {pip: [azureml-inference-server-http]}]\n")

    load(root=tmp_path, models={"wine": LOCAL_MODEL})


def test_a_file_that_does_not_exist_is_told_with_its_path(problems: Problems, tmp_path: Path) -> None:
    found = problems(root=tmp_path, models={"wine": LOCAL_MODEL | {"sample_request": "sample.json"}})

    assert found["models.wine.scoring_script"].rule == "a path that exists in the project; scoring/score.py does not"
    assert "models.wine.sample_request" in found


@pytest.mark.avoids("retired-sizes")
@pytest.mark.parametrize(
    ("kubernetes", "path", "rule"),
    [
        ({"pools": {"system": {"preset": "gpu_spot"}}}, "kubernetes.pools.system.preset", "system"),
        ({"pools": {"system": {"enabled": False}}}, "kubernetes.pools.system", "a pool of the preset system"),
        ({"pools": {"system": {"min_nodes": 0}}}, "kubernetes.pools.system.min_nodes", "at least 1"),
        ({"pools": {"gpu": {"min_nodes": 3, "max_nodes": 2}}}, "kubernetes.pools.gpu.min_nodes", "at most max_nodes"),
        ({"pools": {"gpu": {"vm_size": "Standard_D4s_v5"}}}, "kubernetes.pools.gpu.vm_size", "a size with a GPU"),
        ({"pools": {"GPU": {"preset": "gpu_spot"}}}, "kubernetes.pools.GPU", "1 to 12 lower-case letters"),
        ({"private": True, "allowed_ip_ranges": ["198.51.100.7"]}, "kubernetes.allowed_ip_ranges", "empty while"),
        ({"local_accounts": False}, "kubernetes.trusted_access", "the workspace has to get in"),
        ({"training": True, "serving": False}, "kubernetes.serving", "true while training is"),
        ({"version": "1.33.4"}, "kubernetes.version", "a minor version of Kubernetes"),
    ],
)
def test_a_cluster_that_would_not_work_is_refused(
    problems: Problems, kubernetes: dict[str, Any], path: str, rule: str
) -> None:
    assert rule in problems(stack="dev", profile="dev", kubernetes=kubernetes)[path].rule
