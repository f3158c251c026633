"""The whole platform: the systems that a stack's settings switch on, joined."""

from azure_ml_platform.platform.platform import Platform

__all__ = ["Platform"]
