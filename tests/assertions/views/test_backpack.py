"""Badges from elsewhere among a person's own (OB2-HST-01, OB2-HST-12, OB2-HST-14)."""

import json
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assertions.actions import backpack as actions
from assertions.models import ImportedBadge, Receipt
from badgeserver.openbadges.baking import bake
from tests.assertions.views.test_receipts import said
from tests.factories.accounts import EmailAddressFactory, UserFactory
from tests.factories.badges import SVG
from tests.foreign import SIGNED

ADD, MINE = "/my/badges/add/", "/my/badges/"


@pytest.fixture
def add(as_rita, django_capture_on_commit_callbacks):
    """Bring a badge, let the worker check it, and follow to where it leads."""

    def act(text="", *, file=None, client=as_rita):
        data = {"badge": text}
        if file is not None:
            data["file"] = SimpleUploadedFile("badge", file)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(ADD, data)
        return client.get(answer["Location"], follow=True) if answer.status_code == 302 else answer

    return act


def file_url(imported, part):
    return reverse("assertions:imported-file", args=[imported.pk, part])


# --- Adding --------------------------------------------------------------------------------------------------


def test_badge_from_elsewhere_stands_among_the_others(harbour, add, as_rita, rita, now):
    answer = add(harbour.url("valid"))
    assert "It was checked and stands among your badges." in said(answer)
    kept = ImportedBadge.objects.get()
    assert (kept.user, kept.badge_id, kept.verdict) == (rita, harbour.url("valid"), "VALID")
    words = said(as_rita.get(MINE))
    assert "From elsewhere Crane Signals Harbour Institute" in words
    assert "Valid" in words


@pytest.mark.parametrize(
    "what",
    [
        lambda harbour: harbour.signed().encode(),
        lambda harbour: harbour.baked(),
        lambda harbour: bake(SVG, harbour.signed()),
        lambda harbour: harbour.baked(json.dumps(harbour.award("valid"))),
        lambda harbour: json.dumps(harbour.award("valid"), indent=7).encode() + b"\n\n",
    ],
)
def test_export_is_the_import_byte_for_byte(harbour, add, as_rita, what):
    brought = what(harbour)
    add(file=brought)
    exported = as_rita.get(file_url(ImportedBadge.objects.get(), "original"))
    assert exported.content == brought
    assert exported["Content-Disposition"].startswith('attachment; filename="crane-signals.')
    assert "sandbox" in exported["Content-Security-Policy"]


def test_documents_are_kept_letter_for_letter_with_what_nobody_understands(harbour, add, as_rita):
    add(harbour.url("valid"))
    kept = ImportedBadge.objects.get()
    for part, path in [("assertion", "/valid"), ("badge", "/badge"), ("issuer", "/issuer")]:
        assert as_rita.get(file_url(kept, part)).content == harbour.answers[path][2]
    assert as_rita.get(file_url(kept, "assertion")).json()["harbourNumber"] == 42
    assert as_rita.get(file_url(kept, "issuer")).json()["motto"] == "Learning at the quay"


def test_payload_of_a_signed_badge_is_its_document(harbour, add, as_rita):
    add(harbour.signed())
    assert as_rita.get(file_url(ImportedBadge.objects.get(), "assertion")).json()["id"] == SIGNED


def test_expired_badge_is_kept_and_shown_as_expired(harbour, add, as_rita):
    assert "This badge is genuine, but it has expired." in said(add(harbour.url("expired")))
    assert "Expired" in said(as_rita.get(MINE))


