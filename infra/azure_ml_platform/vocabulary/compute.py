"""Machines of the workspace."""

from typing import Annotated

from azure_ml_platform import parsing
from azure_ml_platform.catalog.vm_sizes import VM_SIZES
from azure_ml_platform.constraints import Text

ClusterName = Annotated[
    str,
    Text(
        "a name of 3 to 24 lower-case letters, digits and single hyphens that starts with a letter",
        "cpu-cluster",
        r"(?=.{3,24}$)[a-z](-?[a-z0-9])*",
    ),
]
"""Name of a compute cluster in its workspace (Microsoft.MachineLearningServices/workspaces/computes)."""

InstanceName = Annotated[
    str,
    Text(
        "a name of 3 to 24 lower-case letters, digits and single hyphens that starts with a letter and does not end "
        "with a hyphen and digits",
        "ci-jane",
        r"(?=.{3,24}$)(?!.*-[0-9]+$)[a-z](-?[a-z0-9])*",
    ),
]
"""Name of a compute instance, unique in its region (Microsoft.MachineLearningServices/workspaces/computes)."""

VmFamily = Annotated[
    str,
    Text(
        "a family of virtual machine sizes of the catalog",
        "standardDSv2Family",
        choices=tuple(sorted({size.family for size in VM_SIZES.values() if not size.retired})),
        parse=parsing.vm_family,
    ),
]
"""Family of sizes that share a quota."""

VmSize = Annotated[
    str,
    Text(
        "a virtual machine size of the catalog",
        parsing.VM_SIZE,
        parse=parsing.vm_size,
        choices=tuple(size.name for size in VM_SIZES.values() if not size.retired),
    ),
]
"""A virtual machine size that Azure still offers."""
