"""A real Kubernetes control plane behind each managed cluster, with nodes that have no machines."""
