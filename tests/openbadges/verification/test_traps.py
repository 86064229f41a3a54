"""What the official validator of Open Badges 2.0 overlooks or trips over, one test each, and other people's traps."""

import base64
import hashlib
import json
import unicodedata
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from badgeserver.openbadges import bake, public_key_pem, serialize
from badgeserver.openbadges.jws import sign
from badgeserver.openbadges.verification import CheckCode, Fetched, Outcome, Verdict, Verification, verify
from tests.openbadges.verification.world import (
    BADGE,
    HOSTED,
    ISSUED,
    ISSUER,
    KEY,
    NOW,
    OTHERS,
    PNG,
    REVOCATIONS,
    SIGNED,
    SITE,
    SVG,
)

V2 = "https://w3id.org/openbadges/v2"
FOREIGN = "https://famous.example.com/issuer"


# --- the four proven gaps of the official validator, and those that its strict run adds ---


@pytest.mark.parametrize("only", [SIGNED, [SIGNED], {"id": SIGNED}, [{"id": SIGNED, "revocationReason": "x"}]])
def test_a_list_of_exactly_one_revoked_badge_counts(only, world, verified):
    world.documents[REVOCATIONS]["revokedAssertions"] = only

    assert verified(world.jws).verdict is Verdict.REVOKED


@pytest.mark.parametrize("status", [200, 410, 404, 403, 500, 503])
@pytest.mark.parametrize("said", [True, "true"])
def test_a_complete_award_that_says_revoked_is_revoked_under_any_status(status, said, world, verified):
    world.documents[HOSTED] |= {"revoked": said, "revocationReason": "Mistake"}
    world.statuses[HOSTED] = status
    report = verified(HOSTED)

    assert report.verdict is Verdict.REVOKED
    assert report.check(CheckCode.REVOCATION).detail == "Mistake"


@pytest.mark.parametrize("status", [200, 404, 410, 500])
def test_a_bare_note_of_revocation_counts_as_well(status, world, verified):
    world.documents[HOSTED] = {"revoked": True, "revocationReason": "Mistake"}
    world.statuses[HOSTED] = status

    assert verified(HOSTED).verdict is Verdict.REVOKED


def test_revoked_false_is_not_revoked(world, verified):
    world.documents[HOSTED]["revoked"] = False

    assert verified(HOSTED).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("status", "verdict"), [(404, Verdict.INVALID), (500, Verdict.UNKNOWN), (410, Verdict.REVOKED)]
)
def test_a_complete_award_under_another_status_is_not_valid(status, verdict, world, verified):
    world.statuses[HOSTED] = status

    assert verified(HOSTED).verdict is verdict


@pytest.mark.parametrize("address", [BADGE, ISSUER, KEY])
def test_a_document_that_was_taken_away_makes_no_valid_badge(address, world, verified):
    """Complete as it may be under its 410: a key that was given up, for one."""
    world.statuses[address] = 410

    report = verified(world.jws)

    assert report.verdict is Verdict.INVALID
    assert any("is no longer there" in check.sentence for check in report.checks)


@pytest.mark.parametrize("member", ["type", "id", "@context"])
@pytest.mark.parametrize("address", [HOSTED, BADGE, ISSUER, KEY])
def test_documents_say_what_they_are(member, address, world, verified):
    del world.documents[address][member]

    assert verified(world.jws if address == KEY else HOSTED).verdict is Verdict.INVALID


@pytest.mark.parametrize("email", [None, "", "no address", 3])
def test_an_issuer_without_a_mail_address_is_incomplete(email, world, verified):
    world.documents[ISSUER]["email"] = email

    assert verified(HOSTED).verdict is Verdict.INVALID


@pytest.mark.parametrize("kind", [..., "name", [], ["email", "url"], "IdentityObject"])
def test_a_recipient_without_a_proper_type_is_refused(kind, world, verified):
    world.documents[HOSTED]["recipient"]["type"] = kind
    if kind is ...:
        del world.documents[HOSTED]["recipient"]["type"]

    assert verified(HOSTED).verdict is Verdict.INVALID


