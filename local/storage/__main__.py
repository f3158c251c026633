"""`python -m local.storage`: puts the blob service into the user's cache ahead of its first use."""

import argparse
import logging
import sys

from local.errors import LocalError
from local.storage.install import install


def main() -> int:
    """Run the command; returns the exit code."""
    argparse.ArgumentParser(
        prog="python -m local.storage", description="Get Azurite, the local blob service, unless the cache has it."
    ).parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        install()
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
