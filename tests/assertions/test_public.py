import io
import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from assertions.actions.recipient import show_name
from assertions.actions.revoke import revoke_assertion
from assertions.documents import assertion_url
from assertions.models import Assertion, BakedImage, Evidence
from badges.models import BadgeClass
from badgeserver.openbadges.baking import unbake
from tests.conftest import award
from tests.factories.assertions import EndorsementFactory
from tests.factories.badges import AlignmentFactory, BadgeClassFactory, BadgeTranslationFactory, EarningStepFactory

HTML = {"accept": "text/html"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
NOBODY = "00000000-0000-4000-8000-000000000000"
ROUTES = ["assertion", "assertion-json", "assertion-jws", "assertion-image", "assertion-png", "assertion-card"]


def path(assertion, name="assertion"):
    return reverse(f"public:{name}", args=[assertion.pk])


@pytest.fixture
def revoked(assertion, sam, now) -> Assertion:
    return revoke_assertion(assertion=assertion, reason="Awarded by mistake", by=sam, at=now + timedelta(days=1))


@pytest.fixture
def unfinished(assertion) -> Assertion:
    """As it is before the worker has signed and baked it."""
    assertion.baked_images.all().delete()
    Assertion.objects.filter(pk=assertion.pk).update(finished_at=None, jws="")
    assertion.refresh_from_db()
    return assertion


@pytest.fixture
def expired(assertion, now) -> Assertion:
    Assertion.objects.filter(pk=assertion.pk).update(expires_at=now + timedelta(days=10))
    assertion.refresh_from_db()
    return assertion


@pytest.fixture
def svg_assertion(svg_badge, rita, sam, now, django_capture_on_commit_callbacks) -> Assertion:
    return award(svg_badge, rita.email, by=sam, at=now, capture=django_capture_on_commit_callbacks)


# --- Which form ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "application/ld+json"),
        ("*/*", "application/ld+json"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
        ("application/ld+json, application/json, image/png, image/svg+xml", "application/ld+json"),
        ("image/png", "application/ld+json"),
        ("text/html", "text/html; charset=utf-8"),
        (BROWSER, "text/html; charset=utf-8"),
        ("application/ld+json, text/html;q=0.5", "application/ld+json"),
        ("application/json;q=0.5, text/html", "text/html; charset=utf-8"),
    ],
)
def test_assertion_is_negotiated(assertion, anonymous, accept, form):
    answer = anonymous.get(path(assertion), headers={"accept": accept} if accept else {})
    assert (answer.status_code, answer["Content-Type"]) == (200, form)
    assert "Accept" in answer["Vary"]


@pytest.mark.parametrize(
    "agent",
    [
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        "facebookexternalhit/1.1",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "WhatsApp/2.23",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        "http.rb/5.1.1 (Mastodon/4.2.0; +https://social.example.org/)",
    ],
)
def test_link_previews_get_the_page_whatever_they_accept(assertion, anonymous, agent):
    answer = anonymous.get(path(assertion), headers={"accept": "*/*", "user-agent": agent})
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert set(answer["Vary"].split(", ")) == {"Accept", "Accept-Language", "User-Agent"}


def test_link_previews_that_ask_for_json_get_json(assertion, anonymous):
    headers = {"accept": "application/ld+json", "user-agent": "ValidatorBot/1.0"}
    answer = anonymous.get(path(assertion), headers=headers)
    assert (answer["Content-Type"], answer["Vary"]) == ("application/ld+json", "Accept")


def test_assertion_json_is_what_was_stored(assertion, anonymous):
    answer = anonymous.get(path(assertion))
    assert answer.content.decode() == assertion.hosted_json
    assert answer.json()["id"] == assertion_url(assertion)
    assert answer["Cache-Control"] == "public, max-age=60"


def test_assertion_json_suffix_is_the_same_as_plain_json(assertion, anonymous):
    answer = anonymous.get(path(assertion, "assertion-json"), headers=HTML)
    assert answer["Content-Type"] == "application/json"
    assert answer.content.decode() == assertion.hosted_json


def test_assertion_json_takes_one_query(assertion, anonymous, django_assert_num_queries):
    with django_assert_num_queries(1):
        anonymous.get(path(assertion))


