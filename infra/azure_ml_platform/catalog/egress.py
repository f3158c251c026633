"""Host names that compute in a closed network has to reach, by what it reaches them for.

Sources, read 2026-11: learn.microsoft.com/azure/machine-learning/how-to-managed-network ("Scenario: Access public
machine learning packages", "Scenario: Use HuggingFace models", "Scenario: Use Visual Studio Code").
"""

from collections.abc import Mapping
from enum import StrEnum


class Purpose(StrEnum):
    """Why compute calls a host outside of Azure."""

    CONDA = "conda"
    """Conda's public channels."""
    DEEP_LEARNING = "deep-learning"
    """Packages and examples of PyTorch and TensorFlow."""
    MODEL_HUB = "model-hub"
    """Models and images of the public model hub."""
    VISUAL_STUDIO_CODE = "visual-studio-code"
    """Visual Studio Code on compute instances."""


HOSTS: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.CONDA: ("anaconda.com", "*.anaconda.com", "*.anaconda.org"),
    Purpose.DEEP_LEARNING: ("pytorch.org", "*.pytorch.org", "*.tensorflow.org"),
    Purpose.MODEL_HUB: (
        "docker.io",
        "*.docker.io",
        "*.docker.com",
        "production.cloudflare.docker.com",
        "cdn.auth0.com",
        "cdn-lfs.huggingface.co",
    ),
    Purpose.VISUAL_STUDIO_CODE: (
        "*.vscode.dev",
        "*.gallerycdn.vsassets.io",
        "raw.githubusercontent.com",
        "*.vscode-unpkg.net",
        "*.vscode-cdn.net",
        "*.vscodeexperiments.azureedge.net",
        "default.exp-tas.com",
        "code.visualstudio.com",
        "update.code.visualstudio.com",
        "*.vo.msecnd.net",
        "marketplace.visualstudio.com",
        "vscode.download.prss.microsoft.com",
    ),
}
"""Hosts of each purpose; a rule for each makes Azure put a firewall into the network, billed by the hour."""


def rule_name(purpose: Purpose, host: str) -> str:
    """Name of the outbound rule that opens `host`: letters, digits and hyphens."""
    return f"{purpose}-{host.replace('*.', 'any-').replace('.', '-')}"
