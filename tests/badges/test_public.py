import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from badges.actions.badge_classes import fields_of
from badges.actions.corrections import correct_badge_class
from badges.actions.versions import make_next_version, publish_next_version
from badges.documents import badge_class_json
from badges.models import BadgeClass
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import SVG, BadgeClassFactory, BadgeTranslationFactory, EarningStepFactory, png
from tests.factories.issuers import DepartmentFactory, PersonFactory

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
    # A page also depends on the reader’s language.
    varies = {None: "Accept, User-Agent", "*/*": "Accept, User-Agent", BROWSER: "Accept, Accept-Language"}
    assert response["Vary"] == varies.get(accept, "Accept")
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

    with django_assert_num_queries(6):
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
    assert response.context["rarity"].held == 2
    assert response.context["next_badges"] == []  # a draft is nobody's business
    assert "2 people" in response.text
    assert [(fact["label"], fact["value"]) for fact in response.context["facts"]] == [
        ("Issued by", "Acme Academy"),
        ("Level", "3 of 5, Practitioner"),
        ("Purpose", "Skill"),
        ("Rests on", ""),
        ("Category", "Technical skill"),
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

    assert (answer["Content-Type"], answer["Vary"]) == (
        "text/html; charset=utf-8",
        "Accept, User-Agent, Accept-Language",
    )


# --- Languages, and what a badge may say besides ------------------------------------------------------------------


def _in(client, badge, accepted, accept=BROWSER):
    return client.get(_url(badge), headers={"Accept": accept, "Accept-Language": accepted})


@pytest.fixture
def german(badge):
    EarningStepFactory.create(badge_class=badge, text="Take the course")
    return BadgeTranslationFactory.create(badge_class=badge, steps=["Den Kurs besuchen"], learned="Umsicht.")


def test_page_follows_the_reader(anonymous, badge, german):
    page = _in(anonymous, badge, "de-AT,de;q=0.9,en;q=0.5")

    assert (page["Content-Language"], page["Vary"]) == ("de", "Accept, Accept-Language")
    assert "<h1>Gespräche führen</h1>" in page.text
    assert "So erwirbt man es" in page.text
    assert "Den Kurs besuchen" in page.text
    assert 'lang="de" dir="ltr"' in page.text
    assert "Es gilt das Original: English." in page.text
    other = _in(anonymous, badge, "en")
    assert (other["Content-Language"], "<h1>Forklift Safety</h1>" in other.text) == ("en", True)
    assert other["ETag"] != page["ETag"]
    again = anonymous.get(
        _url(badge), headers={"Accept": BROWSER, "Accept-Language": "de", "If-None-Match": page["ETag"]}
    )
    assert (again.status_code, again["Vary"]) == (304, "Accept, Accept-Language")


def test_page_of_a_language_is_always_in_it(anonymous, badge, german):
    address = reverse("public:badge-language", args=[badge.pk, "de"])
    original = reverse("public:badge-language", args=[badge.pk, "en"])

    page = anonymous.get(address, headers={"Accept": BROWSER, "Accept-Language": "en"})
    first = anonymous.get(original, headers={"Accept": BROWSER, "Accept-Language": "de"})

    assert "<h1>Gespräche führen</h1>" in page.text
    assert "<h1>Forklift Safety</h1>" in first.text
    for one in (page, first):
        assert f'hreflang="de" href="{address}"' in one.text
        assert f'hreflang="x-default" href="http://badges.example.org{_url(badge)}"' in one.text


def test_documents_do_not_follow_the_reader(anonymous, badge, german):
    answers = [_in(anonymous, badge, language, accept="application/ld+json") for language in ("de", "en")]

    assert answers[0].content == answers[1].content
    assert answers[0]["Vary"] == "Accept"


def test_document_of_a_language_is_linked_both_ways(anonymous, badge, german):
    address = reverse("public:badge-language", args=[badge.pk, "de"])
    document = json.loads(anonymous.get(address).content)
    main = json.loads(anonymous.get(_url(badge)).content)

    base = "http://badges.example.org"
    assert (document["id"], document["@language"], document["name"]) == (f"{base}{address}", "de", "Gespräche führen")
    assert {"type": "BadgeClass", "id": f"{base}{address}", "@language": "de"} in main["related"]
    assert f"{base}{_url(badge)}" in [item["id"] for item in document["related"]]
    assert document["criteria"]["narrative"] == (
        "Zeigen Sie es zweimal.\n\n**So erwirbt man es**\n\n1. Kurs: Den Kurs besuchen\n\n"
        "**Was man lernt**\n\nUmsicht.\n\n**Gültig:** Unbegrenzt"
    )
    # The original, asked for by its language, is the badge under its own id.
    original = anonymous.get(reverse("public:badge-language", args=[badge.pk, "en"]))
    assert json.loads(original.content)["id"] == main["id"]


def test_what_is_not_translated_is_said_in_the_original_and_marked_so(anonymous, badge, german):
    badge.assessed = "A mentor **watches**."
    badge.save()

    page = _in(anonymous, badge, "de").text
    document = json.loads(anonymous.get(reverse("public:badge-language", args=[badge.pk, "de"])).content)

    assert '<div class="prose" lang="en"><p>A mentor <strong>watches</strong>.</p>' in page
    assert "**Wie geprüft wird**\n\nA mentor **watches**." in document["criteria"]["narrative"]


@pytest.mark.parametrize("language", ["fr", "DE", "x" * 300, "de\x00", "..", "de%2F.."])
def test_languages_that_a_badge_is_not_in_are_not_there(anonymous, badge, german, language):
    address = f"/public/badges/{badge.pk}/languages/{language}"

    assert {anonymous.get(address, headers={"Accept": accept}).status_code for accept in (BROWSER, "*/*")} == {404}


def test_badge_in_one_language_has_no_bar(anonymous, badge):
    page = _page(anonymous, badge)

    assert "languages-bar" not in page.text
    assert "hreflang" not in page.text


def test_right_to_left_is_said(anonymous, badge):
    BadgeTranslationFactory.create(badge_class=badge, language="ar", name="رافعة")

    assert '<header class="showcase-main stack" lang="ar" dir="rtl">' in _in(anonymous, badge, "ar").text


def test_page_shows_where_to_apply_the_licence_the_place_and_the_artist(anonymous, badge):
    badge.apply_url = "https://academy.example.org/apply"
    badge.licence, badge.image_author = "CC-BY-SA", "https://ines.example.org/work"
    badge.place, badge.latitude, badge.longitude = "Quay 7", "53.528300", "-9.942100"
    badge.save()

    page = _page(anonymous, badge).text

    assert '<a class="button main wide" href="https://academy.example.org/apply"' in page
    assert 'href="https://creativecommons.org/licenses/by-sa/4.0/" rel="license noopener"' in page
    assert 'href="geo:53.5283,-9.9421"' in page
    assert 'href="https://ines.example.org/work" rel="nofollow ugc noopener">ines.example.org</a>' in page


def test_nobody_applies_for_an_archived_badge(anonymous, academy):
    badge = BadgeClassFactory.create(issuer=academy, archived=True, apply_url="https://academy.example.org/apply")

    assert "academy.example.org/apply" not in _page(anonymous, badge).text


@pytest.mark.parametrize("name", ["apply-link", "licence", "place"])
def test_contexts_and_schemas_of_extensions_are_served_for_everybody(anonymous, db, name):
    context = anonymous.get(f"/public/extensions/{name}/context")
    schema = anonymous.get(f"/public/extensions/{name}/schema")

    for answer in (context, schema):
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
        assert (answer["Access-Control-Allow-Origin"], answer["Cache-Control"]) == ("*", "public, max-age=86400")
    validation = json.loads(context.content)["obi:validation"]
    assert validation[0]["obi:validationSchema"] == f"http://badges.example.org/public/extensions/{name}/schema"
    assert json.loads(schema.content)["id"] == validation[0]["obi:validationSchema"]


@pytest.mark.parametrize("name", ["Place", "x", "place\x00", "../place"])
def test_other_extensions_are_not_there(anonymous, db, name):
    assert anonymous.get(f"/public/extensions/{name}/context").status_code == 404
    assert anonymous.get(f"/public/extensions/{name}/schema").status_code == 404


# --- Versions ------------------------------------------------------------------------------------------------


@pytest.fixture
def second(assertion, badge, ed, now):
    """Version 2 of what Rita holds, of April 2026."""
    at = now + timedelta(days=31)
    draft = make_next_version(badge_class=badge, by=ed, at=at)
    BadgeClass.objects.filter(pk=draft.pk).update(description=f"{badge.description} Stacks.")
    return publish_next_version(badge_class=draft, change_note="Stacking at six metres.", by=ed, at=at)


def _changes(client, badge, **query: object):
    return client.get(reverse("public:badge-changes", args=[badge.pk]), query, headers={"Accept": BROWSER})


def test_earlier_version_says_so_and_leads_on(anonymous, badge, second):
    text = _page(anonymous, badge).text

    assert "This is version 1 of March 2026; the current one is version 2." in text
    assert f'href="{_url(second)}"' in text
    assert f'href="{reverse("public:badge-changes", args=[second.pk])}?since=1"' in text
    assert "A badge you can earn from" not in text


def test_current_version_lists_the_others(anonymous, badge, second):
    text = _page(anonymous, second).text

    assert "This is version" not in text
    assert "Stacking at six metres." in text
    assert f'href="{_url(badge)}"' in text


def test_badge_that_was_only_ever_itself_says_nothing_of_versions(anonymous, badge):
    assert 'id="versions"' not in _page(anonymous, badge).text


def test_documents_of_versions_name_each_other(anonymous, badge, second):
    first, later = (json.loads(anonymous.get(_url(one)).text) for one in (badge, second))

    assert (first["version"], later["version"]) == ("1", "2")
    assert [entry["id"] for entry in first["related"] if entry["type"] == "BadgeClass"] == [later["id"]]
    assert [entry["id"] for entry in later["related"] if entry["type"] == "BadgeClass"] == [first["id"]]


def test_draft_of_a_version_is_nowhere(anonymous, badge, second, ed, now):
    AssertionFactory.create(badge_class=second)
    third = make_next_version(badge_class=second, by=ed, at=now)

    assert _page(anonymous, third).status_code == 404
    assert _changes(anonymous, third).status_code == 404
    assert str(third.pk) not in _page(anonymous, second).text
    assert str(third.pk) not in anonymous.get(_url(second)).text


def test_changes_are_told_word_by_word(anonymous, badge, second):
    answer = _changes(anonymous, second)

    assert answer.status_code == 200
    assert "From version 1 to version 2" in answer.text
    assert '<ins><span class="hidden-text" lang="en"> [added: </span>Stacks.' in answer.text
    assert _changes(anonymous, second, since="1").text == answer.text
    assert _changes(anonymous, second, since="\x00").status_code == 200


def test_first_version_has_nothing_before_it(anonymous, badge):
    answer = _changes(anonymous, badge)

    assert (answer.status_code, "there is nothing before it" in answer.text) == (200, True)


def test_corrections_are_shown_to_everybody_without_saying_who(anonymous, assertion, badge, ed, now):
    fields = replace(fields_of(badge), name="Forklift Safty")
    correct_badge_class(badge_class=badge, fields=fields, note="A slip of the pen.", by=ed, at=now)

    for address in (_url(badge), reverse("public:badge-changes", args=[badge.pk])):
        text = anonymous.get(address, headers={"Accept": BROWSER}).text
        assert "A slip of the pen." in text
        assert "Safty" in text
        assert "Ed Novak" not in text
    award = anonymous.get(reverse("public:assertion", args=[assertion.pk]), headers={"Accept": BROWSER}).text
    assert "Corrected on 2 March 2026: <span>A slip of the pen.</span>" in award


def test_award_says_under_which_version_it_was_earned(anonymous, assertion, badge, second):
    text = anonymous.get(reverse("public:assertion", args=[assertion.pk]), headers={"Accept": BROWSER}).text

    assert "Earned under version 1 of March 2026; current is" in text
    assert f'href="{_url(second)}"' in text


# --- Kinds, ladders and rarity -------------------------------------------------------------------------------


def test_page_says_the_kind_what_it_is_good_for_and_what_comes_next(anonymous, academy, badge, svg_badge):
    secret = BadgeClassFactory.create(issuer=academy, name="Secret Level", level=4, visibility="INTERNAL")
    badge.level, badge.purpose, badge.basis = 1, "COMPLIANCE", "MEASUREMENT"
    badge.applied, badge.useful_for = "Every shift.", "Crane operators."
    badge.next_level = svg_badge
    badge.save()
    BadgeClass.objects.filter(pk=svg_badge.pk).update(level=3, next_level=secret)
    badge.related_badges.add(svg_badge, secret)

    response = anonymous.get(_url(badge), headers={"Accept": "text/html"})

    facts = {fact["label"]: fact["value"] for fact in response.context["facts"]}
    assert (facts["Purpose"], facts["Rests on"], facts["Category"]) == ("Compliance", "Measurement", "Technical skill")
    assert [(rung.name, rung.level, rung.is_this) for rung in response.context["rungs"]] == [
        ("Forklift Safety", 1, True),
        ("", 2, False),
        ("First Aid", 3, False),
    ]
    assert [other for other, _address in response.context["related"]] == [svg_badge]
    assert "Every shift." in response.text
    assert "Crane operators." in response.text
    assert "Secret Level" not in response.text


@pytest.mark.parametrize(("people", "department", "percent"), [(40, False, 2), (10, False, None), (40, True, None)])
def test_share_is_shown_of_everybody_alone(anonymous, badge, acme, now, people, department, percent):
    unit = DepartmentFactory.create(organisation=acme)
    PersonFactory.create_batch(people, organisation=acme, department=unit)
    if department:
        badge.departments.add(unit)
    AssertionFactory.create(badge_class=badge, issued_at=now)

    response = anonymous.get(_url(badge), headers={"Accept": "text/html"})

    assert response.context["rarity"].public_percent == percent
    assert ("% of everybody there" in response.text) is (percent is not None)


def test_page_of_a_pilot_says_so(anonymous, badge, academy):
    BadgeClass.objects.filter(pk=badge.pk).update(status="PILOT")

    assert (
        "This badge is being tried with a test group"
        in anonymous.get(_url(badge), headers={"Accept": "text/html"}).text
    )
    assert "Forklift Safety" not in anonymous.get(reverse("public:issuer", args=[academy.pk])).text
