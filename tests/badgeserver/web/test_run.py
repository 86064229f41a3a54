"""`manage.py run`: one command, the whole product, and nothing of it left behind."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.services import ROOT, Process, Product, answers, free_port, plain_environment, wait_until

pytestmark = pytest.mark.product


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(folder, loopback) -> Iterator[Callable[..., Product]]:
    """`run(port)` starts the product in `folder`, and returns when it says that it is running."""
    started: list[Process] = []

    def start(port: int, *options: str, **variables: str) -> Product:
        process = Process(
            [sys.executable, "manage.py", "run", "--port", str(port), *options],
            plain_environment(DATA_DIR=str(folder), **variables),
            folder.with_suffix(f".{len(started)}.log"),
        ).start()
        started.append(process)
        process.wait_for("badgeserver is running.")
        return Product(f"http://localhost:{port}", folder, process)

    yield start
    for process in started:
        process.kill()


def refused(folder: Path, *options: str, **variables: str) -> str:
    """Run it where it must refuse, and return its sentence."""
    done = subprocess.run(
        [sys.executable, "manage.py", "run", *options],
        cwd=ROOT,
        env=plain_environment(DATA_DIR=str(folder), **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def family(product: Product) -> list[psutil.Process]:
    parent = psutil.Process(product.process.running.pid)
    return [parent, *parent.children(recursive=True)]


def child(product: Product, word: str) -> psutil.Process:
    """The child that the supervisor itself has started, by a word of its command."""
    (found,) = [one for one in family(product)[0].children() if word in " ".join(one.cmdline())]
    return found


def all_gone(processes: list[psutil.Process]) -> bool:
    return not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in processes)


def people(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "db.sqlite3") as database:
        rows = database.execute("SELECT email FROM accounts_user").fetchall()
    database.close()
    return [email for (email,) in rows]


def test_run_serves_pages_and_says_where(run, folder):
    port = free_port()

    product = run(port, "--no-demo")

    assert f"Open it       http://localhost:{port}/" in product.process.said()
    assert answers(f"{product.url}/healthz")
    with urllib.request.urlopen(f"{product.url}/dev/mailbox/") as page:  # noqa: S310 -- our own
        assert "No mail yet" in page.read().decode()
    assert (folder / "site_url").read_text(encoding="utf-8") == f"http://localhost:{port}\n"
    assert "Warning" not in product.process.said()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_ends_with_all_that_it_started(run, number):
    product = run(free_port(), "--no-demo")
    processes = family(product)
    assert len(processes) > 3
    began = time.monotonic()

    product.process.running.send_signal(number)

    assert product.process.running.wait(15) == 0
    assert time.monotonic() - began < 10
    wait_until(lambda: all_gone(processes), within=5, what="the end of all processes")
    assert f"badgeserver has stopped. Its data is in {product.folder}" in product.process.said()


def test_run_ends_when_a_terminal_interrupts_the_whole_group(run):
    """Ctrl-C reaches every process of the group; shells start background jobs with it ignored."""
    product = run(free_port(), "--no-demo")
    processes = family(product)

    os.killpg(product.process.running.pid, signal.SIGINT)

    assert product.process.running.wait(15) == 0
    wait_until(lambda: all_gone(processes), within=5, what="the end of all processes")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help with this is Linux's")
def test_run_leaves_nothing_behind_when_it_is_killed(run):
    product = run(free_port(), "--no-demo")
    processes = family(product)

    product.process.running.kill()
    product.process.running.wait()

    wait_until(lambda: all_gone(processes), within=20, what="the end of all processes")


def test_run_starts_a_dead_worker_again(run):
    product = run(free_port(), "--no-demo")
    worker = child(product, "celery")

    os.killpg(worker.pid, signal.SIGKILL)

    product.process.wait_for("The worker stopped (SIGKILL). Starting it again.")
    assert child(product, "celery").pid != worker.pid
    assert answers(f"{product.url}/healthz")


def test_run_starts_a_dead_web_server_again(run):
    product = run(free_port(), "--no-demo")

    os.killpg(child(product, "granian").pid, signal.SIGKILL)

    product.process.wait_for("The web server stopped (SIGKILL). Starting it again.")
    wait_until(lambda: answers(f"{product.url}/healthz"), what="the web server")


def test_run_again_keeps_the_data_and_loads_no_demo_into_it(run, folder):
    port = free_port()
    first = run(port, "--no-demo")
    first.process.stop()
    with sqlite3.connect(folder / "db.sqlite3") as database:
        database.execute(
            "INSERT INTO accounts_user (id, email, name, password, is_active, created_at, language, preferences) "
            "VALUES ('0f0e0d0c0b0a09080706050403020100', 'rita@mail.example.org', 'Rita', '!', 1, '2026-03-02 09:00', "
            "'', '{}')"
        )
    database.close()
    secrets = {path.name: path.read_bytes() for path in (folder / "secrets").iterdir()}

    second = run(port)

    assert "demo" not in second.process.said()
    assert people(folder) == ["rita@mail.example.org"]
    assert {path.name: path.read_bytes() for path in (folder / "secrets").iterdir()} == secrets


def test_run_refuses_a_port_that_is_taken(folder, loopback):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        sentence = refused(folder, "--port", str(port))

    assert sentence.startswith(f"CommandError: Port {port} is taken by another program.")
    assert f"make run PORT={port + 1} DATA_DIR=var-{port + 1}" in sentence


def test_run_refuses_data_of_another_address(folder):
    folder.mkdir()
    (folder / "site_url").write_text("http://localhost:8000\n", encoding="utf-8")

    sentence = refused(folder, "--port", "8123")

    assert f"The badges in {folder} were made for http://localhost:8000" in sentence
    assert "make run PORT=8123 DATA_DIR=var-8123" in sentence


def test_run_serves_data_of_a_former_address_and_remembers_both(run, folder):
    """docs/operating.md, “Moving to another address”."""
    port = free_port()
    folder.mkdir()
    (folder / "site_url").write_text("http://old.example.org\n", encoding="utf-8")

    product = run(port, "--no-demo", FORMER_SITE_URLS="http://old.example.org")

    assert answers(f"{product.url}/healthz")
    assert (folder / "site_url").read_text(encoding="utf-8") == f"http://localhost:{port}\nhttp://old.example.org\n"
    product.process.stop()
    assert "were made for http://old.example.org" in refused(folder, "--port", str(port))


def test_run_refuses_a_folder_that_is_in_use(run, folder):
    product = run(free_port(), "--no-demo")

    sentence = refused(folder, SITE_URL=product.url)

    assert (
        sentence == f"CommandError: badgeserver is already running on {folder}: open {product.url}/ or stop it first.\n"
    )


@pytest.mark.parametrize("port", ["0", "70000", "-1"])
def test_run_refuses_a_port_that_cannot_be(folder, port):
    assert refused(folder, "--port", port) == f"CommandError: PORT is {port}. Choose a number from 1 to 65535.\n"


def test_run_refuses_production(folder):
    sentence = refused(
        folder,
        SITE_URL="https://badges.example.org",
        DATABASE_URL="postgres://a@b.example.org/c",
        REDIS_URL="redis://r.example.org",
        EMAIL_URL="smtp://m.example.org",
        SECRET_KEY="secret",
        KEY_ENCRYPTION_KEY="A" * 43 + "=",
    )

    assert sentence.startswith("CommandError: “manage.py run” is for trying badgeserver out")
    assert sentence.endswith("unset DATABASE_URL, REDIS_URL, EMAIL_URL, SECRET_KEY, KEY_ENCRYPTION_KEY\n")
