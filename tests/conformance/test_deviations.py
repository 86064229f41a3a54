"""Where the validators of Open Badges 2.0 deviate from its text: the proof of each line in `docs/standard.md`.

Each test shows what they do, not what we do: when one fails because a validator has become better, its line in
the document goes. Next to some of them stands `but`, the nearest badge that they do judge rightly.
"""

from collections.abc import Callable

import pytest

from tests.conformance.judge import Verdict

pytestmark = pytest.mark.conformance


@pytest.fixture
def said(tried) -> Callable[..., list[Verdict]]:
    """`said(name, …)`: what the validators say of these trials, in that order."""
    return lambda *names: [tried[name].theirs for name in names]


def accepted(verdicts: list[Verdict]) -> list[bool]:
    return [verdict.valid for verdict in verdicts]


def complaint(verdict: Verdict, words: str) -> bool:
    """Whether every validator refuses, for that reason."""
    return verdict.refused and all(
        any(words in error for error in opinion.errors) for opinion in verdict.opinions.values()
    )


# --- What they overlook ----------------------------------------------------------------------------------------


def test_revocation_list_of_one_entry_is_not_read(said):
    but, alone, as_text = said(
        "signed, revoked among others", "signed, revoked alone", "signed, revoked alone, as text"
    )

    assert complaint(but, "has been revoked")
    assert accepted([alone, as_text]) == [True, True]


def test_old_uid_in_a_revocation_list_is_not_read(said):
    assert accepted(said("signed, revoked by its old uid")) == [True]


def test_status_of_an_answer_is_not_looked_at(said):
    names = [
        *("complete, but gone", "complete, but not found", "complete, but the server is broken"),
        *("badge class gone", "issuer gone", "signed, key gone"),
    ]
    but, *verdicts = said("gone, nothing but a note", *names)

    assert but.refused
    assert accepted(verdicts) == [True] * 6


def test_revoked_in_a_complete_award_is_not_read(said):
    assert accepted(said("complete, but says revoked")) == [True]


def test_owner_of_a_key_is_not_checked(said):
    but, other, none = said("signed, key not listed", "signed, key of another owner", "signed, key without owner")

    assert but.refused
    assert accepted([other, none]) == [True, True]


def test_origin_of_a_badge_class_is_not_checked(said):
    """And so a signed award may name the badge of a famous issuer, which lists the same key."""
    but, *verdicts = said(
        "on another host",
        "badge class on another host",
        "signed, badge class on another host",
        "signed, badge class of a famous issuer",
    )

    assert complaint(but, "not hosted in allowed origins")
    assert accepted(verdicts) == [True, True, True]


def test_other_algorithms_and_weak_keys_are_accepted(said):
    but, *verdicts = said("signed by nobody", "signed with RS512", "signed with a key of 1024 bits")

    assert but.refused
    assert accepted(verdicts) == [True, True]


def test_demands_in_a_header_are_ignored(said):
    assert accepted(said("signed, with demands in its header")) == [True]


def test_beginning_of_an_address_has_no_boundary(said):
    but, *verdicts = said("beginning otherwise", "look-alike host", "prefix within a word")

    assert complaint(but, "does not start with")
    assert accepted(verdicts) == [True, True]


def test_required_members_that_are_not_asked_for(said):
    names = [
        *("issuer without e-mail", "recipient without type", "badge class without type", "issuer without type"),
        *("badge class without id", "criteria that say nothing", "name of blanks", "verified in an unknown way"),
    ]

    assert accepted(said(*names)) == [True] * 8


def test_member_said_twice_is_not_noticed(said):
    assert accepted(said("a member said twice")) == [True]


def test_picture_that_is_not_there_is_noticed_by_one_of_them(said):
    for verdict in said("picture not there", "picture is a JPEG"):
        assert {name: opinion.valid for name, opinion in verdict.opinions.items()} == {
            "official": True,
            "badgecheck": False,
        }


def test_endorsement_may_be_of_something_else(said):
    assert accepted(said("endorsement of something else")) == [True]


# --- What they refuse ------------------------------------------------------------------------------------------


def test_two_keys_in_a_profile_are_refused(said):
    hosted, signed = said("two keys", "signed, two keys")

    assert complaint(hosted, "publicKey")
    assert complaint(signed, "publicKey")


def test_two_beginnings_are_refused(said):
    but, verdict = said("beginning as the issuer says", "two beginnings")

    assert but.valid
    assert complaint(verdict, "startsWith")


def test_origin_with_a_port_is_refused(said):
    but, verdict = said("allowed on another host", "origin with a port")

    assert but.valid
    assert complaint(verdict, "allowedOrigins")


def test_dead_link_to_a_key_breaks_a_hosted_badge(said):
    assert [verdict.refused for verdict in said("hosted, key not there")] == [True]


def test_dead_link_to_an_endorsement_breaks_a_badge(said):
    but, verdict = said("with an endorsement", "endorsement lost")

    assert but.valid
    assert verdict.refused


def test_signed_badge_has_to_name_its_key(said):
    (verdict,) = said("signed, without creator")

    assert complaint(verdict, "VERIFY_JWS")


def test_key_inside_a_profile_is_not_understood(said):
    assert [verdict.refused for verdict in said("embedded key")] == [True]


def test_second_type_of_an_award_is_refused(said):
    assert [verdict.refused for verdict in said("two types")] == [True]


def test_extension_that_cannot_be_resolved_breaks_a_badge(said):
    but, *verdicts = said(
        "with an extension",
        "extension that cannot be reached",
        "extension of an unknown type",
        "extension Accessibility as published",
        "extension OriginalCreator as published",
    )

    assert but.valid
    assert [complaint(verdict, "Could not determine extension type") for verdict in verdicts] == [True] * 4


def test_address_of_the_recipient_is_compared_letter_by_letter(said):
    but, verdict = said("hosted", "address in another case")

    assert but.valid
    assert complaint(verdict, "VERIFY_RECIPIENT_IDENTIFIER")


def test_clocks_must_not_differ(said):
    assert [verdict.refused for verdict in said("a clock four minutes fast")] == [True]


def test_address_that_answers_with_a_signature_is_not_understood(said):
    assert [verdict.refused for verdict in said("address of a signed badge")] == [True]


def test_byte_order_mark_is_too_much_for_one_of_them(said):
    (verdict,) = said("mark before the text")

    assert {name: opinion.valid for name, opinion in verdict.opinions.items()} == {
        "official": False,
        "badgecheck": True,
    }


# --- What has become better ------------------------------------------------------------------------------------


def test_hosted_badge_in_an_svg_is_read_by_the_current_bakery(said):
    """With bakery 1.2.4 the official validator failed on each; with 2.0.0, which is pinned here, it does not."""
    assert accepted(said("hosted, in an SVG")) == [True]
