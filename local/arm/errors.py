"""Refusals in Azure Resource Manager's words: an HTTP status, a code that clients branch on, a message for people."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any


class ArmError(Exception):
    """A request that Azure would refuse; the wire turns it into `{"error": {...}}`."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        target: str | None = None,
        details: Sequence["ArmError"] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.target = target
        self.details = tuple(details)
        self.headers = headers or {}

    def as_json(self) -> dict[str, Any]:
        """The error object, without the envelope."""
        described: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.target is not None:
            described["target"] = self.target
        if self.details:
            described["details"] = [detail.as_json() for detail in self.details]
        return described


def bad_request(code: str, message: str, *, target: str | None = None, details: Sequence[ArmError] = ()) -> ArmError:
    """400: the request itself is wrong."""
    return ArmError(HTTPStatus.BAD_REQUEST, code, message, target=target, details=details)


def conflict(code: str, message: str) -> ArmError:
    """409: the request is right, the state of the resource forbids it."""
    return ArmError(HTTPStatus.CONFLICT, code, message)


def not_found(code: str, message: str) -> ArmError:
    """404."""
    return ArmError(HTTPStatus.NOT_FOUND, code, message)


def invalid_content(message: str) -> ArmError:
    """400: the body is not a JSON object that Azure could read."""
    return bad_request(
        "InvalidRequestContent", f"The request content was invalid and could not be deserialized: {message}"
    )
