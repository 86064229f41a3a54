from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assertions import queries
from assertions.actions.revoke import revoke_assertion
from assertions.models import Assertion, Notice
from assertions.queries import AwardState, MailState
from tests.factories.accounts import EmailAddressFactory, UserFactory
from tests.factories.assertions import AssertionFactory, NoticeFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import DepartmentFactory, PersonFactory

DAY = timedelta(days=1)


def _award(badge, email="rita@mail.example.org", **fields: object):
    return AssertionFactory.create(badge_class=badge, recipient_email=email, **fields)


def _names(awards):
    return [award.recipient_name for award in awards]


# --- States --------------------------------------------------------------------------------------------------


@pytest.fixture
def five_states(badge, now):
    """One award in each state, named after it."""
    year_ago = now - 400 * DAY
    return {
        "valid": _award(badge, "valid@x.example.org", recipient_name="valid"),
        "expiring": _award(
            badge, "expiring@x.example.org", recipient_name="expiring", issued_at=year_ago, expires_at=now + 60 * DAY
        ),
        "expired": _award(badge, "expired@x.example.org", recipient_name="expired", issued_at=year_ago, expires_at=now),
        "revoked": _award(badge, "revoked@x.example.org", recipient_name="revoked", revoked=True),
        "preparing": _award(badge, "preparing@x.example.org", recipient_name="preparing", unfinished=True),
    }


def test_state_of_each_award(five_states, acme, now):
    found = {award.recipient_name: queries.state_of(award, at=now).value for award in queries.awards_of(acme)}

    assert found == {name: name for name in five_states}


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("valid", ["expiring", "valid"]),
        ("expiring", ["expiring"]),
        ("expired", ["expired"]),
        ("revoked", ["revoked"]),
        ("preparing", ["preparing"]),
        ("", ["expired", "expiring", "preparing", "revoked", "valid"]),
        ("nonsense", ["expired", "expiring", "preparing", "revoked", "valid"]),
    ],
)
def test_awards_in_a_state(five_states, acme, now, state, names):
    assert sorted(_names(queries.in_state(queries.awards_of(acme), state, at=now))) == names


def test_award_that_ends_in_61_days_is_not_expiring(badge, acme, now):
    _award(badge, expires_at=now + 61 * DAY)

    assert queries.award_line(queries.awards_of(acme).get(), at=now).state == AwardState.VALID


def test_renewed_award_is_not_expiring(badge, acme, now):
    old = _award(badge, recipient_name="old", issued_at=now - 300 * DAY, expires_at=now + 30 * DAY)
    _award(badge, recipient_name="new", issued_at=now - DAY, expires_at=now + 700 * DAY)

    lines = {line.assertion.recipient_name: line for line in queries.award_lines(queries.awards_of(acme), at=now)}
    assert (lines["old"].state, lines["old"].renewed, lines["new"].renewed) == (AwardState.VALID, True, False)
    assert not queries.in_state(queries.awards_of(acme), "expiring", at=now).exists()
    assert old.pk in queries.in_state(queries.awards_of(acme), "valid", at=now).values_list("pk", flat=True)


@pytest.mark.parametrize(
    "renewal",
    [
        {"email": "other@mail.example.org"},
        {"revoked": True},
        {"expires_at": datetime(2026, 3, 20, tzinfo=UTC)},
    ],
)
def test_what_is_no_renewal(badge, acme, now, renewal):
    _award(badge, recipient_name="old", issued_at=now - 300 * DAY, expires_at=now + 30 * DAY)
    _award(badge, **{"expires_at": now + 700 * DAY, **renewal})

    names = _names(queries.in_state(queries.awards_of(acme), "expiring", at=now))
    assert "old" in names


def test_award_of_another_badge_renews_nothing(badge, svg_badge, acme, now):
    _award(badge, recipient_name="old", issued_at=now - 300 * DAY, expires_at=now + 30 * DAY)
    _award(svg_badge)

    assert _names(queries.in_state(queries.awards_of(acme), "expiring", at=now)) == ["old"]


