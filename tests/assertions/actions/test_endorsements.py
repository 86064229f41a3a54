import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection

from assertions import tasks
from assertions.actions import endorsements as acts
from assertions.actions.endorsements import (
    AlreadyEndorsed,
    AlreadyImported,
    AlreadyTakenBack,
    AnsweredBefore,
    CommentRefused,
    NotEndorsable,
    NotGenuine,
    NotYours,
    SaysSomethingElse,
    accept_endorsement,
    decline_endorsement,
    give_endorsement,
    hide_endorsement,
    import_endorsement,
    network,
    recheck_endorsement,
    recheck_endorsements,
    reopen_endorsement,
    revoke_endorsement,
    show_endorsement,
)
from assertions.actions.finish import queue_unfinished
from assertions.actions.notices import send_endorsement_notice
from assertions.actions.revoke import revoke_assertion
from assertions.models import Assertion, Endorsement, EndorsementNotice
from badges.actions.badge_classes import (
    BadgeIsEndorsed,
    archive_badge_class,
    delete_badge_class,
    edit_badge_class,
    fields_of,
)
from badges.documents import badge_class_json
from badges.models import BadgeClass
from badgeserver.audit.models import AuditEvent
from badgeserver.errors import UserFacingError
from badgeserver.openbadges.errors import FetchFailed
from issuers.documents import profile_json
from issuers.models import Role
from tests.assertions.guild import BASE, Guild
from tests.factories.accounts import UserFactory
from tests.factories.assertions import AssertionFactory, EndorsementFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import IssuerFactory, MembershipFactory

WORDS = "We hire for **this**."
SITE = "http://badges.example.org"


@pytest.fixture
def given(badge, elsewhere_issuer, mallory, now) -> Endorsement:
    """Elsewhere School has endorsed Forklift Safety; Acme has not answered yet."""
    return give_endorsement(endorser=elsewhere_issuer, subject=badge, comment=WORDS, by=mallory, at=now)


@pytest.fixture
def guild(badge) -> Guild:
    return Guild(f"{SITE}/public/badges/{badge.pk}")


@pytest.fixture
def imported(guild, acme, ada, now) -> Endorsement:
    return import_endorsement(organisation=acme, source=guild.address, fetch=guild.fetch, by=ada, at=now)


@pytest.fixture
def in_threads() -> Callable[..., list[object]]:
    """Do the same thing several times at once; return what came of each, refusals too."""

    def run(times: int, act: Callable[[], object]) -> list[object]:
        starting = threading.Barrier(times)

        def one(_number: int) -> object:
            starting.wait(timeout=10)
            try:
                return act()
            except UserFacingError as refusal:
                return refusal
            finally:
                connection.close()

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    return run


def state_of(endorsement: Endorsement) -> tuple[str, bool]:
    endorsement.refresh_from_db()
    return endorsement.status, Endorsement.objects.shown().filter(pk=endorsement.pk).exists()


def events() -> list[tuple[str, str, str]]:
    return list(
        AuditEvent.objects.filter(type__startswith="endorsement")
        .order_by("pk")
        .values_list("type", "actor_name", "organisation_id")
    )


def hosted(assertion: Assertion) -> dict[str, object]:
    assertion.refresh_from_db()
    return json.loads(assertion.hosted_json)


# --- Give ----------------------------------------------------------------------------------------------------


def test_endorsement_is_a_document_of_its_own(given, badge, elsewhere_issuer):
    assert json.loads(given.hosted_json) == {
        "@context": "https://w3id.org/openbadges/v2",
        "id": f"{SITE}/public/endorsements/{given.pk}",
        "type": "Endorsement",
        "claim": {"id": f"{SITE}/public/badges/{badge.pk}", "endorsementComment": WORDS},
        "issuer": f"{SITE}/public/issuers/{elsewhere_issuer.pk}",
        "issuedOn": "2026-03-02T09:00:00Z",
        "verification": {"type": "HostedBadge"},
        "@language": "en",
    }


