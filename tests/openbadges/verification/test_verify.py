"""Whole verifications: what is brought, what is said."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.openbadges import bake, serialize
from badgeserver.openbadges.verification import (
    CHECKS,
    CheckCode,
    Fetched,
    Outcome,
    Verdict,
    Verification,
    verify,
    verify_step,
)
from badgeserver.openbadges.verification.source import read_source
from tests.openbadges.verification.world import (
    BADGE,
    EXPIRES,
    HOSTED,
    ISSUED,
    ISSUER,
    KEY,
    NOW,
    OTHERS,
    PICTURE,
    PNG,
    REVOCATIONS,
    SAMPLES,
    SIGNED,
    SVG,
    World,
)

HOSTED_STEPS = ["HOSTED", "STRUCTURE", "CRITERIA", "PICTURE", "ISSUER", "REVOCATION", "EXPIRY"]
SIGNED_STEPS = ["SIGNATURE", "KEY", *HOSTED_STEPS[1:]]


def outcomes(report):
    return {check.code.value: check.outcome.value for check in report.checks}


def all_passed(codes):
    return dict.fromkeys(codes, "PASSED")


def ways_to_bring_the_hosted_award(world):
    text = serialize(world.documents[HOSTED])
    return {
        "address": HOSTED,
        "address in bytes": f" {HOSTED}\n".encode(),
        "JSON": text,
        "JSON file": b"\xef\xbb\xbf" + text.encode(),
        "PNG": bake(PNG, text),
        "SVG": bake(SVG, text),
        "old PNG": (SAMPLES / "ob2/baked/legacy-tEXt-url.png").read_bytes(),
    }


def test_a_hosted_award_is_valid_however_it_is_brought(world, verified):
    for way, source in ways_to_bring_the_hosted_award(world).items():
        report = verified(source)

        assert (way, report.verdict) == (way, Verdict.VALID)
        assert outcomes(report) == all_passed(HOSTED_STEPS)
        assert report.assertion["id"] == HOSTED
        assert report.badge["name"] == "Robotics"
        assert report.issuer["name"] == "Acme Academy"
        assert report.checked_at == NOW


def test_a_signed_award_is_valid_however_it_is_brought(world, verified):
    for way, source in {
        "text": f" {world.jws}\n",
        "file": world.jws.encode(),
        "PNG": bake(PNG, world.jws),
        "SVG": bake(SVG, world.jws),
    }.items():
        report = verified(source)

        assert (way, report.verdict) == (way, Verdict.VALID)
        assert outcomes(report) == all_passed(SIGNED_STEPS)
        assert report.assertion["id"] == SIGNED


def test_each_document_is_fetched_once(world, verified):
    verified(HOSTED, recipient="rita@example.org")
    assert sorted(world.fetched) == sorted([HOSTED, BADGE, ISSUER, PICTURE])

    world.fetched.clear()
    verified(world.jws, recipient="rita@example.org")
    assert sorted(world.fetched) == sorted([BADGE, ISSUER, KEY, REVOCATIONS, PICTURE])


def test_the_address_of_a_baked_image_or_a_signature_is_understood(world, verified):
    text = serialize(world.documents[HOSTED])
    address = "https://cdn.example.org/baked"
    for body, verdict in (
        (bake(PNG, text), Verdict.VALID),
        (bake(SVG, world.jws), Verdict.VALID),
        (world.jws.encode() + b"\n", Verdict.VALID),
        (PNG, Verdict.INVALID),
    ):
        world.documents[address] = body
        assert verified(address).verdict is verdict

    world.documents[address] = bake(PNG, text)
    world.statuses[address] = 410
    assert verified(address).verdict is Verdict.REVOKED


def test_only_the_fetched_document_is_believed(world, verified):
    lie = {
        **world.documents[HOSTED],
        "expires": "2090-01-01T00:00:00Z",
        "badge": {"id": BADGE, "type": "BadgeClass", "name": "Astronaut"},
    }
    report = verified(serialize(lie))

    assert report.assertion["expires"] == "2027-05-01T12:00:00Z"
    assert report.badge["name"] == "Robotics"


def test_embedded_badge_and_issuer_are_fetched_all_the_same(world, verified):
    badge = {**world.documents[BADGE], "name": "Astronaut", "issuer": {"id": ISSUER, "name": "NASA"}}
    world.documents[HOSTED] = {**world.documents[HOSTED], "badge": badge}
    report = verified(HOSTED)

    assert report.verdict is Verdict.VALID
    assert (report.badge["name"], report.issuer["name"]) == ("Robotics", "Acme Academy")


@pytest.mark.parametrize("revoked", [True, False])
def test_410_means_withdrawn_with_or_without_a_reason(revoked, world, verified):
    world.statuses[HOSTED] = 410
    world.documents[HOSTED] = (
        {
            "@context": "https://w3id.org/openbadges/v2",
            "id": HOSTED,
            "type": "Assertion",
            "revoked": True,
            "revocationReason": "Issued in error.",
        }
        if revoked
        else b"<html>Gone</html>"
    )
    report = verified(HOSTED, recipient="rita@example.org")

    assert report.verdict is Verdict.REVOKED
    assert report.summary == "The issuer has revoked this badge."
    assert outcomes(report) == {
        "HOSTED": "PASSED",
        "STRUCTURE": "UNKNOWN",
        "CRITERIA": "UNKNOWN",
        "PICTURE": "UNKNOWN",
        "ISSUER": "UNKNOWN",
        "REVOCATION": "FAILED",
        "EXPIRY": "UNKNOWN",
        "RECIPIENT": "UNKNOWN",
    }
    assert report.check(CheckCode.REVOCATION).detail == ("Issued in error." if revoked else "")


def test_a_complete_document_that_says_revoked_is_withdrawn(world, verified):
    world.documents[HOSTED] = {**world.documents[HOSTED], "revoked": True}

    assert verified(HOSTED).verdict is Verdict.REVOKED


@pytest.mark.parametrize(
    "entries",
    [
        [*OTHERS, SIGNED],
        [{"id": OTHERS[0]}, {"id": SIGNED, "revocationReason": "Mistake"}],
        [{"id": SIGNED}],
        {"id": SIGNED, "revoked": False},
        SIGNED,
        [{"uid": SIGNED}],
    ],
)
def test_a_signed_award_on_the_list_is_withdrawn(entries, world, verified):
    world.documents[REVOCATIONS] = {**world.documents[REVOCATIONS], "revokedAssertions": entries}
    report = verified(world.jws)

    assert report.verdict is Verdict.REVOKED
    assert report.check(CheckCode.REVOCATION).sentence == "The issuer has revoked this badge."


def test_an_award_is_found_on_the_list_by_its_old_uid(world, verified):
    world.signed["uid"] = "abc"
    world.documents[REVOCATIONS] = {**world.documents[REVOCATIONS], "revokedAssertions": [3, None, {"uid": "abc"}]}

    assert verified(world.jws).verdict is Verdict.REVOKED


def test_without_a_list_nothing_is_withdrawn(world, verified):
    del world.documents[ISSUER]["revocationList"]

    assert verified(world.jws).verdict is Verdict.VALID


@pytest.mark.parametrize("broken", [b"nonsense", {"@context": "https://w3id.org/openbadges/v2"}, None])
def test_an_unreadable_list_leaves_the_question_open(broken, world, verified):
    if broken is None:
        del world.documents[REVOCATIONS]
    else:
        world.documents[REVOCATIONS] = broken
    report = verified(world.jws)

    assert report.verdict is Verdict.UNKNOWN
    assert outcomes(report)["REVOCATION"] == "UNKNOWN"


@pytest.mark.parametrize("source", ["hosted", "signed"])
def test_expiry_is_told_apart_from_being_invalid(source, world, verified):
    report = verified(HOSTED if source == "hosted" else world.jws, now=EXPIRES + timedelta(seconds=1))

    assert report.verdict is Verdict.EXPIRED
    assert report.check(CheckCode.EXPIRY).sentence == "The badge expired on 1 May 2027."


def test_a_badge_holds_through_its_last_moment(verified):
    assert verified(HOSTED, now=EXPIRES).verdict is Verdict.VALID


def test_a_badge_without_end_does_not_expire(world, verified):
    del world.documents[HOSTED]["expires"]

    assert verified(HOSTED).check(CheckCode.EXPIRY).sentence == "The badge does not expire."


def test_a_badge_from_the_future_is_not_valid_but_clocks_may_differ(verified):
    assert verified(HOSTED, now=ISSUED - timedelta(hours=1)).verdict is Verdict.INVALID
    assert verified(HOSTED, now=ISSUED - timedelta(minutes=4)).verdict is Verdict.VALID


@pytest.mark.parametrize("broken", [{"issuedOn": "2024-05-01"}, {"expires": "someday"}])
def test_dates_that_cannot_be_read_are_said_so(broken, world, verified):
    world.documents[HOSTED] = {**world.documents[HOSTED], **broken}
    report = verified(HOSTED)

    assert report.verdict is Verdict.INVALID
    assert outcomes(report)["EXPIRY"] == "UNKNOWN"


@pytest.mark.parametrize(
    ("identity", "verdict"),
    [("Rita@Example.org ", Verdict.VALID), ("eve@example.org", Verdict.INVALID), ("", Verdict.INVALID)],
)
def test_the_recipient_is_compared_when_given_and_never_repeated(identity, verdict, verified):
    report = verified(HOSTED, recipient=identity)

    assert report.verdict is verdict
    assert "@" not in report.check(CheckCode.RECIPIENT).sentence + report.check(CheckCode.RECIPIENT).detail


def test_an_altered_signed_award_is_not_valid(world, verified):
    head, payload, signature = world.jws.split(".")
    world.signed["narrative"] = "evil"
    report = verified(f"{head}.{world.jws.split('.')[1]}.{signature}")

    assert payload != world.jws.split(".")[1]
    assert report.verdict is Verdict.INVALID
    assert outcomes(report)["SIGNATURE"] == "FAILED"


def test_a_key_that_the_issuer_does_not_list_is_not_trusted(world, verified, other_key):
    stolen = "https://evil.example.com/key"
    world.documents[stolen] = {
        **World(other_key).documents[KEY],
        "id": stolen,
    }
    world.signed["verification"]["creator"] = stolen
    world.private_key = other_key
    report = verified(world.jws)

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.SIGNATURE).outcome is Outcome.PASSED
    assert (
        report.check(CheckCode.KEY).sentence
        == "The key that signed this badge is not one that Acme Academy names as its own."
    )


def test_a_listed_key_of_another_owner_is_refused(world, verified):
    world.documents[KEY] = {**world.documents[KEY], "owner": "https://badges.example.org/public/issuers/2"}
    report = verified(world.jws)

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.KEY).sentence == "The key that signed this badge does not belong to Acme Academy."


def test_without_creator_the_issuers_key_is_taken(world, verified):
    del world.signed["verification"]["creator"]
    assert verified(world.jws).verdict is Verdict.VALID

    world.documents[ISSUER]["publicKey"] = []
    report = verified(world.jws)
    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.SIGNATURE).sentence == "The badge does not say which key signed it."


def test_a_key_that_cannot_be_used_leaves_the_question_open(world, verified):
    world.documents[KEY] = {**world.documents[KEY], "publicKeyPem": "-----BEGIN PUBLIC KEY-----"}
    report = verified(world.jws)
    assert report.verdict is Verdict.UNKNOWN
    assert (outcomes(report)["SIGNATURE"], outcomes(report)["KEY"]) == ("UNKNOWN", "UNKNOWN")

    del world.documents[KEY]
    report = verified(world.jws)
    assert report.verdict is Verdict.UNKNOWN
    assert (outcomes(report)["SIGNATURE"], outcomes(report)["KEY"]) == ("UNKNOWN", "UNKNOWN")


def test_a_signed_award_whose_issuer_is_away_is_not_called_valid(world, verified):
    del world.documents[ISSUER]
    report = verified(world.jws)

    assert report.verdict is Verdict.UNKNOWN
    assert set(outcomes(report).values()) == {"UNKNOWN", "PASSED"}
    assert (outcomes(report)["SIGNATURE"], outcomes(report)["KEY"]) == ("PASSED", "UNKNOWN")


def test_a_signed_badge_without_its_signature_proves_nothing(world, verified):
    report = verified(json.dumps(world.signed))
    assert report.verdict is Verdict.UNKNOWN
    assert outcomes(report)["SIGNATURE"] == "UNKNOWN"

    world.documents[HOSTED] = {**world.signed, "id": HOSTED}
    report = verified(HOSTED)
    assert report.verdict is Verdict.UNKNOWN
    assert outcomes(report)["SIGNATURE"] == "UNKNOWN"


def test_a_signature_over_a_hosted_award_proves_nothing_more_than_its_address(world, verified):
    world.signed = dict(world.documents[HOSTED])
    report = verified(world.jws)

    assert report.verdict is Verdict.VALID
    assert "HOSTED" in outcomes(report)


def test_another_address_in_the_document_is_followed_once(world, verified):
    alias = "https://short.example.org/1"
    world.documents[alias] = world.documents[HOSTED]
    assert verified(alias).verdict is Verdict.VALID

    world.documents[HOSTED] = {**world.documents[HOSTED], "id": "https://badges.example.org/public/assertions/2"}
    assert verified(alias).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(404, Verdict.INVALID), (403, Verdict.UNKNOWN), (500, Verdict.UNKNOWN), (503, Verdict.UNKNOWN)],
)
@pytest.mark.parametrize("address", [HOSTED, BADGE, ISSUER])
def test_not_found_is_invalid_and_not_reachable_is_unknown(address, status, verdict, world, verified):
    world.statuses[address] = status

    assert verified(HOSTED).verdict is verdict


@pytest.mark.parametrize("address", [HOSTED, BADGE, ISSUER])
def test_a_server_that_does_not_answer_proves_nothing(address, world, verified):
    del world.documents[address]
    report = verified(HOSTED)

    assert report.verdict is Verdict.UNKNOWN
    assert Outcome.FAILED not in {check.outcome for check in report.checks}


def test_a_withdrawn_badge_description_makes_no_valid_badge(world, verified):
    world.statuses[BADGE] = 410

    assert verified(HOSTED).verdict is not Verdict.VALID


@pytest.mark.parametrize(
    ("address", "document"),
    [
        (HOSTED, b"<html>A page</html>"),
        (HOSTED, b"[]"),
        (HOSTED, b" " * 1_000_001),
        (BADGE, b"\xff"),
        (ISSUER, b"{}}"),
    ],
)
def test_what_cannot_be_read_is_not_valid(address, document, world, verified):
    world.documents[address] = document

    assert verified(HOSTED).verdict is Verdict.INVALID


def test_another_standard_is_named_and_left_open(world, verified):
    world.documents[HOSTED] = {**world.documents[HOSTED], "@context": "https://example.org/context"}
    report = verified(HOSTED)

    assert report.verdict is Verdict.UNKNOWN
    assert report.check(CheckCode.HOSTED).sentence == (
        "The award follows another standard than Open Badges, which cannot be checked here."
    )
    assert "another standard" in verified(json.dumps(world.documents[HOSTED])).checks[0].sentence


def test_a_badge_without_context_is_none(world, verified):
    del world.documents[HOSTED]["@context"]

    assert verified(HOSTED).verdict is Verdict.INVALID


def test_a_badge_description_of_another_standard_leaves_the_question_open(world, verified):
    world.documents[BADGE]["@context"] = ["https://www.w3.org/ns/credentials/v2"]
    report = verified(HOSTED)

    assert report.verdict is Verdict.UNKNOWN
    assert report.check(CheckCode.STRUCTURE).sentence == (
        "The badge description follows Open Badges 3.0, which cannot be checked here."
    )


@pytest.mark.parametrize("address", [BADGE, ISSUER, KEY])
def test_the_address_of_something_else_is_no_award(address, verified):
    report = verified(address)

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.HOSTED).sentence == "What was found instead of the award is something else."


def test_a_link_to_the_wrong_kind_is_refused(world, verified):
    world.documents[HOSTED] = {**world.documents[HOSTED], "badge": ISSUER}

    assert verified(HOSTED).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "source",
    [
        "",
        "words",
        "ftp://example.org/1",
        "{",
        '{"@context": "https://w3id.org/openbadges/v2"}',
        '{"@context": "https://w3id.org/openbadges/v2", "id": "urn:uuid:1"}',
        '{"@context": "https://w3id.org/openbadges/v2", "id": "https://a.example/", "@id": "https://b.example/"}',
        "a.b.c",
        "eyJhbGciOiJSUzI1NiJ9.bm8.c2ln",
        b"\xff\xd8\xff",
        b"",
        PNG,
        SVG,
        (SAMPLES / "ob2/baked/BAD-crc.png").read_bytes(),
        (SAMPLES / "ob2/baked/HOSTILE-entity-expansion.svg").read_bytes(),
        (SAMPLES / "ob2/baked/HOSTILE-script.svg").read_bytes(),
    ],
    ids=lambda source: repr(source)[:30],
)
def test_what_is_no_badge_is_said_in_one_step(source, world, verified):
    report = verified(source)

    assert report.verdict is Verdict.INVALID
    assert outcomes(report) == {"STRUCTURE": "FAILED"}
    assert (report.assertion, report.badge, report.issuer) == (None, None, None)
    assert world.fetched == []


def test_spellings_of_the_context_are_understood(world, verified):
    obi = "https://w3id.org/openbadges#"
    award = world.documents[HOSTED]
    world.documents[HOSTED] = {
        "@context": ["https://w3id.org/openbadges/v2", {"x": "https://x.example/"}],
        "@id": award["id"],
        "@type": [f"{obi}Assertion"],
        f"{obi}badge": [{"@id": BADGE}],
        "obi:recipient": [award["recipient"]],
        "verify": {"type": ["hosted"]},
        "issuedOn": award["issuedOn"],
        "extensions:unknown": {"deep": [1]},
    }

    assert verified(HOSTED).verdict is Verdict.VALID


def test_steps_are_computed_when_asked_and_only_once(world):
    verification = Verification(HOSTED, fetch=world.fetch, now=NOW, recipient="rita@example.org")
    assert world.fetched == []

    first = verification.check(CheckCode.EXPIRY)
    assert first.outcome is Outcome.PASSED
    assert world.fetched == [HOSTED]
    assert verification.check(CheckCode.EXPIRY) is first
    left_out = {CheckCode.SIGNATURE, CheckCode.KEY, CheckCode.EXTENSIONS}
    assert verification.steps == tuple(code for code in CHECKS if code not in left_out)
    assert world.fetched == [HOSTED, BADGE, ISSUER]


def test_a_badge_without_additions_may_be_asked_about_them(world):
    check = verify_step(CheckCode.EXTENSIONS, HOSTED, fetch=world.fetch, now=NOW)

    assert (check.outcome, check.sentence) == (
        Outcome.PASSED,
        "The issuer has added nothing to what the standard foresees.",
    )


def test_what_was_brought_can_be_looked_at_alone(world):
    assert read_source(world.jws).payload["id"] == SIGNED
    assert read_source(HOSTED).payload is None


def test_one_step_of_the_signed_twin_can_be_asked_alone(world):
    check = verify_step(CheckCode.SIGNATURE, world.jws, fetch=world.fetch, now=NOW)

    assert check.outcome is Outcome.PASSED
    assert REVOCATIONS not in world.fetched


def test_steps_of_what_is_no_badge_can_be_asked_all_the_same(world):
    verification = Verification("words", fetch=world.fetch, now=NOW)
    said = {code: verification.check(code).outcome for code in CHECKS}

    assert Outcome.PASSED not in said.values()


def test_every_step_has_a_label_and_sentences_end():
    assert list(CHECKS) == list(CheckCode)
    assert all(CHECKS.values())


def test_reports_find_their_steps(verified):
    report = verified(HOSTED)

    assert report.check(CheckCode.SIGNATURE) is None
    assert [check.label for check in report.checks] == [CHECKS[check.code] for check in report.checks]
    assert all(check.sentence.endswith(".") for check in report.checks)
    assert report.summary == "This badge is genuine and valid."


# --- whatever is brought or answered ---

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(max_size=5)
    | st.sampled_from([HOSTED, BADGE, ISSUER, KEY, "HostedBadge", "SignedBadge", "Assertion"]),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "@id", "type", "badge", "creator", "x"]), children, max_size=3)
    ),
    max_leaves=6,
)
MEMBERS = [
    "@context",
    "id",
    "type",
    "name",
    "url",
    "email",
    "recipient",
    "badge",
    "verification",
    "issuedOn",
    "expires",
    "image",
    "evidence",
    "revoked",
    "issuer",
    "criteria",
    "alignment",
    "tags",
    "publicKey",
    "revocationList",
    "owner",
    "publicKeyPem",
    "revokedAssertions",
    "uid",
    "revocationReason",
]


@given(st.binary() | st.text() | st.sampled_from([HOSTED, SIGNED, "https://nowhere.example.org/"]), st.binary())
def test_verify_never_raises_for_any_source_or_answer(source, body):
    def fetch(url):
        return Fetched(url=url, status=200, content_type="", body=body)

    assert verify(source, fetch=fetch, now=NOW, recipient="x\ud800").verdict in set(Verdict)


@given(st.sampled_from([HOSTED, BADGE, ISSUER, KEY, REVOCATIONS]), st.sampled_from(MEMBERS), JSON, st.booleans())
def test_verify_survives_any_value_of_any_member(private_key, address, member, value, hosted):
    world = World(private_key)
    world.documents[address] = {**world.documents[address], member: value}
    world.signed = {**world.signed, member: value} if address == HOSTED else world.signed
    source = HOSTED if hosted else world.jws
    report = verify(source, fetch=world.fetch, now=NOW, recipient="rita@example.org")

    assert report.verdict in set(Verdict)


def test_now_may_be_in_any_zone(world):
    assert verify(HOSTED, fetch=world.fetch, now=datetime.now(UTC)).verdict in {Verdict.VALID, Verdict.EXPIRED}


@pytest.mark.parametrize(
    "address", ["ftp://badges.example.org/1", "urn:uuid:a953081a-4bbd-4927-9653-7219bca00e3b", "#b"]
)
def test_a_badge_that_is_not_on_the_web_cannot_be_believed(address, world, verified):
    world.documents[HOSTED] = {**world.documents[HOSTED], "badge": {"id": address, **world.documents[BADGE]}}
    world.documents[HOSTED]["badge"]["id"] = address
    report = verified(HOSTED)

    assert report.verdict is Verdict.INVALID
    assert report.badge is None
