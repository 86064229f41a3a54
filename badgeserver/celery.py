"""The Celery application, and the whole schedule as one table."""

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

# The queue of the embedded mode; a name, so that only processes that use it load it.
TRANSPORT_ALIASES["folder"] = "badgeserver.folder_queue:Transport"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "badgeserver.settings")

app = Celery("badgeserver")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["assertions", "badges", "issuers"])

app.conf.beat_schedule = {
    # Nothing is lost when a worker is killed or the broker emptied: what is not finished is found here.
    "finish what was left unfinished": {
        "task": "assertions.tasks.sweep_unfinished",
        "schedule": float(max(1, settings.SWEEP_AFTER_SECONDS // 2)),
        # A beat that was away must not pile up sweeps: each is worth nothing once the next is due.
        "options": {"expires": float(max(1, settings.SWEEP_AFTER_SECONDS // 2))},
    },
    # Sessions that have run out and keys of repeated requests need not be kept.
    "clear what has run out": {"task": "assertions.tasks.clear_expired", "schedule": crontab(hour=3, minute=17)},
    # Pictures that were uploaded into a form and never saved.
    "clear abandoned pictures": {"task": "badges.tasks.clear_kept_pictures", "schedule": crontab(hour=3, minute=41)},
}
