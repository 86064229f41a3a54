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
    # 1 for the issuer's first key; each later one has a profile document of its own (docs/adr/0012).
    generation = models.PositiveSmallIntegerField(default=1)
    active_from = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    compromised_at = models.DateTimeField(null=True)  # from then on nothing that it signed is believed
    compromise_note = models.CharField(max_length=500, blank=True)
    holders_told = models.BooleanField(default=False)  # holders get a mail when their copy was replaced

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "kid"], name="issuers_signing_key_kid_once"),
            # The official validators reject a profile with two keys (OB2-ISS-61).
            models.UniqueConstraint(
                fields=["issuer"], condition=models.Q(retired_at=None), name="issuers_signing_key_one_active"
            ),
            models.UniqueConstraint(fields=["issuer", "generation"], name="issuers_signing_key_generation_once"),
            models.CheckConstraint(
                condition=models.Q(compromised_at=None) | models.Q(retired_at__isnull=False),
                name="issuers_signing_key_compromised_is_retired",
            ),
        ]

    def __str__(self) -> str:
        return self.kid

    def __repr__(self) -> str:
        return f"<SigningKey {self.kid}>"
