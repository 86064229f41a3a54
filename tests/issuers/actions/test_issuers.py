from dataclasses import replace
from datetime import timedelta

import pytest

from badgeserver.audit.models import AuditEvent
from badgeserver.pictures import Picture
from issuers.actions.issuers import (
    IssuerFields,
    IssuerNameTaken,
    IssuerRefused,
    create_issuer,
    create_organisation,
    edit_issuer,
)
from issuers.models import Issuer, Organisation, Role
from tests.factories.badges import png

FIELDS = IssuerFields(
    name="Lighthouse Academy",
    url="https://lighthouse.example.org",
    email="badges@lighthouse.example.org",
    description="Teaches keepers of lights.",
    telephone="+442079460018",
    language="en-GB",
    linkedin_id="1234567",
)


def logo() -> Picture:
    return Picture(data=png(64), media_type="image/png", extension="png", width=64, height=64)


def trail() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.order_by("pk").values_list("type", "subject_name"))


def test_create_organisation_makes_owner_issuer_and_key(rita, now):
    organisation = create_organisation(name="Lighthouse Keepers", issuer=FIELDS, by=rita, at=now)

    issuer = organisation.issuers.get()
    assert (organisation.slug, organisation.created_at) == ("lighthouse-keepers", now)
    assert [(row.user, row.role) for row in organisation.memberships.all()] == [(rita, Role.OWNER)]
    assert (issuer.name, issuer.telephone, issuer.language) == ("Lighthouse Academy", "+442079460018", "en-GB")
    assert issuer.signing_keys.filter(retired_at=None).count() == 1


def test_create_organisation_is_in_the_trail(rita, now):
    organisation = create_organisation(name="Lighthouse Keepers", issuer=FIELDS, by=rita, at=now)

    kid = organisation.issuers.get().signing_keys.get().kid
    assert trail() == [
        ("organisation.created", "Lighthouse Keepers"),
        ("issuer.created", "Lighthouse Academy"),
        ("issuer.key.created", kid),
    ]
    assert {(event.actor_id, event.organisation_id) for event in AuditEvent.objects.all()} == {
        (str(rita.pk), organisation.pk)
    }


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ärzte & Söhne GmbH", "arzte-sohne-gmbh"),
        ("灯台", "organisation"),
        ("x" * 120, "x" * 50),
        ("a" * 49 + " b", "a" * 49),
    ],
)
def test_create_organisation_makes_the_slug_from_the_name(rita, now, name, slug):
    assert create_organisation(name=name, issuer=FIELDS, by=rita, at=now).slug == slug


def test_create_organisation_of_a_taken_slug_counts_on(rita, now):
    slugs = [create_organisation(name="Acme!", issuer=FIELDS, by=rita, at=now).slug for _number in range(3)]

    assert slugs == ["acme", "acme-2", "acme-3"]


def test_create_organisation_that_cannot_be_published_leaves_nothing(rita, now):
    with pytest.raises(IssuerRefused):
        create_organisation(name="Acme", issuer=replace(FIELDS, telephone="020-7946"), by=rita, at=now)

    assert (Organisation.objects.count(), Issuer.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)


def test_create_issuer_gives_each_its_own_key(academy, ada, now):
    made = create_issuer(organisation=academy.organisation, fields=FIELDS, by=ada, at=now)

    assert made.signing_keys.get().kid != academy.signing_keys.get().kid
    assert trail() == [("issuer.created", "Lighthouse Academy"), ("issuer.key.created", made.signing_keys.get().kid)]


def test_create_issuer_refuses_a_name_that_differs_only_in_case(academy, ada, now):
    with pytest.raises(IssuerNameTaken) as refusal:
        create_issuer(organisation=academy.organisation, fields=replace(FIELDS, name="ACME academy"), by=ada, at=now)

    assert refusal.value.field == "name"
    assert list(Issuer.objects.all()) == [academy]


def test_create_issuer_of_the_same_name_elsewhere_is_fine(academy, elsewhere, mallory, now):
    made = create_issuer(organisation=elsewhere, fields=replace(FIELDS, name=academy.name), by=mallory, at=now)

    assert made.name == academy.name


def test_edit_issuer_says_in_the_trail_what_changed(academy, ada, now):
    fields = replace(FIELDS, url=academy.url, email=academy.email)

    edited = edit_issuer(issuer=academy, fields=fields, by=ada, at=now)

    event = AuditEvent.objects.get()
    assert (edited.pk, edited.name) == (academy.pk, "Lighthouse Academy")
    assert (event.type, event.details) == (
        "issuer.edited",
        {
            "changed": ["name", "description", "telephone", "language", "linkedin_id"],
            "name_before": "Acme Academy",
        },
    )


def test_edit_issuer_without_a_change_is_not_an_event(academy, ada, now):
    fields = IssuerFields(name=academy.name, url=academy.url, email=academy.email)

    edit_issuer(issuer=academy, fields=fields, by=ada, at=now)

    assert AuditEvent.objects.count() == 0


def test_edit_issuer_keeps_replaces_and_removes_the_logo(academy, ada, now):
    fields = IssuerFields(name=academy.name, url=academy.url, email=academy.email, image_alt="A wave")

    first = edit_issuer(issuer=academy, fields=replace(fields, image=logo()), by=ada, at=now)
    kept = edit_issuer(issuer=academy, fields=fields, by=ada, at=now)
    second = edit_issuer(issuer=academy, fields=replace(fields, image=logo()), by=ada, at=now)
    removed = edit_issuer(issuer=academy, fields=replace(fields, remove_image=True), by=ada, at=now)

    assert first.image.name.startswith(f"issuers/{academy.pk}/")
    with kept.image.open() as file:
        assert (kept.image.name, file.read()) == (first.image.name, png(64))
    assert second.image.name != first.image.name
    assert (removed.image.name, removed.image_alt) == ("", "")
    assert [event.details["changed"] for event in AuditEvent.objects.order_by("pk")] == [
        ["image_alt", "image"],
        ["image"],
        ["image"],
    ]


def test_edit_issuer_refuses_the_name_of_another(academy, ada, now):
    other = create_issuer(organisation=academy.organisation, fields=FIELDS, by=ada, at=now)

    with pytest.raises(IssuerNameTaken):
        edit_issuer(issuer=other, fields=replace(FIELDS, name=academy.name), by=ada, at=now)

    other.refresh_from_db()
    assert other.name == "Lighthouse Academy"


def test_edit_issuer_that_cannot_be_published_changes_nothing(academy, ada, now):
    with pytest.raises(IssuerRefused) as refusal:
        edit_issuer(issuer=academy, fields=replace(FIELDS, url="ftp://acme.example.org"), by=ada, at=now)

    academy.refresh_from_db()
    assert refusal.value.message == "“url” must be a web address that begins with http:// or https://."
    assert (academy.name, academy.url) == ("Acme Academy", "https://academy.example.org")


def test_edit_issuer_later_does_not_move_when_it_was_made(academy, ada, now):
    edited = edit_issuer(issuer=academy, fields=FIELDS, by=ada, at=now + timedelta(days=9))

    assert edited.created_at == now