def test_badge_that_cannot_be_checked_now_is_kept_to_be_tried_again(
    harbour, add, as_rita, django_capture_on_commit_callbacks
):
    harbour.answers["/valid"] = (503, "text/plain", b"Later")
    assert "Try again" in said(add(harbour.url("valid")))
    assert "Not checked yet" in said(as_rita.get(MINE))
    harbour.publish("/valid", harbour.award("valid"))
    kept = ImportedBadge.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_rita.post(reverse("assertions:check-imported", args=[kept.pk]))
    assert "This badge is genuine and valid." in said(as_rita.get(answer["Location"], follow=True))
    assert [(one.pk, one.verdict) for one in ImportedBadge.objects.all()] == [(kept.pk, "VALID")]


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        (
            lambda harbour: harbour.publish("/max", harbour.award("max", holder="max@example.org")),
            "awarded to another address",
        ),
        (lambda harbour: harbour.tampered(), "It was not added. The signature does not match"),
        (lambda harbour: harbour.url("revoked"), "It was not added. Its issuer has revoked it."),
        (lambda harbour: harbour.url("nowhere"), "It was not added. There is no award"),
        (lambda _harbour: "hello", "There is no badge in this text."),
    ],
)
def test_what_is_not_theirs_or_not_genuine_is_refused(harbour, add, what, sentence):
    assert sentence in said(add(what(harbour)))
    assert ImportedBadge.objects.count() == 0


def test_badge_of_any_confirmed_address_is_theirs(harbour, add, rita):
    EmailAddressFactory.create(user=rita, email="Rita@Home.example.org", primary=False)
    EmailAddressFactory.create(user=rita, email="wish@example.org", primary=False, verified=False)
    add(harbour.publish("/home", harbour.award("home", holder="rita@home.example.org")))
    add(harbour.publish("/wish", harbour.award("wish", holder="wish@example.org")))
    assert [kept.badge_id for kept in ImportedBadge.objects.all()] == [harbour.url("home")]


def test_badge_that_was_issued_here_is_there_already(assertion, add):
    words = said(add(assertion.jws))
    assert "It was issued here, and stands among your badges already." in words
    assert ImportedBadge.objects.count() == 0


@pytest.fixture
def on_localhost(settings):
    """The site as everybody runs it at first; to other servers its addresses mean nothing."""
    settings.SITE_URL, settings.SITE_HOST = "http://localhost:8000", "localhost:8000"
    settings.ALLOWED_HOSTS = ["*"]


@pytest.mark.parametrize(
    "form",
    [
        "http://localhost:8000/public/assertions/{pk}",
        "http://127.0.0.1:8000/public/assertions/{pk}",
        "http://localhost:8000/my/badges/{pk}/",
        "localhost:8000/public/assertions/{pk}/image.png",
        "{hosted_json}",
        "{jws}",
        "{jwt}",
    ],
)
def test_own_badge_is_judged_on_localhost_without_a_network(on_localhost, assertion, as_rita, form):
    """Tests have no network: had anybody been asked, the badge would wait for the worker, or be unknown."""
    source = form.format(
        pk=assertion.pk, hosted_json=assertion.hosted_json, jws=assertion.jws, jwt=assertion.credential_jwt
    )

    answer = as_rita.post(ADD, {"badge": source})

    receipt = Receipt.objects.get()
    assert (receipt.verdict, receipt.assertion, receipt.report["ours"]) == ("VALID", assertion, True)
    assert {one["status"] for one in receipt.report["asked"]} == {200}
    assert receipt.report["refusal"] == "It was issued here, and stands among your badges already."
    assert "It was issued here" in said(as_rita.get(answer["Location"]))


def test_own_picture_is_judged_on_localhost_without_a_network(on_localhost, assertion, as_rita):
    with assertion.baked_images.get(form="png").file.open() as file:
        picture = SimpleUploadedFile("badge.png", file.read())

    as_rita.post(ADD, {"badge": "", "file": picture})

    assert Receipt.objects.get().report["refusal"] == "It was issued here, and stands among your badges already."


def test_badge_from_elsewhere_that_names_our_badge_is_judged_by_our_documents(on_localhost, harbour, badge, add):
    """The award lies elsewhere and borrows a badge of ours: our own documents say that it does not."""
    ours = f"http://localhost:8000/public/badges/{badge.pk}"
    answer = add(harbour.publish("/borrowed", harbour.award("borrowed", badge=ours)))

    receipt = Receipt.objects.get()
    assert {one["url"]: one["status"] for one in receipt.report["asked"]}[ours] == 200
    assert receipt.report["conclusion"] == "FORGED"
    assert "It was not added." in said(answer)


