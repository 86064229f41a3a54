"""Domains: looked up at a name server and a web server that the test itself starts on this machine."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import dns.rcode
import pytest

from badgeserver.audit.models import AuditEvent
from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.fetching import Fetched
from issuers.actions.domains import (
    MAX_DOMAINS,
    DomainInUse,
    DomainNotReady,
    DomainRefused,
    add_domain,
    check_domain,
    remove_domain,
    start_hosting,
    stop_hosting,
)
from issuers.documents import confirmation_of, current_origin, issuer_id, profile_json
from issuers.models import Domain
from issuers.queries import is_answered, own_origins
from tests.badgeserver.test_dns import NameServer, records
from tests.factories.issuers import DomainFactory, IssuerFactory

DAY = timedelta(days=1)


@pytest.fixture
def names(loopback, settings) -> Iterator[NameServer]:
    """A name server that knows nothing yet."""
    with NameServer() as started:
        settings.DNS_SERVERS = [f"127.0.0.1:{started.server_address[1]}"]
        started.reply = records(code=dns.rcode.NXDOMAIN)
        thread = threading.Thread(target=started.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield started
        started.shutdown()
        thread.join()


class Website(ThreadingHTTPServer):
    """The website of every domain: `pages` are what it answers, by host and path. With 308 the text is where to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.pages: dict[str, tuple[int, str]] = {}

    def fetch(self, url: str) -> Fetched:
        """Ask as the world would; the host is on this machine."""
        parts = urlsplit(url)
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.server_port}{parts.path}", headers={"Host": parts.netloc}
        )
        try:
            with urllib.request.build_opener(Still()).open(request, timeout=10) as answer:
                return Fetched(url, answer.status, "text/plain", answer.read())
        except urllib.error.HTTPError as refusal:
            where = refusal.headers.get("Location")
            return self.fetch(where) if where else Fetched(url, refusal.code, "text/plain", refusal.read())


class Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """Follow nothing: the address that answers in the end is to be known."""


class Page(BaseHTTPRequestHandler):
    server: Website

    def do_GET(self) -> None:
        status, text = self.server.pages.get(f"{self.headers['Host']}{self.path}", (404, "Nothing here"))
        self.send_response(status)
        if status == 308:
            self.send_header("Location", text)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def website(loopback) -> Iterator[Website]:
    with Website() as started:
        thread = threading.Thread(target=started.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield started
        started.shutdown()
        thread.join()


@pytest.fixture
def domain(academy) -> Domain:
    """Waits for its proof."""
    made: Domain = DomainFactory.create(issuer=academy, name="example.org", proved_at=None, proved_by="")
    return made


def unreachable(url: str) -> Fetched:
    raise FetchFailed("example.org could not be reached.")


def proves(issuer) -> str:
    return f'"openbadges-issuer={issuer_id(issuer)}"'


# --- Adding -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["example.org", " Example.ORG. ", "https://example.org/about", "http://example.org"])
def test_add_domain_understands_what_people_type(academy, ada, now, typed):
    domain = add_domain(issuer=academy, name=typed, by=ada, at=now)

    assert (domain.name, domain.proved_at, domain.created_at) == ("example.org", None, now)
    assert AuditEvent.objects.get().type == "issuer.domain.added"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "localhost",
        "192.0.2.1",
        "[2001:db8::1]",
        "example.org:8443",
        "ex ample.org",
        "a\x00b.org",
        "x" * 300,
        "..",
        "-a.org",
        "1.2",
    ],
)
def test_add_domain_refuses_what_is_no_domain(academy, ada, now, typed):
    with pytest.raises(DomainRefused, match=r"such as example\.org") as refusal:
        add_domain(issuer=academy, name=typed, by=ada, at=now)

    assert refusal.value.field == "name"
    assert Domain.objects.count() == 0


def test_add_domain_writes_letters_of_other_scripts_in_punycode(academy, ada, now):
    assert add_domain(issuer=academy, name="schüle.example.org", by=ada, at=now).name == "xn--schle-mva.example.org"


@pytest.mark.parametrize("typed", ["badges.example.org", "old.example.org"])
def test_add_domain_refuses_the_address_of_the_server(academy, ada, now, settings, typed):
    settings.FORMER_SITE_URLS = ["https://old.example.org"]

    with pytest.raises(DomainRefused, match="everybody here shares"):
        add_domain(issuer=academy, name=typed, by=ada, at=now)


