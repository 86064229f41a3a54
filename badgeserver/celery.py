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
    # The same for checks of other issuers' badges.
    "finish the checks that were left": {
        "task": "assertions.tasks.sweep_receipts",
        "schedule": float(max(1, settings.SWEEP_AFTER_SECONDS // 2)),
        "options": {"expires": float(max(1, settings.SWEEP_AFTER_SECONDS // 2))},
    },
    # Receipts are kept for ninety days, removed badges from elsewhere for one.
    "clear old receipts": {"task": "assertions.tasks.clear_receipts", "schedule": crontab(hour=3, minute=29)},
    "clear removed badges": {"task": "assertions.tasks.clear_removed_badges", "schedule": crontab(minute=47)},
    # What recipients declined is deleted an hour later; who looks each minute is never late by more than that.
    "erase what was declined": {
        "task": "assertions.tasks.erase_declined",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    # Pictures of a family that was restyled while a worker was killed.
    "finish the families that were restyled": {
        "task": "badges.tasks.sweep_families",
        "schedule": float(max(1, settings.SWEEP_AFTER_SECONDS)),
        "options": {"expires": float(max(1, settings.SWEEP_AFTER_SECONDS))},
    },
    # Sessions that have run out and keys of repeated requests need not be kept.
    "clear what has run out": {"task": "assertions.tasks.clear_expired", "schedule": crontab(hour=3, minute=17)},
    # Who confirms an issuer today may have sold the domain tomorrow.
    "look at the domains": {"task": "issuers.tasks.check_domains", "schedule": crontab(hour=4, minute=23)},
    # Pictures that were uploaded into a form and never saved.
    "clear abandoned pictures": {"task": "badges.tasks.clear_kept_pictures", "schedule": crontab(hour=3, minute=41)},
    # Forgotten plans can be brought back for a day; framework files are kept for thirty.
    "clear what was brought": {"task": "badges.tasks.clear_imports", "schedule": crontab(hour=3, minute=53)},
    # Mails to reviewers, editors and test groups that a killed worker left.
    "finish the mails about badges": {
        "task": "badges.tasks.sweep_lifecycle_mails",
        "schedule": float(max(1, settings.SWEEP_AFTER_SECONDS // 2)),
        "options": {"expires": float(max(1, settings.SWEEP_AFTER_SECONDS // 2))},
    },
    # Framework files that a killed worker left half read or half taken over.
    "finish the framework files": {
        "task": "badges.tasks.sweep_framework_imports",
        "schedule": float(max(1, settings.SWEEP_AFTER_SECONDS // 2)),
        "options": {"expires": float(max(1, settings.SWEEP_AFTER_SECONDS // 2))},
    },
    # On its last day a pilot asks its test group; badges that are due for another look are told of once.
    "look at pilots": {"task": "badges.tasks.look_at_pilots", "schedule": crontab(minute=13)},
    "tell what is due": {"task": "badges.tasks.tell_what_is_due", "schedule": crontab(hour=5, minute=53)},
    # What was endorsed elsewhere may have been taken back there.
    "look at endorsements": {"task": "assertions.tasks.recheck_endorsements", "schedule": crontab(hour=4, minute=7)},
}
