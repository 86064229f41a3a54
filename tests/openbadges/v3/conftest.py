"""A world for each test to break."""

import pytest

from tests.openbadges.v3.world import World


@pytest.fixture
def world(private_key):
    return World(private_key)
