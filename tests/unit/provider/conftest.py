"""The provider in this process, with a small Resource Manager behind it."""

from collections.abc import Iterator

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2_grpc

from local.arm.contracts import Contracts
from local.provider.client import ArmClient
from local.provider.server import Provider, start
from local.provider.waiting import Cancellation
from tests.unit.provider.arm_double import ArmDouble
from tests.unit.provider.engine_double import GROUP, SUBSCRIPTION, Engine


@pytest.fixture(scope="session")
def contracts() -> Contracts:
    return Contracts.load()


@pytest.fixture
def arm() -> Iterator[ArmDouble]:
    double = ArmDouble()
    double.resources[GROUP] = {"id": GROUP, "name": "rg", "location": "westeurope"}
    yield double
    double.close()


@pytest.fixture
def engine(arm: ArmDouble, contracts: Contracts) -> Iterator[Engine]:
    stop = Cancellation()
    provider = Provider(contracts, stop)
    client = ArmClient(arm.url, f"{arm.url}/identity/token", "header", None, stop, first_wait_seconds=0.01)
    provider.use(client, SUBSCRIPTION, None)
    server, port = start(provider)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Engine(provider_pb2_grpc.ResourceProviderStub(channel))
    server.stop(None)
