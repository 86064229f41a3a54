"""Loads the demo organisation, once, and says where to look."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assertions.management.demo import programme
from assertions.management.demo.loader import load
from assertions.management.demo.records import StaffRole
from assertions.models import Assertion, BakedImage
from badges.models import BadgeClass
from badgeserver.addresses import public_url
from badgeserver.celery import app
from issuers.models import Organisation


class Command(BaseCommand):
    help = "Load the demo organisation (once; running it again changes nothing) and say where to look."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object with the addresses to look at")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(name=programme.ORGANISATION.name).first()
        if organisation is None:
            # This process does the worker's work itself, so that everything is there when it ends.
            app.conf.task_always_eager = True
            organisation = load(now=timezone.now())
        found = addresses(organisation)
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
            return
        self.stdout.write(
            f"The demo organisation “{organisation}” is loaded. A badge to look at:\n  {found['assertions']['valid']}"
        )
        for role, account in found["sign_in"].items():
            self.stdout.write(f"  sign in as {role}: {account['email']}  {account['password']}")


def addresses(organisation: Organisation) -> dict[str, Any]:
    """Return the addresses that are worth a look, as of now (an award of the demo may have expired since)."""
    now = timezone.now()
    awards = Assertion.objects.of_organisation(organisation).filter(finished_at__isnull=False)
    mine = awards.of_recipient([programme.EARNER_EMAIL])
    shown = mine.live(now).exclude(name_shown_at=None).exclude(narrative="").newest_first()
    valid = shown.filter(evidence__isnull=False).first() or mine.live(now).newest_first().first()
    expired = awards.expired(now).newest_first().first()
    revoked = awards.revoked().filter(declined_at=None).newest_first().first()
    baked = BakedImage.objects.filter(assertion__in=awards.live(now)).order_by("-assertion__issued_at")
    svg = baked.filter(form=BakedImage.Form.SVG).first()
    # Of another award: one whose badge was drawn as PNG.
    png = baked.exclude(assertion__baked_images__form=BakedImage.Form.SVG).first()
    versioned = BadgeClass.objects.of_organisation(organisation).current().filter(version__gt=1).first()
    spoken = BadgeClass.objects.of_organisation(organisation).current().exclude(translations=None).first()
    if not (spoken and versioned and valid and expired and revoked and png and svg):
        raise CommandError("The demo organisation is incomplete. Empty the data folder and run this again.")
    return {
        "issuer": public_url("public:issuer", valid.issuer_id),
        "badge": public_url("public:badge", valid.badge_class_id),
        "versions": public_url("public:badge", versioned.pk),
        "languages": public_url("public:badge", spoken.pk),
        "assertions": {
            "valid": public_url("public:assertion", valid.pk),
            "expired": public_url("public:assertion", expired.pk),
            "revoked": public_url("public:assertion", revoked.pk),
        },
        "images": {
            "png": public_url("public:assertion-png", png.assertion_id),
            "svg": public_url("public:assertion-svg", svg.assertion_id),
        },
        "signed": public_url("public:assertion-jws", valid.pk),
        "recipient": valid.recipient_key,
        "sign_in": {
            **{
                role.value: {"email": person.email, "password": programme.DEMO_PASSWORD}
                for person in programme.STAFF
                for role in [person.role]
                if role in {StaffRole.OWNER, StaffRole.AWARDER}
            },
            "earner": {"email": programme.EARNER_EMAIL, "password": programme.DEMO_PASSWORD},
        },
    }
