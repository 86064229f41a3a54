import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse

from assertions.models import Assertion, Evidence, Notice
from badgeserver.audit.models import AuditEvent
from tests.factories.assertions import AssertionFactory, EvidenceFactory, NoticeFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import DepartmentFactory, PersonFactory

DAY = timedelta(days=1)
EVIDENCE = {"evidence-TOTAL_FORMS": "2", "evidence-INITIAL_FORMS": "0"}
TYPED = {"email": "rita@mail.example.org", "issued_on": "2026-03-02", "expiry": "badge", **EVIDENCE}


def _url(name, thing):
    return reverse(f"assertions:{name}", args=["acme", thing.pk])


def _said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def zoe(acme):
    return PersonFactory.create(
        organisation=acme,
        name="Zoe Yard",
        email="zoe@x.example.org",
        job_title="Crane Operator",
        department=DepartmentFactory.create(organisation=acme, name="Yard"),
    )


# --- Award: the six tests of a door -----------------------------------------------------------------------------


def test_awarder_awards(as_sam, sam, badge, frozen, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_sam.post(_url("award", badge), {**TYPED, "name": "Rita Castle"})

    awarded = Assertion.objects.get()
    assert (response.status_code, response.url) == (302, f"{_url('detail', awarded)}?new")
    assert (awarded.badge_class, awarded.recipient_name, awarded.awarded_by) == (badge, "Rita Castle", sam)
    assert [message.to for message in mail.outbox] == [["rita@mail.example.org"]]


def test_opening_the_form_awards_nothing(as_sam, badge):
    assert as_sam.get(_url("award", badge), TYPED).status_code == 200
    assert (Assertion.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_anonymous_is_sent_to_sign_in(anonymous, badge):
    response = anonymous.post(_url("award", badge), TYPED)

    assert (response.status_code, response.url.split("?")[0]) == (302, "/accounts/login/")
    assert Assertion.objects.count() == 0


def test_mallory_finds_nothing(as_mallory, badge):
    assert as_mallory.post(_url("award", badge), TYPED).status_code == 404
    assert as_mallory.post(reverse("assertions:award", args=["elsewhere", badge.pk]), TYPED).status_code == 404
    assert Assertion.objects.count() == 0


def test_reviewer_may_not_award(as_rex, as_nora, badge):
    assert [client.post(_url("award", badge), TYPED).status_code for client in (as_rex, as_nora)] == [403, 403]
    assert Assertion.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "rita"}, "This is not a whole e-mail address. Write it like rita@example.org."),
        ({"email": "\x00"}, "This is not a whole e-mail address. Write it like rita@example.org."),
        ({"issued_on": "2026-03-03"}, "The award lies in the future. Choose today or an earlier day."),
        ({"expiry": "day", "expires_on": "2026-03-01"}, "The badge would end before it was awarded."),
        ({"expiry": "day", "expires_on": "9999-12-31"}, "The last day lies more than a lifetime ahead."),
        ({"narrative": "x" * 10_001}, "This text has 10,001 characters; 10,000 fit."),
        ({"evidence-0-name": "Log"}, "Give a web address, a text, or both; a title alone shows nothing."),
        ({"evidence-0-url": "no address"}, "This is not a web address."),
        ({"evidence-TOTAL_FORMS": "x"}, "The evidence did not arrive whole. Please send the form again."),
    ],
)
def test_invalid_input_says_why_and_keeps_the_rest(as_sam, badge, frozen, changes, sentence):
    response = as_sam.post(_url("award", badge), {**TYPED, "name": "Rita Castle", **changes})

    assert response.status_code == 422
    assert sentence in response.text
    assert 'value="Rita Castle"' in response.text
    assert (Assertion.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_ten_megabytes_are_refused_politely(as_sam, badge, frozen):
    response = as_sam.post(_url("award", badge), {**TYPED, "narrative": "x" * 10 * 1024 * 1024})

    assert (response.status_code, Assertion.objects.count()) == (422, 0)


# --- Award: the rest -------------------------------------------------------------------------------------------


def test_award_with_story_and_evidence(as_sam, badge, frozen):
    as_sam.post(
        _url("award", badge),
        {
            **TYPED,
            "narrative": "**Well** done",
            "evidence-0-url": "work.example.org/1",
            "evidence-0-name": "Log",
            "evidence-0-genre": "Log book",
            "evidence-0-audience": "The crew",
            "evidence-0-description": "Six weeks.",
            "evidence-1-narrative": "Seen",
        },
    )

    made = Assertion.objects.get()
    assert made.narrative == "**Well** done"
    names = ["url", "name", "narrative", "description", "genre", "audience"]
    assert list(Evidence.objects.values_list(*names)) == [
        ("https://work.example.org/1", "Log", "", "Six weeks.", "Log book", "The crew"),
        ("", "", "Seen", "", "", ""),
    ]
    page = as_sam.get(reverse("assertions:detail", args=["acme", made.pk])).text
    assert "<span>Log book</span><span>For The crew</span>" in page


def test_award_for_an_earlier_day_and_until_another(as_sam, badge, frozen):
    as_sam.post(_url("award", badge), {**TYPED, "issued_on": "2026-02-01", "expiry": "day", "expires_on": "2026-12-31"})

    awarded = Assertion.objects.get()
    assert awarded.issued_at == datetime(2026, 2, 1, 12, tzinfo=UTC)
    assert awarded.expires_at == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_name_comes_from_the_people_list(as_sam, badge, zoe, frozen):
    as_sam.post(_url("award", badge), {**TYPED, "email": "ZOE@x.example.org"})

    assert Assertion.objects.get().recipient_name == "Zoe Yard"


def test_duplicate_is_pointed_out_and_can_be_meant(as_sam, badge, assertion, frozen):
    refused = as_sam.post(_url("award", badge), TYPED)

    assert refused.status_code == 422
    assert "This person holds “Forklift Safety” already, since 2 March 2026." in refused.text
    confirmation = re.search(r'name="(again_for)" value="([^"]+)">Award it again<', refused.text)
    assert Assertion.objects.count() == 1

    meant = as_sam.post(_url("award", badge), {**TYPED, confirmation[1]: confirmation[2]})

    assert meant.status_code == 302
    assert Assertion.objects.count() == 2


def test_confirmation_counts_for_one_address(as_sam, badge, assertion, frozen):
    AssertionFactory.create(badge_class=badge, recipient_email="other@mail.example.org")

    response = as_sam.post(
        _url("award", badge), {**TYPED, "email": "other@mail.example.org", "again_for": "rita@mail.example.org"}
    )

    assert response.status_code == 422
    assert Assertion.objects.count() == 2


def test_draft_leads_back_to_its_page(as_sam, draft_badge):
    response = as_sam.get(_url("award", draft_badge))

    assert response.url == reverse("badges:detail", args=["acme", draft_badge.pk])
    assert _said(response) == ["Only published badges can be awarded. Publish this one first."]


def test_person_of_a_link_is_filled_in(as_sam, badge, zoe, elsewhere):
    stranger = PersonFactory.create(organisation=elsewhere, email="stranger@x.example.org")

    assert 'value="zoe@x.example.org"' in as_sam.get(f"{_url('award', badge)}?person={zoe.pk}").text
    for person in (stranger.pk, "nonsense", "%00"):
        assert "@x.example.org" not in as_sam.get(f"{_url('award', badge)}?person={person}").text


# --- Parts of the form -----------------------------------------------------------------------------------------


def test_people_are_suggested(as_sam, badge, zoe):
    AssertionFactory.create(badge_class=badge, recipient_email="zoe@x.example.org")

    text = as_sam.post(_url("award-people", badge), {"email": "crane"}).text
    assert 'data-email="zoe@x.example.org" data-name="Zoe Yard"' in text
    assert "Crane Operator, Yard" in text
    assert "Holds it" in text


@pytest.mark.parametrize("typed", ["", "nobody", "\x00", "x" * 5000, "'\"<script>"])
def test_what_nobody_is_called_suggests_nobody(as_sam, badge, zoe, typed):
    response = as_sam.post(_url("award-people", badge), {"email": typed})

    assert (response.status_code, response.text.strip()) == (200, "")


def test_preview_says_who_gets_what_until_when(as_sam, badge, zoe, frozen):
    badge.validity, badge.validity_months = "MONTHS", 24
    badge.save()

    text = as_sam.post(
        _url("award-preview", badge), {"email": "zoe@x.example.org", "issued_on": "2026-01-31", "expiry": "badge"}
    ).text

    for words in (
        "Zoe Yard",
        "31 January 2026",
        "until 31 January 2028",
        "2 years after the award: until 31 January 2028",
    ):
        assert words in text


def test_preview_points_a_duplicate_out(as_sam, badge, assertion):
    text = as_sam.post(_url("award-preview", badge), {"email": "RITA@mail.example.org"}).text

    assert "holds this badge since 2 March 2026" in text


@pytest.mark.parametrize(
    "query", [{}, {"email": "\x00", "issued_on": "\x00", "expiry": "x", "expires_on": "9999-99-99"}]
)
def test_preview_of_nonsense_says_nothing(as_sam, badge, query):
    response = as_sam.post(_url("award-preview", badge), query)

    assert response.status_code == 200
    assert "Nobody yet" in response.text


@pytest.mark.parametrize("name", ["award-people", "award-preview"])
def test_parts_are_for_awarders(as_rex, as_mallory, anonymous, badge, name):
    assert as_rex.post(_url(name, badge)).status_code == 403
    assert as_mallory.post(_url(name, badge)).status_code == 404
    assert anonymous.post(_url(name, badge)).status_code == 302
    assert anonymous.get(_url(name, badge)).status_code == 405


# --- The page of an award ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_page_of_an_award_takes_the_same_queries_however_much_belongs_to_it(
    as_ada, acme, assertion, number, django_assert_num_queries
):
    EvidenceFactory.create_batch(number, assertion=assertion)
    if number > 1:
        NoticeFactory.create(assertion=assertion, kind=Notice.Kind.REVOCATION)
        NoticeFactory.create(assertion=assertion, kind=Notice.Kind.RESTORED)
    url = reverse("assertions:detail", args=[acme.slug, assertion.pk])
    as_ada.get(url)

    with django_assert_num_queries(11):
        as_ada.get(url)


