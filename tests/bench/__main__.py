"""Measures what we promise to be fast, each beside its baseline, in turns, in the same run.

python -m tests.bench [--seconds 4] [--rounds 3]
"""

import argparse
import contextlib
import itertools
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import django

ROOT = Path(__file__).resolve().parent.parent.parent

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings  # noqa: E402 -- Django must be set up first
from django.core.files.base import ContentFile  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from assertions.actions.award import AwardFields, award_badge  # noqa: E402
from assertions.actions.finish import finish_assertion  # noqa: E402
from assertions.management.demo.designs import DESIGNS  # noqa: E402
from assertions.models import Assertion  # noqa: E402
from badges.designer.compose import draw_svg  # noqa: E402
from badges.designer.raster import draw_png  # noqa: E402
from badges.designer.starting import STARTING_DESIGNS  # noqa: E402
from badgeserver.celery import app  # noqa: E402
from badgeserver.openbadges import jws  # noqa: E402
from badgeserver.openbadges.baking import bake  # noqa: E402
from badgeserver.pictures import rasterize  # noqa: E402
from issuers.documents import private_key  # noqa: E402
from issuers.models import Organisation  # noqa: E402
from tests.bench import crowd, skills  # noqa: E402
from tests.bench.load import measure  # noqa: E402
from tests.conformance.judge import install, python_of  # noqa: E402
from tests.factories.badges import SvgBadgeClassFactory  # noqa: E402
from tests.factories.issuers import MembershipFactory, SigningKeyFactory  # noqa: E402

GRANIAN = [
    *["--interface", "wsgi", "--host", "127.0.0.1", "--log-level", "error"],
    *["--workers", "2", "--blocking-threads", "2"],
]


def rate(act: Callable[[], object], seconds: float) -> float:
    """Return how often `act` runs in a second."""
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        act()
        count += 1
    return count / (time.perf_counter() - started)


def in_turns(ours: Callable[[], float], baseline: Callable[[], float], rounds: int) -> tuple[float, float, float]:
    """Measure both in turns; return the medians of ours, of the baseline, and of their ratios by round.

    In turns, because these machines are noisy: what disturbs one round disturbs both halves of it.
    """
    pairs = [(ours(), baseline()) for _ in range(rounds)]
    return (
        statistics.median(pair[0] for pair in pairs),
        statistics.median(pair[1] for pair in pairs),
        statistics.median(pair[0] / pair[1] for pair in pairs),
    )


