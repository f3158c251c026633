"""Online endpoints: a client that calls one all the time, its traffic, its metrics."""

import http.client
import ssl
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Condition, Thread
from urllib.parse import urlencode, urlsplit

from tests.integration.conftest import Checkout

API_VERSION = "2025-12-01"
ANSWERS_LIMIT_SECONDS = 60.0


@dataclass(frozen=True)
class Seen:
    """One answer."""

    status: int
    slot: str | None
    body: bytes


class Caller:
    """Sends one request after another on one connection, from entering to leaving a block."""

    def __init__(self, uri: str, headers: Mapping[str, str], body: bytes, context: ssl.SSLContext) -> None:
        self._address = urlsplit(uri)
        self._headers = {"Content-Type": "application/json", **headers}
        self._body = body
        self._context = context
        self._changed = Condition()
        self._ended = False
        self.seen: list[Seen] = []
        self._thread = Thread(target=self._run)

    def __enter__(self) -> "Caller":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self._thread.join()

    def next(self, number: int) -> list[Seen]:
        """The next so many answers to requests that are not sent yet."""
        with self._changed:
            first = len(self.seen) + 1  # the one before may be under way
            assert self._changed.wait_for(lambda: len(self.seen) >= first + number, ANSWERS_LIMIT_SECONDS)
            return self.seen[first : first + number]

    def _run(self) -> None:
        connection = http.client.HTTPSConnection(str(self._address.hostname), self._address.port, context=self._context)
        while not self._ended:
            connection.request("POST", self._address.path, self._body, self._headers)
            answer = connection.getresponse()
            seen = Seen(answer.status, answer.getheader("azureml-model-deployment"), answer.read())
            with self._changed:
                self.seen.append(seen)
                self._changed.notify_all()
        connection.close()


def slots(seen: list[Seen]) -> Counter[str | None]:
    """How often each slot answered."""
    return Counter(one.slot for one in seen)


def set_traffic(target: Checkout, endpoint_id: str, traffic: dict[str, int]) -> None:
    """Write the endpoint as it is, with other traffic: Resource Manager has no smaller change."""
    path = f"{endpoint_id}?api-version={API_VERSION}"
    endpoint = target.arm("GET", path)
    endpoint["properties"]["traffic"] = traffic
    target.arm("PUT", path, endpoint)


def states(target: Checkout, endpoint_id: str) -> dict[str, str]:
    """The provisioning state of each deployment."""
    listed = target.arm("GET", f"{endpoint_id}/deployments?api-version={API_VERSION}")["value"]
    return {item["name"]: item["properties"]["provisioningState"] for item in listed}


def metric_by_slot(target: Checkout, endpoint_id: str) -> dict[str, int]:
    """Requests of the last hour, as Azure Monitor tells them."""
    query = {
        "api-version": "2018-01-01",
        "metricnames": "RequestsPerMinute",
        "aggregation": "total",
        "$filter": "deployment eq '*'",
    }
    told = target.arm("GET", f"{endpoint_id}/providers/Microsoft.Insights/metrics?{urlencode(query)}")
    return {
        series["metadatavalues"][0]["value"]: sum(point.get("total", 0) for point in series["data"])
        for series in told["value"][0]["timeseries"]
    }
