"""What a model deployment is made of: versions of the model, of its scoring code, of the environment it runs in."""

from pathlib import Path
from typing import Self

import pulumi
from pulumi_azure_native import machinelearningservices
from pydantic import model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs
from azure_ml_platform.dynamic.artifact import Artifact
from azure_ml_platform.dynamic.content import content_version, text_version
from azure_ml_platform.vocabulary import is_registry_asset

BASE_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1"
"""Microsoft's image for environments that a conda file describes, pinned."""


class UploadArgs(Args):
    """Where local files go."""

    endpoint: Input[str]
    """Required. Blob service of the storage account, with a slash at its end."""
    container: Input[str]
    """Required. Container in it."""
    permission: Input[str] | None = None
    """Optional. Id of the role assignment that lets whoever deploys write there. Default it has been there before."""


class ModelAssetsArgs(ComponentArgs):
    """Inputs of ModelAssets."""

    resource_group_name: Input[str]
    """Required. Resource group of the workspace."""
    workspace_name: Input[str]
    """Required. Workspace that keeps the versions."""
    asset_name: str
    """Required. Name of the model, the code and the environment in the workspace."""
    model: str
    """Required. Path of the model's file or folder, or the id of a model version in a registry."""
    code: str | None = None
    """Optional. Path of the folder with the scoring code. Default none: an MLflow model brings its own."""
    environment: str | None = None
    """Optional. Path of a conda file, or the id of an environment version in a registry. Default as for code."""
    base_image: str = BASE_IMAGE
    """Optional. Image that the conda file is installed on. Default Microsoft's for inference."""
    upload: UploadArgs | None = None
    """Conditional. Where paths are uploaded to; required when model or code is one."""

    @model_validator(mode="after")
    def _paths_have_somewhere_to_go(self) -> Self:
        local = [path for path in (self.model, self.code) if path and not is_registry_asset(path)]
        if local and self.upload is None:
            raise ValueError(
                f"{local[0]} has nowhere to be uploaded to: "
                "switch the blob store on, or give the id of a version in a registry"
            )
        return self


class ModelAssets(PlatformComponent):
    """Versions whose names are their content's: what has not changed is not registered again."""

    model_id: pulumi.Output[str]
    """Id of the model version."""

    def __init__(self, name: str, args: ModelAssetsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Upload what is local, then register the versions."""
        args = ModelAssetsArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.model_id = self._model(name, args)
        self.code_id = self._code(name, args) if args.code else None
        self.environment_id = self._environment(name, args, args.environment) if args.environment else None
        self.finish()

    def _version_options(self) -> pulumi.ResourceOptions:
        """A version that is replaced gets another name, and is needed until its deployment has been updated."""
        return self.child(delete_before_replace=False)

    def _upload(self, name: str, args: ModelAssetsArgs, kind: str, path: str) -> tuple[str, Artifact]:
        assert args.upload is not None, "the arguments are refused without it"
        source = Path(path)
        version = content_version(source)
        artifact = Artifact(
            f"{name}-{kind}-upload",
            source=source,
            version=version,
            endpoint=args.upload.endpoint,
            container=args.upload.container,
            permission=args.upload.permission,
            prefix=f"{args.asset_name}/{kind}",
            opts=self.child(),
        )
        return version, artifact

    def _model(self, name: str, args: ModelAssetsArgs) -> pulumi.Output[str]:
        if is_registry_asset(args.model):
            return pulumi.Output.from_input(args.model)
        version, artifact = self._upload(name, args, "model", args.model)
        container = machinelearningservices.ModelContainer(
            f"{name}-model",
            name=args.asset_name,
            resource_group_name=args.resource_group_name,
            workspace_name=args.workspace_name,
            properties={},
            opts=self.child(),
        )
        return machinelearningservices.ModelVersion(
            f"{name}-model-version",
            name=container.name,
            version=version,
            resource_group_name=args.resource_group_name,
            workspace_name=args.workspace_name,
            properties=machinelearningservices.ModelVersionPropertiesArgs(
                model_type="custom_model" if args.code else "mlflow_model", model_uri=artifact.uri
            ),
            opts=self._version_options(),
        ).id

    def _code(self, name: str, args: ModelAssetsArgs) -> pulumi.Output[str]:
        version, artifact = self._upload(name, args, "code", str(args.code))
        container = machinelearningservices.CodeContainer(
            f"{name}-code",
            name=args.asset_name,
            resource_group_name=args.resource_group_name,
            workspace_name=args.workspace_name,
            properties={},
            opts=self.child(),
        )
        return machinelearningservices.CodeVersion(
            f"{name}-code-version",
            name=container.name,
            version=version,
            resource_group_name=args.resource_group_name,
            workspace_name=args.workspace_name,
            properties=machinelearningservices.CodeVersionPropertiesArgs(code_uri=artifact.uri),
            opts=self._version_options(),
        ).id

    def _environment(self, name: str, args: ModelAssetsArgs, environment: str) -> pulumi.Output[str]:
        if is_registry_asset(environment):
            return pulumi.Output.from_input(environment)
        conda_file = Path(environment).read_text(encoding="utf-8")
        container = machinelearningservices.EnvironmentContainer(
            f"{name}-environment",
            name=args.asset_name,
            resource_group_name=args.resource_group_name,
            workspace_name=args.workspace_name,
            properties={},
            opts=self.child(),
        )
        return machinelearningservices.EnvironmentVersion(
            f"{name}-environment-version",
            name=container.name,
            version=text_version(args.base_image, conda_file),
            resource_group_name=args.resource_group_name,
            workspace_name=args.workspace_name,
            properties=machinelearningservices.EnvironmentVersionPropertiesArgs(
                image=args.base_image, conda_file=conda_file, os_type="Linux"
            ),
            opts=self._version_options(),
        ).id