def test_assertion_page_takes_the_same_queries_with_one_and_three_parts(
    assertion, badge, anonymous, django_assert_num_queries
):
    anonymous.get(path(assertion), headers=HTML)
    for count in (1, 3):
        for number in range(count):
            Evidence.objects.create(assertion=assertion, position=count * 10 + number, url="https://example.org/work")
        EarningStepFactory.create_batch(count, badge_class=badge)
        AlignmentFactory.create_batch(count, badge_class=badge)
        EndorsementFactory.create_batch(count, badge_class=None, assertion=assertion, accepted=True)
        with django_assert_num_queries(9):
            anonymous.get(path(assertion), headers=HTML)


def test_assertion_page_asks_once_more_for_however_many_versions(
    assertion, badge, anonymous, now, django_assert_num_queries
):
    for number in (2, 3, 4):
        earlier = BadgeClass.objects.filter(series=badge.series)
        earlier.update(status=BadgeClass.Status.SUPERSEDED, superseded_at=now)
        current = BadgeClassFactory.create(issuer=badge.issuer, series=badge.series, version=number)
        with django_assert_num_queries(10):
            page = anonymous.get(path(assertion), headers=HTML).text
        assert f'<a href="/public/badges/{current.pk}">version {number}</a>' in page


# --- For every answer ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROUTES)
def test_public_answers_have_no_cookie_and_may_be_read_from_anywhere(assertion, as_rita, name):
    answer = as_rita.get(path(assertion, name), headers=HTML)
    assert answer.status_code == 200
    assert dict(answer.cookies) == {}
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("shown", [True, False])
def test_public_answers_never_hold_the_address(assertion, rita, anonymous, now, name, shown):
    show_name(assertion=assertion, shown=shown, by=rita, at=now)
    for accept in ("text/html", "application/ld+json"):
        data = anonymous.get(path(assertion, name), headers={"accept": accept}).content
        assert rita.email.encode() not in data
        assert rita.email.split("@")[0].encode() + b"@" not in data
        assert b"academy.example.org" not in data.replace(b"https://academy.example.org", b"").replace(
            b">academy.example.org<", b""
        )


@pytest.mark.parametrize("name", ROUTES)
def test_head_answers_like_get_without_the_body(assertion, anonymous, name):
    got, headed = anonymous.get(path(assertion, name)), anonymous.head(path(assertion, name))
    assert (headed.status_code, headed.content) == (200, b"")
    assert headed["Content-Length"] == got["Content-Length"]
    assert headed["ETag"] == got["ETag"]


