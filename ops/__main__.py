"""`python -m ops`: what the make targets call, on the local target and on Azure alike."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ops import score, state
from ops.adopt import adopt
from ops.cluster import power
from ops.console import say, show
from ops.cost import cost
from ops.down import down
from ops.errors import OpsError
from ops.export import export
from ops.preview import preview
from ops.recover import recover
from ops.sdk_config import sdk_config
from ops.session import Session
from ops.target import Target
from ops.up import up

Command = Callable[[Session, argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    parsed = _parser().parse_args(arguments)
    command: Command = parsed.command
    try:
        target = Target.of(parsed.stack, parsed.target, os.environ)
        target.require_stack_file()
        return command(Session(target), parsed)
    except OpsError as error:
        say(f"error: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        return 130


def _adopt(session: Session) -> int:
    adopted = adopt(session.logged_in())
    say(f"{adopted} resources adopted" if adopted else "nothing to adopt: the state knows all that exists")
    return 0


def _recover(session: Session) -> int:
    session = session.logged_in()
    recover(session, state.read_or_create(session.engine))
    return 0


def _login_check(session: Session) -> int:
    session = session.logged_in()
    show(f"logged in; stack {session.target.stack} goes to subscription {session.subscription_id}")
    return 0


def _score(session: Session, arguments: argparse.Namespace) -> int:
    models = score.choose(session.outputs(), arguments.name)
    for name, model in models.items():
        answer = score.predict(session, model, score.sample(model, arguments.data), arguments.slot)
        prediction = json.dumps(answer.prediction)
        show(prediction if len(models) == 1 else f"{name}: {prediction}")
        say(f"{name}: slot {answer.slot or 'unknown'} answered in {answer.seconds * 1000:.0f} ms")
    return 0


def _authorization(session: Session, model_name: str | None) -> int:
    models = score.choose(session.outputs(), model_name)
    if len(models) > 1:
        message = f"name one of the models: {', '.join(models)}"
        raise OpsError(message)
    show(score.authorization(session, *models.values()))
    return 0


def _cost(session: Session, arguments: argparse.Namespace) -> int:
    return cost(session, as_json=arguments.json, max_increase_percent=arguments.max_increase_percent)


def _sdk(session: Session, arguments: argparse.Namespace) -> int:
    return sdk_config(session, arguments.folder)


def _databricks_objects(session: Session) -> int:
    show(json.dumps(session.outputs().databricks_objects, indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ops", description="Acts on a deployed platform.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, help_text: str, command: Command) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_text, description=help_text)
        added.add_argument("--stack", required=True, help="stack, as in Pulumi.<stack>.yaml")
        added.add_argument("--target", choices=("azure", "local"), help="default: what the environment is set to")
        added.set_defaults(command=command)
        return added

    runs = [
        add("up", "deploy the stack; a run that was cut short is repaired first", lambda s, a: up(s, a.flags)),
        add("preview", "show what `up` would do", lambda s, a: preview(s, a.flags)),
        add("down", "destroy the stack", lambda s, a: down(s, unlock=a.unlock, flags=a.flags)),
    ]
    for run in runs:
        run.add_argument("flags", nargs="*", metavar="FLAG", help="more flags for the engine, after `--`")
    runs[-1].add_argument("--unlock", action="store_true", help="take locks and protection off first")

    add("export", "write what is deployed as ARM templates to build/arm-<stack>/", lambda s, _: export(s))
    add("adopt", "import this stack's resources that Azure has and the state lacks", lambda s, _: _adopt(s))
    add("recover", "repair the state after a run that was cut short", lambda s, _: _recover(s))
    add("login-check", "say who is logged in, or how to log in", lambda s, _: _login_check(s))

    price = add("cost", "show what the stack would cost per month", _cost)
    price.add_argument("--json", action="store_true", help="as an object for programs")
    price.add_argument("--max-increase-percent", type=float, metavar="N", help="fail when it costs N %% more than now")

    inside = "print what is still to be made inside the Databricks workspace, as JSON"
    add("databricks-objects", inside, lambda s, _: _databricks_objects(s))

    config = add("sdk-config", "write config.json for azure-ai-ml; print MLflow's tracking URI and az's defaults", _sdk)
    config.add_argument("--folder", type=Path, help="where .azureml/config.json goes; default: the checkout")

    cluster = add("cluster", "stop or start the Kubernetes cluster", lambda s, a: power(s, a.action))
    cluster.add_argument("action", choices=("stop", "start"), help="its nodes cost nothing while it is stopped")

    call = add("score", "call the models; exit code 3 when one refuses the request", _score)
    call.add_argument("--data", type=Path, metavar="FILE", help="the request; default: the model's sample")
    call.add_argument("--slot", help="deployment that has to answer; default: the one whose turn it is")
    header = add("authorization", "print a model's header for `curl -H @-`", lambda s, a: _authorization(s, a.name))
    for command in (call, header):
        command.add_argument("name", nargs="?", help="name of the model; may be left out when there is one")
    return parser


if __name__ == "__main__":
    sys.exit(main())
