"""Bodies of online endpoints and deployments, and the assets that these run."""

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform


def endpoint_body(mode: str = "Key", **properties: object) -> Json:
    identity = {"type": "SystemAssigned"}
    return {"location": REGION, "identity": identity, "properties": {"authMode": mode, **properties}}


def deployment_body(endpoint: str, **properties: object) -> Json:
    workspace = endpoint.partition("/onlineEndpoints")[0]
    return {
        "location": REGION,
        "sku": {"name": "Default", "capacity": 1},
        "properties": {
            "endpointComputeType": "Managed",
            "instanceType": "Standard_DS3_v2",
            "model": f"{workspace}/models/wine/versions/1",
            "environmentId": f"{workspace}/environments/wine/versions/1",
            "codeConfiguration": {"codeId": f"{workspace}/codes/wine/versions/1", "scoringScript": "score.py"},
            **properties,
        },
    }


def make_assets(azure: Azure, parts: Platform) -> None:
    for kind, properties in (
        ("models", {"modelUri": "https://blobs/models/wine"}),
        ("codes", {"codeUri": "azureml://datastores/workspaceblobstore/paths/code/wine"}),
        ("environments", {"image": "mcr/base:1", "condaFile": "dependencies: []"}),
    ):
        azure.put(f"{parts.workspace}/{kind}/wine/versions/1", {"properties": properties})


def make_endpoint(azure: Azure, parts: Platform) -> str:
    """An online endpoint with the deployments blue, which has all traffic, and green."""
    make_assets(azure, parts)
    path = f"{parts.workspace}/onlineEndpoints/wine"
    azure.put(path, endpoint_body())
    for name in ("blue", "green"):
        azure.put(f"{path}/deployments/{name}", deployment_body(path))
    azure.put(path, endpoint_body(traffic={"blue": 100}))
    return path
