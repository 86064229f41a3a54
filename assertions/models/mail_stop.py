"""Who wants no more mails from an issuer (OB2-HST-15): kept by address, because most recipients have no account."""

from django.db import models

from issuers.models import Issuer


class MailStop(models.Model):
    """One address that an issuer's mails about awards no longer go to. Getting them again deletes the row."""

    issuer = models.ForeignKey(Issuer, on_delete=models.CASCADE, related_name="mail_stops")
    address = models.EmailField(max_length=254)  # normalised, as `Assertion.recipient_key`
    stopped_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "address"], name="assertions_mail_stop_once"),
        ]

    def __str__(self) -> str:
        return f"{self.issuer_id} {self.address}"