# --- One award -------------------------------------------------------------------------------------------------


def test_detail_says_everything(as_rex, assertion):
    EvidenceFactory.create(assertion=assertion, position=0, name="Log", url="https://work.example.org/1", narrative="")
    Assertion.objects.update(narrative="**Well** done")

    text = as_rex.get(_url("detail", assertion)).text

    for words in (
        "Rita Castle",
        "rita@mail.example.org",
        "2 March 2026",
        "<strong>Well</strong> done",
        'href="https://work.example.org/1"',
        f"http://badges.example.org/public/assertions/{assertion.pk}",
        f"/public/assertions/{assertion.pk}/image.png",
        f"/public/assertions/{assertion.pk}.jws",
        "Awarded “Forklift Safety”",
        "Mail sent to rita@mail.example.org",
    ):
        assert words in text
    assert "Revoke…" not in text  # Rex reviews


def test_detail_right_after_the_award_says_what_comes_next(as_sam, assertion, badge):
    text = as_sam.get(f"{_url('detail', assertion)}?new").text

    assert "Rita Castle has earned Forklift Safety" in text
    assert "Award to somebody else" in text
    assert f'href="{_url("award", badge)}"' in text


def test_revoked_award_shows_its_reason_and_no_picture(as_sam, assertion, now):
    Assertion.objects.update(revoked_at=now, revocation_reason="Wrong person")

    text = as_sam.get(_url("detail", assertion)).text
    assert "Wrong person" in text
    assert "/image.png" not in text
    assert "Revoke…" not in text


