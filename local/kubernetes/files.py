"""The files of one cluster: who may talk to its API server, and how its parts find each other.

All lie in a folder that only the owner may look into, each with mode 0600.
"""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from local.loopback import ADDRESS
from local.paths import write_private

ADMIN = "admin"
_USERS = {
    ADMIN: ("clusterAdmin", "system:masters"),
    "controllers": ("system:kube-controller-manager", ""),
    "scheduler": ("system:kube-scheduler", ""),
    "nodes": ("nodes", "system:masters"),
}
"""Name and group in Kubernetes of those that have a token of their own."""
_KEY_BITS = 2048


@dataclass(frozen=True)
class ClusterFiles:
    """The files below one folder."""

    folder: Path
    ca: Path
    """Certificate of the authority that the API server's certificate is from."""

    @property
    def tokens(self) -> Path:
        """The API server's list of static tokens."""
        return self.folder / "tokens.csv"

    @property
    def signing_key(self) -> Path:
        """The key of service account tokens."""
        return self.folder / "service-accounts.key"

    @property
    def port(self) -> Path:
        """The API server's port."""
        return self.folder / "port"

    def kubeconfig(self, user: str) -> Path:
        """How one of the cluster's own parts signs in."""
        return self.folder / f"{user}.kubeconfig"

    def webhook(self, question: str) -> Path:
        """How the API server asks the directory."""
        return self.folder / f"{question}.webhook"

    def prepare(self) -> None:
        """Make the secrets unless there are some: what was signed or stored with them stays valid."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.tokens.exists():
            rows = [f'{secrets.token_urlsafe(32)},{name},{user},"{group}"' for user, (name, group) in _USERS.items()]
            write_private(self.tokens, "\n".join(rows) + "\n")
        if not self.signing_key.exists():
            key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
            )
            write_private(self.signing_key, pem.decode())

    def token(self, user: str) -> str:
        """The token of one of the cluster's own users."""
        rows = (line.split(",") for line in self.tokens.read_text(encoding="ascii").splitlines())
        return next(row[0] for row in rows if row[2] == user)

    def write_kubeconfigs(self, port: int) -> None:
        """Tell the parts of the cluster where its API server is now."""
        for user in _USERS:
            write_private(self.kubeconfig(user), self._document(f"https://{ADDRESS}:{port}", self.token(user)))

    def write_webhook(self, question: str, url: str, token: str) -> Path:
        """Tell the API server whom to ask, with which token; returns the file."""
        write_private(self.webhook(question), self._document(url, token))
        return self.webhook(question)

    def _document(self, server: str, token: str) -> str:
        cluster = {"server": server, "certificate-authority": str(self.ca)}
        document = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "local", "cluster": cluster}],
            "users": [{"name": "local", "user": {"token": token}}],
            "contexts": [{"name": "local", "context": {"cluster": "local", "user": "local"}}],
            "current-context": "local",
        }
        return json.dumps(document)