@pytest.mark.parametrize("thing", ["academy", "badge", "assertion"])
def test_all_three_kinds_can_be_endorsed(thing, request, elsewhere_issuer, mallory, now):
    subject = request.getfixturevalue(thing)

    endorsement = give_endorsement(endorser=elsewhere_issuer, subject=subject, comment=WORDS, by=mallory, at=now)

    assert Endorsement.objects.get().subject == subject
    assert endorsement.hosted_json == Endorsement.objects.get().hosted_json


def test_endorsement_of_another_organisation_waits(given):
    assert state_of(given) == ("PENDING", False)


def test_endorsement_within_one_organisation_is_shown_at_once(
    acme, badge, ada, now, django_capture_on_commit_callbacks
):
    other = IssuerFactory.create(organisation=acme, name="Acme Safety Board")
    with django_capture_on_commit_callbacks(execute=True):
        endorsement = give_endorsement(endorser=other, subject=badge, comment="", by=ada, at=now)

    assert state_of(endorsement) == ("ACCEPTED", True)
    assert (endorsement.decided_by, mail.outbox) == (ada, [])
    assert events() == [("endorsement.given", "Ada Osei", acme.pk)]


def test_both_sides_find_it_in_their_history_and_persons_stay_at_home(given, acme, elsewhere):
    assert events() == [
        ("endorsement.given", "Mallory Quist", elsewhere.pk),
        ("endorsement.received", "", acme.pk),
    ]
    assert AuditEvent.objects.get(type="endorsement.received").details == {
        "endorser": "Elsewhere School",
        "kind": "badge",
        "endorsed": "Forklift Safety",
    }


def test_nobody_endorses_what_is_their_own(academy, badge, assertion, ada, now):
    for subject in [academy, badge, assertion]:
        with pytest.raises(NotEndorsable, match=r"Acme Academy stands behind this already"):
            give_endorsement(endorser=academy, subject=subject, comment=WORDS, by=ada, at=now)


def test_drafts_are_not_endorsed(draft_badge, elsewhere_issuer, mallory, now):
    with pytest.raises(NotEndorsable, match=r"Only badges that can be earned"):
        give_endorsement(endorser=elsewhere_issuer, subject=draft_badge, comment=WORDS, by=mallory, at=now)


@pytest.mark.parametrize("state", [{"revoked": True}, {"expires_at": "past"}])
def test_awards_that_do_not_hold_are_not_endorsed(state, badge, elsewhere_issuer, mallory, now):
    if "expires_at" in state:
        state = {"issued_at": now - timedelta(days=9), "expires_at": now - timedelta(days=1)}
    award = AssertionFactory.create(badge_class=badge, **state)

    with pytest.raises(NotEndorsable, match=r"This award no longer holds"):
        give_endorsement(endorser=elsewhere_issuer, subject=award, comment=WORDS, by=mallory, at=now)


def test_same_thing_is_endorsed_once(given, badge, elsewhere_issuer, mallory, now):
    with pytest.raises(AlreadyEndorsed, match=r"Elsewhere School has endorsed “Forklift Safety” already"):
        give_endorsement(endorser=elsewhere_issuer, subject=badge, comment="Again", by=mallory, at=now)
    assert Endorsement.objects.count() == 1


def test_database_holds_that_line_too(given, badge, elsewhere_issuer):
    with pytest.raises(IntegrityError):
        EndorsementFactory.create(badge_class=badge, endorser=elsewhere_issuer)


def test_who_was_declined_does_not_ask_again(given, badge, elsewhere_issuer, ada, mallory, now):
    decline_endorsement(endorsement=given, by=ada, at=now)
    revoke_endorsement(endorsement=given, reason="Then not.", by=mallory, at=now)

    with pytest.raises(AlreadyEndorsed, match=r"They have declined"):
        give_endorsement(endorser=elsewhere_issuer, subject=badge, comment="Please", by=mallory, at=now)


