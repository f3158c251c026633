"""Where the engine keeps the state of a stack when its backend is a folder."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from ops.target import Target


def folder(target: Target) -> Path | None:
    """The engine's own folder inside the backend; None for every other kind of backend."""
    backend = target.environment.get("PULUMI_BACKEND_URL", "")
    if not backend.startswith("file:"):
        return None
    return Path(unquote(urlsplit(backend).path)).expanduser() / ".pulumi"
