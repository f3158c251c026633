"""Where deployed models come from."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from azure_ml_platform.settings.area import Broken, Mend
from azure_ml_platform.settings.areas.blob import BlobSettings
from azure_ml_platform.settings.areas.models import ModelSettings
from azure_ml_platform.settings.rules.rule import Rule
from azure_ml_platform.vocabulary import is_registry_asset

Models = Mapping[str, ModelSettings]


def _closed_stores_get_no_uploads(blob: BlobSettings, models: Models) -> Iterator[Broken]:
    if blob.public_network_access:
        return
    rule = "the id of a version in a registry while blob.public_network_access is false: nothing can be uploaded"
    for name, model in models.items():
        sources = {"model": model.model, "code": model.code, "environment": model.environment}
        for field, source in sources.items():
            if model.enabled and source and not is_registry_asset(source):
                collection = "models" if field == "model" else f"{field}s"
                example = f"azureml://registries/ml-registry/{collection}/{name}/versions/1"
                yield Broken(("models", name, field), rule, example)


def _files_exist(root: Path, models: Models) -> Iterator[Broken]:
    for name, model in models.items():
        script = f"{model.code}/{model.scoring_script}" if model.code and model.scoring_script else None
        files = {
            "model": model.model,
            "code": model.code,
            "scoring_script": script,
            "environment": model.environment,
            "sample_request": model.sample_request,
        }
        for field, path in files.items():
            if model.enabled and path and not is_registry_asset(path) and not (root / path).exists():
                yield Broken(("models", name, field), f"a path that exists in the project; {path} does not", Mend.EDIT)


RULES: tuple[Rule, ...] = (
    _closed_stores_get_no_uploads,
    _files_exist,
)
