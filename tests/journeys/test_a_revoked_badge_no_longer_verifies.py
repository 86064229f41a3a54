"""Sam awards a badge, Rita keeps its picture; Sam revokes it, and nothing that Rita kept proves anything any more."""

import json

import pytest
from django.core import mail
from django.urls import reverse

from assertions.actions.brought import bring
from assertions.actions.receipts import open_receipt
from assertions.models import Assertion
from badgeserver.openbadges import unbake

REASON = "Awarded to the wrong person."


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Let the worker's part run with each request."""

    def run(act):
        with django_capture_on_commit_callbacks(execute=True):
            return act()

    return run


def test_a_revoked_badge_no_longer_verifies(as_sam, as_rita, anonymous, badge, told, frozen, now):
    # Sam awards the badge, and Rita is told.
    form = {"email": "rita@mail.example.org", "name": "Rita Castle", "issued_on": "2026-03-02", "expiry": "badge"}
    evidence = {"evidence-TOTAL_FORMS": "0", "evidence-INITIAL_FORMS": "0"}
    told(lambda: as_sam.post(reverse("assertions:award", args=["acme", badge.pk]), {**form, **evidence}))
    award = Assertion.objects.get()
    assert mail.outbox[0].to == ["rita@mail.example.org"]

    # Rita finds it among her badges and keeps its picture; whoever checks the picture finds it valid.
    assert "Forklift Safety" in as_rita.get("/my/badges/").text
    address = f"/public/assertions/{award.pk}"
    picture = anonymous.get(f"{address}/image.png").content
    assert unbake(picture) == award.jws
    assert open_receipt(brought=bring(file=picture), at=now).report["conclusion"] == "VALID"
    assert json.loads(anonymous.get(f"{address}.json").content)["verification"]["type"] == "HostedBadge"

    # Sam revokes it, and says why.
    told(lambda: as_sam.post(reverse("assertions:revoke", args=["acme", award.pk]), {"reason": REASON}))
    assert REASON in mail.outbox[-1].body

    # Its address is gone, its signed form stands in the revocation list, its picture is not served.
    gone = anonymous.get(address, headers={"Accept": "application/ld+json"})
    assert (gone.status_code, gone.json()["revoked"], gone.json()["revocationReason"]) == (410, True, REASON)
    revocations = anonymous.get(f"/public/issuers/{badge.issuer_id}/revocations").json()
    assert award.signed_id in [
        entry if isinstance(entry, str) else entry["id"] for entry in revocations["revokedAssertions"]
    ]
    assert anonymous.get(f"{address}/image.png").status_code == 410

    # And the picture that Rita kept is found revoked.
    assert open_receipt(brought=bring(file=picture), at=now).report["conclusion"] == "REVOKED"
    assert REASON in as_rita.get(reverse("assertions:my-badge", args=[award.pk])).text
