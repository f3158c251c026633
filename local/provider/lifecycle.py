"""Creates, reads, updates and deletes resources.

The recovery contract: whatever Azure has, or may have, because of a request of ours ends up in the engine's state. A
creation whose answer is lost is settled by a look at the resource; one that fails after Azure accepted it is reported
with what is there (`InitFailedError`), so that the next update mends it and a deletion finds it.
"""

from dataclasses import dataclass

from local.arm.contracts import Contract, DataPlane, Json
from local.provider.client import Answer, ArmClient
from local.provider.errors import ArmError, InitFailedError, ProviderError, UnansweredError
from local.provider.nested import pick, put
from local.provider.operations import Operations, Progress
from local.provider.waiting import Deadline


@dataclass(frozen=True)
class Request:
    """One operation on one resource."""

    contract: Contract
    deadline: Deadline
    progress: Progress


@dataclass(frozen=True)
class State:
    """A resource as it is: its id, and its body as SDK outputs."""

    id: str
    outputs: dict[str, Json]


class Lifecycle:
    """Operations on the resources of one subscription."""

    def __init__(self, client: ArmClient, operations: Operations, subscription_id: str) -> None:
        self._client = client
        self._operations = operations
        self._subscription_id = subscription_id

    def create(self, request: Request, inputs: dict[str, Json]) -> State:
        """Create a resource and return it.

        Raises:
            InitFailedError: It exists, or may exist, though the creation failed.
            ProviderError: Nothing was created.
        """
        contract = request.contract
        for path, value in contract.kept.items():
            if pick(inputs, path) is None:
                inputs = put(inputs, path, value)
        resource_id = contract.resource_id(inputs, self._subscription_id)
        if not contract.singleton and (existing := self._client.get(resource_id, contract.api_version)):
            raise ProviderError(_already_exists(contract, existing.body.get("id", resource_id)))
        try:
            answer = self._put_anew(contract, resource_id, inputs)
        except ArmError as error:
            if error.status >= 500:  # a refusal leaves nothing behind, a fault of Azure's may
                self._own(contract, resource_id, error)
            raise
        return self._finished(request, _given_id(answer, resource_id), answer)

    def update(self, request: Request, resource_id: str, inputs: dict[str, Json], old_inputs: dict[str, Json]) -> State:
        """Change a resource to what the inputs say and return it.

        Raises:
            InitFailedError: Azure accepted the change and failed to carry it out.
            ProviderError: Nothing changed, or sending the same again is safe.
        """
        contract = request.contract
        inputs = self._with_kept(contract, resource_id, inputs)
        for name, value in contract.reset.items():
            if inputs.get(name) is None and old_inputs.get(name) is not None:
                inputs = {**inputs, name: value}
        try:
            answer = self._put(contract, resource_id, inputs)
        except UnansweredError as lost:
            raise ProviderError(f"{lost}; run the same command again, the change can be sent twice") from lost
        return self._finished(request, resource_id, answer)

    def read(self, contract: Contract, resource_id: str) -> State | None:
        """Return a resource, or None where there is none."""
        answer = self._client.get(resource_id, contract.api_version)
        if answer is None or not isinstance(answer.body, dict):
            return None
        return self._state(contract, answer, resource_id)

    def delete(self, request: Request, resource_id: str) -> None:
        """Delete a resource, or set a singleton back to its default; one that is gone already is no error."""
        contract = request.contract
        if contract.singleton and contract.default_body is None:
            return
        method = "PUT" if contract.singleton else "DELETE"
        try:
            if contract.delete_at is not None:
                self._delete_at(contract.delete_at, contract, resource_id)
                return
            headers = self._condition(contract, resource_id) if contract.conditional_delete else {}
            answer = self._client.request(
                method, resource_id, contract.api_version, body=contract.default_body, headers=headers
            )
            if answer.status != 204:
                self._wait(method, request, resource_id, answer)
        except ArmError as error:
            if error.status != 404:
                raise

    def _condition(self, contract: Contract, resource_id: str) -> dict[str, str]:
        """Return the header that names the version of a resource as it is now; `*` where there is none."""
        answer = self._client.get(resource_id, contract.api_version)
        return {"If-Match": answer.headers.get("ETag", "*") if answer else "*"}

    def _delete_at(self, place: DataPlane, contract: Contract, resource_id: str) -> None:
        """Delete a resource at its data plane."""
        state = self.read(contract, resource_id)
        if state is not None:
            address = str(pick(state.outputs, place.address))
            self._client.request("DELETE", address, place.api_version, audience=place.audience)

    def _put(self, contract: Contract, resource_id: str, inputs: dict[str, Json]) -> Answer:
        body, query = contract.to_body(inputs)
        return self._client.request("PUT", resource_id, contract.api_version, query=query, body=body)

    def _put_anew(self, contract: Contract, resource_id: str, inputs: dict[str, Json]) -> Answer:
        """Send a creation; when its answer is lost, look whether it arrived, and send it again if it did not."""
        try:
            return self._put(contract, resource_id, inputs)
        except UnansweredError as lost:
            self._own(contract, resource_id, lost)
        try:
            return self._put(contract, resource_id, inputs)
        except UnansweredError as lost:
            self._own(contract, resource_id, lost)
            raise

    def _finished(self, request: Request, resource_id: str, answer: Answer) -> State:
        """Wait for an accepted `PUT` and return the resource that came of it.

        Where Azure was done at once its answer is the resource (Azure Resource Manager's contract for `PUT`).
        """
        try:
            waited = self._wait("PUT", request, resource_id, answer)
            at_once = isinstance(answer.body, dict) and "id" in answer.body and not waited
            state = (
                self._state(request.contract, answer, resource_id)
                if at_once
                else self.read(request.contract, resource_id)
            )
        except ProviderError as error:
            self._own(request.contract, resource_id, error)
            raise
        if state is None:
            raise ProviderError(f"Azure accepted {resource_id} and does not have it; run the same command again")
        return state

    @staticmethod
    def _state(contract: Contract, answer: Answer, resource_id: str) -> State:
        return State(answer.body.get("id") or resource_id, contract.to_outputs(answer.body))

    def _wait(self, method: str, request: Request, resource_id: str, answer: Answer) -> bool:
        return self._operations.finish(
            method,
            answer,
            resource_id,
            request.contract.api_version,
            deadline=request.deadline,
            progress=request.progress,
        )

    def _own(self, contract: Contract, resource_id: str, error: ProviderError) -> None:
        """Raise `InitFailedError` for an error, unless Azure says that there is nothing to own."""
        try:
            state = self.read(contract, resource_id)
        except ProviderError:
            reason = (
                f"{error}; whether {resource_id} exists is not known until Azure answers: run the same command again"
            )
            raise InitFailedError(resource_id, reason, {}) from error
        if state is not None:
            reason = f"{error}; {state.id} exists and is kept in the state: run the same command again"
            raise InitFailedError(state.id, reason, state.outputs) from error

    def _with_kept(self, contract: Contract, resource_id: str, inputs: dict[str, Json]) -> dict[str, Json]:
        """Return the inputs with what is managed apart as it is now, where the program does not speak of it."""
        unspoken = [path for path in contract.kept if pick(inputs, path) is None]
        state = self.read(contract, resource_id) if unspoken else None
        if state is None:
            return inputs
        current = contract.inputs_of(resource_id, state.outputs)
        for path in unspoken:
            inputs = put(inputs, path, pick(current, path) or contract.kept[path])
        return inputs


def _given_id(answer: Answer, resource_id: str) -> str:
    """Return the id that Azure gave a resource, which for a few types is not the one that was asked for."""
    given = answer.body.get("id") if isinstance(answer.body, dict) else None
    return given if isinstance(given, str) and given.startswith("/") else resource_id


def _already_exists(contract: Contract, resource_id: str) -> str:
    return (
        f"cannot create already existing resource '{resource_id}'; bring it into the stack with "
        f"`pulumi import {contract.token} <name> {resource_id}`, or delete it"
    )
