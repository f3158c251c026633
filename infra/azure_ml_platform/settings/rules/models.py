"""Where deployed models come from."""

import ast
import pathlib
from collections.abc import Iterator, Mapping

import yaml

from azure_ml_platform.settings.area import Broken, Mend, Path
from azure_ml_platform.settings.areas.blob import BlobSettings
from azure_ml_platform.settings.areas.models import ModelSettings, SlotSettings
from azure_ml_platform.settings.areas.monitoring import MonitoringSettings
from azure_ml_platform.settings.rules.rule import Rule
from azure_ml_platform.vocabulary import is_registry_asset

Models = Mapping[str, ModelSettings]
INFERENCE_SERVERS = ("azureml-inference-server-http", "azureml-defaults")
"""Packages that bring the server behind a scoring script (how-to-inference-server-http)."""


def _closed_stores_get_no_uploads(blob: BlobSettings, models: Models) -> Iterator[Broken]:
    if blob.public_network_access:
        return
    rule = "the id of a version in a registry while blob.public_network_access is false: nothing can be uploaded"
    for name, path, said in _sources(models):
        sources = {"model": said.model, "code": said.code, "environment": said.environment}
        for field, source in sources.items():
            if source and not is_registry_asset(source):
                collection = "models" if field == "model" else f"{field}s"
                example = f"azureml://registries/ml-registry/{collection}/{name}/versions/1"
                yield Broken((*path, field), rule, example)


def _telemetry_arrives(monitoring: MonitoringSettings, models: Models) -> Iterator[Broken]:
    """Instances of a model run in a network of Microsoft's, which no private link scope of the stack reaches."""
    served = [name for name, model in models.items() if model.enabled]
    if monitoring.enabled and served and not monitoring.public_ingestion:
        rule = f"true while models.{served[0]} is deployed: it reports from outside of the stack's network"
        yield Broken(("monitoring", "public_ingestion"), rule, True)


def _sources(models: Models) -> Iterator[tuple[str, Path, ModelSettings | SlotSettings]]:
    """Yield whatever names files: the models that the stack serves and their slots, with the path of each."""
    for name, model in models.items():
        if model.enabled:
            yield name, ("models", name), model
            yield from ((name, ("models", name, "slots", slot), said) for slot, said in model.slots.items())


def _files_exist(root: pathlib.Path, models: Models) -> Iterator[Broken]:
    for name, path, said in _sources(models):
        code = said.code or models[name].code
        if code and is_registry_asset(code):
            code = None
        files = {
            "model": said.model,
            "code": said.code,
            "scoring_script": f"{code}/{said.scoring_script}" if code and said.scoring_script else None,
            "environment": said.environment,
            "sample_request": said.sample_request if isinstance(said, ModelSettings) else None,
        }
        for field, file in files.items():
            if file and not is_registry_asset(file) and not (root / file).exists():
                yield Broken((*path, field), f"a path that exists in the project; {file} does not", Mend.EDIT)


def _scripts_score(root: pathlib.Path, models: Models) -> Iterator[Broken]:
    """The inference server calls `init()` once and `run()` for each request."""
    for name, path, said in _sources(models):
        code, script = said.code or models[name].code, said.scoring_script
        if not code or not script or is_registry_asset(code) or not (root / code / script).is_file():
            continue
        try:
            tree = ast.parse((root / code / script).read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError) as error:
            yield Broken((*path, "scoring_script"), f"a script in Python: {error}", Mend.EDIT)
            continue
        missing = [each for each in ("init", "run") if each not in _defined(tree)]
        if missing:
            rule = f"a script that defines init() and run(); {code}/{script} has no {' and no '.join(missing)}"
            yield Broken((*path, "scoring_script"), rule, Mend.EDIT)


def _defined(tree: ast.Module) -> set[str]:
    """Names that a module has of its own, however it came to them."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def _environments_install(root: pathlib.Path, models: Models) -> Iterator[Broken]:
    """A conda file lists what is installed, Microsoft's inference server among it where there is scoring code."""
    for _, path, said in _sources(models):
        file = said.environment
        if not file or is_registry_asset(file) or not (root / file).is_file():
            continue
        try:
            document = yaml.safe_load((root / file).read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            yield Broken((*path, "environment"), f"a conda file in YAML: {' '.join(str(error).split())}", Mend.EDIT)
            continue
        listed = document.get("dependencies") if isinstance(document, dict) else None
        if not isinstance(listed, list) or not listed:
            yield Broken(
                (*path, "environment"), f"a conda file with a list of dependencies; {file} has none", Mend.EDIT
            )
        elif not any(server in str(listed) for server in INFERENCE_SERVERS):
            rule = f"a conda file that installs {INFERENCE_SERVERS[0]}, which runs the scoring script; {file} does not"
            yield Broken((*path, "environment"), rule, Mend.EDIT)


RULES: tuple[Rule, ...] = (
    _closed_stores_get_no_uploads,
    _telemetry_arrives,
    _files_exist,
    _scripts_score,
    _environments_install,
)
