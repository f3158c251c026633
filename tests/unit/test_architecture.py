"""Who may import whom, and what an import may cost."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "infra" / "azure_ml_platform"
SDKS = ("pulumi_azure_native", "pulumi_kubernetes")

# What each part of the library may import of it; everything may import the words and facts of `CORE`.
CORE = {"addresses", "args", "catalog", "constraints", "described", "parsing", "vocabulary"}
MAY_IMPORT = {
    "addresses": {"catalog"},
    "args": {"described"},
    "catalog": set(),
    "cost": {"catalog"},
    "described": set(),
    "constraints": CORE,
    "parsing": CORE,
    "vocabulary": CORE,
    "naming": CORE,
    "tags": CORE,
    "roles": CORE,
    "cloud": CORE,
    "component": set(),
    "settings": CORE | {"cost", "naming", "tags"},
    "outputs": CORE,
    "dynamic": {"cloud"},
    "tsql": set(),
    "components": CORE | {"component", "dynamic", "naming", "tags", "roles", "tsql"},
    "wiring": CORE | {"cloud", "components", "settings"},
    "platform": {"cloud", "component", "components", "settings", "wiring"},
}
# Top-level packages of the project and the parts of the library that each may import; None: nothing of it.
NEIGHBOURS = {
    "local": None,
    "policies": {"catalog", "cost"},
    "ops": {"settings", "outputs", "vocabulary", "cloud", "catalog", "cost"},
    "report": {"cost"},
}


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def imports(path: Path) -> Iterator[str]:
    """Full names of everything that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts_imported(path: Path) -> set[str]:
    """First-level parts of the library that a module imports."""
    names = [name.split(".") for name in imports(path)]
    return {name[1] for name in names if name[0] == "azure_ml_platform" and len(name) > 1}


def part_of(path: Path) -> str:
    return path.relative_to(LIBRARY).parts[0].removesuffix(".py")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def existing(*folders: str) -> list[Path]:
    return [path for folder in folders if (ROOT / folder).is_dir() for path in modules(ROOT / folder)]


LIBRARY_MODULES = [path for path in modules(LIBRARY) if path.name != "__init__.py" or path.parent != LIBRARY]


@pytest.mark.parametrize("path", LIBRARY_MODULES, ids=name_of)
def test_a_part_of_the_library_imports_only_what_it_may(path):
    part = part_of(path)
    assert part in MAY_IMPORT, f"say in MAY_IMPORT what {part} may import"
    assert parts_imported(path) - {part} <= MAY_IMPORT[part]


@pytest.mark.parametrize("path", LIBRARY_MODULES, ids=name_of)
def test_only_components_and_dynamic_resources_know_an_sdk(path):
    used = {name.split(".")[0] for name in imports(path)} & set(SDKS)
    assert not used or part_of(path) in ("components", "dynamic")


@pytest.mark.parametrize("path", modules(LIBRARY / "components"), ids=name_of)
def test_a_component_imports_whole_namespaces_so_that_an_unused_one_is_never_loaded(path):
    names = [name for name in imports(path) if name.startswith("pulumi_azure_native")]
    assert [name for name in names if name.count(".") != 1] == []


@pytest.mark.parametrize("path", modules(LIBRARY / "components"), ids=name_of)
def test_a_component_reads_no_configuration_no_environment_and_no_clock(path):
    assert {"os", "time", "datetime.datetime", "random", "socket"}.isdisjoint(imports(path))


@pytest.mark.parametrize("path", [*modules(LIBRARY), ROOT / "__main__.py"], ids=name_of)
def test_only_settings_and_the_program_touch_the_configuration(path):
    reads = any(
        isinstance(node, ast.Attribute) and node.attr == "Config" and ast.unparse(node.value) == "pulumi"
        for node in ast.walk(ast.parse(path.read_text()))
    )
    assert not reads or path.name == "__main__.py" or part_of(path) == "settings"


@pytest.mark.parametrize("path", modules(LIBRARY / "catalog") + existing("infra/azure_ml_platform/cost"), ids=name_of)
def test_facts_need_nothing_but_the_standard_library(path):
    outside = {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names)
    assert outside <= {"azure_ml_platform"}


@pytest.mark.parametrize("path", existing(*NEIGHBOURS), ids=name_of)
def test_what_stands_beside_the_library_imports_only_what_it_may_of_it(path):
    allowed = NEIGHBOURS[path.relative_to(ROOT).parts[0]]
    assert parts_imported(path) <= (allowed or set())
    names = {name.split(".")[0] for name in imports(path)}
    if path.relative_to(ROOT).parts[0] == "local":
        assert names.isdisjoint({"azure_ml_platform", "policies", "ops", "report", *SDKS})
    else:
        assert names.isdisjoint({"local", *SDKS})


def test_the_library_knows_nothing_of_the_local_target():
    assert [name_of(path) for path in modules(LIBRARY) if any(n.split(".")[0] == "local" for n in imports(path))] == []


def test_the_program_is_short_and_knows_settings_platform_and_outputs():
    program = ROOT / "__main__.py"
    assert len(program.read_text().splitlines()) <= 20
    assert parts_imported(program) == {"settings", "platform", "outputs"}


@pytest.mark.parametrize("path", existing("infra", "policies", "ops", "local", "plugin"), ids=name_of)
def test_annotations_are_evaluated(path):
    assert "__future__.annotations" not in set(imports(path))


def loaded_by(statement: str) -> set[str]:
    """Modules that a fresh interpreter has loaded after a statement."""
    program = f"{statement}; import sys; print('\\n'.join(sys.modules))"
    return set(
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    )


def test_importing_the_library_loads_no_namespace_of_an_sdk():
    loaded = loaded_by("import azure_ml_platform")
    assert [name for name in loaded if name.startswith(SDKS)] == []


def test_importing_a_component_loads_no_namespace_before_it_is_built():
    loaded = loaded_by("import azure_ml_platform.components.machine_learning")
    assert [name for name in loaded if name.startswith("pulumi_azure_native.") and name.endswith("outputs")] == []


def test_a_dynamic_provider_starts_without_any_azure_client():
    loaded = loaded_by("import azure_ml_platform.dynamic.artifact, azure_ml_platform.dynamic.traffic")
    assert [name for name in loaded if name.startswith(("azure.", "pulumi_azure_native", "pydantic"))] == []


def test_no_module_beside_a_program_hides_one_that_is_installed():
    """The engine runs the program and each policy pack with its own folder first on the path."""
    installed = set(packages_distributions()) | set(sys.stdlib_module_names)
    own = {"policies", "local", "ops", "azure_ml_platform", "tools", "bench", "tests", "report", "plugin"}
    programs = [ROOT, *(path.parent for path in (ROOT / "policies").glob("*/PulumiPolicy.yaml"))]
    beside = {name_of(path) for folder in programs for path in folder.iterdir() if hides(path, installed - own)}
    assert beside == set()


def hides(path: Path, installed: set[str]) -> bool:
    return (path.suffix == ".py" or (path / "__init__.py").is_file()) and path.stem in installed


@pytest.mark.parametrize("path", existing("tests"), ids=name_of)
def test_no_test_is_left_uncollected(path):
    holds_tests = any(
        isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for node in ast.walk(ast.parse(path.read_text()))
    )
    assert not holds_tests or path.name.startswith("test_")