# --- Lists ---------------------------------------------------------------------------------------------------


def test_awards_of_strangers_are_not_found(badge, acme, elsewhere, now):
    _award(badge)

    assert (queries.found_awards(acme, at=now).count(), queries.found_awards(elsewhere, at=now).count()) == (1, 0)


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("rita", ["Rita Castle"]),
        ("CASTLE rita", ["Rita Castle"]),
        ("hugo@", ["Hugo Stone"]),
        ("forklift", ["Hugo Stone", "Rita Castle"]),
        ("rita first", []),
        ("", ["Hugo Stone", "Rita Castle"]),
    ],
)
def test_search_looks_for_each_word_in_name_address_and_badge(badge, acme, now, search, names):
    _award(badge, "rita@mail.example.org", recipient_name="Rita Castle")
    _award(badge, "hugo@mail.example.org", recipient_name="Hugo Stone")

    assert sorted(_names(queries.found_awards(acme, at=now, search=search))) == names


def test_awards_of_one_badge(badge, svg_badge, acme, now):
    _award(badge, recipient_name="A")
    _award(svg_badge, recipient_name="B")

    assert _names(queries.found_awards(acme, at=now, badge_class=svg_badge)) == ["B"]


def test_list_does_not_load_the_documents(badge, acme):
    _award(badge)

    assert {"hosted_json", "signed_json", "jws"} <= queries.awards_of(acme).get().get_deferred_fields()


def test_holding_is_the_newest_live_award(badge, now):
    assert queries.holding(badge, "Rita@mail.example.org", at=now) is None
    _award(badge, revoked=True)
    _award(badge, issued_at=now - 3 * DAY, expires_at=now - DAY)
    older = _award(badge, issued_at=now - 2 * DAY)
    newer = _award(badge, issued_at=now - DAY)

    assert queries.holding(badge, " Rita@mail.example.org", at=now) == newer
    assert older != newer


# --- Mail and progress ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"handed_over_at": None, "sent_at": None}, MailState.WAITING),
        ({}, MailState.SENT),
        ({"sent_at": None}, MailState.SENDING),
        ({"sent_at": None, "handed_over_at": datetime(2026, 3, 2, 8, 50, tzinfo=UTC)}, MailState.IN_DOUBT),
        ({"sent_at": None, "handed_over_at": None, "problem": "550 No"}, MailState.REFUSED),
    ],
)
def test_state_of_a_mail(badge, now, fields, state):
    line = queries.mail_line(NoticeFactory.create(assertion=_award(badge), **fields), at=now)

    assert (line.state, line.may_be_sent_again) == (state, state in {MailState.IN_DOUBT, MailState.REFUSED})


def test_award_mail_of_a_revoked_badge_is_dropped(badge, now):
    notice = NoticeFactory.create(assertion=_award(badge, revoked=True), handed_over_at=None, sent_at=None)

    assert queries.mail_line(notice, at=now).state == MailState.DROPPED


def _progress(assertion, now):
    return queries.progress_of(assertion, queries.mails_of(assertion, at=now), at=now)


def test_progress_of_a_fresh_award(badge, now):
    award = _award(badge, unfinished=True)
    NoticeFactory.create(assertion=award, handed_over_at=None, sent_at=None)

    progress = _progress(award, now)

    assert [(step["state"], step["title"]) for step in progress.steps] == [
        ("passed", "Awarded"),
        ("running", "Signing and baking…"),
        ("pending", "Mail: Waiting"),
    ]
    assert (progress.is_settled, progress.is_late) == (False, False)
    assert _progress(award, now + timedelta(minutes=6)).is_late is True


def test_progress_ends_with_the_mail(badge, now):
    award = _award(badge)
    notice = NoticeFactory.create(assertion=award, handed_over_at=None, sent_at=None)
    assert _progress(award, now).is_settled is False

    Notice.objects.filter(pk=notice.pk).update(handed_over_at=now, sent_at=now)

    progress = _progress(award, now)
    assert progress.is_settled is True
    assert [step["state"] for step in progress.steps] == ["passed", "passed", "passed"]