def test_what_was_taken_back_can_be_said_anew(given, badge, elsewhere_issuer, mallory, now):
    revoke_endorsement(endorsement=given, reason="A slip.", by=mallory, at=now)

    again = give_endorsement(endorser=elsewhere_issuer, subject=badge, comment="Better", by=mallory, at=now)

    assert again.pk != given.pk


@pytest.mark.parametrize(
    ("comment", "sentence"),
    [
        ("x" * 2_001, "Shorten this to 2,000 characters; it has 2,001."),
        ("null\x00", "invisible control characters"),
        ("Write to ada@acme.example.org", "leave out e-mail addresses"),
    ],
)
def test_words_that_cannot_be_shown_are_refused(comment, sentence, badge, elsewhere_issuer, mallory, now):
    with pytest.raises(CommentRefused, match=sentence):
        give_endorsement(endorser=elsewhere_issuer, subject=badge, comment=comment, by=mallory, at=now)
    assert Endorsement.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one(badge, elsewhere_issuer, mallory, now, in_threads):
    outcomes = in_threads(
        2, lambda: give_endorsement(endorser=elsewhere_issuer, subject=badge, comment=WORDS, by=mallory, at=now)
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyEndorsed", "Endorsement"]
    assert Endorsement.objects.count() == 1


# --- The owners are told -------------------------------------------------------------------------------------


def test_every_owner_is_told_once(
    badge, acme, ada, ed, elsewhere_issuer, mallory, now, django_capture_on_commit_callbacks
):
    second = UserFactory.create(email="olga@acme.example.org")
    MembershipFactory.create(organisation=acme, user=second, role=Role.OWNER)
    with django_capture_on_commit_callbacks(execute=True):
        give_endorsement(endorser=elsewhere_issuer, subject=badge, comment=WORDS, by=mallory, at=now)
    for notice in EndorsementNotice.objects.all():
        send_endorsement_notice(notice=notice, at=now)

    assert sorted(message.to[0] for message in mail.outbox) == ["ada@acme.example.org", "olga@acme.example.org"]
    assert mail.outbox[0].subject == "Elsewhere School endorses your badge “Forklift Safety”"
    assert WORDS in mail.outbox[0].body
    assert f"{SITE}/o/acme/endorsements/?view=waiting" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("thing", "subject"),
    [
        ("academy", "Elsewhere School endorses Acme Academy"),
        ("assertion", "Elsewhere School endorses an award of “Forklift Safety”"),
    ],
)
def test_mail_names_what_is_endorsed(
    thing, subject, request, ada, elsewhere_issuer, mallory, now, django_capture_on_commit_callbacks
):
    what = request.getfixturevalue(thing)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        give_endorsement(endorser=elsewhere_issuer, subject=what, comment=WORDS, by=mallory, at=now)

    assert [message.subject for message in mail.outbox] == [subject]


@pytest.mark.parametrize("act", ["accept", "revoke"])
def test_nobody_is_asked_to_answer_what_waits_no_longer(act, ada, given, mallory, now):
    notice = EndorsementNotice.objects.get()
    if act == "accept":
        accept_endorsement(endorsement=given, by=ada, at=now)
    else:
        revoke_endorsement(endorsement=given, reason="A slip.", by=mallory, at=now)

    send_endorsement_notice(notice=notice, at=now)

    assert (mail.outbox, EndorsementNotice.objects.count()) == ([], 0)


@pytest.fixture(autouse=True)
def _owner(ada):
    """Acme has an owner, as every organisation has."""


def test_lost_mail_is_found_by_the_sweep(given, now, django_capture_on_commit_callbacks):
    assert EndorsementNotice.objects.get().handed_over_at is None

    found = queue_unfinished(queued_before=now + timedelta(minutes=1), at=now + timedelta(minutes=2))

    assert (found, len(mail.outbox)) == (1, 1)
    assert EndorsementNotice.objects.get().sent_at is not None


def test_task_of_a_mail_that_is_gone_does_nothing(db):
    tasks.send_endorsement_notice(notice_id=1)

    assert mail.outbox == []


# --- Answer --------------------------------------------------------------------------------------------------