def test_markdown_of_a_story_is_scrubbed(as_sam, assertion):
    Assertion.objects.update(narrative="<script>alert(1)</script> [x](javascript:alert(1))")

    text = as_sam.get(_url("detail", assertion)).text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text


def test_detail_is_closed_to_reporters_and_strangers(as_nora, as_mallory, anonymous, assertion):
    for name in ("detail", "progress"):
        url = _url(name, assertion)
        assert as_nora.get(url).status_code == 403
        assert as_mallory.get(url).status_code == 404
        assert as_mallory.get(url.replace("/acme/", "/elsewhere/")).status_code == 404
        assert anonymous.get(url).status_code == 302


def test_progress_asks_again_until_all_is_done(as_sam, badge, now, frozen):
    award = AssertionFactory.create(badge_class=badge, unfinished=True)
    notice = NoticeFactory.create(assertion=award, handed_over_at=None, sent_at=None)
    assert 'hx-trigger="every 2s"' in as_sam.get(_url("progress", award)).text

    Assertion.objects.update(finished_at=now, jws="x.y.z")
    assert 'hx-trigger="every 2s"' in as_sam.get(_url("progress", award)).text

    Notice.objects.filter(pk=notice.pk).update(handed_over_at=now, sent_at=now)
    assert "hx-trigger" not in as_sam.get(_url("progress", award)).text


