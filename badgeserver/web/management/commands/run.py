"""Runs the whole product on this machine: web, worker and schedule, with demo data; nothing else is needed."""

import contextlib
import fcntl
import http.client
import io
import json
import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from badgeserver.web.supervisor import Supervisor

HOST = "127.0.0.1"
WEB_THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
MAX_PORT = 65535


class Command(BaseCommand):
    help = "Run badgeserver on this machine, with demo data in a new data folder."
    requires_system_checks = ()  # the commands that it calls check what they need
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help="where to listen (default: $PORT or 8000)")
        parser.add_argument("--no-demo", action="store_true", help="leave a new data folder empty")

    def handle(self, *args: Any, port: int, no_demo: bool, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "“manage.py run” is for trying badgeserver out, and production variables are set here. In production "
                "docker-compose.yml starts each process; to try it out, unset " + ", ".join(_production_variables())
            )
        if not 0 < port <= MAX_PORT:
            raise CommandError(f"PORT is {port}. Choose a number from 1 to {MAX_PORT}.")
        if port != settings.PORT:
            # The port is part of the address, and the address is a setting, which was read before this.
            environment = {**os.environ, "PORT": str(port)}
            os.execve(sys.executable, [sys.executable, *sys.argv], environment)  # noqa: S606 -- no shell is wanted
        _refuse_other_address()
        with _locked_data():
            with _free_port(port):
                self._prepare(with_demo=not no_demo)
            self._run(port)

    def _prepare(self, *, with_demo: bool) -> None:
        call_command("migrate", verbosity=0)
        if with_demo and not get_user_model().objects.exists():
            self._say("Loading the demo organisation (once, about a minute) …")
            found = io.StringIO()
            call_command("seed_demo", json=True, stdout=found)
            _demo_path().write_text(found.getvalue(), encoding="utf-8")
        kept = dict.fromkeys([settings.SITE_URL, *_kept_addresses()])
        _address_path().write_text("".join(f"{url}\n" for url in kept), encoding="utf-8")

    def _run(self, port: int) -> None:
        supervisor = Supervisor({"web server": _web_command(port), "worker": _worker_command()}, say=self._say)
        supervisor.start()
        try:
            if supervisor.wait_for(lambda: _answers(port)):
                self._say(_welcome())
            lived = supervisor.watch()
        finally:
            supervisor.stop()
        if not lived:
            raise CommandError("badgeserver could not be kept running.")
        self._say(f"\nbadgeserver has stopped. Its data is in {settings.DATA_DIR}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _production_variables() -> list[str]:
    names = ["PRODUCTION", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "KEY_ENCRYPTION_KEY"]
    return [name for name in names if os.environ.get(name) or os.environ.get(f"{name}_FILE")]


def _web_command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)),
        *("--workers", "1", "--blocking-threads", str(WEB_THREADS), "--no-ws", "--log-level", "warning"),
        *("--workers-kill-timeout", "3", "badgeserver.wsgi:application"),
    ]


def _worker_command() -> list[str]:
    return [
        # Celery warns those who work as root; in a container that is tried out, that is no news.
        *(sys.executable, "-W", "ignore::UserWarning:celery.platforms", "-m", "celery", "--quiet"),
        *("-A", "badgeserver.celery", "worker", "--beat", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def _refuse_other_address() -> None:
    """Refuse a data folder whose badges say another address, unless it is known as a former one of this site."""
    unknown = [url for url in _kept_addresses() if url not in {settings.SITE_URL, *settings.FORMER_SITE_URLS}]
    if not unknown:
        return
    raise CommandError(
        f"The badges in {settings.DATA_DIR} were made for {unknown[0]}, and their address is inside them for ever; "
        f"here it would be {settings.SITE_URL}.\nStart it with the address that it was made for (PORT or SITE_URL), "
        f"choose another folder (make run PORT={settings.PORT} DATA_DIR=var-{settings.PORT}), or move it: set "
        f"FORMER_SITE_URLS={','.join(unknown)} and see “Moving to another address” in docs/operating.md."
    )


def _kept_addresses() -> list[str]:
    """Return every address that badges in the data folder were made for, the latest first."""
    path = _address_path()
    return path.read_text(encoding="utf-8").split() if path.exists() else []


@contextlib.contextmanager
def _locked_data() -> Iterator[None]:
    """Hold the data folder: two servers on one folder would disturb one another."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_DIR / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"badgeserver is already running on {settings.DATA_DIR}: open {settings.SITE_URL}/ or stop it first."
            ) from None
        yield


@contextlib.contextmanager
def _free_port(port: int) -> Iterator[None]:
    """Hold the port while the data is made, so that nobody waits for a demo that then cannot be shown."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((HOST, port))
            held.listen()
        except PermissionError:
            raise CommandError(f"Port {port} is reserved for the system. Choose one above 1023.") from None
        except OSError:
            raise CommandError(
                f"Port {port} is taken by another program. Stop that program, or choose another port with another "
                f"data folder: make run PORT={port + 1} DATA_DIR=var-{port + 1}"
            ) from None
        yield


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _welcome() -> str:
    lines = [
        "",
        "badgeserver is running.",
        "",
        f"  Open it       {settings.SITE_URL}/",
        f"  Its mails     {settings.SITE_URL}/dev/mailbox/",
        f"  Its data      {settings.DATA_DIR}",
    ]
    if _demo_path().exists():
        demo = json.loads(_demo_path().read_text(encoding="utf-8"))
        width = max(len(account["email"]) for account in demo["sign_in"].values())
        lines += ["", "  Sign in as"]
        lines += [
            f"    {role:<11} {account['email']:<{width}}   {account['password']}"
            for role, account in demo["sign_in"].items()
        ]
        lines += ["", f"  A badge       {demo['assertions']['valid']}"]
    return "\n".join([*lines, "", "Ctrl-C stops it; the data stays.", ""])


def _address_path() -> Path:
    return Path(settings.DATA_DIR) / "site_url"


def _demo_path() -> Path:
    return Path(settings.DATA_DIR) / "demo.json"
