"""Badges of 0.5, 1.0 and 1.1 are read in the words of 2.0 and judged by the rules of their own time."""

import hashlib
import json

import pytest

from badgeserver.openbadges import bake, keys
from badgeserver.openbadges.errors import FetchFailed, InvalidJson
from badgeserver.openbadges.jws import sign
from badgeserver.openbadges.verification import CheckCode, Fetched, Form, Outcome, Verdict, verify
from badgeserver.openbadges.verification.kinds import Kind
from badgeserver.openbadges.verification.legacy import understood
from tests.openbadges.verification.world import NOW, PNG, SAMPLES

SITE = "https://old.example.org"
AWARD = f"{SITE}/awards/1.json"
BADGE = f"{SITE}/badges/robotics.json"
ISSUER = f"{SITE}/issuer.json"
IMAGE = f"{SITE}/badges/robotics.png"
KEY = f"{SITE}/key.pem"
REVOCATIONS = f"{SITE}/revoked.json"
RITA = "rita@example.org"
HASH = "sha256$" + hashlib.sha256(b"rita@example.orgsalt").hexdigest()
V1 = "https://w3id.org/openbadges/v1"


class OldWorld:
    """What an issuer of the years 2011 to 2016 published."""

    def __init__(self, version: str, private_key: keys.PrivateKey) -> None:
        self.private_key = private_key
        recipient = {"type": "email", "hashed": True, "salt": "salt", "identity": HASH}
        self.award = {
            "uid": "abc-1",
            "recipient": recipient,
            "badge": BADGE,
            "issuedOn": 1359217910,
            "expires": "2030-01-01",
            "evidence": f"{SITE}/evidence/1",
            "verify": {"type": "hosted", "url": AWARD},
        }
        self.badge = {
            "name": "Robotics",
            "description": "For robots.",
            "image": IMAGE,
            "criteria": f"{SITE}/badges/robotics.html",
            "tags": ["robots"],
            "alignment": [{"name": "CCSS.1", "url": "https://frameworks.example.org/1", "description": "Counting"}],
            "issuer": ISSUER,
        }
        self.issuer = {"name": "Old Academy", "url": SITE, "revocationList": REVOCATIONS}
        if version == "1.1":
            self.award |= {"@context": V1, "id": AWARD, "type": "Assertion"}
            self.badge |= {"@context": V1, "id": BADGE, "type": "BadgeClass"}
            self.issuer |= {"@context": V1, "id": ISSUER, "type": "Issuer"}
        if version == "0.5":
            self.award = {
                "recipient": HASH,
                "salt": "salt",
                "evidence": "/evidence/1",
                "expires": "2030-06-01",
                "issued_on": "2011-06-01",
                "badge": {
                    "version": "0.5.0",
                    "name": "Robotics",
                    "description": "For robots.",
                    "image": "/badges/robotics.png",
                    "criteria": "/badges/robotics.html",
                    "issuer": {"origin": SITE, "name": "Old Academy", "org": "Workshops", "contact": "old@example.org"},
                },
            }
        pem = keys.public_key_pem(private_key).encode()
        self.extra: dict[str, object] = {IMAGE: PNG, KEY: pem, REVOCATIONS: {"other": "Lost"}}

    @property
    def jws(self) -> str:
        self.award["verify"] = {"type": "signed", "url": KEY}
        return sign(json.dumps(self.award).encode(), self.private_key)

    def fetch(self, url: str) -> Fetched:
        documents = {AWARD: self.award, BADGE: self.badge, ISSUER: self.issuer, **self.extra}
        if url not in documents:
            raise FetchFailed("nobody there")
        body = documents[url]
        return Fetched(url, 200, "", body if isinstance(body, bytes) else json.dumps(body).encode())

    def verify(self, source=AWARD, recipient=RITA):
        return verify(source, fetch=self.fetch, now=NOW, recipient=recipient)


@pytest.fixture
def old(private_key):
    return lambda version: OldWorld(version, private_key)


