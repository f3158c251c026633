"""Puts the plugin where the engine looks for it."""

import shlex
from pathlib import Path

from local.arm.contracts.installed import installed_sdk

NAME = "azure-native"

_LAUNCHER = """\
#!/bin/sh
# -P: the engine starts plugins in the program's folder, whose files must not shadow modules.
exec {python} -P -m {module} "$@"
"""


def install(pulumi_home: Path, python: Path, module: str = "local.provider") -> None:
    """Write the plugin's folder below a `PULUMI_HOME`; files that are as they should be stay untouched.

    Args:
        pulumi_home: The folder that the engine's `PULUMI_HOME` names.
        python: The interpreter that has this project installed.
        module: The plugin's Python module.
    """
    version = installed_sdk()[1]
    folder = pulumi_home / "plugins" / f"resource-{NAME}-v{version}"
    folder.mkdir(parents=True, exist_ok=True)
    _write(
        folder / f"pulumi-resource-{NAME}", _LAUNCHER.format(python=shlex.quote(str(python)), module=module), mode=0o755
    )


def _write(file: Path, text: str, mode: int) -> None:
    if file.is_file() and file.read_text() == text and file.stat().st_mode & 0o777 == mode:
        return
    temporary = file.with_name(f".{file.name}")
    temporary.write_text(text)
    temporary.chmod(mode)
    temporary.replace(file)
