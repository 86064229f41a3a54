"""The life of some demo badges: in review, in a pilot with answers, archived with a successor, and a template."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from assertions.actions.award import AwardFields, award_badge
from assertions.actions.finish import finish_assertion
from assertions.models import Notice
from badges.actions.badge_classes import copy_badge_class, edit_badge_class, fields_of
from badges.actions.pilots import answer_survey, send_survey, start_pilot
from badges.actions.reviews import ask_for_review
from badges.actions.successors import name_successor
from badges.actions.templates import make_template
from badges.models import BadgeClass, LifecycleMail, PilotMember
from badgeserver.accounts.models import User
from issuers.models import Organisation, Person

IN_REVIEW, TRIED, ARCHIVED, SUCCESSOR = (
    "night-shift-lead",
    "coaching-for-performance",
    "paperless-gate-pioneer",
    "improvement-idea-that-stuck",
)
#: A template, and the badge that it was made from.
TEMPLATE, TEMPLATE_OF = "Yearly Instruction", "dangerous-goods-awareness"
PILOT_NAME: Final = "Feedback in the Moment"
TESTERS, MANAGERS, AWARDED = 8, 4, 5
#: clear, worth, shown, remark
SAID_BY_TESTERS: Final = (
    (5, 4, 5, "The card with the three sentences helped most. I carry it in my jacket."),
    (4, 5, 4, ""),
    (4, 4, 3, "Two weeks are short when half of them are night shifts."),
    (3, 5, 4, "What counts as a conversation? Say whether the ones on the radio count."),
    (5, 5, 5, ""),
    (4, 3, 3, ""),
)
SAID_BY_MANAGERS: Final = (
    (4, 4, 4, "I hear less grumbling at handover, and more questions."),
    (3, 4, 5, ""),
    (4, 3, 3, "I would ask for it before somebody trains newcomers."),
)


def add_lifecycle(
    organisation: Organisation, badges: dict[str, BadgeClass], *, owner: User, editor: User, now: datetime
) -> None:
    """Ask for a review, run a pilot until half of it is over, name a successor, and make a template."""
    draft = badges[IN_REVIEW]
    edit_badge_class(badge_class=draft, fields=fields_of(draft), by=editor, at=now - timedelta(days=2))
    ask_for_review(
        badge_class=draft,
        question="Are fifteen night shifts too many? And would somebody from outside understand the last step?",
        by=editor,
        at=now - timedelta(days=1),
    )
    _pilot(organisation, badges[TRIED], by=editor, now=now)
    name_successor(badge_class=badges[ARCHIVED], successor=badges[SUCCESSOR], by=owner, at=now - timedelta(days=30))
    template = make_template(badge_class=badges[TEMPLATE_OF], by=editor, at=now - timedelta(days=40))
    said = replace(fields_of(template), name=TEMPLATE, description="What everybody on a site is told again every year.")
    edit_badge_class(badge_class=template, fields=said, by=editor, at=now - timedelta(days=40))
    # Nobody of the demo gets a mail.
    LifecycleMail.objects.filter(badge_class__issuer__organisation=organisation).update(handed_over_at=now, sent_at=now)


def _pilot(organisation: Organisation, like: BadgeClass, *, by: User, now: datetime) -> None:
    began = now - timedelta(days=24)
    made = copy_badge_class(badge_class=like, name=PILOT_NAME, by=by, at=began - timedelta(days=6))
    said = replace(
        fields_of(made),
        description="Tells a colleague the same day what was seen, what it did, and what would help, and asks back.",
        level=2,
    )
    made = edit_badge_class(badge_class=made, fields=said, by=by, at=began - timedelta(days=5))
    people = list(Person.objects.filter(organisation=organisation).order_by("name")[: TESTERS + MANAGERS])
    pilot = start_pilot(
        badge_class=made,
        members=people[:TESTERS],
        managers=people[TESTERS:],
        goal="Are two weeks enough, and does anybody on the team notice a difference?",
        ends_on=now.date() + timedelta(days=4),
        by=by,
        at=began,
    )
    made.refresh_from_db()
    for days, person in enumerate(people[:AWARDED], start=5):
        at = began + timedelta(days=days)
        fields = AwardFields(badge_class=made, email=person.email, name=person.name, issued_at=at)
        assertion = award_badge(fields=fields, by=by, at=at)
        Notice.objects.filter(assertion=assertion, sent_at=None).update(handed_over_at=at, sent_at=at)
        finish_assertion(assertion=assertion, at=at)
    asked = now - timedelta(days=3)
    send_survey(pilot=pilot, by=by, at=asked)
    pilot.members.update(asked_at=asked)
    for part, answers in [(PilotMember.Part.TESTER, SAID_BY_TESTERS), (PilotMember.Part.MANAGER, SAID_BY_MANAGERS)]:
        members = pilot.members.filter(part=part).order_by("person__name")[: len(answers)]
        for member, (clear, worth, shown, remark) in zip(members, answers, strict=True):
            answer_survey(
                member=member, clear=clear, worth=worth, shown=shown, remark=remark, at=now - timedelta(days=1)
            )
