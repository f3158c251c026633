"""`python -m bench.null_provider`: the azure-native plugin without an Azure; it judges, compares, and stores nothing.

What an update costs with it is the engine's, the program's and the protocol's own; the rest is the local Azure's.
"""

from typing import TYPE_CHECKING

from local.provider.__main__ import serve

if TYPE_CHECKING:
    from local.provider.server import Provider


def _null_provider() -> "type[Provider]":
    # Only now: the protocol is importable once `serve` has begun.
    import grpc
    from google.protobuf.empty_pb2 import Empty
    from pulumi.runtime.proto import provider_pb2

    from local.provider.server import Provider
    from local.provider.values import Properties, decode, encode

    class NullProvider(Provider):
        """Answers at once that what was asked for is there."""

        def Create(  # noqa: N802
            self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
        ) -> provider_pb2.CreateResponse:
            """Create nothing, and answer with the outputs that follow from the inputs."""
            inputs = decode(request.properties)
            contract = self._contract(request.urn)
            outputs = contract.to_outputs(contract.to_body(inputs.values)[0])
            return provider_pb2.CreateResponse(id=request.urn, properties=encode(Properties(outputs, inputs.secrets)))

        def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> Empty:  # noqa: N802
            """Delete nothing."""
            return Empty()

    return NullProvider


if __name__ == "__main__":
    serve(_null_provider)
