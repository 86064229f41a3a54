"""From what a stranger brings to the receipt of its check, over real servers of other issuers."""

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from assertions.actions.brought import MAX_BYTES
from assertions.actions.receipts import delete_overdue
from assertions.actions.recipient import show_name
from assertions.actions.revoke import revoke_assertion
from assertions.documents import assertion_url
from assertions.models import Receipt
from tests.factories.badges import png
from tests.foreign import HOLDER, SIGNED

VERIFY = "/verify/"
NOBODY = "00000000-0000-4000-8000-000000000000"


def said(answer):
    """The words of an answer without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def sent(client, text="", *, file=None, recipient=""):
    data = {"badge": text, "recipient": recipient}
    if file is not None:
        data["file"] = SimpleUploadedFile("badge.png", file)
    return client.post(VERIFY, data)


@pytest.fixture
def bring(anonymous, django_capture_on_commit_callbacks):
    """Bring something, let the worker do its part, and open the receipt."""

    def act(text="", *, file=None, recipient=""):
        with django_capture_on_commit_callbacks(execute=True):
            answer = sent(anonymous, text, file=file, recipient=recipient)
        assert answer.status_code == 303, said(answer)
        return anonymous.get(answer["Location"])

    return act


# --- Badges of other issuers ---------------------------------------------------------------------------------


def test_valid_badge_of_another_issuer(harbour, bring):
    words = said(bring(harbour.url("valid")))
    assert "This badge is genuine and valid. Harbour Institute awarded it on 1 May 2024" in words
    assert "Anybody can show a genuine badge." in words
    assert "badges.example.org has only checked it and does not know the issuer." in words
    assert "Open Badges 2.0, proven by its address" in words
    assert f"{harbour.origin}/picture.png answered 200" in words


@pytest.mark.parametrize(
    ("what", "title"),
    [
        (lambda harbour: harbour.url("expired"), "This badge is genuine, but it has expired."),
        (lambda harbour: harbour.url("revoked"), "The reason given: “Taken twice”"),
        (lambda harbour: harbour.url("nowhere"), "There is no such badge."),
        (lambda harbour: harbour.signed(), "This badge is genuine and valid."),
        (lambda harbour: harbour.baked(), "This badge is genuine and valid."),
        (lambda harbour: harbour.baked(json.dumps(harbour.award("valid"))), "This badge is genuine and valid."),
        (lambda harbour: harbour.tampered(), "This is not a genuine badge."),
        (lambda harbour: harbour.url("picture.png"), "There is no badge in it."),
        (lambda harbour: harbour.url("badge"), "There is no badge in it."),
    ],
)
def test_what_people_bring_of_other_issuers(harbour, bring, what, title):
    brought = what(harbour)
    answer = bring(file=brought) if isinstance(brought, bytes) else bring(brought)
    assert title in said(answer)


def test_revoked_by_the_list_of_a_signed_badge(harbour, bring):
    harbour.revoke(SIGNED)
    assert "This badge has been revoked. The issuer has revoked it. The reason given" in said(bring(harbour.signed()))


def test_server_that_does_not_answer_proves_nothing(harbour, bring):
    words = said(bring("http://127.0.0.1:9/award"))
    assert "This badge could not be checked now." in words
    assert "Nothing is proven either way. Try again in a few minutes" in words
    assert "more could not be checked, because of the above" in words


def test_server_in_a_private_network_is_not_asked(harbour, bring):
    words = said(bring("http://10.0.0.1/award"))
    assert "This badge could not be checked now." in words
    assert "10.0.0.1 is not a public address" in words


@pytest.mark.parametrize("text", ["{url}", "  <{url}>\n", "Look at this: {url}, it is mine.", "“{url}”", "{url}?x=1"])
def test_links_are_taken_as_they_are_pasted(harbour, bring, text):
    assert "This badge is genuine and valid." in said(bring(text.format(url=harbour.url("valid"))))


def test_signature_torn_over_lines_is_put_together(harbour, bring):
    torn = "\r\n".join(re.findall(".{1,60}", harbour.signed()))
    assert "This badge is genuine and valid." in said(bring(torn))


def test_altered_copy_says_where_it_differs(harbour, bring):
    altered = harbour.award("valid") | {"narrative": "Thirty lifts in a storm.", "issuedOn": "2020-01-01T00:00:00Z"}
    words = said(bring(json.dumps(altered)))
    assert "What you brought is not what was issued." in words
    assert "narrative Thirty lifts in a storm. Three lifts on a windy day." in words


def test_copy_that_lacks_a_later_addition_is_still_valid(harbour, bring):
    words = said(bring(json.dumps({**harbour.award("valid"), "harbourNumber": 42})))
    assert "This badge is genuine and valid." in words
    harbour.publish("/valid", harbour.award("valid", endorsement=f"{harbour.origin}/nowhere"))
    words = said(bring(json.dumps(harbour.award("valid"))))
    assert "This badge is genuine and valid." in words
    assert "What you brought is an older or changed copy." in words


# --- Whose it is ---------------------------------------------------------------------------------------------


def test_address_of_its_recipient_is_confirmed(harbour, bring):
    words = said(bring(harbour.url("valid"), recipient=HOLDER))
    assert "It was awarded to the e-mail address that you typed. There is nothing more to do." in words


def test_address_of_somebody_else_is_told_apart_from_a_forgery(harbour, bring):
    words = said(bring(harbour.signed(), recipient="max@example.org"))
    assert "This badge is genuine, but it was awarded to somebody else." in words


@pytest.mark.parametrize("recipient", ["rita", "rita@", "\x00@example.org", "x" * 400 + "@example.org"])
def test_recipient_that_is_no_address_is_refused(anonymous, db, recipient):
    answer = sent(anonymous, "https://badges.example.net/1", recipient=recipient)
    assert answer.status_code == 422
    assert "Type a whole e-mail address" in said(answer)
    assert Receipt.objects.count() == 0


def everything_stored():
    """Every row of every table, as one text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- the names come from the database itself
            found += [
                repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row])
                for row in cursor.fetchall()
            ]
    return "\n".join(found)


