"""`python -m local.kubernetes`: puts the local cluster and the Kubernetes provider into the user's cache."""

import logging
import os
import sys
from collections.abc import Iterator

from local.kubernetes.build import CLUSTER, PROVIDER
from local.making import Say, command

_NICENESS = 5
"""The machine stays usable during the minutes that the compiler takes."""


def main() -> int:
    """Build what the cache lacks and say in one line each what there is; 1 and one sentence where it cannot be had."""
    logging.basicConfig(level=logging.INFO, format="kubernetes: %(message)s")
    os.nice(_NICENESS)
    return command("kubernetes", _build)


def _build(say: Say) -> Iterator[str]:
    for program in (CLUSTER, PROVIDER):
        yield f"{program.source.title} v{program.source.version} ({program.build(say)})"


if __name__ == "__main__":
    sys.exit(main())
