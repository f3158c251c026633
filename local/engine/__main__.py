"""`python -m local.engine`: make a Pulumi CLI available to this checkout."""

import sys

from local.engine.provide import provide
from local.making import command
from local.paths import Paths


def main() -> int:
    """Provide the engine and say in one line what was done; 1 and one sentence where that was impossible."""
    return command("engine", lambda say: [provide(Paths.of_checkout(), say)])


if __name__ == "__main__":
    sys.exit(main())
