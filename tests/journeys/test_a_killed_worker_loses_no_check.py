"""A worker is killed while it asks another issuer's server: the check is done by the next one, or given up at last."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assertions.actions.brought import bring
from assertions.actions.receipts import MOST_ATTEMPTS, open_receipt
from assertions.models import Receipt
from tests.foreign import foreign_issuer
from tests.services import wait_until

pytestmark = [pytest.mark.redis, pytest.mark.postgres]


@pytest.fixture
def slow_issuer(redis_worker):
    """An issuer whose server keeps everybody waiting, and a worker that may ask servers of this machine."""
    redis_worker.process.environment["OUTBOUND_ALLOW_LOOPBACK"] = "1"
    with foreign_issuer() as issuer:
        issuer.patience.clear()
        yield issuer


def state():
    return Receipt.objects.values_list("attempts", "finished_at").get()


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_no_check(redis_worker, slow_issuer):
    open_receipt(brought=bring(text=slow_issuer.url("valid"), recipient="rita@mail.example.org"), at=timezone.now())
    redis_worker.start()
    wait_until(lambda: slow_issuer.asked, what="the first question")
    redis_worker.kill()
    assert state() == (1, None)

    slow_issuer.patience.set()
    redis_worker.start()
    wait_until(lambda: Receipt.objects.get().finished_at, what="the end of the check")
    receipt = Receipt.objects.get()
    assert (receipt.report["conclusion"], bytes(receipt.source)) == ("VALID", b"")
    assert receipt.attempts <= MOST_ATTEMPTS


@pytest.mark.django_db(transaction=True)
def test_a_check_that_kills_every_worker_is_given_up(redis_worker, slow_issuer):
    open_receipt(brought=bring(text=slow_issuer.url("valid")), at=timezone.now())
    for attempt in range(1, MOST_ATTEMPTS + 1):
        redis_worker.start()
        wait_until(lambda attempt=attempt: state()[0] == attempt, what=f"beginning number {attempt}")
        redis_worker.kill()
        Receipt.objects.update(queued_at=timezone.now() - timedelta(minutes=5))

    redis_worker.start()
    wait_until(lambda: Receipt.objects.get().finished_at, what="giving up")
    assert Receipt.objects.get().report["conclusion"] == "GAVE_UP"
