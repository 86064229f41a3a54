"""Publish a version and invite its holders: each door with the same six tests; and what holders and awarders see."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from assertions.actions.invitations import publish_and_invite
from assertions.models import Assertion, Notice
from badges.actions.badge_classes import archive_badge_class
from badges.actions.reviews import approve_badge, ask_for_review
from badges.actions.versions import make_next_version
from badges.insights.reviews import fingerprint_of
from badges.models import BadgeClass, BadgeTranslation
from tests.factories.assertions import AssertionFactory

PUBLISHING = {"change_note": "Stacking at six metres.", "invites": "yes"}


@pytest.fixture
def draft(assertion, badge, ed, now) -> BadgeClass:
    return make_next_version(badge_class=badge, by=ed, at=now)


@pytest.fixture
def second(draft, ed, now) -> BadgeClass:
    return publish_and_invite(badge_class=draft, change_note="Stacking.", invites=False, by=ed, at=now)[0]


def url(name, pk, organisation="acme"):
    return reverse(f"assertions:{name}", args=[organisation, pk])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def invited():
    return Notice.objects.filter(kind="UPGRADE").count()


# --- The doors -----------------------------------------------------------------------------------------------


def test_editor_publishes_and_invites(as_ed, draft, badge):
    response = as_ed.post(url("publish-version", draft.pk), PUBLISHING)

    draft.refresh_from_db()
    assert (response.status_code, response.url) == (302, reverse("badges:detail", args=["acme", draft.pk]))
    assert said(response) == ["Version 2 published. It is awarded from now on. 1 person gets a mail."]
    assert (draft.status, draft.change_note, invited()) == ("PUBLISHED", "Stacking at six metres.", 1)


def test_whoever_needs_a_second_person_can_ask_for_one_here(acme, as_ed, as_rex, rex, ed, draft, now):
    acme.four_eyes = True
    acme.save()
    ask = reverse("badges:ask-review", args=["acme", draft.pk])

    page = as_ed.get(url("publish-version", draft.pk)).text
    assert (f'href="{ask}"' in page, "Publish version 2</button>" in page) == (True, False)
    refused = as_ed.post(url("publish-version", draft.pk), PUBLISHING)
    assert (refused.status_code, f'href="{ask}"' in refused.text) == (422, True)
    assert "Stacking at six metres." in refused.text

    review = ask_for_review(badge_class=draft, by=ed, at=now)
    page = as_ed.get(url("publish-version", draft.pk)).text
    assert (f'href="{ask}"' in page, "Publish version 2</button>" in page) == (False, False)
    assert "Ed Novak asked on 2 March 2026." in page

    approve_badge(review=review, seen=fingerprint_of(draft), by=rex, at=now)
    assert "Publish version 2</button>" in as_ed.get(url("publish-version", draft.pk)).text
    as_ed.post(url("publish-version", draft.pk), PUBLISHING)
    draft.refresh_from_db()
    assert draft.status == "PUBLISHED"


def test_editor_publishes_and_tells_nobody(as_ed, draft):
    response = as_ed.post(url("publish-version", draft.pk), {**PUBLISHING, "invites": "no"})

    assert said(response) == ["Version 2 published. It is awarded from now on."]
    assert invited() == 0


def test_page_shows_what_changes_and_how_many_are_told(as_ed, draft, badge):
    AssertionFactory.create(badge_class=badge)
    BadgeClass.objects.filter(pk=draft.pk).update(name="Forklift Safety II")

    page = as_ed.get(url("publish-version", draft.pk))

    assert page.status_code == 200
    assert page.context["comparison"].changed == ["Name"]
    assert page.context["people"] == 2
    assert "2 people hold an earlier version and not this one." in page.text


def test_page_asks_nothing_about_holders_when_there_are_none(as_ed, draft, assertion):
    Assertion.objects.filter(pk=assertion.pk).update(revoked_at=assertion.issued_at, revocation_reason="Mistake.")

    page = as_ed.get(url("publish-version", draft.pk))
    response = as_ed.post(url("publish-version", draft.pk), {"change_note": "New."})

    assert "Nobody holds an earlier version" in page.text
    assert response.status_code == 302


def test_page_tells_what_to_look_at_first(as_ed, assertion, badge, ed, ada, now):
    words = {"name": "Stapler", "description": "Fährt sicher.", "created_at": now, "updated_at": now}
    later = now + timedelta(days=1)
    BadgeTranslation.objects.create(badge_class=badge, language="de", **words)
    draft = make_next_version(badge_class=badge, by=ed, at=later)
    BadgeClass.objects.filter(pk=draft.pk).update(description="", name="Other")
    archive_badge_class(badge_class=badge, by=ada, at=now)
    as_ed.post(
        reverse("badges:correct", args=["acme", badge.pk]),
        {
            "name": "Forklift Safty",
            "description": badge.description,
            "criteria_narrative": badge.criteria_narrative,
            "image_alt": badge.image_alt,
            "note": "A slip.",
            "act": "correct",
        },
    )

    page = as_ed.get(url("publish-version", draft.pk)).text

    assert "Say in a sentence or two what its holder can do." in page
    assert "Version 1 was corrected after this draft was begun." in page
    assert "A slip." in page
    assert "The badge is archived." in page
    assert reverse("badges:translate", args=["acme", draft.pk, "de"]) in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"change_note": ""}, "Say in a sentence or two what is new"),
        ({"change_note": "x" * 501}, "Shorten this to 500 characters"),
        ({"change_note": "a\x00b"}, "invisible character"),
        ({"change_note": "Ask ed@acme.example.org"}, "leave out e-mail addresses"),
        ({"invites": ""}, "Choose whether holders get a mail."),
        ({"invites": "perhaps"}, "Choose whether holders get a mail."),
        ({"seen": "2020-01-01T00:00:00+00:00"}, "Somebody else saved this badge"),
    ],
)
def test_publication_says_what_is_wrong(as_ed, draft, changes, sentence):
    response = as_ed.post(url("publish-version", draft.pk), {**PUBLISHING, **changes})

    assert response.status_code == 422
    assert sentence in response.text
    draft.refresh_from_db()
    assert (draft.status, invited()) == ("DRAFT", 0)


def test_publication_of_an_unfinished_draft_says_what_is_missing(as_ed, draft):
    BadgeClass.objects.filter(pk=draft.pk).update(description="")

    response = as_ed.post(url("publish-version", draft.pk), PUBLISHING)

    assert response.status_code == 422
    assert "Say in a sentence or two what its holder can do." in response.text


def test_there_is_nothing_to_publish_or_to_invite_to(as_ed, second, badge, draft_badge):
    for pk in (second.pk, badge.pk, draft_badge.pk):
        assert as_ed.get(url("publish-version", pk)).status_code == 409
        assert as_ed.post(url("publish-version", pk), PUBLISHING).status_code == 409
    for pk in (badge.pk, draft_badge.pk):
        assert as_ed.get(url("invite-holders", pk)).status_code == 409


def test_editor_invites_later(as_ed, second):
    page = as_ed.get(url("invite-holders", second.pk))
    response = as_ed.post(url("invite-holders", second.pk))
    again = as_ed.post(url("invite-holders", second.pk))

    assert "Invite 1 person" in page.text
    assert said(response)[-1] == "1 person gets a mail."
    assert said(again)[-1] == "Everybody is invited already."
    assert "Nobody is left to invite" in as_ed.get(url("invite-holders", second.pk)).text
    assert invited() == 1


@pytest.mark.parametrize("door", ["publish-version", "invite-holders"])
def test_strangers_are_sent_to_sign_in(anonymous, draft, door):
    for response in (anonymous.get(url(door, draft.pk)), anonymous.post(url(door, draft.pk), PUBLISHING)):
        assert (response.status_code, response.url.startswith(reverse("account_login"))) == (302, True)


@pytest.mark.parametrize("door", ["publish-version", "invite-holders"])
def test_members_of_another_organisation_find_nothing(as_mallory, elsewhere, draft, door):
    for organisation in ("acme", "elsewhere"):
        assert as_mallory.post(url(door, draft.pk, organisation), PUBLISHING).status_code == 404


@pytest.mark.parametrize("door", ["publish-version", "invite-holders"])
def test_awarders_may_not(as_sam, draft, door):
    assert as_sam.post(url(door, draft.pk), PUBLISHING).status_code == 403
    draft.refresh_from_db()
    assert (draft.status, invited()) == ("DRAFT", 0)


# --- Award the current version -------------------------------------------------------------------------------


def test_award_of_an_earlier_version_offers_the_current_one(as_sam, second, assertion):
    page = as_sam.get(url("detail", assertion.pk)).text

    assert f"{url('award', second.pk)}?holder={assertion.pk}" in page
    assert "Award version 2 to this person" in page
    assert "Current is version 2." in page


def test_award_form_knows_the_holder_without_an_address_in_the_link(as_sam, second, assertion):
    page = as_sam.get(url("award", second.pk), {"holder": str(assertion.pk)})

    assert page.context["form"].initial["email"] == "rita@mail.example.org"
    assert "Rita Castle holds version 1 of this badge since" in page.text


@pytest.mark.parametrize("holder", ["x", "\x00", "00000000-0000-4000-8000-000000000000"])
def test_unknown_holder_is_nobody(as_sam, second, holder):
    assert "email" not in as_sam.get(url("award", second.pk), {"holder": holder}).context["form"].initial


def test_holder_of_another_organisation_is_nobody(as_sam, second, elsewhere_issuer):
    foreign = AssertionFactory.create(badge_class__issuer=elsewhere_issuer)

    assert "email" not in as_sam.get(url("award", second.pk), {"holder": str(foreign.pk)}).context["form"].initial


def test_link_to_an_earlier_version_leads_to_the_current_one(as_sam, second, badge, assertion):
    response = as_sam.get(url("award", badge.pk), {"holder": str(assertion.pk), "other": "x"})

    assert response.url == f"{url('award', second.pk)}?holder={assertion.pk}"
    assert said(response) == ["Version 1 is no longer awarded. This is version 2."]
    assert as_sam.get(url("award", badge.pk)).url == url("award", second.pk)


def test_form_that_was_open_when_the_version_changed_comes_back_whole(as_sam, second, badge):
    evidence = {"evidence-TOTAL_FORMS": "0", "evidence-INITIAL_FORMS": "0"}
    typed = {"email": "ben@mail.example.org", "name": "Ben", "issued_on": "2026-03-02", "expiry": "badge", **evidence}

    response = as_sam.post(url("award", badge.pk), typed)

    assert response.status_code == 422
    assert "Version 2 took its place while you had this form open." in response.text
    assert 'value="ben@mail.example.org"' in response.text
    assert f'action="{url("award", second.pk)}"' in response.text
    assert Assertion.objects.filter(recipient_key="ben@mail.example.org").count() == 0


def test_current_version_is_awarded_to_the_holder_of_an_earlier_one(as_sam, second, assertion):
    evidence = {"evidence-TOTAL_FORMS": "0", "evidence-INITIAL_FORMS": "0"}
    typed = {"email": "rita@mail.example.org", "issued_on": "2026-03-02", "expiry": "badge", **evidence}

    assert as_sam.post(url("award", second.pk), typed).status_code == 302
    awards = Assertion.objects.of_recipient(["rita@mail.example.org"]).order_by("badge_class__version")
    assert [one.badge_class.version for one in awards] == [1, 2]
    again = as_sam.post(url("award", second.pk), typed)
    assert "This person holds version 2 of “Forklift Safety” already" in again.text
    assert "Award version 2 to this person" not in as_sam.get(url("detail", assertion.pk)).text


def test_people_search_tells_who_holds_an_earlier_version(as_sam, second, assertion):
    page = as_sam.post(url("award-people", second.pk), {"email": "rita"})

    assert "Holds version 1" in page.text


def test_list_of_awards_stands_for_all_versions(as_sam, second, badge):
    AssertionFactory.create(badge_class=second)

    def shown(pk) -> int:
        return len(as_sam.get(reverse("assertions:list", args=["acme"]), {"badge": str(pk)}).context["table"].lines)

    assert (shown(second.pk), shown(badge.pk)) == (2, 1)
    options = as_sam.get(reverse("assertions:list", args=["acme"])).text
    assert options.count(">Forklift Safety<") == 3  # one choice, two rows


# --- Holders -------------------------------------------------------------------------------------------------


def test_holder_sees_the_invitation(as_rita, rita, draft, assertion, ed, now):
    publish_and_invite(badge_class=draft, change_note="Stacking.", invites=True, by=ed, at=now)

    assert "Version 2 is here" in as_rita.get(reverse("assertions:mine")).text
    page = as_rita.get(reverse("assertions:my-badge", args=[assertion.pk])).text
    assert "You are invited to earn version 2." in page
    assert "stays valid as it is" in page


def test_holder_who_is_not_invited_is_told_on_the_badge_alone(as_rita, second, assertion):
    assert "Version 2 is here" not in as_rita.get(reverse("assertions:mine")).text
    assert (
        "There is a version 2 of this badge." in as_rita.get(reverse("assertions:my-badge", args=[assertion.pk])).text
    )


def test_overview_names_the_draft_of_a_version(as_ed, draft):
    assert (
        "Version 2 of <b>Forklift Safety</b> waits to be published"
        in as_ed.get(reverse("assertions:overview", args=["acme"])).text
    )
