"""Verifying a credential: every step passes, fails and stays open, each for its own reason."""

import base64
import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.openbadges import public_key_pem
from badgeserver.openbadges.baking import bake_credential
from badgeserver.openbadges.report import CheckCode, Form, Outcome, Verdict
from badgeserver.openbadges.v3 import (
    CredentialVerification,
    PublishedKey,
    RevokedCredential,
    did_document,
    is_credential,
    jwks,
    sign_credential,
    verify_credential,
)
from badgeserver.openbadges.v3.proof import claims_of
from tests.openbadges.v3.test_jwk import url64
from tests.openbadges.v3.world import DID, HOST, INDEX, ISSUER, KID, NOW, PICTURE, REVOCATIONS, SAMPLES, STATUS

PASSED, FAILED, UNKNOWN = Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN
EVIL = "https://evil.example/keys/1"
ALL = ["SIGNATURE", "KEY", "STRUCTURE", "CRITERIA", "PICTURE", "ISSUER", "REVOCATION", "EXPIRY"]


def raw_token(world, document, headers, *, key=None, algorithm="RS256"):
    payload = {**document, **claims_of(document)}
    return jwt.encode(payload, key or world.private_key, algorithm=algorithm, headers=headers)


def listed_only_by(world, *, did=False, beside=False, well_known=None):
    """Leave of the lists of keys only those named."""
    for address, stays in ((f"{ISSUER}/did.json", did), (f"{ISSUER}/jwks.json", beside)):
        if not stays:
            del world.pages[address]
    if well_known is not None:
        world.serve(f"{HOST}/.well-known/jwks.json", well_known)


# The whole


def test_a_good_credential_is_valid(world):
    report = world.verify(world.signed(), recipient=" Nobody@Example.org ")

    assert [(check.code, check.outcome) for check in report.checks] == [(code, PASSED) for code in [*ALL, "RECIPIENT"]]
    assert (report.verdict, report.version, report.form) == (Verdict.VALID, "3.0", Form.SIGNED)
    assert report.checked_at == NOW
    assert [asked.url for asked in report.fetched] == [KID, PICTURE, STATUS]


def test_nothing_is_asked_twice(world):
    world.verify(world.signed())

    assert len(world.asked) == len(set(world.asked))


def test_without_a_person_the_step_is_left_out(world):
    assert [check.code for check in world.verify(world.signed()).checks] == ALL


SIGNED = ["credential.kid.jws", "credential.jwk.jws", "baked/jwt.png", "baked/jwt.svg", "baked/dual-ob2-ob3.png"]


@pytest.mark.parametrize("name", SIGNED)
def test_the_samples_are_valid(world, sample, name):
    for page in ("jwk", "jwks", "did"):
        address = {"jwk": KID, "jwks": f"{ISSUER}/jwks.json", "did": f"{ISSUER}/did.json"}[page]
        world.serve(address, sample(f"ob3/{page}.json"))

    report = world.verify(sample(f"ob3/{name}"), recipient="nobody@example.org")

    assert (report.verdict, {check.outcome for check in report.checks}) == (Verdict.VALID, {PASSED})


def test_an_address_may_answer_with_the_token_or_a_picture(world):
    world.serve(f"{HOST}/1.jwt", world.signed())
    world.serve(f"{HOST}/1.png", bake_credential(world.pages[PICTURE].body, world.signed()))

    assert world.verify(f"{HOST}/1.jwt").verdict is Verdict.VALID
    assert world.verify(f"{HOST}/1.png").verdict is Verdict.VALID


