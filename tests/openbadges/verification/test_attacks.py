"""What somebody tries who wants a badge that was never awarded to pass: one test for each trick."""

import base64
import hashlib
import hmac
import json
import struct
import zlib
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from badgeserver.openbadges import bake, keys, serialize
from badgeserver.openbadges.fetching import Fetched
from badgeserver.openbadges.jws import sign
from badgeserver.openbadges.verification import CheckCode, Outcome, Verdict, verify
from badgeserver.openbadges.verification.issuer import is_within_policy
from tests.openbadges.verification.world import (
    BADGE,
    HOSTED,
    ISSUED,
    ISSUER,
    KEY,
    NOW,
    PICTURE,
    PNG,
    REVOCATIONS,
    SIGNED,
    SITE,
    SVG,
    World,
)

EVIL = "https://evil.example.com"
REAL = {"id": "https://example.org/issuer"}


def encoded(part):
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forged(header, payload, key):
    """A JWS of this header with a good signature over it."""
    text = f"{encoded(header)}.{encoded(payload)}"
    algorithm = jwt.get_algorithm_by_name("RS256")
    return f"{text}.{encoded(algorithm.sign(text.encode(), key))}"


# --- another issuer's name, address or picture ---


def test_embedded_issuer_of_another_name_is_not_believed(world, verified):
    world.documents[BADGE]["issuer"] = {**world.documents[ISSUER], "name": "Famous University", "url": f"{EVIL}/"}
    report = verified(HOSTED)

    assert (report.facts.issuer_name, report.facts.issuer_url) == ("Acme Academy", "https://badges.example.org/")


def test_picture_of_another_issuer_lends_no_name(world, verified):
    """A picture may lie anywhere, as the standard has it; who issued the badge is told by the Profile alone."""
    famous = "https://famous.example.com/logo.png"
    world.documents[famous] = PNG
    world.documents[BADGE]["image"] = {"id": famous, "author": "https://famous.example.com/"}
    report = verified(HOSTED)

    assert (report.verdict, report.facts.issuer_name) == (Verdict.VALID, "Acme Academy")
    assert report.facts.issuer_id == ISSUER


def test_profile_that_names_another_address_as_its_own_is_refused(world, verified):
    world.documents[f"{EVIL}/issuer"] = world.documents[ISSUER]
    world.documents[BADGE]["issuer"] = f"{EVIL}/issuer"

    assert verified(HOSTED).verdict is Verdict.INVALID


def test_profile_elsewhere_cannot_allow_itself_to_speak_for_others(world, verified, other_key):
    """The attacker's own Profile allows the origin of a famous badge class; the badge class names the famous issuer."""
    mine = World(other_key).documents
    world.documents[f"{EVIL}/issuer"] = {
        **mine[ISSUER],
        "id": f"{EVIL}/issuer",
        "publicKey": f"{EVIL}/key",
        "verification": {"allowedOrigins": ["evil.example.com", "badges.example.org"]},
    }
    world.documents[f"{EVIL}/key"] = {**mine[KEY], "id": f"{EVIL}/key", "owner": f"{EVIL}/issuer"}
    world.signed["verification"]["creator"] = f"{EVIL}/key"
    world.signed["issuer"] = f"{EVIL}/issuer"
    world.private_key = other_key
    report = verified(world.jws)

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.KEY).outcome is Outcome.FAILED


@pytest.mark.parametrize("owner", [f"{ISSUER}/", ISSUER.upper(), f"{EVIL}/issuer", [ISSUER, f"{EVIL}/issuer"], None])
def test_key_must_name_this_very_issuer_as_its_owner(owner, world, verified):
    world.documents[KEY]["owner"] = owner

    assert verified(world.jws).verdict is not Verdict.VALID


