from dataclasses import replace
from datetime import timedelta

import pytest

from assertions.sharing.card import award_card, badge_card


def facts(assertion, now, holder=""):
    return award_card(assertion, holder=holder, site="badges.example.org", at=now)


def test_card_says_when_it_was_awarded(assertion, now):
    card = facts(assertion, now)
    assert (card.title, card.issuer, card.lines, card.state, card.tone) == (
        "Forklift Safety",
        "Acme Academy",
        ("Awarded on 2 March 2026",),
        "",
        "",
    )


def test_card_names_the_holder_who_agreed(assertion, now):
    assertion.expires_at = now + timedelta(days=365)
    assert facts(assertion, now, holder="Rita Castle").lines == (
        "Awarded to Rita Castle",
        "2 March 2026, valid until 2 March 2027",
    )


def test_card_says_expired(assertion, now):
    assertion.expires_at = now + timedelta(days=365)
    card = facts(assertion, now + timedelta(days=366))
    assert (card.state, card.tone) == ("Expired on 2 March 2027", "warn")


def test_card_of_a_revoked_award_names_nobody(assertion, now):
    assertion.revoked_at = now
    card = facts(assertion, now, holder="Rita Castle")
    assert (card.lines, card.state, card.tone) == (("Awarded on 2 March 2026",), "Revoked", "bad")


def test_badge_card_says_what_holders_can_do(badge):
    card = badge_card(badge, site="badges.example.org")
    assert card.lines == ("Drives and parks a forklift without putting anybody at risk.",)


@pytest.mark.parametrize(
    "change", [{"title": "x"}, {"lines": ("x",)}, {"state": "x"}, {"tone": "bad"}, {"picture_name": "x"}, {"site": "x"}]
)
def test_version_is_another_for_every_word(assertion, now, change):
    card = facts(assertion, now)
    assert card.version == facts(assertion, now).version
    assert replace(card, **change).version != card.version