def test_the_facts_are_those_of_the_credential(world):
    report = world.verify(world.signed(world.changed("issuer.phone", "+16175551212")))
    facts = report.facts

    assert (facts.badge_name, facts.criteria_text) == ("Awesome Robotics Badge", "Build a **robot** that moves.")
    assert facts.criteria_url == f"{HOST}/public/badges/1/criteria"
    assert (facts.image_type, facts.image_caption) == ("image/png", "A friendly robot")
    assert facts.image == world.pages[PICTURE].body
    assert (facts.issuer_name, facts.issuer_url, facts.issuer_id) == ("Example Maker Society", f"{HOST}/", ISSUER)
    assert (facts.issued_on.isoformat(), facts.expires.isoformat()) == (
        "2024-05-01T12:00:00+00:00",
        "2090-01-01T00:00:00+00:00",
    )
    assert [(item.name, item.url) for item in facts.evidence] == [
        ("Robot photos", "https://evidence.example.org/1"),
        ("", ""),
        ("Original Open Badges 2.0 assertion for this credential", f"{HOST}/public/assertions/1"),
    ]
    assert [(item.name, item.framework) for item in facts.alignments] == [("Basic Locomotion", "Robot Skills")]
    assert (facts.tags, facts.language, facts.badge_version) == (("robots", "awesome"), "en-US", "2")
    assert (facts.recipient_type, facts.recipient_hashed) == ("email", True)
    assert facts.narrative == "Two pieces of evidence."


def test_the_report_speaks_the_words_of_2(world):
    report = world.verify(world.signed())

    assert (report.assertion["badge"], report.badge["issuer"], report.issuer["name"]) == (
        f"{HOST}/ob3/achievements/1",
        ISSUER,
        "Example Maker Society",
    )
    assert report.assertion["recipient"]["type"] == "email"
    assert report.badge["tags"] == ["robots", "awesome"]
    assert report.published["assertion"] == world.credential


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("words", "well-formed JSON"),
        ("{", "well-formed JSON"),
        ("{}", "not a badge"),
        ('{"type": "VerifiableCredential"}', "not a badge"),
        ("e30.W10.x", "cannot be read"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "carries no badge"),
        (b"\xff\xfe", "well-formed JSON"),
        (f"{HOST}/nothing", "no badge at this address"),
    ],
)
def test_what_is_no_badge_is_told_so(world, source, sentence):
    report = world.verify(source, recipient="nobody@example.org")

    assert [check.code for check in report.checks] == [CheckCode.STRUCTURE]
    assert sentence in report.checks[0].sentence
    assert (report.verdict, report.version, report.assertion) == (Verdict.INVALID, "", None)


def test_server_that_does_not_answer_proves_nothing(world):
    world.dead.add(f"{HOST}/dead")

    report = world.verify(f"{HOST}/dead")

    assert [(check.code, check.outcome) for check in report.checks] == [(CheckCode.STRUCTURE, Outcome.UNKNOWN)]
    assert report.checks[0].sentence == "The badge could not be fetched: badges.example.org could not be reached."
    assert (report.verdict, report.assertion) == (Verdict.UNKNOWN, None)


def test_badges_are_told_from_other_texts(world):
    assert is_credential(world.signed())
    assert is_credential(json.dumps(world.credential))
    assert [is_credential(text) for text in ("", "{}", "{", "e30.e30.x", "e30.W10.x")] == [False] * 5


# Signature


def test_a_tampered_credential_is_invalid(world):
    head, payload, signature = world.signed().split(".")
    changed = base64.urlsafe_b64decode(payload + "==").replace(b"Awesome", b"Fearful").rstrip()
    payload = base64.urlsafe_b64encode(changed).rstrip(b"=").decode()

    report = world.verify(f"{head}.{payload}.{signature}")

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.SIGNATURE).outcome is FAILED


@pytest.mark.parametrize(
    ("algorithm", "outcome"), [("none", FAILED), ("HS256", FAILED), ("RS384", UNKNOWN), ("PS256", UNKNOWN)]
)
def test_other_methods_prove_nothing(world, algorithm, outcome):
    keys = {"none": None, "HS256": "a secret of more than thirty-two bytes"}
    payload = {**world.credential, **claims_of(world.credential)}
    token = jwt.encode(payload, keys.get(algorithm, world.private_key), algorithm=algorithm, headers={"kid": KID})

    assert world.outcome(token, "SIGNATURE") is outcome


def test_a_key_on_the_curve_is_accepted(world):
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    world.serve(KID, {"kty": "EC", "crv": "P-256", "x": url64(numbers.x), "y": url64(numbers.y)})
    token = raw_token(world, world.credential, {"kid": KID}, key=key, algorithm="ES256")

    assert (world.outcome(token, "SIGNATURE"), world.outcome(token, "KEY")) == (PASSED, PASSED)


