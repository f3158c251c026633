"""Ingestion: one typed path for data from its source into the lake, by a data factory that signs in by identity."""

from collections.abc import Mapping
from typing import Any

import pulumi

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.resource_types import api_version
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.ingestion_pipeline import LakeDocuments, Zones, pipeline
from azure_ml_platform.components.ingestion_sources import AnySource, Document
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    CustomerKeyArgs,
    DiagnosticsArgs,
    WatchedArgs,
    diagnose,
)
from azure_ml_platform.components.native import Native
from azure_ml_platform.components.private_endpoints import PrivateEndpoints, connect
from azure_ml_platform.dynamic.data_factory import FactoryNetwork, Trigger
from azure_ml_platform.dynamic.link_approval import LinkApproval

FACTORY = "Microsoft.DataFactory/factories"
_NETWORK = "default"


class TargetArgs(Args):
    """A resource that copies reach through a private endpoint in the factory's own network."""

    id: Input[str]
    """Required. Resource id."""
    arm_type: str
    """Required. Its ARM type."""
    group: str
    """Required. Part of the resource that the endpoint leads to, as `dfs` or `sqlServer`."""
    approve: bool = False
    """Optional. Approve the endpoint at the resource too, which takes the right to. Default its owner does so."""


class ZonesArgs(Args):
    """Zones of the lake that data passes through."""

    landing: str = "landing"
    """Optional. Where rows are until they have been judged. Default `landing`."""
    raw: str = "raw"
    """Optional. Where they go from there. Default `raw`."""
    quarantine: str = "quarantine"
    """Optional. Where rows go that failed their checks. Default `quarantine`."""


class IngestionArgs(ComponentArgs):
    """Inputs of Ingestion."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the factory."""
    location: Input[str]
    """Required. Azure region."""
    factory_name: str
    """Required. Name of the factory, unique in the whole cloud."""
    identity_id: Input[str]
    """Required. Resource id of the identity that reads sources and writes the lake."""
    lake_endpoint: Input[str]
    """Required. Address of the lake's file system service."""
    zones: ZonesArgs = ZonesArgs()
    """Optional. Zones of the lake that data passes through. Default `landing`, `raw` and `quarantine`."""
    sources: Mapping[str, AnySource] = {}
    """Optional. Sources by name, the name of their folder in each zone too. Default none."""
    managed_network: bool = True
    """Optional. Run copies in a network of the factory's own. Default true."""
    targets: Mapping[str, TargetArgs] = {}
    """Optional. What that network has private endpoints to, by a name. Default nothing."""
    public_network_access: bool = False
    """Optional. Let the factory's own service and studio answer from public networks. Default false."""
    private_endpoints: PrivateEndpoints = {}
    """Optional. Private endpoints by group id: dataFactory, portal. Default none."""
    customer_managed_key: CustomerKeyArgs | None = None
    """Optional. The key that the factory is encrypted with. Default one of Microsoft's."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where runs are logged. Default nowhere."""


