"""The cellar needs no Django, and tells everything it offers."""

import subprocess
import sys
from pathlib import Path

from badgeserver import openbadges

ROOT = Path(__file__).parent.parent.parent


def test_openbadges_imports_without_django():
    blocked = "import sys; sys.modules.update(dict.fromkeys(('django', 'rest_framework', 'celery', 'requests')))"
    code = f"{blocked}; import badgeserver.openbadges; print('pure')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "pure\n", "")


def test_everything_in_all_is_there():
    assert [name for name in openbadges.__all__ if not hasattr(openbadges, name)] == []
    assert sorted(openbadges.__all__) == sorted(set(openbadges.__all__))


def test_public_errors_are_all_of_one_family():
    named = [getattr(openbadges, name) for name in openbadges.__all__]
    errors = [thing for thing in named if isinstance(thing, type) and issubclass(thing, Exception)]

    assert len(errors) == 10
    assert all(issubclass(error, openbadges.OpenBadgesError) for error in errors)
