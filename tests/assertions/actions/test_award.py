import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection

from assertions.actions import award as module
from assertions.actions.award import (
    AlreadyAwarded,
    AwardDates,
    AwardFields,
    EvidenceFields,
    KeyReused,
    NotAwardable,
    award_badge,
    award_badge_once,
)
from assertions.models import Assertion, AwardRequest, Evidence, Notice
from badges.models import Validity
from badgeserver.audit.models import AuditEvent
from badgeserver.errors import UserFacingError
from badgeserver.openbadges.identity import matches
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import ApiTokenFactory


@pytest.fixture
def token(academy):
    return ApiTokenFactory.create(issuer=academy, name="Learning platform", secret=f"bdg_{'a' * 40}")


def _fields(badge, now, **changes: object):
    return AwardFields(**{"badge_class": badge, "email": "rita@mail.example.org", "issued_at": now, **changes})


def test_award_keeps_everything_that_was_said(badge, sam, now):
    awarded = award_badge(
        fields=_fields(
            badge,
            now,
            email=" Rita@Mail.example.org ",
            name=" Rita Castle ",
            narrative="**Well** done",
            evidence=[EvidenceFields(url="https://work.example.org/1", name="Log"), EvidenceFields(narrative="Seen")],
        ),
        by=sam,
        at=now,
    )

    kept = Assertion.objects.get()
    assert kept == awarded
    assert (kept.recipient_email, kept.recipient_key) == ("Rita@Mail.example.org", "rita@mail.example.org")
    assert (kept.recipient_name, kept.narrative, kept.awarded_by) == ("Rita Castle", "**Well** done", sam)
    assert (kept.issuer, kept.signing_key.issuer, kept.created_at) == (badge.issuer, badge.issuer, now)
    assert (kept.name_shown_at, kept.expires_at, kept.finished_at, kept.jws) == (None, None, None, "")
    assert list(Evidence.objects.values_list("position", "url", "name", "narrative")) == [
        (0, "https://work.example.org/1", "Log", ""),
        (1, "", "", "Seen"),
    ]


def test_award_stores_both_forms_before_it_returns(badge, sam, now):
    awarded = award_badge(fields=_fields(badge, now), by=sam, at=now)

    hosted, signed = json.loads(awarded.hosted_json), json.loads(awarded.signed_json)
    assert hosted["id"] == f"http://badges.example.org/public/assertions/{awarded.pk}"
    assert signed["id"] == awarded.signed_id
    assert matches(hosted["recipient"], "rita@mail.example.org")
    assert awarded.signed_uuid.version == 4


def test_award_hashes_with_a_salt_of_its_own(badge, sam, now):
    first = award_badge(fields=_fields(badge, now), by=sam, at=now)
    second = award_badge(fields=_fields(badge, now, allow_duplicate=True), by=sam, at=now)

    assert first.salt != second.salt
    assert json.loads(first.hosted_json)["recipient"] != json.loads(second.hosted_json)["recipient"]


def test_award_is_recorded_without_the_address(badge, sam, now):
    awarded = award_badge(fields=_fields(badge, now), by=sam, at=now)

    event = AuditEvent.objects.get()
    assert (event.type, event.actor_name, event.subject_id) == ("assertion.awarded", "Sam Iyer", str(awarded.pk))
    assert (event.organisation_id, event.issuer_id) == (badge.issuer.organisation_id, badge.issuer_id)
    assert event.details == {"badge": "Forklift Safety", "badge_id": str(badge.pk)}
    assert "rita" not in f"{event.details} {event.subject_name}".lower()


def test_award_by_a_token_names_no_person(badge, token, now):
    awarded = award_badge(fields=_fields(badge, now), by=token, at=now)

    assert awarded.awarded_by is None
    assert AuditEvent.objects.get().actor_name == f"Learning platform ({token.prefix}…)"


def test_award_owes_one_mail_which_waits_for_the_picture(badge, sam, now):
    awarded = award_badge(fields=_fields(badge, now), by=sam, at=now)

    assert list(Notice.objects.values_list("assertion", "kind", "queued_at", "handed_over_at")) == [
        (awarded.pk, "AWARD", now, None)
    ]
    assert mail.outbox == []


