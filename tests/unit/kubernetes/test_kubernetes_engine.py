"""What the engine gets where a cluster was built, and where none was."""

from pathlib import Path

import pytest

from local.kubernetes import engine
from local.kubernetes.build import CLUSTER, PROVIDER, Program


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def put(program: Program, cache: Path) -> Path:
    """A program in the cache, as a build leaves it."""
    folder = cache / "azure-ml-platform" / f"kubernetes-{program.source.module.name}" / program.key
    folder.mkdir(parents=True)
    (folder / program.file).touch()
    (folder / ".complete").touch()
    return folder / program.file


def test_where_nothing_was_built_a_stack_declares_nothing_inside_the_cluster(tmp_path: Path) -> None:
    assert engine.settings() == {"in_cluster": False}
    engine.install(tmp_path / "pulumi")
    assert not (tmp_path / "pulumi").exists()
    assert "make kubernetes" in engine.LEFT_OUT


def test_where_no_cluster_runs_any_more_its_objects_are_forgotten_instead_of_asked_for() -> None:
    assert engine.environment() == {"PULUMI_K8S_DELETE_UNREACHABLE": "true"}


def test_a_cluster_without_a_provider_is_not_enough(tmp_path: Path) -> None:
    put(CLUSTER, tmp_path / "cache")
    assert engine.settings() == {"in_cluster": False}


def test_where_both_were_built_the_stack_names_the_plugin_that_there_is(tmp_path: Path) -> None:
    put(CLUSTER, tmp_path / "cache")
    built = put(PROVIDER, tmp_path / "cache")
    assert engine.settings() == {"plugin_version": "4.18.2"}
    assert engine.environment() == {}
    for _ in range(2):
        engine.install(tmp_path / "pulumi")
    plugin = tmp_path / "pulumi" / "plugins" / "resource-kubernetes-v4.18.2" / "pulumi-resource-kubernetes"
    assert plugin.readlink() == built
