"""Serves the cost pack to the engine."""

from policies.cost import PACK

if __name__ == "__main__":
    PACK.serve()