def test_award_is_finished_and_mailed_after_the_commit(badge, sam, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        awarded = award_badge(fields=_fields(badge, now), by=sam, at=now)

    awarded.refresh_from_db()
    assert awarded.finished_at is not None
    assert [message.to for message in mail.outbox] == [["rita@mail.example.org"]]


def test_award_survives_a_broker_that_is_away(
    badge, sam, now, settings, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    """The row knows what is owed: the sweep queues it when the broker is back."""

    def away(**_kwargs: object) -> None:
        raise ConnectionError("the broker is away")

    monkeypatch.setattr(module.tasks.finish_assertion, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        awarded = award_badge(fields=_fields(badge, now), by=sam, at=now)

    assert list(Assertion.objects.unfinished(now + timedelta(seconds=1))) == [awarded]
    assert "the broker is away" in caplog.text


@pytest.mark.parametrize("trait", ["draft", "archived"])
def test_only_published_badges_can_be_awarded(academy, sam, now, trait):
    badge = BadgeClassFactory.create(issuer=academy, name="Crane Signals", **{trait: True})

    with pytest.raises(NotAwardable, match=r"Only published badges can be awarded. Publish “Crane Signals” first."):
        award_badge(fields=_fields(badge, now), by=sam, at=now)
    assert (Assertion.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_award_looks_at_the_badge_as_it_is_now(badge, sam, now):
    """A form that was open while the badge was archived does not award it."""
    stale = type(badge).objects.get(pk=badge.pk)
    badge.status, badge.archived_at = badge.Status.ARCHIVED, now
    badge.save()

    with pytest.raises(NotAwardable):
        award_badge(fields=_fields(stale, now), by=sam, at=now)


# --- Duplicates ----------------------------------------------------------------------------------------------


def test_second_award_is_refused_whatever_the_case_of_the_address(badge, sam, now):
    award_badge(fields=_fields(badge, now), by=sam, at=now)

    with pytest.raises(AlreadyAwarded) as refusal:
        award_badge(fields=_fields(badge, now, email="RITA@mail.example.org"), by=sam, at=now)
    assert refusal.value.field == "email"
    assert refusal.value.message == (
        "This person holds “Forklift Safety” already, since 2 March 2026. Award it again only if that is meant."
    )
    assert Assertion.objects.count() == 1


def test_second_award_that_is_meant_is_made(badge, sam, now):
    first = award_badge(fields=_fields(badge, now), by=sam, at=now)
    second = award_badge(fields=_fields(badge, now, allow_duplicate=True), by=sam, at=now)

    assert first.pk != second.pk
    assert Assertion.objects.count() == 2


def test_revoked_award_is_no_duplicate(badge, sam, now):
    first = award_badge(fields=_fields(badge, now), by=sam, at=now)
    Assertion.objects.filter(pk=first.pk).update(revoked_at=now, revocation_reason="By mistake")

    award_badge(fields=_fields(badge, now), by=sam, at=now)

    assert Assertion.objects.live(now).count() == 1


def test_expired_award_is_no_duplicate(badge, sam, now):
    year_ago = now - timedelta(days=400)
    award_badge(
        fields=_fields(badge, year_ago, overrides_expiry=True, expires_at=now - timedelta(days=1)), by=sam, at=year_ago
    )

    award_badge(fields=_fields(badge, now), by=sam, at=now)

    assert Assertion.objects.live(now).count() == 1


def test_same_person_may_hold_another_badge(badge, svg_badge, sam, now):
    award_badge(fields=_fields(badge, now), by=sam, at=now)
    award_badge(fields=_fields(svg_badge, now), by=sam, at=now)

    assert Assertion.objects.count() == 2


# --- Dates ---------------------------------------------------------------------------------------------------


def test_award_ends_as_the_badge_says(badge, sam, now):
    badge.validity, badge.validity_months = Validity.MONTHS, 24
    badge.save()

    awarded = award_badge(fields=_fields(badge, now), by=sam, at=now)

    assert awarded.expires_at == datetime(2028, 3, 2, 23, 59, 59, tzinfo=UTC)
    assert json.loads(awarded.hosted_json)["expires"] == "2028-03-02T23:59:59Z"


def test_award_may_have_another_end_or_none(badge, sam, now):
    badge.validity, badge.validity_months = Validity.MONTHS, 24
    badge.save()
    other = now + timedelta(days=30, microseconds=5)

    until = award_badge(fields=_fields(badge, now, overrides_expiry=True, expires_at=other), by=sam, at=now)
    endless = award_badge(fields=_fields(badge, now, overrides_expiry=True, allow_duplicate=True), by=sam, at=now)

    assert (until.expires_at, endless.expires_at) == (now + timedelta(days=30), None)


def test_clocks_may_differ_by_a_minute(badge, sam, now):
    awarded = award_badge(fields=_fields(badge, now + timedelta(seconds=60)), by=sam, at=now)

    assert awarded.issued_at == now + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"issued_at": datetime(2026, 3, 2, 9, 1, 1, tzinfo=UTC)}, "issued_on", "The award lies in the future."),
        ({"issued_at": datetime(1989, 12, 31, tzinfo=UTC)}, "issued_on", "The award lies before 1990."),
        (
            {"overrides_expiry": True, "expires_at": datetime(2026, 3, 2, 9, tzinfo=UTC)},
            "expires_on",
            "The badge would end before it was awarded.",
        ),
        (
            {"overrides_expiry": True, "expires_at": datetime(9999, 12, 31, tzinfo=UTC)},
            "expires_on",
            "The last day lies more than a lifetime ahead.",
        ),
    ],
)
def test_impossible_dates_are_refused(badge, sam, now, changes, field, sentence):
    with pytest.raises(AwardDates, match=sentence) as refusal:
        award_badge(fields=_fields(badge, now, **changes), by=sam, at=now)
    assert refusal.value.field == field
    assert Assertion.objects.count() == 0


