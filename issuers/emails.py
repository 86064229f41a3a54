"""What this room mails."""

from django.urls import reverse

from badgeserver import mail
from badgeserver.addresses import absolute
from issuers.branding import mail_look
from issuers.models import Invitation
from issuers.rules import words_of


def send_staff_invitation(invitation: Invitation, token: str) -> None:
    """Mail the link by which an invitation is accepted. Raises what the mail backend raises."""
    look = mail_look(invitation.organisation, to=invitation.email)
    mail.send(
        "issuers/staff_invitation",
        to=invitation.email,
        context={
            "invitation": invitation,
            "organisation": invitation.organisation,
            "invited_by": invitation.invited_by,
            "role": invitation.get_role_display(),
            "may": words_of(invitation.role),
            "accept_url": absolute(reverse("issuers:accept-invitation", args=[token])),
            "expires_at": invitation.expires_at,
            **look.context,
        },
        pictures=look.pictures,
        language=look.language,
    )
