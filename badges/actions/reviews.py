"""A second person reads a badge before it is published (docs/adr/0017)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from badges.actions.badge_classes import ChangedMeanwhile, NotComplete, WrongMoment, locked_badge_class
from badges.actions.lifecycle_mails import owe_mails
from badges.insights.reviews import fingerprint_of_words, is_approved, reviewers_of, said_by, why_not_reviewer
from badges.models import BadgeClass, LifecycleMail, Review
from badges.rules import missing_for_publishing
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError

#: As long as the column; a note may be longer.
QUESTION_LIMIT, NOTE_LIMIT = 500, 5_000


class ReviewOpen(UserFacingError):
    """A second person is asked already."""

    code = "review_open"


class ReviewDecided(UserFacingError):
    """Somebody was quicker."""

    code = "review_decided"


class NotTheSecondPerson(UserFacingError):
    """Who asked, or typed last, cannot be the other pair of eyes."""

    code = "review_not_yours"


class NobodyToReview(UserFacingError):
    """The organisation has no second person."""

    code = "review_nobody"


class NoteMissing(UserFacingError):
    """What is to be changed must be said."""

    code = "review_note_missing"
    field = "note"


@transaction.atomic
def ask_for_review(*, badge_class: BadgeClass, by: User, at: datetime, question: str = "") -> Review:
    """Ask every other reviewer of the organisation to read a draft, by mail, and return the review.

    Raises `WrongMoment` for what is no draft, `NotComplete`, `ReviewOpen`, or `NobodyToReview`.
    """
    locked = locked_badge_class(badge_class)
    if locked.status != BadgeClass.Status.DRAFT or locked.is_template:
        raise WrongMoment(_("Only the draft of a badge is reviewed: this is none."))
    has_steps = locked.earning_steps.exists()
    missing = missing_for_publishing(locked, has_picture=bool(locked.image), has_steps=has_steps, today=at.date())
    if missing:
        raise NotComplete(missing)
    if locked.reviews.filter(decision="").exists():
        raise ReviewOpen(_("A second person is asked already. Wait for the answer, or take the question back."))
    if is_approved(locked):
        raise WrongMoment(_("What it says now is approved already: it can be published."))
    readers = reviewers_of(locked, apart_from=by)
    if not readers:
        raise NobodyToReview(
            _("There is nobody else who could review it. An owner can invite an editor or a reviewer under Staff.")
        )
    review = Review.objects.create(badge_class=locked, asked_by=by, asked_at=at, question=question.strip())
    _record("badge_class.review.asked", locked, by=by, at=at)
    owe_mails(
        badge_class=locked, kind=LifecycleMail.Kind.REVIEW_ASKED, occasion=str(review.pk), recipients=readers, at=at
    )
    return review


@transaction.atomic
def approve_badge(*, review: Review, seen: str, by: User, at: datetime, note: str = "") -> Review:
    """Approve exactly what the badge says; `seen` is the fingerprint of what the reviewer read.

    Raises `ReviewDecided`, `NotTheSecondPerson`, or `ChangedMeanwhile` when somebody typed while it was read.
    """
    return _decide(review, Review.Decision.APPROVED, seen=seen, note=note, by=by, at=at)


@transaction.atomic
def ask_for_changes(*, review: Review, note: str, by: User, at: datetime) -> Review:
    """Give a draft back with what should be changed. Raises `NoteMissing`, `ReviewDecided` or `NotTheSecondPerson`."""
    if not note.strip():
        raise NoteMissing(_("Say what should be changed: whoever wrote it reads this."))
    return _decide(review, Review.Decision.CHANGES, seen=None, note=note, by=by, at=at)


@transaction.atomic
def withdraw_review(*, review: Review, by: User, at: datetime) -> Review:
    """Take the question back before anybody answered. Raises `ReviewDecided`."""
    locked_badge_class(review.badge_class)
    locked = _open(review)
    locked.decision, locked.decided_at, locked.decided_by = Review.Decision.WITHDRAWN, at, by
    locked.save(update_fields=["decision", "decided_at", "decided_by"])
    _record("badge_class.review.withdrawn", locked.badge_class, by=by, at=at)
    return locked


def _decide(review: Review, decision: str, *, seen: str | None, note: str, by: User, at: datetime) -> Review:
    badge_class = locked_badge_class(review.badge_class)  # an edit that is being saved is waited for, and seen
    locked = _open(review)
    if refusal := why_not_reviewer(by, locked):
        raise NotTheSecondPerson(refusal)
    said = said_by(badge_class)
    fingerprint = fingerprint_of_words(said)
    if seen is not None and seen != fingerprint:
        raise ChangedMeanwhile(
            _("Somebody changed this badge while you were reading. Read it once more, as it is now, then decide.")
        )
    locked.decision, locked.decided_at, locked.decided_by = decision, at, by
    locked.fingerprint, locked.said, locked.note = fingerprint, said, note.strip()
    locked.save(update_fields=["decision", "decided_at", "decided_by", "fingerprint", "said", "note"])
    act = "approved" if decision == Review.Decision.APPROVED else "changes_asked"
    _record(f"badge_class.review.{act}", badge_class, by=by, at=at)
    if locked.asked_by is not None:
        kind = LifecycleMail.Kind.REVIEW_DECIDED
        owe_mails(badge_class=badge_class, kind=kind, occasion=str(locked.pk), recipients=[locked.asked_by], at=at)
    return locked


def _open(review: Review) -> Review:
    found = Review.objects.select_for_update(of=("self",)).select_related("badge_class__issuer", "asked_by")
    locked = found.get(pk=review.pk)
    if locked.decision:
        raise ReviewDecided(
            _("This review is closed already: %(decision)s.") % {"decision": locked.get_decision_display()}
        )
    return locked


def _record(type: str, badge_class: BadgeClass, *, by: User, at: datetime) -> None:  # noqa: A002 -- the word of the trail
    audit.record(
        type,
        by=by,
        at=at,
        subject=badge_class,
        organisation_id=badge_class.issuer.organisation_id,
        issuer_id=badge_class.issuer_id,
        details={"version": badge_class.version},
    )