def test_a_signature_cannot_be_looked_at_without_key(world):
    world.dead.add(KID)

    assert (world.outcome(world.signed(), "SIGNATURE"), world.outcome(world.signed(), "KEY")) == (UNKNOWN, UNKNOWN)
    assert world.verify(world.signed()).verdict is Verdict.UNKNOWN


def test_unsigned_and_differently_sealed_texts_prove_nothing(world):
    unsigned = json.dumps(world.credential)
    embedded = json.dumps({**world.credential, "proof": {"type": "DataIntegrityProof"}})

    for text, sentence in ((unsigned, "without its signature"), (embedded, "Data Integrity")):
        report = world.verify(text)
        assert report.verdict is Verdict.UNKNOWN
        assert sentence in report.check(CheckCode.SIGNATURE).sentence
        assert [report.check(CheckCode(code)).outcome for code in ("KEY", "ISSUER")] == [UNKNOWN, UNKNOWN]


# Key


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (404, b"", FAILED),
        (410, b"", FAILED),
        (500, b"", UNKNOWN),
        (200, b"words", FAILED),
        (200, b"{}", UNKNOWN),
        (200, b'{"keys": []}', UNKNOWN),
    ],
)
def test_a_key_must_be_at_its_address(world, status, body, outcome):
    world.serve(KID, body, status)

    report = world.verify(world.signed())
    assert report.check(CheckCode.KEY).outcome is outcome
    assert report.check(CheckCode.SIGNATURE).outcome is UNKNOWN


def test_a_set_of_keys_will_do_when_it_names_the_key(world, other_key):
    other = PublishedKey(id=f"{ISSUER}/keys/2", public_key_pem=public_key_pem(other_key))
    world.serve(KID, jwks([(other, ISSUER), (world.key, ISSUER)]))

    assert world.outcome(world.signed(), "KEY") is PASSED


def test_a_key_elsewhere_is_the_issuers_when_the_issuer_says_so(world):
    world.serve(EVIL, world.key.to_jwk())

    assert world.outcome(world.signed(kid=EVIL), "KEY") is PASSED


def test_a_key_elsewhere_is_nobodys(world, other_key):
    stranger = PublishedKey(id=EVIL, public_key_pem=public_key_pem(other_key))
    world.serve(EVIL, stranger.to_jwk())
    report = world.verify(sign_credential(world.credential, other_key, kid=EVIL))

    assert [report.check(CheckCode(code)).outcome for code in ("SIGNATURE", "KEY", "ISSUER")] == [
        PASSED,
        FAILED,
        FAILED,
    ]
    assert report.verdict is Verdict.INVALID


def test_a_key_elsewhere_stays_open_while_the_issuer_cannot_be_asked(world, other_key):
    world.serve(EVIL, PublishedKey(id=EVIL, public_key_pem=public_key_pem(other_key)).to_jwk())
    listed_only_by(world)
    world.dead.add(f"{ISSUER}/did.json")

    report = world.verify(sign_credential(world.credential, other_key, kid=EVIL))
    assert [report.check(CheckCode(code)).outcome for code in ("KEY", "ISSUER")] == [UNKNOWN, UNKNOWN]


def test_a_neighbour_on_the_same_website_is_not_the_issuer(world, other_key):
    kid = f"{HOST}/ob3/issuers/2/keys/1"
    world.serve(kid, PublishedKey(id=kid, public_key_pem=public_key_pem(other_key)).to_jwk())
    token = sign_credential(world.credential, other_key, kid=kid)

    assert world.outcome(token, "KEY") is FAILED
    listed_only_by(world)
    assert world.outcome(token, "KEY") is PASSED  # nothing is published that speaks against it


def test_a_site_wide_set_counts_the_keys_of_this_issuer_only(world, other_key):
    listed_only_by(world, well_known=jwks([(world.key, f"{HOST}/ob3/issuers/2")]))
    token = raw_token(world, world.credential, {"jwk": world.key.to_jwk()})
    assert world.outcome(token, "KEY") is FAILED

    listed_only_by_all = jwks([(world.key, ISSUER)])
    world.serve(f"{HOST}/.well-known/jwks.json", listed_only_by_all)
    assert world.outcome(token, "KEY") is PASSED