def test_fixed_end_of_the_badge_that_has_passed_is_refused(badge, sam, now):
    badge.validity, badge.validity_until = Validity.UNTIL, datetime(2026, 1, 31, tzinfo=UTC).date()
    badge.save()

    with pytest.raises(AwardDates, match=r"The badge would end before it was awarded."):
        award_badge(fields=_fields(badge, now), by=sam, at=now)


# --- Once per key --------------------------------------------------------------------------------------------


def test_same_key_awards_once(badge, token, now):
    first = award_badge_once(fields=_fields(badge, now), key="k1", fingerprint="f1", by=token, at=now)
    again = award_badge_once(fields=_fields(badge, now), key="k1", fingerprint="f1", by=token, at=now)

    assert (first[1], again) == (True, (first[0], False))
    assert (Assertion.objects.count(), Notice.objects.count(), AwardRequest.objects.count()) == (1, 1, 1)


def test_same_key_for_something_else_is_refused(badge, token, now):
    award_badge_once(fields=_fields(badge, now), key="k1", fingerprint="f1", by=token, at=now)

    with pytest.raises(KeyReused, match=r"Use a new key for each award."):
        award_badge_once(
            fields=_fields(badge, now, email="other@mail.example.org"), key="k1", fingerprint="f2", by=token, at=now
        )
    assert Assertion.objects.count() == 1


def test_refused_award_does_not_use_its_key_up(badge, token, now):
    future = _fields(badge, now + timedelta(days=1))
    with pytest.raises(AwardDates):
        award_badge_once(fields=future, key="k1", fingerprint="f1", by=token, at=now)

    assert award_badge_once(fields=_fields(badge, now), key="k1", fingerprint="f2", by=token, at=now)[1] is True


def test_keys_of_issuers_do_not_meet(badge, token, elsewhere_issuer, now):
    other = BadgeClassFactory.create(issuer=elsewhere_issuer)
    other_token = ApiTokenFactory.create(issuer=elsewhere_issuer)
    award_badge_once(fields=_fields(badge, now), key="k1", fingerprint="f1", by=token, at=now)

    assert award_badge_once(fields=_fields(other, now), key="k1", fingerprint="f1", by=other_token, at=now)[1] is True


def test_request_that_ran_beside_this_one_is_answered_with_its_award(badge, token, now, monkeypatch):
    """Both saw no key; the database lets one in, and the other answers with that one's award."""
    winner = award_badge_once(fields=_fields(badge, now), key="k1", fingerprint="f1", by=token, at=now)[0]
    known, calls = module._known_award, []

    def blind_at_first(*args: object) -> Assertion | None:
        calls.append(args)
        return None if len(calls) == 1 else known(*args)

    monkeypatch.setattr(module, "_known_award", blind_at_first)
    loser = award_badge_once(
        fields=_fields(badge, now, allow_duplicate=True), key="k1", fingerprint="f1", by=token, at=now
    )

    assert loser == (winner, False)
    assert Assertion.objects.count() == 1


def test_database_allows_one_row_per_key(badge, token, now):
    award_badge_once(fields=_fields(badge, now), key="k1", fingerprint="f1", by=token, at=now)

    with pytest.raises(IntegrityError):
        AwardRequest.objects.create(
            issuer=badge.issuer, key="k1", fingerprint="f1", assertion=Assertion.objects.get(), created_at=now
        )


# --- At once -------------------------------------------------------------------------------------------------


def _at_once(act, number: int = 3) -> list[object]:
    """Run an act in several threads that start together, and return their answers or refusals."""
    starting = threading.Barrier(number)

    def run(_number: int) -> object:
        starting.wait(timeout=10)
        try:
            return act()
        except UserFacingError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


@pytest.mark.postgres  # SQLite knows one writer at a time, and cleans up in a way that the trail refuses
@pytest.mark.django_db(transaction=True)
def test_two_clicks_award_once(badge, sam, now):
    answers = _at_once(lambda: award_badge(fields=_fields(badge, now), by=sam, at=now))

    assert sorted(answers, key=str) == sorted([Assertion.objects.get(), "already_awarded", "already_awarded"], key=str)


@pytest.mark.postgres  # as above
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("allow_duplicate", [False, True])
def test_same_request_several_times_at_once_is_one_award(badge, token, now, allow_duplicate):
    fields = _fields(badge, now, allow_duplicate=allow_duplicate)
    answers = _at_once(lambda: award_badge_once(fields=fields, key="k1", fingerprint="f1", by=token, at=now))

    awarded = Assertion.objects.get()
    assert sorted(answers, key=str) == [(awarded, False), (awarded, False), (awarded, True)]
