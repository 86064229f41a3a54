import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from assertions.models import Assertion, ProblemReport
from tests.factories.assertions import ProblemReportFactory
from tests.factories.badges import BadgeClassFactory

REPORT = {"kind": "NOT_MINE", "text": "I never took part.", "reply_to": "tom@mail.example.org"}
LIST = "/o/acme/reports/"


@pytest.fixture
def pages(assertion, badge, academy):
    return [
        (f"/public/assertions/{assertion.pk}", reverse("assertions:report-award", args=[assertion.pk])),
        (f"/public/badges/{badge.pk}", reverse("assertions:report-badge", args=[badge.pk])),
        (f"/public/issuers/{academy.pk}", reverse("assertions:report-issuer", args=[academy.pk])),
    ]


def test_every_public_page_leads_to_the_form_which_sets_no_cookie(pages):
    for page, form in pages:
        visitor = Client(enforce_csrf_checks=True)
        assert f'href="{form}"' in visitor.get(page, headers={"accept": "text/html"}).text

        assert visitor.get(form).status_code == 200
        answer = visitor.post(form, REPORT)
        assert (answer.status_code, answer.url) == (303, f"{form}?sent")
        assert "Thank you" in visitor.get(answer.url).text
        assert dict(visitor.cookies) == {}
    rows = ProblemReport.objects.order_by("created_at").values_list("kind", "text", "reply_to")
    assert list(rows) == [("NOT_MINE", "I never took part.", "tom@mail.example.org")] * 3


def test_revoked_award_can_be_reported_too(anonymous, assertion, pages, now):
    Assertion.objects.update(revoked_at=now, revocation_reason="Wrong person.")

    assert anonymous.post(pages[0][1], REPORT).status_code == 303


def test_draft_and_unknown_pages_are_not_there(anonymous, draft_badge, assertion):
    addresses = [
        reverse("assertions:report-badge", args=[draft_badge.pk]),
        reverse("assertions:report-award", args=[draft_badge.pk]),
        reverse("assertions:report-issuer", args=[assertion.pk]),
    ]
    assert [anonymous.post(address, REPORT).status_code for address in addresses] == [404] * 3


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": ""}, "Choose what comes closest."),
        ({"kind": "NOTHING"}, "Choose what comes closest."),
        ({"text": "  "}, "Say in a sentence what is wrong."),
        ({"text": "x" * 3_001}, "Shorten this to 3000 characters; it has 3001."),
        ({"text": "a\x00b"}, "invisible character"),
        ({"reply_to": "nobody"}, "Write the whole address"),
        ({"reply_to": "a@b.example\r\nBcc: all@example.org"}, "Write the whole address"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field(anonymous, pages, change, sentence):
    answer = anonymous.post(pages[0][1], {**REPORT, **change})

    assert (answer.status_code, sentence in answer.text, ProblemReport.objects.count()) == (422, True, 0)


def test_visitor_may_report_so_often_and_no_more(anonymous, pages):
    answers = [anonymous.post(pages[1][1], REPORT) for _time in range(6)]

    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert "That was often in a short time." in answers[-1].text
    assert "I never took part." in answers[-1].text
    assert anonymous.post(pages[1][1], REPORT, REMOTE_ADDR="192.0.2.7").status_code == 303


def test_public_pages_never_show_what_was_reported(anonymous, pages):
    for _page, form in pages:
        anonymous.post(form, REPORT)

    for page, form in pages:
        for url in (page, form):
            text = anonymous.get(url, headers={"accept": "text/html"}).text
            assert [words in text for words in ("never took part", "tom@mail")] == [False, False]


# --- Handle --------------------------------------------------------------------------------------------------


@pytest.fixture
def report(assertion):
    return ProblemReportFactory.create(
        assertion=assertion, text="<script>alert(1)</script>\nSecond line", reply_to="tom@mail.example.org"
    )


@pytest.fixture
def close(report):
    return reverse("assertions:close-report", args=["acme", report.pk])


@pytest.fixture
def reopen(report):
    return reverse("assertions:reopen-report", args=["acme", report.pk])


def test_editors_read_reports_escaped(as_ed, report):
    page = as_ed.get(LIST).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>Second line" in page
    assert "What it says is not true" in page
    assert "tom@mail.example.org" in page
    assert "<script>alert" not in page


def test_close_with_a_note_and_undo(as_ed, report, close, reopen):
    assert "Second line" in as_ed.get(close).text
    answer = as_ed.post(close, {"note": "Corrected."})
    assert answer.url == LIST
    assert [message.extra_tags for message in get_messages(answer.wsgi_request)] == [f"undo:{reopen}"]
    assert "Corrected." in as_ed.get(f"{LIST}?view=closed").text
    assert as_ed.post(close, {"note": "Again."}).status_code == 422

    assert as_ed.post(reopen).url == LIST
    assert list(ProblemReport.objects.open()) == [report]


@pytest.mark.parametrize("note", ["", "x" * 501, "\x00"])
def test_closing_needs_a_note_that_can_be_kept(as_ed, close, note):
    assert (as_ed.post(close, {"note": note}).status_code, ProblemReport.objects.closed().count()) == (422, 0)


def test_who_may_not_handle_reports_sees_none(as_mallory, as_sam, as_rex, as_nora, anonymous, close, reopen):
    for client in (as_sam, as_rex, as_nora):
        assert [client.get(LIST).status_code, client.post(close).status_code, client.post(reopen).status_code] == [
            403
        ] * 3
    assert [as_mallory.get(LIST).status_code, as_mallory.post(close, {"note": "x"}).status_code] == [404, 404]
    assert anonymous.get(LIST).url == f"/accounts/login/?next={LIST}"
    assert ProblemReport.objects.closed().count() == 0


def test_own_organisation_sees_no_reports_of_another(as_mallory, report, elsewhere_issuer):
    assert report.text not in as_mallory.get("/o/elsewhere/reports/").text
    address = reverse("assertions:close-report", args=["elsewhere", report.pk])
    assert as_mallory.post(address, {"note": "x"}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_the_same_queries_for_each_length(as_ada, assertion, academy, number, django_assert_num_queries):
    ProblemReportFactory.create_batch(number, assertion=assertion)
    ProblemReportFactory.create_batch(number, assertion=None, badge_class=BadgeClassFactory.create(issuer=academy))
    as_ada.get(LIST)

    with django_assert_num_queries(7):
        as_ada.get(LIST)
