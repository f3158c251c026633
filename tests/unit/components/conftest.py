"""What the tests of components share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import Graph, build
from tests.unit.components.cases import cases
from tests.unit.components.cases.given import Case


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, its scoring code and its environment."""
    folder = tmp_path_factory.mktemp("deployment")
    (folder / "model").mkdir()
    (folder / "model" / "weights.bin").write_bytes(b"weights")
    (folder / "code").mkdir()
    (folder / "code" / "score.py").write_text("def run(data): ...\n")
    (folder / "conda.yaml").write_text("dependencies: [python=3.11]\n")
    return folder


@pytest.fixture(scope="session", params=[case.name for case in cases(Path())])
def case(request: pytest.FixtureRequest, files: Path) -> Case:
    """Each component in turn."""
    return next(case for case in cases(files) if case.name == request.param)


@pytest.fixture(scope="session")
def full(case: Case) -> Graph:
    """The component, built from every argument."""
    return build(lambda: case.component("x", case.max()))


@pytest.fixture(scope="session")
def made(files: Path) -> Callable[..., Graph]:
    """Build one component by its class's name, from its required arguments and more; `full` starts from all."""

    def make(name: str, *, full: bool = False, **more: object) -> Graph:
        case = next(case for case in cases(files) if case.name == name)
        arguments = {**case.max(), "keep_sdk_aliases": None} if full else case.defaults()
        return build(lambda: case.component("x", {**arguments, **more}))

    return make