@pytest.mark.parametrize("version", ["0.5", "1.0", "1.1"])
def test_hosted_badges_of_old_are_valid(version, old):
    report = old(version).verify()

    assert report.verdict is Verdict.VALID, report.checks
    assert (report.version, report.form) == (version, Form.HOSTED)
    assert report.facts.badge_name == "Robotics"
    assert report.facts.issuer_name == ("Old Academy (Workshops)" if version == "0.5" else "Old Academy")
    assert report.facts.criteria_url == f"{SITE}/badges/robotics.html"
    assert report.facts.evidence[0].url == f"{SITE}/evidence/1"
    assert (report.facts.issued_on.year, report.facts.expires.year) == (2011 if version == "0.5" else 2013, 2030)
    assert report.facts.image == PNG
    assert (report.facts.recipient_type, report.facts.recipient_hashed) == ("email", True)
    assert report.badge["type"] == "BadgeClass"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_hosted_badges_of_version_1_may_be_brought_in_any_form(version, old):
    world = old(version)
    text = json.dumps(world.award)
    for source in (text, bake(PNG, text, verify_url=AWARD), sign(text.encode(), world.private_key)):
        assert world.verify(source).verdict is Verdict.VALID


def test_alignments_of_old_get_their_new_names(old):
    for version in ("1.0", "1.1"):
        alignment = old(version).verify().facts.alignments[0]

        assert (alignment.name, alignment.url) == ("CCSS.1", "https://frameworks.example.org/1")


def test_alignments_of_old_need_no_more_than_they_did(old):
    world = old("1.1")
    world.badge["alignment"] = [{"url": "https://frameworks.example.org/1"}]
    assert world.verify().verdict is Verdict.VALID

    world.badge["alignment"] = ["https://frameworks.example.org/1"]
    assert world.verify().verdict is Verdict.INVALID


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_signed_badges_of_version_1_name_a_key_as_text(version, old):
    world = old(version)
    world.award.pop("id", None)
    report = world.verify(world.jws)

    assert report.verdict is Verdict.VALID, report.checks
    assert (report.version, report.form) == (version, Form.SIGNED)
    assert report.assertion["id"] == "abc-1"
    assert report.check(CheckCode.KEY).sentence == "The key is one of Old Academy."


def test_the_key_of_old_lies_with_its_issuer(old, other_key):
    world = old("1.0")
    world.private_key = other_key
    evil = "https://evil.example.com/key.pem"
    world.extra[evil] = keys.public_key_pem(other_key).encode()
    world.award["verify"] = {"type": "signed", "url": evil}
    report = world.verify(sign(json.dumps(world.award).encode(), other_key))

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.KEY).sentence == "The key that signed this badge does not lie with Old Academy."


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        (None, Verdict.UNKNOWN),
        (b"-----BEGIN PUBLIC KEY-----\nnonsense", Verdict.UNKNOWN),
        (b"<html>", Verdict.INVALID),
    ],
)
def test_a_key_of_old_that_is_away_proves_nothing(key, verdict, old):
    world = old("1.0")
    world.extra[KEY] = key
    if key is None:
        del world.extra[KEY]

    assert world.verify(world.jws).verdict is verdict


def test_a_key_of_old_needs_an_address(old):
    world = old("1.0")
    world.award["verify"] = {"type": "signed", "url": "key.pem"}

    assert world.verify(sign(json.dumps(world.award).encode(), world.private_key)).verdict is Verdict.INVALID


