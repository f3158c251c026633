"""What a deployed platform tells the world: the stack's outputs, typed for whoever reads them."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic import ConfigDict, ValidationError

from azure_ml_platform.described import Described
from azure_ml_platform.vocabulary import AuthMode


class OutputsUnreadable(ValueError):
    """Stack outputs that no platform of this version wrote."""


class _Outputs(Described):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelOutputs(_Outputs):
    """A deployed model."""

    endpoint_name: str
    """Name of the online endpoint."""
    endpoint_id: str
    """ARM id of the online endpoint."""
    scoring_uri: str
    """URI to POST requests to."""
    swagger_uri: str
    """URI of the OpenAPI description of the scoring URI."""
    auth_mode: AuthMode
    """How a caller proves who it is."""
    token_scope: str | None
    """Scope of the Entra token that a caller needs; null where a key does."""
    sample_request: str | None
    """File with a request that the model answers, relative to the project's root."""
    sample_calls: Mapping[str, str] = {}
    """How to call the endpoint, by tool; nothing secret is in them."""


class PlatformOutputs(_Outputs):
    """The outputs of a stack. The keys of `pulumi stack output --json` are these fields.

    No key, token or connection string is among them: callers use their own identity.
    """

    subscription_id: str
    """Subscription of all resources."""
    location: str
    """Azure region of all resources."""
    resource_groups: tuple[str, ...]
    """Names of the stack's resource groups."""
    virtual_network_id: str | None = None
    """ARM id of the virtual network; null where the stack has none."""
    egress_ip_addresses: tuple[str, ...] = ()
    """Public addresses that the network calls out from, for others' allow lists."""
    workspace_name: str | None = None
    """Name of the machine learning workspace; null where the stack has none, as all about it."""
    workspace_id: str | None = None
    """ARM id of the workspace."""
    workspace_resource_group: str | None = None
    """Resource group of the workspace."""
    discovery_url: str | None = None
    """Where clients find the workspace's services."""
    mlflow_tracking_uri: str | None = None
    """Tracking server of the workspace, for MLFLOW_TRACKING_URI."""
    storage_account_name: str | None = None
    """Storage account of the artefacts."""
    blob_endpoint: str | None = None
    """Blob endpoint of that account, with a slash at the end."""
    data_lake_name: str | None = None
    """Storage account of the data lake; null where the stack has none, as all about it."""
    data_lake_endpoint: str | None = None
    """File system endpoint of the lake, with a slash at the end."""
    data_lake_zones: tuple[str, ...] = ()
    """Zones of the lake; each is a container."""
    key_vault_uri: str | None = None
    """URI of the vault, with a slash at the end."""
    registry_login_server: str | None = None
    """Host of the container registry."""
    log_analytics_workspace_id: str | None = None
    """ARM id of the log store."""
    application_insights_name: str | None = None
    """Name of the Application Insights component."""
    databricks_workspace_id: str | None = None
    """ARM id of the Databricks workspace; null where the stack has none, as all about it."""
    databricks_workspace_url: str | None = None
    """Host of the Databricks workspace."""
    databricks_objects: tuple[Mapping[str, Any], ...] = ()
    """Kind and REST body of what is still to be made inside the workspace, in order."""
    preview_client_id: str | None = None
    """Client id that a pipeline previews with; null where the stack has no identities for one."""
    update_client_id: str | None = None
    """Client id that a pipeline updates with."""
    kubernetes_cluster_name: str | None = None
    """Name of the Kubernetes cluster; null where the stack has none, as all about it."""
    kubernetes_cluster_id: str | None = None
    """ARM id of the Kubernetes cluster."""
    kubernetes_oidc_issuer_url: str | None = None
    """Issuer of the tokens of its service accounts, for federated credentials."""
    sql_host: str | None = None
    """Host of the SQL database; clients sign in with Microsoft Entra."""
    sql_database_name: str | None = None
    """Name of the SQL database."""
    data_factory_name: str | None = None
    """Name of the data factory; null where the stack has none, as all about it."""
    data_factory_id: str | None = None
    """ARM id of the data factory."""
    ingestion_sources: tuple[str, ...] = ()
    """Names of the sources that the factory reads, each with a pipeline of that name."""
    compute_names: tuple[str, ...]
    """Names of the compute clusters."""
    asset_registry_name: str | None = None
    """Name of the registry of models and environments that the stack made; null where it has none of its own."""
    instance_names: tuple[str, ...] = ()
    """Names of the compute instances."""
    datastore_names: tuple[str, ...] = ()
    """Names of the workspace's datastores."""
    studio_url: str | None = None
    """Where the workspace opens in the browser."""
    sdk_config: Mapping[str, str] | None = None
    """What config.json holds: from it `MLClient.from_config` finds the workspace."""
    models: Mapping[str, ModelOutputs]
    """Deployed models by name."""

    @classmethod
    def export(cls, platform: Any) -> None:
        """Make a stack's outputs of the platform's attributes of the same names, plain or Output."""
        for name, value in {name: getattr(platform, name) for name in cls.model_fields}.items():
            pulumi.export(name, value)

    @classmethod
    def read(cls, outputs: str | bytes | Mapping[str, Any]) -> "PlatformOutputs":
        """Read what `pulumi stack output --json` prints; raises OutputsUnreadable in one sentence."""
        try:
            if isinstance(outputs, str | bytes):
                return cls.model_validate_json(outputs)
            return cls.model_validate(outputs)
        except ValidationError as error:
            wrong = sorted({".".join(map(str, each["loc"])) or "not JSON" for each in error.errors()})
            raise OutputsUnreadable(
                f"these are not the outputs of a deployed platform ({', '.join(wrong)}): deploy the stack first"
            ) from None

    @classmethod
    def of_stack(cls, stack: pulumi.StackReference) -> "pulumi.Output[PlatformOutputs]":
        """Read another stack's outputs inside a program."""
        values = {name: stack.get_output(name) for name in cls.model_fields}
        return pulumi.Output.all(**values).apply(cls.read)