def test_accepted_endorsement_is_shown_and_named_by_the_badge(given, badge, ada, acme, now):
    accept_endorsement(endorsement=given, by=ada, at=now)

    assert state_of(given) == ("ACCEPTED", True)
    assert (given.decided_by, given.decided_at) == (ada, now)
    assert json.loads(badge_class_json(badge))["endorsement"] == [given.public_id]
    assert events()[-1] == ("endorsement.accepted", "Ada Osei", acme.pk)


def test_issuer_names_its_endorsements(academy, elsewhere_issuer, ada, mallory, now):
    given = give_endorsement(endorser=elsewhere_issuer, subject=academy, comment=WORDS, by=mallory, at=now)
    assert "endorsement" not in json.loads(profile_json(academy))

    accept_endorsement(endorsement=given, by=ada, at=now)

    assert json.loads(profile_json(academy))["endorsement"] == [given.public_id]


def test_award_names_what_is_shown_and_its_signature_stays(assertion, elsewhere_issuer, ada, mallory, now):
    before, signed, jws = hosted(assertion), assertion.signed_json, assertion.jws
    given = give_endorsement(endorser=elsewhere_issuer, subject=assertion, comment=WORDS, by=mallory, at=now)
    assert hosted(assertion) == before

    accept_endorsement(endorsement=given, by=ada, at=now)
    assert hosted(assertion) == {**before, "endorsement": [given.public_id]}
    assert (assertion.signed_json, assertion.jws) == (signed, jws)

    hide_endorsement(endorsement=given, by=ada, at=now)
    assert hosted(assertion) == before

    show_endorsement(endorsement=given, by=ada, at=now)
    revoke_endorsement(endorsement=given, reason="No more.", by=mallory, at=now)
    assert hosted(assertion) == before


def test_declined_endorsement_can_wait_again(given, ada, now):
    decline_endorsement(endorsement=given, by=ada, at=now)
    assert state_of(given) == ("DECLINED", False)

    reopen_endorsement(endorsement=given, by=ada, at=now)
    assert state_of(given) == ("PENDING", False)


@pytest.mark.parametrize("act", [hide_endorsement, show_endorsement, reopen_endorsement])
def test_answers_must_fit(act, given, ada, now):
    with pytest.raises(AnsweredBefore, match=r"Somebody else has answered"):
        act(endorsement=given, by=ada, at=now)


@pytest.mark.parametrize("act", [accept_endorsement, decline_endorsement])
def test_answer_counts_once(act, given, ada, now):
    accept_endorsement(endorsement=given, by=ada, at=now)

    with pytest.raises(AnsweredBefore):
        act(endorsement=given, by=ada, at=now)


def test_what_was_taken_back_is_not_answered(given, ada, mallory, now):
    revoke_endorsement(endorsement=given, reason="A slip.", by=mallory, at=now)

    with pytest.raises(AnsweredBefore, match=r"taken back by who gave it"):
        accept_endorsement(endorsement=given, by=ada, at=now)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_both_named(assertion, elsewhere_issuer, ada, mallory, now, in_threads):
    third = IssuerFactory.create(organisation=elsewhere_issuer.organisation, name="Elsewhere Institute")
    given = [
        give_endorsement(endorser=one, subject=assertion, comment=WORDS, by=mallory, at=now)
        for one in [elsewhere_issuer, third]
    ]
    waiting = list(given)

    in_threads(2, lambda: accept_endorsement(endorsement=waiting.pop(), by=ada, at=now))

    assert sorted(hosted(assertion)["endorsement"]) == sorted(one.public_id for one in given)


# --- Take back -----------------------------------------------------------------------------------------------


def test_taken_back_endorsement_is_not_shown_any_more(given, badge, ada, acme, elsewhere, mallory, now):
    accept_endorsement(endorsement=given, by=ada, at=now)

    revoke_endorsement(endorsement=given, reason="We no longer hire for it.", by=mallory, at=now)

    assert state_of(given) == ("ACCEPTED", False)
    assert "endorsement" not in json.loads(badge_class_json(badge))
    assert events()[-2:] == [
        ("endorsement.revoked", "Mallory Quist", elsewhere.pk),
        ("endorsement.revoked", "", acme.pk),
    ]