def test_add_domain_refuses_a_second_and_too_many(academy, domain, ada, now):
    with pytest.raises(DomainRefused, match="stands in the list"):
        add_domain(issuer=academy, name="EXAMPLE.org", by=ada, at=now)
    DomainFactory.create_batch(MAX_DOMAINS - 1, issuer=academy)
    with pytest.raises(DomainRefused, match="at most 10"):
        add_domain(issuer=academy, name="example.net", by=ada, at=now)


def test_the_same_domain_may_confirm_two_issuers(academy, domain, ada, now):
    other = IssuerFactory.create(organisation=academy.organisation)

    assert add_domain(issuer=other, name="example.org", by=ada, at=now).issuer == other


# --- The proof ----------------------------------------------------------------------------------------------


def test_check_finds_the_record(domain, names, website, ada, now):
    names.reply = records('"v=spf1 -all"', proves(domain.issuer))

    checked = check_domain(domain=domain, by=ada, at=now, fetch=website.fetch)

    assert (checked.proved_at, checked.proved_by, checked.problem, checked.checked_at) == (now, "DNS", "", now)
    assert names.asked == ["_openbadges.example.org. IN TXT"]
    event = AuditEvent.objects.get()
    assert (event.type, event.subject_name, event.details) == (
        "issuer.domain.proved",
        "example.org",
        {"issuer": "Acme Academy", "method": "TXT record"},
    )
    assert confirmation_of(domain.issuer).domain == "example.org"


@pytest.mark.parametrize("start", ["", "# our issuers\r\n", "\ufeff"])
def test_check_finds_the_file(domain, names, website, ada, now, start):
    text = f"{start}{issuer_id(domain.issuer)}  \r\nhttps://badges.example.net/2\n"
    website.pages["example.org/.well-known/openbadges-issuer.txt"] = (200, text)

    checked = check_domain(domain=domain, by=ada, at=now, fetch=website.fetch)

    assert (checked.proved_at, checked.proved_by) == (now, "FILE")


@pytest.mark.parametrize(
    ("record", "page", "problem"),
    [
        (
            '"openbadges-issuer=https://badges.example.org/public/issuers/1"',
            (404, ""),
            (
                "The TXT record at _openbadges.example.org says something else. There is no file at "
                "https://example.org/.well-known/openbadges-issuer.txt."
            ),
        ),
        (
            "",
            (200, "Welcome to our website"),
            (
                "There is no TXT record at _openbadges.example.org. The file at "
                "https://example.org/.well-known/openbadges-issuer.txt says something else."
            ),
        ),
        (
            "",
            (503, ""),
            (
                "There is no TXT record at _openbadges.example.org. "
                "https://example.org/.well-known/openbadges-issuer.txt answers 503."
            ),
        ),
    ],
)
def test_check_says_what_was_seen_instead(domain, names, website, ada, now, record, page, problem):
    names.reply = records(record) if record else records(code=dns.rcode.NXDOMAIN)
    website.pages["example.org/.well-known/openbadges-issuer.txt"] = page

    checked = check_domain(domain=domain, by=ada, at=now, fetch=website.fetch)

    assert (checked.proved_at, checked.checked_at, checked.problem) == (None, now, problem)
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("host", "counts"), [("www.example.org", True), ("example.net", False), ("xexample.org", False)]
)
def test_check_follows_the_file_within_the_domain_alone(domain, names, website, ada, now, host, counts):
    website.pages["example.org/.well-known/openbadges-issuer.txt"] = (308, f"https://{host}/moved.txt")
    website.pages[f"{host}/moved.txt"] = (200, issuer_id(domain.issuer))

    checked = check_domain(domain=domain, by=ada, at=now, fetch=website.fetch)

    assert (checked.proved_at is not None) == counts


def test_check_believes_no_proof_of_another_issuer(domain, elsewhere_issuer, names, website, ada, now):
    names.reply = records(proves(elsewhere_issuer))

    assert check_domain(domain=domain, by=ada, at=now, fetch=website.fetch).proved_at is None


def test_proof_that_is_missing_for_seven_days_is_withdrawn(academy, names, website, now):
    domain = DomainFactory.create(issuer=academy, name="example.org", hosting_since=now)

    for day in range(7):
        domain = check_domain(domain=domain, by=None, at=now + day * DAY, fetch=website.fetch)
        assert (domain.proved_at is not None, domain.failing_since) == (True, now)
    domain = check_domain(domain=domain, by=None, at=now + 7 * DAY, fetch=website.fetch)

    assert (domain.proved_at, domain.proved_by, domain.failing_since) == (None, "", now)
    assert (domain.is_host, domain.hosted_until) == (False, now + 7 * DAY)
    assert list(AuditEvent.objects.order_by("pk").values_list("type", "actor_name")) == [
        ("issuer.domain.withdrawn", ""),
        ("issuer.domain.hosting_stopped", ""),
    ]
    assert confirmation_of(academy) is None
    assert is_answered("example.org")