def test_key_that_lies_with_somebody_else_needs_the_issuers_word(world, verified, other_key):
    """The attacker's key says that the famous issuer owns it; the famous Profile does not list it."""
    world.documents[f"{EVIL}/key"] = {**World(other_key).documents[KEY], "id": f"{EVIL}/key", "owner": ISSUER}
    world.signed["verification"]["creator"] = f"{EVIL}/key"
    world.private_key = other_key

    assert verified(world.jws).check(CheckCode.KEY).outcome is Outcome.FAILED


def test_revocation_list_of_somebody_else_hides_no_revocation_unnoticed(world, verified):
    """Only the Profile says where the list is: an award that names another one is not asked."""
    world.documents[REVOCATIONS]["revokedAssertions"] = [SIGNED]
    world.signed["revocationList"] = f"{EVIL}/empty"

    assert verified(world.jws).verdict is Verdict.REVOKED


# --- traps in addresses ---


@pytest.mark.parametrize(
    ("policy", "address", "expected"),
    [
        (None, "https://example.org@evil.example/1", False),
        (None, "https://example.org:443@evil.example/1", False),
        (None, "https://evil.example/https://example.org/1", False),
        (None, "https://evil.example#example.org/1", False),
        (None, "https://evil.example\\@example.org/1", False),
        (None, "https://example.org\\.evil.example/1", False),
        (None, "https://notexample.org/1", False),
        (None, "https://example.org./1", False),
        (None, "https://example.org%2eevil.example/1", False),
        (None, "https://exam\u200bple.org/1", False),
        (None, "https://ехample.org/1", False),  # Cyrillic е and х
        (None, "https://xn--ample-7qe0d.org/1", False),
        (None, "https://example.org:443/1", True),
        (None, "https://example.org:80/1", False),
        (None, "http://example.org:443/1", False),
        (None, "ftp://example.org/1", False),
        (None, "//example.org/1", False),
        (None, "data:application/json,{}", False),
        ({"allowedOrigins": ["example.org"]}, "https://example.org.evil.example/1", False),
        ({"allowedOrigins": ["example.org"]}, "https://sub.example.org/1", False),
        ({"allowedOrigins": ["*"]}, "https://evil.example/1", False),
        ({"allowedOrigins": ["*.example.org"]}, "https://sub.example.org/1", False),
        ({"allowedOrigins": [".example.org"]}, "https://sub.example.org/1", False),
        ({"allowedOrigins": [""]}, "urn:uuid:a953081a-4bbd-4927-9653-7219bca00e3b", False),
        ({"allowedOrigins": [""]}, "data:,", False),
        ({"startsWith": "https://example.org"}, "https://example.org@evil.example/1", False),
        ({"startsWith": "https://example.org/a"}, "https://example.org/a/../b", True),
        ({"startsWith": "https://example.org/a/"}, "https://example.org/A/1", False),
        ({"startsWith": ""}, "https://example.org/1", False),
        ({"startsWith": "https"}, "https://example.org/1", False),
        ({"startsWith": "https://example.org/?a="}, "https://example.org/?a=1", True),
    ],
)
def test_addresses_that_only_look_like_the_issuers_are_not(policy, address, expected):
    profile = REAL if policy is None else {**REAL, "verification": policy}

    assert is_within_policy(profile, address) is expected


@pytest.mark.parametrize(
    "address",
    [
        "https://badges.example.org@evil.example.com/1",
        "https://user:secret@badges.example.org/public/assertions/1",
        "https://badges.example.org\\@evil.example.com/1",
        "https://badges.example.org/public/\nassertions/1",
        "https://badges.example.org/public/ assertions/1",
        "data:application/ld+json,{}",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//badges.example.org/public/assertions/1",
        "HTTPS:badges.example.org/public/assertions/1",
    ],
)
def test_badges_at_odd_addresses_are_refused_and_nobody_is_asked(address, world, verified):
    award = {**world.documents[HOSTED], "id": address}
    report = verified(json.dumps(award))

    assert report.verdict is Verdict.INVALID
    assert world.fetched == []


