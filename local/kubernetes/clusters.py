"""The Kubernetes clusters behind the managed clusters of this checkout."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from threading import RLock

from local.arm.data_planes import ClusterAccess, ClusterObject, ClusterSpec, NodeSpec
from local.errors import LocalError
from local.kubernetes.build import CLUSTER
from local.kubernetes.control_plane import ControlPlane
from local.kubernetes.files import ADMIN, ClusterFiles
from local.paths import Paths


class Kubernetes:
    """One control plane for each managed cluster, where this machine has built one (`make kubernetes`)."""

    def __init__(self, paths: Paths, *, certificate: Path, key: Path) -> None:
        """Describe the clusters; nothing is started.

        certificate, key: PEM files of the API servers' certificate, issued by the authority `paths.ca` for 127.0.0.1.
        """
        self._paths = paths
        self._tls = certificate, key
        self._lock = RLock()
        self._running: dict[str, ControlPlane] = {}
        self._stopped = False

    @property
    def version(self) -> str | None:
        """The version of the API servers, None where nothing was built."""
        return CLUSTER.source.version if CLUSTER.built else None

    def run(self, spec: ClusterSpec, nodes: Sequence[NodeSpec], objects: Sequence[ClusterObject]) -> None:
        """Start a cluster unless it runs, give it its nodes and objects; nothing happens where nothing was built."""
        program = CLUSTER.built
        if program is None:
            return
        with self._lock:
            if self._stopped:
                return
            cluster = self._running.get(spec.key)
            if cluster is None or not cluster.alive or cluster.spec != spec:
                if cluster:
                    cluster.stop()
                cluster = ControlPlane(spec, program, self._files(spec.key), self._paths.log, self._tls)
                self._running[spec.key] = cluster
                cluster.start()
            cluster.put_nodes(nodes)
            cluster.put_objects(objects)

    def access(self, key: str) -> ClusterAccess:
        """How to reach a cluster; raises LocalError for one that does not run."""
        cluster = self._running.get(key)
        if cluster is None or not cluster.alive:
            why = "its processes do not run" if self.version else "`make kubernetes` builds one, once for this machine"
            raise LocalError(f"there is no Kubernetes API server behind {key}: {why}")
        ca = self._paths.ca.read_text(encoding="ascii")
        return ClusterAccess(url=cluster.url, ca=ca, admin_token=cluster.files.token(ADMIN))

    def stop(self, key: str) -> None:
        """End a cluster; what it holds stays."""
        with self._lock:
            cluster = self._running.pop(key, None)
            if cluster:
                cluster.stop()

    def remove(self, key: str) -> None:
        """End a cluster and forget what it holds; nothing happens if there is none."""
        self.stop(key)
        shutil.rmtree(self._files(key).folder, ignore_errors=True)

    def stop_all(self) -> None:
        """End every cluster, for good."""
        with self._lock:
            self._stopped = True
            for key in list(self._running):
                self.stop(key)

    def _files(self, key: str) -> ClusterFiles:
        return ClusterFiles(self._paths.home / "kubernetes" / key, self._paths.ca)
