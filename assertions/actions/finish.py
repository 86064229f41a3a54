"""Finish an award in the background: sign it, bake it, and see that nothing is left unfinished."""

import hashlib
import secrets
from datetime import datetime
from functools import lru_cache

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max

from assertions import credentials, tasks
from assertions.models import (
    Assertion,
    BakedImage,
    EndorsementNotice,
    Notice,
    ProblemReportNotice,
    WithdrawnCopy,
)
from badgeserver.openbadges import jws, v3
from badgeserver.openbadges.baking import bake, bake_credential
from issuers.documents import private_key
from issuers.models import Issuer

#: How many awards and mails one sweep queues again; the next sweep takes the rest.
SWEEP_LIMIT = 1000

#: How many places of a status list are drawn at once. When all of them are taken, the list is full enough (three
#: quarters, give or take), and the next is begun: nobody counts a hundred thousand awards for each new one.
DRAWS = 32


@transaction.atomic
def finish_assertion(*, assertion: Assertion, at: datetime) -> Assertion:
    """Sign the award's stored bytes and its 3.0 credential, bake its picture; then queue the mail. Done once.

    The downloadable PNG carries the signed form and the credential, which can be checked for ever without our address;
    of an SVG there is one for each. What was baked before for this award is replaced.
    """
    locked = (
        Assertion.objects.select_for_update(of=("self",))
        .select_related("badge_class__issuer", "signing_key__issuer", "issuer")
        .get(pk=assertion.pk)
    )
    if locked.finished_at is not None or locked.revoked_at is not None:
        return locked
    badge_class, key = locked.badge_class, locked.signing_key
    if key.compromised_at is not None:
        return locked  # it gets the copy of another key first (keys.py)
    locked.jws = jws.sign(locked.signed_json.encode(), private_key(key))
    if locked.status_index is None:
        locked.status_index = _take_place(locked)
    locked.credential_jwt = credentials.credential_jwt(locked, locked.evidence.all())
    png = _picture(badge_class.image_png.name)
    pictures = {BakedImage.Form.PNG: bake_credential(bake(png, locked.jws), locked.credential_jwt)}
    if badge_class.image_media_type == "image/svg+xml":
        svg = _picture(badge_class.image.name)
        pictures[BakedImage.Form.SVG] = bake(svg, locked.jws)
        pictures[BakedImage.Form.SVG_V3] = bake_credential(svg, locked.credential_jwt)
    _forget_pictures(locked)
    BakedImage.objects.bulk_create(_baked(locked, form, data) for form, data in pictures.items())
    locked.finished_at = at
    locked.save(update_fields=["jws", "credential_jwt", "finished_at"])
    owed = list(locked.notices.filter(kind__in=Notice.WITH_COPY, handed_over_at=None).values_list("pk", flat=True))
    # Not functools.partial: see award.py.
    transaction.on_commit(lambda: _queue_mails(owed), robust=True)
    return locked


def _queue_mails(notice_ids: list[int]) -> None:
    for notice_id in notice_ids:
        tasks.send_notice.delay(notice_id=notice_id)


def _take_place(assertion: Assertion) -> int:
    """Write down the award's place in the issuer's status lists, one that no copy ever had, and return it.

    Places are drawn by lot: they must not tell when the award was made. A list holds awards of one key, because some
    validators check it with the key of the award that names it.
    """
    withdrawn = WithdrawnCopy.objects.filter(signing_key__issuer=assertion.issuer)
    while True:
        place = _free_place(assertion)
        try:
            with transaction.atomic():
                Assertion.objects.filter(pk=assertion.pk).update(status_index=place)
        except IntegrityError:
            continue  # another worker drew the same at the same moment
        # Looked at once more when nobody else can get it: an award that had it may have lost its copy meanwhile.
        if not withdrawn.filter(status_index=place).exists():
            return place