def test_no_address_is_kept_logged_or_shown(harbour, bring, anonymous, caplog):
    caplog.set_level("DEBUG")
    plain = {"type": "email", "hashed": False, "identity": "plain.person@example.org"}
    harbour.publish(
        "/plain", harbour.award("plain") | {"recipient": plain, "narrative": "Ask plain.person@example.org"}
    )
    link = f"{harbour.url('plain')}?identity__email=plain.person%40example.org"
    document = harbour.award("plain") | {"id": harbour.url("plain"), "recipient": plain}
    with_link, with_json = (
        bring(link, recipient="plain.person@example.org"),
        bring(json.dumps(document), recipient="typed.person@example.org"),
    )
    for text in [
        with_link.content.decode(),
        with_json.content.decode(),
        everything_stored(),
        "\n".join(record.getMessage() for record in caplog.records if "127.0.0.1" not in record.getMessage()),
    ]:
        assert "plain.person" not in text
        assert "typed.person" not in text
    assert "awarded to the e-mail address that you typed" in said(with_link) or "genuine" in said(with_link)
    assert "?identity__email=…" in said(with_link)


def test_nothing_readable_waits_for_the_worker(harbour, anonymous):
    sent(anonymous, f"{harbour.url('valid')}?identity__email=rita%40mail.example.org", recipient=HOLDER)
    waiting = Receipt.objects.get()
    assert waiting.finished_at is None
    assert b"rita" not in bytes(waiting.source)
    assert "rita" not in everything_stored()


def test_source_is_forgotten_when_it_is_done(harbour, bring):
    bring(harbour.signed(), recipient=HOLDER)
    receipt = Receipt.objects.get()
    assert bytes(receipt.source) == b""
    assert len(receipt.source_digest) == 64


# --- The receipt ---------------------------------------------------------------------------------------------


def test_receipt_needs_no_cookie_and_is_not_stored_by_anybody(harbour, bring):
    answer = bring(harbour.url("valid"))
    assert (dict(answer.cookies), answer["Cache-Control"]) == ({}, "no-store")
    assert "Cookie" not in answer["Vary"]


