"""What can go wrong between the plugin and Azure Resource Manager, each in one sentence that names the way out."""

from dataclasses import dataclass

from local.arm.contracts import Json


class ProviderError(Exception):
    """Ends an operation; its text is what the user reads."""


class UnreachableError(ProviderError):
    """The request never left: nothing listens, or TLS failed."""


class UnansweredError(ProviderError):
    """The request was sent and the connection ended before the answer: Azure may or may not have acted on it."""


class CancelledError(ProviderError):
    """The engine asked to stop while something was awaited."""


class DeadlineError(ProviderError):
    """Azure was still working when the time for the operation ran out."""


@dataclass
class ArmError(ProviderError):
    """Azure's own refusal.

    `code`, `message` and `target` are those of ARM's error body; `method` and `path` say what was asked.
    """

    status: int
    code: str
    message: str
    target: str | None
    method: str
    path: str

    def __str__(self) -> str:
        target = f" (target: {self.target})" if self.target else ""
        return f"{self.code}: {self.message}{target} [{self.method} {self.path}, HTTP {self.status}]"


@dataclass
class InitFailedError(ProviderError):
    """The resource is there, or may be, but is not what was asked for: the engine has to own it."""

    id: str
    reason: str
    outputs: dict[str, Json]

    def __str__(self) -> str:
        return self.reason


def arm_error(status: int, body: Json, method: str, path: str) -> ArmError:
    """Return the error in an ARM answer: `{"error": {...}}`, or the error object itself; details are joined."""
    form = body.get("error", body) if isinstance(body, dict) else {}
    if not isinstance(form, dict):
        form = {}
    details = [
        f"{detail.get('code', 'Error')}: {detail.get('message', '')}"
        for detail in form.get("details") or []
        if isinstance(detail, dict)
    ]
    return ArmError(
        status=status,
        code=str(form.get("code") or f"HTTP{status}"),
        message="; ".join([str(form.get("message") or "Azure gave no reason"), *details]),
        target=form.get("target"),
        method=method,
        path=path,
    )