@pytest.mark.parametrize("criteria", [{}, {"narrative": " \n"}, {"type": "Criteria"}, "", None, [], {"id": "_:b0"}])
def test_criteria_that_say_nothing_are_none(criteria, world, verified):
    world.documents[BADGE]["criteria"] = criteria
    report = verified(HOSTED)

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.CRITERIA).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "criteria",
    [f"{SITE}/away", {"id": f"{SITE}/away"}, {"narrative": "Build"}, [{"id": f"{SITE}/away", "narrative": "Build"}]],
)
def test_criteria_are_an_address_or_words_and_the_page_is_never_visited(criteria, world, verified):
    world.documents[BADGE]["criteria"] = criteria

    assert verified(HOSTED).verdict is Verdict.VALID
    assert f"{SITE}/away" not in world.fetched


@pytest.mark.parametrize("algorithm", ["RS512", "PS256"])
def test_only_one_way_of_signing_counts(algorithm, world, verified):
    jws = jwt.api_jws.encode(json.dumps(world.signed).encode(), world.private_key, algorithm=algorithm)
    check = verified(jws).check(CheckCode.SIGNATURE)

    assert (check.outcome, check.detail) == (Outcome.FAILED, f"alg: {algorithm}")
    assert (
        check.sentence
        == "This badge is signed in another way than badges are (RS256), so the signature does not count."
    )


def encoded(part):
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "NoNe"}, {"alg": "HS384"}, {"alg": 3}, {}])
def test_headers_that_prove_nothing_are_refused(header, world, verified):
    report = verified(f"{encoded(header)}.{encoded(world.signed)}.c2ln")

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.SIGNATURE).outcome is Outcome.FAILED


def test_headers_with_demands_are_refused(world, verified):
    _head, payload, signature = world.jws.split(".")
    head = encoded({"alg": "RS256", "crit": ["exp"]})

    assert verified(f"{head}.{payload}.{signature}").verdict is Verdict.INVALID


def test_a_listed_key_of_another_owner_is_refused(world, verified):
    world.documents[KEY]["owner"] = FOREIGN

    assert verified(world.jws).check(CheckCode.KEY).outcome is Outcome.FAILED


def test_a_key_of_1024_bits_signs_for_anybody(world, verified):
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 -- weak on purpose
    world.documents[KEY]["publicKeyPem"] = public_key_pem(weak)
    report = verified(world.jws)

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.KEY).sentence == "The issuer’s key is so short that others could sign in its name."


def test_a_key_of_another_kind_cannot_be_used(world, verified):
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    world.documents[KEY]["publicKeyPem"] = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()
    report = verified(world.jws)

    assert (report.verdict, report.check(CheckCode.KEY).outcome) == (Verdict.UNKNOWN, Outcome.UNKNOWN)


def test_a_profile_may_list_several_keys(world, verified):
    world.documents[ISSUER]["publicKey"] = [f"{ISSUER}/keys/0", KEY]

    assert verified(world.jws).verdict is Verdict.VALID


def test_a_dead_key_breaks_no_hosted_badge(world, verified):
    world.documents[ISSUER]["publicKey"] = f"{ISSUER}/keys/0"

    assert verified(HOSTED).verdict is Verdict.VALID


def test_a_badge_class_of_somebody_else_is_refused(world, verified):
    world.documents[FOREIGN] = {**world.documents[ISSUER], "id": FOREIGN, "name": "Famous University"}
    world.documents[BADGE]["issuer"] = FOREIGN
    for source in (HOSTED, world.jws):
        report = verified(source)

        assert report.verdict is Verdict.INVALID
        assert "Famous University" in report.check(CheckCode.ISSUER).sentence


# --- lists of revoked badges ---


@pytest.mark.parametrize("status", [404, 410, 500])
def test_a_list_that_cannot_be_had_leaves_the_question_open(status, world, verified):
    world.statuses[REVOCATIONS] = status
    report = verified(world.jws)

    assert (report.verdict, report.check(CheckCode.REVOCATION).outcome) == (Verdict.UNKNOWN, Outcome.UNKNOWN)


def test_a_list_of_another_issuer_is_noted(world, verified):
    world.documents[REVOCATIONS]["issuer"] = FOREIGN
    check = verified(world.jws).check(CheckCode.REVOCATION)

    assert (check.outcome, check.detail) == (Outcome.PASSED, f"The list names another issuer: {FOREIGN}")