def test_own_endorsement_taken_back_is_recorded_once(acme, badge, ada, now):
    other = IssuerFactory.create(organisation=acme, name="Acme Safety Board")
    endorsement = give_endorsement(endorser=other, subject=badge, comment=WORDS, by=ada, at=now)

    revoke_endorsement(endorsement=endorsement, reason="A slip.", by=ada, at=now)

    assert [event[0] for event in events()] == ["endorsement.given", "endorsement.revoked"]


def test_second_taking_back_is_refused(given, mallory, now):
    revoke_endorsement(endorsement=given, reason="First.", by=mallory, at=now)

    with pytest.raises(AlreadyTakenBack):
        revoke_endorsement(endorsement=given, reason="Second.", by=mallory, at=now)
    given.refresh_from_db()
    assert given.revocation_reason == "First."


# --- From elsewhere ------------------------------------------------------------------------------------------


def test_imported_endorsement_is_kept_as_it_came_and_shown(imported, guild, badge, acme, ada, now):
    assert (imported.endorser_name, imported.endorser_url) == ("Guild of Drivers", f"{BASE}/")
    assert (imported.comment, imported.subject) == ("Our **members** learn by it.", badge)
    assert json.loads(imported.source_json) == guild.endorsement
    assert (imported.checked_at, imported.holds, imported.public_id) == (now, True, guild.address)
    assert state_of(imported) == ("ACCEPTED", True)
    assert json.loads(badge_class_json(badge))["endorsement"] == [guild.address]
    assert events() == [("endorsement.imported", "Ada Osei", acme.pk)]


def test_signed_endorsement_is_shown_but_not_named_by_documents(guild, badge, acme, ada, now):
    """It has no address where programs would find it, and validators refuse a badge that names such a one."""
    signed = guild.sign()

    imported = import_endorsement(organisation=acme, source=f" {signed}\n", fetch=guild.fetch, by=ada, at=now)

    assert (imported.source_json, imported.is_signed) == (signed, True)
    assert imported.public_id == "urn:uuid:4e0f9d0a-6f0f-4c57-9d0e-2f4f7f3c1a11"
    assert state_of(imported) == ("ACCEPTED", True)
    assert "endorsement" not in json.loads(badge_class_json(badge))
    assert recheck_endorsement(endorsement=imported, fetch=guild.fetch, at=now).holds


def test_imported_endorsement_of_an_award_is_named_by_it(assertion, guild, acme, ada, now):
    guild.endorsement["claim"]["id"] = f"urn:uuid:{assertion.signed_uuid}"

    imported = import_endorsement(organisation=acme, source=guild.address, fetch=guild.fetch, by=ada, at=now)

    assert imported.subject == assertion
    assert hosted(assertion)["endorsement"] == [guild.address]


@pytest.mark.parametrize("source", ["not an address", "https://guild.example.org/nothing", "{}"])
def test_what_is_no_endorsement_is_refused(source, guild, acme, ada, now):
    with pytest.raises(NotGenuine):
        import_endorsement(organisation=acme, source=source, fetch=guild.fetch, by=ada, at=now)
    assert Endorsement.objects.count() == 0


def test_server_that_does_not_answer_is_named(guild, acme, ada, now):
    guild.away = True

    with pytest.raises(NotGenuine, match=r"could not be checked"):
        import_endorsement(organisation=acme, source=guild.address, fetch=guild.fetch, by=ada, at=now)


@pytest.mark.parametrize("of", ["elsewhere", "unknown", "picture", "draft"])
def test_endorsement_of_something_else_is_refused(of, guild, acme, ada, elsewhere_issuer, badge, draft_badge, now):
    guild.endorsement["claim"]["id"] = {
        "elsewhere": f"{SITE}/public/issuers/{elsewhere_issuer.pk}",
        "unknown": "https://other.example.org/badges/1",
        "picture": f"{SITE}/public/badges/{badge.pk}/image",
        "draft": f"{SITE}/public/badges/{draft_badge.pk}",
    }[of]

    with pytest.raises(NotYours, match=r"does not belong to your organisation"):
        import_endorsement(organisation=acme, source=guild.address, fetch=guild.fetch, by=ada, at=now)