@pytest.mark.parametrize("name", ROUTES)
def test_options_answers_a_preflight(assertion, anonymous, name):
    answer = anonymous.options(path(assertion, name))
    assert (answer.status_code, answer["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_known_answers_are_not_sent_twice(assertion, anonymous, name, accept):
    first = anonymous.get(path(assertion, name), headers={"accept": accept})
    again = anonymous.get(path(assertion, name), headers={"accept": accept, "if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", ROUTES)
def test_post_is_refused(assertion, anonymous, name):
    assert anonymous.post(path(assertion, name)).status_code == 405


@pytest.mark.parametrize("name", [*ROUTES, "assertion-svg"])
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_unknown_awards_are_not_found(anonymous, name, accept, db):
    answer = anonymous.get(reverse(f"public:{name}", args=[NOBODY]), headers={"accept": accept})
    assert answer.status_code == 404
    assert answer["Cache-Control"] == "no-store"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_not_found_page_says_what_to_do(anonymous, db):
    answer = anonymous.get(reverse("public:assertion", args=[NOBODY]), headers=HTML)
    assert answer.status_code == 404
    words = answer.content.decode()
    assert "There is no badge at this address" in words
    assert reverse("assertions:verify") in words


# --- Signature and pictures ----------------------------------------------------------------------------------


def test_jws_is_the_signed_form(assertion, anonymous):
    answer = anonymous.get(path(assertion, "assertion-jws"))
    assert answer["Content-Type"] == "application/jose"
    assert answer.content.decode() == assertion.jws


def test_jws_is_not_there_before_it_is_signed(unfinished, anonymous):
    answer = anonymous.get(path(unfinished, "assertion-jws"))
    assert (answer.status_code, answer["Retry-After"]) == (404, "5")
    assert answer.content.decode() == "This badge is being signed. Ask again in a few seconds."


@pytest.mark.parametrize("name", ["assertion-image", "assertion-png"])
def test_picture_has_the_signed_badge_inside(assertion, anonymous, name):
    answer = anonymous.get(path(assertion, name))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "public, max-age=60")
    assert answer["Content-Disposition"] == 'inline; filename="forklift-safety.png"'
    assert unbake(answer.content) == assertion.jws


def test_svg_picture_has_the_signed_badge_inside_and_runs_no_script(svg_assertion, anonymous):
    answer = anonymous.get(path(svg_assertion, "assertion-svg"))
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"].endswith("sandbox")
    assert unbake(answer.content) == svg_assertion.jws


def test_svg_picture_of_a_png_badge_is_not_found(assertion, anonymous):
    answer = anonymous.get(path(assertion, "assertion-svg"))
    assert answer.status_code == 404
    assert answer.json()["message"] == "This badge has no SVG picture. Its PNG is at /image.png"


def test_picture_is_the_badges_own_while_it_is_made(unfinished, badge, anonymous):
    answer = anonymous.get(path(unfinished, "assertion-image"))
    with default_storage.open(badge.image_png.name) as file:
        assert answer.content == file.read()
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("name", "fixture"), [("assertion-png", "assertion"), ("assertion-svg", "svg_assertion")])
def test_baked_picture_asks_for_patience_while_it_is_made(request, anonymous, name, fixture):
    award_made = request.getfixturevalue(fixture)
    award_made.baked_images.all().delete()
    answer = anonymous.get(path(award_made, name))
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    assert answer.content.decode() == "This picture is being made. Ask again in a few seconds."


def test_known_pictures_are_not_opened(assertion, anonymous):
    first = anonymous.get(path(assertion, "assertion-png"))
    default_storage.delete(BakedImage.objects.get(assertion=assertion).file.name)
    again = anonymous.get(path(assertion, "assertion-png"), headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_lost_picture_is_not_found(assertion, anonymous):
    default_storage.delete(BakedImage.objects.get(assertion=assertion).file.name)
    assert anonymous.get(path(assertion, "assertion-png")).status_code == 404


# --- Revoked -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["assertion", "assertion-json"])
def test_revoked_json_is_gone_and_says_why(revoked, anonymous, name):
    answer = anonymous.get(path(revoked, name))
    assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert json.loads(answer.content) == {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": assertion_url(revoked),
        "revoked": True,
        "revocationReason": "Awarded by mistake",
    }


@pytest.mark.parametrize("name", ["assertion-jws", "assertion-image", "assertion-png", "assertion-svg"])
def test_revoked_files_are_gone(revoked, anonymous, name):
    answer = anonymous.get(path(revoked, name))
    assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store")
    assert answer.content.decode() == "This badge was revoked: Awarded by mistake"


def test_revoked_page_is_gone_and_shows_only_what_is_left(revoked, rita, anonymous, now):
    show_name(assertion=revoked, shown=True, by=rita, at=now)
    answer = anonymous.get(path(revoked), headers=HTML)
    assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store")
    words = answer.content.decode()
    assert "This badge has been revoked." in words
    assert "“Awarded by mistake”" in words
    assert "Forklift Safety" in words
    assert rita.name not in words
    assert "linkedin.com" not in words
    assert path(revoked, "assertion-png") not in words


# --- The page ------------------------------------------------------------------------------------------------


def words_of(client, assertion):
    answer = client.get(path(assertion), headers=HTML)
    assert answer.status_code == 200
    return answer.content.decode()


def test_page_says_who_earned_what_from_whom(assertion, rita, anonymous, now):
    show_name(assertion=assertion, shown=True, by=rita, at=now)
    words = words_of(anonymous, assertion)
    assert "This badge is valid." in words
    assert (
        "Acme Academy awarded it to Rita Castle on 2 March 2026. It has not been revoked and does not expire." in words
    )
    assert "Name shown with their consent" in words


def test_page_hides_the_name_until_it_is_shown(assertion, rita, anonymous, now):
    show_name(assertion=assertion, shown=True, by=rita, at=now)
    show_name(assertion=assertion, shown=False, by=rita, at=now)
    words = words_of(anonymous, assertion)
    assert "The holder has not made their name public" in words
    assert rita.name not in words
    assert "Acme Academy awarded it on 2 March 2026." in words


def test_page_takes_an_address_for_no_name(assertion, anonymous, now):
    Assertion.objects.filter(pk=assertion.pk).update(recipient_name="rita@mail.example.org", name_shown_at=now)
    words = words_of(anonymous, assertion)
    assert "rita@mail.example.org" not in words
    assert "The holder has not made their name public" in words


def test_page_shows_until_when_it_is_valid(assertion, anonymous):
    Assertion.objects.filter(pk=assertion.pk).update(expires_at=timezone.now() + timedelta(days=400))
    assertion.refresh_from_db()
    words = words_of(anonymous, assertion)
    day = timezone.localtime(assertion.expires_at).strftime("%-d %B %Y")
    assert f"It has not been revoked and is valid until {day}." in words


def test_page_of_an_expired_award_says_so(expired, anonymous):
    words = words_of(anonymous, expired)
    assert "This badge has expired." in words
    assert "It was valid until 12 March 2026 and has not been revoked." in words
    assert '<figcaption class="state stamp warn">Expired</figcaption>' in words


def test_page_of_an_unfinished_award_is_valid_and_asks_again(unfinished, anonymous):
    answer = anonymous.get(path(unfinished), headers=HTML)
    words = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "This badge is valid." in words
    assert "The picture is being prepared." in words
    assert 'hx-trigger="every 3s"' in words
    assert path(unfinished, "assertion-png") not in words


def test_page_of_a_finished_award_asks_no_more(assertion, anonymous):
    words = words_of(anonymous, assertion)
    assert "every 3s" not in words
    assert f'<a class="row-link" href="{path(assertion, "assertion-png")}" download="forklift-safety.png">' in words


def test_page_shows_every_field_of_evidence(assertion, anonymous):
    Evidence.objects.create(
        assertion=assertion,
        position=0,
        name="The film",
        url="https://films.example.org/clip",
        narrative="All of it, **uncut**.",
        description="How it went & why.",
        genre="Film",
        audience="<b>colleagues</b>",
    )

    page = anonymous.get(f"/public/assertions/{assertion.pk}", headers={"Accept": "text/html"}).text

    assert '<p class="evidence-kind"><span>Film</span><span>For &lt;b&gt;colleagues&lt;/b&gt;</span></p>' in page
    assert "<p>How it went &amp; why.</p>" in page
    assert "All of it, <strong>uncut</strong>." in page


def test_page_says_the_badge_in_the_readers_language(assertion, anonymous):
    BadgeTranslationFactory.create(badge_class=assertion.badge_class)
    address = f"/public/assertions/{assertion.pk}"

    page = anonymous.get(address, headers={"Accept": "text/html", "Accept-Language": "de-CH, en;q=0.5"})
    english = anonymous.get(address, headers={"Accept": "text/html", "Accept-Language": "en"})

    assert page["Vary"] == "Accept, Accept-Language"
    assert '<h1 lang="de">Gespräche führen</h1>' in page.text
    assert "<h2>So wurde es erworben</h2>" in page.text
    assert "Zeigen Sie es zweimal." in page.text
    assert '<h1 lang="en">Forklift Safety</h1>' in english.text
    document = anonymous.get(address, headers={"Accept": "application/ld+json", "Accept-Language": "de"})
    assert document.text == assertion.hosted_json


def test_page_shows_what_was_done_and_evidence(assertion, anonymous):
    Assertion.objects.filter(pk=assertion.pk).update(narrative="Lifted **forty** pallets; ask ada@acme.example.org")
    Evidence.objects.create(
        assertion=assertion, position=0, name="Logbook", url="https://work.example.org/log", narrative="Page *3*"
    )
    Evidence.objects.create(assertion=assertion, position=1, url="https://films.example.org/clip")
    Evidence.objects.create(assertion=assertion, position=2, narrative="<script>alert(1)</script>")
    words = words_of(anonymous, assertion)
    assert "<strong>forty</strong>" in words
    assert "ada@acme.example.org" not in words
    assert '<a href="https://work.example.org/log" rel="nofollow ugc noopener">Logbook</a>' in words
    assert "<em>3</em>" in words
    assert ">films.example.org</a>" in words
    assert "<script>alert" not in words


def test_page_shows_criteria_steps_and_skills(assertion, badge, anonymous):
    EarningStepFactory.create(badge_class=badge, text="Take the theory course", url="https://courses.example.org/1")
    AlignmentFactory.create(
        badge_class=badge, target_name="Drive a forklift", target_url="https://skills.example.org/7", target_code="S8"
    )
    badge.learned, badge.assessed, badge.level = "Balance", "By two people", 3
    badge.save()
    words = words_of(anonymous, assertion)
    for expected in (
        "Drive the <strong>course</strong> twice",
        '<a href="https://courses.example.org/1" rel="nofollow ugc noopener">Take the theory course</a>',
        '<a class="chip" href="https://skills.example.org/7" rel="nofollow ugc noopener">Drive a forklift',
        "Balance",
        "By two people",
        "3 of 5, Practitioner",
    ):
        assert expected in words


def test_page_escapes_what_people_wrote(assertion, badge, anonymous):
    badge.name = '<b>"Boss"</b>'
    badge.save()
    words = words_of(anonymous, assertion)
    assert "<b>" not in words
    assert "&lt;b&gt;&quot;Boss&quot;&lt;/b&gt;" in words


def test_page_runs_nothing_inline(assertion, anonymous):
    words = words_of(anonymous, assertion)
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", words) == []
    assert " style=" not in words
    assert " onclick=" not in words


# --- What networks show --------------------------------------------------------------------------------------


def meta(words):
    tags = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', words)
    return dict(tags)


def test_page_says_about_itself_what_networks_ask(assertion, anonymous):
    tags = meta(words_of(anonymous, assertion))
    assert tags["og:type"] == "website"
    assert tags["og:url"] == assertion_url(assertion)
    assert tags["og:title"] == "Forklift Safety"
    assert tags["og:site_name"] == "Acme Academy"
    assert (tags["og:image:width"], tags["og:image:height"], tags["og:image:type"]) == ("1200", "627", "image/png")
    assert tags["twitter:card"] == "summary_large_image"
    assert tags["robots"] == "noindex"
    assert tags["og:image"].startswith(f"{settings.SITE_URL}/public/assertions/{assertion.pk}/card.png?v=")
    assert tags["og:description"].startswith("Acme Academy awarded it on 2 March 2026.")


def test_card_has_the_size_that_networks_want(assertion, anonymous):
    answer = anonymous.get(path(assertion, "assertion-card"))
    with Image.open(io.BytesIO(answer.content)) as card:
        assert (card.format, card.size, card.mode) == ("PNG", (1200, 627), "RGB")
    assert len(answer.content) < 5_000_000


def test_card_is_another_when_the_award_is_another(assertion, rita, sam, anonymous, now):
    versions = [meta(words_of(anonymous, assertion))["og:image"]]
    show_name(assertion=assertion, shown=True, by=rita, at=now)
    versions.append(meta(words_of(anonymous, assertion))["og:image"])
    Assertion.objects.filter(pk=assertion.pk).update(expires_at=now + timedelta(days=1))
    versions.append(meta(words_of(anonymous, assertion))["og:image"])
    revoke_assertion(assertion=assertion, reason="Mistake", by=sam, at=now)
    versions.append(meta(anonymous.get(path(assertion), headers=HTML).content.decode())["og:image"])
    assert len(set(versions)) == 4


def test_card_of_a_revoked_award_is_still_drawn(revoked, anonymous):
    answer = anonymous.get(path(revoked, "assertion-card"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")


def test_card_is_drawn_once(assertion, badge, anonymous):
    first = anonymous.get(path(assertion, "assertion-card")).content
    default_storage.delete(badge.image_png.name)
    assert anonymous.get(path(assertion, "assertion-card")).content == first


def test_badge_has_a_card_too(badge, anonymous):
    answer = anonymous.get(reverse("public:badge-card", args=[badge.pk]))
    with Image.open(io.BytesIO(answer.content)) as card:
        assert card.size == (1200, 627)


def test_draft_has_no_card(draft_badge, anonymous):
    assert anonymous.get(reverse("public:badge-card", args=[draft_badge.pk])).status_code == 404


def test_linkedin_gets_the_public_page_and_the_company(assertion, academy, anonymous):
    academy.linkedin_id = "1234567"
    academy.save()
    words = words_of(anonymous, assertion)
    assert "startTask=CERTIFICATION_NAME&amp;name=Forklift+Safety&amp;organizationId=1234567" in words
    assert f"certUrl=http%3A%2F%2Fbadges.example.org%2Fpublic%2Fassertions%2F{assertion.pk}" in words
    assert "issueYear=2026&amp;issueMonth=3" in words
