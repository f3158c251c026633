"""Functions of the SDK: the caller's identity, resources read by name, and `POST` actions."""

import base64
import json

from local.arm.contracts import Contract, Contracts, Json
from local.provider.client import ArmClient
from local.provider.errors import ProviderError
from local.provider.lifecycle import Lifecycle
from local.provider.values import Properties


class Functions:
    """Answers invokes in one subscription."""

    def __init__(self, client: ArmClient, lifecycle: Lifecycle, contracts: Contracts, subscription_id: str) -> None:
        self._client = client
        self._lifecycle = lifecycle
        self._subscription_id = subscription_id
        self._getters = {_function(contract, f"get{_name(contract)}"): contract for contract in contracts}
        self._actions = {
            _function(contract, name): (contract, action)
            for contract in contracts
            for name, action in contract.actions.items()
        }

    def call(self, token: str, args: dict[str, Json]) -> Properties:
        """Return what a function gives; `ProviderError` for one that is not covered."""
        if token == "azure-native:authorization:getClientConfig":  # noqa: S105  # a function's token
            return Properties(self._client_config())
        if token == "azure-native:authorization:getClientToken":  # noqa: S105
            audience = args.get("endpoint")
            bearer = self._client.token(audience) if audience else self._client.token()
            return Properties({"token": bearer}, frozenset({("token",)}))
        if token in self._actions:
            return self._act(token, args)
        if token in self._getters:
            return self._get(self._getters[token], args)
        raise ProviderError(f"the function {token} is not among those that the local Azure covers")

    def _client_config(self) -> dict[str, Json]:
        payload = self._client.token().split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return {
            "clientId": claims.get("appid", ""),
            "objectId": claims.get("oid", ""),
            "subscriptionId": self._subscription_id,
            "tenantId": claims.get("tid", ""),
        }

    def _get(self, contract: Contract, args: dict[str, Json]) -> Properties:
        resource_id = self._id(contract, args)
        state = self._lifecycle.read(contract, resource_id)
        if state is None:
            raise ProviderError(f"there is no {contract.arm_type} '{resource_id}'")
        secrets = frozenset(tuple(path.split(".")) for path in contract.secret_outputs)
        return Properties({**state.outputs, "id": state.id}, secrets)

    def _act(self, token: str, args: dict[str, Json]) -> Properties:
        """`POST` an action; all it answers is secret, for actions are there to hand out keys and tokens."""
        contract, action = self._actions[token]
        query = {action.query[name]: value for name, value in args.items() if name in action.query}
        body = {
            name: value
            for name, value in args.items()
            if name not in action.query and name not in contract.path_inputs and value is not None
        }
        path = f"{self._id(contract, args)}/{action.segment}"
        answer = self._client.request("POST", path, contract.api_version, query=query, body=body)
        values = answer.body if isinstance(answer.body, dict) else {"value": answer.body}
        return Properties(values, frozenset((name,) for name in values))

    def _id(self, contract: Contract, args: dict[str, Json]) -> str:
        missing = [name for name in contract.path_inputs if args.get(name) is None]
        if missing:
            raise ProviderError(f"{contract.arm_type}: {', '.join(missing)} missing among the arguments")
        return contract.resource_id(args, self._subscription_id)


def _name(contract: Contract) -> str:
    return contract.token.rpartition(":")[2]


def _function(contract: Contract, name: str) -> str:
    return f"{contract.token.rpartition(':')[0]}:{name}"
