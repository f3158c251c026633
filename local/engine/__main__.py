"""`python -m local.engine`: make a Pulumi CLI available to this checkout."""

import signal
import sys

from local.engine.provide import provide
from local.errors import LocalError
from local.paths import Paths


def main() -> int:
    """Provide the engine and say in one line what was done; 1 and one sentence where that was impossible."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        print(f"engine: {provide(Paths.of_checkout(), _say)}")  # noqa: T201
    except LocalError as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        _say("interrupted; what was downloaded is kept for the next run")
        return 130
    return 0


def _say(line: str) -> None:
    print(f"engine: {line}", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
