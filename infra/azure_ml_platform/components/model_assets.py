"""What model deployments are made of: versions of models, of scoring code, of the environments that they run in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

import pulumi
from pulumi_azure_native import machinelearningservices
from pydantic import model_validator

from azure_ml_platform.args import Args, Input, T
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs
from azure_ml_platform.dynamic.artifact import Artifact
from azure_ml_platform.dynamic.content import content_version, require_script, text_of, text_version
from azure_ml_platform.vocabulary import is_registry_asset

BASE_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1"
"""Microsoft's image for environments that a conda file describes, pinned."""


class UploadArgs(Args):
    """Where local files go."""

    endpoint: Input[str]
    """Required. Blob service of the storage account, with a slash at its end."""
    container: Input[str]
    """Required. Container in it."""
    datastore: Input[str]
    """Required. Datastore of the workspace that shows the container: models are registered as paths in it."""
    permission: Input[str] | None = None
    """Optional. Id of the role assignment that lets whoever deploys write there. Default it has been there before."""


class ServedArgs(Args):
    """What one deployment runs."""

    model: str
    """Required. Path of the model's file or folder, or the id of a model version in a registry."""
    code: str | None = None
    """Optional. Path of the folder with the scoring code, or the id of a code version in a registry. Default none: an
    MLflow model brings its own."""
    scoring_script: str | None = None
    """Optional. Script inside the code, which has to be there. Default none."""
    environment: str | None = None
    """Optional. Path of a conda file, or the id of an environment version in a registry. Default as for code."""
    base_image: str = BASE_IMAGE
    """Optional. Image that the conda file is installed on. Default Microsoft's for inference."""


class ModelAssetsArgs(ComponentArgs):
    """Inputs of ModelAssets."""

    workspace_id: Input[str]
    """Required. Resource id of the workspace that keeps the versions."""
    asset_name: str
    """Required. Name of the models, the code and the environments in the workspace."""
    served: Mapping[str, ServedArgs]
    """Required. What each deployment runs, by its name; what several of them run is registered once."""
    upload: UploadArgs | None = None
    """Conditional. Where paths are uploaded to; required when a model or code is one."""

    @model_validator(mode="after")
    def _paths_have_somewhere_to_go(self) -> Self:
        paths = [path for served in self.served.values() for path in (served.model, served.code)]
        local = [path for path in paths if path and not is_registry_asset(path)]
        if local and self.upload is None:
            raise ValueError(
                f"{local[0]} has nowhere to be uploaded to: "
                "switch the blob store on, or give the id of a version in a registry"
            )
        return self


@dataclass(frozen=True)
class Place:
    """Where a workspace is, as its resource id tells."""

    workspace_id: Input[str]

    @property
    def names(self) -> dict[str, pulumi.Output[str]]:
        """What everything inside a workspace is told: its resource group and its name."""
        return {"resource_group_name": self._part(4), "workspace_name": self._part(8)}

    @property
    def subscription_id(self) -> pulumi.Output[str]:
        """Subscription of the workspace."""
        return self._part(2)

    @property
    def resource_group_id(self) -> pulumi.Output[str]:
        """Resource id of the workspace's group."""
        return pulumi.Output.from_input(self.workspace_id).apply(lambda found: found.partition("/providers/")[0])

    def path(self, datastore: Input[str], path: Input[str]) -> pulumi.Output[str]:
        """The URI of a path in a datastore (reference-yaml-core-syntax, "data reference URI")."""
        return pulumi.Output.format(
            "azureml://subscriptions/{0}/resourcegroups/{1}/workspaces/{2}/datastores/{3}/paths/{4}",
            self.subscription_id,
            self._part(4),
            self._part(8),
            datastore,
            path,
        )

    def _part(self, index: int) -> pulumi.Output[str]:
        return pulumi.Output.from_input(self.workspace_id).apply(lambda found: found.split("/")[index])


@dataclass(frozen=True)
class Versions:
    """Ids of what one deployment runs; an MLflow model brings code and environment of its own."""

    model_id: pulumi.Output[str]
    code_id: pulumi.Output[str] | None
    environment_id: pulumi.Output[str] | None