def test_entries_that_are_no_entries_are_passed_over(world, verified):
    world.documents[REVOCATIONS]["revokedAssertions"] = [None, 3, {}, {"uid": 4}, [OTHERS[0]], {"id": SIGNED}]

    assert verified(world.jws).verdict is Verdict.REVOKED


def test_the_revocation_list_is_not_asked_about_hosted_badges(world, verified):
    world.documents[REVOCATIONS]["revokedAssertions"] = [HOSTED, SIGNED]

    assert verified(HOSTED).verdict is Verdict.VALID


# --- addresses ---


@pytest.mark.parametrize("declared", [f"{HOSTED}/", HOSTED.replace("https", "http"), HOSTED.upper(), f"{HOSTED}?x=1"])
def test_identifiers_are_compared_byte_for_byte(declared, world, verified):
    world.documents[HOSTED]["id"] = declared

    assert verified(HOSTED).verdict is not Verdict.VALID


@pytest.mark.parametrize("address", [BADGE, ISSUER])
def test_linked_documents_say_their_own_address(address, world, verified):
    world.documents[address]["id"] += "/"
    report = verified(HOSTED)

    assert report.verdict is Verdict.INVALID
    assert "says that its address is another one" in report.check(CheckCode.STRUCTURE).sentence


def test_redirects_are_fine_when_the_declared_address_was_asked(world):
    def fetch(url):
        found = world.fetch(url)
        return Fetched(f"https://cdn.example.net/{url[8:]}", found.status, found.content_type, found.body)

    assert verify(HOSTED, fetch=fetch, now=NOW).verdict is Verdict.VALID


# --- what was brought ---


def test_a_copy_that_says_something_else_is_told_apart(world, verified):
    copy = {**world.documents[HOSTED], "narrative": "With honours"}
    for source in (serialize(copy), bake(PNG, serialize(copy)), bake(SVG, serialize(copy))):
        report = verified(source)

        assert (report.verdict, report.differs) == (Verdict.VALID, True)
        assert report.check(CheckCode.HOSTED).sentence.startswith(
            "The issuer’s server shows this badge at its own address, but what you brought says something else."
        )
        assert report.facts.narrative == ""


def test_a_copy_in_another_spelling_is_the_same(world, verified):
    copy = {
        **{key: value for key, value in world.documents[HOSTED].items() if key not in {"id", "verification"}},
        "@id": HOSTED,
        "verify": {"type": ["hosted"]},
        "slug": "not part of the badge",
    }

    assert verified(json.dumps(copy)).differs is False
    assert verified(HOSTED).differs is False


def test_a_copy_of_a_revoked_badge_is_revoked(world, verified):
    copy = serialize(world.documents[HOSTED])
    world.documents[HOSTED] = {"@context": V2, "id": HOSTED, "type": "Assertion", "revoked": True}
    report = verified(copy)

    assert (report.verdict, report.differs) == (Verdict.REVOKED, False)


def test_a_picture_at_an_address_may_say_something_else_as_well(world, verified):
    address = "https://cdn.example.org/badge.png"
    world.documents[address] = bake(PNG, serialize({**world.documents[HOSTED], "narrative": "With honours"}))

    assert verified(address).differs is True


def test_a_signed_badge_may_have_a_web_address_as_its_name(world, verified):
    world.signed["id"] = f"{SITE}/signed/1"
    assert verified(world.jws).verdict is Verdict.VALID

    world.documents[REVOCATIONS]["revokedAssertions"] = [world.signed["id"]]
    assert verified(world.jws).verdict is Verdict.REVOKED


def test_a_signature_over_a_hosted_badge_is_judged_by_its_address(world, verified, other_key):
    text = json.dumps({**world.documents[HOSTED], "narrative": "With honours"})
    report = verified(sign(text.encode(), other_key))

    assert (report.verdict, report.differs) == (Verdict.VALID, True)
    assert report.check(CheckCode.SIGNATURE) is None


