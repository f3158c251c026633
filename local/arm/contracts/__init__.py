"""What each resource type's contract with Azure Resource Manager is: id, placement, types, limits, immutability.

What the installed azure-native SDK knows is read from its source and cached per version; what it does not know is
data in `rows/`. The endpoint judges bodies with it, the provider translates with it; neither imports the SDK.
"""

from local.arm.contracts.check import Problem
from local.arm.contracts.contract import API_VERSION, INTERNAL, Action, Contract, Contracts, DataPlane
from local.arm.contracts.shapes import UNKNOWN, Json

__all__ = ["API_VERSION", "INTERNAL", "UNKNOWN", "Action", "Contract", "Contracts", "DataPlane", "Json", "Problem"]
