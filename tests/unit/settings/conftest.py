from collections.abc import Mapping
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from azure_ml_platform.settings import Problem, Settings, SettingsError
from tests.unit.settings.given_settings import Load, Problems, Refuse, source

# A loaded machine is no reason to fail.
hypothesis.settings.register_profile("steady", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("steady")


@pytest.fixture
def load() -> Load:
    """Load a stack that is right but for what is given."""

    def load(root: Path | None = None, **given: Any) -> Settings:
        return Settings.of(source(**given), root)

    return load


@pytest.fixture
def refuse(load: Load) -> Refuse:
    """The error with which a stack is refused."""

    def refuse(**given: Any) -> SettingsError:
        with pytest.raises(SettingsError) as caught:
            load(**given)
        return caught.value

    return refuse


@pytest.fixture
def problems(refuse: Refuse) -> Problems:
    """The problems of a refused stack by path."""

    def problems(**given: Any) -> Mapping[str, Problem]:
        return {problem.path: problem for problem in refuse(**given).problems}

    return problems
