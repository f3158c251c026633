"""What each profile starts from: one table per profile. Stack files hold only what differs."""

from collections.abc import Mapping
from functools import cache

from azure_ml_platform.settings.profiles.defaults import Defaults
from azure_ml_platform.settings.profiles.dev import dev
from azure_ml_platform.settings.profiles.local import local
from azure_ml_platform.settings.profiles.prod import prod
from azure_ml_platform.vocabulary import Profile

__all__ = ["Defaults", "profile_defaults"]


@cache
def profile_defaults() -> Mapping[Profile, Defaults]:
    """The defaults of every profile."""
    development = dev()
    return {Profile.LOCAL: local(development), Profile.DEV: development, Profile.PROD: prod()}