def test_badge_is_added_once(harbour, add, as_rita):
    add(harbour.url("valid"))
    add(file=harbour.baked(json.dumps(harbour.award("valid"))))
    kept = ImportedBadge.objects.get()
    assert kept.original_form == "png"
    add(harbour.url("valid"))
    assert ImportedBadge.objects.get().original_form == "png"


def test_picture_is_drawn_here(harbour, add, as_rita):
    add(harbour.url("valid"))
    picture = as_rita.get(file_url(ImportedBadge.objects.get(), "picture"))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert picture.content != harbour.picture


def test_nobody_keeps_more_than_the_most(harbour, add, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 1)
    add(harbour.url("valid"))
    answer = add(harbour.signed())
    assert answer.status_code == 422
    assert "You keep 1 badges from elsewhere, which is the most." in said(answer)
    assert ImportedBadge.objects.count() == 1


def test_address_must_be_confirmed_first(client, harbour):
    newcomer = UserFactory.create(email="new@mail.example.org", address=None)
    client.force_login(newcomer)
    assert "Confirm your address first" in client.get(ADD).text
    answer = client.post(ADD, {"badge": harbour.url("valid")})
    assert answer.status_code == 422
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize("text", ["", " "])
def test_nothing_is_refused_beside_the_field(as_rita, text):
    answer = as_rita.post(ADD, {"badge": text})
    assert answer.status_code == 422
    assert "Paste a link or a badge, or choose a picture." in said(answer)


def test_too_often_is_refused(as_rita, frozen):
    statuses = [as_rita.post(ADD, {"badge": "hello"}).status_code for _ in range(21)]
    assert statuses == [422] * 20 + [429]


def test_page_waits_while_the_issuer_is_asked(harbour, as_rita):
    waiting = as_rita.post(ADD, {"badge": harbour.url("valid")})["Location"]
    assert "Its issuer’s server is asked" in said(as_rita.get(waiting))
    assert "<html" not in as_rita.get(waiting, headers={"hx-request": "true"}).text


def test_waiting_page_is_led_on(harbour, add, as_rita):
    add(harbour.url("valid"))
    url = reverse("assertions:import-receipt", args=[Receipt.objects.get().pk])
    kept = ImportedBadge.objects.get()
    answer = as_rita.get(url, headers={"hx-request": "true"})
    assert answer["HX-Redirect"].startswith(reverse("assertions:imported", args=[kept.pk]))


# --- Keeping -------------------------------------------------------------------------------------------------


def test_badge_that_was_revoked_since_stays_and_says_so(harbour, add, as_rita, django_capture_on_commit_callbacks):
    add(harbour.signed())
    harbour.revoke(SIGNED)
    kept = ImportedBadge.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        as_rita.post(reverse("assertions:check-imported", args=[kept.pk]))
    assert "Revoked" in said(as_rita.get(MINE))
    assert "This badge has been revoked." in said(as_rita.get(reverse("assertions:imported", args=[kept.pk])))


def test_badge_whose_issuer_is_gone_keeps_what_is_known(harbour, add, as_rita, django_capture_on_commit_callbacks):
    add(harbour.url("valid"))
    known = ImportedBadge.objects.get()
    for path in list(harbour.answers):
        harbour.answers[path] = (503, "text/plain", b"")
    with django_capture_on_commit_callbacks(execute=True):
        as_rita.post(reverse("assertions:check-imported", args=[known.pk]))
    kept = ImportedBadge.objects.get()
    assert (kept.verdict, kept.badge_id) == ("UNKNOWN", known.badge_id)
    assert (kept.assertion_json, kept.badge_json) == (known.assertion_json, known.badge_json)
    assert kept.picture.name == known.picture.name


