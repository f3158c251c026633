"""What only a local Azure has, below `/local/`; a bearer token is needed as for everything else.

| request | answer |
|---|---|
| `GET /local/status` | resources by type, operations by status, endpoints with traffic, what is behind data planes |
| `GET /local/clock` | `now`, `offset_seconds` |
| `POST /local/clock` `{"move_seconds": n}` | the same after moving on |
| `DELETE /local/clock` | the same after returning to the machine's time |
| `GET /local/faults` | the fault profile (members: `faults.FaultProfile`) |
| `PUT /local/faults` `{...}` | the profile with these members laid over it |
| `DELETE /local/faults` | the profile without any fault |
| `GET /local/quotas` | cores set by `family` or `region/family` (`quotas`) |
| `PUT /local/quotas` `{...}` | the same with these laid over it |
| `DELETE /local/quotas` | nothing set |
"""

from collections import Counter
from dataclasses import asdict
from datetime import timedelta

from local.arm import quotas
from local.arm.clock import timestamp
from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request, not_found
from local.arm.inference import ENDPOINT, Inference
from local.arm.manager import Manager
from local.arm.wire import Reply, Request

LONGEST_MOVE_SECONDS = 100 * 365 * 24 * 3600
DATA_PLANES = {
    "blob storage": "real (Azurite)",
    "online endpoint scoring": "real (Microsoft's inference server)",
    "token issuing": "imitated",
    "Databricks REST": "recorded",
    "Data Factory: runs of pipelines": "left out",
    "Key Vault secrets and keys": "imitated (who may, versions, deletion; no cryptography)",
    "container registry images": "left out",
    "metrics and metric alerts": "real for online endpoints, nothing is measured of the rest",
    "Log Analytics and Application Insights data": "left out",
    "compute clusters and instances": "left out",
    "batch endpoints and schedules: their jobs": "left out",
}
"""What stands behind the control plane, in the words of the status: real, imitated, recorded or left out."""


class Admin:
    """The administration of one endpoint."""

    def __init__(self, manager: Manager, inference: Inference) -> None:
        self._manager = manager
        self._inference = inference

    def answer(self, request: Request) -> Reply:
        """The reply to a request below `/local/`; raises ArmError for one that is none of the table's."""
        match request.method, request.path.rstrip("/"):
            case "GET", "/local/status":
                return Reply(200, self.status())
            case "GET", "/local/clock":
                return Reply(200, self._time())
            case "POST", "/local/clock":
                self._manager.cloud.clock.move(_seconds(request.document()))
                return Reply(200, self._time())
            case "DELETE", "/local/clock":
                self._manager.cloud.clock.reset()
                return Reply(200, self._time())
            case "GET", "/local/faults":
                return Reply(200, asdict(self._manager.faults.profile))
            case "PUT", "/local/faults":
                return Reply(200, asdict(self._manager.faults.set(request.document())))
            case "DELETE", "/local/faults":
                return Reply(200, asdict(self._manager.faults.set({})))
            case "GET", "/local/quotas":
                return Reply(200, quotas.limits(self._manager.cloud.store))
            case "PUT", "/local/quotas":
                return Reply(200, quotas.change(self._manager.cloud.store, request.document()))
            case "DELETE", "/local/quotas":
                return Reply(200, quotas.change(self._manager.cloud.store, {}))
        raise _unknown(request)

    def _time(self) -> Json:
        clock = self._manager.cloud.clock
        return {"now": timestamp(clock.now()), "offset_seconds": clock.offset.total_seconds()}

    def status(self) -> Json:
        """What runs and what is held, as `GET /local/status` answers."""
        store = self._manager.cloud.store
        types = {
            row["type"]: row["number"]
            for row in store.rows("SELECT type, COUNT(*) AS number FROM resources GROUP BY type")
        }
        deleted = {
            row["type"]: row["number"]
            for row in store.rows("SELECT type, COUNT(*) AS number FROM deleted GROUP BY type")
        }
        return {
            "url": self._manager.cloud.url,
            "clock": self._time(),
            "faults": asdict(self._manager.faults.profile),
            "resources": types,
            "soft_deleted": deleted,
            "operations": dict(Counter(operation.status for operation in self._manager.operations.all())),
            "endpoints": [self._inference.summary(endpoint) for endpoint in store.of_type(ENDPOINT)],
            "data_planes": {"Kubernetes clusters": self._kubernetes(), **DATA_PLANES},
        }

    def _kubernetes(self) -> str:
        version = self._manager.cloud.clusters.version
        return f"real (Kubernetes {version}), nodes imitated" if version else "left out (`make kubernetes` builds it)"


def _seconds(document: Json) -> timedelta:
    seconds = document.get("move_seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not abs(seconds) <= LONGEST_MOVE_SECONDS:
        message = (
            f"move_seconds is {seconds!r}; it must be a number of seconds, at most {LONGEST_MOVE_SECONDS} either way."
        )
        raise bad_request("InvalidClockMove", message, target="move_seconds")
    return timedelta(seconds=seconds)


def _unknown(request: Request) -> ArmError:
    return not_found(
        "NotFound",
        f"{request.method} {request.path} is none of the local routes: /local/status, /local/clock, /local/faults, "
        "/local/quotas.",
    )
