"""Reading dependency files, and building an environment once."""

import fcntl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from local import cache
from local.serving import environment
from local.serving.environment import EnvironmentBuildError, build_environment, pip_requirements

CONDA = """
name: wine
dependencies:
  - python=3.12
  - pip
  - pip:
      - azureml-inference-server-http==1.5.1
      - numpy==2.4.6
"""


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_of_a_conda_file_the_pip_part_is_taken() -> None:
    assert pip_requirements(CONDA) == ["azureml-inference-server-http==1.5.1", "numpy==2.4.6"]


def test_a_requirements_file_is_taken_without_comments_and_blank_lines() -> None:
    assert pip_requirements("# what it needs\nnumpy==2.4.6\n\n  scipy\n") == ["numpy==2.4.6", "scipy"]


@pytest.mark.parametrize(
    "text",
    ["", "name: x", "dependencies: [python=3.12]", "dependencies: [{pip: }]", "dependencies: 3", "# nothing\n"],
)
def test_a_file_without_packages_for_pip_is_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(
        EnvironmentBuildError, match=r"names no package for pip; write .* azureml-inference-server-http"
    ):
        pip_requirements(text)


def test_a_failed_step_shows_the_end_of_its_output_and_leaves_nothing(tmp_path: Path) -> None:
    program = "import sys; print('first'); print('no space left on device'); sys.exit(2)"

    with pytest.raises(cache.BuildError, match=r"ended with code 2:\n  first\n  no space left on device"):
        cache.folder("x", "1", lambda target: cache.run([sys.executable, "-c", program], cwd=target))

    assert not (tmp_path / "azure-ml-platform" / "x" / "1").exists()


def test_a_step_holds_the_lock_so_that_nobody_builds_beside_one_whose_caller_was_killed(tmp_path: Path) -> None:
    program = (
        "import subprocess, sys; from local import cache\n"
        "step = [sys.executable, '-c', 'import sys; print(1, file=sys.stderr, flush=True); sys.stdin.read()']\n"
        "cache.subprocess.DEVNULL = None; cache.subprocess.PIPE = None; cache.subprocess.STDOUT = None\n"
        "cache.folder('x', '1', lambda target: cache.run(step, cwd=target))"
    )
    caller = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    assert caller.stdin is not None
    assert caller.stderr is not None
    assert caller.stderr.readline() == b"1\n"
    caller.kill()
    caller.wait()

    lock = (tmp_path / "azure-ml-platform" / "x" / "1.lock").open("a")
    with pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    caller.stdin.close()
    fcntl.flock(lock, fcntl.LOCK_EX)


def test_an_environment_without_the_inference_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_build", lambda folder, requirements: None)

    with pytest.raises(EnvironmentBuildError, match="does not install azureml-inference-server-http; add it"):
        build_environment("numpy==2.4.6")


def test_equal_requirements_share_an_environment_and_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_build", _with_server)

    conda, pip = build_environment(CONDA), build_environment("azureml-inference-server-http==1.5.1\nnumpy==2.4.6")

    assert conda == pip
    assert conda != build_environment("azureml-inference-server-http==1.5.1\nnumpy==2.4.5")


def test_of_several_callers_one_builds_and_the_others_wait() -> None:
    builds: list[Path] = []
    entered, released = threading.Event(), threading.Event()

    def build(target: Path) -> None:
        builds.append(target)
        entered.set()
        released.wait(10)
        (target / "content").touch()

    results: list[bool] = []
    callers = [
        threading.Thread(target=lambda: results.append((cache.folder("x", "1", build) / "content").exists()))
        for _ in range(3)
    ]
    for caller in callers:
        caller.start()
    entered.wait(10)
    released.set()
    for caller in callers:
        caller.join(10)

    assert (len(builds), results) == (1, [True, True, True])


def test_what_a_killed_build_left_is_built_again(tmp_path: Path) -> None:
    half = tmp_path / "azure-ml-platform" / "x" / "1"
    half.mkdir(parents=True)
    (half / "half").touch()

    folder = cache.folder("x", "1", lambda target: (target / "whole").touch())

    assert folder == half
    assert not (folder / "half").exists()
    assert (folder / "whole").exists()


def _with_server(folder: Path, requirements: list[str]) -> None:
    (folder / "lib" / "python3.11" / "site-packages" / "azureml_inference_server_http").mkdir(parents=True)
