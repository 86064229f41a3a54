import json
import uuid

import pytest
from django.urls import reverse

from badges.documents import badge_class_json
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import SVG, BadgeClassFactory, EarningStepFactory, png

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def _url(badge):
    return reverse("public:badge", args=[badge.pk])


def _page(client, badge):
    return client.get(_url(badge), headers={"Accept": BROWSER})


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/ld+json"),
        ("*/*", "application/ld+json"),
        ("application/ld+json, application/json, image/png, image/svg+xml", "application/ld+json"),
        ("application/json", "application/json"),
        (BROWSER, "text/html; charset=utf-8"),
    ],
)
def test_form_is_negotiated(anonymous, badge, accept, content_type):
    response = anonymous.get(_url(badge), headers={"Accept": accept} if accept else {})

    assert (response.status_code, response["Content-Type"]) == (200, content_type)
    # Who names no form may be a program that previews links, and is told apart by its name.
    assert response["Vary"] == ("Accept, User-Agent" if accept in {None, "*/*"} else "Accept")
    assert response["Access-Control-Allow-Origin"] == "*"


def test_document_is_the_badge_class_at_its_own_address(anonymous, badge):
    response = anonymous.get(_url(badge))

    assert response.text == badge_class_json(badge)
    assert json.loads(response.text)["id"] == f"http://badges.example.org{_url(badge)}"
    again = anonymous.get(_url(badge), headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("item_count", [1, 3])
def test_document_asks_the_same_number_of_questions(anonymous, badge, item_count, django_assert_num_queries):
    for position, other in enumerate(BadgeClassFactory.create_batch(item_count, issuer=badge.issuer)):
        EarningStepFactory.create(badge_class=badge, required_badge=other, position=position)

    with django_assert_num_queries(3):
        anonymous.get(_url(badge))


def test_draft_and_unknown_badges_are_not_there(anonymous, draft_badge):
    for address in (_url(draft_badge), reverse("public:badge-image", args=[draft_badge.pk])):
        assert anonymous.get(address).status_code == 404
        assert anonymous.get(address, headers={"Accept": BROWSER}).status_code == 404
    assert anonymous.get(reverse("public:badge", args=[uuid.uuid4()])).status_code == 404


def test_page_says_what_and_how(anonymous, badge, svg_badge, draft_badge, academy, now):
    badge.learned, badge.assessed, badge.level, badge.tags = "Load charts.", "By an examiner.", 3, ["safety"]
    badge.save()
    EarningStepFactory.create(
        badge_class=badge, kind="BADGE", text="Hold First Aid", required_badge=svg_badge, position=0
    )
    EarningStepFactory.create(badge_class=draft_badge, required_badge=badge)
    for name in ("one", "two"):
        AssertionFactory.create(badge_class=badge, recipient_email=f"{name}@mail.example.org", issued_at=now)

    response = _page(anonymous, badge)

    story = response.context["story"]
    assert (story.learned, story.assessed) == ("<p>Load charts.</p>", "<p>By an examiner.</p>")
    assert [(step.icon, step.text) for step in story.steps] == [("hexagon", "Hold First Aid")]
    assert f'<a href="{_url(svg_badge)}">Hold First Aid</a>' in response.text
    assert response.context["held"] == 2
    assert response.context["next_badges"] == []  # a draft is nobody's business
    assert "2 people" in response.text
    assert [(fact["label"], fact["value"]) for fact in response.context["facts"]] == [
        ("Issued by", "Acme Academy"),
        ("Level", "3 of 5, Practitioner"),
        ("Category", "Skill"),
        ("Valid", "Does not expire"),
    ]


def test_page_shows_what_the_badge_leads_to(anonymous, badge, svg_badge):
    EarningStepFactory.create(badge_class=svg_badge, required_badge=badge)

    assert f'href="http://badges.example.org{_url(svg_badge)}"' in _page(anonymous, badge).text


def test_page_names_its_preview_for_networks(anonymous, badge):
    text = _page(anonymous, badge).text
    address = f"http://badges.example.org{_url(badge)}"

    assert '<meta property="og:title" content="Forklift Safety">' in text
    assert f'<meta property="og:url" content="{address}">' in text
    assert f'<meta property="og:image" content="{address}/card.png?v=20260302090000">' in text
    assert '<meta property="og:image:width" content="1200">' in text


def test_page_of_an_archived_badge_says_so(anonymous, academy):
    archived = BadgeClassFactory.create(issuer=academy, archived=True)

    response = _page(anonymous, archived)

    assert response.status_code == 200
    assert "This badge is no longer awarded." in response.text


def test_page_sets_no_cookie_and_shows_no_address(as_ada, badge, assertion):
    badge.criteria_narrative = "Write to ada@acme.example.org."
    badge.save()

    response = _page(as_ada, badge)

    assert response.cookies == {}
    assert "Cookie" not in response["Vary"]
    assert "@mail.example.org" not in response.text
    assert "@academy.example.org" not in response.text
    assert "@acme.example.org" not in response.text


def test_markup_in_texts_stays_text(anonymous, badge):
    badge.name = badge.description = badge.image_alt = '"><script>alert(1)</script>'
    badge.criteria_narrative = "<img src=x onerror=alert(1)> [x](javascript:alert(1))"
    badge.tags = ["<b>"]
    badge.save()

    text = _page(anonymous, badge).text

    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert 'href="javascript' not in text
    assert "<b>" not in text


def test_picture_is_served_as_what_it_is(anonymous, badge, svg_badge):
    photo = anonymous.get(reverse("public:badge-image", args=[badge.pk]))
    drawing = anonymous.get(reverse("public:badge-image", args=[svg_badge.pk]))

    assert (photo["Content-Type"], photo.content) == ("image/png", png())
    assert (drawing["Content-Type"], drawing.content) == ("image/svg+xml", SVG)
    assert drawing["Content-Security-Policy"].endswith("sandbox")
    assert photo["X-Content-Type-Options"] == "nosniff"


def test_picture_that_went_missing_is_not_an_error(anonymous, badge):
    badge.image.storage.delete(badge.image.name)

    assert anonymous.get(reverse("public:badge-image", args=[badge.pk])).status_code == 404


@pytest.mark.parametrize("name", ["badge", "badge-image"])
def test_public_doors_only_read(anonymous, badge, name):
    address = reverse(f"public:{name}", args=[badge.pk])

    assert anonymous.post(address).status_code == 405
    assert anonymous.options(address)["Access-Control-Allow-Origin"] == "*"
    head = anonymous.head(address)
    assert (head.status_code, head.content) == (200, b"")


def test_a_program_that_previews_links_gets_the_page(anonymous, badge):
    answer = anonymous.get(
        f"/public/badges/{badge.pk}", headers={"Accept": "*/*", "User-Agent": "Slackbot-LinkExpanding 1.0"}
    )

    assert (answer["Content-Type"], answer["Vary"]) == ("text/html; charset=utf-8", "Accept, User-Agent")