def test_a_signature_over_a_hosted_badge_without_address_is_nothing(world, verified):
    assert (
        verified(
            sign(json.dumps({**world.signed, "verification": {"type": "hosted"}}).encode(), world.private_key)
        ).verdict
        is Verdict.INVALID
    )


def test_the_text_of_a_signed_badge_proves_nothing(world, verified):
    report = verified(json.dumps(world.signed))

    assert report.verdict is Verdict.UNKNOWN
    assert "Bring the signed file or image." in report.check(CheckCode.SIGNATURE).sentence
    assert report.facts.issued_on is None


@pytest.mark.parametrize("bom", ["\ufeff", ""])
def test_a_mark_before_the_text_is_passed_over(bom, world, verified):
    text = bom + serialize(world.documents[HOSTED])
    assert verified(text).verdict is Verdict.VALID
    assert verified(text.encode()).verdict is Verdict.VALID

    world.documents[HOSTED] = text.encode()
    assert verified(HOSTED).verdict is Verdict.VALID


def test_a_document_with_doubled_keys_is_two_documents(world, verified):
    text = serialize(world.documents[HOSTED])
    for doubled in (text[:-1] + f',"id":"{HOSTED}"}}', text.replace('"type":"email"', '"type":"email","type":"url"')):
        assert verified(doubled).verdict is Verdict.INVALID
        world.documents[HOSTED] = doubled.encode()
        assert verified(HOSTED).verdict is Verdict.INVALID


@pytest.mark.parametrize("kind", ["type", "@type"])
def test_a_document_with_two_spellings_of_one_member_is_read_as_linked_data(kind, world, verified):
    world.documents[HOSTED] |= {"@id": f"{HOSTED}/2"}

    assert verified(HOSTED).verdict is Verdict.INVALID


def test_a_jwt_that_wraps_a_credential_is_judged_as_one(world, verified):
    wrapped = {"vc": {"@context": ["https://www.w3.org/2018/credentials/v1"], "type": ["VerifiableCredential"]}}
    report = verified(sign(json.dumps(wrapped).encode(), world.private_key))

    assert report.verdict is not Verdict.VALID
    assert report.form is None or report.version == "3.0"


def test_steps_of_a_credential_can_be_asked_one_by_one(world, sample):
    verification = Verification(sample("ob3/credential.kid.jws"), fetch=world.fetch, now=NOW)

    assert CheckCode.SIGNATURE in verification.steps
    assert verification.check(CheckCode.HOSTED).outcome is Outcome.UNKNOWN
    assert verification.check(CheckCode.EXPIRY).outcome is Outcome.PASSED


# --- recipients ---


def hashed(identity, algorithm="sha256"):
    digest = hashlib.new(algorithm, f"{identity}salt".encode()).hexdigest()
    return {"type": "email", "hashed": True, "salt": "salt", "identity": f"{algorithm}${digest}"}


@pytest.mark.parametrize(
    ("published", "typed", "verdict"),
    [
        (hashed("rita@example.org"), "Rita@Example.org", Verdict.VALID),
        (hashed("Rita@Example.org"), "Rita@Example.org", Verdict.VALID),
        (hashed("Rita@Example.org"), "rita@example.org", Verdict.INVALID),
        (hashed("rita@example.org", "md5"), "rita@example.org", Verdict.VALID),
        (hashed("ríta@example.org"), unicodedata.normalize("NFD", "ríta@example.org"), Verdict.VALID),
        (hashed("rita+x@example.org"), "rita@example.org", Verdict.INVALID),
        ({"type": "email", "hashed": False, "identity": "Rita@example.org"}, "rita@example.org", Verdict.VALID),
        ({"type": "url", "hashed": False, "identity": "https://rita.example/"}, "https://rita.example/", Verdict.VALID),
        ({"type": "telephone", "hashed": False, "identity": "+16175551212"}, "+16175551212", Verdict.VALID),
        ({"type": "id", "hashed": False, "identity": "https://rita.example/"}, "https://rita.example/", Verdict.VALID),
        ({"type": "email", "hashed": False, "identity": "Rita"}, "Rita", Verdict.INVALID),
    ],
)
def test_recipients_are_compared_as_the_standard_has_it(published, typed, verdict, world, verified):
    world.documents[HOSTED]["recipient"] = published

    assert verified(HOSTED, recipient=typed).verdict is verdict