def test_bringing_needs_no_csrf_token(assertion):
    answer = sent(Client(enforce_csrf_checks=True), assertion_url(assertion))
    assert (answer.status_code, dict(answer.cookies), answer["Cache-Control"]) == (303, {}, "no-store")


def test_picture_is_drawn_here_and_never_remote(harbour, bring, anonymous):
    answer = bring(harbour.url("valid"))
    sources = re.findall(r'<img[^>]+src="([^"]+)"', answer.content.decode())
    assert {source.split("/")[1] for source in sources} == {"verify"}
    picture = anonymous.get(sources[0])
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert picture.content != harbour.picture


def test_svg_of_another_issuer_is_drawn_to_a_png(harbour, bring, anonymous):
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'><circle r='40' fill='red'/></svg>"
    harbour.answers["/picture.png"] = (200, "image/svg+xml", svg)
    bring(harbour.url("valid"))
    picture = anonymous.get(reverse("assertions:receipt-picture", args=[Receipt.objects.get().pk]))
    assert picture.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "hostile",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
        b"GIF89a",
    ],
)
def test_hostile_picture_is_left_out(harbour, bring, anonymous, hostile):
    harbour.answers["/picture.png"] = (200, "image/png", hostile)
    assert bring(harbour.url("valid")).status_code == 200
    receipt = Receipt.objects.get()
    assert not receipt.picture
    assert anonymous.get(reverse("assertions:receipt-picture", args=[receipt.pk])).status_code == 404


def test_words_of_a_stranger_are_only_words(harbour, bring):
    award = harbour.award("valid") | {"narrative": "<script>alert(1)</script> [x](javascript:alert(1))"}
    harbour.publish("/valid", award)
    page = bring(harbour.url("valid")).content.decode()
    assert "<script>alert" not in page
    assert "javascript:alert" not in re.findall(r'href="([^"]*)"', page)


def test_receipt_takes_the_same_queries_however_much_it_tells(harbour, bring, anonymous, django_assert_num_queries):
    bring(harbour.url("valid"))
    url = reverse("assertions:receipt", args=[Receipt.objects.get().pk])
    with django_assert_num_queries(1):
        anonymous.get(url)


def test_receipt_is_gone_after_ninety_days(harbour, bring, anonymous):
    bring(harbour.url("valid"))
    receipt = Receipt.objects.get()
    kept = receipt.picture.storage.path(receipt.picture.name)
    assert delete_overdue(at=receipt.queued_at + timedelta(days=89)) == 0
    assert delete_overdue(at=receipt.queued_at + timedelta(days=91)) == 1
    assert not receipt.picture.storage.exists(kept)
    assert anonymous.get(reverse("assertions:receipt", args=[receipt.pk])).status_code == 404


def test_receipt_of_today_does_not_speak_of_earlier_days(assertion, bring):
    words = said(bring(assertion_url(assertion)))
    assert "This is an earlier check." not in words
    assert "since" not in words.partition("This badge is genuine and valid.")[0]


def test_old_receipt_says_first_that_it_is_old(assertion, bring, anonymous, frozen):
    bring(assertion_url(assertion))
    frozen.shift(timedelta(days=1, seconds=1))
    page = anonymous.get(reverse("assertions:receipt", args=[Receipt.objects.get().pk])).content.decode()
    assert page.index("This is an earlier check.") < page.rindex("This badge is genuine and valid.")
    assert f'<input type="hidden" name="badge" value="{assertion_url(assertion)}">' in page


def test_receipt_of_an_own_award_says_that_it_was_revoked_since(assertion, sam, bring, anonymous, frozen, now):
    bring(assertion_url(assertion))
    frozen.shift(timedelta(hours=1))
    revoke_assertion(assertion=assertion, reason="Awarded by mistake", by=sam, at=timezone.now())
    page = anonymous.get(reverse("assertions:receipt", args=[Receipt.objects.get().pk])).content.decode()
    assert page.index("It has been revoked since.") < page.rindex("This badge is genuine and valid.")


