"""`make bench`: measures, prints one line per figure, writes build/bench.json."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import yaml

from bench import endpoint
from bench.provider import provider_cost
from bench.timing import ROOT, compare, seconds

PYTHON = str(ROOT / ".venv" / "bin" / "python")
STACK = ("--stack", "local")
OPS = (PYTHON, "-m", "local", "run", *STACK, "--", PYTHON, "-m", "ops")
PROJECT = ROOT / ".local" / "project"


def import_cost() -> dict[str, float]:
    """What `import azure_ml_platform` adds to the imports that any such program needs."""
    library = (PYTHON, "-c", "import azure_ml_platform")
    floor = (PYTHON, "-c", "import pulumi, pydantic")
    ratio = compare(library, floor, runs=9)
    return {"import_library_s": ratio.first, "import_pulumi_pydantic_s": ratio.second, "import_ratio": ratio.ratio}


def preview_cost() -> dict[str, float]:
    """What the SDK's historic aliases cost at preview: the local stack from nothing, without policy packs."""
    with tempfile.TemporaryDirectory() as folder:
        environment = ("env", f"PULUMI_BACKEND_URL=file://{folder}")
        pulumi = (PYTHON, "-m", "local", "run", *STACK, "--", *environment, "pulumi", "-C", str(PROJECT))
        seconds((*pulumi, "stack", "select", "--create", "local", "--non-interactive"))
        preview = (*pulumi, "preview", *STACK, "--non-interactive")
        ratio = compare((*preview, "--config-file", _with_aliases(Path(folder))), preview, runs=5)
    return {"preview_with_sdk_aliases_s": ratio.first, "preview_s": ratio.second, "preview_ratio": ratio.ratio}


def _with_aliases(folder: Path) -> str:
    """The local stack's file with the SDK's aliases kept."""
    settings = yaml.safe_load((PROJECT / "Pulumi.local.yaml").read_text())
    settings["config"]["azure-ml-platform:platform"]["keep_sdk_aliases"] = True
    file = folder / "Pulumi.local.yaml"
    file.write_text(yaml.safe_dump(settings))
    return str(file)


def platform_cost() -> dict[str, float]:
    """The whole platform on the local target: from nothing, again without a change, and away."""
    seconds((*OPS, "down", *STACK))
    return {
        "up_s": round(seconds((*OPS, "up", *STACK)), 1),
        "up_again_s": round(seconds((*OPS, "up", *STACK)), 1),
        "score_s": round(seconds((*OPS, "score", *STACK)), 2),
    }


def fresh_clone_cost() -> dict[str, float]:
    """`make up` in a fresh clone: with an empty home, where all is fetched and built, then with its caches."""
    figures = {}
    path = f"PATH={os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        home.mkdir()
        for name in ("fresh_up_cold_s", "fresh_up_warm_s"):
            clone = Path(folder, "clone")
            seconds(("git", "clone", "-q", str(ROOT), str(clone)))
            command = ("env", "-i", f"HOME={home}", path, "make", "up")
            figures[name] = round(seconds(command, cwd=clone), 1)
            seconds(("env", "-i", f"HOME={home}", path, "make", "clean"), cwd=clone)
            shutil.rmtree(clone)
    return figures


def main() -> None:
    """Run the quick benchmarks; `--fresh` adds those that start from nothing, `--kill` a hundred killed endpoints."""
    figures: dict[str, float] = {}
    parts: list[Callable[[], dict[str, float]]] = [
        import_cost,
        preview_cost,
        provider_cost,
        platform_cost,
        endpoint.latency,
    ]
    if "--fresh" in sys.argv:
        parts.append(fresh_clone_cost)
    if "--kill" in sys.argv:
        parts.append(endpoint.kills)
    for part in parts:
        measured = part()
        figures.update(measured)
        for name, value in measured.items():
            print(f"{name:28} {value}")
    target = ROOT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
