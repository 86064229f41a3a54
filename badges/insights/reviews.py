"""Reviews: what exactly a badge says, whether a second person approved that, and who may be that person."""

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from badges.insights.comparison import TextChange, compare_words
from badges.models import BadgeClass, Review
from badges.models.badge_class import BadgeClassQuerySet
from badges.models.wording import TRANSLATED
from badgeserver.accounts.models import User
from badgeserver.audit.models import AuditEvent
from badgeserver.languages import language_said
from issuers.models import Organisation
from issuers.rules import ROLE_PERMISSIONS, Permission, can

#: So long without an award, and a badge is worth a thought.
QUIET_AFTER = timedelta(days=183)

#: What stands in the badge's row and is not said by it: its life, its place in the programme, what is drawn of it.
_UNSAID = {
    *("id", "origin", "status", "series", "version", "change_note", "image_png", "copied_from"),
    *("visibility", "award_cap", "next_level", "successor", "review_by", "is_template", "coach_dismissed"),
    *("created_at", "updated_at", "published_at", "archived_at", "superseded_at"),
}
_OF_A_SKILL = ("target_name", "target_framework", "target_code", "target_description", "target_url", "level")
#: The acts by which somebody puts words into a badge: whoever did the last of them is not its second person.
_EDITS = Q(type__in=[f"badge_class.{act}" for act in ("created", "edited", "copied", "imported", "version.started")])
_EDITS |= Q(type__startswith="badge_class.translation.") | Q(type__startswith="badge_class.design")


def said_by(badge_class: BadgeClass) -> dict[str, str]:
    """Return everything that a badge says, text by text: its row, steps, skills, languages and the name of its picture.

    Its row is read as it is; steps, skills and languages are read from the database.
    """
    columns = [one for one in BadgeClass._meta.concrete_fields if one.name not in _UNSAID]  # noqa: SLF001 -- Django's documented Meta API
    said = {one.name: _text(getattr(badge_class, one.attname)) for one in columns}
    # Each text under a name of its own: words that move from one place to another say something else.
    for step in badge_class.earning_steps.order_by("position"):
        for name in ("text", "kind", "url", "required_badge_id"):
            said[f"step.{step.position}.{name}"] = _text(getattr(step, name))
    for skill in badge_class.alignments.order_by("position"):
        for name in _OF_A_SKILL:
            said[f"skill.{skill.position}.{name}"] = _text(getattr(skill, name))
    for words in badge_class.translations.order_by("language"):
        for name in TRANSLATED:
            said[f"language.{words.language}.{name}"] = getattr(words, name)
        for number, text in enumerate(words.steps):
            said[f"language.{words.language}.step.{number}"] = str(text)
    return {name: text for name, text in said.items() if text}


def fingerprint_of(badge_class: BadgeClass) -> str:
    """Return the SHA-256 of everything that a badge says: another word, another picture, and it is another one."""
    return fingerprint_of_words(said_by(badge_class))


