"""Serves the security pack to the engine."""

from policies.security import PACK

if __name__ == "__main__":
    PACK.serve()