def _free_place(assertion: Assertion) -> int:
    """Draw a place: in the newest list of the award's key, or when there is no room in that, in a new one."""
    number = _newest_list(assertion)
    place = None if number is None else _drawn(assertion, number)
    if place is not None:
        return place
    # One after the other: two workers at once would begin two lists, or share one for different keys.
    Issuer.objects.select_for_update(no_key=True).get(pk=assertion.issuer_id)
    begun = _newest_list(assertion)
    place = None if begun in {None, number} else _drawn(assertion, begun)
    if place is not None:
        return place
    return _lists_begun(assertion.issuer) * v3.ENTRIES + secrets.randbelow(v3.ENTRIES)


def _newest_list(assertion: Assertion) -> int | None:
    """Return the number of the newest list with awards of this award's key, from 0 on."""
    of_key = assertion.issuer.assertions.filter(signing_key=assertion.signing_key)
    newest: int | None = of_key.aggregate(newest=Max("status_index"))["newest"]
    return None if newest is None else newest // v3.ENTRIES


def _drawn(assertion: Assertion, number: int) -> int | None:
    """Draw places of a list, and return the first that no copy ever had."""
    draws = [number * v3.ENTRIES + secrets.randbelow(v3.ENTRIES) for _ in range(DRAWS)]
    held = assertion.issuer.assertions.filter(status_index__in=draws).values_list("status_index")
    withdrawn = WithdrawnCopy.objects.filter(signing_key__issuer=assertion.issuer, status_index__in=draws)
    taken = {place for (place,) in held.union(withdrawn.order_by().values_list("status_index"))}
    return next((place for place in draws if place not in taken), None)


def _lists_begun(issuer: Issuer) -> int:
    held = issuer.assertions.aggregate(last=Max("status_index"))["last"]
    withdrawn = WithdrawnCopy.objects.filter(signing_key__issuer=issuer).aggregate(last=Max("status_index"))["last"]
    return max((last // v3.ENTRIES + 1 for last in (held, withdrawn) if last is not None), default=0)


def _forget_pictures(assertion: Assertion) -> None:
    """Take away what was baked for the award before, its files when that is certain."""
    earlier = [str(baked.file.name) for baked in assertion.baked_images.all()]
    if earlier:
        assertion.baked_images.all().delete()
        transaction.on_commit(lambda: _delete_files(earlier), robust=True)


def _delete_files(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _baked(assertion: Assertion, form: str, data: bytes) -> BakedImage:
    baked = BakedImage(assertion=assertion, form=form, etag=hashlib.sha256(data).hexdigest()[:32])
    baked.file.save(f"badge.{form.partition('-')[0]}", ContentFile(data), save=False)
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
        owners = list(
            EndorsementNotice.objects.unsent(queued_before)
            .select_for_update(skip_locked=True)
            .order_by("queued_at")
            .values_list("pk", flat=True)[:SWEEP_LIMIT]
        )
        handlers = list(
            ProblemReportNotice.objects.unsent(queued_before)
            .select_for_update(skip_locked=True)
            .order_by("queued_at")
            .values_list("pk", flat=True)[:SWEEP_LIMIT]
        )
        Assertion.objects.filter(pk__in=awards).update(queued_at=at)
        Notice.objects.filter(pk__in=notices).update(queued_at=at)
        EndorsementNotice.objects.filter(pk__in=owners).update(queued_at=at)
        ProblemReportNotice.objects.filter(pk__in=handlers).update(queued_at=at)
    for assertion_id in awards:
        tasks.finish_assertion.delay(assertion_id=str(assertion_id))
    for notice_id in notices:
        tasks.send_notice.delay(notice_id=notice_id)
    for notice_id in owners:
        tasks.send_endorsement_notice.delay(notice_id=notice_id)
    for notice_id in handlers:
        tasks.send_problem_notice.delay(notice_id=notice_id)
    return len(awards) + len(notices) + len(owners) + len(handlers)
