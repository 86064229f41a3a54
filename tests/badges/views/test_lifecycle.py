"""Reviews, pilots, surveys, archive and templates in the browser's eyes."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from badges.actions.pilots import answer_survey
from badges.actions.reviews import ask_for_review
from badges.actions.templates import make_template
from badges.insights.reviews import fingerprint_of
from badges.models import BadgeClass, Pilot, Review, SurveyAnswer
from badges.rules import survey_token
from tests.factories.badges import (
    AlignmentFactory,
    BadgeClassFactory,
    CompetencyFactory,
    PilotFactory,
    PilotMemberFactory,
    ReviewFactory,
)
from tests.factories.issuers import DepartmentFactory, PersonFactory


def _url(name, badge):
    return reverse(f"badges:{name}", args=["acme", badge.pk])


def _said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def whole_draft(academy, now) -> BadgeClass:
    return BadgeClassFactory.create(
        issuer=academy, name="Crane Signals", image_alt="A crane", draft=True, created_at=now
    )


@pytest.fixture
def pilot(academy):
    tried = BadgeClassFactory.create(issuer=academy, name="Crane Signals", status="PILOT", image_alt="A crane")
    return PilotFactory.create(
        badge_class=tried, started_at=timezone.now(), ends_on=timezone.localdate() + timedelta(days=9)
    )


@pytest.fixture
def member(pilot):
    return PilotMemberFactory.create(pilot=pilot, person__name="Teo Lindahl", person__email="teo@mail.example.org")


# --- Reviews -------------------------------------------------------------------------------------------------


def test_draft_goes_from_its_author_to_a_second_person_and_back(acme, as_ed, as_rex, whole_draft):
    acme.four_eyes = True
    acme.save()
    page = as_ed.get(_url("detail", whole_draft)).text
    assert _url("ask-review", whole_draft) in page
    assert f'action="{_url("publish", whole_draft)}"' not in page

    asked = as_ed.post(_url("ask-review", whole_draft), {"question": "Is it clear?"})
    assert _said(asked) == ["Asked. You get a mail as soon as somebody has decided."]
    assert "In review" in as_ed.get(_url("detail", whole_draft)).text
    assert "Crane Signals" in as_rex.get(reverse("assertions:overview", args=["acme"])).text

    page = as_rex.get(_url("review", whole_draft))
    assert "Is it clear?" in page.text
    decided = as_rex.post(
        _url("review", whole_draft), {"act": "approve", "seen": page.context["seen"], "note": "Good."}
    )
    assert decided.status_code == 302
    page = as_ed.get(_url("detail", whole_draft)).text
    assert "Approved." in page
    assert f'action="{_url("publish", whole_draft)}"' in page
    as_ed.post(_url("publish", whole_draft))
    whole_draft.refresh_from_db()
    assert whole_draft.status == "PUBLISHED"


def test_the_decision_comes_after_what_is_read(as_ada, ed, whole_draft, now):
    ask_for_review(badge_class=whole_draft, question="Is it clear?", by=ed, at=now)

    page = as_ada.get(_url("review", whole_draft)).text

    places = [page.index(one) for one in ("Is it clear?", 'class="review-main', 'id="decide"')]
    assert places == sorted(places)


def test_page_says_that_it_changed_and_what(acme, as_ada, ada, ed, whole_draft, now):
    review = ask_for_review(badge_class=whole_draft, by=ed, at=now)
    BadgeClass.objects.filter(pk=whole_draft.pk).update(learned="Wind.")
    response = as_ada.post(_url("review", whole_draft), {"act": "approve", "seen": fingerprint_of(whole_draft)})
    assert response.status_code == 422
    assert "Somebody changed this badge while you were reading" in response.text

    whole_draft.refresh_from_db()
    as_ada.post(_url("review", whole_draft), {"act": "approve", "seen": fingerprint_of(whole_draft)})
    BadgeClass.objects.filter(pk=whole_draft.pk).update(learned="Wind and rain.")
    review.refresh_from_db()
    page = as_ada.get(_url("detail", whole_draft)).text
    assert (review.decision, "Approved once, and changed since." in page, "What is learned" in page) == (
        "APPROVED",
        True,
        True,
    )


def test_asking_for_changes_without_a_word_keeps_the_page(as_ada, ed, whole_draft, now):
    ask_for_review(badge_class=whole_draft, by=ed, at=now)
    response = as_ada.post(_url("review", whole_draft), {"act": "changes", "note": " "})
    assert (response.status_code, Review.objects.get().decision) == (422, "")
    assert "Say what should be changed" in response.text


def test_who_asked_reads_why_somebody_else_decides(as_ed, ed, ada, whole_draft, now):
    ask_for_review(badge_class=whole_draft, by=ed, at=now)
    page = as_ed.get(_url("review", whole_draft)).text
    assert "You asked for this review yourself" in page
    assert 'value="approve"' not in page


def test_publishing_by_hand_is_refused_with_what_to_do(acme, as_ed, whole_draft):
    acme.four_eyes = True
    acme.save()
    response = as_ed.post(_url("publish", whole_draft))
    assert response.status_code == 422
    assert "nobody has approved what it says now" in response.text


@pytest.mark.parametrize("text", ["\x00", "x" * 20_000])
def test_texts_that_cannot_be_kept_are_answered_by_a_sentence(as_ed, ada, whole_draft, text):
    response = as_ed.post(_url("ask-review", whole_draft), {"question": text})
    assert (response.status_code, Review.objects.count()) == (422, 0)


@pytest.mark.parametrize("count", [1, 9])
def test_list_of_reviews_asks_the_same_number_of_questions(
    as_ada, academy, ada, count, django_assert_max_num_queries, django_assert_num_queries
):
    ReviewFactory.create_batch(count, badge_class__issuer=academy)
    as_ada.get(reverse("badges:reviews", args=["acme"]))
    with django_assert_num_queries(8):
        assert len(as_ada.get(reverse("badges:reviews", args=["acme"])).context["mine"]) == count


# --- Pilots --------------------------------------------------------------------------------------------------


def test_pilot_is_started_with_people_of_a_search(as_ed, acme, whole_draft):
    yard = DepartmentFactory.create(organisation=acme, name="Yard")
    teo, mia = (
        PersonFactory.create(organisation=acme, name="Teo Lindahl", department=yard),
        PersonFactory.create(organisation=acme, name="Mia Osei"),
    )
    form = {
        "goal": "Is it clear?",
        "ends_on": str(timezone.localdate() + timedelta(days=7)),
        f"part-{mia.pk}": "MANAGER",
    }
    found = as_ed.post(
        _url("start-pilot", whole_draft),
        {**form, "act": "search", "department": str(yard.pk)},
        headers={"HX-Request": "true"},
    )
    assert 0 < found.text.index("Mia Osei") < found.text.index("Teo Lindahl")  # who is chosen stays, and first
    assert "<html" not in found.text

    response = as_ed.post(_url("start-pilot", whole_draft), {**form, f"part-{teo.pk}": "TESTER"})
    assert response.url == _url("pilot", whole_draft)
    assert set(Pilot.objects.get().members.values_list("person__name", "part")) == {
        ("Teo Lindahl", "TESTER"),
        ("Mia Osei", "MANAGER"),
    }


def test_people_of_others_are_not_there(as_ed, elsewhere, whole_draft):
    stranger = PersonFactory.create(organisation=elsewhere)
    response = as_ed.post(
        _url("start-pilot", whole_draft),
        {"ends_on": str(timezone.localdate()), f"part-{stranger.pk}": "TESTER", "part-x": "TESTER"},
    )
    assert response.status_code == 422
    assert "Choose at least one person" in response.text


@pytest.mark.parametrize("day", ["", "2020-01-01", "9999-12-31", "yesterday", "\x00"])
def test_days_that_make_no_sense_are_answered_beside_the_field(as_ed, acme, whole_draft, day):
    person = PersonFactory.create(organisation=acme)
    response = as_ed.post(_url("start-pilot", whole_draft), {"ends_on": day, f"part-{person.pk}": "TESTER"})
    assert (response.status_code, Pilot.objects.count()) == (422, 0)


def test_report_shows_charts_in_words_and_numbers(as_sam, as_ed, pilot):
    for member in PilotMemberFactory.create_batch(3, pilot=pilot):
        answer_survey(member=member, clear=5, worth=4, shown=1, remark="=1+1", at=timezone.now())
    text = as_sam.get(_url("pilot", pilot.badge_class)).text
    assert "Fully: 3, Mostly: 0" in text
    sheet = as_ed.get(_url("pilot-csv", pilot.badge_class))
    assert "Clear what to do,Everybody,3,5.0,0,0,0,0,3" in sheet.text
    assert "\r\n'=1+1," in sheet.text


@pytest.mark.parametrize("remark", ["=1+1", " =1+1", "＝1+1", "@SUM(1)"])
def test_no_remark_of_a_report_is_a_formula(as_ed, pilot, remark):
    for member in PilotMemberFactory.create_batch(3, pilot=pilot):
        answer_survey(member=member, clear=5, worth=4, shown=1, remark=remark, at=timezone.now())
    said = [row[0] for row in csv.reader(io.StringIO(as_ed.get(_url("pilot-csv", pilot.badge_class)).text)) if row]
    assert said[-3:] == [f"'{remark.strip()}"] * 3


def test_pilot_is_ended_from_its_page(as_ed, pilot):
    assert as_ed.post(_url("end-pilot", pilot.badge_class), {"decision": "x"}).status_code == 422
    response = as_ed.post(_url("end-pilot", pilot.badge_class), {"decision": "PUBLISH", "note": "Yes."})
    assert _said(response) == ["Published for everybody. The report of the pilot stays."]
    assert "Report of the pilot" in as_ed.get(_url("pilot", pilot.badge_class)).text


def test_badge_without_a_pilot_has_no_report(as_ed, badge):
    assert as_ed.get(_url("pilot", badge)).status_code == 404


def test_no_list_for_everybody_names_a_pilot(client, pilot, badge, now):
    """Its own page answers whoever is led there; nothing that the world finds by itself leads there."""
    trying = pilot.badge_class
    skill = CompetencyFactory.create(framework__organisation=badge.issuer.organisation, name="Crane signals", uri="")
    for one in (trying, badge):
        AlignmentFactory.create(badge_class=one, competency=skill)
    BadgeClass.objects.filter(pk=badge.pk).update(status="ARCHIVED", archived_at=now, successor=trying)
    pages = {
        "skill": reverse("public:competency", args=[skill.pk]),
        "archived": reverse("public:badge", args=[badge.pk]),
        "issuer": reverse("public:issuer", args=[trying.issuer_id]),
    }

    answers = {name: client.get(url, headers={"Accept": "text/html"}) for name, url in pages.items()}

    assert [answer.status_code for answer in answers.values()] == [200] * 3
    assert badge.name in answers["skill"].text
    assert [name for name, answer in answers.items() if str(trying.pk) in answer.text] == []


def test_public_page_is_marked_as_a_pilot(client, pilot):
    response = client.get(reverse("public:badge", args=[pilot.badge_class_id]), headers={"Accept": "text/html"})
    assert "This badge is being tried with a test group." in response.text


# --- The survey ----------------------------------------------------------------------------------------------


def survey_url(member):
    return reverse("badges:survey", args=[survey_token(member.pk)])


def test_survey_is_answered_once_without_an_account(client, member):
    page = client.get(survey_url(member))
    assert (page.status_code, dict(page.cookies)) == (200, {})
    assert "I knew what I had to do for this badge." in page.text
    assert SurveyAnswer.objects.count() == 0

    answers = {"clear": "5", "worth": "4", "shown": "3", "remark": "Good."}
    response = client.post(survey_url(member), answers)
    assert (response.status_code, response.url) == (303, survey_url(member))
    assert "Thank you" in client.get(survey_url(member)).text
    client.post(survey_url(member), answers)
    assert SurveyAnswer.objects.count() == 1


def test_survey_wears_the_organisations_colour(client, member, acme):
    acme.accent = "#0a7d55"
    acme.save()

    assert '<link rel="stylesheet" href="/brand/0a7d55.css">' in client.get(survey_url(member)).text


def test_managers_are_asked_in_other_words(client, pilot):
    manager = PilotMemberFactory.create(pilot=pilot, part="MANAGER")
    assert "I see a difference at work." in client.get(survey_url(manager)).text


def test_ended_and_unknown_links_say_so(client, member):
    Pilot.objects.update(ended_at=timezone.now())
    ended = client.get(survey_url(member))
    unknown = client.get(reverse("badges:survey", args=["nobody:signed-this"]))
    assert (ended.status_code, unknown.status_code) == (410, 404)
    assert "This survey has ended" in ended.text
    assert "This link does not open a survey" in unknown.text


@pytest.mark.parametrize("data", [{}, {"clear": "6", "worth": "x", "shown": "\x00"}, {"clear": "1", "remark": "\x00"}])
def test_answers_that_are_none_are_asked_again(client, member, data):
    response = client.post(survey_url(member), data)
    assert (response.status_code, SurveyAnswer.objects.count()) == (422, 0)


# --- Archive and templates -----------------------------------------------------------------------------------


def test_badge_is_archived_with_a_successor_that_the_world_sees(as_ed, client, badge, svg_badge):
    assert "First Aid" in as_ed.get(_url("confirm-archive", badge)).text
    as_ed.post(_url("archive", badge), {"successor": str(svg_badge.pk)})
    page = client.get(reverse("public:badge", args=[badge.pk]), headers={"Accept": "text/html"}).text
    assert "Succeeded by" in page
    assert reverse("public:badge", args=[svg_badge.pk]) in page
    assert "Its successor, “First Aid”, stays as it is." in _said(as_ed.post(_url("restore", badge)))[-1]


@pytest.mark.parametrize("successor", ["x", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_successor_that_is_none_archives_nothing(as_ed, badge, successor):
    assert as_ed.post(_url("archive", badge), {"successor": successor}).status_code == 422
    badge.refresh_from_db()
    assert badge.status == "PUBLISHED"


def test_another_look_is_noted(as_ed, badge):
    BadgeClass.objects.filter(pk=badge.pk).update(review_by=timezone.localdate())
    assert "Due for another look." in as_ed.get(_url("detail", badge)).text
    assert _said(as_ed.post(_url("still-fits", badge))) == ["Noted. You will be reminded in 12 months."]
    assert "Due for another look." not in as_ed.get(_url("detail", badge)).text


def test_templates_are_made_and_used(as_ed, badge, academy):
    as_ed.post(_url("make-template", badge))
    template = BadgeClass.objects.templates().get()
    page = as_ed.get(reverse("badges:templates", args=["acme"])).text
    assert ("Forklift Safety" in page, "Settled in" in page) == (True, True)
    made = BadgeClass.objects.get(pk=as_ed.post(_url("use-template", template)).url.split("/")[-3])
    assert (made.name, made.is_template) == ("Forklift Safety", False)
    response = as_ed.post(reverse("badges:use-starting", args=["acme", "safety"]))
    assert BadgeClass.objects.get(pk=response.url.split("/")[-3]).purpose == "COMPLIANCE"
    assert as_ed.post(reverse("badges:use-starting", args=["acme", "nothing"])).status_code == 404
    assert as_ed.get(_url("detail", template)).status_code == 200


def test_template_cannot_be_awarded(as_ed, badge, ed, now):
    template = make_template(badge_class=badge, by=ed, at=now)
    assert as_ed.get(reverse("assertions:award", args=["acme", template.pk])).status_code != 200
