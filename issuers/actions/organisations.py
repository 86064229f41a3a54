"""Change an organisation: its name, its look, its rules."""

from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.colours import parse_colour
from badgeserver.errors import UserFacingError
from badgeserver.pictures import Picture, PictureRefused, thumbnail_png
from issuers.models import Organisation

#: Of the longer side of a logo in a mail, crisp where one point has two pixels.
MAIL_LOGO_SIZE = 320


class AccentRefused(UserFacingError):
    """It is no colour."""

    code = "accent_refused"
    field = "accent"


class LogoNotDrawn(UserFacingError):
    """The file was accepted, but no PNG can be made of it."""

    code = "logo_refused"
    field = "logo"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFields:
    """What is decided about an organisation. `logo=None` keeps the one there is; `remove_logo` takes it away."""

    name: str
    accent: str = ""  # “#rrggbb”, or "" for the product's own
    language: str = "en"
    four_eyes: bool = False
    logo: Picture | None = None
    remove_logo: bool = False


_VALUES = ["name", "accent", "language", "four_eyes"]


def edit_organisation(
    *, organisation: Organisation, fields: OrganisationFields, by: User, at: datetime
) -> Organisation:
    """Change name, look and rules; its address in the workspace stays. Raises `AccentRefused` or `LogoNotDrawn`."""
    accent = _accent(fields.accent)
    logo_png = _drawn(fields.logo)
    with transaction.atomic():
        locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
        said = {"name": fields.name, "accent": accent, "language": fields.language, "four_eyes": fields.four_eyes}
        changed = [name for name in _VALUES if getattr(locked, name) != said[name]]
        details: dict[str, object] = {"name_before": locked.name} if "name" in changed else {}
        if "four_eyes" in changed:
            details["four_eyes"] = fields.four_eyes
        for name, value in said.items():
            setattr(locked, name, value)
        if _put_logo(locked, fields, logo_png):
            changed.append("logo")
        locked.save()
        if changed:
            audit.record(
                "organisation.edited",
                by=by,
                at=at,
                subject=locked,
                organisation_id=locked.pk,
                details={"changed": changed, **details},
            )
    return locked


def _accent(written: str) -> str:
    if not written.strip():
        return ""
    try:
        return parse_colour(written)
    except ValueError as refused:
        raise AccentRefused(_("Write the colour as # and six digits or letters up to f, such as #1f6feb.")) from refused


def _drawn(logo: Picture | None) -> bytes:
    """Return the logo as PNG; before the transaction, because drawing takes longer than a lock should be held."""
    if logo is None:
        return b""
    try:
        return thumbnail_png(logo.data, size=MAIL_LOGO_SIZE)
    except PictureRefused as refused:
        raise LogoNotDrawn(refused.sentence) from refused


def _put_logo(organisation: Organisation, fields: OrganisationFields, logo_png: bytes) -> bool:
    had = [str(file.name) for file in (organisation.logo, organisation.logo_png) if file]
    if fields.logo is not None:
        organisation.logo.save(f"logo.{fields.logo.extension}", ContentFile(fields.logo.data), save=False)
        organisation.logo_png.save("logo.png", ContentFile(logo_png), save=False)
    elif fields.remove_logo and had:
        organisation.logo, organisation.logo_png = "", ""
    else:
        return False
    for name in had:
        transaction.on_commit(lambda name=name: default_storage.delete(name), robust=True)  # type: ignore[misc]
    return True
