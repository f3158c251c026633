"""Secrets of a stack's copy get random values, which only the engine sees, and not as arguments."""

import json
import sys
from pathlib import Path

import pytest

from local import secret_values
from local.errors import LocalError
from local.paths import Paths
from local.project import StackCopy

ENGINE = """\
#!{python}
import json, pathlib, sys
with pathlib.Path({calls!r}).open("a") as calls:
    calls.write(json.dumps([sys.argv[4:], sys.stdin.read()]) + "\\n")
sys.stderr.write("error: refused")
sys.exit({code} if sys.argv[4] == "config" else sys.argv[4:6] == ["stack", "select"])
"""

COPY = StackCopy("prod", (("azure-ml-platform:secret-sql",), ("azure-ml-platform:area", "a-key")))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path)


def engine(folder: Path, code: int = 0) -> dict[str, str]:
    program = folder / "pulumi"
    program.write_text(ENGINE.format(python=sys.executable, calls=str(folder / "calls"), code=code))
    program.chmod(0o755)
    return {"PATH": str(folder)}


def calls(folder: Path) -> list[tuple[list[str], str]]:
    file = folder / "calls"
    return [(call, given) for call, given in map(json.loads, file.read_text().splitlines())] if file.exists() else []


def test_nothing_is_called_when_every_secret_has_a_value(paths: Paths) -> None:
    secret_values.fill(paths, StackCopy("prod", ()), engine(paths.root))
    assert calls(paths.root) == []


def test_each_secret_gets_a_value_of_its_own_through_a_pipe(paths: Paths) -> None:
    secret_values.fill(paths, COPY, engine(paths.root))
    (_, _), (init, _), (first, one), (second, other) = calls(paths.root)
    assert init == ["stack", "init", "prod"]
    assert first[:5] == ["config", "set", "--secret", "--path", "azure-ml-platform:secret-sql"]
    assert second[4] == 'azure-ml-platform:area["a-key"]'
    assert one != other
    assert len(one) > 20
    assert not {one, other} & {*first, *second}


def test_an_engine_that_refuses_is_quoted(paths: Paths) -> None:
    with pytest.raises(LocalError, match="could not prepare the local stack: error: refused"):
        secret_values.fill(paths, COPY, engine(paths.root, code=1))


def test_a_missing_engine_is_named(paths: Paths) -> None:
    with pytest.raises(LocalError, match="there is no `pulumi`"):
        secret_values.fill(paths, COPY, {"PATH": str(paths.root)})