class Ingestion(PlatformComponent):
    """A factory with a pipeline and a trigger for each source; no key, password or connection string is in it."""

    factory_id: pulumi.Output[str]
    """Resource id of the factory."""
    factory_name: pulumi.Output[str]
    """Name of the factory."""
    pipeline_names: pulumi.Output[Mapping[str, str]]
    """Names of the pipelines by source."""

    def __init__(self, name: str, args: IngestionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the factory, its way to the lake, then what each source needs."""
        args = IngestionArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self._name, self._args = name, args
        self.factory = Native("datafactory:Factory", f"{name}-factory", _factory(args), self.child())
        self.credential = self._document(
            "CredentialOperation",
            "identity",
            {"credentialName": "identity"},
            {"properties": {"type": "ManagedIdentity", "resourceId": args.identity_id}},
        )
        self.approvals: list[pulumi.Resource] = []
        self.runtime = self._network() if args.managed_network else None
        store = self._linked_service("lake", {"type": "AzureBlobFS", "url": args.lake_endpoint})
        self.lake = LakeDocuments(
            store=_reference("LinkedService", store),
            rows=self._lake_files("rows", store, {"type": "Parquet", "compressionCodec": "snappy"}),
            files=self._lake_files("files", store, {"type": "Binary"}),
        )
        self.pipelines: dict[str, Native] = {}
        self.triggers: dict[str, Trigger] = {}
        for key, source in args.sources.items():
            self._source(key, source)
        diagnose(self, f"{name}-diagnostics", FACTORY, self.factory.id, args.diagnostics)
        self.private_endpoints = connect(self, name, self.factory.id, args.private_endpoints, args)
        self.factory_id, self.factory_name = self.factory.id, self.factory.name
        self.pipeline_names = pulumi.Output.all(**{key: made.name for key, made in self.pipelines.items()})
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        return {"ingestion": WatchedArgs(arm_type=FACTORY, id=self.factory.id)}

    def _document(self, kind: str, key: str, names: Document, inputs: Document, **options: Any) -> Native:
        """A document of the factory."""
        place = {"resourceGroupName": self._args.resource_group_name, "factoryName": self.factory.name}
        return Native(f"datafactory:{kind}", f"{self._name}-{key}", {**place, **names, **inputs}, self.child(**options))

    def _network(self) -> Native:
        """The network that copies run in, one private endpoint after the other, and what runs them."""
        network = FactoryNetwork(f"{self._name}-network", factory_id=self.factory.id, opts=self.child())
        before: list[pulumi.Resource] = [network]
        for key, target in self._args.targets.items():
            # Owners of targets see this name alone, so it says whose endpoint it is.
            endpoint_name = f"{self._args.factory_name}-{key}"
            endpoint = self._document(
                "ManagedPrivateEndpoint",
                f"{key}-link",
                {"managedVirtualNetworkName": _NETWORK, "managedPrivateEndpointName": endpoint_name},
                {"properties": {"privateLinkResourceId": target.id, "groupId": target.group}},
                depends_on=before,
            )
            before = [endpoint]
            if target.approve:
                approval = LinkApproval(
                    f"{self._name}-{key}-approval",
                    target_id=target.id,
                    endpoint_name=endpoint.name,
                    api_version=api_version(target.arm_type),
                    opts=self.child(),
                )
                self.approvals.append(approval)
        reference = {"referenceName": _NETWORK, "type": "ManagedVirtualNetworkReference"}
        return self._document(
            "IntegrationRuntime",
            "runtime",
            {"integrationRuntimeName": "managed-network"},
            {
                "properties": {
                    "type": "Managed",
                    "managedVirtualNetwork": reference,
                    "computeProperties": {"location": self._args.location},
                }
            },
            depends_on=[network],
        )

    def _linked_service(self, key: str, properties: Document) -> Native:
        """A way to a store; whatever asks for an identity gets the factory's."""
        connection = {**properties}
        if properties.get("authenticationType") != "Anonymous":
            connection["credential"] = _reference("Credential", self.credential)
        if self.runtime:
            connection["connectVia"] = _reference("IntegrationRuntime", self.runtime)
        names = {"linkedServiceName": key}
        return self._document("LinkedService", f"{key}-connection", names, {"properties": connection})

    def _lake_files(self, key: str, store: Native, shape: Document) -> Document:
        """The reference to a dataset of one file of the lake, in the zone and folder that an activity says."""
        place = {name: {"value": f"@dataset().{name}", "type": "Expression"} for name in ("zone", "folder", "file")}
        location = {
            "type": "AzureBlobFSLocation",
            "fileSystem": place["zone"],
            "folderPath": place["folder"],
            "fileName": place["file"],
        }
        parameters = {name: {"type": "String"} for name in place}
        properties = {**shape, "location": location, "parameters": parameters}
        return self._dataset(f"lake-{key}", _reference("LinkedService", store), properties)

    def _dataset(self, key: str, store: Document, properties: Document) -> Document:
        """The reference to a dataset; its name allows no hyphen."""
        names = {"datasetName": key.replace("-", "_")}
        linked = {"properties": {**properties, "linkedServiceName": store}}
        return _reference("Dataset", self._document("Dataset", f"{key}-dataset", names, linked))

    def _source(self, key: str, source: AnySource) -> None:
        """What copies one source: its connection and dataset, the pipeline, and the trigger that starts it."""
        connection = source.linked_service
        store = self._linked_service(f"source-{key}", connection) if connection else None
        linked = _reference("LinkedService", store) if store else self.lake.store
        dataset = self._dataset(f"source-{key}", linked, source.dataset)
        zones = Zones(**self._args.zones.model_dump())
        flow = pipeline(key, source, dataset, self.lake, zones)
        made = self.pipelines[key] = self._document("Pipeline", f"{key}-pipeline", {"pipelineName": key}, flow)
        started = {"pipelineReference": _reference("Pipeline", made)}
        if source.parameters:
            started["parameters"] = dict(source.parameters)
        self.triggers[key] = Trigger(
            f"{self._name}-{key}-trigger",
            factory_id=self.factory.id,
            trigger_name=key,
            definition={**source.trigger, "pipelines": [started]},
            opts=self.child(depends_on=self.approvals),
        )


def _factory(args: IngestionArgs) -> Document:
    key = args.customer_managed_key
    identities = [args.identity_id, *([key.permitted_identity_id] if key else [])]
    factory: Document = {
        "resourceGroupName": args.resource_group_name,
        "factoryName": args.factory_name,
        "location": args.location,
        # Resource Manager's own form: the provider's schema leaves these untyped.
        "identity": {
            "type": "UserAssigned",
            "userAssignedIdentities": pulumi.Output.all(*identities).apply(lambda ids: {each: {} for each in ids}),
        },
        "publicNetworkAccess": "Enabled" if args.public_network_access else "Disabled",
        "tags": args.tags,
    }
    if key:
        # Without a version the factory follows the key's rotation.
        factory["encryption"] = {
            "vaultBaseUrl": key.vault_uri,
            "keyName": key.key_name,
            "identity": {"userAssignedIdentity": key.permitted_identity_id},
        }
    return factory


def _reference(kind: str, to: Native) -> Document:
    return {"referenceName": to.name, "type": f"{kind}Reference"}
