"""The production shape, without containers: the very files and commands of Dockerfile and docker-compose.yml.

What the image would hold is copied into a folder; migrate, web server, worker and beat run from there as their
services say, against a real PostgreSQL, a real Redis and a mail server, and do the main job over HTTP.
"""

import contextlib
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import psycopg2
import pytest
import requests
import yaml
from cryptography.fernet import Fernet
from django.db import connection

from badgeserver.openbadges.baking import unbake
from tests import scratch
from tests.house.source import ROOT
from tests.services import Process, SmtpSink, answers, free_port, plain_environment, wait_until

pytestmark = [pytest.mark.redis, pytest.mark.postgres]


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]


@pytest.fixture(scope="module")
def dockerfile() -> str:
    """The second stage, whose lines make the image."""
    return (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").rsplit("\nFROM ", 1)[1]


@pytest.fixture(scope="module")
def image(dockerfile, tmp_path_factory) -> Path:
    """What is in /app of the image."""
    app = tmp_path_factory.mktemp("image") / "app"
    app.mkdir()
    for source, target in re.findall(r"^COPY (?!--from)(\S+) (\S+)$", dockerfile, flags=re.MULTILINE):
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, app / target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, app / target)
    return app


@pytest.fixture(scope="module")
def path() -> str:
    """The environment's programs first, as /venv/bin is in the image."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(scope="module")
def collected(dockerfile, image, path, tmp_path_factory) -> Path:
    """The image after its last RUN: with its static files."""
    (line,) = re.findall(r"^RUN (.*collectstatic.*)$", dockerfile, flags=re.MULTILINE)
    data = tmp_path_factory.mktemp("build")
    environment = plain_environment(PATH=path, PRODUCTION="1", DATA_DIR=str(data))
    subprocess.run(["sh", "-c", line], cwd=image, env=environment, check=True, timeout=120)
    assert list(data.iterdir()) == []
    return image


@pytest.fixture
def database(db) -> Iterator[str]:
    """An empty database of its own on the server of the tests; its URL."""
    name = f"{scratch.DATABASE}_compose"
    host = connection.settings_dict["OPTIONS"]["host"]
    with contextlib.closing(psycopg2.connect(dbname="postgres", user="postgres", host=host)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
            yield f"postgres://postgres@/{name}?host={host}"
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@dataclass
class Production:
    """The services of docker-compose.yml as processes of this machine."""

    compose: dict
    app: Path
    logs: Path
    environment: dict[str, str]
    running: dict[str, Process] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.environment["SITE_URL"]

    def environment_of(self, service: str) -> dict[str, str]:
        """The service's own environment, except where this machine has its own place."""
        said = {name: str(value) for name, value in self.compose[service]["environment"].items()}
        return {**said, **self.environment}

    def run(self, service: str) -> None:
        """Run a service that comes to an end, such as the migration."""
        command = self.compose[service]["command"]
        subprocess.run(command, cwd=self.app, env=self.environment_of(service), check=True, timeout=120)

    def start(self, service: str) -> Process:
        log = self.logs / f"{service}.log"
        process = Process(self.compose[service]["command"], self.environment_of(service), log, folder=self.app)
        self.running[service] = process.start()
        return process

    def is_healthy(self, service: str) -> bool:
        """Ask as Docker would."""
        (kind, command) = self.compose[service]["healthcheck"]["test"]
        assert kind == "CMD-SHELL"
        command = command.replace("$$", "$").replace("/data", self.environment["DATA_DIR"])
        environment = {**self.environment_of(service), "HOSTNAME": socket.gethostname()}
        return subprocess.run(["sh", "-c", command], cwd=self.app, env=environment, check=False).returncode == 0


@pytest.fixture
def production(compose, collected, database, redis_server, smtp_sink, path, tmp_path) -> Iterator[Production]:
    port = free_port()
    data = tmp_path / "data"
    data.mkdir()
    environment = plain_environment(
        PATH=path,
        SITE_URL=f"http://localhost:{port}",
        DATABASE_URL=database,
        # Another database of that Redis than the tests beside this one use.
        REDIS_URL=redis_server.removesuffix("/0") + "/1",
        EMAIL_URL=smtp_sink.url,
        SECRET_KEY="0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        KEY_ENCRYPTION_KEY=Fernet.generate_key().decode(),
        MAIL_FROM="Acme Badges <badges@acme.example.org>",
        DATA_DIR=str(data),
        GRANIAN_HOST="127.0.0.1",
        GRANIAN_PORT=str(port),
    )
    production = Production(compose, collected, tmp_path, environment)
    yield production
    for process in production.running.values():
        process.kill()