@pytest.mark.parametrize(
    "fields", [{"problem": "550 No", "handed_over_at": None}, {"handed_over_at": datetime(2026, 3, 1, tzinfo=UTC)}]
)
def test_progress_does_not_wait_for_a_mail_that_needs_somebody(badge, now, fields):
    award = _award(badge)
    NoticeFactory.create(assertion=award, sent_at=None, **fields)

    assert _progress(award, now).is_settled is True


def test_history_of_an_award_is_newest_first(assertion, ed, now):
    revoke_assertion(assertion=assertion, reason="Wrong person", by=ed, at=now + DAY)

    assert [(line.sentence, line.by) for line in queries.history_of(assertion)] == [
        ("Revoked an award of “Forklift Safety”: Wrong person", "Ed Novak"),
        ("Awarded “Forklift Safety”", "Sam Iyer"),
    ]


# --- Overview ------------------------------------------------------------------------------------------------


def test_figures_of_a_fresh_organisation(acme, academy, now):
    figures = queries.figures(acme, at=now)

    assert figures == queries.Figures(0, 0, 0, 0, 0, 0, 0)
    assert figures.change_note == ""


def test_figures(acme, badge, svg_badge, draft_badge, elsewhere_issuer, now):
    _award(badge, "a@x.example.org", issued_at=now - DAY)
    _award(svg_badge, "a@x.example.org", issued_at=now - DAY)
    _award(badge, "b@x.example.org", issued_at=now - DAY, expires_at=now + 30 * DAY)
    _award(badge, "c@x.example.org", issued_at=now - DAY, revoked=True)
    _award(badge, "d@x.example.org", issued_at=now - 366 * DAY, expires_at=now - DAY)
    _award(badge, "e@x.example.org", issued_at=now - 200 * DAY)  # last year, after this day
    _award(BadgeClassFactory.create(issuer=elsewhere_issuer), "f@x.example.org", issued_at=now - DAY)

    figures = queries.figures(acme, at=now)

    assert figures == queries.Figures(
        awards=6,
        awarded_this_year=3,
        awarded_by_this_day_last_year=1,
        holders=3,
        expiring_people=1,
        published_badges=2,
        draft_badges=1,
    )
    assert figures.change_note == "+200 % on last year"


@pytest.mark.parametrize(
    ("before", "now_", "change"), [(100, 118, "+18 %"), (100, 80, "−20 %"), (100, 100, "+0 %"), (0, 5, "")]
)
def test_change_on_last_year(before, now_, change):
    assert queries.Figures(0, now_, before, 0, 0, 0, 0).change == change


def test_figures_on_the_29th_of_february(acme, academy):
    assert queries.figures(acme, at=datetime(2028, 2, 29, 12, tzinfo=UTC)).awards == 0


def test_expiring_badges_are_counted_by_person(acme, badge, svg_badge, now):
    for email in ("a@x.example.org", "b@x.example.org"):
        _award(badge, email, issued_at=now - 300 * DAY, expires_at=datetime(2026, 4, 30, 23, 59, 59, tzinfo=UTC))
    _award(svg_badge, "a@x.example.org", issued_at=now - 300 * DAY, expires_at=datetime(2026, 3, 20, tzinfo=UTC))
    _award(svg_badge, "b@x.example.org", issued_at=now - 300 * DAY, expires_at=datetime(2026, 4, 2, tzinfo=UTC))
    _award(badge, "c@x.example.org")

    assert queries.expiring_badges(acme, at=now) == [
        queries.ExpiringBadge(svg_badge, 2, "between March and April"),
        queries.ExpiringBadge(badge, 2, "in April"),
    ]


def test_month_of_next_year_names_the_year(acme, badge):
    at = datetime(2026, 12, 15, tzinfo=UTC)
    _award(badge, expires_at=datetime(2027, 1, 10, tzinfo=UTC))

    assert [found.when for found in queries.expiring_badges(acme, at=at)] == ["in January 2027"]


