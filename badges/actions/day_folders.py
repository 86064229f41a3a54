"""What is put aside for some days: in a folder for each day, which goes as a whole."""

from datetime import datetime, timedelta

from django.core.files.storage import default_storage


def clear_day_folders(*, folder: str, kept_for: timedelta, at: datetime) -> None:
    """Delete in `folder` the days (`%Y-%m-%d`) whose last hour is longer ago than `kept_for`."""
    if not default_storage.exists(folder):
        return
    oldest = f"{at - kept_for - timedelta(days=1):%Y-%m-%d}"
    for day in default_storage.listdir(folder)[0]:
        if day <= oldest:
            for name in default_storage.listdir(f"{folder}/{day}")[1]:
                default_storage.delete(f"{folder}/{day}/{name}")
            default_storage.delete(f"{folder}/{day}")
