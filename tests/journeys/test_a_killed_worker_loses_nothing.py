"""A worker is killed in the middle of two hundred awards, the broker emptied: nothing lost, nobody mailed twice."""

from collections import Counter
from datetime import UTC, datetime

import pytest
import redis
from django.utils import timezone

from assertions.actions.award import AwardFields, award_badge
from assertions.actions.notices import send_notice_again
from assertions.models import Assertion, Notice
from badgeserver.openbadges import jws, keys
from badgeserver.openbadges.baking import unbake_all
from badgeserver.openbadges.vocabulary import Standard
from tests.services import wait_until

pytestmark = [pytest.mark.redis, pytest.mark.postgres]

AWARDS = 200
#: The worker is killed each time this many more awards are finished.
KILLED_AFTER = [25, 60, 110]


@pytest.fixture
def awards(redis_broker, ada, svg_badge) -> list[Assertion]:
    """Two hundred awards whose work waits in Redis."""
    now = timezone.now()
    return [
        award_badge(
            fields=AwardFields(badge_class=svg_badge, email=f"person{number}@mail.example.org", issued_at=now),
            by=ada,
            at=now,
        )
        for number in range(AWARDS)
    ]


def finished() -> int:
    return Assertion.objects.filter(finished_at__isnull=False).count()


def settled() -> bool:
    """Everything is finished, and each mail is sent or was in the worker's hands when it was killed."""
    return finished() == AWARDS and not Notice.objects.filter(handed_over_at=None).exists()


def is_idle(broker: redis.Redis) -> bool:
    """Nothing waits in the queue, and no worker has anything in hand."""
    return broker.llen("celery") == 0 and broker.hlen("unacked") == 0


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing(redis_worker, redis_broker, smtp_sink, awards, ada):
    for count in KILLED_AFTER:
        redis_worker.start()
        wait_until(lambda count=count: finished() >= count, within=60, what=f"{count} finished awards")
        redis_worker.kill()
    assert finished() < AWARDS, "The worker was done before it was killed: this run proves nothing."

    redis.Redis.from_url(redis_broker).flushall()
    redis_worker.start()
    wait_until(settled, within=120, what="the last award and the last mail")
    # Who was killed in the very moment of handing over leaves a mail in doubt: a person sends it again, later.
    later = datetime.now(tz=UTC) + 2 * Notice.IN_DOUBT_AFTER
    addresses = {message["To"] for message in smtp_sink.messages}
    for notice in Notice.objects.filter(sent_at=None).select_related("assertion"):
        if notice.assertion.recipient_email not in addresses:
            send_notice_again(notice=notice, by=ada, at=later)
    smtp_sink.wait(AWARDS)
    # Whoever were to mail somebody twice has had their chance when there is nothing left to do.
    wait_until(lambda: is_idle(redis.Redis.from_url(redis_broker)), within=60, what="an empty queue")
    redis_worker.kill()

    mailed = Counter(message["To"] for message in smtp_sink.messages)
    assert mailed == Counter({award.recipient_email: 1 for award in awards})
    for award in Assertion.objects.select_related("signing_key").prefetch_related("baked_images"):
        public_key = keys.load_public_key(award.signing_key.public_key_pem)
        assert jws.verify(award.jws, public_key) == award.signed_json.encode()
        carried = {}
        for image in award.baked_images.all():
            with image.file.open() as file:
                carried[image.form] = unbake_all(file.read())
        badge, credential = {Standard.V2: award.jws}, {Standard.V3: award.credential_jwt}
        assert carried == {"png": badge | credential, "svg": badge, "svg-v3": credential}
