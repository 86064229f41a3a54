"""Badges whose day for another look has come."""

from datetime import date, datetime

from django.db import transaction

from badges.actions.lifecycle_mails import owe_mails
from badges.models import BadgeClass, LifecycleMail
from badgeserver.accounts.models import User
from issuers.rules import ROLE_PERMISSIONS, Permission


def tell_what_is_due(*, at: datetime, today: date) -> int:
    """Owe every editor one mail for each badge that is due, once for each day that was set, and return how many."""
    roles = [role for role, may in ROLE_PERMISSIONS.items() if Permission.EDIT_BADGES in may]
    kind, told = LifecycleMail.Kind.REVIEW_DUE, 0
    due = BadgeClass.objects.awardable().filter(review_by__lte=today).select_related("issuer__organisation")
    for badge_class in due.order_by("review_by", "pk"):
        if badge_class.lifecycle_mails.filter(kind=kind, occasion=str(badge_class.review_by)).exists():
            continue
        with transaction.atomic():
            members = badge_class.issuer.organisation.memberships.filter(role__in=roles, user__is_active=True)
            editors: list[User] = [one.user for one in members.select_related("user").order_by("pk")]
            told += owe_mails(
                badge_class=badge_class, kind=kind, occasion=str(badge_class.review_by), recipients=editors, at=at
            )
    return told
