"""Speaks to the provider as the engine does: over gRPC, here in plain Python values."""

from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from local.arm.contracts import Json
from local.provider.values import Path, Properties, decode, encode

SUBSCRIPTION = "00000000-0000-4000-8000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"


class Engine:
    """An engine with one resource at a time, `it`."""

    def __init__(self, stub: provider_pb2_grpc.ResourceProviderStub) -> None:
        self.stub = stub

    @staticmethod
    def urn(token: str, name: str = "it") -> str:
        return f"urn:pulumi:test::project::azure-ml-platform:index:Parent$azure-native:{token}::{name}"

    def check(
        self,
        token: str,
        news: dict[str, Json],
        olds: dict[str, Json] | None = None,
        *,
        secrets: frozenset[Path] = frozenset(),
        seed: bytes = b"seed",
        **more: Any,
    ) -> tuple[Properties, dict[str, str]]:
        request = provider_pb2.CheckRequest(
            urn=self.urn(token),
            news=encode(Properties(news, secrets)),
            olds=encode(Properties(olds or {})),
            randomSeed=seed,
            **more,
        )
        response = self.stub.Check(request)
        return decode(response.inputs), {failure.property: failure.reason for failure in response.failures}

    def diff(
        self,
        token: str,
        old: dict[str, Json],
        new: dict[str, Json],
        outputs: dict[str, Json] | None = None,
        ignored: tuple[str, ...] = (),
    ) -> provider_pb2.DiffResponse:
        response: provider_pb2.DiffResponse = self.stub.Diff(
            provider_pb2.DiffRequest(
                urn=self.urn(token),
                old_inputs=encode(Properties(old)),
                news=encode(Properties(new)),
                olds=encode(Properties(outputs or {})),
                ignoreChanges=ignored,
            )
        )
        return response

    def create(
        self,
        token: str,
        inputs: dict[str, Json],
        *,
        preview: bool = False,
        secrets: frozenset[Path] = frozenset(),
        timeout: float = 0,
    ) -> tuple[str, Properties]:
        request = provider_pb2.CreateRequest(
            urn=self.urn(token), properties=encode(Properties(inputs, secrets)), preview=preview, timeout=timeout
        )
        response = self.stub.Create(request)
        return response.id, decode(response.properties)

    def read(
        self,
        token: str,
        resource_id: str,
        inputs: dict[str, Json] | None = None,
        outputs: dict[str, Json] | None = None,
    ) -> tuple[str, dict[str, Json], dict[str, Json]]:
        response = self.stub.Read(
            provider_pb2.ReadRequest(
                urn=self.urn(token),
                id=resource_id,
                inputs=encode(Properties(inputs or {})),
                properties=encode(Properties(outputs or {})),
            )
        )
        return response.id, decode(response.inputs).values, decode(response.properties).values

    def update(
        self,
        token: str,
        resource_id: str,
        old: dict[str, Json],
        new: dict[str, Json],
        outputs: dict[str, Json] | None = None,
        *,
        preview: bool = False,
    ) -> dict[str, Json]:
        response = self.stub.Update(
            provider_pb2.UpdateRequest(
                urn=self.urn(token),
                id=resource_id,
                old_inputs=encode(Properties(old)),
                news=encode(Properties(new)),
                olds=encode(Properties(outputs or {})),
                preview=preview,
            )
        )
        return decode(response.properties).values

    def delete(self, token: str, resource_id: str) -> None:
        self.stub.Delete(provider_pb2.DeleteRequest(urn=self.urn(token), id=resource_id))

    def invoke(self, token: str, args: dict[str, Json]) -> Properties:
        response = self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=encode(Properties(args))))
        return decode(getattr(response, "return"))

    def cancel(self) -> None:
        self.stub.Cancel(Empty())


def init_failure(error: grpc.RpcError) -> provider_pb2.ErrorResourceInitFailed | None:
    """Return what an error tells the engine to keep."""
    assert isinstance(error, grpc.Call)
    details: Any = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
    if details is None:
        return None
    kept = provider_pb2.ErrorResourceInitFailed()
    status_pb2.Status.FromString(details).details[0].Unpack(kept)
    return kept


def message(error: grpc.RpcError) -> str:
    """Return what the user would read."""
    assert isinstance(error, grpc.Call)
    return error.details() or ""