def test_hex_of_either_case_is_the_same(world, verified):
    published = hashed("rita@example.org")
    world.documents[HOSTED]["recipient"] = {**published, "identity": "sha256$" + published["identity"][7:].upper()}

    assert verified(HOSTED, recipient="rita@example.org").verdict is Verdict.VALID


# --- dates ---


def test_the_leeway_of_clocks_is_told(verified):
    check = verified(HOSTED, now=ISSUED - timedelta(minutes=6)).check(CheckCode.EXPIRY)

    assert check.outcome is Outcome.FAILED
    assert check.detail == "2024-05-01T12:00:00+00:00; clocks may differ by five minutes."
    assert verified(HOSTED, now=ISSUED - timedelta(minutes=5)).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "issued",
    ["2024-05-01T12:00:00", "2024-05-01", "2024-05-01 12:00:00Z", "2024-05-01T12:00:00z", 1714564800, None, ""],
)
def test_dates_that_are_none_are_refused(issued, world, verified):
    world.documents[HOSTED]["issuedOn"] = issued

    assert verified(HOSTED).verdict is Verdict.INVALID


# --- every value that the official validator refuses ---


@pytest.mark.parametrize(
    ("address", "change"),
    [
        (HOSTED, {"image": "data:image/png;base64,AAAA"}),
        (HOSTED, {"narrative": ["a", "b"]}),
        (HOSTED, {"evidence": {"name": 3}}),
        (HOSTED, {"evidence": {"id": "urn:example:1"}}),
        (HOSTED, {"badge": {"id": BADGE, "name": "without a type"}}),
        (HOSTED, {"version": ["1", "2"]}),
        (HOSTED, {"related": "urn:example:1"}),
        (HOSTED, {"endorsement": "words"}),
        (BADGE, {"name": 3}),
        (BADGE, {"image": "data:image/jpeg;base64,AAAA"}),
        (BADGE, {"image": [f"{SITE}/1", f"{SITE}/2"]}),
        (BADGE, {"image": {"id": f"{BADGE}/image.png", "caption": 3}}),
        (BADGE, {"image": {"id": f"{BADGE}/image.png", "author": [1, 2]}}),
        (BADGE, {"alignment": {"targetName": "x", "targetUrl": "urn:x:1"}}),
        (BADGE, {"alignment": {"targetName": "x", "targetUrl": "https://x.example/", "targetCode": 3}}),
        (BADGE, {"criteria": {"id": "words", "narrative": "x"}}),
        (BADGE, {"criteria": [{"narrative": "a"}, {"narrative": "b"}]}),
        (BADGE, {"@language": "english"}),
        (BADGE, {"tags": [{"x": "y"}]}),
        (ISSUER, {"telephone": "+1 617 555"}),
        (ISSUER, {"telephone": 3}),
        (ISSUER, {"url": "ftp://x.example/"}),
        (ISSUER, {"description": ["a", "b"]}),
        (ISSUER, {"image": "data:image/jpeg;base64,AAAA"}),
        (ISSUER, {"publicKey": "words"}),
        (ISSUER, {"verification": {"allowedOrigins": ["https://badges.example.org"]}}),
        (ISSUER, {"verification": {"startsWith": "badges"}}),
    ],
)
def test_what_the_official_validator_refuses_is_refused(address, change, world, verified):
    world.documents[address] |= change
    report = verified(HOSTED)

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.STRUCTURE).outcome is Outcome.FAILED


def test_a_policy_may_name_hosts_and_beginnings(world, verified):
    world.documents[ISSUER]["verification"] = {
        "type": "VerificationObject",
        "allowedOrigins": ["badges.example.org"],
        "startsWith": [f"{SITE}/assertions/", f"{SITE}/other/"],
    }

    assert verified(HOSTED).verdict is Verdict.VALID


def test_an_embedded_badge_says_what_it_is_and_is_fetched(world, verified):
    world.documents[HOSTED]["badge"] = {**world.documents[BADGE], "name": "Astronaut"}

    assert verified(HOSTED).facts.badge_name == "Robotics"