def test_troubled_mails_are_those_that_need_somebody(acme, badge, elsewhere_issuer, now):
    refused = NoticeFactory.create(assertion=_award(badge), handed_over_at=None, sent_at=None, problem="550 No")
    doubt = NoticeFactory.create(assertion=_award(badge), sent_at=None, handed_over_at=now - DAY)
    NoticeFactory.create(assertion=_award(badge))
    NoticeFactory.create(assertion=_award(badge), handed_over_at=None, sent_at=None)
    NoticeFactory.create(assertion=_award(badge), sent_at=None, handed_over_at=now)
    NoticeFactory.create(
        assertion=_award(badge, revoked=True),
        handed_over_at=None,
        sent_at=None,
        problem="Not sent: the badge was revoked first.",
    )
    stranger = BadgeClassFactory.create(issuer=elsewhere_issuer)
    NoticeFactory.create(assertion=_award(stranger), handed_over_at=None, sent_at=None, problem="550 No")

    assert set(queries.troubled_mails(acme, at=now)) == {refused, doubt}


def test_late_awards_say_that_no_worker_is_there(acme, badge, now):
    _award(badge, unfinished=True, queued_at=now - timedelta(minutes=6))
    _award(badge, unfinished=True, queued_at=now - timedelta(minutes=4))
    _award(badge, unfinished=True, revoked=True, queued_at=now - DAY)

    assert queries.late_awards(acme, at=now) == 1


def test_badges_to_award_are_published_and_the_popular_first(acme, badge, svg_badge, draft_badge, academy, now):
    BadgeClassFactory.create(issuer=academy, name="Old", archived=True)
    _award(svg_badge, created_at=now - DAY)
    _award(badge, created_at=now - 300 * DAY)
    _award(badge, created_at=now - 300 * DAY)

    assert [found.name for found in queries.badges_to_award(acme, at=now)] == ["First Aid", "Forklift Safety"]
    assert [found.name for found in queries.badges_to_award(acme, at=now, search="FORK")] == ["Forklift Safety"]


def test_numbers_by_badge_count_people_once(acme, badge, svg_badge, draft_badge, now):
    _award(badge, "a@x.example.org", issued_at=now - DAY)
    _award(badge, "a@x.example.org", issued_at=now - DAY)
    _award(badge, "b@x.example.org", issued_at=now - 300 * DAY)
    _award(badge, "c@x.example.org", issued_at=now - DAY, revoked=True)

    assert queries.numbers_by_badge(acme, at=now, limit=5) == [
        queries.BadgeNumbers(badge, 2, 2),
        queries.BadgeNumbers(svg_badge, 0, 0),
    ]


# --- People --------------------------------------------------------------------------------------------------


@pytest.fixture
def workforce(acme, badge, svg_badge, now):
    fleet = DepartmentFactory.create(organisation=acme, name="Fleet")
    yard = DepartmentFactory.create(organisation=acme, name="Yard")
    PersonFactory.create(
        organisation=acme, name="Zoe Yard", email="zoe@x.example.org", department=yard, job_title="Crane Operator"
    )
    PersonFactory.create(organisation=acme, name="Ben Fleet", email="ben@x.example.org", department=fleet)
    PersonFactory.create(organisation=acme, name="Ann Nowhere", email="ann@x.example.org")
    _award(badge, "zoe@x.example.org", recipient_name="Zoe Y.")
    _award(badge, "zoe@x.example.org")  # the same badge again counts once
    _award(svg_badge, "zoe@x.example.org", issued_at=now - 2 * DAY, expires_at=now - DAY)
    _award(badge, "guest@x.example.org", recipient_name="")
    _award(svg_badge, "guest@x.example.org", recipient_name="Gil Guest")
    _award(svg_badge, "guest@x.example.org", recipient_name="Gil Guest", revoked=True)
    return {"fleet": fleet, "yard": yard}


def _people(acme, now, **chosen: object):
    return queries.person_lines(queries.people_of(acme, **chosen), acme, at=now)


