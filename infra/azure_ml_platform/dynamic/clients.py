"""Loads Azure's client libraries into a provider's process."""

from importlib import import_module
from threading import Lock

_CORE = ("azure.core.pipeline.policies", "azure.core.rest", "azure.identity")
BLOB = "azure.storage.blob"

_LOADING = Lock()


def load(*more: str) -> None:
    """Import what every provider uses of azure-core and azure-identity, and `more`, in one thread at a time.

    The engine asks for many resources at once, and the libraries' modules import each other in circles: threads that
    enter such a circle at different places are taken for a deadlock (`_DeadlockError`) or find modules half made.
    """
    with _LOADING:
        for module in (*_CORE, *more):
            import_module(module)