def test_receipt_says_that_the_badge_has_expired_since(harbour, bring, anonymous, frozen):
    ends = timezone.now() + timedelta(hours=2)
    bring(harbour.publish("/short", harbour.award("short", expires=ends)))
    frozen.shift(timedelta(hours=3))
    page = anonymous.get(reverse("assertions:receipt", args=[Receipt.objects.get().pk])).content.decode()
    assert "It has expired since, on" in page


def test_link_that_led_nowhere_is_shown_again(harbour, bring):
    page = bring(harbour.url("nowhere")).content.decode()
    assert f'id="again" name="badge" value="{harbour.url("nowhere")}"' in page


def test_date_of_a_forgery_is_folded(harbour, bring):
    page = bring(harbour.tampered()).content.decode()
    assert page.index("What it got right, which proves nothing now") < page.index("Not expired")


def test_unknown_receipt_is_not_found(anonymous, db):
    assert anonymous.get(f"/verify/receipts/{NOBODY}/").status_code == 404


# --- While it is checked -------------------------------------------------------------------------------------


def test_page_waits_while_another_server_is_asked(harbour, anonymous):
    waiting = sent(anonymous, harbour.url("valid"))["Location"]
    answer = anonymous.get(waiting)
    assert "Its issuer’s server is asked, which takes a few seconds." in said(answer)
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in answer.content.decode()
    part = anonymous.get(waiting, headers={"hx-request": "true"})
    assert 'hx-trigger="every 1s"' in part.content.decode()
    assert "<html" not in part.content.decode()


def test_page_that_waits_is_told_when_it_is_done(harbour, bring, anonymous):
    bring(harbour.url("valid"))
    answer = anonymous.get(
        reverse("assertions:receipt", args=[Receipt.objects.get().pk]), headers={"hx-request": "true"}
    )
    assert (answer["HX-Refresh"], answer.content) == ("true", b"")


def test_page_tells_whom_it_asks(harbour, anonymous):
    sent(anonymous, harbour.url("valid"))
    Receipt.objects.update(attempts=1, report={"progress": {"host": "harbour.example.net", "asked": 2}})
    words = said(anonymous.get(reverse("assertions:receipt", args=[Receipt.objects.get().pk])))
    assert "Asking harbour.example.net; 2 answers so far." in words


# --- Badges of this server -----------------------------------------------------------------------------------


def test_own_award_is_judged_at_once_and_leads_to_its_page(assertion, anonymous):
    answer = sent(anonymous, assertion_url(assertion))
    receipt = Receipt.objects.get()
    assert (receipt.finished_at is not None, receipt.assertion) == (True, assertion)
    page = anonymous.get(answer["Location"])
    assert "This badge is genuine and valid. Acme Academy awarded it" in said(page)
    assert assertion_url(assertion) in page.content.decode()
    assert "Open the badge’s own page" in said(page)


def test_own_award_names_only_who_agreed(assertion, rita, bring, now):
    assert rita.name not in said(bring(assertion_url(assertion)))
    show_name(assertion=assertion, shown=True, by=rita, at=now)
    assert f"Earned by {rita.name}" in said(bring(assertion_url(assertion)))


def test_consent_that_is_withdrawn_empties_old_receipts_too(assertion, rita, bring, anonymous, now):
    show_name(assertion=assertion, shown=True, by=rita, at=now)
    bring(assertion_url(assertion))
    show_name(assertion=assertion, shown=False, by=rita, at=now)
    assert rita.name not in said(anonymous.get(reverse("assertions:receipt", args=[Receipt.objects.get().pk])))


@pytest.mark.parametrize("name", ["assertion", "assertion-png", "assertion-json", "assertion-jws", "assertion-vc-jwt"])
def test_every_address_of_an_own_award_leads_to_it(assertion, bring, name):
    assert "This badge is genuine and valid." in said(
        bring("http://badges.example.org" + reverse(f"public:{name}", args=[assertion.pk]))
    )


def test_own_picture_is_judged_by_what_is_inside(assertion, anonymous, bring):
    picture = anonymous.get(reverse("public:assertion-png", args=[assertion.pk])).content
    assert "This badge is genuine and valid." in said(bring(file=picture))


