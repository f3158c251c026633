"""A real Kubernetes control plane behind each managed cluster, with nodes that have no machines."""

from local.kubernetes.clusters import Kubernetes

__all__ = ["Kubernetes"]
