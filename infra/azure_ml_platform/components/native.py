"""A resource of the azure-native provider without its generated class.

Where a namespace's classes cost more to load than those of all other systems together, its resources are asked for by
type token: provider, checks and diffs are the same, the names of the inputs are those of the provider's schema.
"""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import pulumi


class Native(pulumi.CustomResource):
    """One resource, from plain inputs."""

    name: pulumi.Output[str]
    """Name of the resource."""

    def __init__(self, token: str, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        """Register it; `token` is `<module>:<Type>`, `inputs` are as the provider's schema has them."""
        # The version of the SDK's own classes, so that one process of the provider serves both.
        sdk = pulumi.ResourceOptions(version=version("pulumi-azure-native"))
        props = {**inputs, "name": None}
        super().__init__(f"azure-native:{token}", name, props, pulumi.ResourceOptions.merge(sdk, opts))