def test_removing_can_be_undone(harbour, add, as_rita):
    add(harbour.url("valid"))
    kept = ImportedBadge.objects.get()
    removed = as_rita.post(reverse("assertions:remove-imported", args=[kept.pk]))
    assert removed["Location"] == MINE
    undo = reverse("assertions:restore-imported", args=[kept.pk])
    assert [message.extra_tags for message in get_messages(removed.wsgi_request)] == [f"undo:{undo}"]
    assert as_rita.get(reverse("assertions:imported", args=[kept.pk])).status_code == 404
    assert "Crane Signals" not in said(as_rita.get(MINE))
    as_rita.post(undo)
    assert "Crane Signals" in said(as_rita.get(MINE))


def test_removed_badge_comes_back_when_it_is_added_again(harbour, add, as_rita):
    add(harbour.url("valid"))
    as_rita.post(reverse("assertions:remove-imported", args=[ImportedBadge.objects.get().pk]))
    add(harbour.url("valid"))
    assert ImportedBadge.objects.get().removed_at is None


def test_removed_badge_is_deleted_after_a_day_with_its_files(harbour, add, as_rita):
    add(file=harbour.baked())
    kept = ImportedBadge.objects.get()
    names = [kept.original.name, kept.picture.name]
    as_rita.post(reverse("assertions:remove-imported", args=[kept.pk]))
    now = timezone.now()
    assert actions.delete_removed(at=now + timedelta(hours=23)) == 0
    assert actions.delete_removed(at=now + timedelta(hours=25)) == 1
    assert [kept.original.storage.exists(name) for name in names] == [False, False]


def test_undo_after_a_day_says_that_it_is_too_late(harbour, add, as_rita):
    add(harbour.url("valid"))
    kept = ImportedBadge.objects.get()
    ImportedBadge.objects.update(removed_at=timezone.now() - timedelta(days=2))
    answer = as_rita.post(reverse("assertions:restore-imported", args=[kept.pk]))
    assert "more than a day ago" in next(str(message) for message in get_messages(answer.wsgi_request))
    assert ImportedBadge.objects.get().removed_at is not None


# --- Private -------------------------------------------------------------------------------------------------


def test_others_find_nothing(harbour, add, as_ada, as_mallory, anonymous):
    add(harbour.url("valid"))
    kept, receipt = ImportedBadge.objects.get(), Receipt.objects.get()
    reads = [
        reverse("assertions:imported", args=[kept.pk]),
        reverse("assertions:import-receipt", args=[receipt.pk]),
        *(file_url(kept, part) for part in ("original", "assertion", "picture")),
    ]
    acts = [reverse(f"assertions:{name}-imported", args=[kept.pk]) for name in ("check", "remove", "restore")]
    for client in (as_ada, as_mallory):
        assert [client.get(url).status_code for url in reads] == [404] * len(reads)
        assert [client.post(url).status_code for url in acts] == [404] * len(acts)
    assert {anonymous.get(url).status_code for url in reads} | {anonymous.post(url).status_code for url in acts} == {
        302
    }
    assert anonymous.get(reverse("assertions:receipt", args=[receipt.pk])).status_code == 404
    assert ImportedBadge.objects.get().removed_at is None


@pytest.mark.parametrize("part", ["original.png", "report", "..", "user"])
def test_other_parts_are_not_there(harbour, add, as_rita, part):
    add(harbour.url("valid"))
    assert as_rita.get(file_url(ImportedBadge.objects.get(), part)).status_code == 404


def test_my_badges_take_the_same_queries_however_many_are_from_elsewhere(
    harbour, add, as_rita, django_assert_num_queries
):
    add(harbour.url("valid"))
    as_rita.get(MINE)
    with django_assert_num_queries(7):
        as_rita.get(MINE)
    add(harbour.url("expired"))
    add(harbour.signed())
    with django_assert_num_queries(7):
        as_rita.get(MINE)
