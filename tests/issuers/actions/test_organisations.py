import pytest
from django.core.files.storage import default_storage

from badgeserver.audit.models import AuditEvent
from badgeserver.pictures import LOGO_LIMITS, accept_picture
from issuers.actions.organisations import AccentRefused, OrganisationFields, edit_organisation
from tests.factories.badges import png

pytestmark = pytest.mark.django_db

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100">
<rect width="400" height="100" fill="#0a7d55"/></svg>"""


def fields(**changes: object) -> OrganisationFields:
    return OrganisationFields(**{"name": "Acme", **changes})


def test_look_and_rules_are_kept_and_recorded(acme, ada, now):
    saved = edit_organisation(
        organisation=acme,
        fields=fields(accent="0A7D55", language="de", four_eyes=True),
        by=ada,
        at=now,
    )

    acme.refresh_from_db()
    assert (saved.accent, acme.accent, acme.language, acme.four_eyes) == ("#0a7d55", "#0a7d55", "de", True)
    event = AuditEvent.objects.get(type="organisation.edited")
    assert event.details == {"changed": ["accent", "language", "four_eyes"], "four_eyes": True}


def test_saving_the_same_leaves_no_trace(acme, ada, now):
    edit_organisation(organisation=acme, fields=fields(), by=ada, at=now)

    assert not AuditEvent.objects.filter(type="organisation.edited").exists()


def test_address_of_the_workspace_stays_when_the_name_changes(acme, ada, now):
    edit_organisation(organisation=acme, fields=fields(name="Acme & Daughters"), by=ada, at=now)

    acme.refresh_from_db()
    assert (acme.name, acme.slug) == ("Acme & Daughters", "acme")
    assert AuditEvent.objects.get(type="organisation.edited").details["name_before"] == "Acme"


def test_drawn_logo_gets_a_png_for_mails(acme, ada, now):
    edit_organisation(organisation=acme, fields=fields(logo=accept_picture(SVG, limits=LOGO_LIMITS)), by=ada, at=now)

    acme.refresh_from_db()
    with acme.logo_png.open("rb") as file:
        assert (acme.logo.name.endswith(".svg"), file.read()[:8]) == (True, b"\x89PNG\r\n\x1a\n")


def test_new_logo_takes_the_files_of_the_old_one_away(acme, ada, now, django_capture_on_commit_callbacks):
    edit_organisation(organisation=acme, fields=fields(logo=accept_picture(png(96))), by=ada, at=now)
    acme.refresh_from_db()
    old = acme.logo.name
    with django_capture_on_commit_callbacks(execute=True):
        edit_organisation(organisation=acme, fields=fields(logo=accept_picture(png(128))), by=ada, at=now)

    acme.refresh_from_db()
    assert (default_storage.exists(old), default_storage.exists(acme.logo.name)) == (False, True)


def test_logo_can_be_taken_away(acme, ada, now, django_capture_on_commit_callbacks):
    edit_organisation(organisation=acme, fields=fields(logo=accept_picture(png(96))), by=ada, at=now)
    acme.refresh_from_db()
    old = acme.logo.name
    with django_capture_on_commit_callbacks(execute=True):
        edit_organisation(organisation=acme, fields=fields(remove_logo=True), by=ada, at=now)

    acme.refresh_from_db()
    assert (acme.logo.name, acme.logo_png.name, default_storage.exists(old)) == ("", "", False)


def test_what_is_no_colour_is_refused_and_nothing_changes(acme, ada, now):
    with pytest.raises(AccentRefused, match="such as #1f6feb"):
        edit_organisation(organisation=acme, fields=fields(name="Other", accent="greenish"), by=ada, at=now)

    acme.refresh_from_db()
    assert acme.name == "Acme"
