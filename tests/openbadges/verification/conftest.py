"""A world for each test to break."""

import pytest

from badgeserver.openbadges.verification import verify
from tests.openbadges.verification.world import NOW, World


@pytest.fixture
def world(private_key):
    return World(private_key)


@pytest.fixture
def verified(world):
    """Verifies in this world, at its time."""

    def run(source, *, recipient=None, now=NOW):
        return verify(source, fetch=world.fetch, now=now, recipient=recipient)

    return run
