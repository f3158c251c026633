"""Runs a policy pack with what the engine tells it about the stack.

The engine starts a pack, then calls `ConfigureStack` with project, stack, organization and configuration. The policy
SDK keeps only the tags of that call; for the rest it reads environment variables before each analysis. An interceptor
joins the two ends.
"""

import json
import os
import runpy
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import grpc

from local.engine.host import frames, runners

_CONFIGURE_STACK = "/pulumirpc.Analyzer/ConfigureStack"


def run(arguments: Sequence[str]) -> int:
    """Serve the policy pack in the folder that comes first; the rest are the engine's arguments for it."""
    folder, *rest = arguments
    runners.enter(Path(folder), rest)
    # The pack makes its server itself, from the constructor of `PolicyPack`, and leaves no other way in.
    grpc.server = partial(grpc.server, interceptors=[_StackContext()])
    runpy.run_path(folder, run_name="__main__")
    return 0


class _StackContext(grpc.ServerInterceptor):  # type: ignore[type-arg] # generic in its stubs alone
    """Puts the stack's context where the policy SDK looks for it, and cuts the traceback of a rule that fails."""

    def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], Any], details: grpc.HandlerCallDetails
    ) -> Any:
        handler = continuation(details)
        if handler is None or handler.unary_unary is None:
            return handler
        answer = handler.unary_unary

        def call(request: Any, context: grpc.ServicerContext) -> Any:
            if details.method == _CONFIGURE_STACK:
                os.environ.update(_variables(request))
            try:
                return answer(request, context)
            except Exception as error:  # noqa: BLE001 - whatever a rule raises
                # A method that the SDK does not have has set its code before it raised.
                code = context.code()  # type: ignore[attr-defined] # missing in the stubs
                context.abort(code or grpc.StatusCode.UNKNOWN, frames.render(error))

        return grpc.unary_unary_rpc_method_handler(call, handler.request_deserializer, handler.response_serializer)


def _variables(request: Any) -> dict[str, str]:
    """The environment variables of the policy SDK for an `AnalyzerStackConfigureRequest`."""
    return {
        "PULUMI_PROJECT": request.project,
        "PULUMI_STACK": request.stack,
        "PULUMI_ORGANIZATION": request.organization,
        "PULUMI_DRY_RUN": str(request.dry_run).lower(),
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
    }