def test_same_endorsement_is_imported_once(imported, guild, acme, ada, now):
    with pytest.raises(AlreadyImported):
        import_endorsement(organisation=acme, source=guild.address, fetch=guild.fetch, by=ada, at=now)
    assert Endorsement.objects.count() == 1


def test_own_endorsements_need_no_import(given, acme, ada, now):
    with pytest.raises(NotGenuine, match=r"given on this server"):
        import_endorsement(organisation=acme, source=given.public_id, fetch=network(), by=ada, at=now)


@pytest.fixture
def on_localhost(settings):
    settings.SITE_URL = "http://localhost:8000"


def test_endorsement_that_names_our_documents_on_localhost_needs_no_network(on_localhost, acme, ada, badge, now):
    """It lies elsewhere and says that our own issuer gave it: our Profile, read here, answers for no such address."""
    guild = Guild(f"http://localhost:8000/public/badges/{badge.pk}")
    ours = f"http://localhost:8000/public/issuers/{badge.issuer_id}"
    guild.endorsement["issuer"] = ours
    own = network()

    def fetch(url):
        return guild.fetch(url) if url.startswith(BASE) else own(url)

    assert own(ours).status == 200
    with pytest.raises(NotGenuine, match=r"does not come from the website of"):
        import_endorsement(organisation=acme, source=guild.address, fetch=fetch, by=ada, at=now)


def test_address_that_is_too_long_is_refused(guild, acme, ada, now):
    address = f"{BASE}/{'x' * 1_000}"
    guild.pages[address] = {**guild.endorsement, "id": address}

    with pytest.raises(NotGenuine, match=r"too long"):
        import_endorsement(organisation=acme, source=address, fetch=guild.fetch, by=ada, at=now)


def test_what_no_database_holds_is_left_out(guild, acme, ada, now):
    guild.endorsement["claim"]["endorsementComment"] = "Good\x07 work\n" + "x" * 6_000
    guild.profile["name"] = "office@guild.example.org"
    guild.profile["url"] = f"{BASE}/{'x' * 1_000}"

    imported = import_endorsement(organisation=acme, source=guild.address, fetch=guild.fetch, by=ada, at=now)

    imported.refresh_from_db()
    assert (imported.comment[:12], len(imported.comment) <= 5_000) == ("Good work\nxx", True)
    assert (imported.endorser_name, imported.endorser_url) == ("guild.example.org", "")


def test_imported_endorsement_is_hidden_and_not_reopened(imported, ada, now):
    hide_endorsement(endorsement=imported, by=ada, at=now)
    assert state_of(imported) == ("DECLINED", False)

    with pytest.raises(AnsweredBefore, match=r"You brought this endorsement here yourself"):
        reopen_endorsement(endorsement=imported, by=ada, at=now)


def test_document_that_cannot_be_read_again_is_kept_as_it_was_understood(guild, acme, ada, now, monkeypatch):
    """The address answers once, and then no more: what was verified is kept."""
    answered = []

    def fetch(url):
        if url == guild.address and url in answered:
            raise FetchFailed("")
        answered.append(url)
        return guild.fetch(url)

    report = acts.verify_endorsement(guild.address, fetch=fetch, now=now)
    assert json.loads(acts._as_it_came(report, guild.address, acts.Answers(fetch)))["id"] == guild.address


# --- Looked at again -----------------------------------------------------------------------------------------

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_endorsement_that_holds_is_dated_and_says_what_it_says_now(imported, guild, now):
    guild.endorsement["claim"]["endorsementComment"] = "Said better."

    recheck_endorsement(endorsement=imported, fetch=guild.fetch, at=now + DAY)

    imported.refresh_from_db()
    assert (imported.comment, imported.checked_at, imported.problem) == ("Said better.", now + DAY, "")


