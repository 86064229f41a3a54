"""Finish an award in the background: sign it, bake it, and see that nothing is left unfinished."""

import hashlib
from datetime import datetime
from functools import lru_cache

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from assertions import tasks
from assertions.models import Assertion, BakedImage, Notice
from badgeserver.openbadges import jws
from badgeserver.openbadges.baking import bake
from issuers.documents import private_key

#: How many awards and mails one sweep queues again; the next sweep takes the rest.
SWEEP_LIMIT = 1000


@transaction.atomic
def finish_assertion(*, assertion: Assertion, at: datetime) -> Assertion:
    """Sign the award's stored bytes and bake its picture; then queue the mail. Done once, however often called.

    The downloadable picture carries the signed form, which can be checked for ever without our address.
    """
    locked = (
        Assertion.objects.select_for_update(of=("self",))
        .select_related("badge_class", "signing_key")
        .get(pk=assertion.pk)
    )
    if locked.finished_at is not None or locked.revoked_at is not None:
        return locked
    badge_class, key = locked.badge_class, locked.signing_key
    locked.jws = jws.sign(locked.signed_json.encode(), private_key(key))
    pictures = {BakedImage.Form.PNG: badge_class.image_png.name}
    if badge_class.image_media_type == "image/svg+xml":
        pictures[BakedImage.Form.SVG] = badge_class.image.name
    BakedImage.objects.bulk_create(
        _baked(locked, form, bake(_picture(name), locked.jws)) for form, name in pictures.items()
    )
    locked.finished_at = at
    locked.save(update_fields=["jws", "finished_at"])
    owed = list(locked.notices.filter(kind=Notice.Kind.AWARD).values_list("pk", flat=True))
    # Not functools.partial: see award.py.
    transaction.on_commit(lambda: _queue_mails(owed), robust=True)
    return locked


def _queue_mails(notice_ids: list[int]) -> None:
    for notice_id in notice_ids:
        tasks.send_notice.delay(notice_id=notice_id)


def _baked(assertion: Assertion, form: str, data: bytes) -> BakedImage:
    baked = BakedImage(assertion=assertion, form=form, etag=hashlib.sha256(data).hexdigest()[:32])
    baked.file.save(f"badge.{form}", ContentFile(data), save=False)
    return baked


@lru_cache(maxsize=64)
def _picture(name: str) -> bytes:
    """Return a stored picture. Names are never used twice, so what was read once need not be read again."""
    with default_storage.open(name) as file:
        return bytes(file.read())


def queue_unfinished(*, queued_before: datetime, at: datetime) -> int:
    """Queue again what was queued before that moment and never finished; return how much that was.

    A worker that was killed and a broker that was emptied are mended here: the rows know what is still owed.
    """
    with transaction.atomic():
        awards = list(
            Assertion.objects.unfinished(queued_before)
            .select_for_update(skip_locked=True)
            .order_by("queued_at")
            .values_list("pk", flat=True)[:SWEEP_LIMIT]
        )
        notices = list(
            Notice.objects.ready()
            .unsent(queued_before)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("queued_at")
            .values_list("pk", flat=True)[:SWEEP_LIMIT]
        )
        Assertion.objects.filter(pk__in=awards).update(queued_at=at)
        Notice.objects.filter(pk__in=notices).update(queued_at=at)
    for assertion_id in awards:
        tasks.finish_assertion.delay(assertion_id=str(assertion_id))
    for notice_id in notices:
        tasks.send_notice.delay(notice_id=notice_id)
    return len(awards) + len(notices)
