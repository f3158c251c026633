"""What the local Azure adds to an update: 200 resources, against the same program on a plugin that stores nothing."""

import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.timing import ROOT, seconds
from local.provider.install import install

RUNS = 3

_PROGRAM = """
import pulumi
from pulumi_azure_native import managedidentity, network, operationalinsights, resources

GROUP = "rg-bench"
group = resources.ResourceGroup("rg", resource_group_name=GROUP, location="westeurope")
inside = {"resource_group_name": GROUP, "location": "westeurope", "tags": {"owner": "bench"}}
after = pulumi.ResourceOptions(depends_on=[group])
for n in range(99):
    managedidentity.UserAssignedIdentity(f"id-{n}", resource_name_=f"id-bench-{n}", **inside, opts=after)
for n in range(50):
    operationalinsights.Workspace(f"log-{n}", workspace_name=f"log-bench-{n}", **inside, opts=after)
for n in range(50):
    rule = {
        "name": "deny", "priority": 100, "direction": "Inbound", "access": "Deny", "protocol": "*",
        "source_address_prefix": "*", "source_port_range": "*",
        "destination_address_prefix": "*", "destination_port_range": "*",
    }
    network.NetworkSecurityGroup(
        f"nsg-{n}", network_security_group_name=f"nsg-bench-{n}", security_rules=[rule], **inside, opts=after
    )
"""


def provider_cost() -> dict[str, float]:
    """Seconds of `pulumi up` of 200 resources from nothing, on the local Azure and on a plugin that stores nothing."""
    times: dict[str, list[float]] = {"local.provider": [], "bench.null_provider": []}
    with tempfile.TemporaryDirectory() as folder:
        pulumi = {module: _project(Path(folder, module), module) for module in times}
        for _ in range(RUNS):
            for module, command in pulumi.items():
                times[module].append(seconds((*command, "up", "--yes", "--skip-preview", "--suppress-outputs")))
                seconds((*command, "destroy", "--yes", "--skip-preview"))
    azure, null = (statistics.median(times[module]) for module in times)
    return {"up_200_s": round(azure, 2), "up_200_null_s": round(null, 2), "up_200_ratio": round(azure / null, 2)}


def _project(folder: Path, module: str) -> Sequence[str]:
    """Make a project and the plugin that it runs with; returns how to call the engine on it."""
    (folder / "state").mkdir(parents=True)
    options = f"runtime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\n"
    (folder / "Pulumi.yaml").write_text(f"name: bench\n{options}")
    (folder / "__main__.py").write_text(_PROGRAM)
    install(folder / "home", Path(sys.executable), module)
    # The plugin's module is not installed: the launcher runs with -P, which leaves PYTHONPATH alone.
    variables = (
        f"PULUMI_HOME={folder / 'home'}",
        f"PULUMI_BACKEND_URL=file://{folder / 'state'}",
        f"PYTHONPATH={ROOT}",
    )
    pulumi = (sys.executable, "-m", "local", "run", "--stack", "local", "--", "env", *variables, "pulumi")
    command = (*pulumi, "-C", str(folder), "--non-interactive")
    seconds((*command, "stack", "init", "bench"))
    return command
