"""Endorsements: who said something, and whether it holds."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.openbadges.jws import sign
from badgeserver.openbadges.verification import CheckCode, Fetched, Form, Verdict, verify_endorsement
from tests.openbadges.verification.test_samples import sample_fetch
from tests.openbadges.verification.world import BADGE, HOSTED, ISSUER, KEY, NOW, REVOCATIONS, SITE

V2 = "https://w3id.org/openbadges/v2"
PRAISE = "https://council.example.net/endorsements/1"
COUNCIL = "https://council.example.net/profile"
COUNCIL_KEY = "https://council.example.net/key"
SIGNED_PRAISE = "urn:uuid:5c3dbc1c-79f4-4b7e-8d10-2f3f7dbb0a11"


@pytest.fixture
def endorsed(world):
    """The world with one endorsement of the badge by a council elsewhere."""
    world.documents[COUNCIL] = {
        "@context": V2,
        "id": COUNCIL,
        "type": "Profile",
        "name": "Trades Council",
        "url": "https://council.example.net/",
        "email": "council@council.example.net",
        "publicKey": COUNCIL_KEY,
        "revocationList": "https://council.example.net/revoked",
    }
    world.documents[COUNCIL_KEY] = {**world.documents[KEY], "id": COUNCIL_KEY, "owner": COUNCIL}
    world.documents["https://council.example.net/revoked"] = {
        **world.documents[REVOCATIONS],
        "id": "https://council.example.net/revoked",
        "issuer": COUNCIL,
    }
    world.documents[PRAISE] = {
        "@context": V2,
        "id": PRAISE,
        "type": "Endorsement",
        "claim": {"id": BADGE, "endorsementComment": "We ask for **this** one."},
        "issuer": COUNCIL,
        "issuedOn": "2025-01-01T00:00:00Z",
        "verification": {"type": "HostedBadge"},
    }
    world.documents[BADGE]["endorsement"] = PRAISE
    return world


def signed(world):
    verification = {"type": "SignedBadge", "creator": COUNCIL_KEY}
    document = {**world.documents[PRAISE], "id": SIGNED_PRAISE, "verification": verification}
    return sign(json.dumps(document).encode(), world.private_key)


def asked(world, source=PRAISE, about=""):
    return verify_endorsement(source, fetch=world.fetch, now=NOW, about=about)


def test_a_hosted_endorsement_holds_however_it_is_brought(endorsed):
    text = json.dumps(endorsed.documents[PRAISE])
    for source in (PRAISE, text, text.encode(), sign(text.encode(), endorsed.private_key)):
        report = asked(endorsed, source)

        assert report.verdict is Verdict.VALID, report.checks
        assert (report.id, report.endorsed_id, report.form) == (PRAISE, BADGE, Form.HOSTED)
        assert (report.endorser_name, report.endorser_url, report.endorser_id) == (
            "Trades Council",
            "https://council.example.net/",
            COUNCIL,
        )
        assert (report.comment, report.issued_on.year) == ("We ask for **this** one.", 2025)
        assert [check.code.value for check in report.checks] == [
            "HOSTED",
            "STRUCTURE",
            "ISSUER",
            "REVOCATION",
            "EXPIRY",
        ]
        assert report.summary == "This endorsement is genuine and holds."
        assert report.document == endorsed.documents[PRAISE]
        assert {entry.url for entry in report.fetched} == {PRAISE, COUNCIL}


def test_a_signed_endorsement_holds(endorsed):
    report = asked(endorsed, signed(endorsed))

    assert report.verdict is Verdict.VALID, report.checks
    assert (report.id, report.form) == (SIGNED_PRAISE, Form.SIGNED)
    assert report.check(CheckCode.KEY).sentence == "The key is one of Trades Council."
    assert report.check(CheckCode.HOSTED) is None


def test_the_sample_endorsement_holds(sample):
    report = verify_endorsement(sample("ob2/endorsement.json"), fetch=sample_fetch(), now=NOW)

    assert (report.verdict, report.comment) == (Verdict.VALID, "A great badge.")


def test_a_forged_endorsement_is_told_and_not_believed(endorsed, other_key):
    endorsed.private_key = other_key
    report = asked(endorsed, signed(endorsed))

    assert report.verdict is Verdict.INVALID
    assert (report.comment, report.endorsed_id, report.document) == ("", "", None)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"claim": BADGE}, "The endorsement does not say what it endorses."),
        ({"claim": {"endorsementComment": "x"}}, "The endorsement does not say what it endorses."),
        ({"claim": {"id": BADGE, "endorsementComment": 3}}, "The endorsement’s comment is not one text."),
        ({"issuedOn": "2025"}, "The endorsement has no proper date of issue."),
        ({"issuer": None}, "The endorsement does not say who gives it."),
        ({"verification": None}, "The endorsement does not say how it can be verified."),
        ({"expires": "2024-01-01T00:00:00Z"}, "The endorsement expires before it was issued."),
        ({"version": True}, "The endorsement’s version is neither a text nor a number."),
    ],
)
def test_an_incomplete_endorsement_is_invalid(change, sentence, endorsed):
    endorsed.documents[PRAISE] |= change
    report = asked(endorsed)

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.STRUCTURE).sentence == sentence


def test_an_endorsement_lies_with_whoever_gives_it(endorsed):
    forged = f"{SITE}/endorsements/1"
    endorsed.documents[forged] = {**endorsed.documents[PRAISE], "id": forged}
    report = asked(endorsed, forged)

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.ISSUER).sentence == (
        "The endorsement does not come from the website of Trades Council, which it names as its issuer."
    )


@pytest.mark.parametrize("way", ["410", "says so", "list"])
def test_a_revoked_endorsement_is_revoked(way, endorsed):
    source = PRAISE
    if way == "410":
        endorsed.statuses[PRAISE] = 410
    elif way == "says so":
        endorsed.documents[PRAISE] = {"@context": V2, "id": PRAISE, "type": "Endorsement", "revoked": True}
    else:
        endorsed.documents["https://council.example.net/revoked"]["revokedAssertions"] = SIGNED_PRAISE
        source = signed(endorsed)
    report = asked(endorsed, source)

    assert report.verdict is Verdict.REVOKED
    assert report.summary == "Whoever gave this endorsement has revoked it."
    assert way == "list" or report.comment == ""


def test_an_endorsement_may_expire(endorsed):
    endorsed.documents[PRAISE]["expires"] = "2025-06-01T00:00:00Z"
    assert asked(endorsed).verdict is Verdict.EXPIRED
    assert asked(endorsed).check(CheckCode.EXPIRY).sentence == "The endorsement expired on 1 June 2025."


def test_an_endorser_who_is_away_leaves_the_question_open(endorsed):
    del endorsed.documents[COUNCIL]

    assert asked(endorsed).verdict is Verdict.UNKNOWN
    assert asked(endorsed, signed(endorsed)).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("source", [HOSTED, ISSUER, "words", b"\xff", '{"@context": "https://w3id.org/openbadges/v2"}'])
def test_what_is_no_endorsement_is_none(source, endorsed):
    report = asked(endorsed, source)

    assert report.verdict is Verdict.INVALID
    assert (report.comment, report.endorsed_id) == ("", "")


def test_a_credential_is_no_endorsement_of_version_2(endorsed, sample):
    assert asked(endorsed, sample("ob3/credential.kid.jws")).verdict is Verdict.UNKNOWN


def test_an_endorsement_of_something_else_is_refused_where_it_is_expected(endorsed):
    assert asked(endorsed, about=BADGE).verdict is Verdict.VALID
    report = asked(endorsed, about=ISSUER)

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.STRUCTURE).sentence == "The endorsement is about something else."


# --- those of a badge ---


def test_a_badge_is_shown_with_its_endorsements(endorsed, verified):
    praise = {**endorsed.documents[PRAISE]}
    for number, address in enumerate((HOSTED, ISSUER), start=2):
        link = f"https://council.example.net/endorsements/{number}"
        endorsed.documents[link] = {**praise, "id": link, "claim": {"id": address, "endorsementComment": address}}
        endorsed.documents[address]["endorsement"] = [{"id": link, "type": "Endorsement"}]
    report = verified(HOSTED)

    assert report.verdict is Verdict.VALID
    assert [(found.endorsed_id, found.verdict.value) for found in report.endorsements] == [
        (HOSTED, "VALID"),
        (BADGE, "VALID"),
        (ISSUER, "VALID"),
    ]
    assert len(endorsed.fetched) == len(set(endorsed.fetched))


def test_a_borrowed_endorsement_is_no_endorsement_and_harms_nothing(endorsed, verified):
    endorsed.documents[PRAISE]["claim"]["id"] = "https://elsewhere.example/badge"
    report = verified(HOSTED)

    assert report.verdict is Verdict.VALID
    assert [found.verdict for found in report.endorsements] == [Verdict.INVALID]


def test_only_a_few_endorsements_are_looked_at(endorsed, verified):
    links = [f"https://council.example.net/endorsements/{number}" for number in range(50)]
    endorsed.documents[BADGE]["endorsement"] = ["urn:uuid:1", 3, links[0], *links]
    report = verified(HOSTED)

    assert [found.verdict for found in report.endorsements] == [Verdict.UNKNOWN, Verdict.VALID, *[Verdict.UNKNOWN] * 4]


def test_an_endorsement_in_the_future_is_not_valid(endorsed):
    report = verify_endorsement(PRAISE, fetch=endorsed.fetch, now=NOW - timedelta(days=800))

    assert report.check(CheckCode.EXPIRY).sentence == "The endorsement is dated in the future: 1 January 2025."


@given(st.binary() | st.text() | st.sampled_from([PRAISE, SIGNED_PRAISE]), st.binary())
def test_verifying_endorsements_never_raises(source, body):
    def fetch(url):
        return Fetched(url=url, status=200, content_type="", body=body)

    assert verify_endorsement(source, fetch=fetch, now=NOW, about="x").verdict in set(Verdict)
