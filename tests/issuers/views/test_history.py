from datetime import timedelta

import pytest
from django.db import transaction

from badgeserver.audit.log import record
from issuers.views.history import HISTORY
from tests.factories.assertions import AssertionFactory
from tests.factories.issuers import ApiTokenFactory, InvitationFactory

URL = "/o/acme/history/"


@pytest.fixture
def happened(acme, ada, now):
    """Write an event of Acme into the trail."""

    def write(event, *, subject=None, by=ada, at=now, **details: object):
        with transaction.atomic():
            return record(event, by=by, at=at, subject=subject or acme, organisation_id=acme.pk, details=details)

    return write


def rows(response) -> list[tuple[str, str, str]]:
    return [(row.said.sentence, row.event.actor_name, row.url) for row in response.context["table"].lines]


def test_history_says_who_did_what(as_ada, happened, academy, now):
    happened("organisation.created")
    happened("issuer.created", subject=academy, at=now + timedelta(hours=1))
    happened("assertion.awarded", by=None, at=now + timedelta(hours=2), badge="Forklift")

    response = as_ada.get(URL)

    assert rows(response) == [
        ("Awarded “Forklift”", "", ""),
        ("Created the issuer Acme Academy", "Ada Osei", f"/o/acme/issuers/{academy.pk}/"),
        ("Created the organisation Acme", "Ada Osei", ""),
    ]
    assert "The system" in response.content.decode()


def test_history_links_to_what_is_still_there(as_ada, happened, badge, draft_badge, academy):
    award, token = AssertionFactory.create(badge_class=badge), ApiTokenFactory.create(issuer=academy)
    happened("badge_class.created", subject=draft_badge)
    happened("badge_class.published", subject=badge)
    happened("assertion.awarded", subject=award, badge=badge.name)
    happened("issuer.token.created", subject=token)
    happened("staff.invited", subject=InvitationFactory.create(organisation=academy.organisation))
    draft_badge.delete()

    assert [url for _sentence, _actor, url in rows(as_ada.get(URL))] == [
        "",
        f"/o/acme/issuers/{academy.pk}/tokens/",
        f"/o/acme/awards/{award.pk}/",
        f"/o/acme/badges/{badge.pk}/",
        "",
    ]


def test_history_links_never_lead_into_another_organisation(as_ada, happened, elsewhere_issuer):
    happened("issuer.created", subject=elsewhere_issuer)

    assert rows(as_ada.get(URL)) == [("Created the issuer Elsewhere School", "Ada Osei", "")]


def test_history_is_of_ones_own_organisation(as_mallory, as_ada, happened):
    happened("organisation.created")

    assert rows(as_mallory.get("/o/elsewhere/history/")) == []
    assert as_mallory.get(URL).status_code == 404
    assert len(rows(as_ada.get(URL))) == 1


def test_history_is_for_owners_alone(anonymous, as_ed, as_sam, as_rex, as_nora):
    assert [client.get(URL).status_code for client in (as_ed, as_sam, as_rex, as_nora)] == [403] * 4
    assert anonymous.get(URL)["Location"] == "/accounts/login/?next=/o/acme/history/"


def test_history_takes_no_posts(as_ada):
    assert as_ada.post(URL).status_code == 405


def test_history_is_narrowed_by_kind_person_and_date(as_ada, happened, ed, now):
    happened("organisation.created")
    happened("staff.withdrawn", at=now + timedelta(days=1))
    happened("badge_class.published", by=ed, at=now + timedelta(days=2))

    def sentences(**query: str) -> list[str]:
        return [sentence for sentence, _actor, _url in rows(as_ada.get(URL, query))]

    assert sentences(kind="staff") == ["Staff withdrawn: Acme"]
    assert sentences(kind="issuers") == ["Created the organisation Acme"]
    assert sentences(person=str(ed.pk)) == ["Published the badge “Acme”"]
    assert sentences(since="2026-03-03", until="2026-03-03") == ["Staff withdrawn: Acme"]
    assert sentences(kind="tokens") == []


@pytest.mark.parametrize(
    "query", [{"kind": "x"}, {"person": "\x00"}, {"since": "9999-99-99"}, {"page": "x"}, {"page": "999"}]
)
def test_history_survives_a_strange_query(as_ada, happened, query):
    happened("organisation.created")

    assert len(rows(as_ada.get(URL, query))) == 1


def test_history_is_paged_and_keeps_the_filter(as_ada, happened):
    for _number in range(HISTORY.per_page + 1):
        happened("organisation.created")

    first = as_ada.get(URL, {"kind": "issuers"})

    assert (len(rows(first)), len(rows(as_ada.get(URL, {"page": 2})))) == (HISTORY.per_page, 1)
    assert "?kind=issuers&amp;page=2" in first.content.decode()


def test_history_shows_words_as_words(as_ada, happened):
    happened("assertion.revoked", badge="<script>", reason="<b>x")

    assert "<script>:" not in as_ada.get(URL).content.decode()
    assert "&lt;script&gt;" in as_ada.get(URL).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_history_takes_the_same_queries_with_1_and_3(
    as_ada, happened, badge, academy, number, django_assert_num_queries
):
    for award in AssertionFactory.create_batch(number, badge_class=badge):
        happened("assertion.awarded", subject=award, badge=badge.name)
        happened("badge_class.published", subject=badge)
        happened("issuer.edited", subject=academy)

    with django_assert_num_queries(10):
        as_ada.get(URL)
