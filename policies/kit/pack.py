"""From rules to a policy pack that the engine runs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import pulumi.runtime
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

from policies.kit import profile as profiles
from policies.kit import waivers
from policies.kit.bench import Bench
from policies.kit.profile import Profile, ProfileError
from policies.kit.rule import AnyRule

LimitsT = TypeVar("LimitsT")


@dataclass(frozen=True, kw_only=True)
class Pack(Generic[LimitsT]):
    """A policy pack before a profile is chosen."""

    name: str
    """One of `profiles.PACKS`."""
    description: str
    framework: str
    """What the rules' controls refer to."""
    limits: type[LimitsT]
    """A frozen dataclass: the values that profiles set."""
    services: Sequence[Callable[[LimitsT], Sequence[AnyRule]]]
    """The rules of each service, within given limits."""

    def rules(self, limits: LimitsT) -> list[AnyRule]:
        """All rules within given limits."""
        return [rule for service in self.services for rule in service(limits)]

    def profile(self, name: str | None) -> Profile[LimitsT]:
        """The pack's part of a profile, the default one when none is named; raises ProfileError."""
        return profiles.load(name or profiles.DEFAULT, self.name, self.limits)

    def policies(self, profile: Profile[LimitsT]) -> list[Policy]:
        """The policies that the engine runs under a profile; raises ProfileError."""
        rules = self.rules(profile.limits)
        profiles.check_rules(profile, self.name, rules)
        ids = [rule.id for rule in rules]
        today = datetime.now(UTC).date()
        bench = Bench(self.framework, waivers.load(profile.name, ids, profile.other_rules, today))
        return bench.policies([(rule, profile.levels[rule.id]) for rule in rules])

    def serve(self) -> PolicyPack:
        """Serve the pack to the engine until it hangs up."""
        return PolicyPack(f"azure-ml-platform-{self.name}", StackPolicies(self), description=self.description)


class StackPolicies(list[Policy]):
    """The policies of a pack under the profile that the stack turns out to have.

    The levels of a pack come from the stack's setting `profile`. A language host may set the stack's configuration
    only after it has started the pack, and the policy SDK wants the policies at once. It goes through them anew in
    each call, though, the first of which (GetAnalyzerInfo, which tells the engine the levels) comes after the
    configuration. So the list follows the setting whenever somebody goes through it.
    """

    def __init__(self, pack: Pack[Any]) -> None:
        self._pack = pack
        self._profile = _stack_profile()
        super().__init__(_policies(pack, self._profile))

    def __iter__(self) -> Iterator[Policy]:
        profile = _stack_profile()
        if profile != self._profile:
            self._profile = profile
            self[:] = _policies(self._pack, profile)
        return super().__iter__()


def _stack_profile() -> str | None:
    return pulumi.runtime.get_config_env().get("azure-ml-platform:profile")


def _policies(pack: Pack[Any], profile: str | None) -> list[Policy]:
    try:
        return pack.policies(pack.profile(profile))
    except ProfileError as error:
        return [_refusal(str(error))]


def _refusal(message: str) -> Policy:
    """Stands for all rules when it is not known how strict they are: refuses the stack, with the reason."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type == "pulumi:pulumi:Stack":
            report(message, None)

    return ResourceValidationPolicy(
        "profile-invalid", "The profile of the stack is one that the packs know", validate, EnforcementLevel.MANDATORY
    )
