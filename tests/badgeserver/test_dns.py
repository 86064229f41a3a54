"""TXT records: asked of a small name server that the test starts on this machine."""

import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from badgeserver import dns as lookup
from badgeserver.dns import CouldNotAsk, LookupFailed, NoSuchRecord, lookup_txt

Reply = Callable[[dns.message.Message], dns.message.Message | bytes | None]


class NameServer(socketserver.ThreadingUDPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Question)
        self.asked: list[str] = []
        self.reply: Reply = records()


class Question(socketserver.BaseRequestHandler):
    server: NameServer

    def handle(self) -> None:
        data, port = self.request
        question = dns.message.from_wire(data)
        self.server.asked.append(question.question[0].to_text())
        reply = self.server.reply(question)
        if reply is not None:
            with contextlib.suppress(OSError):
                port.sendto(reply if isinstance(reply, bytes) else reply.to_wire(max_size=65_535), self.client_address)


def records(*texts: str, code: int = dns.rcode.NOERROR) -> Reply:
    """Return an answer with these TXT records, each in the notation of a zone file."""

    def reply(question: dns.message.Message) -> dns.message.Message:
        made = dns.message.make_response(question)
        made.set_rcode(code)
        if texts:
            made.answer.append(dns.rrset.from_text(question.question[0].name, 60, "IN", "TXT", *texts))
        return made

    return reply


@pytest.fixture
def server(loopback, settings) -> Iterator[NameServer]:
    with NameServer() as started:
        settings.DNS_SERVERS = [f"127.0.0.1:{started.server_address[1]}"]
        thread = threading.Thread(target=started.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield started
        started.shutdown()
        thread.join()


def refusal(name: str, kind: type[LookupFailed]) -> str:
    with pytest.raises(LookupFailed) as caught:
        lookup_txt(name)
    assert type(caught.value) is kind
    return str(caught.value)


def test_lookup_returns_each_record_whole(server):
    server.reply = records('"v=spf1 -all"', '"openbadges-issuer=" "https://badges.example.org/1"', '"caf\\195\\169"')

    assert lookup_txt("example.org") == [
        "café",
        "openbadges-issuer=https://badges.example.org/1",
        "v=spf1 -all",
    ]
    assert server.asked == ["example.org. IN TXT"]


@pytest.mark.parametrize("name", ["example.org", "example.org.", "EXAMPLE.org"])
def test_lookup_asks_for_the_name_as_it_is(server, name):
    server.reply = records('"x"')

    lookup_txt(name)

    assert [asked.lower() for asked in server.asked] == ["example.org. in txt"]


def test_lookup_writes_names_beyond_ascii_as_the_network_does(server):
    server.reply = records('"x"')

    lookup_txt("bücher.example.org")

    assert server.asked == ["xn--bcher-kva.example.org. IN TXT"]


def test_lookup_asks_again_each_time(server):
    server.reply = records('"before"')
    assert lookup_txt("example.org") == ["before"]
    server.reply = records('"after"')

    assert lookup_txt("example.org") == ["after"]


def test_lookup_keeps_what_is_no_text(server):
    server.reply = records('"\\255\\254"')

    assert lookup_txt("example.org") == ["\ufffd\ufffd"]


def test_lookup_reads_a_bounded_part(server, monkeypatch):
    monkeypatch.setattr(lookup, "MAX_RECORDS", 2)
    monkeypatch.setattr(lookup, "MAX_RECORD_BYTES", 300)
    server.reply = records(*(f'"{n}{"x" * 200}" "{"y" * 200}"' for n in range(4)))

    assert [len(text) for text in lookup_txt("example.org")] == [300, 300]


@pytest.mark.parametrize(
    "reply",
    [records(), records(code=dns.rcode.NXDOMAIN)],
    ids=["no such record", "no such name"],
)
def test_an_answer_that_there_is_nothing_is_an_answer(server, reply):
    server.reply = reply

    assert refusal("example.org", NoSuchRecord) == "There is no such entry at example.org."


@pytest.mark.parametrize("code", [dns.rcode.SERVFAIL, dns.rcode.REFUSED])
def test_a_server_with_a_problem_proves_nothing(server, code):
    server.reply = records(code=code)

    assert refusal("example.org", CouldNotAsk) == "The name servers of example.org do not answer properly."


@pytest.mark.parametrize(
    "reply",
    [
        lambda _question: None,
        lambda _question: b"nonsense",
        lambda question: dns.message.make_response(dns.message.make_query("evil.example.org", "TXT", id=question.id)),
        lambda question: dns.message.make_response(dns.message.make_query(question.question[0].name, "TXT", id=1)),
    ],
    ids=["silence", "nonsense", "another name", "another question"],
)
def test_no_answer_in_time_proves_nothing(server, monkeypatch, reply):
    monkeypatch.setattr(lookup, "TOTAL_SECONDS", 0.5)
    server.reply = reply
    began = time.monotonic()

    refusal("example.org", CouldNotAsk)

    assert time.monotonic() - began < 20


def test_nobody_there_proves_nothing(loopback, settings, monkeypatch):
    monkeypatch.setattr(lookup, "TOTAL_SECONDS", 0.5)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        settings.DNS_SERVERS = [f"127.0.0.1:{free.getsockname()[1]}"]

    refusal("example.org", CouldNotAsk)


def test_an_answer_from_somebody_else_is_not_taken(server, monkeypatch):
    """A reply to the right question from another port than was asked."""
    monkeypatch.setattr(lookup, "TOTAL_SECONDS", 0.5)
    asker: list[tuple[str, int]] = []

    def elsewhere(question: dns.message.Message) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.sendto(records('"forged"')(question).to_wire(), asker[0])

    real = Question.handle

    def handle(self: Question) -> None:
        asker.append(self.client_address)
        real(self)

    monkeypatch.setattr(Question, "handle", handle)
    server.reply = elsewhere

    refusal("example.org", CouldNotAsk)


@pytest.mark.parametrize("name", ["", ".", "a..b", "x" * 64 + ".example.org", "a." * 140, "xn--\ud800.example.org"])
def test_what_is_no_name_has_no_records(server, name):
    assert refusal(name, NoSuchRecord) == "This is not the name of a domain."
    assert server.asked == []


def test_servers_are_read_with_and_without_port(settings):
    settings.DNS_SERVERS = ["192.0.2.53", "192.0.2.54:5353", "[2001:db8::53]", "[2001:db8::54]:5354"]

    assert [(one.address, one.port) for one in lookup._resolver().nameservers] == [
        ("192.0.2.53", 53),
        ("192.0.2.54", 5353),
        ("2001:db8::53", 53),
        ("2001:db8::54", 5354),
    ]
