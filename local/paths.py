"""Where everything that a checkout's local target makes is kept: one folder, `.local`, ignored by git."""

import os
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "AZURE_ML_PLATFORM_LOCAL"
"""Names another folder than the checkout's `.local`, for a second local target beside the first."""


@dataclass(frozen=True)
class Paths:
    """The files and folders of one checkout's local target."""

    root: Path
    """The checkout: the folder of `Pulumi.yaml`."""
    elsewhere: Path | None = None
    """A folder to use in place of the checkout's `.local`."""

    @classmethod
    def of_checkout(cls) -> "Paths":
        """The paths of the checkout that this package stands in."""
        root = Path(__file__).resolve().parent.parent
        other = os.environ.get(HOME_VARIABLE)
        return cls(root, Path(other) if other else None)

    @property
    def home(self) -> Path:
        """The folder that holds all others."""
        return self.elsewhere or self.root / ".local"

    @property
    def bin(self) -> Path:
        """Engine and language host, first on the PATH of every local command."""
        return self.home / "bin"

    @property
    def made(self) -> Path:
        """Notes of what the set-up has installed."""
        return self.home / "made"

    @property
    def clients(self) -> Path:
        """The environment of others' clients, for tests."""
        return self.home / "clients"

    @property
    def project(self) -> Path:
        """The generated Pulumi project: what local commands give to the engine instead of the checkout."""
        return self.home / "project"

    @property
    def pulumi_home(self) -> Path:
        """`PULUMI_HOME`: plugins and credentials of the engine."""
        return self.home / "pulumi"

    @property
    def state(self) -> Path:
        """The file backend with the stacks' state."""
        return self.home / "state"

    @property
    def passphrase(self) -> Path:
        """The passphrase of the local stacks' secrets. Mode 0600."""
        return self.home / "passphrase"

    @property
    def store(self) -> Path:
        """The endpoint's store (SQLite)."""
        return self.home / "store.db"

    @property
    def ca(self) -> Path:
        """The certificate of the endpoint's own authority (PEM)."""
        return self.home / "ca.pem"

    @property
    def ca_bundle(self) -> Path:
        """Own authority and the public ones (PEM), for clients that read `REQUESTS_CA_BUNDLE`."""
        return self.home / "ca-bundle.pem"

    @property
    def arm(self) -> Path:
        """What a client needs to reach the endpoint. Mode 0600, written when the endpoint answers."""
        return self.home / "arm.json"

    @property
    def port(self) -> Path:
        """The port that the endpoint last had: taken again, it keeps the addresses in the stacks' state valid."""
        return self.home / "port"

    @property
    def log(self) -> Path:
        """Folder of the logs."""
        return self.home / "log"

    @property
    def endpoint_log(self) -> Path:
        """What the endpoint's process printed."""
        return self.log / "endpoint.log"

    @property
    def start_lock(self) -> Path:
        """Held by whoever is starting the endpoint."""
        return self.home / "start.lock"

    @property
    def endpoint_lock(self) -> Path:
        """Held by the endpoint for as long as it lives; contains its process id."""
        return self.home / "endpoint.lock"

    def make(self) -> None:
        """Create the folders; only the owner may look inside."""
        self.home.mkdir(exist_ok=True)
        self.home.chmod(0o700)
        for folder in (self.project, self.pulumi_home, self.state, self.log):
            folder.mkdir(exist_ok=True)


def write_private(path: Path, text: str) -> None:
    """Replace `path` by `text` in one step, readable and writable by the owner alone."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    partial.replace(path)
