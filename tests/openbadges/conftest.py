"""What the tests of the cellar share: samples, one RSA key, and hypothesis without a clock."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from badgeserver.openbadges import keys

SAMPLES = Path(__file__).parent.parent / "samples"

# No deadline: a slow machine is not a failure. No database of examples: tests leave no files behind.
settings.register_profile(
    "openbadges", deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("openbadges")


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    """Reads a file of tests/samples."""
    return lambda name: (SAMPLES / name).read_bytes()


@pytest.fixture(scope="session")
def private_key() -> keys.PrivateKey:
    return keys.generate_private_key()


@pytest.fixture(scope="session")
def other_key() -> keys.PrivateKey:
    return keys.generate_private_key()