def test_a_key_that_the_badge_brings_proves_nothing_by_itself(world, other_key):
    brought = PublishedKey(id=EVIL, public_key_pem=public_key_pem(other_key)).to_jwk()
    token = raw_token(world, world.credential, {"jwk": brought}, key=other_key)

    report = world.verify(token)
    assert [report.check(CheckCode(code)).outcome for code in ("SIGNATURE", "KEY")] == [PASSED, FAILED]
    listed_only_by(world)
    world.serve(f"{ISSUER}/jwks.json", b"", 503)
    assert world.outcome(token, "KEY") is UNKNOWN


@pytest.mark.parametrize("brought", ["key", {"kty": "RSA"}, {"kty": "RSA", "d": "AQAB"}])
def test_a_key_that_cannot_be_used_leaves_the_signature_open(world, brought):
    assert world.outcome(raw_token(world, world.credential, {"jwk": brought}), "KEY") is UNKNOWN


def test_keys_of_a_did_web(world):
    document = {**world.credential, "issuer": {**world.credential["issuer"], "id": DID}}
    world.publish_status(issuer=DID)

    report = world.verify(world.signed(document, kid=f"{DID}#1"))

    assert (report.verdict, report.check(CheckCode.ISSUER).sentence) == (
        Verdict.VALID,
        "Example Maker Society signs its badges from badges.example.org.",
    )
    assert world.outcome(world.signed(document), "KEY") is PASSED  # by the address of the key
    assert world.outcome(world.signed(kid=f"{DID}#1"), "KEY") is PASSED  # by the address of the issuer


@pytest.mark.parametrize(
    ("kid", "changes", "outcome"),
    [
        (f"{DID}#1", {}, PASSED),
        (DID, {}, PASSED),
        (f"{DID}#2", {}, FAILED),
        (f"{DID}#1", {"assertionMethod": []}, FAILED),
        (f"{DID}#1", {"assertionMethod": ["#1"]}, PASSED),
        (f"{DID}#1", {"id": "did:web:evil.example"}, FAILED),
        (f"{DID}#1", {"verificationMethod": [{"id": f"{DID}#1", "publicKeyMultibase": "z6Mk"}]}, UNKNOWN),
        ("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", {}, UNKNOWN),
        ("did:web:nowhere.example#1", {}, FAILED),
    ],
)
def test_a_did_document_says_which_keys_may_sign(world, kid, changes, outcome):
    world.serve(f"{ISSUER}/did.json", {**did_document(DID, [world.key]), **changes})

    assert world.outcome(world.signed(kid=kid), "KEY") is outcome


@pytest.mark.parametrize("headers", [{}, {"kid": "1"}, {"kid": "#1"}, {"kid": KID.removeprefix("https")}])
def test_a_key_without_address_is_looked_for_among_the_issuers(world, headers):
    expected = UNKNOWN if headers.get("kid", "").startswith("://") else PASSED

    assert world.outcome(raw_token(world, world.credential, headers), "KEY") is expected


def test_no_key_is_chosen_among_several(world, other_key):
    other = PublishedKey(id=f"{ISSUER}/keys/2", public_key_pem=public_key_pem(other_key))
    world.serve(f"{ISSUER}/jwks.json", jwks([(world.key, ISSUER), (other, ISSUER)]))
    world.dead.add(f"{ISSUER}/did.json")

    assert world.outcome(raw_token(world, world.credential, {}), "KEY") is UNKNOWN


@pytest.mark.parametrize("issuer", ["did:key:z6Mk", "urn:uuid:0d6f0f5e-0f6d-4c5d-8f31-6b1a2d3c4e5f"])
def test_an_issuer_without_address_stays_open(world, issuer):
    document = {**world.credential, "issuer": {**world.credential["issuer"], "id": issuer}}

    report = world.verify(world.signed(document))

    assert [report.check(CheckCode(code)).outcome for code in ("KEY", "ISSUER")] == [UNKNOWN, UNKNOWN]
    assert world.outcome(raw_token(world, document, {}), "KEY") is UNKNOWN


# Structure


