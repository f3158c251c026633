"""What most commands share: the target, the engine, and Azure as the caller; each made when it is first used."""

import subprocess
from dataclasses import dataclass, field, replace
from functools import cached_property

from azure.core.credentials import TokenCredential

from azure_ml_platform.cloud import Cloud, CloudUnknown
from azure_ml_platform.outputs import OutputsUnreadable, PlatformOutputs
from ops.azure import ResourceManager, own_login, token
from ops.console import say
from ops.engine import Engine
from ops.errors import OpsError
from ops.target import Target

SUBSCRIPTION_VARIABLE = "ARM_SUBSCRIPTION_ID"
AZ_LIMIT_SECONDS = 30


@dataclass(frozen=True)
class Session:
    """One command on one target."""

    target: Target
    credential: TokenCredential = field(default_factory=own_login)

    @cached_property
    def engine(self) -> Engine:
        """The engine on the target's stack."""
        return Engine(self.target)

    @cached_property
    def cloud(self) -> Cloud:
        """The cloud that the environment names."""
        try:
            return Cloud.current(self.target.environment)
        except CloudUnknown as error:
            raise OpsError(str(error)) from error

    @cached_property
    def azure(self) -> ResourceManager:
        """Resource Manager, as the caller."""
        return ResourceManager(self.cloud.resource_manager, self.credential, self.cloud.resource_manager_scope)

    @property
    def subscription_id(self) -> str:
        """The subscription that the stack is deployed to."""
        return self.target.environment[SUBSCRIPTION_VARIABLE]

    def logged_in(self) -> "Session":
        """This session once it is certain that the caller is logged in and which subscription is meant."""
        if self.target.is_local:
            return self
        token(self.credential, self.cloud.resource_manager_scope)
        return replace(self, target=self.target.with_variable(SUBSCRIPTION_VARIABLE, self._subscription()))

    def outputs(self) -> PlatformOutputs:
        """The stack's outputs; raises OpsError when the platform is not deployed."""
        try:
            return PlatformOutputs.read(self.engine.read("stack", "output", "--json"))
        except OutputsUnreadable as error:
            message = f"stack {self.target.stack}: {error} (`make up STACK={self.target.stack}`)"
            raise OpsError(message) from error

    def _subscription(self) -> str:
        named = self.target.config("azure-native:subscriptionId") or self.target.environment.get(SUBSCRIPTION_VARIABLE)
        if named:
            return str(named)
        chosen = _default_of_az()
        if not chosen:
            message = "no subscription is chosen; set ARM_SUBSCRIPTION_ID, or `az account set --subscription …`"
            raise OpsError(message)
        say(f"subscription {chosen} (the default of az; ARM_SUBSCRIPTION_ID chooses another)")
        return chosen


def _default_of_az() -> str:
    command = ["az", "account", "show", "--query", "id", "--output", "tsv"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=AZ_LIMIT_SECONDS, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return ""
    return result.stdout.strip() if result.returncode == 0 else ""
