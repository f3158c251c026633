"""Online deployments as processes behind their scoring URIs, under Microsoft's inference server."""

from local.serving.environment import build_environment
from local.serving.server import Server

__all__ = ["Server", "build_environment"]
