"""The key that signs an issuer's badges. The private half never leaves the server (docs/adr/0007)."""

import uuid

from django.db import models

from issuers.models.issuer import Issuer


class SigningKey(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="signing_keys")
    kid = models.CharField(max_length=64)
    public_key_pem = models.TextField()
    encrypted_private_key = models.TextField()
    active_from = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "kid"], name="issuers_signing_key_kid_once"),
            # The official validators reject a profile with two keys (OB2-ISS-61).
            models.UniqueConstraint(
                fields=["issuer"], condition=models.Q(retired_at=None), name="issuers_signing_key_one_active"
            ),
        ]

    def __str__(self) -> str:
        return self.kid

    def __repr__(self) -> str:
        return f"<SigningKey {self.kid}>"