def test_claims_that_say_something_else_are_refused(world):
    payload = {**world.credential, **claims_of(world.credential), "sub": "mailto:mallory@evil.example"}
    token = jwt.encode(payload, world.private_key, algorithm="RS256", headers={"kid": KID})

    assert world.outcome(token, "STRUCTURE") is FAILED


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("@context", ["https://www.w3.org/ns/credentials/v2"]),
        ("@context", "https://www.w3.org/ns/credentials/v2"),
        ("@context", ["https://purl.imsglobal.org/spec/ob/v3p0/context.json", "https://www.w3.org/ns/credentials/v2"]),
        ("@context", ["https://www.w3.org/ns/credentials/v2", 3]),
        ("type", ["OpenBadgeCredential"]),
        ("id", "1"),
        ("issuer.type", "Issuer"),
        ("issuer.image", "https://badges.example.org/1.png"),
        ("issuer", []),
        ("issuer", "Example"),
        ("validFrom", "2024-05-01"),
        ("validFrom", "2024-05-01T12:00:00"),
        ("validUntil", "soon"),
        ("validUntil", "2024-05-01T12:00:00Z"),
        ("credentialSubject.type", ["Person"]),
        ("credentialSubject.identifier.0.identityType", "email"),
        ("credentialSubject.identifier.0.identityType", 3),
        ("credentialSubject.identifier.0.hashed", "true"),
        ("credentialSubject.identifier", ["nobody@example.org"]),
        ("credentialSubject.image", {"id": "1.png", "type": "Image"}),
        ("credentialSubject.achievement", []),
        ("credentialSubject.achievement.id", 1),
        ("credentialSubject.achievement.type", "Badge"),
        ("credentialSubject.achievement.name", ""),
        ("credentialSubject.achievement.description", ...),
        ("credentialSubject.achievement.criteria", "https://badges.example.org/public/badges/1/criteria"),
        ("credentialSubject.achievement.image", "https://badges.example.org/1.png"),
        ("credentialSubject.achievement.version", 2),
        ("credentialSubject.achievement.tag", [3]),
        ("credentialSubject.achievement.alignment.0.targetUrl", ...),
        ("credentialSubject.achievement.related.0.type", "Thing"),
        ("evidence", ["https://evidence.example.org/1"]),
        ("credentialStatus", []),
        ("credentialStatus", [{"id": REVOCATIONS, "type": "1EdTechRevocationList"}]),
        ("credentialStatus", {"id": REVOCATIONS}),
        ("name", None),
    ],
)
def test_what_is_not_well_formed_is_told_so(world, path, value):
    document = world.changed(path, value)
    token = jwt.encode({**document, "iss": ISSUER}, world.private_key, headers={"kid": KID}, algorithm="RS256")

    report = world.verify(token)

    check = report.check(CheckCode.STRUCTURE)
    assert (check.outcome, "claim" in check.sentence) == (FAILED, False)


def test_a_subject_may_be_known_by_one_thing_only(world):
    by_mail = world.changed("credentialSubject.id", "mailto:nobody@example.org")
    del by_mail["credentialSubject"]["identifier"]
    assert world.outcome(world.signed(by_mail), "STRUCTURE") is PASSED

    unknown = world.changed("credentialSubject.identifier", ...)
    del unknown["credentialSubject"]["id"]
    token = jwt.encode(unknown, world.private_key, headers={"kid": KID}, algorithm="RS256")
    assert world.outcome(token, "STRUCTURE") is FAILED


def test_an_older_wrapped_credential_is_understood(world):
    contexts = ["https://www.w3.org/2018/credentials/v1", *world.credential["@context"][1:]]
    document = world.changed("@context", contexts)
    document["issuanceDate"], document["expirationDate"] = document.pop("validFrom"), document.pop("validUntil")
    token = jwt.encode(
        {**claims_of(document), "vc": document}, world.private_key, headers={"kid": KID}, algorithm="RS256"
    )

    assert world.verify(token).verdict is Verdict.VALID


def test_an_issuer_named_by_its_address_alone_is_well_formed(world):
    report = world.verify(world.signed(world.changed("issuer", ISSUER)))

    assert report.verdict is Verdict.VALID
    assert report.check(CheckCode.ISSUER).sentence == "The issuer signs its badges from badges.example.org."


# Criteria and picture


