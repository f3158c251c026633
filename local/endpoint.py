"""A client of the endpoint, for the commands of `python -m local`; standard library only, so they start at once."""

import http.client
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local import loopback
from local.errors import LocalError
from local.paths import Paths


@dataclass(frozen=True)
class Endpoint:
    """The endpoint as its own file describes it; whether it still answers is another question."""

    url: str
    token: str
    ca: Path
    subscription_id: str
    tenant_id: str
    identity_header: str
    """What a client shows to the managed identity route (`IDENTITY_HEADER`)."""
    code: str
    """The fingerprint of the code that its process runs."""

    @classmethod
    def read(cls, paths: Paths) -> "Endpoint | None":
        """The endpoint that last answered in this checkout, None if there was none."""
        try:
            facts = json.loads(paths.arm.read_text(encoding="utf-8"))
            return cls(
                url=facts["endpoint"],
                token=facts["token"],
                ca=Path(facts["ca"]),
                subscription_id=facts["subscription_id"],
                tenant_id=facts["tenant_id"],
                identity_header=facts["identity_header"],
                code=facts.get("code", ""),
            )
        except (FileNotFoundError, ValueError, KeyError):
            return None

    @property
    def authority(self) -> str:
        """Host and port."""
        return urlsplit(self.url).netloc

    @property
    def port(self) -> int:
        """The port it listens on."""
        return urlsplit(self.url).port or 443

    def request(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Status and decoded body of one request; raises OSError when nobody with our certificate answers."""
        return loopback.request(self.port, self.ca, self.token, method, path, body)

    def answers(self) -> bool:
        """Whether this very endpoint answers now: whoever else listens on its port lacks its certificate."""
        try:
            status, _ = self.request("GET", "/metadata/endpoints?api-version=2022-09-01")
        except OSError:
            return False
        return status == http.client.OK

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The decoded body of an answer that is a success; raises LocalError with the endpoint's own sentence."""
        try:
            status, answer = self.request(method, path, body)
        except OSError as error:
            message = f"the endpoint at {self.url} does not answer ({error}); start it with `python -m local start`"
            raise LocalError(message) from error
        if status >= http.client.BAD_REQUEST:
            raise LocalError(_sentence(answer) or f"{method} {path} answered {status}")
        return answer


def _sentence(answer: object) -> str:
    if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
        return str(answer["error"].get("message", ""))
    return answer if isinstance(answer, str) else ""
