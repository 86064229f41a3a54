"""Rows of Acme to put into the addresses of `tests.house.routes`."""

import uuid

import pytest
from django.core.files.base import ContentFile

from assertions.models import Notice
from assertions.rules import LinkFor, signed_token
from badges.actions.designs import make_family
from badges.designer.spec import Design
from badges.rules import survey_token
from badgeserver.audit import log as audit
from badgeserver.openbadges.verification import CheckCode
from tests.factories.assertions import (
    EndorsementFactory,
    ImportedBadgeFactory,
    ProblemReportFactory,
    ReceiptFactory,
)
from tests.factories.badges import (
    AlignmentFactory,
    BadgeTranslationFactory,
    CompetencyFactory,
    FrameworkImportFactory,
    PilotMemberFactory,
    PlanFactory,
    png,
)
from tests.factories.issuers import (
    ApiTokenFactory,
    DepartmentFactory,
    DomainFactory,
    InvitationFactory,
    IssuerFactory,
    PersonFactory,
)


@pytest.fixture
def ids(acme, academy, badge, assertion, ada, sam, now) -> dict[str, object]:
    """Values for every part of every address, all of them Acme's own."""
    acme.logo_png.save("logo.png", ContentFile(png(64)))
    token = ApiTokenFactory.create(issuer=academy)
    invitation = InvitationFactory.create(organisation=acme, token="an-invitation", created_at=now)
    imported = ImportedBadgeFactory.create(user=ada)
    # As if the badge had been imported: its report is a page.
    audit.record("badge_class.imported", by=ada, at=now, subject=badge, organisation_id=acme.pk, issuer_id=academy.pk)
    framework_import = FrameworkImportFactory.create(organisation=acme)
    # Named by a public badge: so its page is there for the world.
    competency = CompetencyFactory.create(framework__organisation=acme)
    AlignmentFactory.create(badge_class=badge, competency=competency)
    return {
        "organisation": acme.slug,
        "framework": competency.framework_id,
        "competency": competency.pk,
        "framework_import": framework_import.pk,
        "issuer": academy.pk,
        "badge": badge.pk,
        "assertion": assertion.pk,
        "uuid:token": token.pk,
        "str:token": "an-invitation",
        "invitation": invitation.pk,
        "membership": sam.memberships.get().pk,
        "plan": PlanFactory.create(organisation=acme, issuer=academy).pk,
        "int:row": 1,
        "person": PersonFactory.create(organisation=acme).pk,
        "removed": uuid.uuid4(),
        "kind": "departments",
        "group": DepartmentFactory.create(organisation=acme).pk,
        # Given and received by Acme at once: a door of either side finds it.
        "endorsement": EndorsementFactory.create(
            badge_class=badge, endorser=IssuerFactory.create(organisation=acme), accepted=True
        ).pk,
        "receipt": ReceiptFactory.create(pictured=True).pk,
        "own_receipt": ReceiptFactory.create(keeper=ada).pk,
        "imported": imported.pk,
        "part": "original",
        "notice": Notice.objects.get(assertion=assertion).pk,
        "key": academy.signing_keys.get().pk,
        "domain": DomainFactory.create(issuer=academy, name="example.org").pk,
        "generation": 1,
        "hint": "tags-none",
        "report": ProblemReportFactory.create(assertion=assertion).pk,
        "decline_token": signed_token(assertion.pk, LinkFor.DECLINE),
        "mails_token": signed_token(assertion.pk, LinkFor.MAILS),
        "template": "onboarding",
        "survey_token": survey_token(PilotMemberFactory.create(pilot__badge_class=badge, pilot__ended=True).pk),
        "family": make_family(organisation=acme, name="Safety", design=Design(), decides=["shape"], by=ada, at=now).pk,
        "language": BadgeTranslationFactory.create(badge_class=badge).language,
        "str:name": "place",
        "kid": academy.signing_keys.get().kid,
        "accent": "2f4bd6",
        "code": CheckCode.HOSTED.value,
        "address": ada.emailaddress_set.values_list("pk", flat=True).first() or 1,
        "pk": 1,
        "provider_id": "company",
        "message": uuid.uuid4(),
        "content_id": "badge",
    }
