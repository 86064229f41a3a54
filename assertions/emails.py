"""The mails of this room: one short function each, named like its template."""

from collections.abc import Callable

from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.safestring import mark_safe

from assertions.documents import assertion_url
from assertions.models import Assertion, Notice
from badgeserver import mail
from badgeserver.addresses import absolute
from badgeserver.markdown import render_markdown
from badgeserver.pictures import thumbnail_png

PICTURE_SIZE = 320  # pixels; shown at half of it, crisp on phones


def send_award_notice(assertion: Assertion, *, before_handover: mail.Handover | None = None) -> None:
    """Tell the recipient what they earned, with the picture, and what they can do with it."""
    _send("award_notice", assertion, before_handover)


def send_revocation_notice(assertion: Assertion, *, before_handover: mail.Handover | None = None) -> None:
    """Tell the recipient that a badge was revoked, and why."""
    _send("revocation_notice", assertion, before_handover)


SENDERS: dict[str, Callable[..., None]] = {
    Notice.Kind.AWARD: send_award_notice,
    Notice.Kind.REVOCATION: send_revocation_notice,
}


def _send(name: str, assertion: Assertion, before_handover: mail.Handover | None) -> None:
    with default_storage.open(str(assertion.badge_class.image_png.name)) as file:
        picture = thumbnail_png(file.read(), size=PICTURE_SIZE)
    mail.send(
        f"assertions/{name}",
        to=assertion.recipient_email,
        context={
            "assertion": assertion,
            "badge": assertion.badge_class,
            "narrative": mark_safe(render_markdown(assertion.narrative)),
            "issuer": assertion.issuer,
            "public_url": assertion_url(assertion),
            "mine_url": absolute(reverse("assertions:mine")),
        },
        pictures={"badge": picture},
        # The same mail has the same id, whoever sends it: mailboxes recognise a second copy.
        message_id=f"<{name}.{assertion.pk}@{settings.SITE_HOST}>",
        before_handover=before_handover,
    )
