"""Hints that the authors of a badge mean otherwise."""

import pytest

from badges.actions.badge_classes import copy_badge_class
from badges.actions.coach import UnknownHint, dismiss_hint, restore_hint
from badges.insights.reviews import fingerprint_of
from badgeserver.audit.models import AuditEvent


def kept(badge):
    badge.refresh_from_db()
    return badge.coach_dismissed


def trail(badge):
    found = AuditEvent.objects.about(badge.pk).filter(type__startswith="badge_class.hint").order_by("pk")
    return list(found.values_list("type", "details__hint"))


def test_a_hint_is_put_away_once_and_taken_back(badge, ed, now):
    changed, said = badge.updated_at, fingerprint_of(badge)
    for _twice in range(2):
        dismiss_hint(badge_class=badge, key="tags-none", by=ed, at=now)

    assert kept(badge) == ["tags-none"]
    assert (badge.updated_at, fingerprint_of(badge)) == (changed, said)
    for _twice in range(2):
        restore_hint(badge_class=badge, key="tags-none", by=ed, at=now)
    assert kept(badge) == []
    assert trail(badge) == [
        ("badge_class.hint.dismissed", "tags-none"),
        ("badge_class.hint.restored", "tags-none"),
    ]


@pytest.mark.parametrize("key", ["name-missing", "nonsense", "", "\x00"])
def test_what_is_needed_or_unknown_cannot_be_put_away(badge, ed, now, key):
    with pytest.raises(UnknownHint):
        dismiss_hint(badge_class=badge, key=key, by=ed, at=now)

    assert (kept(badge), trail(badge)) == ([], [])


def test_a_copy_begins_anew(badge, ed, now):
    dismiss_hint(badge_class=badge, key="tags-none", by=ed, at=now)
    badge.refresh_from_db()

    assert copy_badge_class(badge_class=badge, by=ed, at=now).coach_dismissed == []