def test_endorsement_that_was_taken_back_is_hidden(imported, guild, badge, acme, now):
    guild.gone.add(guild.address)

    recheck_endorsement(endorsement=imported, fetch=guild.fetch, at=now + DAY)

    assert state_of(imported) == ("ACCEPTED", False)
    assert (imported.checked_at, imported.problem != "") == (now + DAY, True)
    assert events()[-1] == ("endorsement.failed", "", acme.pk)


def test_endorsement_that_cannot_be_reached_is_kept_with_its_date(imported, guild, badge, now):
    guild.away = True

    recheck_endorsement(endorsement=imported, fetch=guild.fetch, at=now + DAY)

    assert state_of(imported) == ("ACCEPTED", True)
    assert (imported.checked_at, "could not be checked" in imported.problem) == (now, True)
    # Validators refuse a badge that names what they cannot fetch.
    assert "endorsement" not in json.loads(badge_class_json(badge))
    assert [event[0] for event in events()] == ["endorsement.imported"]


def test_endorsement_that_holds_again_is_shown_again(imported, guild, acme, now):
    guild.gone.add(guild.address)
    recheck_endorsement(endorsement=imported, fetch=guild.fetch, at=now + DAY)
    guild.gone.clear()

    recheck_endorsement(endorsement=imported, fetch=guild.fetch, at=now + 2 * DAY)

    assert state_of(imported) == ("ACCEPTED", True)
    assert events()[-1] == ("endorsement.holds_again", "", acme.pk)


def test_endorsement_that_turned_to_something_else_is_hidden(imported, guild, academy, now):
    guild.endorsement["claim"]["id"] = f"{SITE}/public/issuers/{academy.pk}"

    recheck_endorsement(endorsement=imported, fetch=guild.fetch, at=now + DAY)

    assert state_of(imported) == ("ACCEPTED", False)
    assert imported.problem == "It endorses something else now."


def test_every_endorsement_from_elsewhere_is_looked_at(badge, given, loopback, now):
    """The address is none that is public, so nobody is asked."""
    foreign = EndorsementFactory.create(badge_class=badge, elsewhere=True, source_url="http://127.0.0.1/endorsement")

    assert recheck_endorsements(at=now + DAY) == 1
    tasks.recheck_endorsements()
    tasks.recheck_endorsement(endorsement_id=str(given.pk))

    foreign.refresh_from_db()
    assert (foreign.holds, "could not be checked" in foreign.problem) == (True, True)


def test_documents_name_nothing_that_is_not_shown(badge, elsewhere_issuer, now):
    EndorsementFactory.create(badge_class=badge, accepted=True, revoked_at=now, revocation_reason="A slip.")
    EndorsementFactory.create(badge_class=badge, elsewhere=True, holds=False, problem="Taken back.")
    EndorsementFactory.create(badge_class=badge, elsewhere=True, status="DECLINED")
    shown = EndorsementFactory.create(badge_class=badge, accepted=True)

    assert json.loads(badge_class_json(badge))["endorsement"] == [shown.public_id]


def test_revoked_award_is_not_endorsed_any_more_but_keeps_what_was_said(assertion, elsewhere_issuer, ada, mallory, now):
    given = give_endorsement(endorser=elsewhere_issuer, subject=assertion, comment=WORDS, by=mallory, at=now)
    revoke_assertion(assertion=assertion, reason="A slip.", by=ada, at=now)

    accept_endorsement(endorsement=given, by=ada, at=now)

    assert hosted(assertion)["endorsement"] == [given.public_id]


def test_earlier_versions_are_not_endorsed(academy, elsewhere_issuer, mallory, now):
    archived = BadgeClassFactory.create(issuer=academy, status="ARCHIVED", archived_at=now)

    with pytest.raises(NotEndorsable):
        give_endorsement(endorser=elsewhere_issuer, subject=archived, comment=WORDS, by=mallory, at=now)


# --- What endorsers have read ----------------------------------------------------------------------------------


