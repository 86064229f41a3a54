"""The server moves, or an issuer takes a host of its own: what the validators say of badges from before and after."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from assertions.actions.award import AwardFields, award_badge
from assertions.models import Assertion
from badges.models import BadgeClass
from badgeserver.openbadges.fetching import Fetched
from badgeserver.openbadges.report import Verdict
from badgeserver.openbadges.verification import verify
from issuers.actions.domains import start_hosting, stop_hosting
from issuers.actions.signing_keys import rotate_signing_key
from issuers.documents import current_origin
from tests.conformance.judge import judge_credential, judge_independently
from tests.factories.badges import SvgBadgeClassFactory
from tests.factories.issuers import DomainFactory

pytestmark = [pytest.mark.conformance, pytest.mark.django_db(transaction=True)]

NOW = datetime.now(tz=UTC).replace(microsecond=0)  # validators ask the clock themselves

OLD, NEW, OWN = "https://old.example.org", "https://new.example.org", "https://badges.acme.example"


@pytest.fixture(autouse=True)
def at_old(settings) -> None:
    """Where the server was when the cast was made."""
    settings.SITE_URL = OLD
    settings.ALLOWED_HOSTS = ["old.example.org", "localhost", "127.0.0.1"]


@pytest.fixture
def move(settings) -> Callable[[], None]:
    """Do what docs/operating.md says under “Moving to another address”."""

    def act() -> None:
        settings.SITE_URL, settings.FORMER_SITE_URLS = NEW, [OLD]
        settings.ALLOWED_HOSTS = ["new.example.org", "old.example.org", "localhost", "127.0.0.1"]

    return act


class Redirecting(BaseHTTPRequestHandler):
    """The old host, which somebody else runs now: it sends everybody on to the new one."""

    def do_GET(self) -> None:
        self.send_response(308)
        self.send_header("Location", f"{NEW}{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def redirecting() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def make_award(ada) -> Callable[[BadgeClass, str], Assertion]:
    def award(badge_class: BadgeClass, email: str) -> Assertion:
        fields = AwardFields(badge_class=badge_class, email=email, issued_at=NOW - timedelta(days=3))
        return Assertion.objects.get(pk=award_badge(fields=fields, by=ada, at=NOW).pk)

    return award


class Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """Follow nothing: the next address is mapped too."""


def asking(public: Mapping[str, str]) -> Callable[[str], Fetched]:
    """Return a fetch that finds public addresses on this machine, and follows redirects among them."""

    def fetch(url: str) -> Fetched:
        parts = urlsplit(url)
        goal = public[f"{parts.scheme}://{parts.netloc}"]
        request = urllib.request.Request(  # noqa: S310 -- this machine
            f"{goal}{parts.path}",
            headers={"Host": parts.netloc, "X-Forwarded-Proto": "https", "Accept": "application/ld+json"},
        )
        try:
            with urllib.request.build_opener(Still()).open(request, timeout=20) as answer:
                return Fetched(url, answer.status, answer.headers.get("Content-Type", ""), answer.read())
        except urllib.error.HTTPError as other:
            where = other.headers.get("Location")
            return fetch(where) if where else Fetched(url, other.code, "", other.read())

    return fetch


def id_of(assertion: Assertion) -> str:
    return f"{assertion.origin}/public/assertions/{assertion.pk}"


def everybody_says(judge, assertion: Assertion, public: Mapping[str, str]) -> dict[str, object]:
    """What the validators and our own verifier think of an award, hosted, signed, baked, and as 3.0."""
    fetch = asking(public)
    forms: dict[str, str | bytes] = {
        "hosted": id_of(assertion),
        "jws": assertion.jws,
        "png": fetch(f"{id_of(assertion)}/image.png").body,
    }
    said: dict[str, object] = {}
    for form, source in forms.items():
        verdict = judge(source, public=public)
        said[form] = (verdict.valid, verdict.complaints, verify(source, fetch=fetch, now=NOW).verdict)
    said["independent"] = [
        judge_independently(source, public=public).valid for source in (assertion.jws, assertion.hosted_json)
    ]
    said["3.0"] = judge_credential(assertion.credential_jwt, public=public).errors
    return said


FINE = {
    "hosted": (True, [], Verdict.VALID),
    "jws": (True, [], Verdict.VALID),
    "png": (True, [], Verdict.VALID),
    "independent": [True, True],
    "3.0": [],
}


def test_award_of_the_old_address_is_valid_after_the_move(judge, live_server, make_award, badge, move):
    award = make_award(badge, "first@mail.example.org")
    move()

    assert award.origin == OLD
    assert everybody_says(judge, award, {OLD: live_server.url, NEW: live_server.url}) == FINE


def test_award_of_the_old_address_is_valid_through_a_redirecting_host(
    judge, live_server, redirecting, make_award, badge, move
):
    award = make_award(badge, "first@mail.example.org")
    move()
    public = {OLD: redirecting, NEW: live_server.url}

    fetched = judge(id_of(award), public=public).opinions["official"].fetched
    assert {"url": id_of(award), "status": 308, "type": ""} in fetched
    assert everybody_says(judge, award, public) == FINE


def test_new_award_of_an_old_issuer_is_valid_under_the_new_address(judge, live_server, make_award, badge, ada, move):
    """Issuer and badge lie under the old address, the award under the new one: allowedOrigins permits it."""
    move()
    award = make_award(badge, "first@mail.example.org")
    rotate_signing_key(issuer=badge.issuer, by=ada, at=NOW)
    later = make_award(badge, "second@mail.example.org")
    public = {OLD: live_server.url, NEW: live_server.url}

    assert json.loads(award.hosted_json)["badge"].startswith(OLD)
    for one in (award, later):
        assert one.origin == NEW
        assert everybody_says(judge, one, public) == FINE


def test_new_badge_of_an_old_issuer_is_valid_under_the_new_address(judge, live_server, make_award, academy, move):
    move()
    badge = SvgBadgeClassFactory.create(issuer=academy, origin=current_origin(academy))
    award = make_award(badge, "first@mail.example.org")

    assert (award.origin, json.loads(award.hosted_json)["badge"]) == (NEW, f"{NEW}/public/badges/{badge.pk}")
    assert everybody_says(judge, award, {OLD: live_server.url, NEW: live_server.url}) == FINE


def test_award_elsewhere_is_refused_though_the_issuer_has_two_hosts(judge, live_server, make_award, badge, move):
    """The profile allows its own hosts and no other: the same documents under a strange name are no badge of it."""
    move()
    award = make_award(badge, "first@mail.example.org")
    strange = "https://strange.example.org"
    forged = json.loads(award.hosted_json.replace(id_of(award), f"{strange}/public/assertions/{award.pk}"))
    Assertion.objects.filter(pk=award.pk).update(hosted_json=json.dumps(forged))

    assert judge(
        f"{strange}/public/assertions/{award.pk}",
        public={OLD: live_server.url, NEW: live_server.url, strange: f"{live_server.url}"},
    ).refused


def test_badges_under_an_issuers_own_host_are_valid_while_it_is_used_and_after(
    judge, live_server, make_award, academy, badge, ada
):
    public = {OLD: live_server.url, OWN: live_server.url}
    before = make_award(badge, "first@mail.example.org")
    domain = DomainFactory.create(issuer=academy, name="badges.acme.example")
    start_hosting(domain=domain, by=ada, at=NOW, fetch=asking(public))
    new_badge = SvgBadgeClassFactory.create(issuer=academy, origin=current_origin(academy))
    under_it = [make_award(badge, "second@mail.example.org"), make_award(new_badge, "third@mail.example.org")]
    stop_hosting(domain=domain, by=ada, at=NOW)
    after = make_award(badge, "fourth@mail.example.org")

    assert [award.origin for award in (before, *under_it, after)] == [OLD, OWN, OWN, OLD]
    for award in under_it:
        assert everybody_says(judge, award, public) == FINE
    for award in (before, after):
        assert judge(id_of(award), public=public).complaints == []


def test_profile_with_two_hosts_is_valid(judge, live_server, academy, move):
    move()

    verdict = judge(f"{OLD}/public/issuers/{academy.pk}", public={OLD: live_server.url, NEW: live_server.url})

    assert (verdict.valid, verdict.complaints) == (True, [])
