"""Templates: drafts that are copied, and never published; the organisation's own, and those that come along."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from badges.actions.badge_classes import BadgeFields, StepFields, WrongMoment, copy_badge_class, create_badge_class
from badges.insights.starting_templates import StartingTemplate
from badges.models import BadgeClass
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from issuers.models import Issuer


@transaction.atomic
def make_template(*, badge_class: BadgeClass, by: User | None, at: datetime) -> BadgeClass:
    """Make a template that says what a badge says, and return it. Later changes of either do not touch the other."""
    made = copy_badge_class(badge_class=badge_class, name=badge_class.name, is_template=True, by=by, at=at)
    audit.record(
        "badge_class.template.made",
        by=by,
        at=at,
        subject=made,
        organisation_id=made.issuer.organisation_id,
        issuer_id=made.issuer_id,
    )
    return made


def make_badge_from_template(*, template: BadgeClass, by: User | None, at: datetime) -> BadgeClass:
    """Make a draft that says what a template says, and return it. Raises `WrongMoment` for what is no template."""
    if not template.is_template:
        raise WrongMoment(_("This is no template. Make a copy of the badge instead."))
    return copy_badge_class(badge_class=template, name=template.name, by=by, at=at)


def make_badge_from_starting_template(
    *, issuer: Issuer, template: StartingTemplate, by: User | None, at: datetime
) -> BadgeClass:
    """Make a draft from one of the templates that come along, in the language of the page, and return it."""
    return create_badge_class(
        issuer=issuer,
        fields=BadgeFields(
            name=str(template.name),
            description=str(template.description),
            criteria_narrative=str(template.criteria),
            learned=str(template.learned),
            applied=str(template.applied),
            assessed=str(template.assessed),
            useful_for=str(template.useful_for),
            steps=[StepFields(kind=kind, text=str(text)) for kind, text in template.steps],
            category=template.category,
            purpose=template.purpose,
            basis=template.basis,
            level=template.level,
            validity=template.validity,
            validity_months=template.validity_months,
        ),
        by=by,
        at=at,
    )
