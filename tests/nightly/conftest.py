"""The local target that others' clients are driven against."""

from tests.integration.conftest import local_target

__all__ = ["local_target"]