@pytest.mark.parametrize(
    ("criteria", "outcome"),
    [
        ({"narrative": "Build."}, PASSED),
        ({"id": f"{HOST}/criteria"}, PASSED),
        ({}, FAILED),
        ({"narrative": " ", "id": "x"}, FAILED),
    ],
)
def test_criteria_say_something(world, criteria, outcome):
    token = world.signed(world.changed("credentialSubject.achievement.criteria", criteria))

    assert world.outcome(token, "CRITERIA") is outcome


SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.mark.parametrize(
    ("address", "outcome", "kind"),
    [
        (f"data:image/svg+xml;base64,{base64.b64encode(SVG.encode()).decode()}", PASSED, "image/svg+xml"),
        ("data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'/%3E", PASSED, "image/svg+xml"),
        ("data:image/png;base64,!", FAILED, ""),
        ("data:image/png,words", FAILED, ""),
        ("https://badges.example.org/none.png", FAILED, ""),
        ("https://badges.example.org/gone.png", FAILED, ""),
        ("https://badges.example.org/words.png", FAILED, ""),
        ("https://badges.example.org/broken.png", UNKNOWN, ""),
        ("https://badges.example.org/dead.png", UNKNOWN, ""),
    ],
)
def test_pictures_are_looked_at(world, address, outcome, kind):
    world.serve(f"{HOST}/gone.png", b"", 410)
    world.serve(f"{HOST}/words.png", b"words")
    world.serve(f"{HOST}/broken.png", b"", 500)
    world.dead.add(f"{HOST}/dead.png")
    document = world.changed("credentialSubject.achievement.image", {"id": address, "type": "Image"})

    report = world.verify(world.signed(document))

    assert (report.check(CheckCode.PICTURE).outcome, report.facts.image_type) == (outcome, kind)


def test_a_badge_need_not_have_a_picture(world):
    assert world.outcome(world.signed(world.changed("credentialSubject.achievement.image", ...)), "PICTURE") is PASSED


# Revocation


def test_a_set_bit_revokes(world):
    world.publish_status(INDEX)
    report = world.verify(world.signed())

    assert report.verdict is Verdict.REVOKED
    world.publish_status(INDEX - 1, INDEX + 1)
    assert world.verify(world.signed()).verdict is Verdict.VALID


def test_a_suspended_badge_is_told_so(world):
    world.publish_status(INDEX)
    listed = json.loads(base64.urlsafe_b64decode(world.pages[STATUS].body.split(b".")[1] + b"=="))
    subject = {**listed["credentialSubject"], "statusPurpose": "suspension"}
    world.publish_status(INDEX, credentialSubject=subject)
    report = world.verify(world.signed(world.changed("credentialStatus.statusPurpose", "suspension")))

    assert (report.verdict, report.check(CheckCode.REVOCATION).sentence) == (
        Verdict.REVOKED,
        "The issuer has suspended this badge.",
    )


@pytest.mark.parametrize(
    ("path", "value", "outcome"),
    [
        ("credentialStatus", ..., PASSED),
        ("credentialStatus", [], PASSED),
        ("credentialStatus", "x", UNKNOWN),
        ("credentialStatus", [{}, {}], UNKNOWN),
        ("credentialStatus.type", "StatusList2017", UNKNOWN),
        ("credentialStatus.statusPurpose", "message", PASSED),
        ("credentialStatus.statusPurpose", "suspension", UNKNOWN),
        ("credentialStatus.statusListIndex", INDEX, PASSED),
        ("credentialStatus.statusListIndex", True, UNKNOWN),
        ("credentialStatus.statusListIndex", "-1", UNKNOWN),
        ("credentialStatus.statusListIndex", "9" * 12, UNKNOWN),
        ("credentialStatus.statusListIndex", "9" * 13, UNKNOWN),
        ("credentialStatus.statusListCredential", "x", UNKNOWN),
        ("credentialStatus.statusSize", 2, UNKNOWN),
    ],
)
def test_a_status_says_where_to_look(world, path, value, outcome):
    assert world.outcome(world.signed(world.changed(path, value)), "REVOCATION") is outcome


