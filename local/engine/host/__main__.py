"""`python -m local.engine.host [flags] <engine address>`: the engine's Python language host, while it lives."""

import signal


def main() -> None:
    """Serve; asked to end before it does so, this process ends without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from local.engine.host import server

    server.serve()


if __name__ == "__main__":
    main()