class ModelAssets(PlatformComponent):
    """Versions whose names are their content's: what has not changed is not registered again, whoever runs it.

    A version that nothing runs any more is deleted at the end of the update, when every deployment has another one.
    """

    version_ids: pulumi.Output[Sequence[str]]
    """Ids of the versions that the deployments run."""

    def __init__(self, name: str, args: ModelAssetsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Upload what is local, then register the versions."""
        args = ModelAssetsArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self._name, self._args, self._place = name, args, Place(args.workspace_id)
        self._made: dict[str, Any] = {}
        self.by_slot = {slot: self._of(served) for slot, served in args.served.items()}
        found = [[each.model_id, each.code_id, each.environment_id] for each in self.by_slot.values()]
        self.version_ids = pulumi.Output.all(*[version for ids in found for version in ids if version is not None])
        self.finish()

    def _of(self, served: ServedArgs) -> Versions:
        if served.code and served.scoring_script and not is_registry_asset(served.code):
            require_script(Path(served.code), served.scoring_script)
        return Versions(
            self._registered("model", served.model, partial(self._model, served.model)),
            self._registered("code", served.code, partial(self._code, str(served.code))) if served.code else None,
            self._environment(served.environment, served.base_image) if served.environment else None,
        )

    def _registered(self, kind: str, source: str, register: Callable[[str], pulumi.Output[str]]) -> pulumi.Output[str]:
        """The id of a version in a registry as it is; a path's content is registered once, whatever its path."""
        if is_registry_asset(source):
            return pulumi.Output.from_input(source)
        version = content_version(Path(source))
        return self._once(f"{kind}-{version}", partial(register, version))

    def _once(self, key: str, make: Callable[[], T]) -> T:
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found

    def _container(self, kind: str, make: Callable[..., T]) -> T:
        """What holds all versions of a kind, made with the first."""
        return self._once(
            kind,
            lambda: make(
                f"{self._name}-{kind}",
                name=self._args.asset_name,
                properties={},
                **self._place.names,
                opts=self.child(),
            ),
        )

    def _upload(self, kind: str, source: str, version: str) -> Artifact:
        assert self._args.upload is not None, "the arguments are refused without it"
        return Artifact(
            f"{self._name}-{kind}-{version}-upload",
            source=Path(source),
            version=version,
            endpoint=self._args.upload.endpoint,
            container=self._args.upload.container,
            permission=self._args.upload.permission,
            prefix=f"{self._args.asset_name}/{kind}",
            opts=self.child(),
        )

    def _model(self, source: str, version: str) -> pulumi.Output[str]:
        upload, with_code = self._args.upload, [each.model for each in self._args.served.values() if each.code]
        assert upload is not None, "the arguments are refused without it"
        container = self._container("model", machinelearningservices.ModelContainer)
        return machinelearningservices.ModelVersion(
            f"{self._name}-model-{version}",
            name=container.name,
            version=version,
            properties=machinelearningservices.ModelVersionPropertiesArgs(
                model_type="custom_model" if source in with_code else "mlflow_model",
                model_uri=self._place.path(upload.datastore, self._upload("model", source, version).path),
            ),
            **self._place.names,
            opts=self.child(),
        ).id

    def _code(self, source: str, version: str) -> pulumi.Output[str]:
        container = self._container("code", machinelearningservices.CodeContainer)
        return machinelearningservices.CodeVersion(
            f"{self._name}-code-{version}",
            name=container.name,
            version=version,
            properties=machinelearningservices.CodeVersionPropertiesArgs(
                code_uri=self._upload("code", source, version).uri
            ),
            **self._place.names,
            opts=self.child(),
        ).id

    def _environment(self, source: str, base_image: str) -> pulumi.Output[str]:
        if is_registry_asset(source):
            return pulumi.Output.from_input(source)
        conda_file = text_of(Path(source))
        version = text_version(base_image, conda_file)
        return self._once(f"environment-{version}", lambda: self._new_environment(base_image, conda_file, version))

    def _new_environment(self, base_image: str, conda_file: str, version: str) -> pulumi.Output[str]:
        container = self._container("environment", machinelearningservices.EnvironmentContainer)
        return machinelearningservices.EnvironmentVersion(
            f"{self._name}-environment-{version}",
            name=container.name,
            version=version,
            properties=machinelearningservices.EnvironmentVersionPropertiesArgs(
                image=base_image, conda_file=conda_file, os_type="Linux"
            ),
            **self._place.names,
            opts=self.child(),
        ).id
