"""Follows an asynchronous ARM operation to its end.

The three styles of the Resource Manager's asynchronous contract: `Azure-AsyncOperation`, `Location`, and a resource
whose `provisioningState` is not final yet.
"""

from collections.abc import Callable

from local.arm.contracts import Json
from local.provider.client import Answer, ArmClient
from local.provider.errors import arm_error
from local.provider.waiting import Cancellation, Deadline

FINAL = frozenset({"succeeded", "failed", "canceled"})
PROGRESS_AFTER_SECONDS = 5.0
"""How long an operation may take before the user is told what is being waited for."""

_FIRST_WAIT_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 10.0

Progress = Callable[[str], None]


class Operations:
    """Waits for operations of one endpoint."""

    def __init__(self, client: ArmClient, stop: Cancellation) -> None:
        self._client = client
        self._stop = stop

    def finish(
        self, method: str, answer: Answer, path: str, api_version: str, *, deadline: Deadline, progress: Progress
    ) -> bool:
        """Return when the operation that an answer may have started is done; tells whether there was one.

        It is looked at once without waiting, then as often as Azure asks for, or ever more rarely, and last when
        the time is over.

        Args:
            method: What was asked for, `PUT` or `DELETE`.
            answer: The answer to it.
            path: The resource's id.
            api_version: ARM's API version.
            deadline: The time the operation may take.
            progress: Told now and then what is being waited for.

        Raises:
            ArmError: The operation failed, with Azure's reason.
            CancelledError: The engine cancelled.
            DeadlineError: The time is over.
        """
        look = self._look(answer, path, api_version)
        if look is None:
            return False
        wait = _FIRST_WAIT_SECONDS
        while True:
            state, seen = look()
            if state.casefold() in FINAL:
                if state.casefold() != "succeeded":
                    raise arm_error(seen.status, _reason(seen.body, state), method, path)
                return True
            deadline.check()
            if deadline.elapsed > PROGRESS_AFTER_SECONDS:
                progress(f"waiting for Azure: {state} after {deadline.elapsed:.0f} s")
            asked = wait if seen.retry_after is None else seen.retry_after
            self._stop.wait(min(asked, deadline.remaining))
            wait = min(wait * 1.5, _LONGEST_WAIT_SECONDS)

    def _look(self, answer: Answer, path: str, api_version: str) -> Callable[[], tuple[str, Answer]] | None:
        """Return what tells the operation's state, or None where it is already done."""
        status_url = answer.headers.get("Azure-AsyncOperation")
        location = answer.headers.get("Location")
        if status_url:
            return lambda: self._status(status_url)
        if answer.status == 202 and location:
            return lambda: self._location(location)
        if _state(answer.body).casefold() in FINAL:
            return None
        return lambda: self._resource(path, api_version)

    def _status(self, url: str) -> tuple[str, Answer]:
        answer = self._client.request("GET", url, None)
        return str((answer.body or {}).get("status", "Succeeded")), answer

    def _location(self, url: str) -> tuple[str, Answer]:
        answer = self._client.request("GET", url, None)
        return "InProgress" if answer.status == 202 else "Succeeded", answer

    def _resource(self, path: str, api_version: str) -> tuple[str, Answer]:
        answer = self._client.request("GET", path, api_version)
        return _state(answer.body), answer


def _state(body: Json) -> str:
    """Return a resource's `provisioningState`; one without it is done."""
    properties = body.get("properties") if isinstance(body, dict) else None
    state = properties.get("provisioningState") if isinstance(properties, dict) else None
    return str(state or "Succeeded")


def _reason(body: Json, state: str) -> Json:
    if isinstance(body, dict) and body.get("error"):
        return body
    return {"code": f"Operation{state}", "message": f"the operation ended as {state}; Azure gave no reason"}
