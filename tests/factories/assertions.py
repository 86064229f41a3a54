"""Rows of the third room, written directly, for lists and numbers."""

import hashlib
import json
import uuid
from datetime import timedelta

import factory
from django.conf import settings
from django.core.files.base import ContentFile

from assertions.models import Assertion, Endorsement, Evidence, ImportedBadge, Notice, ProblemReport, Receipt
from assertions.sharing.stored_report import gave_up_report
from badgeserver.openbadges.identity import normalize_email
from tests.factories.accounts import UserFactory
from tests.factories.badges import BadgeClassFactory, png
from tests.factories.issuers import MONDAY, IssuerFactory, SigningKeyFactory


class AssertionFactory(factory.django.DjangoModelFactory[Assertion]):
    """A finished award; `unfinished=True` and `revoked=True` for the others.

    Its documents and signature are stand-ins: what the world reads comes from the real action.
    """

    class Meta:
        model = Assertion

    class Params:
        unfinished = factory.Trait(finished_at=None, jws="")
        revoked = factory.Trait(revoked_at=factory.SelfAttribute("issued_at"), revocation_reason="Awarded by mistake")
        declined = factory.Trait(
            revoked_at=factory.SelfAttribute("issued_at"),
            declined_at=factory.SelfAttribute("issued_at"),
            revocation_reason="Declined by its recipient.",
        )

    id = factory.LazyFunction(uuid.uuid4)
    badge_class = factory.SubFactory(BadgeClassFactory)
    issuer = factory.SelfAttribute("badge_class.issuer")
    origin = factory.LazyFunction(lambda: settings.SITE_URL)
    recipient_email = factory.Sequence(lambda n: f"holder{n}@mail.example.org")
    recipient_key = factory.LazyAttribute(lambda row: normalize_email(row.recipient_email))
    recipient_name = factory.Sequence(lambda n: f"Holder {n}")
    salt = "salt"
    issued_at = MONDAY
    created_at = factory.SelfAttribute("issued_at")
    queued_at = factory.SelfAttribute("issued_at")
    finished_at = factory.SelfAttribute("issued_at")
    hosted_json = factory.LazyAttribute(lambda row: json.dumps({"type": "Assertion", "id": str(row.id)}))
    signed_uuid = factory.LazyFunction(uuid.uuid4)
    signed_json = factory.LazyAttribute(
        lambda row: json.dumps({"type": "Assertion", "id": f"urn:uuid:{row.signed_uuid}"})
    )
    jws = "header.payload.signature"

    @factory.lazy_attribute
    def signing_key(self):
        """The issuer's own key, so that an issuer keeps exactly one that is active."""
        existing = self.issuer.signing_keys.filter(retired_at=None).first()
        return existing or SigningKeyFactory.create(issuer=self.issuer)


class EvidenceFactory(factory.django.DjangoModelFactory[Evidence]):
    class Meta:
        model = Evidence

    assertion = factory.SubFactory(AssertionFactory)
    position = factory.Sequence(lambda n: n)
    name = factory.Sequence(lambda n: f"Evidence {n}")
    url = factory.Sequence(lambda n: f"https://work.example.org/{n}")


class NoticeFactory(factory.django.DjangoModelFactory[Notice]):
    """The award mail, handed over and sent."""

    class Meta:
        model = Notice

    assertion = factory.SubFactory(AssertionFactory)
    kind = Notice.Kind.AWARD
    created_at = factory.SelfAttribute("assertion.created_at")
    queued_at = factory.SelfAttribute("assertion.created_at")
    handed_over_at = factory.SelfAttribute("assertion.created_at")
    sent_at = factory.SelfAttribute("assertion.created_at")


class EndorsementFactory(factory.django.DjangoModelFactory[Endorsement]):
    """Given here and waiting, of a badge; `accepted=True` for shown ones, `elsewhere=True` for imported ones."""

    class Meta:
        model = Endorsement

    class Params:
        accepted = factory.Trait(status="ACCEPTED", decided_at=factory.SelfAttribute("issued_at"))
        elsewhere = factory.Trait(
            endorser=None,
            origin="",
            hosted_json="",
            status="ACCEPTED",
            source_url=factory.Sequence(lambda n: f"https://guild.example.org/endorsements/{n}"),
            source_json='{"type": "Endorsement"}',
            endorser_name="Guild of Drivers",
            endorser_url="https://guild.example.org/",
            checked_at=factory.SelfAttribute("issued_at"),
            holds=True,
        )

    badge_class = factory.SubFactory(BadgeClassFactory)
    endorser = factory.SubFactory(IssuerFactory)
    origin = factory.LazyFunction(lambda: settings.SITE_URL)
    comment = "We hire for **this**."
    hosted_json = json.dumps({"type": "Endorsement"})
    issued_at = MONDAY
    created_at = MONDAY


class ProblemReportFactory(factory.django.DjangoModelFactory[ProblemReport]):
    """An open report about an award; give `assertion=None` and a `badge_class` or an `issuer` for the others."""

    class Meta:
        model = ProblemReport

    assertion = factory.SubFactory(AssertionFactory)
    badge_class = factory.LazyAttribute(lambda row: row.assertion.badge_class if row.assertion else None)
    issuer = factory.LazyAttribute(lambda row: row.badge_class.issuer)
    kind = ProblemReport.Kind.NOT_TRUE
    text = "Nobody of this name ever drove here."
    created_at = MONDAY


class ReceiptFactory(factory.django.DjangoModelFactory[Receipt]):
    """Finished, of what could not be checked; `waiting=True` while the worker has not come to it."""

    class Meta:
        model = Receipt

    class Params:
        waiting = factory.Trait(finished_at=None, report={}, verdict="")
        pictured = factory.Trait(picture=factory.LazyFunction(lambda: ContentFile(png(), name="picture.png")))

    source_digest = "0" * 64
    queued_at = MONDAY
    finished_at = MONDAY
    report = factory.LazyFunction(lambda: gave_up_report(at=MONDAY, sentence="It was given up."))
    verdict = "UNKNOWN"
    delete_after = MONDAY + timedelta(days=90)


class ImportedBadgeFactory(factory.django.DjangoModelFactory[ImportedBadge]):
    """A link that could not be checked yet."""

    class Meta:
        model = ImportedBadge

    user = factory.SubFactory(UserFactory)
    badge_id = factory.Sequence(lambda n: f"https://badges.example.net/{n}")
    badge_key = factory.LazyAttribute(lambda row: hashlib.sha256(row.badge_id.encode()).hexdigest())
    original = factory.LazyAttribute(lambda row: ContentFile(row.badge_id.encode(), name="badge.url"))
    original_form = "url"
    report = factory.LazyFunction(lambda: gave_up_report(at=MONDAY, sentence="It was given up."))
    verdict = "UNKNOWN"
    imported_at = MONDAY
    checked_at = MONDAY
