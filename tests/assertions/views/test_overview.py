from datetime import timedelta

import pytest
from django.urls import reverse

from assertions.models import Notice
from tests.factories.assertions import AssertionFactory, NoticeFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import PersonFactory

URL = "/o/acme/"
DAY = timedelta(days=1)


@pytest.fixture
def busy(badge, draft_badge, now, frozen):
    """An organisation with one of everything that needs somebody; returns the award whose mail was refused."""
    refused = AssertionFactory.create(
        badge_class=badge, recipient_name="Rita Castle", recipient_email="rita@x.example.org"
    )
    NoticeFactory.create(assertion=refused, handed_over_at=None, sent_at=None, problem="550 No such person")
    doubtful = AssertionFactory.create(badge_class=badge, recipient_name="Hugo Stone")
    NoticeFactory.create(assertion=doubtful, sent_at=None, handed_over_at=now - DAY)
    for name in ("Ann Fox", "Ben Fox"):
        AssertionFactory.create(
            badge_class=badge, recipient_name=name, issued_at=now - 300 * DAY, expires_at=now + 30 * DAY
        )
    AssertionFactory.create(badge_class=badge, recipient_name="Late Lee", unfinished=True, queued_at=now - DAY)
    return refused


def test_overview_says_what_needs_somebody(as_ada, busy, draft_badge):
    text = as_ada.get(URL).text

    for words in (
        "Needs you",
        "Mail refused",
        "550 No such person",
        "Mail in doubt",
        "2 people’s <b>Forklift Safety</b> ends in April",
        "<b>Crane Signals</b> waits to be published",
        "One award is not signed and mailed yet.",
    ):
        assert words in text


def test_expiring_leads_to_exactly_these_awards(as_ada, busy, badge):
    link = f"/o/acme/awards/?badge={badge.pk}&state=expiring&sort=expires"
    assert link.replace("&", "&amp;") in as_ada.get(URL).text

    lines = as_ada.get(link).context["table"].lines
    assert sorted(line.assertion.recipient_name for line in lines) == ["Ann Fox", "Ben Fox"]


def test_many_that_expire_are_told_in_one_line(as_ada, badge, now, frozen):
    for number in range(7):
        one = BadgeClassFactory.create(issuer=badge.issuer, name=f"Badge {number}")
        AssertionFactory.create(badge_class=one, issued_at=now - 300 * DAY, expires_at=now + (number + 1) * DAY)

    page = as_ada.get(URL)

    assert [one.badge_class.name for one in page.context["expiring"]] == [f"Badge {number}" for number in range(5)]
    assert "7 badges in all end for somebody soon" in page.text
    assert 'href="/o/acme/awards/?state=expiring&amp;sort=expires"' in page.text


def test_award_form_is_one_press_away(as_sam, busy, badge):
    assert f'href="{reverse("assertions:award", args=["acme", badge.pk])}"' in as_sam.get(URL).text


def test_awarder_is_not_bothered_with_drafts(as_sam, busy):
    assert "Crane Signals" not in as_sam.get(URL).text


def test_reporter_sees_numbers_and_no_person(as_nora, busy, assertion):
    response = as_nora.get(URL)

    assert response.status_code == 200
    assert "2 people’s <b>Forklift Safety</b> ends in April" in response.text
    assert "Badges in numbers" in response.text
    for secret in ("Rita", "Hugo", "Fox", "x.example.org", "mail.example.org", "550 No", "Send again", "Award a badge"):
        assert secret not in response.text


def test_reviewer_sees_awards_and_sends_nothing(as_rex, busy):
    text = as_rex.get(URL).text

    assert "Rita Castle" in text
    assert "Send again" not in text


def test_fresh_organisation_is_told_what_to_do_first(as_ada, academy):
    text = as_ada.get(URL).text

    assert "Make your first badge" in text
    assert "Needs you" not in text


def test_draft_alone_asks_to_be_published(as_ada, draft_badge):
    assert "Publish your first badge" in as_ada.get(URL).text


def test_fresh_organisation_tells_awarders_to_wait(as_sam, academy):
    assert "Nothing here yet" in as_sam.get(URL).text


def test_published_badge_that_nobody_holds(as_sam, badge):
    assert "Nothing awarded yet" in as_sam.get(URL).text


def test_mails_beyond_the_first_are_counted(as_ada, badge):
    for _number in range(7):
        NoticeFactory.create(
            assertion=AssertionFactory.create(badge_class=badge), handed_over_at=None, sent_at=None, problem="550 No"
        )

    text = as_ada.get(URL).text
    assert text.count("Mail refused") == 5
    assert "7 mails in all did not arrive for certain" in text


@pytest.mark.parametrize("number", [1, 3])
def test_overview_takes_the_same_queries_for_each_length(as_ada, badge, number, django_assert_num_queries, now, frozen):
    for _number in range(number):
        award = AssertionFactory.create(badge_class=badge, expires_at=now + 30 * DAY)
        NoticeFactory.create(assertion=award, handed_over_at=None, sent_at=None, problem="550 No")
        BadgeClassFactory.create(issuer=badge.issuer)
        BadgeClassFactory.create(issuer=badge.issuer, draft=True)
    as_ada.get(URL)

    with django_assert_num_queries(18):
        as_ada.get(URL)


@pytest.mark.parametrize("url", [URL, "/o/acme/award/"])
def test_strangers(anonymous, as_mallory, badge, url):
    assert anonymous.get(url).url == f"/accounts/login/?next={url}"
    assert as_mallory.get(url).status_code == 404


def test_every_member_may_see_the_overview(as_ada, as_ed, as_sam, as_rex, as_nora, badge):
    assert [client.get(URL).status_code for client in (as_ada, as_ed, as_sam, as_rex, as_nora)] == [200] * 5


# --- Choose a badge ------------------------------------------------------------------------------------------


def test_choice_of_badges_can_be_searched(as_sam, badge, svg_badge, draft_badge):
    def names(query):
        return [found.name for found, _url in as_sam.get("/o/acme/award/", {"q": query}).context["badges"]]

    assert names("") == ["First Aid", "Forklift Safety"]
    assert names("fork") == ["Forklift Safety"]
    assert names("crane") == []


def test_chosen_person_goes_along(as_sam, acme, badge):
    person = PersonFactory.create(organisation=acme, name="Zoe Yard")

    text = as_sam.get("/o/acme/award/", {"person": str(person.pk)}).text
    assert "Award a badge to Zoe Yard" in text
    assert f"/o/acme/badges/{badge.pk}/award/?person={person.pk}" in text


def test_only_awarders_choose(as_rex, badge):
    assert as_rex.get("/o/acme/award/").status_code == 403


def test_notice_of_a_revoked_award_needs_nobody(as_ada, badge):
    award = AssertionFactory.create(badge_class=badge, revoked=True)
    NoticeFactory.create(assertion=award, handed_over_at=None, sent_at=None, problem="Not sent: revoked first.")

    assert "Mail refused" not in as_ada.get(URL).text
    assert Notice.objects.count() == 1