@pytest.fixture
def edit(badge, ed, now):
    """Let the badge, which nobody holds, say something else an hour later."""

    def say(**changes: Any) -> BadgeClass:
        fields = replace(fields_of(badge), name="Crane Safety")
        return edit_badge_class(badge_class=badge, fields=fields, by=ed, at=now + HOUR, **changes)

    return say


def test_badge_that_is_endorsed_for_all_to_see_is_not_edited(given, badge, edit, ada, now):
    accept_endorsement(endorsement=given, by=ada, at=now)

    with pytest.raises(BadgeIsEndorsed, match="Elsewhere School endorses “Forklift Safety” as it stands"):
        edit()

    badge.refresh_from_db()
    assert badge.name == "Forklift Safety"


def test_badge_is_not_moved_to_the_issuer_that_endorses_it(badge, academy, acme, edit, ada, now):
    """Nobody endorses what is their own, not even afterwards."""
    other = IssuerFactory.create(organisation=acme, origin=academy.origin)
    give_endorsement(endorser=other, subject=badge, comment="", by=ada, at=now)

    with pytest.raises(BadgeIsEndorsed):
        edit(issuer=other)


@pytest.mark.parametrize("act", [accept_endorsement, show_endorsement])
def test_nobody_stands_up_for_words_that_they_never_read(act, given, badge, edit, ada, mallory, elsewhere_issuer, now):
    if act is show_endorsement:
        accept_endorsement(endorsement=given, by=ada, at=now)
        hide_endorsement(endorsement=given, by=ada, at=now)
    edit()

    with pytest.raises(SaysSomethingElse, match="“Crane Safety” was edited after it was endorsed"):
        act(endorsement=given, by=ada, at=now + HOUR)
    revoke_endorsement(endorsement=given, reason="It changed.", by=mallory, at=now + 2 * HOUR)
    badge.refresh_from_db()
    anew = give_endorsement(endorser=elsewhere_issuer, subject=badge, comment="", by=mallory, at=now + 3 * HOUR)
    accept_endorsement(endorsement=anew, by=ada, at=now + 4 * HOUR)

    assert (state_of(given), state_of(anew)) == ((given.status, False), ("ACCEPTED", True))


def test_badge_that_an_endorsement_names_is_not_deleted(given, badge, ed, now):
    with pytest.raises(BadgeIsEndorsed, match=r"so it stays\. You can archive it"):
        delete_badge_class(badge_class=badge, by=ed, at=now)

    assert archive_badge_class(badge_class=badge, by=ed, at=now).status == "ARCHIVED"


@pytest.mark.parametrize("what", ["comment", "name"])
def test_other_words_from_elsewhere_wait_until_somebody_accepts_them(what, imported, guild, badge, ada, acme, now):
    if what == "comment":
        guild.endorsement["claim"]["endorsementComment"] = "Buy pills."
    else:
        guild.profile["name"] = "University of Everything"

    recheck_endorsement(endorsement=imported, fetch=guild.fetch, at=now + DAY)

    assert state_of(imported) == ("PENDING", False)
    assert "endorsement" not in json.loads(badge_class_json(badge))
    assert events()[-1] == ("endorsement.changed", "", acme.pk)

    accept_endorsement(endorsement=imported, by=ada, at=now + DAY)
    recheck_endorsement(endorsement=imported, fetch=guild.fetch, at=now + 2 * DAY)
    assert state_of(imported) == ("ACCEPTED", True)


@pytest.mark.parametrize("form", ["hosted", "signed"])
def test_endorser_from_elsewhere_is_known_by_its_host(form, guild, acme, ada, now):
    """Anybody can call themselves what they like, and name any website as theirs."""
    guild.profile.update(name="Harvard University", url="https://harvard.example.edu/")
    source = guild.address if form == "hosted" else guild.sign()

    imported = import_endorsement(organisation=acme, source=source, fetch=guild.fetch, by=ada, at=now)

    assert (imported.endorser_name, imported.endorser_host) == ("Harvard University", "guild.example.org")
    assert imported.is_signed is (form == "signed")
