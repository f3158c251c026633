"""Where every process begins that runs someone's code: `python child.py <kind> <parent's process id> <arguments…>`.

It is started by its path under the Python of the program's own virtualenv, in which this project need not be installed.
"""

import signal
import sys
from os.path import abspath, dirname

_ROOT = dirname(dirname(dirname(dirname(abspath(__file__)))))  # noqa: PTH100, PTH120 - nothing is imported before the path is right

# Ctrl-C ends a child on the spot: an exception would be shown by whichever library it happens to interrupt.
signal.signal(signal.SIGINT, signal.SIG_DFL)


def main() -> int:
    """Run what the arguments name; the exit status is the process's."""
    sys.path[0] = _ROOT
    from local.engine.host import runners

    kind, parent, *arguments = sys.argv[1:]
    return runners.run(kind, int(parent), arguments)


if __name__ == "__main__":
    sys.exit(main())
