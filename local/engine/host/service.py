"""The language host's side of the engine's protocol (`LanguageRuntime` in pulumi/language.proto)."""
# ruff: noqa: N802 - the methods bear the protocol's names

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import grpc

from local.engine.host import packages
from local.engine.host.children import Children, output_of
from local.engine.host.environments import Environment, OptionError
from local.engine.host.protocol import language_pb2, language_pb2_grpc, plugin_pb2
from local.engine.host.statuses import ALREADY_REPORTED, describe

Context = grpc.ServicerContext


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Answers the engine at `engine` (host:port); whatever it starts is one of `children`."""

    def __init__(self, engine: str, children: Children) -> None:
        self._engine = engine
        self._children = children

    def Handshake(self, request: Any, context: Context) -> language_pb2.LanguageHandshakeResponse:
        """Nothing is agreed on."""
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Context) -> plugin_pb2.PluginInfo:
        """The version of the host is that of the SDK whose protocol it speaks."""
        return plugin_pb2.PluginInfo(version=packages.sdk_version())

    def GetRequiredPackages(self, request: Any, context: Context) -> language_pb2.GetRequiredPackagesResponse:
        """None in advance: a virtualenv holds SDKs that a program may not use; the engine gets plugins at first use."""
        return language_pb2.GetRequiredPackagesResponse()

    def GetRequiredPlugins(self, request: Any, context: Context) -> language_pb2.GetRequiredPluginsResponse:
        """The older form of `GetRequiredPackages`."""
        return language_pb2.GetRequiredPluginsResponse()

    def About(self, request: language_pb2.AboutRequest, context: Context) -> language_pb2.AboutResponse:
        """The Python that would run the program."""
        environment = _environment(request.info, context)
        return language_pb2.AboutResponse(
            executable=str(environment.python), version=packages.python_version(environment)
        )

    def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: Context
    ) -> language_pb2.GetProgramDependenciesResponse:
        """The distributions in the program's virtualenv."""
        installed = packages.installed(_environment(request.info, context), transitive=request.transitiveDependencies)
        dependencies = [language_pb2.DependencyInfo(name=name, version=version) for name, version in installed]
        return language_pb2.GetProgramDependenciesResponse(dependencies=dependencies)

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: Context
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Make the virtualenv if it is not there and install the program's `requirements.txt` into it."""
        folder = request.info.program_directory or request.directory
        environment = _environment(request.info, context, must_exist=False)
        for command in packages.installation(environment, Path(folder)):
            process = self._start(context, command, folder, os.environ, piped=True)
            for name, chunk in output_of(process):
                yield language_pb2.InstallDependenciesResponse(**{name: chunk})
            status = self._children.wait(process)
            if status != 0:
                context.abort(grpc.StatusCode.UNKNOWN, f"`{' '.join(command)}` {describe(status)}")

    def RuntimeOptionsPrompts(self, request: Any, context: Context) -> language_pb2.RuntimeOptionsResponse:
        """No questions for a new project."""
        return language_pb2.RuntimeOptionsResponse()

    def Run(self, request: language_pb2.RunRequest, context: Context) -> language_pb2.RunResponse:
        """Run a program; what it prints goes to this process's own output, which the engine shows."""
        environment = _environment(request.info, context)
        deployment = {
            "program": str(Path(request.info.program_directory, request.info.entry_point)),
            "settings": {
                "project": request.project,
                "stack": request.stack,
                "organization": request.organization or "organization",
                "root_directory": request.info.root_directory,
                "monitor": request.monitor_address,
                "engine": self._engine,
                "parallel": request.parallel,
                "dry_run": request.dryRun,
            },
        }
        # Configuration may hold secrets: never among the arguments, which everyone on the machine can list.
        configuration = {
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        command = self._children.command(environment, "program", json.dumps(deployment))
        variables = environment.activated({**os.environ, **configuration})
        process = self._start(context, command, request.pwd, variables, piped=False)
        status = self._children.wait(process)
        if status in (0, ALREADY_REPORTED):
            return language_pb2.RunResponse(bail=status != 0)
        return language_pb2.RunResponse(error=f"the program {describe(status)}")

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: Context
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a policy pack (kind `analyzer`) or a plugin written in Python (kind `resource` and others)."""
        environment = _environment(request.info, context)
        kind = "policy-pack" if request.kind == "analyzer" else "plugin"
        folder = request.info.program_directory
        command = self._children.command(environment, kind, folder, *request.args)
        variables = environment.activated(dict(entry.split("=", 1) for entry in request.env))
        process = self._start(context, command, folder if kind == "policy-pack" else request.pwd, variables, piped=True)
        for name, chunk in output_of(process):
            yield (
                language_pb2.RunPluginResponse(stdout=chunk)
                if name == "stdout"
                else language_pb2.RunPluginResponse(stderr=chunk)
            )
        yield language_pb2.RunPluginResponse(exitcode=self._children.wait(process))

    def Cancel(self, request: Any, context: Context) -> Any:
        """Acknowledge: each call that the engine gives up ends what it has started."""
        from google.protobuf.empty_pb2 import Empty

        return Empty()

    def _unsupported(self, request: Any, context: Context) -> NoReturn:
        context.abort(
            grpc.StatusCode.UNIMPLEMENTED, "this language host runs programs; to generate code, install the Pulumi CLI"
        )

    GenerateProgram = GenerateProject = GeneratePackage = Pack = Link = Template = _unsupported

    def _start(
        self, context: Context, command: Sequence[str], folder: str, variables: Mapping[str, str], *, piped: bool
    ) -> subprocess.Popen[bytes]:
        """Start a child that ends with the call."""
        try:
            process = self._children.start(command, folder, variables, piped=piped)
        except OSError as error:
            context.abort(
                grpc.StatusCode.FAILED_PRECONDITION, f"{command[0]} cannot be started in {folder}: {error.strerror}"
            )
        context.add_callback(lambda: self._children.end(process))
        return process


def _environment(info: language_pb2.ProgramInfo, context: Context, *, must_exist: bool = True) -> Environment:
    """The environment that the project's runtime options name; what is wrong with them ends the call."""
    try:
        environment = Environment.of(dict(info.options.items()), Path(info.root_directory))
        return environment.require() if must_exist else environment
    except OptionError as error:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