def test_a_key_of_old_may_be_a_document_of_new(old):
    world = old("1.1")
    world.extra[KEY] = {
        "@context": "https://w3id.org/openbadges/v2",
        "id": KEY,
        "type": "CryptographicKey",
        "owner": ISSUER,
        "publicKeyPem": keys.public_key_pem(world.private_key),
    }

    assert world.verify(world.jws).verdict is Verdict.VALID


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize(
    ("revocations", "verdict"),
    [
        ({"abc-1": "Awarded by mistake"}, Verdict.REVOKED),
        ({"abc-1": None}, Verdict.REVOKED),
        ({}, Verdict.VALID),
        ({"revokedAssertions": [{"uid": "abc-1"}]}, Verdict.REVOKED),
        ({"@context": V1, "abc-1": "Lost"}, Verdict.REVOKED),
        ({"@context": V1, "other": "Lost"}, Verdict.VALID),
        (b"nonsense", Verdict.UNKNOWN),
    ],
)
def test_lists_of_revoked_badges_are_maps(version, revocations, verdict, old):
    world = old(version)
    world.extra[REVOCATIONS] = revocations

    assert world.verify(world.jws).verdict is verdict


@pytest.mark.parametrize("version", ["0.5", "1.0", "1.1"])
def test_a_plain_recipient_is_compared_and_never_told(version, old):
    world = old(version)
    plain = {"type": "email", "hashed": False, "identity": RITA}
    world.award["recipient"] = RITA if version == "0.5" else plain
    report = world.verify()

    assert report.verdict is Verdict.VALID
    assert report.facts.recipient_hashed is False
    assert RITA not in repr((report.checks, report.facts, report.fetched))
    assert world.verify(recipient="eve@example.org").verdict is Verdict.INVALID


@pytest.mark.parametrize("version", ["0.5", "1.0"])
@pytest.mark.parametrize("algorithm", ["sha1", "md5", "sha256"])
def test_every_hash_of_old_is_compared(version, algorithm, old):
    world = old(version)
    digest = f"{algorithm}${hashlib.new(algorithm, b'rita@example.orgsalt').hexdigest().upper()}"
    if version == "0.5":
        world.award["recipient"] = digest
    else:
        world.award["recipient"]["identity"] = digest

    assert world.verify().verdict is Verdict.VALID
    assert world.verify(recipient="eve@example.org").verdict is Verdict.INVALID


def test_hashes_that_version_2_refuses_stay_refused(old):
    world = old("1.1")
    world.award["@context"] = "https://w3id.org/openbadges/v2"
    world.award |= {"issuedOn": "2024-01-01T00:00:00Z", "expires": "2030-01-01T00:00:00Z"}
    world.award["recipient"]["identity"] = "sha1$" + "0" * 40

    assert world.verify().verdict is Verdict.INVALID


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (1359217910, "2013-01-26T16:31:50Z"),
        ("1359217910", "2013-01-26T16:31:50Z"),
        (1359217910.5, "2013-01-26T16:31:50Z"),
        ("2013-01-26", "2013-01-26T00:00:00Z"),
        ("2013-01-26T10:00:00", "2013-01-26T10:00:00Z"),
        ("2013-01-26T10:00:00+02:00", "2013-01-26T10:00:00+02:00"),
        ("2013-13-26", "2013-13-26"),
        ("yesterday", "yesterday"),
        (True, True),
        (99_999_999_999_999, 99_999_999_999_999),
        ("99999999999", "5138-11-16T09:46:39Z"),
    ],
)
def test_dates_of_old(written, read, old):
    world = old("1.0")
    world.award["issuedOn"] = written

    assert understood(world.award, Kind.AWARD, AWARD).analysed.document["issuedOn"] == read


def test_an_expired_badge_of_old_is_expired(old):
    world = old("0.5")
    world.award["expires"] = "2012-06-01"
    report = world.verify()

    assert report.verdict is Verdict.EXPIRED
    assert report.check(CheckCode.EXPIRY).sentence == "The badge expired on 1 June 2012."


def test_the_first_badges_needed_no_date(old):
    world = old("0.5")
    del world.award["issued_on"]
    assert world.verify().verdict is Verdict.VALID

    world = old("1.0")
    del world.award["issuedOn"]
    assert world.verify().verdict is Verdict.INVALID


