"""Completes a program's inputs and judges them: what the engine asks of `Check`."""

from collections.abc import Mapping

from local.arm.contracts import API_VERSION, UNKNOWN, Contract, Json, Problem
from local.provider import naming
from local.provider.client import ArmClient
from local.provider.naming import Autonaming

GROUP_API_VERSION = "2024-03-01"
LOCATION = "location"


class Preparation:
    """Completes inputs with names, location and API version."""

    def __init__(self, client: ArmClient, subscription_id: str, default_location: str | None) -> None:
        self._client = client
        self._subscription_id = subscription_id
        self._default_location = default_location

    def complete(
        self,
        contract: Contract,
        inputs: Mapping[str, Json],
        old_inputs: dict[str, Json],
        *,
        logical_name: str,
        seed: bytes,
        autonaming: Autonaming | None,
    ) -> dict[str, Json]:
        """Return the inputs with what the program may leave to the provider.

        Args:
            contract: The resource type.
            inputs: The program's inputs.
            old_inputs: The inputs in the state; names and location stay what they were.
            logical_name: The resource's name in the program.
            seed: The engine's random seed for this resource.
            autonaming: The engine's auto-naming configuration, if any.
        """
        complete = {name: value for name, value in inputs.items() if value is not None}
        complete |= naming.name(contract, complete, old_inputs, logical_name, seed, autonaming)
        located = LOCATION in contract.inputs and complete.get(LOCATION) is None
        if located and (location := self._location(contract, complete, old_inputs)) is not None:
            complete[LOCATION] = location
        return complete | {API_VERSION: contract.api_version}

    def problems(self, contract: Contract, inputs: dict[str, Json]) -> list[Problem]:
        """Return all that is wrong with complete inputs."""
        return [self._with_hint(problem) for problem in contract.check_inputs(inputs)]

    @staticmethod
    def _with_hint(problem: Problem) -> Problem:
        if problem.path != LOCATION or problem.reason != "is required":
            return problem
        return Problem(LOCATION, "is required; set it for all resources with `pulumi config set azure-native:location`")

    def _location(self, contract: Contract, inputs: dict[str, Json], old_inputs: dict[str, Json]) -> Json:
        old = old_inputs.get(LOCATION)
        if old is not None or self._default_location is not None:
            return old or self._default_location
        group = inputs.get("resourceGroupName")
        return self._group_location(group) if contract.scope == "resource_group" and group is not None else None

    def _group_location(self, group: Json) -> Json:
        """Return the location of a resource group, `UNKNOWN` while it does not exist."""
        if group is UNKNOWN:
            return UNKNOWN
        answer = self._client.get(f"/subscriptions/{self._subscription_id}/resourceGroups/{group}", GROUP_API_VERSION)
        return UNKNOWN if answer is None else answer.body["location"]
