"""The mails of this room: one short function each, named like its template."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.safestring import mark_safe

from assertions.documents import assertion_url, reported_url
from assertions.models import Assertion, Endorsement, Notice, ProblemReport
from assertions.rules import LinkFor, signed_token
from badges.documents import badge_class_changes_url, badge_class_url
from badges.models import BadgeClass
from badgeserver import mail
from badgeserver.addresses import absolute
from badgeserver.markdown import render_markdown
from badgeserver.pictures import thumbnail_png
from issuers.branding import mail_look
from issuers.models import Organisation

PICTURE_SIZE = 320  # pixels; shown at half of it, crisp on phones


def send_award_notice(assertion: Assertion, *, before_handover: mail.Handover | None = None) -> None:
    """Tell the recipient what they earned, with the picture, and what they can do with it."""
    _send("award_notice", assertion, before_handover, more={"decline_url": _decline_url(assertion)})


def send_revocation_notice(assertion: Assertion, *, before_handover: mail.Handover | None = None) -> None:
    """Tell the recipient that a badge was revoked, and why."""
    _send("revocation_notice", assertion, before_handover, mark=_occasion(assertion, Notice.Kind.REVOCATION))


def send_restored_notice(assertion: Assertion, *, before_handover: mail.Handover | None = None) -> None:
    """Tell the recipient that the revocation was a mistake, and that the badge is theirs as before."""
    _send("restored_notice", assertion, before_handover, mark=_occasion(assertion, Notice.Kind.RESTORED))


def send_declined_notice(assertion: Assertion, *, before_handover: mail.Handover | None = None) -> None:
    """Tell the recipient that the badge was declined by the link of their mail, and how to take it after all."""
    mark = _occasion(assertion, Notice.Kind.DECLINED)
    _send("declined_notice", assertion, before_handover, mark=mark, more={"undo_url": _decline_url(assertion)})


def _page_url(assertion: Assertion) -> str:
    """Return the page of the award: the world's, or for an internal badge the one behind the sign-in."""
    if assertion.badge_class.is_internal:
        return absolute(reverse("assertions:my-badge", args=[assertion.pk]))
    return assertion_url(assertion)


def _decline_url(assertion: Assertion) -> str:
    """Return the page for whoever holds the mail: there one declines, and takes that back."""
    return absolute(reverse("assertions:decline-by-link", args=[signed_token(assertion.pk, LinkFor.DECLINE)]))


def send_endorsement_received(
    endorsement: Endorsement, *, organisation: Organisation, to: str, before_handover: mail.Handover | None = None
) -> None:
    """Tell an owner that somebody endorses what is theirs, what they say, and where to answer."""
    answer_url = absolute(reverse("assertions:endorsements", args=[organisation.slug]))
    look = mail_look(organisation, to=to)
    mail.send(
        "assertions/endorsement_received",
        to=to,
        context={
            "endorsement": endorsement,
            "endorser": endorsement.endorser,
            "organisation": organisation,
            "comment": mark_safe(render_markdown(endorsement.comment)),
            "answer_url": f"{answer_url}?view=waiting",
            **look.context,
        },
        pictures=look.pictures,
        language=look.language,
        message_id=f"<endorsement_received.{endorsement.pk}.{organisation.pk}@{settings.SITE_HOST}>",
        before_handover=before_handover,
    )


def send_problem_report(
    report: ProblemReport, *, to: str, for_operator: bool, before_handover: mail.Handover | None = None
) -> None:
    """Tell a member of the organisation, or the operator of this server, what a visitor reported about a page."""
    organisation = report.issuer.organisation
    look = mail_look(organisation, to=to)
    mail.send(
        "assertions/problem_report",
        to=to,
        context={
            "report": report,
            "organisation": organisation,
            "page_url": reported_url(report),
            "reports_url": "" if for_operator else absolute(reverse("assertions:reports", args=[organisation.slug])),
            **look.context,
        },
        pictures=look.pictures,
        language=look.language,
        # To answer is to answer the visitor, where they left an address.
        headers={"Reply-To": report.reply_to} if report.reply_to else None,
        message_id=f"<problem_report.{report.pk}.{'operator' if for_operator else 'member'}@{settings.SITE_HOST}>",
        before_handover=before_handover,
    )


def _occasion(assertion: Assertion, kind: str) -> str:
    """Tell a second revocation of the same award from the first: mailboxes would take it for a copy."""
    notice = assertion.notices.filter(kind=kind).values_list("pk", flat=True).first()
    return f".{notice}" if notice else ""


def send_new_copy_notice(assertion: Assertion, *, before_handover: mail.Handover | None = None) -> None:
    """Tell the holder that the copy they kept no longer verifies, that the award holds, and where the new copy is."""
    _send("new_copy_notice", assertion, before_handover, mark=f".{assertion.signed_uuid}")


def send_upgrade_notice(
    assertion: Assertion, *, version: BadgeClass, before_handover: mail.Handover | None = None
) -> None:
    """Invite a holder to earn a later version: what is new, how to earn it, and that what they hold stays valid."""
    context = {
        "version": version,
        "steps": list(version.earning_steps.all()),
        "version_url": badge_class_url(version),
        "changes_url": f"{badge_class_changes_url(version)}?since={assertion.badge_class.version}",
    }
    if version.is_internal:
        context |= {"version_url": _page_url(assertion), "changes_url": _page_url(assertion)}
    _send("upgrade_notice", assertion, before_handover, mark=f".{version.version}", pictured=version, more=context)


SENDERS: dict[str, Callable[..., None]] = {
    Notice.Kind.AWARD: send_award_notice,
    Notice.Kind.REVOCATION: send_revocation_notice,
    Notice.Kind.RESTORED: send_restored_notice,
    Notice.Kind.NEW_COPY: send_new_copy_notice,
    Notice.Kind.UPGRADE: send_upgrade_notice,
    Notice.Kind.DECLINED: send_declined_notice,
}


def _send(
    name: str,
    assertion: Assertion,
    before_handover: mail.Handover | None,
    *,
    mark: str = "",
    pictured: BadgeClass | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:
    mails_url = absolute(reverse("assertions:mails", args=[signed_token(assertion.pk, LinkFor.MAILS)]))
    with default_storage.open(str((pictured or assertion.badge_class).image_png.name)) as file:
        picture = thumbnail_png(file.read(), size=PICTURE_SIZE)
    look = mail_look(assertion.issuer.organisation, to=assertion.recipient_email, name=assertion.issuer.name)
    mail.send(
        f"assertions/{name}",
        to=assertion.recipient_email,
        context={
            "assertion": assertion,
            "badge": assertion.badge_class,
            "narrative": mark_safe(render_markdown(assertion.narrative)),
            "issuer": assertion.issuer,
            "public_url": _page_url(assertion),
            "is_internal": assertion.badge_class.is_internal,
            "organisation": assertion.issuer.organisation,
            "mine_url": absolute(reverse("assertions:mine")),
            "stop_mails_url": mails_url,
            **look.context,
            **(more or {}),
        },
        pictures={"badge": picture, **look.pictures},
        language=look.language,
        # One click in the mail program stops them (RFC 8058, OB2-HST-15).
        headers={"List-Unsubscribe": f"<{mails_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        # The same mail has the same id, whoever sends it: mailboxes recognise a second copy.
        message_id=f"<{name}.{assertion.pk}{mark}@{settings.SITE_HOST}>",
        before_handover=before_handover,
    )
