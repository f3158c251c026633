"""`python -m local`: the endpoint of this checkout and what a command needs to run against it."""

import argparse
import sys
from collections.abc import Callable, Sequence

from local import controls, environment, lifecycle, locks, session
from local.errors import LocalError
from local.paths import Paths
from local.status import describe

Command = Callable[[Paths, argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    parsed = _parser().parse_args(arguments)
    command: Command = parsed.command
    try:
        return command(Paths.of_checkout(), parsed)
    except LocalError as error:
        report(f"error: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


def report(message: str) -> None:
    """Tell the person at the terminal; standard output is for what was asked for."""
    sys.stderr.write(f"{message}\n")


def _start(paths: Paths, arguments: argparse.Namespace) -> int:
    endpoint = lifecycle.start(paths, report, arguments.port)
    report(f"the endpoint answers at {endpoint.url}")
    return 0


def _stop(paths: Paths, _: argparse.Namespace) -> int:
    report("the endpoint has ended" if lifecycle.stop(paths) else "no endpoint runs in this checkout")
    return 0


def _serve(paths: Paths, arguments: argparse.Namespace) -> int:
    # Only here: the endpoint's imports take a second, and every make target runs one of the other commands.
    from local import daemon

    daemon.serve(paths, arguments.port)
    return 0


def _status(paths: Paths, _: argparse.Namespace) -> int:
    facts = lifecycle.required(paths).ask("GET", "/local/status")
    sys.stdout.write(describe(facts, pid=locks.holder(paths.endpoint_lock)) + "\n")
    return 0


def _env(paths: Paths, arguments: argparse.Namespace) -> int:
    contract = session.prepare(paths, arguments.stack, report)
    sys.stdout.write(environment.shell_exports(contract) + "\n")
    return 0


def _run(paths: Paths, arguments: argparse.Namespace) -> int:
    session.run(paths, arguments.stack, arguments.argv, report)


def _reset(paths: Paths, _: argparse.Namespace) -> int:
    lifecycle.reset(paths)
    return 0


def _faults(paths: Paths, arguments: argparse.Namespace) -> int:
    sys.stdout.write(controls.faults(lifecycle.required(paths), arguments.settings) + "\n")
    return 0


def _quotas(paths: Paths, arguments: argparse.Namespace) -> int:
    sys.stdout.write(controls.quotas(lifecycle.required(paths), arguments.settings) + "\n")
    return 0


def _clock(paths: Paths, arguments: argparse.Namespace) -> int:
    sys.stdout.write(controls.clock(lifecycle.required(paths), arguments.move) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description="An Azure on loopback, for this checkout.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, help_text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_text, description=help_text)
        added.set_defaults(command=command)
        return added

    port_help = "port to listen on; by default the one it had before, else a free one"
    add("start", _start, "start the endpoint unless it answers").add_argument("--port", type=_port, help=port_help)
    add("stop", _stop, "end the endpoint and the processes it started")
    add("serve", _serve, "be the endpoint, in the foreground").add_argument(
        "--port", type=_port, default=0, help=port_help
    )
    add("status", _status, "what runs, what it holds, and which parts are real")
    env = add("env", _env, "print shell settings that turn plain `pulumi` to the local target")
    run = add("run", _run, "run a command against the local target")
    for command in (env, run):
        command.add_argument("--stack", default="local", help="stack to make ready (default: local)")
    run.add_argument("argv", nargs="+", metavar="CMD", help="the command, after `--`")
    faults = add("faults", _faults, "show or set what goes wrong on purpose")
    faults.add_argument("settings", nargs="*", metavar="NAME=VALUE", help="faults to set, or `clear`")
    quotas = add("quotas", _quotas, "show or set how many cores the subscription may use")
    quotas.add_argument("settings", nargs="*", metavar="FAMILY=CORES", help="quotas to set, or `clear`")
    clock = add("clock", _clock, "show or move the endpoint's clock")
    clock.add_argument("move", nargs="?", metavar="DURATION", help="such as +90d, -1h, or `reset`")
    add("reset", _reset, "end the endpoint and forget all that was deployed; what was installed stays")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        message = f"{text!r} is not a port; give a number from 0 (any free one) to 65535"
        raise argparse.ArgumentTypeError(message)
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
