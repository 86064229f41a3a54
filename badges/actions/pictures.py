"""Pictures that wait for their form: chosen, checked, and not lost when another field is refused."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from badges.actions.day_folders import clear_day_folders
from badges.queries import KEPT_FOR, KEPT_PICTURE_SALT
from badgeserver.accounts.models import User
from badgeserver.pictures import Picture

KEPT_FOLDER = "badges/kept"


def keep_picture(*, picture: Picture, by: User, at: datetime, design: Mapping[str, object] | None = None) -> str:
    """Put a picture aside for two days, and return the token by which `queries.kept_picture` finds it again.

    A picture that was drawn brings its `design`, which `queries.kept_design` finds again.
    The token opens it for this person alone. Nothing is said about it in the audit trail: no badge has changed.
    """
    name = default_storage.save(
        f"{KEPT_FOLDER}/{at:%Y-%m-%d}/{uuid.uuid4().hex}.{picture.extension}", ContentFile(picture.data)
    )
    said: dict[str, object] = {"name": name, "for": str(by.pk)}
    if design is not None:
        said["design"] = dict(design)
    return signing.dumps(said, salt=KEPT_PICTURE_SALT, compress=True)


def clear_kept_pictures(*, at: datetime) -> None:
    """Delete the kept pictures that no token opens any more."""
    clear_day_folders(folder=KEPT_FOLDER, kept_for=KEPT_FOR, at=at)
