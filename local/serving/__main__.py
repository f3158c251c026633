"""`python -m local.serving FILE`: builds the environment of a dependency file ahead of its first deployment."""

import argparse
import logging
import sys
from pathlib import Path

from local.errors import LocalError
from local.serving.environment import build_environment


def main() -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.serving", description="Environments of online deployments")
    parser.add_argument("file", type=Path, help="conda environment file or pip requirements file")
    file = parser.parse_args().file
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        build_environment(file.read_text(encoding="utf-8"))
    except OSError as error:
        sys.stderr.write(f"{file} cannot be read: {error.strerror}\n")
        return 1
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
