"""What stands behind the control plane."""

from local.arm.admin import DATA_PLANES
from tools.local_azure.markdown import table as markdown_table


def table() -> str:
    """One row for each, in the words of `python -m local status`."""
    clusters = ("Kubernetes clusters", "real, nodes imitated, once `make kubernetes` has built one; else left out")
    return markdown_table(("data plane", "here"), [clusters, *DATA_PLANES.items()])
