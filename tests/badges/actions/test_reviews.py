"""A second person approves exactly what they read; everything typed later voids it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail

from badges.actions.approval import NeedsApproval
from badges.actions.badge_classes import (
    BadgeIsAwarded,
    ChangedMeanwhile,
    NotComplete,
    WrongMoment,
    archive_badge_class,
    create_badge_class,
    edit_badge_class,
    fields_of,
    publish_badge_class,
    restore_badge_class,
)
from badges.actions.designs import (
    badges_to_gather,
    draw_badge,
    edit_family,
    make_family,
    make_next_versions,
    members_of,
)
from badges.actions.lifecycle_mails import queue_owed_mails, send_owed_mail
from badges.actions.pilots import end_pilot, start_pilot
from badges.actions.reviews import (
    NobodyToReview,
    NoteMissing,
    NotTheSecondPerson,
    ReviewDecided,
    ReviewOpen,
    approve_badge,
    ask_for_changes,
    ask_for_review,
    withdraw_review,
)
from badges.actions.translations import TranslationFields, remove_translation, save_translation
from badges.actions.versions import make_next_version, publish_next_version
from badges.designer.spec import Design
from badges.insights.reviews import (
    fingerprint_of,
    in_review,
    is_approved,
    review_state,
    waiting_for,
)
from badges.models import BadgeClass, LifecycleMail, Review
from badges.rules import too_much_for_correction
from badgeserver.audit.models import AuditEvent
from tests.factories.badges import BadgeClassFactory, BadgeTranslationFactory, EarningStepFactory, ReviewFactory
from tests.factories.issuers import PersonFactory


@pytest.fixture
def four_eyes(acme):
    acme.four_eyes = True
    acme.save()
    return acme


@pytest.fixture
def draft(academy, ed, now, badge) -> BadgeClass:
    """Ed wrote it, and everything is said."""
    fields = replace(fields_of(badge), name="Crane Signals")
    made = create_badge_class(issuer=academy, fields=fields, by=ed, at=now)
    made.image, made.image_png = badge.image.name, badge.image_png.name
    made.save()
    return BadgeClass.objects.select_related("issuer__organisation").get(pk=made.pk)


def approved(draft, *, asks, by, at):
    review = ask_for_review(badge_class=draft, by=asks, at=at)
    return approve_badge(review=review, seen=fingerprint_of(draft), by=by, at=at)


def edited(draft, *, by, at, **changes: object):
    return edit_badge_class(badge_class=draft, fields=replace(fields_of(draft), **changes), by=by, at=at)


def test_every_other_reviewer_is_mailed_once(
    draft, ada, ed, rex, sam, now, django_capture_on_commit_callbacks, mailoutbox
):
    with django_capture_on_commit_callbacks(execute=True):
        review = ask_for_review(badge_class=draft, question="Is the level right?", by=ed, at=now)

    assert sorted(message.to[0] for message in mailoutbox) == [ada.email, rex.email]
    assert mailoutbox[0].subject == "Ed Novak asks you to review “Crane Signals”"
    assert "Is the level right?" in mailoutbox[0].body
    assert f"/badges/{draft.pk}/review/" in mailoutbox[0].body
    for owed in LifecycleMail.objects.all():
        send_owed_mail(owed=owed, at=now)
    queue_owed_mails(at=now + timedelta(days=1))
    assert len(mailoutbox) == 2
    assert (review.asked_by, review.decision) == (ed, "")
    assert AuditEvent.objects.about(draft.pk).newest_first().first().type == "badge_class.review.asked"


def test_mail_that_a_killed_worker_left_goes_out_later(draft, ada, ed, now, mailoutbox):
    ask_for_review(badge_class=draft, by=ed, at=now)  # what was committed is never queued here
    assert mailoutbox == []

    queue_owed_mails(at=now + timedelta(days=1))

    assert [message.to for message in mailoutbox] == [[ada.email]]


def test_mail_speaks_the_language_of_its_reader(
    draft, ada, ed, now, acme, django_capture_on_commit_callbacks, mailoutbox
):
    ada.language = "de"
    ada.save()
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_review(badge_class=draft, by=ed, at=now)

    assert mailoutbox[0].to == [ada.email]


def test_approval_is_told_and_counts(draft, ada, ed, rex, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        review = ask_for_review(badge_class=draft, by=ed, at=now)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        approve_badge(review=review, seen=fingerprint_of(draft), note="Well done.", by=rex, at=now)

    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([ed.email], "“Crane Signals” is approved"),
    ]
    assert is_approved(draft) is True
    assert review_state(draft).is_approved is True


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Crane Signals II"},
        {"criteria_narrative": "Show it thrice."},
        {"learned": "Wind."},
        {"level": 3},
        {"tags": ("crane",)},
        {"validity": "MONTHS", "validity_months": 12},
    ],
)
def test_any_later_edit_voids_the_approval(draft, ada, ed, now, change):
    approved(draft, asks=ed, by=ada, at=now)

    edited(draft, by=ed, at=now + timedelta(hours=1), **change)

    draft.refresh_from_db()
    state = review_state(draft)
    assert (is_approved(draft), state.is_outdated, len(state.changes) >= 1) == (False, True, True)


def test_steps_languages_and_picture_void_it_too(draft, ada, ed, now, svg_badge):
    said = {fingerprint_of(draft)}
    EarningStepFactory.create(badge_class=draft)
    said.add(fingerprint_of(draft))
    save_translation(
        badge_class=draft, language="de", fields=TranslationFields(name="Kran", description="Kran."), by=ed, at=now
    )
    said.add(fingerprint_of(draft))
    draft.image = svg_badge.image.name
    said.add(fingerprint_of(draft))
    assert len(said) == 4


def test_what_is_not_said_by_the_badge_voids_nothing(draft, now):
    before = fingerprint_of(draft)
    draft.review_by, draft.award_cap, draft.updated_at = now.date(), 10, now + timedelta(days=1)
    assert fingerprint_of(draft) == before


def test_what_was_taken_back_again_counts_again(draft, ada, ed, now):
    approved(draft, asks=ed, by=ada, at=now)
    edited(draft, by=ed, at=now, name="Something else")
    draft.refresh_from_db()
    edited(draft, by=ed, at=now, name="Crane Signals")
    draft.refresh_from_db()
    assert is_approved(draft) is True


def test_who_asked_and_who_typed_last_are_no_second_person(draft, ada, ed, rex, now):
    review = ask_for_review(badge_class=draft, by=ed, at=now)
    with pytest.raises(NotTheSecondPerson, match="asked for this review yourself"):
        approve_badge(review=review, seen=fingerprint_of(draft), by=ed, at=now)

    edited(draft, by=ada, at=now + timedelta(minutes=1), learned="Wind.")
    draft.refresh_from_db()
    with pytest.raises(NotTheSecondPerson, match="edited this badge last"):
        approve_badge(review=review, seen=fingerprint_of(draft), by=ada, at=now)

    assert approve_badge(review=review, seen=fingerprint_of(draft), by=rex, at=now).decided_by == rex


def test_role_must_allow_it(draft, ed, sam, now, ada):
    review = ask_for_review(badge_class=draft, by=ed, at=now)
    with pytest.raises(NotTheSecondPerson, match="Your role"):
        approve_badge(review=review, seen=fingerprint_of(draft), by=sam, at=now)


def test_stranger_cannot_decide(draft, ed, mallory, now, ada):
    review = ask_for_review(badge_class=draft, by=ed, at=now)
    with pytest.raises(NotTheSecondPerson):
        approve_badge(review=review, seen=fingerprint_of(draft), by=mallory, at=now)


def test_edit_while_it_is_read_is_seen(draft, ada, ed, now):
    review = ask_for_review(badge_class=draft, by=ed, at=now)
    seen = fingerprint_of(draft)
    edited(draft, by=ed, at=now + timedelta(minutes=1), learned="Wind.")

    with pytest.raises(ChangedMeanwhile):
        approve_badge(review=review, seen=seen, by=ada, at=now)
    assert Review.objects.get().decision == ""


def test_second_reviewer_comes_too_late(draft, ada, ed, rex, now):
    review = ask_for_review(badge_class=draft, by=ed, at=now)
    ask_for_changes(review=review, note="Say how long.", by=ada, at=now)

    with pytest.raises(ReviewDecided):
        approve_badge(review=review, seen=fingerprint_of(draft), by=rex, at=now)
    assert (is_approved(draft), review_state(draft).asks_for_changes) == (False, True)


def test_asking_for_changes_needs_a_word(draft, ada, ed, now):
    review = ask_for_review(badge_class=draft, by=ed, at=now)
    with pytest.raises(NoteMissing):
        ask_for_changes(review=review, note="  ", by=ada, at=now)


def test_asking_twice_and_asking_nobody(draft, ada, ed, now):
    ask_for_review(badge_class=draft, by=ed, at=now)
    with pytest.raises(ReviewOpen):
        ask_for_review(badge_class=draft, by=ada, at=now)


def test_without_a_second_person_nobody_is_asked(draft, ed, now):
    with pytest.raises(NobodyToReview):
        ask_for_review(badge_class=draft, by=ed, at=now)


def test_only_whole_drafts_are_reviewed(badge, draft_badge, ada, ed, now):
    with pytest.raises(WrongMoment):
        ask_for_review(badge_class=badge, by=ed, at=now)
    with pytest.raises(NotComplete):
        ask_for_review(badge_class=draft_badge, by=ed, at=now)


def test_question_that_was_taken_back_is_not_mailed(draft, ada, ed, now, mailoutbox):
    review = ask_for_review(badge_class=draft, by=ed, at=now)
    withdraw_review(review=review, by=ed, at=now)
    queue_owed_mails(at=now + timedelta(days=1))
    assert (mailoutbox, LifecycleMail.objects.count()) == ([], 0)
    with pytest.raises(ReviewDecided):
        withdraw_review(review=review, by=ed, at=now)


# --- Four eyes: every door -----------------------------------------------------------------------------------


def test_nothing_is_published_without(four_eyes, draft, academy, ada, ed, now):
    with pytest.raises(NeedsApproval, match="ask for a review"):
        publish_badge_class(badge_class=draft, by=ed, at=now)
    with pytest.raises(NeedsApproval):
        edit_badge_class(badge_class=draft, fields=fields_of(draft), publish=True, by=ed, at=now)
    person = PersonFactory.create(organisation=four_eyes)
    with pytest.raises(NeedsApproval):
        start_pilot(
            badge_class=draft,
            members=[person],
            managers=[],
            goal="",
            ends_on=now.date() + timedelta(days=9),
            by=ed,
            at=now,
        )
    draft.refresh_from_db()
    assert draft.status == "DRAFT"

    approved(draft, asks=ed, by=ada, at=now)
    assert publish_badge_class(badge_class=draft, by=ed, at=now).status == "PUBLISHED"


def test_without_the_rule_nobody_is_asked(draft, ed, now):
    assert publish_badge_class(badge_class=draft, by=ed, at=now).status == "PUBLISHED"


def test_published_badge_is_changed_by_its_next_version(four_eyes, badge, ada, ed, now):
    with pytest.raises(NeedsApproval, match="next version"):
        edited(badge, by=ed, at=now, learned="Wind.")

    next_one = make_next_version(
        badge_class=badge, fields=replace(fields_of(badge), learned="Wind."), by=ed, at=now + timedelta(hours=1)
    )
    with pytest.raises(NeedsApproval):
        publish_next_version(badge_class=next_one, change_note="Wind.", by=ed, at=now)
    approved(next_one, asks=ed, by=ada, at=now + timedelta(hours=2))
    assert publish_next_version(badge_class=next_one, change_note="Wind.", by=ed, at=now).version == 2


def test_archived_badge_that_changed_is_not_restored(acme, badge, ada, ed, now):
    acme.four_eyes = True
    acme.save()
    archive_badge_class(badge_class=badge, by=ed, at=now)
    assert restore_badge_class(badge_class=badge, by=ed, at=now).status == "PUBLISHED"

    archive_badge_class(badge_class=badge, by=ed, at=now)
    fields = TranslationFields(name="Stapler", description="Stapler.")
    later = now + timedelta(hours=1)
    with pytest.raises(WrongMoment, match="Restore it before you change it"):
        save_translation(badge_class=badge, language="de", fields=fields, by=ed, at=later)
    acme.four_eyes = False  # an owner takes the rule away for a moment
    acme.save()
    save_translation(badge_class=badge, language="de", fields=fields, by=ed, at=later)
    acme.four_eyes = True
    acme.save()
    with pytest.raises(NeedsApproval, match="Make a new badge from it"):
        restore_badge_class(badge_class=badge, by=ed, at=now + timedelta(hours=2))


@pytest.mark.parametrize("status", ["PUBLISHED", "PILOT"])
def test_what_the_world_sees_is_not_drawn_anew(four_eyes, badge, ed, now, status):
    BadgeClass.objects.filter(pk=badge.pk).update(status=status)
    before = (fingerprint_of(badge), badge.image.name)

    with pytest.raises(NeedsApproval):
        draw_badge(badge_class=badge, design=Design(), by=ed, at=now)

    badge.refresh_from_db()
    assert (fingerprint_of(badge), badge.image.name) == before


def test_restyling_a_family_leaves_what_the_world_sees(four_eyes, academy, ed, now):
    drafts = [
        BadgeClassFactory.create(issuer=academy, name=name, draft=True, image="", image_png="", created_at=now)
        for name in ["Anchor Watch", "Heart Rescue"]
    ]
    family = make_family(
        organisation=four_eyes, name="Safety", design=Design(), decides=["shape"], badges=drafts, by=ed, at=now
    )
    BadgeClass.objects.filter(pk=drafts[0].pk).update(status="PUBLISHED", published_at=now)
    before = BadgeClass.objects.get(pk=drafts[0].pk).image.name

    change = edit_family(
        family=family,
        name="Safety",
        design=Design(shape="circle"),
        decides=["shape"],
        by=ed,
        at=now + timedelta(hours=1),
    )

    assert ([one.name for one in change.redrawn], [one.name for one in change.left]) == (
        ["Heart Rescue"],
        ["Anchor Watch"],
    )
    assert BadgeClass.objects.get(pk=drafts[0].pk).image.name == before
    assert [(one.badge.name, one.may_follow, one.why_not) for one in members_of(family)] == [
        ("Anchor Watch", False, "A second person approves what everybody sees."),
        ("Heart Rescue", True, ""),
    ]
    assert [one.name for one in make_next_versions(family=change.family, by=ed, at=now)] == ["Anchor Watch"]


def test_no_family_gathers_what_the_world_sees(four_eyes, academy, now):
    named = {"issuer": academy, "image": "", "image_png": "", "created_at": now}
    BadgeClassFactory.create(name="Anchor Watch", **named)
    BadgeClassFactory.create(name="Heart Rescue", draft=True, **named)

    assert [one.name for one in badges_to_gather(four_eyes)] == ["Heart Rescue"]


def test_no_language_is_added_or_reworded_where_the_world_sees_it(four_eyes, badge, ed, now):
    four_eyes.four_eyes = False
    four_eyes.save()
    fields = TranslationFields(name="Kran", description="Kran.")
    save_translation(badge_class=badge, language="de", fields=fields, by=ed, at=now)
    four_eyes.four_eyes = True
    four_eyes.save()

    with pytest.raises(NeedsApproval, match="next version"):
        save_translation(badge_class=badge, language="fr", fields=fields, by=ed, at=now)
    with pytest.raises(NeedsApproval):
        save_translation(badge_class=badge, language="de", fields=replace(fields, name="Gratis"), by=ed, at=now)
    with pytest.raises(NeedsApproval):
        remove_translation(badge_class=badge, language="de", by=ed, at=now)

    assert [(one.language, one.name) for one in badge.translations.all()] == [("de", "Kran")]


def test_a_language_of_what_people_hold_is_mended_as_its_own_words_are(four_eyes, badge, assertion, ed, now):
    """Small corrections are told to everybody, and need nobody; a new language, or a new text, needs a version."""
    words = BadgeTranslationFactory.create(
        badge_class=badge,
        name="Kran",
        description="Wer das Bagde hat, gibt dem Kran sicher Zeichen.",
        image_alt="",
        criteria_narrative="",
    )
    said = TranslationFields(name="Kran", description=words.description)

    def save(fields: TranslationFields, language: str = "de") -> None:
        save_translation(badge_class=badge, language=language, fields=fields, note="Typo.", by=ed, at=now)

    with pytest.raises(NeedsApproval, match="next version"):
        save(said, "fr")
    with pytest.raises(NeedsApproval):
        save(replace(said, description="Gratis für alle."))
    with pytest.raises(NeedsApproval):
        save(replace(said, learned="Wind."))
    with pytest.raises(BadgeIsAwarded):
        remove_translation(badge_class=badge, language="de", by=ed, at=now)

    save(replace(said, description=words.description.replace("Bagde", "Badge")))
    words.refresh_from_db()
    assert words.description == "Wer das Badge hat, gibt dem Kran sicher Zeichen."
    assert [(one.language, one.note) for one in badge.corrections.all()] == [("de", "Typo.")]


def test_small_corrections_of_a_language_do_not_add_up(four_eyes, badge, assertion, ed, now):
    words = BadgeTranslationFactory.create(
        badge_class=badge,
        name="Kran",
        description="Wer dies hat, winkt dem Kran.",
        image_alt="",
        criteria_narrative="",
    )
    at_first = TranslationFields(name="Kran", description=words.description)
    one, two, three = (
        "Wer dies hat, winkt dem Kram.",
        "Wer dies hat, hilft dem Kram.",
        "Wer alles hält, hilft dem Kram.",
    )

    def save(text: str) -> None:
        fields = replace(at_first, description=text)
        save_translation(badge_class=badge, language="de", fields=fields, note="Typo.", by=ed, at=now)

    save(one)
    save(two)
    assert too_much_for_correction(two, three) == ""
    with pytest.raises(NeedsApproval):
        save(three)


def test_a_pilot_that_was_dropped_is_not_published_by_restoring_it(four_eyes, academy, draft, ada, ed, now):
    four_eyes.four_eyes = False
    four_eyes.save()
    person = PersonFactory.create(organisation=four_eyes)
    ends_on = now.date() + timedelta(days=9)
    pilot = start_pilot(badge_class=draft, members=[person], managers=[], goal="", ends_on=ends_on, by=ed, at=now)
    end_pilot(pilot=pilot, decision="DROP", by=ed, at=now)
    four_eyes.four_eyes = True
    four_eyes.save()

    with pytest.raises(NeedsApproval):
        restore_badge_class(badge_class=draft, by=ed, at=now)


def test_who_typed_last_is_not_forgotten_when_the_worker_draws(four_eyes, draft, ada, ed, rex, now):
    edited(draft, by=ada, at=now, learned="Wind.")
    draft.refresh_from_db()
    draw_badge(badge_class=draft, design=Design(), by=None, at=now + timedelta(hours=1))
    draft.refresh_from_db()
    review = ask_for_review(badge_class=draft, by=ed, at=now + timedelta(hours=2))

    with pytest.raises(NotTheSecondPerson, match="edited this badge last"):
        approve_badge(review=review, seen=fingerprint_of(draft), by=ada, at=now)
    assert [waiting_for(user, four_eyes) for user in (ada, rex)] == [[], [review]]


def test_words_that_move_to_another_place_are_other_words(draft, ed, now):
    step = EarningStepFactory.create(badge_class=draft, text="Read https://example.org/a", url="")
    fields = TranslationFields(name="Kran", description="Kran.", learned="Wind.")
    save_translation(badge_class=draft, language="de", fields=fields, by=ed, at=now)
    said = {fingerprint_of(draft)}
    step.text, step.url = "Read", "https://example.org/a"
    step.save()
    said.add(fingerprint_of(draft))
    moved = replace(fields, learned="", assessed="Wind.")
    save_translation(badge_class=draft, language="de", fields=moved, by=ed, at=now)
    said.add(fingerprint_of(draft))

    assert len(said) == 3


# --- Lists ---------------------------------------------------------------------------------------------------


def test_waiting_list_leaves_out_what_one_asked_or_edited(draft, acme, ada, ed, rex, now):
    review = ask_for_review(badge_class=draft, by=ed, at=now)
    assert [waiting_for(user, acme) for user in (ed, ada, rex)] == [[], [review], [review]]
    edited(draft, by=ada, at=now + timedelta(minutes=1), learned="Wind.")
    assert [waiting_for(user, acme) for user in (ed, ada, rex)] == [[], [], [review]]


@pytest.mark.parametrize("count", [1, 12])
def test_lists_ask_the_same_number_of_questions(academy, acme, ada, now, count, django_assert_num_queries):
    ReviewFactory.create_batch(count, badge_class__issuer=academy)
    with django_assert_num_queries(2):
        assert len(waiting_for(ada, acme)) == count
    with django_assert_num_queries(1):
        assert len(in_review(BadgeClass.objects.all())) == count
