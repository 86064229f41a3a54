"""Begin a version, compare, correct a typo: each door with the same six tests, and what its page says."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from badges.actions.versions import make_next_version, publish_next_version
from badges.models import BadgeClass, BadgeCorrection
from badgeserver.audit.models import AuditEvent
from tests.badges.form_data import sent
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import AlignmentFactory, BadgeClassFactory, EarningStepFactory

DOORS = ["new-version", "correct"]


def url(name, badge, organisation="acme"):
    return reverse(f"badges:{name}", args=[organisation, badge.pk])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def said_by(badge, **changes: str):
    """Return what the correction form of a badge sends."""
    texts = {"name": badge.name, "description": badge.description, "criteria_narrative": badge.criteria_narrative}
    return {**texts, "image_alt": badge.image_alt, "note": "A typo.", "act": "correct", **changes}


@pytest.fixture
def draft(assertion, badge, ed, now) -> BadgeClass:
    return make_next_version(badge_class=badge, by=ed, at=now)


@pytest.fixture
def second(draft, ada, now) -> BadgeClass:
    return publish_next_version(badge_class=draft, change_note="Stacking at six metres.", by=ada, at=now)


# --- The doors -----------------------------------------------------------------------------------------------


def test_editor_begins_a_version(as_ed, assertion, badge):
    response = as_ed.post(url("new-version", badge))

    draft = BadgeClass.objects.get(version=2)
    assert (response.status_code, response.url) == (302, url("edit", draft))
    assert said(response) == ["Version 2 begun, as a draft. Nothing changes for holders until you publish it."]


def test_beginning_again_leads_to_the_draft_there_is(as_ada, draft, badge):
    response = as_ada.post(url("new-version", badge))

    assert response.url == url("edit", draft)
    assert said(response) == ["Version 2 is being prepared already. Go on with that draft, or discard it first."]
    assert BadgeClass.objects.filter(series=badge.series).count() == 2


def test_badge_that_nobody_holds_needs_no_version(as_ed, badge):
    response = as_ed.post(url("new-version", badge))

    assert response.url == url("detail", badge)
    assert said(response) == ["Nobody holds “Forklift Safety”, so you can simply edit it."]


@pytest.mark.parametrize("status", ["PILOT", "ARCHIVED", "SUPERSEDED"])
def test_four_eyes_lead_nobody_in_a_circle(as_ed, acme, badge, now, status):
    acme.four_eyes = True
    acme.save()
    since = {"ARCHIVED": {"archived_at": now}, "SUPERSEDED": {"superseded_at": now}}.get(status, {})
    BadgeClass.objects.filter(pk=badge.pk).update(status=status, **since)
    if status == "SUPERSEDED":
        BadgeClassFactory.create(issuer=badge.issuer, series=badge.series, version=2)

    correct, languages = as_ed.get(url("correct", badge)), as_ed.get(url("languages", badge)).text
    answer = as_ed.post(url("new-version", badge))

    assert (correct.status_code, "can simply be edited" in correct.text) == (409, False)
    assert url("correct", badge) not in correct.text
    assert ("its languages stay as they are" in languages, "next version" in languages) == (True, False)
    assert "simply edit it" not in said(answer)[0]


def test_new_version_refuses_get(as_ed, assertion, badge):
    assert as_ed.get(url("new-version", badge)).status_code == 405
    assert BadgeClass.objects.filter(version=2).count() == 0


@pytest.mark.parametrize("door", [*DOORS, "compare"])
def test_strangers_are_sent_to_sign_in(anonymous, assertion, badge, door):
    response = anonymous.get(url(door, badge)) if door == "compare" else anonymous.post(url(door, badge))

    assert (response.status_code, response.url.startswith(reverse("account_login"))) == (302, True)


@pytest.mark.parametrize("door", [*DOORS, "compare"])
def test_members_of_another_organisation_find_nothing(as_mallory, elsewhere, assertion, badge, door):
    for organisation in ("acme", "elsewhere"):
        address = url(door, badge, organisation)
        response = as_mallory.get(address) if door == "compare" else as_mallory.post(address)
        assert response.status_code == 404


@pytest.mark.parametrize("door", DOORS)
def test_awarders_may_not(as_sam, assertion, badge, door):
    assert as_sam.post(url(door, badge), said_by(badge, name="Forklift Safty")).status_code == 403
    assert (BadgeClass.objects.count(), BadgeCorrection.objects.count()) == (1, 0)


# --- Correct -------------------------------------------------------------------------------------------------


def test_editor_corrects_a_typo(as_ed, assertion, badge):
    EarningStepFactory.create(badge_class=badge, text="Complete the cource", position=0)
    AlignmentFactory.create(badge_class=badge, target_description="Lifts goods.", position=0)
    texts = {"steps.0": "Complete the course", "alignments.0": "Lifts goods."}

    response = as_ed.post(url("correct", badge), said_by(badge, **texts))

    assert (response.status_code, response.url) == (302, url("detail", badge))
    assert badge.earning_steps.get().text == "Complete the course"
    correction = BadgeCorrection.objects.get()
    assert (correction.note, len(correction.changes), correction.corrected_by.name) == ("A typo.", 1, "Ed Novak")
    page = as_ed.get(url("detail", badge)).text
    assert "1 small correction" in page
    assert "by Ed Novak: <span>A typo.</span>" in page


def test_form_offers_every_text_that_is_there(as_ed, assertion, badge):
    EarningStepFactory.create(badge_class=badge, text="Complete the course", position=0)

    form = as_ed.get(url("correct", badge)).context["form"]

    assert list(form.fields) == ["name", "description", "steps.0", "criteria_narrative", "image_alt", "note"]


def test_line_ends_and_blanks_of_browsers_are_no_correction(as_ed, assertion, badge):
    badge.criteria_narrative = "One.\nTwo. "
    badge.save()

    response = as_ed.post(url("correct", badge), said_by(badge, criteria_narrative="One.\r\nTwo."))

    assert response.status_code == 422
    assert "The badge says this already." in response.text


def test_preview_shows_the_words(as_ed, assertion, badge):
    sent_form = said_by(badge, name="Forklift Safty", act="preview", note="")

    page = as_ed.post(url("correct", badge), sent_form)
    part = as_ed.post(url("correct", badge), sent_form, headers={"hx-request": "true"})

    assert (page.status_code, part.status_code) == (200, 200)
    for answer in (page, part):
        assert "Small enough." in answer.text
        assert '<ins><span class="hidden-text" lang="en"> [added: </span>Safty' in answer.text
    assert "<html" not in part.text
    assert BadgeCorrection.objects.count() == 0


def test_preview_says_when_it_is_too_much(as_ed, assertion, badge):
    part = as_ed.post(
        url("correct", badge), said_by(badge, name="Crane Signals", act="preview"), headers={"hx-request": "true"}
    )

    assert "This is more than a correction." in part.text
    assert "Make it version 2" in part.text


def test_what_is_too_much_comes_back_with_everything_and_becomes_a_version(as_ed, assertion, badge):
    typed = said_by(badge, description="Signals to cranes, and does it well.")

    refused = as_ed.post(url("correct", badge), typed)

    assert refused.status_code == 422
    assert "Signals to cranes, and does it well." in refused.text
    assert "Make it version 2" in refused.text

    response = as_ed.post(url("correct", badge), {**typed, "act": "version", "note": ""})

    draft = BadgeClass.objects.get(version=2)
    assert response.url == url("edit", draft)
    assert draft.description == "Signals to cranes, and does it well."
    badge.refresh_from_db()
    assert badge.description == "Drives and parks a forklift without putting anybody at risk."


def test_version_with_what_was_typed_is_refused_while_there_is_a_draft(as_ed, draft, badge):
    response = as_ed.post(url("correct", badge), said_by(badge, name="Crane Signals", act="version"))

    assert response.status_code == 422
    assert "Version 2 is being prepared already." in response.text
    assert "Crane Signals" in response.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"note": "", "name": "Forklift Safty"}, "Say why, such as"),
        ({"name": ""}, "A correction takes no text away."),
        ({"name": "Forklift Saf\x00ty"}, "invisible character"),
        ({"description": "Ask ada@acme.example.org"}, "leave out e-mail addresses"),
        ({"note": "x" * 301, "name": "Forklift Safty"}, "Shorten this to 300 characters"),
        ({"name": "x" * 10_000_00}, "Shorten this to 120 characters"),
    ],
)
def test_correction_says_what_is_wrong(as_ed, assertion, badge, changes, sentence):
    response = as_ed.post(url("correct", badge), said_by(badge, **changes))

    assert response.status_code == 422
    assert sentence in response.text
    assert BadgeCorrection.objects.count() == 0


def test_correction_of_what_somebody_saved_meanwhile_is_told_once(as_ed, assertion, badge):
    stale = said_by(badge, name="Forklift Safty", seen="2020-01-01T00:00:00+00:00")

    refused = as_ed.post(url("correct", badge), stale)

    assert refused.status_code == 422
    assert "Somebody else saved this badge" in refused.text
    assert refused.context["seen"] == ""


def test_badge_that_nobody_holds_is_not_corrected_but_edited(as_ed, badge):
    response = as_ed.get(url("correct", badge))

    assert response.status_code == 409
    assert url("edit", badge) in response.text


# --- Edit ----------------------------------------------------------------------------------------------------


def test_edit_of_an_awarded_badge_offers_version_and_correction(as_ed, assertion, badge):
    response = as_ed.get(url("edit", badge))

    assert response.status_code == 409
    assert "Edit as version 2" in response.text
    assert url("correct", badge) in response.text


def test_line_ends_of_a_browser_are_no_change(as_ed, assertion, badge, academy):
    badge.criteria_narrative = "Drives.\n\n- Safely"
    badge.save(update_fields=["criteria_narrative"])
    as_ed.post(url("new-version", badge))
    draft = BadgeClass.objects.get(version=2)
    page = as_ed.get(url("edit", draft))
    data = sent(
        academy,
        steps=[],
        alignments=[],
        picture=False,
        act="draft",
        name=badge.name,
        criteria_narrative="Drives.\r\n\r\n- Safely",
        seen=page.context["forms"].badge_class.updated_at.isoformat(),
    )

    as_ed.post(url("edit", draft), data)

    assert BadgeClass.objects.get(version=2).criteria_narrative == "Drives.\n\n- Safely"


def test_edit_of_an_awarded_badge_leads_to_its_draft(as_ed, draft, badge):
    assert url("edit", draft) in as_ed.get(url("edit", badge)).text


def test_edit_of_an_earlier_version_leads_to_the_current_one(as_ed, second, badge):
    response = as_ed.get(url("edit", badge))

    assert response.status_code == 409
    assert url("detail", second) in response.text


def test_what_was_typed_while_it_was_awarded_becomes_a_version(as_ed, academy, assertion, badge):
    refused = as_ed.post(url("edit", badge), sent(academy, act="save"))

    assert refused.status_code == 422
    assert "Save as a draft of version 2" in refused.text

    response = as_ed.post(url("edit", badge), sent(academy, act="version"))

    draft = BadgeClass.objects.get(version=2)
    assert response.url == url("edit", draft)
    assert draft.earning_steps.count() == 2


def test_draft_of_a_version_is_saved_and_leads_on_to_its_publication(as_ed, academy, draft):
    response = as_ed.post(url("edit", draft), sent(academy, act="publish"))

    assert response.url == reverse("assertions:publish-version", args=["acme", draft.pk])
    draft.refresh_from_db()
    assert (draft.status, draft.earning_steps.count()) == ("DRAFT", 2)


def test_two_editors_do_not_overwrite_each_other_unseen(as_ed, as_ada, academy, draft):
    opened = as_ed.get(url("edit", draft))
    seen = opened.context["forms"].badge_class.updated_at.isoformat()
    as_ada.post(url("edit", draft), sent(academy, act="draft", name="Ada’s words", seen=seen))

    refused = as_ed.post(url("edit", draft), sent(academy, act="draft", name="Ed’s words", seen=seen))

    assert refused.status_code == 422
    assert "Somebody else saved this badge while you had it open." in refused.text
    assert "Ed’s words" in refused.text
    draft.refresh_from_db()
    assert draft.name == "Ada’s words"
    again = draft.updated_at.isoformat()
    assert as_ed.post(url("edit", draft), sent(academy, act="draft", name="Ed’s words", seen=again)).status_code == 302


def test_stale_form_stays_stale_when_it_is_refused_for_another_reason(as_ed, academy, draft):
    refused = as_ed.post(url("edit", draft), sent(academy, act="draft", name="", seen="2020-01-01T00:00:00+00:00"))

    assert refused.context["seen"] == "2020-01-01T00:00:00+00:00"


# --- Look ----------------------------------------------------------------------------------------------------


def test_comparison_of_two_versions(as_nora, second, badge):
    BadgeClass.objects.filter(pk=second.pk).update(description="Drives a forklift.")

    page = as_nora.get(url("compare", second))

    assert page.context["comparison"].changed == ["Description"]
    assert "Stacking at six metres." in page.text


def test_comparison_with_any_earlier_version(as_ed, second, badge, ed, now):
    AssertionFactory.create(badge_class=second)
    third = make_next_version(badge_class=second, by=ed, at=now)

    assert as_ed.get(url("compare", third)).context["comparison"].before == second
    assert as_ed.get(f"{url('compare', third)}?since=1").context["comparison"].before == badge


def test_first_version_has_nothing_to_compare(as_ed, badge):
    page = as_ed.get(url("compare", badge))

    assert (page.status_code, page.context["comparison"]) == (200, None)


def test_badge_page_shows_its_versions(as_ed, second, badge):
    page = as_ed.get(url("detail", second)).text

    assert "Published by Ada Osei" in page
    assert "Stacking at six metres." in page
    assert url("detail", badge) in page


def test_earlier_version_says_so_on_top(as_ed, second, badge):
    page = as_ed.get(url("detail", badge))

    assert "This is version 1, an earlier one." in page.text
    assert page.context["held"] == 1
    assert reverse("assertions:award", args=["acme", badge.pk]) not in page.text


def test_draft_says_what_it_is_and_leads_to_its_publication(as_ed, draft):
    page = as_ed.get(url("detail", draft)).text

    assert "This is the draft of version 2." in page
    assert reverse("assertions:publish-version", args=["acme", draft.pk]) in page


def test_list_counts_one_row_a_badge(as_ed, second, badge, ed, now):
    AssertionFactory.create(badge_class=second)
    make_next_version(badge_class=second, by=ed, at=now)

    everything = as_ed.get(reverse("badges:list", args=["acme"]))
    drafts = as_ed.get(reverse("badges:list", args=["acme"]), {"status": "DRAFT"})

    assert [(tile["name"], tile["label"], tile["count"]) for tile in everything.context["tiles"]] == [
        ("Forklift Safety", "Version 3 in draft", "2 holders")
    ]
    assert [tile["name"] for tile in drafts.context["tiles"]] == ["Forklift Safety"]
    assert as_ed.get(reverse("badges:list", args=["acme"]), {"status": "SUPERSEDED"}).context["status"] == ""


def test_discarding_a_draft_leads_back_to_the_badge(as_ed, draft, badge):
    asked = as_ed.get(url("confirm-delete", draft))
    response = as_ed.post(url("delete", draft))

    assert "Discard the draft of version 2?" in asked.text
    assert response.url == url("detail", badge)
    assert said(response) == ["The draft of version 2 was discarded."]


def test_published_version_says_why_it_stays(as_ed, second):
    assert "has taken the place of an earlier one" in as_ed.get(url("confirm-delete", second)).text
    response = as_ed.post(url("delete", second))
    assert response.status_code == 422
    assert "Earlier versions lead to this one" in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_badge_page_costs_the_same_however_many_versions(
    count, as_ed, assertion, badge, ed, now, django_assert_num_queries
):
    current = badge
    for _number in range(count):
        draft = make_next_version(badge_class=current, by=ed, at=now)
        current = publish_next_version(badge_class=draft, change_note="New.", by=ed, at=now)
        AssertionFactory.create(badge_class=current)

    with django_assert_num_queries(22):
        as_ed.get(url("detail", current))


def test_trail_is_told_in_words(as_ada, second, badge, ed, now):
    AssertionFactory.create(badge_class=second)
    as_ada.post(url("correct", badge), said_by(badge, name="Forklift Safty"))
    as_ada.post(url("delete", make_next_version(badge_class=second, by=ed, at=now)))

    page = as_ada.get(reverse("issuers:history", args=["acme"])).text

    for sentence in [
        "Began version 2 of “Forklift Safety”",
        "Published version 2 of “Forklift Safety”: Stacking at six metres.",
        "Discarded the draft of version 3 of “Forklift Safety”",
        "Corrected the badge “Forklift Safty”: A typo.",
    ]:
        assert sentence in page
    assert AuditEvent.objects.filter(type="badge_class.corrected").count() == 1