@pytest.mark.parametrize("body", ["words", "{}", "e30.e30.x"])
def test_a_list_that_cannot_be_read_proves_nothing(world, body):
    world.serve(STATUS, body)

    assert world.outcome(world.signed(), "REVOCATION") is UNKNOWN


@pytest.mark.parametrize("address", [STATUS, REVOCATIONS])
def test_a_list_that_does_not_answer_proves_nothing(world, address):
    document = world.credential
    if address == REVOCATIONS:
        document = world.changed("credentialStatus", {"id": REVOCATIONS, "type": "1EdTechRevocationList"})
    world.serve(address, b"", 500)
    assert world.outcome(world.signed(document), "REVOCATION") is UNKNOWN

    world.dead.add(address)
    assert world.outcome(world.signed(document), "REVOCATION") is UNKNOWN


@pytest.mark.parametrize("case", ["issuer", "date", "key", "signature", "unsigned"])
@pytest.mark.parametrize("is_set", [False, True])
def test_a_list_that_is_not_the_issuers_word_never_clears_a_badge(world, other_key, case, is_set):
    bits = [INDEX] if is_set else []
    if case == "issuer":
        world.publish_status(*bits, issuer="https://evil.example")
    elif case == "date":
        world.publish_status(*bits, validUntil="2026-03-01T00:00:00Z")
    elif case == "signature":
        world.publish_status(*bits, key=other_key)
    elif case == "key":
        world.publish_status(*bits)
        rest = world.pages[STATUS].body.decode().split(".", 1)[1]
        header = json.dumps({"alg": "RS256", "kid": EVIL}).encode()
        world.serve(STATUS, f"{base64.urlsafe_b64encode(header).rstrip(b'=').decode()}.{rest}")
    else:
        world.publish_status(*bits)
        payload = world.pages[STATUS].body.split(b".")[1]
        world.serve(STATUS, base64.urlsafe_b64decode(payload + b"=="))

    assert world.outcome(world.signed(), "REVOCATION") is (FAILED if is_set else UNKNOWN)


@pytest.mark.parametrize(
    ("entry", "outcome"),
    [
        ({}, FAILED),
        ({"revoked": True, "revocationReason": "Issued in error."}, FAILED),
        ({"revoked": False}, PASSED),
        ({"id": "urn:uuid:00000000-0000-4000-8000-000000000000"}, PASSED),
        (None, FAILED),
    ],
)
def test_a_list_of_ids_revokes(world, entry, outcome):
    named = world.credential["id"]
    listed = {
        "id": REVOCATIONS,
        "issuer": ISSUER,
        "revokedCredential": [named if entry is None else {"id": named, **entry}],
    }
    world.serve(REVOCATIONS, listed)
    document = world.changed("credentialStatus", {"id": REVOCATIONS, "type": "1EdTechRevocationList"})

    assert world.outcome(world.signed(document), "REVOCATION") is outcome


def test_our_own_list_of_ids_revokes(world):
    document = world.changed("credentialStatus", {"id": REVOCATIONS, "type": "1EdTechRevocationList"})
    assert world.outcome(world.signed(document), "REVOCATION") is PASSED

    world.publish_revocations(RevokedCredential(id=world.credential["id"], reason="Issued in error."))
    check = world.verify(world.signed(document)).check(CheckCode.REVOCATION)
    assert (check.outcome, check.detail) == (FAILED, "Issued in error.")


@pytest.mark.parametrize(
    "listed", [{"issuer": ISSUER}, {"issuer": "https://evil.example", "revokedCredential": []}, "x"]
)
def test_a_list_of_ids_must_be_the_issuers(world, listed):
    world.serve(REVOCATIONS, listed)
    document = world.changed("credentialStatus", {"id": REVOCATIONS, "type": "1EdTechRevocationList"})

    assert world.outcome(world.signed(document), "REVOCATION") is UNKNOWN


def test_a_list_of_ids_needs_an_address(world):
    document = world.changed("credentialStatus", {"id": "x", "type": "1EdTechRevocationList"})

    assert world.outcome(world.signed(document), "REVOCATION") is UNKNOWN


# Expiry