def test_own_award_that_was_revoked_says_why(assertion, sam, bring, now):
    signed = assertion.jws
    revoke_assertion(assertion=assertion, reason="Awarded by mistake", by=sam, at=now)
    for brought in (assertion_url(assertion), signed):
        words = said(bring(brought))
        assert "This badge has been revoked." in words
        assert "“Awarded by mistake”" in words
        assert "Does it belong" not in words


def test_forgery_of_an_own_award_leads_to_the_genuine_one(assertion, bring):
    head, payload, _signature = assertion.jws.split(".")
    answer = bring(f"{head}.{payload}.{'A' * 342}")
    assert "This is not a genuine badge." in said(answer)
    assert f'href="{assertion_url(assertion)}">the genuine award' in answer.content.decode()


def test_own_award_that_names_another_key_is_not_ours(assertion, harbour, bring):
    forged = harbour.signed(id=f"urn:uuid:{assertion.signed_uuid}")
    answer = bring(forged)
    assert "It names an award of this server but comes from somebody else." in said(answer)
    assert assertion_url(assertion) in answer.content.decode()


def test_award_that_was_never_made_here(bring, db):
    for brought in (f"http://badges.example.org/public/assertions/{NOBODY}", NOBODY, f"urn:uuid:{NOBODY}"):
        assert "There is no such badge." in said(bring(brought))


def test_former_address_of_this_site_is_ours(assertion, bring, settings):
    settings.FORMER_SITE_URLS = ["https://old.example.org"]
    assert "This badge is genuine and valid." in said(
        bring(f"https://old.example.org/public/assertions/{assertion.pk}")
    )


# --- What is no badge ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["hello", "<script>alert(1)</script>", "{", "http://[", "\U0001f600", "x" * 100_000])
def test_nonsense_is_answered_beside_the_field_and_stays(anonymous, db, text):
    answer = sent(anonymous, text)
    assert answer.status_code == 422
    assert ("There is no badge in this text." in said(answer)) is (text != "{")
    assert ("This JSON cannot be read" in said(answer)) is (text == "{")
    assert f">{escape(text)}</textarea>" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert Receipt.objects.count() == 0


def test_picture_without_a_badge_says_what_to_bring(anonymous, db):
    answer = sent(anonymous, file=png(), recipient="rita@mail.example.org")
    assert answer.status_code == 422
    assert "There is no badge inside this picture. Screenshots, photos and most messengers lose it." in said(answer)
    # Whose it is said to be was typed already, and is not asked again.
    assert 'value="rita@mail.example.org"' in answer.content.decode()
    assert '<details class="disclosure whose" open>' in answer.content.decode()


def test_address_that_is_none_leaves_the_link_where_it_is(anonymous, db):
    page = sent(anonymous, "https://badges.example.net/1", recipient="rita").content.decode()
    assert ">https://badges.example.net/1</textarea>" in page
    assert 'value="rita"' in page


def test_file_beside_a_mistake_is_asked_for_once_more(anonymous, db):
    words = said(sent(anonymous, file=png(), recipient="rita"))
    assert "Choose the picture once more: a browser does not keep it." in words


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_nothing_is_refused_with_a_sentence(anonymous, db, text):
    answer = sent(anonymous, text)
    assert answer.status_code == 422
    assert "Paste a link or a badge, or choose a picture." in said(answer)


def test_large_file_is_refused_with_a_sentence(anonymous, db):
    answer = sent(anonymous, file=b"x" * (MAX_BYTES + 1))
    assert answer.status_code == 422
    assert "This file is larger than 4 MB." in said(answer)


def test_what_was_typed_stays_beside_a_file_of_any_size(anonymous, db):
    page = sent(anonymous, "a link", file=b"x" * (MAX_BYTES * 4), recipient="rita@example.org").content.decode()
    assert (">a link</textarea>" in page, 'value="rita@example.org"' in page) == (True, True)
    assert "This file is larger than 4 MB." in page


def test_asking_too_often_is_refused(anonymous, db, frozen):
    statuses = [sent(anonymous, "hello").status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]
    assert "That was often in a short time. Wait 60 seconds" in said(sent(anonymous, "hello"))