def report(what: str, ours: float, versus: str, baseline: float, ratio: float) -> None:
    sys.stdout.write(f"{what:<34}{ours:>10,.0f}/s   {versus:<38}{baseline:>10,.0f}/s   ratio {ratio:6.2f}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def served(application: str, env: dict[str, str]) -> Iterator[int]:
    """Serve a WSGI application with the web server of the product; yield its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", *GRANIAN, "--port", str(port), application]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | env, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if time.monotonic() > deadline:
                raise RuntimeError(f"{application} did not start.")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def production_env(database: str) -> dict[str, str]:
    """The environment of a production web process over the database of this run."""
    host = settings.DATABASES["default"]["OPTIONS"]["host"]
    return {
        "DJANGO_SETTINGS_MODULE": "badgeserver.settings",
        "DATABASE_URL": f"postgres://postgres@/{database}?host={quote(str(host), safe='')}",
        "REDIS_URL": "redis://127.0.0.1:1/0",  # never asked on this path
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "SECRET_KEY": settings.SECRET_KEY,
        "KEY_ENCRYPTION_KEY": ",".join(settings.KEY_ENCRYPTION_KEYS),
        "SITE_URL": "http://localhost:8000",
        "DATA_DIR": str(settings.DATA_DIR),
    }


def bench_hosted_json(assertion: Assertion, seconds: float, rounds: int) -> None:
    path = urlsplit(f"/public/assertions/{assertion.pk}").path
    database = str(connection.settings_dict["NAME"])
    with (
        served("badgeserver.wsgi:application", production_env(database)) as port,
        served("tests.bench.bare:application", {}) as bare,
    ):
        urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20).read()  # warm
        ours, baseline, ratio = in_turns(
            lambda: measure("127.0.0.1", port, path, seconds=seconds).per_second,
            lambda: measure("127.0.0.1", bare, "/", seconds=seconds).per_second,
            rounds,
        )
    report("hosted assertion JSON", ours, "bare WSGI reply, same server", baseline, ratio)


def bench_bakes(assertion: Assertion, seconds: float, rounds: int) -> None:
    install("official")
    python = python_of("official")
    pictures = {"PNG": assertion.badge_class.image_png.name, "SVG": assertion.badge_class.image.name}
    for form, name in pictures.items():
        with default_storage.open(name) as file:
            data = file.read()
        with tempfile.TemporaryDirectory() as folder:
            picture, text = Path(folder) / f"badge.{form.lower()}", Path(folder) / "text"
            picture.write_bytes(data)
            text.write_text(assertion.jws, encoding="utf-8")
            bakery = [str(python), "-W", "ignore", str(ROOT / "tests/bench/bakery.py")]
            command = [*bakery, str(picture), str(text), str(seconds)]
            ours, baseline, ratio = in_turns(
                lambda data=data: rate(lambda: bake(data, assertion.jws), seconds),
                lambda command=command: float(subprocess.check_output(command, text=True)),
                rounds,
            )
        report(f"bake {form} ({len(data) / 1000:.0f} kB)", ours, "openbadges-bakery, same picture", baseline, ratio)


def bench_awards(assertion: Assertion, seconds: float, rounds: int) -> None:
    badge_class, key = assertion.badge_class, private_key(assertion.signing_key)
    payload, actor = assertion.signed_json.encode(), assertion.issuer.organisation.memberships.get().user
    number = iter(range(10_000_000))

    def award() -> None:
        now = timezone.now()
        fields = AwardFields(badge_class=badge_class, email=f"person{next(number)}@example.org", issued_at=now)
        finish_assertion(assertion=award_badge(fields=fields, by=actor, at=now), at=now)

    ours, baseline, ratio = in_turns(
        lambda: rate(award, seconds), lambda: rate(lambda: jws.sign(payload, key), seconds), rounds
    )
    report("finished awards (row, JWS, image)", ours, "raw RS256 signatures, same key", baseline, ratio)


def bench_skill_search(assertion: Assertion, seconds: float, rounds: int) -> None:
    """Whole answers of the search while typing, among as many skills as ESCO has."""
    organisation = assertion.issuer.organisation
    skills.large_framework(organisation)
    client = _owner_at_home(organisation)
    _bench_typing(
        "search of 14,000 skills (HTTP)",
        lambda typed: skills.search(client, organisation, typed),
        skills.TYPED,
        skills.bare_scan,
        (seconds, rounds),
    )


def bench_palette(assertion: Assertion, seconds: float, rounds: int) -> None:
    """Whole answers of the palette, in an organisation of 20,000 people and awards; after the skills are there."""
    organisation = assertion.issuer.organisation
    crowd.large_organisation(assertion)
    client = _owner_at_home(organisation)
    for what, texts in (("palette, words (HTTP)", crowd.WORDS), ("palette, one letter (HTTP)", crowd.LETTERS)):
        _bench_typing(
            what,
            lambda typed: crowd.search(client, organisation, typed),
            texts,
            crowd.bare_scans,
            (seconds, rounds),
        )


def _owner_at_home(organisation: Organisation) -> Client:
    client = Client(SERVER_NAME=urlsplit(settings.SITE_URL).hostname)
    client.force_login(organisation.memberships.get().user)
    return client


def _bench_typing(
    what: str, ask: Callable[[str], None], texts: list[str], baseline: Callable[[], None], how: tuple[float, int]
) -> None:
    seconds, rounds = how
    typed = itertools.cycle(texts)
    ours, bare, ratio = in_turns(
        lambda: rate(lambda: ask(next(typed)), seconds), lambda: rate(baseline, seconds), rounds
    )
    report(what, ours, "bare LIKE over the same rows", bare, ratio)
    median, slow = skills.waits(ask, texts)
    sys.stdout.write(f"{'':<34}median {median:.0f} ms, 95 of 100 within {slow:.0f} ms\n")


_PLAIN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600"><linearGradient id="g"><stop stop-color="#f00"/>'
    '<stop offset="1" stop-color="#00f"/></linearGradient><path d="M0 0H600V600H0Z" fill="url(#g)"/></svg>'
)


def bench_designs(seconds: float, rounds: int) -> None:
    """Draw the twelve designs to start from, one after the other, to 600 pixels."""
    several = itertools.cycle(STARTING_DESIGNS)
    ours, baseline, ratio = in_turns(
        lambda: rate(lambda: draw_png(draw_svg(next(several).design)), seconds),
        lambda: rate(lambda: draw_png(_PLAIN), seconds),
        rounds,
    )
    report("designed badges to PNG (600 px)", ours, "resvg, one plain gradient of 600 px", baseline, ratio)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4, help="seconds per measurement")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each, in turns")
    options = parser.parse_args()
    old_name = connection.creation.create_test_db(verbosity=0)
    try:
        app.conf.task_always_eager = False
        app.conf.broker_url = "memory://"
        assertion = one_award()
        bench_hosted_json(assertion, options.seconds, options.rounds)
        bench_bakes(assertion, options.seconds, options.rounds)
        bench_awards(assertion, options.seconds, options.rounds)
        bench_skill_search(assertion, options.seconds, options.rounds)
        bench_palette(assertion, options.seconds, options.rounds)
        bench_designs(options.seconds, options.rounds)
    finally:
        connection.creation.destroy_test_db(old_name, verbosity=0)


def one_award() -> Assertion:
    """Return a finished award of a badge with the art of the demo, as SVG and PNG."""
    svg = draw_svg(DESIGNS["reading-operations-data-2"]).encode()
    badge_class = SvgBadgeClassFactory.create()
    badge_class.image.save("badge.svg", ContentFile(svg), save=False)
    badge_class.image_png.save("badge.png", ContentFile(rasterize(svg)), save=False)
    badge_class.save()
    SigningKeyFactory.create(issuer=badge_class.issuer)
    owner = MembershipFactory.create(organisation=badge_class.issuer.organisation).user
    now = timezone.now()
    fields = AwardFields(badge_class=badge_class, email="holder@example.org", issued_at=now)
    return finish_assertion(assertion=award_badge(fields=fields, by=owner, at=now), at=now)


if __name__ == "__main__":
    main()
