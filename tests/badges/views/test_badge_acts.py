"""Publish, archive, restore, copy, delete: each door with the same six tests."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from badges.models import BadgeClass
from badgeserver.audit.models import AuditEvent
from tests.factories.badges import BadgeClassFactory, EarningStepFactory

ACTS = ["publish", "archive", "restore", "copy", "delete"]


@pytest.fixture
def acted_on(academy, draft_badge, badge):
    """Return for each act a badge that it can be done to."""
    draft_badge.image_alt = "A crane"
    draft_badge.save()
    archived = BadgeClassFactory.create(issuer=academy, name="Old", archived=True)
    return {"publish": draft_badge, "archive": badge, "restore": archived, "copy": badge, "delete": draft_badge}


def _url(name, badge):
    return reverse(f"badges:{name}", args=["acme", badge.pk])


def _said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize(
    ("act", "event", "sentence"),
    [
        ("publish", "badge_class.published", "Badge published. It can be awarded now."),
        ("archive", "badge_class.archived", "Badge archived. It is no longer awarded; awards of it stay valid."),
        ("restore", "badge_class.restored", "Badge restored. It can be awarded again."),
        ("delete", "badge_class.deleted", "“Crane Signals” was deleted."),
    ],
)
def test_editor_acts(as_ed, acted_on, act, event, sentence):
    response = as_ed.post(_url(act, acted_on[act]))

    assert response.status_code == 302
    assert _said(response) == [sentence]
    assert list(AuditEvent.objects.values_list("type", "actor_name")) == [(event, "Ed Novak")]


def test_each_act_leads_on(as_ed, acted_on):
    assert as_ed.post(_url("publish", acted_on["publish"])).url == _url("detail", acted_on["publish"])
    assert as_ed.post(_url("delete", acted_on["delete"])).url == reverse("badges:list", args=["acme"])


def test_copy_leads_to_its_form(as_ed, badge):
    response = as_ed.post(_url("copy", badge), follow=True)

    copy = BadgeClass.objects.get(copied_from=badge)
    assert response.redirect_chain == [(_url("edit", copy), 302)]
    assert "This is a copy, as a draft." in response.text
    assert list(AuditEvent.objects.values_list("type", "actor_name")) == [("badge_class.copied", "Ed Novak")]


def test_archiving_can_be_undone_from_its_message(as_ed, badge):
    response = as_ed.post(_url("archive", badge), follow=True)

    assert f'action="{_url("restore", badge)}"' in response.text


@pytest.mark.parametrize("act", ACTS)
def test_act_refuses_get(as_ed, acted_on, act):
    assert as_ed.get(_url(act, acted_on[act])).status_code == 405
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("act", ACTS)
def test_anonymous_is_sent_to_sign_in(anonymous, acted_on, act):
    response = anonymous.post(_url(act, acted_on[act]))

    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("act", ACTS)
def test_mallory_finds_nothing(as_mallory, acted_on, act):
    assert as_mallory.post(_url(act, acted_on[act])).status_code == 404
    own = reverse(f"badges:{act}", args=["elsewhere", acted_on[act].pk])
    assert as_mallory.post(own).status_code == 404
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("act", ACTS)
def test_awarder_may_not(as_sam, acted_on, act):
    assert as_sam.post(_url(act, acted_on[act])).status_code == 403
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("publish", "This badge is published already."),
        ("restore", "This badge is not archived."),
        ("delete", "People hold “Forklift Safety”, so it cannot be deleted."),
    ],
)
def test_refused_act_says_why_on_the_page_of_the_badge(as_ed, badge, assertion, act, sentence):
    before = AuditEvent.objects.count()

    response = as_ed.post(_url(act, badge))

    assert response.status_code == 422
    assert sentence in response.text
    assert AuditEvent.objects.count() == before


def test_archive_of_a_draft_says_what_to_do(as_ed, draft_badge):
    response = as_ed.post(_url("archive", draft_badge))

    assert response.status_code == 422
    assert "delete it instead" in response.text


def test_publish_of_half_a_badge_says_what_is_missing(as_ed, draft_badge):
    response = as_ed.post(_url("publish", draft_badge))

    assert response.status_code == 422
    assert "Describe the picture in a few words" in response.text


# --- The question before a deletion --------------------------------------------------------------------------


def test_question_deletes_nothing(as_ed, draft_badge):
    response = as_ed.get(_url("confirm-delete", draft_badge))

    assert "This cannot be undone." in response.text
    assert f'action="{_url("delete", draft_badge)}"' in response.text
    assert BadgeClass.objects.filter(pk=draft_badge.pk).exists() is True


def test_question_about_an_awarded_badge_offers_the_archive(as_ed, badge, assertion):
    text = as_ed.get(_url("confirm-delete", badge)).text

    assert f'href="{_url("confirm-archive", badge)}"' in text
    assert f'action="{_url("delete", badge)}"' not in text


def test_question_about_a_required_badge_names_who_asks_for_it(as_ed, badge, svg_badge):
    EarningStepFactory.create(badge_class=svg_badge, required_badge=badge, kind="BADGE")

    assert "“First Aid” asks for “Forklift Safety”" in as_ed.get(_url("confirm-delete", badge)).text


def test_question_is_for_editors(as_sam, as_mallory, anonymous, badge):
    url = _url("confirm-delete", badge)

    assert [client.get(url).status_code for client in (as_sam, as_mallory, anonymous)] == [403, 404, 302]