def fingerprint_of_words(said: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _text(value: object) -> str:
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, Decimal):  # 53.5 and 53.500000 are the same place
        return format(value.normalize(), "f")
    return json.dumps(value, sort_keys=True, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


# --- One badge -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReviewState:
    """Where a badge stands with its second person. `changes` is what was typed after it was read."""

    needed: bool  # the organisation wants four eyes on it
    open: Review | None = None
    decided: Review | None = None  # the last one that somebody decided
    is_approved: bool = False  # for exactly what the badge says now
    changes: list[TextChange] = field(default_factory=list)

    @property
    def is_outdated(self) -> bool:
        """Whether it was approved once, and says something else now."""
        return self.decided is not None and self.decided.decision == Review.Decision.APPROVED and not self.is_approved

    @property
    def asks_for_changes(self) -> bool:
        return self.open is None and self.decided is not None and self.decided.decision == Review.Decision.CHANGES

    @property
    def blocks(self) -> bool:
        """Whether it cannot be published yet for want of an approval."""
        return self.needed and not self.is_approved

    @property
    def changed(self) -> str:
        return ", ".join(change.label for change in self.changes)


def review_state(badge_class: BadgeClass) -> ReviewState:
    """Return where a badge stands with its second person; `issuer.organisation` is read."""
    reviews = list(badge_class.reviews.select_related("asked_by", "decided_by").exclude(decision="WITHDRAWN")[:20])
    pending = next((one for one in reviews if not one.decision), None)
    decided = next((one for one in reviews if one.decision), None)
    needed = badge_class.issuer.organisation.four_eyes
    if decided is None:
        return ReviewState(needed, pending)
    said = said_by(badge_class)
    is_same = decided.fingerprint == fingerprint_of_words(said)
    is_approved = decided.decision == Review.Decision.APPROVED and is_same
    return ReviewState(needed, pending, decided, is_approved, [] if is_same else changes_since(decided.said, said))


def is_approved(badge_class: BadgeClass) -> bool:
    """Whether the last word of a second person was yes, to exactly what the badge says now."""
    last = badge_class.reviews.exclude(decision__in=["", Review.Decision.WITHDRAWN]).order_by("-decided_at").first()
    if last is None or last.decision != Review.Decision.APPROVED:
        return False
    return last.fingerprint == fingerprint_of(badge_class)


def changes_since(before: dict[str, str], after: dict[str, str]) -> list[TextChange]:
    """Return what says something else, word by word; of the picture, only that it is another one."""
    return [
        TextChange(_label(name), [] if name == "image" else compare_words(before.get(name, ""), after.get(name, "")))
        for name in [*after, *(name for name in before if name not in after)]
        if before.get(name, "") != after.get(name, "")
    ]


def _label(name: str) -> str:
    kind, _dot, rest = name.partition(".")
    which, _dot, part = rest.partition(".")
    if kind == "step":
        step = _("Step %(number)d") % {"number": int(which) + 1}
        return step if part == "text" else f"{step}: {_part_label(part)}"
    if kind == "skill":
        skill = _("Skill %(number)d") % {"number": int(which) + 1}
        return skill if part == "target_name" else f"{skill}: {_part_label(part)}"
    if kind == "language":
        said_there = _label(f"{part}.text" if part.startswith("step.") else part)
        return _("In %(language)s") % {"language": language_said(which)} + f": {said_there}"
    labels = {
        "name": _("Name"),
        "description": _("Description"),
        "image": _("Picture"),
        "image_alt": _("The picture in words"),
        "criteria_narrative": _("What one must show"),
        "criteria_url": _("Page with the criteria"),
        "learned": _("What is learned"),
        "applied": _("How it is used at work"),
        "assessed": _("How it is assessed"),
        "useful_for": _("Why it matters, and in which roles"),
        "issuer": _("Issuer"),
        "level": _("Level"),
        "tags": _("Tags"),
        "category": _("Category"),
        "purpose": _("Purpose"),
        "basis": _("Basis"),
        "language": _("Language"),
        "licence": _("Licence"),
        "apply_url": _("Where to apply"),
    }
    if name.startswith("validity"):
        return _("Valid")
    if name in {"place", "latitude", "longitude"}:
        return _("Place")
    return labels.get(name, _("Further statements"))


def _part_label(part: str) -> str:
    """Return what a part of a step or a skill is called."""
    labels = {
        "kind": _("Kind"),
        "url": _("Link"),
        "target_url": _("Link"),
        "required_badge_id": _("Badge"),
        "target_framework": _("Framework"),
        "target_code": _("Code"),
        "target_description": _("Description"),
        "level": _("Level"),
    }
    return labels[part]


def was_edited_after(badge_class: BadgeClass, moment: datetime) -> bool:
    """Whether somebody put other words into it after then; small corrections are told to everybody, and count not."""
    return AuditEvent.objects.about(badge_class.pk).filter(_EDITS, at__gt=moment).exists()


def last_editor(badge_class: BadgeClass) -> tuple[str, str]:
    """Return id and name of whoever edited the badge last, from the audit trail; ("", "") for nobody known.

    What a worker draws after somebody's choice is nobody's edit.
    """
    edits = AuditEvent.objects.about(badge_class.pk).filter(_EDITS).exclude(actor_id="").newest_first()
    return edits.values_list("actor_id", "actor_name").first() or ("", "")


def why_not_reviewer(user: User, review: Review) -> str:
    """Return why somebody cannot be the second person, as a sentence; "" for who can."""
    if not can(user, Permission.REVIEW_BADGES, review.badge_class.issuer):
        return _("Owners, editors and reviewers of the organisation decide. Your role does not include it.")
    if review.asked_by_id == user.pk:
        return _("You asked for this review yourself, so somebody else decides.")
    if last_editor(review.badge_class)[0] == str(user.pk):
        return _("You edited this badge last, so somebody else decides.")
    return ""


def reviewers_of(badge_class: BadgeClass, *, apart_from: User | None) -> list[User]:
    """Return who could be the second person: by their role, and not who asks or edited it last."""
    roles = [role for role, may in ROLE_PERMISSIONS.items() if Permission.REVIEW_BADGES in may]
    not_them = {last_editor(badge_class)[0], str(apart_from.pk) if apart_from else ""}
    members = badge_class.issuer.organisation.memberships.filter(role__in=roles, user__is_active=True)
    users = [membership.user for membership in members.select_related("user").order_by("created_at", "pk")]
    return [user for user in users if str(user.pk) not in not_them]


# --- Lists ---------------------------------------------------------------------------------------------------


def with_review_state(badges: BadgeClassQuerySet) -> BadgeClassQuerySet:
    """Add `is_in_review`: whether a second person is asked to read it, or the draft of its next version."""
    return badges.annotate(is_in_review=_open_review())


def in_review(badges: BadgeClassQuerySet) -> BadgeClassQuerySet:
    """Return those that wait for a second person."""
    return badges.filter(_open_review())


def _open_review() -> Exists:
    return Exists(Review.objects.filter(badge_class__series=OuterRef("series"), decision=""))


def open_reviews(organisation: Organisation) -> list[Review]:
    """Return the reviews that nobody has decided, the oldest first."""
    found = Review.objects.filter(badge_class__issuer__organisation=organisation, decision="")
    return list(found.select_related("badge_class__issuer", "asked_by").order_by("asked_at", "pk"))


def waiting_for(user: User, organisation: Organisation) -> list[Review]:
    """Return the open reviews that this person can decide, the oldest first; two queries, however many there are."""
    found = [one for one in open_reviews(organisation) if one.asked_by_id != user.pk]
    edited_last = _last_editors([one.badge_class_id for one in found])
    return [one for one in found if edited_last.get(str(one.badge_class_id)) != str(user.pk)]


def _last_editors(badges: list[uuid.UUID]) -> dict[str, str]:
    edits = AuditEvent.objects.filter(_EDITS, subject_id__in=[str(pk) for pk in badges]).exclude(actor_id="")
    edits = edits.order_by("at", "pk")
    return dict(edits.values_list("subject_id", "actor_id")) if badges else {}


def due_for_another_look(organisation: Organisation, *, today: date) -> BadgeClassQuerySet:
    """Return the badges that are awarded and whose day for another look has come, the longest due first."""
    found = BadgeClass.objects.of_organisation(organisation).awardable().filter(review_by__lte=today)
    due: BadgeClassQuerySet = found.select_related("issuer").order_by("review_by", "name", "pk")
    return due


def not_awarded_lately(organisation: Organisation, *, at: datetime) -> BadgeClassQuerySet:
    """Return the published badges that nobody was awarded for half a year, the longest first.

    `last_awarded` is the last award of the badge itself, in any version, or None.
    """
    published = BadgeClass.objects.of_organisation(organisation).published().filter(published_at__lt=at - QUIET_AFTER)
    of_series = BadgeClass.objects.filter(series=OuterRef("series")).order_by().values("series")
    last = of_series.annotate(last=Max("assertions__created_at")).values("last")
    found = published.annotate(last_awarded=last).select_related("issuer")
    quiet: BadgeClassQuerySet = found.filter(Q(last_awarded=None) | Q(last_awarded__lt=at - QUIET_AFTER))
    return quiet.order_by(Coalesce("last_awarded", "published_at"), "name", "pk")