@pytest.mark.parametrize("member", ["badge", "image"])
def test_documents_in_data_uris_are_not_documents(member, world, verified):
    inline = "data:application/ld+json;base64," + base64.b64encode(json.dumps(world.documents[BADGE]).encode()).decode()
    world.documents[HOSTED][member] = inline

    assert verified(HOSTED).verdict is Verdict.INVALID


def test_redirect_to_another_origin_lends_no_authority(world):
    """The issuer's open redirect leads to a forged award that claims the issuer's address: the address answers it.

    Whoever can make an issuer's address answer so controls it, as far as the standard can tell; what the forged award
    is not allowed to do is to lie anywhere else.
    """
    lie = {**world.documents[HOSTED], "id": f"{EVIL}/1"}

    def fetch(url):
        if url in {HOSTED, f"{EVIL}/1"}:
            return Fetched(f"{EVIL}/1", 200, "application/json", json.dumps(lie).encode())
        return world.fetch(url)

    report = verify(HOSTED, fetch=fetch, now=NOW)
    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.ISSUER).outcome is Outcome.FAILED


# --- signatures ---


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "RS256", "crit": []},
        {"alg": "RS256", "crit": ["b64"], "b64": False},
        {"alg": "RS256", "b64": True},
        {"alg": "RS256", "b64": False},
        {"alg": ["RS256"]},
        {"alg": "rs256"},
        {"alg": " RS256"},
        {"ALG": "RS256"},
    ],
)
def test_headers_with_demands_or_in_other_words_are_refused(header, world, verified):
    report = verified(forged(header, world.signed, world.private_key))

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.SIGNATURE).outcome is Outcome.FAILED


@pytest.mark.parametrize("member", ["jwk", "jku", "x5u", "x5c", "kid"])
def test_keys_that_a_signature_brings_along_are_not_looked_at(member, world, verified, other_key):
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(other_key.public_key()))
    brought = {"jwk": public, "jku": f"{EVIL}/keys", "x5u": f"{EVIL}/cert", "x5c": ["MIIB"], "kid": f"{EVIL}/key"}
    report = verified(forged({"alg": "RS256", member: brought[member]}, world.signed, other_key))

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.SIGNATURE).outcome is Outcome.FAILED
    assert not any(url.startswith(EVIL) for url in world.fetched)


def test_header_with_doubled_keys_is_refused(world, verified):
    _head, payload, signature = world.jws.split(".")
    head = encoded(b'{"alg":"none","alg":"RS256"}')

    assert verified(f"{head}.{payload}.{signature}").verdict is Verdict.INVALID


def test_payload_with_doubled_keys_is_refused_though_signed(world, verified):
    text = json.dumps(world.signed)
    doubled = (text[:-1] + ', "narrative": "a", "narrative": "b"}').encode()

    assert verified(sign(doubled, world.private_key)).verdict is Verdict.INVALID


@pytest.mark.parametrize("spoil", [" {}", "{} .", "{}=", "{}\n.", "{}.e30", "{}.."])
def test_signatures_with_more_around_them_are_none(spoil, world, verified):
    spoiled = spoil.format(world.jws)

    assert verified(spoiled).verdict is (Verdict.VALID if spoiled.strip() == world.jws else Verdict.INVALID)


def test_signature_of_the_public_key_as_a_password_is_refused(world, verified):
    pem = keys.public_key_pem(world.private_key).encode()
    text = f"{encoded({'alg': 'HS256'})}.{encoded(world.signed)}"
    seal = hmac.new(pem, text.encode(), "sha256").digest()

    assert verified(f"{text}.{encoded(seal)}").verdict is Verdict.INVALID


# --- numbers ---


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" + "0" * 400, "1E+4300", "NaN", "-Infinity"])
def test_numbers_beyond_all_bounds_are_refused(number, world, verified):
    text = serialize(world.documents[HOSTED])
    world.documents[HOSTED] = f'{text[:-1]},"version":{number}}}'.encode()

    assert verified(HOSTED).verdict is Verdict.INVALID


# --- whose badge it is ---