def test_people_come_by_department_and_others_last(acme, workforce, now):
    lines = _people(acme, now)

    assert [(line.name, line.department, line.valid, line.expired) for line in lines] == [
        ("Ben Fleet", "Fleet", 0, 0),
        ("Zoe Yard", "Yard", 1, 1),
        ("Ann Nowhere", "", 0, 0),
        ("Gil Guest", "", 2, 0),
    ]
    assert [line.person_id is None for line in lines] == [False, False, False, True]
    assert lines[1].role == "Crane Operator, Yard"


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("zoe", ["Zoe Yard"]),
        ("crane", ["Zoe Yard"]),
        ("GUEST@", ["Gil Guest"]),
        ("gil guest", ["Gil Guest"]),
        ("ben zoe", []),
    ],
)
def test_people_are_found_by_name_address_and_job(acme, workforce, now, search, names):
    assert [line.name for line in _people(acme, now, search=search)] == names


def test_people_of_one_department(acme, workforce, now):
    assert [line.name for line in _people(acme, now, department=workforce["fleet"])] == ["Ben Fleet"]


def test_people_of_strangers_are_not_found(elsewhere, workforce, now):
    assert _people(elsewhere, now) == []


def test_suggestions_say_who_holds_the_badge(badge, workforce, now):
    held = badge.assertions.filter(recipient_key="zoe@x.example.org").first()

    assert [(one.line.name, one.held_since) for one in queries.suggestions(badge, "Yar", at=now)] == [
        ("Zoe Yard", held.issued_at)
    ]
    assert queries.suggestions(badge, "  ", at=now) == []


def test_suggestions_are_few(badge, acme, now):
    PersonFactory.create_batch(9, organisation=acme)

    assert len(queries.suggestions(badge, "colleague", at=now)) == 7


def test_known_person_is_one_of_the_organisation(acme, elsewhere, workforce):
    assert queries.known_person(acme, " ZOE@x.example.org").name == "Zoe Yard"
    assert queries.known_person(elsewhere, "zoe@x.example.org") is None


def test_person_of_a_link(acme, elsewhere, workforce):
    zoe = queries.known_person(acme, "zoe@x.example.org")

    assert queries.person_on_list(acme, str(zoe.pk)) == zoe
    assert [queries.person_on_list(elsewhere, str(zoe.pk)), queries.person_on_list(acme, "\x00")] == [None, None]


# --- One's own -----------------------------------------------------------------------------------------------


def test_own_awards_are_those_to_proved_addresses(rita, badge, svg_badge, elsewhere_issuer, now):
    EmailAddressFactory.create(user=rita, email="Rita@Home.example.org", primary=False)
    EmailAddressFactory.create(user=rita, email="claimed@mail.example.org", primary=False, verified=False)
    first = _award(badge, "rita@mail.example.org", issued_at=now - 2 * DAY)
    second = _award(BadgeClassFactory.create(issuer=elsewhere_issuer), "rita@home.example.org", issued_at=now)
    _award(svg_badge, "claimed@mail.example.org")
    _award(svg_badge, "other@mail.example.org")

    assert list(queries.awards_to(rita)) == [second, first]
    assert queries.addresses_of(rita) == ["rita@mail.example.org", "rita@home.example.org"]


def test_who_has_proved_nothing_has_nothing(badge):
    newcomer = UserFactory.create(email="new@mail.example.org", address=None)
    EmailAddressFactory.create(user=newcomer, verified=False)
    _award(badge, "new@mail.example.org")

    assert (list(queries.awards_to(newcomer)), queries.addresses_of(newcomer)) == ([], [])


def test_people_take_two_queries_however_many(acme, workforce, now):
    with CaptureQueriesContext(connection) as few:
        _people(acme, now)
    PersonFactory.create_batch(5, organisation=acme)
    with CaptureQueriesContext(connection) as many:
        _people(acme, now)

    assert (len(few), len(many)) == (2, 2)
    assert Assertion.objects.count() == 6