def test_proof_that_comes_back_counts_from_anew(academy, names, website, now):
    domain = DomainFactory.create(issuer=academy, name="example.org", failing_since=now - 6 * DAY)
    names.reply = records(proves(academy))
    domain = check_domain(domain=domain, by=None, at=now, fetch=website.fetch)
    assert domain.failing_since is None

    names.reply = records(code=dns.rcode.NXDOMAIN)
    domain = check_domain(domain=domain, by=None, at=now + DAY, fetch=website.fetch)

    assert (domain.proved_at is not None, domain.failing_since) == (True, now + DAY)


def test_nobody_answering_is_no_missing_proof(academy, names, now):
    """Eight days of silence: the proof was there, and nobody said that it is gone."""
    domain = DomainFactory.create(issuer=academy, name="example.org")
    names.reply = records(code=dns.rcode.SERVFAIL)

    for day in range(9):
        domain = check_domain(domain=domain, by=None, at=now + day * DAY, fetch=unreachable)

    assert (domain.proved_by, domain.failing_since, domain.unseen_since) == ("DNS", None, now)
    assert "example.org could not be reached." in domain.problem


def test_sixty_days_of_silence_are_no_outage_any_more(academy, names, now):
    """A domain that was given up answers nothing for ever, and must not confirm anybody for ever."""
    domain = DomainFactory.create(issuer=academy, name="example.org", hosting_since=now)
    names.reply = records(code=dns.rcode.SERVFAIL)

    check_domain(domain=domain, by=None, at=now, fetch=unreachable)
    before = check_domain(domain=domain, by=None, at=now + 59 * DAY, fetch=unreachable)
    after = check_domain(domain=domain, by=None, at=now + 60 * DAY, fetch=unreachable)

    assert (before.proved_by, before.unseen_since) == ("DNS", now)
    assert (after.proved_at, after.failing_since, after.hosted_until) == (None, now, now + 60 * DAY)
    assert AuditEvent.objects.filter(type="issuer.domain.withdrawn").count() == 1


def test_file_that_nobody_serves_does_not_save_a_record_that_is_gone(academy, names, now):
    """Proved by record: what counts is what the name server says, though no website answers."""
    domain = DomainFactory.create(issuer=academy, name="example.org", failing_since=now - 8 * DAY)

    assert check_domain(domain=domain, by=None, at=now, fetch=unreachable).proved_at is None


def test_record_may_be_replaced_by_the_file(academy, names, website, now):
    domain = DomainFactory.create(issuer=academy, name="example.org")
    website.pages["example.org/.well-known/openbadges-issuer.txt"] = (200, issuer_id(academy))

    checked = check_domain(domain=domain, by=None, at=now, fetch=website.fetch)

    assert (checked.proved_by, checked.proved_at, checked.failing_since) == ("FILE", domain.proved_at, None)


# --- Removing -----------------------------------------------------------------------------------------------


def test_remove_domain_forgets_it(academy, ada, now, django_capture_on_commit_callbacks):
    domain = DomainFactory.create(issuer=academy, name="example.org")
    assert is_answered("example.org")

    with django_capture_on_commit_callbacks(execute=True):
        remove_domain(domain=domain, by=ada, at=now)

    assert (Domain.objects.count(), is_answered("example.org")) == (0, False)
    assert AuditEvent.objects.get().type == "issuer.domain.removed"


def test_remove_domain_is_refused_once_addresses_lie_under_it(academy, ada, now):
    domain = DomainFactory.create(issuer=academy, hosting_since=now, hosted_until=now)

    with pytest.raises(DomainInUse):
        remove_domain(domain=domain, by=ada, at=now)

    assert Domain.objects.count() == 1


# --- Public addresses ---------------------------------------------------------------------------------------


@pytest.fixture
def host(academy) -> Domain:
    made: Domain = DomainFactory.create(issuer=academy, name="badges.acme.example")
    return made


def leads_here(website, domain) -> None:
    website.pages[f"{domain.name}/public/issuers/{domain.issuer_id}"] = (200, profile_json(domain.issuer))