@pytest.mark.parametrize(
    ("path", "value", "outcome", "verdict"),
    [
        ("validUntil", ..., PASSED, Verdict.VALID),
        ("validUntil", "2025-01-01T00:00:00Z", FAILED, Verdict.EXPIRED),
        ("validUntil", "later", UNKNOWN, Verdict.INVALID),
        ("validFrom", "2030-01-01T00:00:00Z", FAILED, Verdict.INVALID),
        ("validFrom", "2026-03-02T09:04:00Z", PASSED, Verdict.VALID),
    ],
)
def test_dates_decide(world, path, value, outcome, verdict):
    document = world.changed(path, value)

    token = sign_credential(document, world.private_key, kid=KID)
    report = world.verify(token)

    assert (report.check(CheckCode.EXPIRY).outcome, report.verdict) == (outcome, verdict)


def test_dates_that_cannot_be_read_stay_open(world):
    token = jwt.encode(world.changed("validFrom", 3), world.private_key, headers={"kid": KID}, algorithm="RS256")

    assert world.outcome(token, "EXPIRY") is UNKNOWN


# Recipient


@pytest.mark.parametrize(
    ("subject", "person", "outcome"),
    [
        ({}, "nobody@example.org", PASSED),
        ({}, "somebody@example.org", FAILED),
        ({}, "urn:uuid:0d6f0f5e-0f6d-4c5d-8f31-6b1a2d3c4e5f", PASSED),
        ({"identifier": ...}, "nobody@example.org", UNKNOWN),
        ({"identifier": ..., "id": "mailto:nobody@example.org"}, "Nobody@example.org", PASSED),
        ({"identifier": ..., "id": "mailto:nobody@example.org"}, "somebody@example.org", FAILED),
    ],
)
def test_the_person_is_compared(world, subject, person, outcome):
    document = world.changed("name", "Awesome Robotics Badge")
    for name, value in subject.items():
        if value is ...:
            del document["credentialSubject"][name]
        else:
            document["credentialSubject"][name] = value

    assert world.outcome(world.signed(document), "RECIPIENT", recipient=person) is outcome


# Anything


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from([HOST, KID, DID, "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "keys", "iss"]), inner),
    max_leaves=8,
)
PATHS = [
    "@context", "id", "type", "issuer", "issuer.id", "validFrom", "validUntil", "awardedDate", "credentialSubject",
    "credentialSubject.id", "credentialSubject.identifier", "credentialSubject.achievement", "evidence",
    "credentialSubject.achievement.criteria", "credentialSubject.achievement.image", "credentialStatus",
    "credentialStatus.type", "credentialStatus.statusListCredential", "credentialStatus.statusListIndex",
    "credentialSubject.achievement.tag", "credentialSubject.achievement.alignment", "credentialSubject.narrative",
]  # fmt: skip


@given(st.sampled_from(PATHS), JSON, st.sampled_from([KID, DID, "", "did:web:", f"{DID}#1"]))
def test_nothing_is_ever_raised_whatever_a_credential_says(world, path, value, kid):
    document = world.changed(path, value)
    header = {"kid": kid} if kid else {"jwk": value}
    text = jwt.encode({**document, "nbf": 3}, world.private_key, headers=header, algorithm="RS256")

    assert world.verify(text, recipient="nobody@example.org").checks


@given(JSON)
def test_nothing_is_ever_raised_whatever_addresses_answer(world, value):
    token, brought = world.signed(), raw_token(world, world.credential, {})
    for address in (KID, f"{ISSUER}/did.json", f"{ISSUER}/jwks.json", STATUS, PICTURE):
        world.serve(address, json.dumps(value))

    for text in (token, brought, world.signed(kid=f"{DID}#1")):
        assert world.verify(text).checks


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_nothing_is_ever_raised_whatever_is_brought(source):
    def fetch(url):
        raise AssertionError(url)

    assert verify_credential(source, fetch=fetch, now=NOW).checks


def test_the_samples_are_where_they_are_said_to_be():
    assert (SAMPLES / "ob3").is_dir()


def test_a_page_may_go_step_by_step(world):
    verification = CredentialVerification(world.signed(), fetch=world.fetch, now=NOW)

    assert [code.value for code in verification.steps] == ALL
    assert world.asked == []
    assert verification.check(CheckCode.KEY) is verification.check(CheckCode.KEY)
    assert world.asked == [KID]
