"""Report a signing key as compromised, and give every award that it signed a fresh signed copy."""

import uuid
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from assertions import documents, tasks
from assertions.models import Assertion, BakedImage, Notice, WithdrawnCopy
from badgeserver.accounts.models import User
from issuers.actions.signing_keys import compromise_signing_key, generate_key_material
from issuers.models import SigningKey
from issuers.queries import active_signing_key

#: How many copies are replaced in one transaction: a worker that is killed loses no more, and that is done again.
CHUNK = 100


def report_key_compromised(*, key: SigningKey, note: str, tell_holders: bool, by: User, at: datetime) -> SigningKey:
    """Withdraw a key that others may have, and return it; the worker replaces every copy that it signed.

    From now on nothing that it signed verifies. Hosted badges are untouched. When it was the key that the issuer signs
    with, another one takes its place. With `tell_holders` everybody whose downloaded copy no longer verifies gets one
    mail. Raises `KeyAlreadyCompromised`.
    """
    material = generate_key_material() if key.retired_at is None else None
    with transaction.atomic():
        withdrawn = compromise_signing_key(
            key=key, note=note, tell_holders=tell_holders, by=by, at=at, material=material
        )
        key_id = str(withdrawn.pk)
        transaction.on_commit(lambda: tasks.replace_copies.delay(key_id=key_id), robust=True)
    return withdrawn


@transaction.atomic
def replace_copies(*, key: SigningKey, at: datetime) -> int:
    """Replace up to `CHUNK` signed copies of a compromised key; return how many that were. Done once for each.

    The old copy stands in the revocation lists for ever, by its names and by its place; the new one has others, and the
    issuer's key of today, and is signed and baked by the worker. What the award says stays as it was, word for word.
    Expired awards get theirs too: their page must go on saying that they expired, not that somebody forged them.
    """
    if key.compromised_at is None:
        return 0
    successor = active_signing_key(key.issuer)
    waiting = (
        Assertion.objects.filter(signing_key=key, revoked_at=None)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("badge_class")
        .order_by("pk")
    )
    awards = list(waiting[:CHUNK])
    WithdrawnCopy.objects.bulk_create(_withdrawn(award, key, at=at) for award in awards)
    for award in awards:
        _renew(award, successor, at=at)
    Assertion.objects.bulk_update(awards, _RENEWED)
    _forget_pictures(awards)
    if key.holders_told:
        _owe_notices(awards, at=at)
    # Not functools.partial: see award.py.
    transaction.on_commit(lambda: _queue(awards), robust=True)
    return len(awards)


def queue_copies_left(*, at: datetime) -> int:
    """Queue again what was left of a compromised key; return of how many keys.

    A worker that was killed is mended here, and so is an award that was just being made with the key, or that was
    restored after its revocation.
    """
    left = Assertion.objects.filter(signing_key=OuterRef("pk"), revoked_at=None)
    keys = SigningKey.objects.filter(Exists(left), compromised_at__lt=at).values_list("pk", flat=True)
    for key_id in keys:
        tasks.replace_copies.delay(key_id=str(key_id))
    return len(keys)


_RENEWED = [
    "signing_key",
    "signed_uuid",
    "signed_json",
    "hosted_json",
    "jws",
    "credential_uuid",
    "status_index",
    "credential_jwt",
    "finished_at",
    "queued_at",
]


def _renew(award: Assertion, key: SigningKey, *, at: datetime) -> None:
    before = award.signed_id
    award.signing_key, award.signed_uuid, award.credential_uuid = key, uuid.uuid4(), uuid.uuid4()
    award.status_index = None  # it gets another place when it is signed; the old one stays with the old copy
    award.hosted_json = documents.hosted_json_with_twin(award, before=before)
    award.signed_json = documents.signed_json_with_key(award)
    award.jws = award.credential_jwt = ""
    award.finished_at, award.queued_at = None, at


def _withdrawn(award: Assertion, key: SigningKey, *, at: datetime) -> WithdrawnCopy:
    reason = _("The key that signed this copy was withdrawn. The award itself holds: see %(address)s")
    return WithdrawnCopy(
        assertion=award,
        signing_key=key,
        signed_uuid=award.signed_uuid,
        credential_uuid=award.credential_uuid,
        status_index=award.status_index,
        reason=reason % {"address": documents.assertion_url(award)},
        withdrawn_at=at,
    )


def _forget_pictures(awards: list[Assertion]) -> None:
    """Take the pictures with the old copies away; their files when that is certain."""
    pictures = BakedImage.objects.filter(assertion__in=awards)
    names = [str(picture.file.name) for picture in pictures]
    pictures.delete()
    transaction.on_commit(lambda: _delete_files(names), robust=True)


def _delete_files(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _owe_notices(awards: list[Assertion], *, at: datetime) -> None:
    """Write the mails to holders who were told of the award; who was told of an earlier new copy is told again."""
    told = set(
        Notice.objects.filter(assertion__in=awards, kind=Notice.Kind.AWARD, handed_over_at__isnull=False).values_list(
            "assertion", flat=True
        )
    )
    holders = [award for award in awards if award.pk in told and not award.is_expired(at)]
    known = Notice.objects.filter(assertion__in=holders, kind=Notice.Kind.NEW_COPY)
    known.update(queued_at=at, handed_over_at=None, sent_at=None, withheld_at=None, problem="")
    earlier = set(known.values_list("assertion", flat=True))
    Notice.objects.bulk_create(
        Notice(assertion=award, kind=Notice.Kind.NEW_COPY, created_at=at, queued_at=at)
        for award in holders
        if award.pk not in earlier
    )


def _queue(awards: list[Assertion]) -> None:
    for award in awards:
        tasks.finish_assertion.delay(assertion_id=str(award.pk))
