"""What tests start themselves on this machine: Redis, a mail server, workers, the whole product, a browser.

`find_*` say what the machine has; the fixtures are known to every test (`tests/conftest.py` loads them).
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from kombu import pools

from badgeserver.celery import app
from tests import scratch
from tests.conformance.judge import EVERY, ValidatorMissing, Verdict, python_of
from tests.conformance.judge import judge as official_judge
from tests.machine import find_chromium, find_redis

ROOT = Path(__file__).resolve().parent.parent
STARTS_WITHIN = 60.0


# --- Small tools -----------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until(is_so: Callable[[], object], *, within: float = STARTS_WITHIN, what: str = "it") -> None:
    """Look every 50 ms until it is so. Fails with `what` when it is not so in time."""
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, f"{what} did not come within {within:g} seconds."
        time.sleep(0.05)


def plain_environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without anything that is about badgeserver, and with `variables`."""
    ours = {*scratch.PRODUCT_VARIABLES, *(f"{name}_FILE" for name in scratch.PRODUCT_VARIABLES)}
    ours |= {"DJANGO_SETTINGS_MODULE", "PYTEST_CURRENT_TEST", "PYTHONWARNINGS"}
    return {**{name: value for name, value in os.environ.items() if name not in ours}, **variables}


@dataclass(slots=True)
class Process:
    """A command that runs until it is told to stop, with everything it said in a file."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path = ROOT
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> "Process":
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def wait_for(self, text: str, *, within: float = STARTS_WITHIN) -> None:
        wait_until(lambda: text in self.said() or not self.is_alive(), within=within, what=f"“{text}”")
        assert text in self.said(), f"It ended without saying “{text}”:\n{self.said()}"

    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def stop(self, *, within: float = 20.0) -> int:
        """Ask it to end as systemd and Docker do; returns its exit code."""
        assert self.running is not None
        self.running.terminate()
        try:
            return self.running.wait(within)
        finally:
            self.kill()

    def kill(self) -> None:
        """End it and all that it started, without asking."""
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()


@contextlib.contextmanager
def started(
    command: Sequence[str], *, environment: Mapping[str, str], log: Path, ready: Callable[[Process], object]
) -> Iterator[Process]:
    """Run a command while the block runs, from the moment `ready` says so."""
    process = Process(command, environment, log).start()
    try:
        wait_until(lambda: ready(process) or not process.is_alive(), what=" ".join(command[:6]))
        assert process.is_alive(), f"{' '.join(command)} ended at once:\n{process.said()}"
        yield process
    finally:
        process.kill()


def is_listening(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as near:
        return near.connect_ex(("127.0.0.1", port)) == 0


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 -- our own
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


# --- Redis -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory) -> Iterator[str]:
    """A Redis of this run, empty; its URL."""
    folder = tmp_path_factory.mktemp("redis")
    port = free_port()
    command = [find_redis() or "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    with started(
        [*command, "--save", "", "--appendonly", "no"],
        environment=plain_environment(),
        log=folder / "log",
        ready=lambda _: is_listening(port),
    ):
        yield f"redis://127.0.0.1:{port}/0"


# --- Mail ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class SmtpSink:
    """A mail server that keeps everything. `refusal` is what it answers instead, such as “550 No such person”.

    While `answering` is cleared it keeps senders waiting after their message, until it is set again.
    """

    url: str = ""
    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    refusal: str = ""
    answering: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        if self.refusal:
            return self.refusal
        self.messages.append(BytesParser(EmailMessage, policy=policy.default).parsebytes(envelope.content))
        await asyncio.to_thread(self.answering.wait)
        return "250 Kept"

    def wait(self, count: int, *, within: float = 30.0) -> list[EmailMessage]:
        """Wait for this many mails, and return all that came."""
        wait_until(lambda: len(self.messages) >= count, within=within, what=f"{count} mails")
        return list(self.messages)

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if message["To"] == address]


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A mail server; `smtp_sink.url` is its EMAIL_URL."""
    port = free_port()
    sink = SmtpSink(url=f"smtp://127.0.0.1:{port}", port=port)
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    sink.answering.set()
    controller.start()
    yield sink
    sink.answering.set()
    controller.stop()


# --- Workers ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class RedisWorker:
    """A Celery worker of the production shape, on this test's database, with Redis between.

    `start()` and `kill()` it as often as the story needs; what it says is in `process.said()`.
    """

    process: Process

    def start(self) -> None:
        self.process.start()
        self.process.wait_for(" ready.")

    def stop(self) -> int:
        return self.process.stop()

    def kill(self) -> None:
        self.process.kill()


def production_environment(
    settings, *, database_url: str, redis_url: str, email_url: str, **more: str
) -> dict[str, str]:
    """The production shape with this test run's secrets, so that both sides read the same keys."""
    return plain_environment(
        SITE_URL=more.pop("SITE_URL", "https://badges.example.org"),
        DATABASE_URL=database_url,
        REDIS_URL=redis_url,
        EMAIL_URL=email_url,
        SECRET_KEY=settings.SECRET_KEY,
        KEY_ENCRYPTION_KEY=",".join(settings.KEY_ENCRYPTION_KEYS),
        MAIL_FROM="Acme Badges <badges@acme.example.org>",
        **more,
    )


