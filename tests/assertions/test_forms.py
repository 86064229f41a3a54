from datetime import UTC, date, datetime

import pytest

from assertions.actions.award import EvidenceFields
from assertions.forms import (
    AwardFilterForm,
    AwardForm,
    EvidenceFormSet,
    PeopleFilterForm,
    RevokeForm,
    SearchForm,
)
from badges.models import Validity
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import DepartmentFactory

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TYPED = {"email": "rita@mail.example.org", "issued_on": "2026-03-02", "expiry": "badge"}


@pytest.fixture
def two_years(badge):
    badge.validity, badge.validity_months = Validity.MONTHS, 24
    badge.save()
    return badge


def _form(badge, **changes: object):
    return AwardForm({**TYPED, **changes}, badge_class=badge, at=NOW)


def _evidence(**fields: object):
    return EvidenceFormSet(
        {"evidence-TOTAL_FORMS": "2", "evidence-INITIAL_FORMS": "0", **{f"evidence-{k}": v for k, v in fields.items()}},
        prefix="evidence",
    )


# --- Award ---------------------------------------------------------------------------------------------------


def test_award_form_begins_with_today_and_the_badge(two_years):
    form = AwardForm(badge_class=two_years, at=NOW)

    assert form.typed["issued_on"] == date(2026, 3, 2)
    assert form["expiry"].initial == "badge"
    assert form.expiry_as_badge == "2 years after the award: until 2 March 2028"
    assert 'max="2026-03-02"' in str(form["issued_on"])


def test_award_form_says_what_the_badge_says_for_the_day_that_was_typed(two_years):
    assert _form(two_years, issued_on="2025-03-14").expiry_as_badge == "2 years after the award: until 14 March 2027"


def test_award_form_says_when_the_badge_does_not_expire(badge):
    form = _form(badge)

    assert (form.expiry_as_badge, form.last_day) == ("Does not expire", None)


def test_smallest_award(badge):
    form = _form(badge)

    assert form.is_valid()
    fields = form.award([])
    assert (fields.badge_class, fields.email, fields.name, fields.issued_at) == (
        badge,
        "rita@mail.example.org",
        "",
        datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    )
    assert (fields.overrides_expiry, fields.expires_at, fields.allow_duplicate) == (False, None, False)


def test_name_on_the_people_list_stands_in_for_one_that_was_left_out(badge):
    form, named = _form(badge), _form(badge, name="Rita C.")

    assert form.is_valid()
    assert named.is_valid()
    assert form.award([], known_name="Rita Castle").name == "Rita Castle"
    assert named.award([], known_name="Rita Castle").name == "Rita C."


def test_past_day_is_noon(badge):
    form = _form(badge, issued_on="2026-02-01")

    assert form.is_valid()
    assert form.award([]).issued_at == datetime(2026, 2, 1, 12, tzinfo=UTC)


def test_another_last_day(two_years):
    form = _form(two_years, expiry="day", expires_on="2026-12-31")

    assert form.is_valid()
    fields = form.award([])
    assert (fields.overrides_expiry, fields.expires_at) == (True, datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC))


def test_without_end(two_years):
    form = _form(two_years, expiry="never")

    assert form.is_valid()
    fields = form.award([])
    assert (fields.overrides_expiry, fields.expires_at, form.last_day) == (True, None, None)


def test_last_day_left_over_from_another_answer_is_not_judged(badge):
    assert _form(badge, expiry="never", expires_on="nonsense").is_valid()


def test_second_award_is_confirmed_for_one_address_alone(badge):
    form = _form(badge, email="Rita@mail.example.org")

    assert form.is_valid()
    assert form.award([], again_for="rita@mail.example.org").allow_duplicate is True
    assert form.award([], again_for="other@mail.example.org").allow_duplicate is False


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"email": ""}, "email", "Say who gets the badge: type a name to search, or the whole e-mail address."),
        ({"email": "rita"}, "email", "This is not a whole e-mail address. Write it like rita@example.org."),
        (
            {"email": "ri\x00ta@example.org"},
            "email",
            "This is not a whole e-mail address. Write it like rita@example.org.",
        ),
        (
            {"name": "Ri\x00ta"},
            "name",
            "This text contains an invisible character that cannot be kept. Paste it again as plain text.",
        ),
        ({"name": "x" * 121}, "name", "Shorten this to 120 characters; it has 121."),
        ({"issued_on": ""}, "issued_on", "Say when it was earned. For today, choose today."),
        ({"issued_on": "03/02/2026"}, "issued_on", "Choose a day, or write it as year-month-day, such as 2028-03-14."),
        ({"issued_on": "2026-03-03"}, "issued_on", "The award lies in the future. Choose today or an earlier day."),
        ({"issued_on": "0202-03-02"}, "issued_on", "The award lies before 1990. Check the year."),
        ({"expiry": ""}, "expiry", "Choose how long the badge holds."),
        ({"expiry": "maybe"}, "expiry", "Choose how long the badge holds."),
        ({"expiry": "day"}, "expires_on", "Say until which day the badge holds, or choose another answer above."),
        (
            {"expiry": "day", "expires_on": "31.12.2026"},
            "expires_on",
            "Choose a day, or write it as year-month-day, such as 2028-03-14.",
        ),
        (
            {"expiry": "day", "expires_on": "2026-03-01"},
            "expires_on",
            "The badge would end before it was awarded. Choose a later day.",
        ),
        (
            {"narrative": "x" * 10_001},
            "narrative",
            "This text has 10,001 characters; 10,000 fit. Shorten it, or link to a longer document.",
        ),
        (
            {"narrative": "\x00"},
            "narrative",
            "This text contains invisible control characters. Paste it again as plain text (without formatting).",
        ),
    ],
)
def test_award_form_says_what_to_do(badge, changes, field, sentence):
    assert _form(badge, **changes).errors == {field: [sentence]}


