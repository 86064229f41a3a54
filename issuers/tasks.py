"""Work in the background. The one mail of this room holds a secret that must not lie in a queue, and so is not here."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from badgeserver.celery import app
from issuers.models import Domain

#: For how long a domain that was never proved is looked at by itself; after that somebody asks again.
WAITS = timedelta(days=30)


@app.task
def check_domains(**_: Any) -> None:
    """Have every domain looked at that is proved, or was added not long ago."""
    for domain_id in Domain.objects.worth_a_look(added_after=timezone.now() - WAITS).values_list("pk", flat=True):
        check_domain.delay(domain_id=str(domain_id))


@app.task
def check_domain(*, domain_id: str, **_: Any) -> None:
    """Look whether the owner of one domain still confirms its issuer."""
    from issuers.actions.domains import check_domain as check  # noqa: PLC0415 -- leaf

    domain = Domain.objects.select_related("issuer").filter(pk=domain_id).first()
    if domain is not None:
        check(domain=domain, by=None, at=timezone.now())
