"""What the card of an award, or of a badge, says; `badges.designer.card` draws it."""

import hashlib
from dataclasses import astuple, dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from assertions.models import Assertion
from badges.designer.card import DESIGN, Card, Tone, card_png
from badges.models import BadgeClass


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """The words of a card, and the name of the stored picture on it."""

    title: str
    issuer: str
    lines: tuple[str, ...]
    site: str
    picture_name: str
    state: str = ""
    tone: Tone = ""

    @property
    def version(self) -> str:
        """Another whenever anything on the card is another: it stands in the card's address and names it in caches."""
        return hashlib.sha256(repr((DESIGN, astuple(self))).encode()).hexdigest()[:16]

    def drawn(self, picture: bytes) -> bytes:
        """Return the card as PNG; `picture` holds the bytes of `picture_name`."""
        card = Card(
            title=self.title,
            issuer=self.issuer,
            lines=self.lines,
            site=self.site,
            picture=picture,
            state=self.state,
            tone=self.tone,
        )
        return card_png(card)


def award_card(assertion: Assertion, *, holder: str, site: str, at: datetime) -> CardFacts:
    """Return what the card of an award says at this moment; `holder` is the name that may be shown, or nothing.

    It never says “valid”: networks keep cards for months, and what they show then must still be true.
    """
    badge_class = assertion.badge_class
    issued, expires = day(assertion.issued_at), day(assertion.expires_at)
    state: str = ""
    tone: Tone = ""
    lines: tuple[str, ...] = (_("Awarded on %(day)s") % {"day": issued},)
    if assertion.revoked_at is not None:
        state, tone = _("Revoked"), "bad"
    else:
        if holder:
            lines = (_("Awarded to %(name)s") % {"name": holder}, issued)
        if assertion.is_expired(at):
            state, tone = _("Expired on %(day)s") % {"day": expires}, "warn"
        elif holder and expires:
            lines = (lines[0], _("%(day)s, valid until %(last)s") % {"day": issued, "last": expires})
        elif expires:
            lines = (*lines, _("Valid until %(day)s") % {"day": expires})
    return CardFacts(
        title=badge_class.name,
        issuer=assertion.issuer.name,
        lines=lines,
        site=site,
        picture_name=str(badge_class.image_png.name),
        state=state,
        tone=tone,
    )


def badge_card(badge_class: BadgeClass, *, site: str) -> CardFacts:
    """Return what the card of a badge says: what its holders can do."""
    return CardFacts(
        title=badge_class.name,
        issuer=badge_class.issuer.name,
        lines=(badge_class.description,),
        site=site,
        picture_name=str(badge_class.image_png.name),
    )


def day(moment: datetime | None) -> str:
    """Write a moment as its day, in the active language, or nothing as nothing."""
    return date_format(localtime(moment), _("j F Y")) if moment else ""