class FormReader(HTMLParser):
    """Collects what a browser would send for each form of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        elif self.forms and given.get("name"):
            if tag == "textarea":
                self._textarea = given["name"]
                self.forms[-1][self._textarea] = ""
            elif tag == "input" and (given.get("type") not in {"radio", "checkbox", "file"} or "checked" in given):
                self.forms[-1][given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1][self._textarea] += data.removeprefix("\n")


class Visitor:
    """A person with a browser that knows forms and cookies, and no more."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()

    def submit(self, path: str, /, **values: str) -> requests.Response:
        """Open a page, fill in the form that has these fields, send it, and follow where it leads."""
        page = self.session.get(f"{self.url}{path}", timeout=30)
        assert page.status_code == 200, page.text
        (form,) = [form for form in FormReader(page.text).forms if set(values) <= set(form)]
        answer = self.session.post(page.url, data={**form, **values}, headers={"Referer": page.url}, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer


def test_compose_runs_the_whole_product(production, smtp_sink: SmtpSink):
    production.run("migrate")
    seeded = subprocess.run(
        ["python", "manage.py", "seed_demo", "--json"],
        cwd=production.app,
        env=production.environment_of("web"),
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    demo = json.loads(seeded.stdout)
    for service in ("web", "worker", "beat"):
        production.start(service)
    wait_until(lambda: answers(f"{production.url}/healthz"), what="the web server")
    production.running["worker"].wait_for(" ready.")
    assert production.is_healthy("worker")
    assert production.is_healthy("beat")

    sam = Visitor(production.url)
    account = demo["sign_in"]["awarder"]
    home = sam.submit("/accounts/login/", login=account["email"], password=account["password"])
    workspace = "/" + home.url.removeprefix(f"{production.url}/").rstrip("/")
    badge = demo["badge"].rsplit("/", 1)[1]
    awarded = sam.submit(f"{workspace}/badges/{badge}/award/", email="rita@mail.example.org", name="Rita Castle")
    assertion = re.search(r"/awards/([0-9a-f-]{36})/", awarded.url)[1]

    (mail,) = smtp_sink.wait(1)
    assert (mail["To"], mail["From"]) == ("rita@mail.example.org", "Acme Badges <badges@acme.example.org>")
    public = f"{production.url}/public/assertions/{assertion}"
    hosted = requests.get(public, headers={"Accept": "application/ld+json"}, timeout=30)
    assert (hosted.status_code, hosted.json()["id"]) == (200, public)
    baked = requests.get(f"{public}/image.png", timeout=30)
    assert (baked.status_code, baked.headers["Content-Type"]) == (200, "image/png")
    assert unbake(baked.content) == requests.get(f"{public}.jws", timeout=30).text

    sam.submit(f"{workspace}/awards/{assertion}/revoke/", reason="Awarded by mistake")

    revoked = requests.get(public, headers={"Accept": "application/ld+json"}, timeout=30)
    assert (revoked.status_code, revoked.json()["revoked"]) == (410, True)
    assert requests.get(f"{public}/image.png", timeout=30).status_code == 410
    assert [message["To"] for message in smtp_sink.wait(2)] == ["rita@mail.example.org"] * 2

    ended = {service: production.running[service].stop(within=60) for service in ("web", "beat", "worker")}
    assert ended == {"web": 0, "beat": 0, "worker": 0}


def test_pages_of_production_bring_their_static_files(production):
    production.run("migrate")
    production.start("web")
    wait_until(lambda: answers(f"{production.url}/healthz"), what="the web server")

    page = requests.get(f"{production.url}/accounts/login/", timeout=30)
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', page.text)

    assert sheets
    for sheet in sheets:
        answer = requests.get(f"{production.url}{sheet}", timeout=30)
        assert (answer.status_code, "immutable" in answer.headers["Cache-Control"]) == (200, True), sheet
    assert requests.get(f"{production.url}/dev/mailbox/", timeout=30).status_code == 404


def test_compose_gives_the_services_what_they_need(compose):
    ours = ["migrate", "web", "worker", "beat"]

    assert sorted(compose) == sorted([*ours, "postgres", "redis"])
    assert {service: compose[service]["image"] for service in ours} == dict.fromkeys(ours, "badgeserver")
    assert {service: compose[service]["env_file"] for service in ours} == dict.fromkeys(ours, ".env")
    assert {name for service in ours for name in compose[service]["environment"]} == {
        "DATABASE_URL",
        "REDIS_URL",
        "DATA_DIR",
        "PRODUCTION",
    }
    assert {service: "ports" in compose[service] for service in compose if service != "web"} == {
        service: False for service in compose if service != "web"
    }
    assert [port.startswith("127.0.0.1:") for port in compose["web"]["ports"]] == [True]
    assert {service for service in compose if compose[service]["restart"] == "unless-stopped"} == {*compose} - {
        "migrate"
    }
    assert all(compose[service]["healthcheck"] for service in compose if service != "web")


def test_dockerfile_runs_what_compose_runs(compose, dockerfile):
    """The image alone serves, too."""
    (command,) = re.findall(r"^CMD (\[.*\])$", dockerfile, flags=re.MULTILINE)

    assert json.loads(command) == compose["web"]["command"]


def test_image_leaves_out_what_it_does_not_need(image):
    assert {path.name for path in image.iterdir()} - {"staticfiles"} == {
        *("assertions", "badges", "badgeserver", "issuers", "manage.py", "static", "templates"),
    }
    assert not shlex.split((ROOT / ".dockerignore").read_text(encoding="utf-8"), comments=True)[0].startswith("!")