def test_start_hosting_puts_new_addresses_under_the_domain(
    academy, host, website, ada, now, django_capture_on_commit_callbacks
):
    leads_here(website, host)
    assert own_origins() == ["http://badges.example.org"]

    with django_capture_on_commit_callbacks(execute=True):
        start_hosting(domain=host, by=ada, at=now, fetch=website.fetch)

    assert current_origin(academy) == "https://badges.acme.example"
    assert own_origins() == ["http://badges.example.org", "https://badges.acme.example"]
    assert AuditEvent.objects.get().type == "issuer.domain.hosting_started"


def test_start_hosting_takes_the_place_of_another(academy, host, website, ada, now):
    other = DomainFactory.create(issuer=academy, hosting_since=now - DAY)
    leads_here(website, host)

    start_hosting(domain=host, by=ada, at=now, fetch=website.fetch)

    other.refresh_from_db()
    assert other.hosted_until == now
    assert current_origin(academy) == "https://badges.acme.example"


def test_stop_hosting_keeps_the_addresses_answered(academy, host, website, ada, now):
    leads_here(website, host)
    start_hosting(domain=host, by=ada, at=now, fetch=website.fetch)

    stopped = stop_hosting(domain=host, by=ada, at=now + DAY)

    assert (stopped.hosting_since, stopped.hosted_until) == (now, now + DAY)
    assert current_origin(academy) == "http://badges.example.org"
    assert "https://badges.acme.example" in own_origins()


def test_start_hosting_again_remembers_the_first_day(academy, website, ada, now):
    host = DomainFactory.create(issuer=academy, hosting_since=now - DAY, hosted_until=now)
    leads_here(website, host)

    started = start_hosting(domain=host, by=ada, at=now + DAY, fetch=website.fetch)

    assert (started.hosting_since, started.hosted_until) == (now - DAY, None)


@pytest.mark.parametrize(
    ("status", "text", "sentence"),
    [
        (404, "", "answers, but not from this server"),
        (200, "Welcome", "answers, but not from this server"),
        (200, '{"id": "https://badges.example.org/public/issuers/1"}', "answers, but not from this server"),
        (308, "https://badges.example.org/public/issuers/1", "sends visitors on to badges.example.org"),
    ],
)
def test_start_hosting_is_refused_unless_the_domain_leads_here(host, website, ada, now, status, text, sentence):
    website.pages[f"{host.name}/public/issuers/{host.issuer_id}"] = (status, text)

    with pytest.raises(DomainNotReady, match=sentence):
        start_hosting(domain=host, by=ada, at=now, fetch=website.fetch)

    host.refresh_from_db()
    assert host.hosting_since is None


def test_start_hosting_says_why_nobody_answers(host, ada, now):
    with pytest.raises(DomainNotReady, match=r"could not be reached\. Point badges\.acme\.example to this server"):
        start_hosting(domain=host, by=ada, at=now, fetch=unreachable)


def test_start_hosting_wants_the_proof_first(academy, website, ada, now):
    """Otherwise one tenant could take the host of another, which leads here too."""
    waiting = DomainFactory.create(issuer=academy, proved_at=None, proved_by="")
    leads_here(website, waiting)

    with pytest.raises(DomainNotReady, match="Prove first"):
        start_hosting(domain=waiting, by=ada, at=now, fetch=website.fetch)


@pytest.mark.parametrize("is_there", [True, False])
def test_start_hosting_wants_a_proof_that_stays(academy, website, ada, now, is_there):
    """A file on the server that answered before is gone with it, and a week later so would be the proof."""
    host = DomainFactory.create(issuer=academy, name="badges.acme.example", proved_by=Domain.Method.FILE)
    leads_here(website, host)
    if is_there:
        website.pages[f"{host.name}/.well-known/openbadges-issuer.txt"] = (200, issuer_id(academy))
        assert start_hosting(domain=host, by=ada, at=now, fetch=website.fetch).is_host
    else:
        with pytest.raises(DomainNotReady, match=r"Publish the TXT record at _openbadges\.badges\.acme\.example"):
            start_hosting(domain=host, by=ada, at=now, fetch=website.fetch)


@pytest.mark.parametrize(
    ("origin", "name", "sentence"),
    [
        ("http://localhost:8000", "badges.acme.example", "a second name only beside a public one"),
        ("https://badges.example.org", "badges.xn--p1ai", "last part is letters"),
    ],
)
def test_start_hosting_refuses_what_validators_would_refuse(academy, ada, now, origin, name, sentence):
    """OB2-ISS-90."""
    academy.origin = origin
    academy.save()
    domain = DomainFactory.create(issuer=academy, name=name)

    with pytest.raises(DomainNotReady, match=sentence):
        start_hosting(domain=domain, by=ada, at=now, fetch=unreachable)
