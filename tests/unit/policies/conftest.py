"""What the tests of the packs share."""

import pytest

from local.arm.contracts import Contracts


@pytest.fixture(scope="session")
def contracts() -> Contracts:
    """What the installed SDK and Azure know of each resource type in use."""
    return Contracts.load()
