"""Requests to a server of ours on this machine, standard library only."""

import http.client
import json
import ssl
from pathlib import Path
from typing import Any

ADDRESS = "127.0.0.1"
TIMEOUT_SECONDS = 5
"""How long one answer may take; the server is on this machine and does its long work elsewhere."""


def request(port: int, ca: Path, token: str, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Status and decoded body of one request; raises OSError when nobody with a certificate of `ca` answers."""
    context = ssl.create_default_context(cafile=str(ca))
    connection = http.client.HTTPSConnection(ADDRESS, port, timeout=TIMEOUT_SECONDS, context=context)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
    try:
        return response.status, json.loads(text) if text else None
    except ValueError:
        return response.status, text.decode(errors="replace")