@pytest.mark.parametrize(
    "recipient",
    [
        # The typed address plus a salt that ends it: "rita@example.org" + "" == "rita@" + "example.org".
        {"identity": "rita@", "salt": "example.org", "hash": "rita@example.org"},
        {"identity": "rita@example.org", "salt": ["salt", "x"], "hash": "rita@example.orgsalt"},
        {"identity": "rita@example.org", "salt": {"x": 1}, "hash": "rita@example.org"},
    ],
)
def test_salts_play_no_tricks(recipient, world, verified):
    digest = hashlib.sha256(recipient["hash"].encode()).hexdigest()
    world.documents[HOSTED]["recipient"] = {
        "type": "email",
        "hashed": True,
        "salt": recipient["salt"],
        "identity": f"sha256${digest}",
    }
    report = verified(HOSTED, recipient="rita@example.org")

    assert report.verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "identity",
    [
        "sha256$" + "0" * 64 + "\n",
        "SHA256$" + hashlib.sha256(b"rita@example.orgsalt").hexdigest(),
        "sha1$" + hashlib.sha1(b"rita@example.orgsalt").hexdigest(),  # noqa: S324 -- weak on purpose
        "sha256$" + hashlib.sha256(b"rita@example.orgsalt").hexdigest()[:-1],
        hashlib.sha256(b"rita@example.orgsalt").hexdigest(),
        "md5$" + hashlib.sha256(b"rita@example.orgsalt").hexdigest(),
        "rita@example.org",
        "",
    ],
)
def test_hashes_that_are_none_match_nobody(identity, world, verified):
    world.documents[HOSTED]["recipient"]["identity"] = identity

    assert verified(HOSTED, recipient="rita@example.org").check(CheckCode.RECIPIENT).outcome is Outcome.FAILED


@pytest.mark.parametrize("hashed", ["true", 1, None, "yes", [True, False]])
def test_hashed_is_a_truth_value_or_nothing(hashed, world, verified):
    world.documents[HOSTED]["recipient"]["hashed"] = hashed

    assert verified(HOSTED, recipient="rita@example.org").verdict is Verdict.INVALID


def test_hash_that_is_typed_as_an_identity_matches_nothing(world, verified):
    """Whoever reads the published hash does not know the address, and must not pass for its owner."""
    published = world.documents[HOSTED]["recipient"]["identity"]

    assert verified(HOSTED, recipient=published).check(CheckCode.RECIPIENT).outcome is Outcome.FAILED


def test_hash_that_claims_to_be_plain_matches_nobody_who_types_it(world, verified):
    world.documents[HOSTED]["recipient"]["hashed"] = False
    published = world.documents[HOSTED]["recipient"]["identity"]

    assert verified(HOSTED, recipient=published).verdict is Verdict.INVALID


# --- pictures with more than one badge ---


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunks(*chunks: bytes) -> bytes:
    """A PNG with these after its header."""
    return PNG[:33] + b"".join(chunks) + PNG[33:]


def itxt(text):
    return chunk(b"iTXt", b"openbadges\0\0\0\0\0" + text.encode())


def text_chunk(text):
    return chunk(b"tEXt", b"openbadges\0" + text.encode("latin-1"))


@pytest.mark.parametrize("chunks", ["iTXt iTXt", "iTXt tEXt", "tEXt iTXt", "tEXt tEXt"])
def test_picture_with_two_badges_shows_none_that_it_is_not(chunks, world, verified):
    """One names a genuine award, one is a forgery: the first counts, and of a forgery nothing is believed."""
    kinds = {"iTXt": itxt, "tEXt": text_chunk}
    first, second = chunks.split()
    lie = f"{world.jws.rpartition('.')[0]}.{encoded(b'no signature')}"
    found = set()
    for texts in ((HOSTED, lie), (lie, HOSTED)):
        report = verified(with_chunks(kinds[first](texts[0]), kinds[second](texts[1])))
        found.add((report.verdict, report.assertion["id"], report.facts.issued_on))

    assert found == {(Verdict.VALID, HOSTED, ISSUED), (Verdict.INVALID, SIGNED, None)}


