"""What a pipeline signs in as."""

from collections.abc import Iterable

from azure_ml_platform.settings.area import Broken, System
from azure_ml_platform.vocabulary import GitName, Repository


class PipelineSettings(System):
    """Identities for a pipeline on GitHub, without a secret: Microsoft.ManagedIdentity federated credentials.

    Pull requests preview with an identity that only reads; runs of the branches and environments named here update.
    """

    enabled: bool = False
    """Whether the stack has them. They outlive the pipeline's runs, so a person deploys them first."""
    repository: Repository | None = None
    """Repository of the pipeline, organisation/name."""
    branches: tuple[GitName, ...] = ()
    """Branches whose runs may change the stack."""
    environments: tuple[GitName, ...] = ()
    """Environments whose runs may change the stack, once they are approved."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.enabled and self.repository is None:
            yield Broken(("repository",), "given while pipeline.enabled is true", "organisation/repository")
        if self.enabled and not (self.branches or self.environments):
            yield Broken(("environments",), "given, or pipeline.branches, while pipeline.enabled is true", ["prod"])
        if len(self.branches) + len(self.environments) > 20:
            yield Broken(("branches",), "at most twenty together with pipeline.environments", list(self.branches[:20]))
