"""The demo's planning: what it names is there, and nothing of it goes round in a circle."""

from assertions.management.demo import planning
from assertions.management.demo.programme import BADGE_BY_KEY


def test_everything_named_is_a_badge_of_the_programme():
    named = {*planning.LADDERS, *planning.LADDERS.values(), *planning.FREE_PLACES, *planning.AUDIENCE}
    named |= {*planning.RELATED, *(key for keys in planning.RELATED.values() for key in keys)}

    assert named - set(BADGE_BY_KEY) == set()


def test_ladders_go_up():
    levels = [(BADGE_BY_KEY[low].level, BADGE_BY_KEY[high].level) for low, high in planning.LADDERS.items()]

    assert [(low, high) for low, high in levels if low >= high] == []