def test_drawing_with_two_badges_shows_none_that_it_is_not(world, verified):
    once = bake(SVG, serialize(world.documents[HOSTED])).decode()
    start, end = once.index("<openbadges:assertion"), once.index("</openbadges:assertion>") + 23
    lie = once[start:end].replace('"issuedOn"', '"narrative":"With honours","issuedOn"')
    found = []
    for both in (once[start:end] + lie, lie + once[start:end]):
        report = verified((once[:start] + both + once[end:]).encode())
        found.append((report.verdict, report.differs, report.facts.narrative))

    assert found == [(Verdict.VALID, False, ""), (Verdict.VALID, True, "")]


def test_badge_inside_a_picture_counts_for_nothing_against_its_address(world, verified):
    lie = {**world.documents[HOSTED], "expires": "2099-01-01T00:00:00Z", "recipient": {"type": "email"}}
    for picture in (bake(PNG, json.dumps(lie)), bake(SVG, json.dumps(lie))):
        report = verified(picture)

        assert (report.verdict, report.differs) == (Verdict.VALID, True)
        assert report.facts.expires == datetime(2027, 5, 1, 12, tzinfo=UTC)


# --- time ---


def test_issued_tomorrow_and_expired_yesterday_is_not_expired_but_wrong(world, verified):
    world.documents[HOSTED] |= {"issuedOn": "2026-01-02T00:00:00Z", "expires": "2025-12-31T00:00:00Z"}

    assert verified(HOSTED).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    ("expires", "verdict"),
    [
        ("2026-01-01T01:00:00+02:00", Verdict.EXPIRED),
        ("2025-12-31T23:00:00-02:00", Verdict.VALID),
        ("2026-01-01T00:00:00+00:00", Verdict.VALID),
        ("9999-12-31T23:59:59Z", Verdict.VALID),
        ("9999-12-31T23:59:59-14:00", Verdict.INVALID),
        ("0001-01-01T00:00:00+14:00", Verdict.INVALID),
        ("2026-02-30T00:00:00Z", Verdict.INVALID),
        ("2026-01-01T24:00:00Z", Verdict.INVALID),
        ("2027-01-01T00:00:00", Verdict.INVALID),
    ],
)
def test_time_zones_lengthen_no_badge(expires, verdict, world, verified):
    world.documents[HOSTED]["expires"] = expires

    assert verified(HOSTED, now=NOW).verdict is verdict


def test_revoked_long_ago_is_revoked_today(world, verified):
    """A list may carry days of its own, before or after now: an entry counts."""
    world.documents[REVOCATIONS]["revokedAssertions"] = [{"id": SIGNED, "revokedOn": "2099-01-01T00:00:00Z"}]

    assert verified(world.jws).verdict is Verdict.REVOKED


def test_badge_that_a_key_signed_before_its_day_is_judged_by_its_list_not_its_date(world, verified):
    world.signed["issuedOn"] = (ISSUED - timedelta(days=9_000)).isoformat().replace("+00:00", "Z")

    assert verified(world.jws).verdict is Verdict.VALID


# --- what a stranger's document may not make of a page ---


def test_names_that_pretend_to_be_somebody_are_only_names(world, verified):
    world.documents[ISSUER]["name"] = "Acme Academy\u202e\u2066 (verified by badges.example.org)"
    report = verified(HOSTED)

    assert "badges.example.org" in report.check(CheckCode.ISSUER).sentence
    assert report.facts.issuer_id == ISSUER


def test_picture_of_the_award_is_not_the_picture_of_the_badge(world, verified):
    world.documents[HOSTED]["image"] = f"{SITE}/assertions/1/image.png"
    world.documents[f"{SITE}/assertions/1/image.png"] = SVG
    report = verified(HOSTED)

    assert (report.facts.image, report.facts.image_type) == (PNG, "image/png")
    assert PICTURE in world.fetched
