"""What a program asked for under an `Idempotency-Key`, so that asking twice awards once."""

from django.db import models

from assertions.models.assertion import Assertion
from issuers.models import Issuer


class AwardRequest(models.Model):
    issuer = models.ForeignKey(Issuer, on_delete=models.CASCADE, related_name="award_requests")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of badge and body: another body is another request
    assertion = models.ForeignKey(Assertion, on_delete=models.CASCADE, related_name="award_requests")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "key"], name="assertions_award_request_key_once"),
        ]

    def __str__(self) -> str:
        return self.key
