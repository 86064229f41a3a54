"""Where tests keep things: runs side by side never meet, and a killed run leaves nothing for ever."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import psycopg2

#: What would turn the product under test into somebody's real installation.
PRODUCT_VARIABLES = [
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "KEY_ENCRYPTION_KEY",
    "PRODUCTION",
    "DEBUG",
    "PORT",
    "DATA_DIR",
    "SITE_URL",
    "MEDIA_S3_BUCKET",
    "OIDC_SERVER_URL",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "ALLOWED_HOSTS",
    "MAIL_FROM",
    "PROXY_COUNT",
    "OUTBOUND_ALLOW_LOOPBACK",
    "DNS_SERVERS",
    "HSTS_SECONDS",
    "TIME_ZONE",
    "LOG_LEVEL",
    "RATE_API",
    "RATE_RECIPIENT_CHECK",
    "RATE_VERIFY",
    "SWEEP_AFTER_SECONDS",
    "WORKER_CONCURRENCY",
]

SHARED = Path(tempfile.gettempdir()) / f"badgeserver-tests-{os.getuid()}"
RUN = SHARED / f"run-{os.getpid()}"
DATABASE = f"badgeserver_test_{os.getpid()}"

SHARED.mkdir(parents=True, exist_ok=True)
for _folder in ("data", "static"):
    (RUN / _folder).mkdir(parents=True, exist_ok=True)


def remove() -> None:
    """Remove this run's files, and those of runs that were killed."""
    shutil.rmtree(RUN, ignore_errors=True)
    for folder in SHARED.glob("run-*"):
        if not _is_alive(folder.name.rsplit("-", 1)[-1]):
            shutil.rmtree(folder, ignore_errors=True)


def drop_databases_left_behind(url: str) -> None:
    """Drop the test databases of runs that were killed before they could."""
    with contextlib.closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'badgeserver\\_test\\_%'")
            for (name,) in cursor.fetchall():
                if not _is_alive(name.split("_")[2]):
                    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _is_alive(pid: str) -> bool:
    return Path(f"/proc/{pid}").exists() if Path("/proc/self").exists() else _answers(int(pid))


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
