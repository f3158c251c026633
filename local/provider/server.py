"""Pulumi's provider protocol: requests of the engine, answered by the rest of the package."""

import json
from concurrent import futures
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from local.arm.contracts import Contract, Contracts, Json
from local.arm.contracts.installed import installed_sdk
from local.provider import values
from local.provider.answering import KeptError, answering
from local.provider.client import ArmClient
from local.provider.configuration import configuration
from local.provider.diff import Change, diff, heeded
from local.provider.drift import refreshed_inputs
from local.provider.engine import EngineLog
from local.provider.errors import InitFailedError, ProviderError
from local.provider.functions import Functions
from local.provider.lifecycle import Lifecycle, Request
from local.provider.naming import CREATE_BEFORE_DELETE, Autonaming, Mode
from local.provider.operations import Operations
from local.provider.preparation import Preparation
from local.provider.values import Properties, decode, encode
from local.provider.waiting import Cancellation, Deadline

THREADS = 256
"""Requests at once; the engine waits in many creations and must still be heard when it cancels."""
DEFAULT_TIMEOUT_SECONDS = 7200.0
MESSAGE_BYTES = 400 * 1024 * 1024
"""The engine's own limit for a message."""

_KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The azure-native provider for the endpoint that the environment names."""

    def __init__(self, contracts: Contracts, stop: Cancellation) -> None:
        self.log = EngineLog()
        self._contracts = contracts
        self._stop = stop
        self._preparation: Preparation
        self._lifecycle: Lifecycle
        self._functions: Functions

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:  # noqa: N802
        """Return the version of the SDK that the plugin stands in for."""
        return plugin_pb2.PluginInfo(version=installed_sdk()[1])

    def GetSchema(  # noqa: N802
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        """Return the names of the types that are covered; their shapes are in the SDK."""
        tokens: dict[str, Json] = {contract.token: {} for contract in self._contracts}
        schema = {"name": "azure-native", "version": installed_sdk()[1], "resources": tokens}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def Handshake(  # noqa: N802
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Learn where the engine listens and say what is understood."""
        self.log.connect(request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=True, accept_outputs=True, supports_autonaming_configuration=True
        )

    def CheckConfig(  # noqa: N802
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Take any configuration; what is missing shows when it is needed."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(  # noqa: N802
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """Tell whether the configuration changed; no change of it replaces resources."""
        changed = request.old_inputs != request.news
        changes = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changes)

    @answering
    def Configure(  # noqa: N802
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        """Take the configuration; nothing is sent to Azure yet."""
        settings = configuration(decode(request.args).values)
        client = ArmClient(
            settings.endpoint, settings.identity_endpoint, settings.identity_header, settings.ca_bundle, self._stop
        )
        self.use(client, settings.subscription_id, settings.location)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True,
            supportsPreview=True,
            acceptResources=True,
            acceptOutputs=True,
            supports_autonaming_configuration=True,
        )

    def use(self, client: ArmClient, subscription_id: str, location: str | None) -> None:
        """Work in one subscription through a client."""
        operations = Operations(client, self._stop)
        self._preparation = Preparation(client, subscription_id, location)
        self._lifecycle = Lifecycle(client, operations, subscription_id)
        self._functions = Functions(client, self._lifecycle, self._contracts, subscription_id)

    @answering
    def Check(  # noqa: N802
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Complete a resource's inputs and list all that is wrong with them."""
        contract, news = self._contract(request.urn), decode(request.news)
        autonaming = None
        if request.HasField("autonaming"):
            autonaming = Autonaming(request.autonaming.proposed_name, Mode(request.autonaming.mode))
        complete = self._preparation.complete(
            contract,
            news.values,
            decode(request.olds).values,
            logical_name=request.urn.rpartition("::")[2],
            seed=request.randomSeed,
            autonaming=autonaming,
        )
        secrets = news.secrets | values.dotted(contract.secret_outputs)
        failures = [
            provider_pb2.CheckFailure(
                property=problem.path, reason=problem.reason if _hidden(problem.path, secrets) else problem.described
            )
            for problem in self._preparation.problems(contract, complete)
        ]
        return provider_pb2.CheckResponse(inputs=encode(Properties(complete, secrets)), failures=failures)

    @answering
    def Diff(  # noqa: N802
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """Say what an update would change, and whether it replaces the resource."""
        news = decode(request.news).values
        outputs = decode(request.olds).values
        found = diff(self._contract(request.urn), decode(request.old_inputs).values, news, outputs)
        changes = heeded(found, request.ignoreChanges)
        replaces = [change.path for change in changes if change.replaces]
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE,
            diffs=[change.path for change in changes],
            replaces=replaces,
            deleteBeforeReplace=bool(replaces) and not news.get(CREATE_BEFORE_DELETE),
            hasDetailedDiff=True,
            detailedDiff={change.path: _property_diff(change) for change in changes},
        )

    @answering
    def Create(  # noqa: N802
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        """Create a resource, or promise in a preview what is known of it."""
        contract, inputs = self._contract(request.urn), decode(request.properties)
        secrets = inputs.secrets | values.dotted(contract.secret_outputs)
        if request.preview:
            expected = contract.expected_outputs(inputs.values)
            return provider_pb2.CreateResponse(properties=encode(Properties(expected, secrets)))
        try:
            state = self._lifecycle.create(self._request(contract, request), inputs.values)
        except InitFailedError as error:
            raise KeptError(error, inputs, secrets) from error
        return provider_pb2.CreateResponse(id=state.id, properties=encode(Properties(state.outputs, secrets)))

    @answering
    def Read(  # noqa: N802
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        """Read a resource for a refresh or an import; without id where there is none."""
        contract = self._contract(request.urn)
        if contract.path_of(request.id) is None:
            raise ProviderError(f"'{request.id}' is not the id of a {contract.arm_type}")
        old_inputs, old_outputs = decode(request.inputs), decode(request.properties)
        state = self._lifecycle.read(contract, request.id)
        if state is None:
            return provider_pb2.ReadResponse()
        if old_inputs.values:
            inputs = refreshed_inputs(contract, state.id, old_inputs.values, old_outputs.values, state.outputs)
        else:
            inputs = contract.inputs_of(state.id, state.outputs)
        always = values.dotted(contract.secret_outputs)
        return provider_pb2.ReadResponse(
            id=state.id,
            properties=encode(Properties(state.outputs, old_outputs.secrets | old_inputs.secrets | always)),
            inputs=encode(Properties(inputs, old_inputs.secrets | always)),
        )

    @answering
    def Update(  # noqa: N802
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        """Change a resource, or promise in a preview what is known of it afterwards."""
        contract, inputs = self._contract(request.urn), decode(request.news)
        secrets = inputs.secrets | values.dotted(contract.secret_outputs)
        if request.preview:
            expected = contract.expected_outputs(inputs.values, decode(request.olds).values)
            return provider_pb2.UpdateResponse(properties=encode(Properties(expected, secrets)))
        old_inputs = decode(request.old_inputs).values
        try:
            state = self._lifecycle.update(self._request(contract, request), request.id, inputs.values, old_inputs)
        except InitFailedError as error:
            raise KeptError(error, inputs, secrets) from error
        return provider_pb2.UpdateResponse(properties=encode(Properties(state.outputs, secrets)))

    @answering
    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> Empty:  # noqa: N802
        """Delete a resource."""
        self._lifecycle.delete(self._request(self._contract(request.urn), request), request.id)
        return Empty()

    @answering
    def Invoke(  # noqa: N802
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        """Call a function of the SDK."""
        response = provider_pb2.InvokeResponse()
        result = self._functions.call(request.tok, decode(request.args).values)
        getattr(response, "return").CopyFrom(encode(result))  # `return` is no attribute name in Python's grammar
        return response

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:  # noqa: N802
        """Stop waiting for Azure; what was accepted is reported to the engine as it is."""
        self._stop.cancel()
        return Empty()

    def _contract(self, urn: str) -> Contract:
        """Return the contract of the resource that a URN names."""
        try:
            return self._contracts.by_token(urn.split("::")[2].rpartition("$")[2])
        except LookupError as error:
            raise ProviderError(str(error)) from error

    def _request(self, contract: Contract, request: Any) -> Request:
        urn = request.urn
        deadline = Deadline(request.timeout or DEFAULT_TIMEOUT_SECONDS)
        return Request(contract, deadline, lambda message: self.log.status(urn, message))


def start(provider: Provider) -> tuple[grpc.Server, int]:
    """Serve a provider on loopback; returns the server and its port."""
    options = [("grpc.max_receive_message_length", MESSAGE_BYTES), ("grpc.max_send_message_length", MESSAGE_BYTES)]
    server = grpc.server(futures.ThreadPoolExecutor(THREADS, thread_name_prefix="request"), options=options)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def _property_diff(change: Change) -> provider_pb2.PropertyDiff:
    return provider_pb2.PropertyDiff(kind=_KINDS[change.kind, change.replaces], inputDiff=True)


def _hidden(path: str, secrets: frozenset[values.Path]) -> bool:
    """Tell whether a problem's value, or part of it, is secret."""
    return any(path.split(".")[0].split("[")[0] == secret[0] for secret in secrets)
