"""Runs a Pulumi program against the engine's resource monitor: one child process, one program, one update."""

import asyncio
import gc
import json
import logging
import runpy
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import grpc
import pulumi
import pulumi.runtime
from pulumi.runtime.settings import get_engine

from local.engine.host import engine_log, frames, runners, sdk_imports
from local.engine.host.statuses import ALREADY_REPORTED

_THREADS_PER_SLOT = 4


def run(arguments: Sequence[str]) -> int:
    """Run the program that the one argument, a JSON object made by `service`, describes."""
    deployment = json.loads(arguments[0])
    pulumi.runtime.set_all_config(pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env())
    pulumi.runtime.configure(pulumi.runtime.Settings(**deployment["settings"]))
    flush_log = engine_log.install(get_engine())
    try:
        entry_point = _entry_point(Path(deployment["program"]))
        runners.enter(entry_point.parent)
        sdk_imports.install()
        _complete(entry_point, deployment["settings"]["parallel"])
    except SystemExit as exit_request:
        return _exit_status(exit_request.code)
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
    except grpc.RpcError as error:
        if not _engine_has_ended(error):
            _log(error)
    except Exception as error:  # noqa: BLE001 - whatever the program raises is its author's to read
        _log(error)
    else:
        return 0
    finally:
        with suppress(grpc.RpcError):
            flush_log()
    return ALREADY_REPORTED


def _entry_point(program: Path) -> Path:
    """The file to run: the program itself, or the `__main__.py` of its folder."""
    file = program / "__main__.py" if program.is_dir() else program
    if not file.exists():
        raise pulumi.RunError(
            f"{file} does not exist: a Python program is a folder with a `__main__.py`, or the file that `main` names"
        )
    return file


def _complete(entry_point: Path, parallel: int) -> None:
    """Run the program and wait for everything that it has asked of the engine."""
    # A program that fails leaves futures behind that nobody awaits; what matters of that is reported by us.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # Each resource waits in a thread for the engine's answer: too few threads, and the engine is not kept busy.
    loop.set_default_executor(ThreadPoolExecutor(max_workers=max(parallel, 1) * _THREADS_PER_SLOT))
    stack = pulumi.runtime.run_in_stack(lambda: _run_module(entry_point))
    try:
        loop.run_until_complete(stack)
    finally:
        _cancel_tasks(loop)
        loop.close()


def _run_module(entry_point: Path) -> None:
    """Run the program's own code; nothing that it imports and declares is garbage, so nobody looks for any."""
    gc.disable()
    try:
        runpy.run_path(str(entry_point), run_name="__main__")
    finally:
        gc.freeze()
        gc.enable()


def _cancel_tasks(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


def _exit_status(code: Any) -> int:
    """The status for `sys.exit(code)` in a program: nothing or 0 is a good end, a text is the reason of a bad one."""
    if code is None or code == 0:
        return 0
    pulumi.log.error(f"the program ended with exit status {code}" if isinstance(code, int) else str(code))
    return ALREADY_REPORTED


def _engine_has_ended(error: grpc.RpcError) -> bool:
    """Whether the engine stopped listening, as it does when an update is cancelled or has failed; it has said why."""
    return isinstance(error, grpc.Call) and error.code() == grpc.StatusCode.UNAVAILABLE


def _log(error: Exception) -> None:
    """Show the author's own frames; all of them with `--debug`."""
    pulumi.log.debug("".join(traceback.format_exception(error)))
    pulumi.log.error(frames.render(error))