def test_the_first_badges_lie_with_their_issuer(old):
    world = old("0.5")
    world.award["badge"]["issuer"]["origin"] = "https://famous.example.com"
    world.award["badge"]["image"] = IMAGE
    report = world.verify()

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.ISSUER).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("issuer", "image"), [({"origin": "nowhere", "name": "x"}, "/a.png"), ({"origin": SITE, "name": "x"}, "//[x/")]
)
def test_the_first_badges_may_be_broken(issuer, image, old):
    world = old("0.5")
    world.award["badge"] |= {"issuer": issuer, "image": image}

    assert world.verify().verdict is Verdict.INVALID


def test_the_first_badges_may_carry_their_picture(old):
    world = old("0.5")
    world.award["badge"]["image"] = "data:image/svg+xml," + (SAMPLES / "ob2/baked/unbaked.svg").read_text().replace(
        "#", "%23"
    )

    assert world.verify().verdict is Verdict.VALID


def test_the_first_badges_cannot_be_found_from_their_text(old):
    world = old("0.5")
    report = world.verify(json.dumps(world.award))

    assert report.verdict is Verdict.UNKNOWN
    assert "Bring the link" in report.checks[0].sentence
    # A picture of those days names the address instead.
    assert world.verify(AWARD.encode()).verdict is Verdict.VALID


def test_a_recipient_of_the_first_days_may_be_an_object(old):
    world = old("0.5")
    world.award["recipient"] = {"type": "email", "hashed": True, "salt": "salt", "identity": HASH}

    assert world.verify().verdict is Verdict.VALID


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_another_address_than_the_award_names_is_followed(version, old):
    world = old(version)
    other = f"{SITE}/copies/1"
    world.extra[other] = world.award
    assert world.verify(other).verdict is Verdict.VALID

    world.award["verify"]["url"] = world.award["id"] = f"{SITE}/awards/2.json"
    assert world.verify(other).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_badges_of_version_1_come_from_their_issuers_website(version, old):
    world = old(version)
    elsewhere = "https://evil.example.com/1"
    world.award["verify"]["url"] = elsewhere
    world.award["id"] = elsewhere
    world.extra[elsewhere] = world.award

    assert world.verify(elsewhere).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"recipient": "x", "badge": {}}, Kind.AWARD),
        ({"badge": BADGE, "verification": {"type": "HostedBadge"}}, Kind.AWARD),
        ({"name": "x"}, Kind.BADGE),
        ({"name": "x"}, Kind.ISSUER),
        ({"name": "x", "url": SITE}, Kind.KEY),
    ],
)
def test_a_document_without_context_that_is_no_badge_of_old_is_none(document, kind):
    with pytest.raises(InvalidJson):
        understood(document, kind, AWARD)


def test_an_issuer_of_old_needs_no_mail_address_and_one_of_now_does(old):
    world = old("1.1")
    world.issuer["email"] = "not an address"

    assert world.verify().verdict is Verdict.INVALID


def test_a_document_of_version_1_may_leave_out_what_its_address_says(old):
    world = old("1.1")
    del world.badge["id"], world.issuer["id"], world.badge["alignment"]

    assert world.verify().verdict is Verdict.VALID


def test_a_key_in_the_words_of_version_1_is_read(old):
    world = old("1.1")
    pem = keys.public_key_pem(world.private_key)
    world.extra[KEY] = {"@context": V1, "id": KEY, "type": "sec:Key", "owner": ISSUER, "publicKeyPem": pem}

    assert world.verify(world.jws).verdict is Verdict.VALID


@pytest.mark.parametrize("gone", ["award", "badge", "issuer"])
def test_badges_of_old_need_their_documents(gone, old):
    world = old("1.0")
    setattr(world, gone, {"nothing": 1})

    assert world.verify().verdict is Verdict.INVALID


def test_a_name_of_old_is_told_once(old):
    world = old("0.5")
    world.award["badge"]["issuer"]["org"] = "Old Academy"

    assert world.verify().facts.issuer_name == "Old Academy"
