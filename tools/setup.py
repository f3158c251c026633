"""Makes `.venv` from the lock files; runs on the standard library alone, before anything is installed.

    python3 tools/setup.py            what the product needs
    python3 tools/setup.py --dev      what `make test` and `make check` need as well
    python3 tools/setup.py --clients  Microsoft's own clients, in an environment of their own
    python3 tools/setup.py --azure-cli  the Azure CLI, in an environment of its own

Every failure ends in one sentence with the way out. The syntax stays old enough for a Python that is too old to say so.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OLDEST = (3, 11)
NEEDED_GIB = 3

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CLIENTS = ROOT / ".local" / "clients"
AZURE_CLI = ROOT / ".local" / "azure-cli"


class SetupError(Exception):
    """A failure in one sentence that names the way out."""


def check_machine() -> None:
    """Refuse a Python that is too old and a disk that is too full before anything is written."""
    if sys.version_info < OLDEST:
        raise SetupError(
            f"Python {dotted(sys.version_info[:2])} is too old: {dotted(OLDEST)} or newer is needed; "
            f"name one with `make PYTHON=/path/to/python{dotted(OLDEST)} …`."
        )
    free = shutil.disk_usage(ROOT).free / 2**30
    if free < NEEDED_GIB:
        raise SetupError(
            f"{free:.1f} GiB are free at {ROOT} and {NEEDED_GIB} GiB are needed: make room, or check the project out "
            "on a larger disk."
        )


def dotted(version: "tuple[int, int]") -> str:
    """The first two parts of a version."""
    return f"{version[0]}.{version[1]}"


def say(progress: str) -> None:
    """Tell what takes long, before it begins."""
    sys.stdout.write(progress + "\n")
    sys.stdout.flush()


def run(command: "list[str]", doing: str, environment: "dict[str, str] | None" = None) -> None:
    """Run one command quietly; its output is shown only when it fails."""
    done = subprocess.run(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != 0:
        raise SetupError(explain(doing, done.stdout))


def explain(doing: str, output: str) -> str:
    """One sentence for a failed command, from the last thing that it said."""
    said = [line.strip() for line in output.splitlines() if line.strip() and not line.startswith("[notice]")]
    errors = [line for line in said if line.lower().startswith("error")]
    last = (errors or said or ["it said nothing"])[-1]
    if "No space left on device" in output:
        return f"The disk is full ({doing}): make room and run the same command again."
    if re.search(r"403|404|[Cc]onnect|resolve|timed out|[Cc]ertificate|SSL|No matching distribution", output):
        return (
            f"A download was refused ({doing}): {last} — check the network, or name your package index with "
            "PIP_INDEX_URL and your authority with PIP_CERT, and run the same command again."
        )
    return f"{doing} failed: {last}"


def make_environment(venv: Path) -> Path:
    """Create the virtual environment `venv`, or mend one whose interpreter is gone."""
    python = venv / "bin" / "python"
    if python.exists() and subprocess.run([str(python), "-c", ""], stderr=subprocess.DEVNULL).returncode == 0:
        return python
    say(f"Making {venv.relative_to(ROOT)} with Python {dotted(sys.version_info[:2])} …")
    run([sys.executable, "-m", "venv", "--clear", str(venv)], f"making {venv.relative_to(ROOT)}")
    return python


def locked(name: str, lock: Path) -> str:
    """The lines of one package in a lock file: its pin and its hashes."""
    found = re.search(rf"^{re.escape(name)}==.*(?:\n[ \t].*)*", lock.read_text(), re.M)
    if not found:
        raise SetupError(f"{lock.name} does not pin {name}: restore it with `git checkout {lock.name}`.")
    return found[0] + "\n"


def uv(python: Path) -> Path:
    """The fast installer, itself pinned in the lock; the environment that calls it has it after the first run."""
    program = python.parent / "uv"
    if not program.exists():
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as pin:
            pin.write(locked("uv", ROOT / "requirements.lock"))
            pin.flush()
            run([str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", pin.name], "installing uv")
    return program


def index_settings(python: Path) -> "dict[str, str]":
    """The caller's package index and authority as pip knows them, in the words of uv."""
    environment = dict(os.environ, UV_SYSTEM_CERTS="1", UV_NO_CONFIG="1")
    listed = subprocess.run([str(python), "-m", "pip", "config", "list"], stdout=subprocess.PIPE, text=True).stdout
    settings = dict(re.findall(r"^(?:global|install|:env:)\.(index-url|extra-index-url|cert)='(.*)'$", listed, re.M))
    for pip_name, uv_name in (
        ("index-url", "UV_DEFAULT_INDEX"),
        ("extra-index-url", "UV_INDEX"),
        ("cert", "SSL_CERT_FILE"),
    ):
        if pip_name in settings:
            environment.setdefault(uv_name, settings[pip_name])
    return environment


def install(python: Path, lock: Path) -> None:
    """Install exactly what `lock` pins, hashes checked.

    Bytecode is left to the first import: compiling all of a cloud SDK costs more time than any command saves by it.
    """
    installer = uv(VENV / "bin" / "python")
    count = len(re.findall(r"^\S+==", lock.read_text(), re.M))
    say(f"Installing {count} pinned packages from {lock.relative_to(ROOT)} …")
    command = [str(installer), "pip", "install", "-q", "--python", str(python), "--require-hashes"]
    run([*command, "-r", str(lock)], f"installing {lock.relative_to(ROOT)}", index_settings(python))


def install_project(python: Path) -> None:
    """Put the project itself on the path of its environment, editable."""
    command = [str(uv(python)), "pip", "install", "-q", "--python", str(python)]
    command += ["--no-deps", "--no-build-isolation", "-e", "."]
    run(command, "installing the project", index_settings(python))


def main(arguments: "list[str]") -> None:
    """Make the environment that the argument names."""
    check_machine()
    python = make_environment(VENV)
    if "--azure-cli" in arguments:
        install(make_environment(AZURE_CLI), ROOT / "tests" / "nightly" / "azure-cli.lock")
        return
    if "--clients" in arguments:
        install(make_environment(CLIENTS), ROOT / "tests" / "clients" / "requirements.lock")
        return
    install(python, ROOT / ("requirements-dev.lock" if "--dev" in arguments else "requirements.lock"))
    install_project(python)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetupError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
