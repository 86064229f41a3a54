"""Make and change organisations and their issuers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from badgeserver.openbadges.errors import InvalidDocument
from badgeserver.pictures import Picture
from issuers.actions.signing_keys import KeyMaterial, create_signing_key, generate_key_material
from issuers.documents import profile_json
from issuers.models import Issuer, Membership, Organisation, Role


class IssuerNameTaken(UserFacingError):
    """Two issuers of one organisation with one name: nobody could tell them apart."""

    code = "issuer_name_taken"
    field = "name"


class IssuerRefused(UserFacingError):
    """A profile with these values would not be a profile in the eyes of the standard."""

    code = "issuer_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerFields:
    """What people say about an issuer. `image=None` keeps the logo there is; `remove_image` takes it away."""

    name: str
    url: str
    email: str
    description: str = ""
    telephone: str = ""  # E.164 (OB2-ISS-55)
    language: str = "en"  # BCP 47 (OB2-ISS-119)
    image: Picture | None = None
    image_alt: str = ""
    linkedin_id: str = ""
    place: str = ""  # with its coordinates, or not at all
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    remove_image: bool = False


#: The plain values, which are compared to say what an edit changed.
_VALUES = ["name", "url", "email", "description", "telephone", "language", "image_alt", "linkedin_id"]
_VALUES += ["place", "latitude", "longitude"]


def create_organisation(*, name: str, issuer: IssuerFields, by: User, at: datetime) -> Organisation:
    """Make an organisation that `by` owns, with its first issuer and that issuer's signing key.

    Its slug is made from the name. Raises `IssuerRefused` when the issuer could not be published.
    """
    material = generate_key_material()
    with transaction.atomic():
        organisation = _new_organisation(name, at)
        Membership.objects.create(organisation=organisation, user=by, role=Role.OWNER, created_at=at)
        audit.record("organisation.created", by=by, at=at, subject=organisation, organisation_id=organisation.pk)
        _new_issuer(organisation, issuer, material, by=by, at=at)
    return organisation


def create_issuer(*, organisation: Organisation, fields: IssuerFields, by: User, at: datetime) -> Issuer:
    """Make a further issuer of an organisation, with its signing key.

    Raises `IssuerNameTaken`, and `IssuerRefused` when it could not be published.
    """
    material = generate_key_material()
    with transaction.atomic():
        return _new_issuer(organisation, fields, material, by=by, at=at)


def edit_issuer(*, issuer: Issuer, fields: IssuerFields, by: User, at: datetime) -> Issuer:
    """Change what the profile says, for badges already awarded too: they point to it. Its address stays.

    Raises `IssuerNameTaken`, and `IssuerRefused` when it could not be published.
    """
    with transaction.atomic():
        locked = Issuer.objects.select_for_update().select_related("organisation").get(pk=issuer.pk)
        changed = [name for name in _VALUES if getattr(locked, name) != getattr(fields, name)]
        details: dict[str, object] = {"changed": changed}
        if "name" in changed:
            details["name_before"] = locked.name
        if _put(locked, fields):
            changed.append("image")
        _check_name(locked)
        locked.save()
        _check_profile(locked)
        if changed:
            audit.record(
                "issuer.edited",
                by=by,
                at=at,
                subject=locked,
                organisation_id=locked.organisation_id,
                issuer_id=locked.pk,
                details=details,
            )
    return locked


def _new_organisation(name: str, at: datetime) -> Organisation:
    """Make the row, under the first slug of the name that nobody has."""
    base = slugify(name)[:50].strip("-") or "organisation"
    number = 1
    while True:
        slug = base if number == 1 else f"{base}-{number}"
        organisation, is_new = Organisation.objects.get_or_create(slug=slug, defaults={"name": name, "created_at": at})
        if is_new:
            return organisation
        number += 1


def _new_issuer(
    organisation: Organisation, fields: IssuerFields, material: KeyMaterial, *, by: User, at: datetime
) -> Issuer:
    issuer = Issuer(organisation=organisation, origin=settings.SITE_URL, created_at=at)
    _put(issuer, fields)
    _check_name(issuer)
    issuer.save(force_insert=True)
    audit.record(
        "issuer.created",
        by=by,
        at=at,
        subject=issuer,
        organisation_id=organisation.pk,
        issuer_id=issuer.pk,
    )
    create_signing_key(issuer=issuer, by=by, at=at, material=material)
    _check_profile(issuer)
    return issuer


def _put(issuer: Issuer, fields: IssuerFields) -> bool:
    """Put the values into the row, and say whether the logo became another one."""
    for name in _VALUES:
        setattr(issuer, name, getattr(fields, name))
    if fields.image is not None:
        issuer.image.save(f"logo.{fields.image.extension}", ContentFile(fields.image.data), save=False)
        return True
    if fields.remove_image and issuer.image:
        issuer.image = ""
        issuer.image_alt = ""
        return True
    return False


def _check_name(issuer: Issuer) -> None:
    """Refuse a second issuer of the same name; the lock on the organisation keeps two requests from both passing."""
    organisation = Organisation.objects.select_for_update().get(pk=issuer.organisation_id)
    if organisation.issuers.filter(name__iexact=issuer.name).exclude(pk=issuer.pk).exists():
        raise IssuerNameTaken(_("Your organisation has an issuer of this name already. Choose another name."))


def _check_profile(issuer: Issuer) -> None:
    """Refuse what could not be published; the forms say it better, this is for every other door."""
    try:
        profile_json(issuer)
    except InvalidDocument as problem:
        raise IssuerRefused(str(problem)) from problem