def test_progress_that_is_late_stops_asking_and_says_why(as_sam, badge, now, frozen):
    award = AssertionFactory.create(badge_class=badge, unfinished=True)
    frozen.shift(timedelta(minutes=6))

    text = as_sam.get(_url("progress", award)).text
    assert "hx-trigger" not in text
    assert "This takes longer than it should." in text


# --- Send a mail again: the six tests of a door -------------------------------------------------------------------


@pytest.fixture
def refused(assertion):
    """The award mail, refused by the mail server."""
    Notice.objects.update(handed_over_at=None, sent_at=None, problem="550 No such person")
    return Notice.objects.get()


def _again(notice, organisation="acme"):
    return reverse("assertions:send-again", args=[organisation, notice.assertion_id, notice.pk])


def test_mail_is_sent_again(as_sam, refused, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        response = as_sam.post(_again(refused))

    assert response.url == _url("detail", refused.assertion)
    assert _said(response) == ["The mail to rita@mail.example.org is on its way again."]
    assert len(mail.outbox) == 1


def test_sending_again_from_the_overview_leads_back_there(as_sam, refused):
    assert as_sam.post(_again(refused), {"from_overview": "1"}).url == "/o/acme/"


def test_sending_again_refuses_get(as_sam, refused):
    assert as_sam.get(_again(refused)).status_code == 405
    assert Notice.objects.get().problem == "550 No such person"


def test_sending_again_is_closed_to_others(as_rex, as_mallory, anonymous, refused):
    assert as_rex.post(_again(refused)).status_code == 403
    assert as_mallory.post(_again(refused)).status_code == 404
    assert as_mallory.post(_again(refused, "elsewhere")).status_code == 404
    assert anonymous.post(_again(refused)).status_code == 302
    assert Notice.objects.get().problem == "550 No such person"


def test_mail_that_was_sent_is_not_sent_again(as_sam, assertion):
    response = as_sam.post(_again(assertion.notices.get()))

    assert _said(response) == ["This mail was sent, or is about to be. There is nothing to send again."]


def test_mail_of_another_award_is_not_found(as_sam, refused, badge):
    other = AssertionFactory.create(badge_class=badge)

    assert as_sam.post(reverse("assertions:send-again", args=["acme", other.pk, refused.pk])).status_code == 404
    assert as_sam.post(reverse("assertions:send-again", args=["acme", other.pk, 10**30])).status_code == 404


def test_badge_of_another_organisation_is_not_awarded(as_sam, elsewhere_issuer):
    stranger = BadgeClassFactory.create(issuer=elsewhere_issuer)

    assert as_sam.post(_url("award", stranger), TYPED).status_code == 404
