"""Every setting stands in `.env.example`, and a configuration that cannot work says what to set."""

import json
import re
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from tests.house.source import ROOT
from tests.services import plain_environment

#: Read by docker-compose.yml itself, not by the product.
COMPOSE_ONLY = {"POSTGRES_PASSWORD"}
PRODUCTION = {
    "SITE_URL": "https://badges.example.org",
    "DATABASE_URL": "postgres://badgeserver:secret@db.example.org:5432/badgeserver",
    "REDIS_URL": "redis://cache.example.org:6379/0",
    "EMAIL_URL": "smtp+tls://badges:secret@mail.example.org:587",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "KEY_ENCRYPTION_KEY": Fernet.generate_key().decode(),
}
ASK = "import json, badgeserver.settings as s, badgeserver.env as e; print(json.dumps([sorted(e.NAMES), s.PRODUCTION]))"


def python(tmp_path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=plain_environment(DATA_DIR=str(tmp_path), **variables),
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(tmp_path, **variables: str) -> tuple[set[str], bool]:
    """Return the names that the settings read, and whether the shape is production."""
    done = python(tmp_path, "-c", ASK, **variables)
    assert done.returncode == 0, done.stderr
    names, production = json.loads(done.stdout)
    return set(names), production


@pytest.fixture(scope="module")
def documented() -> dict[str, str]:
    """Each name in `.env.example` with the comment before it."""
    found: dict[str, str] = {}
    comment = ""
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        setting = re.fullmatch(r"#?([A-Z][A-Z0-9_]+)=.*", line)
        if setting:
            assert setting[1] not in found, f"{setting[1]} stands twice in .env.example."
            found[setting[1]] = comment
            comment = ""
        else:
            comment += line
    return found


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> set[str]:
    folder = tmp_path_factory.mktemp("settings")
    return settings_of(folder)[0] | settings_of(folder, **PRODUCTION)[0]


def test_every_setting_is_documented_and_nothing_else(documented, read):
    assert set(documented) - COMPOSE_ONLY == {name for name in read if not name.endswith("_FILE")}


def test_every_secret_says_that_it_may_come_from_a_file(documented, read):
    files = {name for name in read if name.endswith("_FILE")}

    assert {f"{name}_FILE" for name, comment in documented.items() if f"{name}_FILE" in comment} == files


def test_nothing_set_is_embedded(tmp_path):
    assert settings_of(tmp_path)[1] is False


def test_everything_set_is_production(tmp_path):
    assert settings_of(tmp_path, **PRODUCTION)[1] is True


@pytest.mark.parametrize("missing", PRODUCTION)
def test_half_a_production_refuses_to_start_and_says_what_to_set(tmp_path, missing):
    done = python(tmp_path, "manage.py", "check", **{**PRODUCTION, missing: ""})

    assert done.returncode == 1
    assert done.stderr.startswith(f"badgeserver is configured for production only in part. Set also: {missing} ("), (
        done.stderr
    )
    assert [name for name in PRODUCTION if f"{name} (" in done.stderr] == [missing]


def test_production_asked_for_with_nothing_set_names_all(tmp_path):
    done = python(tmp_path, "manage.py", "check", PRODUCTION="1")

    assert done.returncode == 1
    assert [name for name in PRODUCTION if f"{name} (" in done.stderr] == list(PRODUCTION)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"SITE_URL": "http://badges.example.org"}, "Badges need https: set it to https://badges.example.org"),
        ({"SITE_URL": "badges.example.org"}, "Set the whole public address"),
        ({"DEBUG": "1"}, "DEBUG shows internals to strangers."),
        ({"KEY_ENCRYPTION_KEY": "too short"}, "KEY_ENCRYPTION_KEY is not a key of 32 bytes"),
        ({"PORT": "eight"}, "PORT is “eight”. Set it to a whole number."),
        ({"DEBUG": "maybe"}, "DEBUG is “maybe”. Set it to 1 (yes) or 0 (no)."),
        ({"MAIL_FROM": "nobody"}, "MAIL_FROM is “nobody”."),
        ({"DNS_SERVERS": "192.0.2.53,ns.example.org"}, "DNS_SERVERS holds “ns.example.org”. Give IP addresses"),
        ({"OIDC_CLIENT_ID": "acme"}, "Company sign-in is configured only in part."),
        ({"SECRET_KEY_FILE": "/nowhere/at/all"}, "SECRET_KEY_FILE names /nowhere/at/all, which cannot be read"),
    ],
)
def test_a_setting_that_cannot_work_is_told_in_one_sentence(tmp_path, variables, sentence):
    done = python(tmp_path, "manage.py", "check", **{**PRODUCTION, **variables})

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_secrets_come_from_files(tmp_path):
    secret = tmp_path / "secret_key"
    secret.write_text("from a file\n", encoding="utf-8")
    variables = {**PRODUCTION, "SECRET_KEY": "", "SECRET_KEY_FILE": str(secret)}

    done = python(tmp_path, "-c", "import badgeserver.settings as s; print(s.SECRET_KEY)", **variables)

    assert (done.returncode, done.stdout) == (0, "from a file\n"), done.stderr


def test_production_passes_djangos_deployment_checks(tmp_path):
    done = python(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "INFO", **PRODUCTION)

    assert (done.returncode, done.stdout) == (0, "System check identified no issues (2 silenced).\n"), done.stderr


def test_a_generated_key_is_accepted(tmp_path):
    key = python(tmp_path, "manage.py", "generate_key").stdout.strip()

    assert settings_of(tmp_path, **{**PRODUCTION, "KEY_ENCRYPTION_KEY": key})[1] is True
    assert python(tmp_path, "manage.py", "generate_key").stdout.strip() != key
