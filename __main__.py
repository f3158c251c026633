"""The program: reads the stack's settings, builds the platform, exports its outputs."""

from pathlib import Path

import pulumi

from azure_ml_platform.outputs import PlatformOutputs
from azure_ml_platform.platform import Platform
from azure_ml_platform.settings import NAMESPACE, Settings

settings = Settings.load(pulumi.Config(NAMESPACE), root=Path(__file__).parent)
platform = Platform(settings.platform.workload, settings)
PlatformOutputs.export(platform)
