"""The copies that a compromised key signed, and how many are replaced."""

from dataclasses import dataclass
from datetime import datetime

from assertions.models import Assertion, Notice, WithdrawnCopy
from issuers.models import SigningKey


@dataclass(frozen=True, slots=True)
class Copies:
    """What a signing key vouches for: awards that hold, and how many of their holders were told of them."""

    awards: int
    holders_told: int


def copies_of(key: SigningKey, *, at: datetime) -> Copies:
    """Count what giving up the key touches, for its page."""
    awards = Assertion.objects.filter(signing_key=key, revoked_at=None)
    told = Notice.objects.filter(assertion__in=awards.live(at), kind=Notice.Kind.AWARD, handed_over_at__isnull=False)
    return Copies(awards=awards.count(), holders_told=told.count())


@dataclass(frozen=True, slots=True)
class CopyProgress:
    """How far the new copies of a compromised key are: `done` are signed and baked."""

    done: int
    total: int

    @property
    def is_done(self) -> bool:
        return self.done >= self.total


def copy_progress(key: SigningKey) -> CopyProgress:
    """Count the copies that a compromised key signed and those whose award has its new one."""
    left = Assertion.objects.filter(signing_key=key, revoked_at=None).count()
    replaced = WithdrawnCopy.objects.filter(signing_key=key)
    being_made = replaced.filter(assertion__finished_at=None, assertion__revoked_at=None).count()
    total = replaced.count()
    return CopyProgress(done=total - being_made, total=total + left)
