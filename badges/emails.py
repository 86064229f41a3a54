"""Mails about badges: to whoever reviews, edits or tries one. Who receives a badge hears of the award instead."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from badges.models import BadgeClass, LifecycleMail, Review
from badges.rules import survey_token
from badgeserver import mail
from badgeserver.addresses import absolute
from badgeserver.languages import spoken
from issuers.branding import mail_look


def send_lifecycle_mail(owed: LifecycleMail, *, before_handover: mail.Handover | None = None) -> None:
    """Send one owed mail in the language of who gets it: their own, else the organisation's.

    Raises what the mail backend raises.
    """
    organisation = owed.badge_class.issuer.organisation
    person = owed.recipient
    to = person.email if person else owed.member.person.email if owed.member else ""
    look = mail_look(organisation, to=to)
    with override(spoken(person.language) if person and person.language else look.language):
        mail.send(
            f"badges/{_TEMPLATES[owed.kind]}",
            to=to,
            context={
                "badge": owed.badge_class,
                "organisation": organisation,
                "is_reminder": owed.kind == LifecycleMail.Kind.REMINDER,
                **_about(owed),
                **look.context,
            },
            pictures=look.pictures,
            # The same mail has the same id, whoever sends it: mailboxes recognise a second copy.
            message_id=f"<lifecycle.{owed.kind.lower()}.{owed.pk}@{settings.SITE_HOST}>",
            before_handover=before_handover,
        )


_TEMPLATES: dict[str, str] = {
    LifecycleMail.Kind.REVIEW_ASKED: "review_asked",
    LifecycleMail.Kind.REVIEW_DECIDED: "review_decided",
    LifecycleMail.Kind.REVIEW_DUE: "review_due",
    LifecycleMail.Kind.SURVEY: "survey",
    LifecycleMail.Kind.REMINDER: "survey",
}


def _about(owed: LifecycleMail) -> dict[str, Any]:
    if owed.member is not None:
        return {
            "member": owed.member,
            "pilot": owed.member.pilot,
            "survey_url": absolute(reverse("badges:survey", args=[survey_token(owed.member.pk)])),
        }
    if owed.kind == LifecycleMail.Kind.REVIEW_DUE:
        return {"badge_url": _page("badges:detail", owed.badge_class)}
    review = Review.objects.select_related("asked_by", "decided_by").get(pk=owed.occasion)
    return {
        "review": review,
        "review_url": _page("badges:review", owed.badge_class),
        "badge_url": _page("badges:detail", owed.badge_class),
    }


def _page(name: str, badge_class: BadgeClass) -> str:
    return absolute(reverse(name, args=[badge_class.issuer.organisation.slug, badge_class.pk]))