def test_award_form_takes_a_last_day_that_is_today(badge):
    assert _form(badge, expiry="day", expires_on="2026-03-02").is_valid()


def test_ten_megabytes_of_narrative_are_refused(badge):
    errors = _form(badge, narrative="x" * 10 * 1024 * 1024).errors

    assert errors["narrative"] == [
        "This text has 10,485,760 characters; 20,000 are allowed. Shorten it, or link to a longer document."
    ]


# --- Evidence ------------------------------------------------------------------------------------------------


def test_evidence_is_a_page_a_text_or_both():
    formset = _evidence(**{"0-url": "work.example.org/1", "0-name": "Log", "1-narrative": "Seen by *two*."})

    assert formset.is_valid()
    assert formset.evidence() == [
        EvidenceFields(url="https://work.example.org/1", name="Log"),
        EvidenceFields(narrative="Seen by *two*."),
    ]


def test_evidence_has_every_field_of_the_standard():
    said = {
        "url": "https://work.example.org/film",
        "name": "The film",
        "narrative": "Uncut.",
        "description": "How it went.",
        "genre": "Film",
        "audience": "New colleagues",
    }
    formset = _evidence(**{f"0-{name}": value for name, value in said.items()})

    assert formset.is_valid()
    assert formset.evidence() == [EvidenceFields(**said)]
    assert [form.more_is_open for form in formset] == [True, False]


def test_empty_and_removed_rows_are_no_evidence():
    formset = _evidence(**{"1-url": "https://work.example.org/1", "1-DELETE": "on"})

    assert formset.is_valid()
    assert formset.evidence() == []


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"0-genre": "Film"}, {"url": ["Give a web address, a text, or both; a title alone shows nothing."]}),
        (
            {"0-narrative": "x", "0-audience": "a" * 201},
            {"audience": ["Shorten this to 200 characters; it has 201."]},
        ),
        ({"0-name": "Log"}, {"url": ["Give a web address, a text, or both; a title alone shows nothing."]}),
        (
            {"0-url": "javascript:alert(1)"},
            {"url": ["This is not a web address. Write it whole, such as https://example.org/course"]},
        ),
        (
            {"0-url": "https://user@work.example.org"},
            {"url": ["This is not a web address. Write it whole, such as https://example.org/course"]},
        ),
        ({"0-url": f"https://work.example.org/{'x' * 500}"}, {"url": ["Shorten this to 500 characters; it has 525."]}),
        (
            {"0-narrative": "x" * 10_001},
            {"narrative": ["This text has 10,001 characters; 10,000 fit. Shorten it, or link to a longer document."]},
        ),
    ],
)
def test_evidence_says_what_to_do(fields, errors):
    assert _evidence(**fields).errors == [errors, {}]


def test_at_most_ten_pieces_of_evidence():
    rows = {f"evidence-{n}-url": f"https://work.example.org/{n}" for n in range(11)}
    formset = EvidenceFormSet({"evidence-TOTAL_FORMS": "11", "evidence-INITIAL_FORMS": "0", **rows}, prefix="evidence")

    assert formset.non_form_errors() == ["At most 10 pieces of evidence fit. Remove some, or link to a collection."]


def test_evidence_that_lost_its_management_form_says_so():
    assert EvidenceFormSet({}, prefix="evidence").non_form_errors() == [
        "The evidence did not arrive whole. Please send the form again."
    ]


def test_claim_of_a_million_rows_makes_no_million_forms():
    formset = EvidenceFormSet({"evidence-TOTAL_FORMS": "1000000", "evidence-INITIAL_FORMS": "0"}, prefix="evidence")

    assert len(formset.forms) == 20


# --- Revoke --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Give a reason: the recipient has a right to know."),
        ("   ", "Give a reason: the recipient has a right to know."),
        ("x" * 501, "Shorten this to 500 characters; it has 501."),
        ("\x00", "This text contains an invisible character that cannot be kept. Paste it again as plain text."),
    ],
)
def test_reason_is_needed(reason, sentence):
    assert RevokeForm({"reason": reason}).errors == {"reason": [sentence]}


# --- Filters -------------------------------------------------------------------------------------------------


def test_filter_takes_what_it_knows(acme, badge):
    form = AwardFilterForm({"q": " rita ", "badge": str(badge.pk), "state": "valid"}, organisation=acme)

    assert form.chosen() == {"search": "rita", "badge_class": badge, "state": "valid"}


def test_filter_leaves_out_what_it_does_not_know(acme, elsewhere_issuer):
    stranger = BadgeClassFactory.create(issuer=elsewhere_issuer)
    for badge in (str(stranger.pk), "nonsense", "\x00"):
        form = AwardFilterForm({"q": "a\x00b", "badge": badge, "state": "gone"}, organisation=acme)

        assert form.chosen() == {"search": "", "badge_class": None, "state": ""}


def test_people_filter_knows_the_organisations_departments(acme, elsewhere):
    ours, theirs = DepartmentFactory.create(organisation=acme), DepartmentFactory.create(organisation=elsewhere)

    def chosen(pk: object) -> object:
        return PeopleFilterForm({"department": str(pk)}, organisation=acme).chosen()["department"]

    assert (chosen(ours.pk), chosen(theirs.pk)) == (ours, None)


def test_search_that_cannot_be_looked_up_is_left_out():
    assert [SearchForm({"q": q}).chosen() for q in ("crane", "cra\x00ne", "x" * 201)] == ["crane", "", ""]
