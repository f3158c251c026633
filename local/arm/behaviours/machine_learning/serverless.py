"""Serverless endpoints of models in the catalogue, and the capacity that is reserved for them.

Source: learn.microsoft.com/azure/machine-learning/how-to-deploy-models-serverless.
"""

import secrets
from dataclasses import replace

from local.arm.behaviours.machine_learning.endpoints import check_free
from local.arm.behaviours.machine_learning.kinds import WORKSPACE
from local.arm.documents import Json, reach
from local.arm.errors import bad_request
from local.arm.resource_types import Answer, Call, Change, NameRule, ResourceType

NAMES = NameRule(
    r"[A-Za-z][-A-Za-z0-9]{0,50}[A-Za-z0-9]", "2 to 52 letters, digits and '-', the first a letter, the last no '-'"
)
MODEL, MODE, SAFETY = "properties.modelSettings.modelId", "properties.authMode", "properties.contentSafety"
RESERVED = "properties.reservedCapacity"


def _check(change: Change) -> None:
    model = change.get(MODEL, "")
    if not model.startswith("azureml://registries/"):
        message = (
            f"{MODEL} is '{model}'; it must be a model of a registry, such as azureml://registries/azureml/models/…."
        )
        raise bad_request("BadRequest", message, target=MODEL)
    mode = change.get(MODE, "Key")
    if mode not in ("Key", "AAD"):
        raise bad_request("BadRequest", f"authMode is '{mode}'; it must be Key or AAD.", target=MODE)


def _complete(change: Change) -> Json:
    return {
        "properties": {
            "authMode": change.get(MODE, "Key"),
            "endpointState": "Online",
            "inferenceEndpoint": {"uri": f"https://{change.id.name}.{change.location}.models.ai.azure.com"},
            "contentSafety": {"contentSafetyStatus": change.get(f"{SAFETY}.contentSafetyStatus", "Enabled")},
        }
    }


def _secrets(change: Change) -> Json:
    present = change.current.private if change.current else {}
    return {name: present.get(name) or secrets.token_urlsafe(24) for name in ("primaryKey", "secondaryKey")}


def _list_keys(call: Call) -> Json:
    if call.resource.properties.get("authMode") != "Key":
        message = f"Endpoint '{call.resource.name}' is called with Microsoft Entra tokens; it has no keys."
        raise bad_request("BadRequest", message)
    return call.resource.private


def _regenerate(call: Call) -> Json:
    which = {"Primary": "primaryKey", "Secondary": "secondaryKey"}.get(str(reach(call.body, "keyType")))
    if which is None:
        message = f"keyType is {call.body.get('keyType')!r}; it must be Primary or Secondary."
        raise bad_request("BadRequest", message, target="keyType")
    private = {**call.resource.private, which: secrets.token_urlsafe(24)}
    call.cloud.store.put(replace(call.resource, private=private))
    return private


def _check_capacity(change: Change) -> None:
    capacity = change.get(RESERVED)
    if isinstance(capacity, bool) or not isinstance(capacity, int) or capacity < 1:
        raise bad_request(
            "BadRequest", f"{RESERVED} is {capacity!r}; it must be a whole number from 1.", target=RESERVED
        )


TYPES = (
    ResourceType(
        name=f"{WORKSPACE}/serverlessEndpoints",
        tracked=True,
        names=NAMES,
        system_data=True,
        immutable=(MODEL, MODE),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.LOCATION,
        checks=(check_free, _check),
        complete=_complete,
        secrets=_secrets,
        actions={"listkeys": _list_keys, "regeneratekeys": _regenerate},
    ),
    ResourceType(
        name="Microsoft.MachineLearningServices/capacityReservationGroups",
        tracked=True,
        names=NAMES,
        system_data=True,
        checks=(_check_capacity,),
    ),
)
