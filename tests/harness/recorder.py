"""Runs a program against a monitor that answers as Azure would and records every request whole."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pulumi
from pulumi.runtime import mocks, rpc, set_mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import Stack

from tests.harness import azure
from tests.harness.graph import Export, Graph, Node

STACK_TYPE = "pulumi:pulumi:Stack"


class Azure(mocks.Mocks):
    """Answers of the mocked cloud: deterministic ids and outputs."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if not args.custom:
            return None, {}
        return azure.resource(args.typ, args.name, {key: _plain(value) for key, value in args.inputs.items()})

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        return azure.invoke(args.token), []


class NoCallbacks:
    """Takes hooks and never calls them: nothing is created that they could run around."""

    def register_resource_hook(self, hook: pulumi.ResourceHook) -> None: ...

    def register_error_hook(self, hook: pulumi.ErrorHook) -> None: ...


class Recorder(mocks.MockMonitor):
    """A resource monitor that keeps the whole of each registration."""

    def __init__(self, cloud: mocks.Mocks) -> None:
        super().__init__(cloud)
        self._lock = threading.Lock()
        self._nodes: dict[str, Node] = {}
        self.exports: dict[str, Export] = {}

    def graph(self) -> Graph:
        """What has been registered so far."""
        return Graph(list(self._nodes.values()), self.exports)

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The URN as the engine builds it: with the types of all ancestors but the stack."""
        ancestors = parent.split("::")[2] if parent else STACK_TYPE
        qualified = type_ if ancestors == STACK_TYPE else f"{ancestors}${type_}"
        return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{qualified}::{name}"

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name of the gRPC method
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type != STACK_TYPE:
            node = _node(request, response)
            with self._lock:
                assert node.urn not in self._nodes, f"two resources share {node.urn}"
                self._nodes[node.urn] = node
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the name of the gRPC method
        outputs = {key: _plain(value) for key, value in rpc.deserialize_properties(request.outputs, True).items()}
        with self._lock:
            if request.urn in self._nodes:
                self._nodes[request.urn] = replace(self._nodes[request.urn], outputs=outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def build(
    program: Callable[[], object], *, stack: str = "test", preview: bool = False, cloud: mocks.Mocks | None = None
) -> Graph:
    """Run a program to its end, wait for every registration, and return the recorded graph.

    cloud: what answers it; without one, an Azure that knows the types of the platform.
    URNs are checked to be unique; an error in the program or in an `apply` is raised here.
    """
    recorder = Recorder(cloud or Azure())
    # The SDK asks for the thread's loop, which whatever ran before may have closed and taken away.
    asyncio.set_event_loop(asyncio.new_event_loop())
    pulumi.runtime.settings.ROOT.set(None)
    set_mocks(recorder.mocks, project="azure-ml-platform", stack=stack, preview=preview, monitor=recorder)
    # The SDK would start a server for each program, and never end it.
    pulumi.runtime.settings.SETTINGS.callbacks = NoCallbacks()

    async def run() -> None:
        program()
        root = get_root_resource()
        assert isinstance(root, Stack)
        recorder.exports = {key: await _export(value) for key, value in root.outputs.items()}

    pulumi.runtime.test(run)()  # type: ignore[no-untyped-call]
    return recorder.graph()


async def _export(value: Any) -> Export:
    output = pulumi.Output.from_input(value)
    return Export(await output.future(), await output.is_secret())


def _node(request: resource_pb2.RegisterResourceRequest, response: resource_pb2.RegisterResourceResponse) -> Node:
    inputs = rpc.deserialize_properties(request.object, True)
    by_property = {key: frozenset(entry.urns) for key, entry in request.propertyDependencies.items()}
    return Node(
        urn=response.urn,
        type=request.type,
        name=request.name,
        parent=request.parent,
        custom=request.custom,
        inputs={key: _plain(value) for key, value in inputs.items()},
        id=response.id,
        state=rpc.deserialize_properties(response.object, True),
        secrets=frozenset(key for key, value in inputs.items() if rpc.is_rpc_secret(value)),
        provider=request.provider,
        protect=request.protect,
        aliases=[_alias(alias) for alias in request.aliases] + [{"urn": urn} for urn in request.aliasURNs],
        dependencies=frozenset(request.dependencies).union(*by_property.values()),
        property_dependencies=by_property,
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        secret_outputs=frozenset(request.additionalSecretOutputs),
        hooks={moment.name: tuple(names) for moment, names in request.hooks.ListFields()},
    )


def _alias(alias: Any) -> dict[str, str]:
    if alias.WhichOneof("alias") == "urn":
        return {"urn": alias.urn}
    return {field.name: value for field, value in alias.spec.ListFields() if value}


def _plain(value: Any) -> Any:
    return rpc.unwrap_rpc_secret(value) if rpc.is_rpc_secret(value) else value
