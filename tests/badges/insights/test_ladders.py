import pytest

from badges.insights.ladders import draw, draw_public, ladder_of, ladders_of, next_level_of, related_to
from badges.models import BadgeClass
from tests.factories.badges import BadgeClassFactory


@pytest.fixture
def chain(academy):
    """Levels 1, 2 and 5, each leading to the next."""
    top = BadgeClassFactory.create(issuer=academy, name="Top", level=5)
    middle = BadgeClassFactory.create(issuer=academy, name="Middle", level=2, next_level=top)
    return [BadgeClassFactory.create(issuer=academy, name="Foot", level=1, next_level=middle), middle, top]


def _names(ladder):
    return [(rung.badge_class.name if rung.badge_class else "", rung.level) for rung in ladder.rungs]


WHOLE = [("Foot", 1), ("Middle", 2), ("", 3), ("", 4), ("Top", 5)]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_every_badge_of_a_ladder_sees_all_of_it(chain, place, django_assert_num_queries):
    with django_assert_num_queries(2):
        ladder = ladder_of(chain[place])

    assert _names(ladder) == WHOLE
    assert ladder.gaps == [3, 4]
    assert [rung.badge_class for rung in ladder.rungs if rung.is_this] == [chain[place]]


def test_a_badge_that_stands_alone_has_none(badge):
    assert ladder_of(badge) is None
    assert next_level_of(badge) is None


def test_the_world_sees_what_it_may(chain):
    BadgeClass.objects.filter(name="Middle").update(visibility="INTERNAL")

    assert _names(ladder_of(chain[0], is_public=True)) == [("Foot", 1), ("", 2), ("", 3), ("", 4), ("Top", 5)]
    BadgeClass.objects.filter(name="Top").update(status="DRAFT", published_at=None)
    assert ladder_of(chain[0], is_public=True) is None


def test_any_version_stands_for_its_badge(chain):
    foot, middle, _top = chain
    BadgeClass.objects.filter(pk=middle.pk).update(status="SUPERSEDED", superseded_at=middle.published_at)
    newer = BadgeClassFactory.create(
        issuer=middle.issuer, name="Middle, new", level=2, series=middle.series, version=2, next_level=middle.next_level
    )

    assert _names(ladder_of(foot))[1] == ("Middle, new", 2)
    assert next_level_of(foot) == newer
    foot.related_badges.add(middle, newer)
    assert related_to(foot) == [newer]


def test_all_ladders_of_an_organisation(chain, badge, acme, django_assert_num_queries):
    BadgeClassFactory.create(issuer=badge.issuer, name="Another foot", next_level=badge)

    with django_assert_num_queries(2):
        found = ladders_of(acme)

    assert [_names(one) for one in found] == [[("Another foot", None), ("Forklift Safety", None)], WHOLE]


def test_a_circle_that_came_from_elsewhere_ends(chain):
    foot, _middle, top = chain
    BadgeClass.objects.filter(pk=top.pk).update(next_level=foot)

    assert len(ladder_of(foot).badges) == 3
    assert ladders_of(foot.issuer.organisation) == []


def test_rungs_are_drawn_for_members_and_for_the_world(chain, acme):
    foot = chain[0]

    inside, outside = draw(ladder_of(foot), acme), draw_public(ladder_of(foot))

    assert (inside[0].url, inside[2].is_gap) == (f"/o/acme/badges/{foot.pk}/", True)
    assert (outside[0].url, outside[0].image_url) == (f"/public/badges/{foot.pk}", f"/public/badges/{foot.pk}/image")
    assert draw(None, acme) == []