def database_url(name: str | None = None) -> str:
    """The test database (or another of the same server) as other processes reach it."""
    host = connection.settings_dict["OPTIONS"]["host"]
    return f"postgres://postgres@/{name or connection.settings_dict['NAME']}?host={host}"


@pytest.fixture
def redis_broker(redis_server, settings) -> Iterator[str]:
    """Have this process put its tasks into Redis instead of doing them at once."""
    before = {name: app.conf[name] for name in ("task_always_eager", "broker_url", "broker_transport_options")}
    app.conf.update(task_always_eager=False, broker_url=redis_server, broker_transport_options={})
    _forget_connections()
    yield redis_server
    app.conf.update(before)
    _forget_connections()


def _forget_connections() -> None:
    pools.reset()
    app._pool = None
    app.amqp._producer_pool = None


@pytest.fixture
def redis_worker(transactional_db, redis_broker, smtp_sink, settings, tmp_path) -> Iterator[RedisWorker]:
    """A real worker over Redis, not yet started; needs `transactional_db`, so that it sees the test's rows."""
    environment = production_environment(
        settings,
        database_url=database_url(),
        redis_url=redis_broker,
        email_url=smtp_sink.url,
        DATA_DIR=str(tmp_path),
        SWEEP_AFTER_SECONDS="2",
        WORKER_CONCURRENCY="1",
        LOG_LEVEL="INFO",
    )
    command = [sys.executable, "-W", "ignore::UserWarning:celery.platforms", "-m", "celery", "-A", "badgeserver.celery"]
    schedule = str(tmp_path / "beat-schedule")
    worker = RedisWorker(
        Process(
            [*command, "worker", "--beat", "--schedule", schedule, "--loglevel", "INFO"],
            environment,
            tmp_path / "worker.log",
        )
    )
    yield worker
    worker.kill()
    subprocess.run(
        [*command, "purge", "--force"], cwd=ROOT, env=environment, check=True, capture_output=True, timeout=60
    )


# --- The whole product -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Product:
    """`manage.py run` in a folder of its own: web server, worker and schedule."""

    url: str
    folder: Path
    process: Process

    @property
    def demo(self) -> dict[str, dict[str, dict[str, str]]]:
        """What `seed_demo --json` said: `sign_in` (owner, awarder, earner), `assertions`, `badge`, `issuer` …"""
        text = (self.folder / "demo.json").read_text(encoding="utf-8")
        return dict(json.loads(text))

    def mails(self) -> list[EmailMessage]:
        """Return what the mailbox holds, oldest first."""
        return [
            BytesParser(EmailMessage, policy=policy.default).parsebytes(file.read_bytes())
            for file in sorted((self.folder / "mail").glob("*.eml"))
        ]

    def wait_for_mail(self, to: str, *, count: int = 1, within: float = 30.0) -> EmailMessage:
        """Wait for the newest mail to this address."""

        def found() -> list[EmailMessage]:
            return [mail for mail in self.mails() if mail["To"] == to]

        wait_until(lambda: len(found()) >= count, within=within, what=f"a mail to {to}")
        return found()[-1]


@contextlib.contextmanager
def running_product(folder: Path, *, demo: bool, **variables: str) -> Iterator[Product]:
    """Run the product in `folder` on a free port while the block runs."""
    port = free_port()
    process = Process(
        [sys.executable, "manage.py", "run", "--port", str(port), *([] if demo else ["--no-demo"])],
        plain_environment(DATA_DIR=str(folder), **variables),
        folder.parent / f"{folder.name}.log",
    ).start()
    try:
        process.wait_for("badgeserver is running.", within=240.0)
        yield Product(f"http://localhost:{port}", folder, process)
    finally:
        process.stop()


@pytest.fixture(scope="session")
def product(tmp_path_factory) -> Iterator[Product]:
    """The product with the demo organisation. One for the whole run: a test makes its own badges and people in it."""
    folder = tmp_path_factory.mktemp("product") / "data"
    # Issuers elsewhere are servers of this machine here, all tests are one visitor, and no real name server is asked.
    here = {"OUTBOUND_ALLOW_LOOPBACK": "1", "DNS_SERVERS": "127.0.0.1:9", "RATE_VERIFY": "1000/min"}
    with running_product(folder, demo=True, **here) as running:
        yield running


@pytest.fixture(scope="session")
def empty_product(tmp_path_factory) -> Iterator[Product]:
    """The product as it is on its first day, without anybody in it."""
    with running_product(tmp_path_factory.mktemp("empty-product") / "data", demo=False) as running:
        yield running


# --- The world's opinion ---------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def judge() -> Callable[..., Verdict]:
    """`judge(url_or_bytes_or_jws, recipient=None, public=None)`: what the official validators say. See `Verdict`."""
    return official_judge


# --- Markers ---------------------------------------------------------------------------------------------------


def what_is_missing(marker: str) -> str:
    """Say why tests with this marker cannot run here; empty when they can."""
    if marker == "redis" and not find_redis():
        return "no redis-server on this machine"
    if marker == "browser" and not find_chromium():
        return "no Chromium on this machine (CHROMIUM=/path/to/it names one)"
    if marker == "postgres" and connection.vendor != "postgresql":
        return "this run is on SQLite"
    if marker == "conformance":
        try:
            for name in EVERY:
                python_of(name)
        except ValidatorMissing as missing:
            return str(missing)
    return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers():
        reason = what_is_missing(marker.name)
        if reason:
            pytest.skip(reason)
