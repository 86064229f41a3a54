"""The documents that an issuer publishes."""

import json
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from badgeserver.openbadges import documents, identity
from badgeserver.openbadges.documents import (
    Alignment,
    Assertion,
    BadgeClass,
    Criteria,
    CryptographicKey,
    Endorsement,
    Evidence,
    HostedVerification,
    Image,
    Profile,
    Recipient,
    Related,
    RevocationList,
    RevokedAssertion,
    RevokedEntry,
    SignedVerification,
)
from badgeserver.openbadges.errors import InvalidDocument
from badgeserver.openbadges.vocabulary import ObjectType

SCHEMAS = Path(__file__).parent.parent / "samples/schema"
SITE = "https://badges.example.org/public"
URN = "urn:uuid:a953081a-4bbd-4927-9653-7219bca00e3b"
OTHER_URN = "urn:uuid:3c574c87-b96f-4f06-8eb5-68a29335b60e"
ISSUED = datetime(2024, 5, 1, 12, tzinfo=UTC)
PEM = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"

ISSUER = Profile(
    id=f"{SITE}/issuers/1",
    name="Example Maker Society",
    url="https://badges.example.org/",
    email="contact@badges.example.org",
    description="Makers",
    telephone="+16175551212",
    image=Image(id=f"{SITE}/issuers/1/image.png", caption="Logo", author=f"{SITE}/issuers/1"),
    public_key=f"{SITE}/issuers/1/keys/1",
    revocation_list=f"{SITE}/issuers/1/revocations",
    language="en-US",
)
BADGE = BadgeClass(
    id=f"{SITE}/badges/1",
    name="Robotics",
    description="For robots.",
    image=Image(id=f"{SITE}/badges/1/image.png", caption="A robot"),
    criteria=Criteria(id=f"{SITE}/badges/1/criteria", narrative="Build a **robot**."),
    issuer=f"{SITE}/issuers/1",
    alignment=[
        Alignment(
            target_name="Locomotion",
            target_url="https://frameworks.example.org/1",
            target_description="Moves",
            target_framework="Robot Skills",
            target_code="RS.1",
        )
    ],
    tags=["robots"],
    language="en",
    version="2",
    related=[Related(id=f"{SITE}/badges/0", version="1"), Related(id=f"{SITE}/badges/1-es", language="es")],
)
AWARD = Assertion(
    id=f"{SITE}/assertions/1",
    recipient=identity.hashed_email("nobody@example.org", "deadsea"),
    badge=f"{SITE}/badges/1",
    verification=HostedVerification(),
    issued_on=ISSUED,
    image=f"{SITE}/assertions/1/image.png",
    evidence=[
        Evidence(
            id="https://evidence.example.org/1",
            narrative="Long",
            name="Photos",
            description="Short",
            genre="Photography",
            audience="All",
        ),
        Evidence(narrative="Reflection"),
        "https://evidence.example.org/2",
    ],
    narrative="Two pieces.",
    expires=datetime(2090, 1, 1, tzinfo=UTC),
    related=[Related(id=URN)],
)
SIGNED = replace(AWARD, id=URN, verification=SignedVerification(creator=f"{SITE}/issuers/1/keys/1"), image=None)
KEY = CryptographicKey(id=f"{SITE}/issuers/1/keys/1", owner=f"{SITE}/issuers/1", public_key_pem=PEM)
REVOCATIONS = RevocationList(
    id=f"{SITE}/issuers/1/revocations",
    issuer=f"{SITE}/issuers/1",
    revoked=[RevokedEntry(id=URN, reason="Mistake"), RevokedEntry(id=OTHER_URN)],
)
ENDORSEMENT = Endorsement(
    id=f"{SITE}/endorsements/1",
    endorsed=f"{SITE}/badges/1",
    issuer=f"{SITE}/issuers/2",
    issued_on=ISSUED,
    comment="We **hire** for it.",
    language="en-US",
)
MOVED_ISSUER = replace(
    ISSUER,
    allowed_origins=["badges.example.org", "new.example.net"],
    related=[
        Related(id=f"{SITE}/issuers/9"),
        Related(id=f"{SITE}/ob3/issuers/1", type="https://purl.example.org/Profile"),
    ],
    endorsement=[f"{SITE}/endorsements/3"],
    extensions={"schema:location": {"type": ["Extension", "extensions:GeoCoordinates", "schema:Place"]}},
)
GONE = RevokedAssertion(id=f"{SITE}/assertions/2", reason="Issued in error.")


@pytest.mark.parametrize(
    ("document", "schema"),
    [
        (ISSUER, "ob2-issuer"),
        (BADGE, "ob2-badgeclass"),
        (AWARD, "ob2-assertion"),
        (SIGNED, "ob2-assertion"),
        (KEY, "ob2-cryptographickey"),
        (REVOCATIONS, "ob2-revocationlist"),
        (replace(REVOCATIONS, revoked=()), "ob2-revocationlist"),
        (MOVED_ISSUER, "ob2-issuer"),
        (replace(BADGE, endorsement=[f"{SITE}/endorsements/1"]), "ob2-badgeclass"),
        (replace(AWARD, endorsement=[f"{SITE}/endorsements/2"]), "ob2-assertion"),
        (ENDORSEMENT, "ob2-endorsement"),
        (GONE, "ob2-assertion-revoked"),
        (RevokedAssertion(id=f"{SITE}/assertions/2"), "ob2-assertion-revoked"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_documents_satisfy_their_schema(document, schema):
    rules = json.loads((SCHEMAS / f"{schema}.schema.json").read_text())

    jsonschema.validate(json.loads(documents.serialize(document.to_json())), rules)


def test_profile_members_come_in_the_order_of_the_standard():
    assert list(ISSUER.to_json()) == [
        *("@context", "id", "type", "name", "url", "email", "telephone", "description", "image"),
        *("publicKey", "revocationList", "@language"),
    ]
    assert ISSUER.to_json()["@context"] == documents.CONTEXT_V2
    assert ISSUER.to_json()["type"] == "Issuer"


def test_badge_class_members_come_in_the_order_of_the_standard():
    body = BADGE.to_json()

    assert list(body) == [
        *("@context", "id", "type", "name", "description", "image", "criteria", "issuer", "alignment", "tags"),
        *("@language", "version", "related"),
    ]
    assert body["tags"] == ["robots"]
    assert body["related"] == [
        {"type": "BadgeClass", "id": f"{SITE}/badges/0", "version": "1"},
        {"type": "BadgeClass", "id": f"{SITE}/badges/1-es", "@language": "es"},
    ]


def test_assertion_members_come_in_the_order_of_the_standard():
    body = AWARD.to_json()

    assert list(body) == [
        *("@context", "id", "type", "recipient", "badge", "verification", "issuedOn", "image", "evidence"),
        *("narrative", "expires", "related"),
    ]
    assert body["recipient"] == {
        "type": "email",
        "hashed": True,
        "identity": "sha256$ecf5409f3f4b91ab60cc5ef4c02aef7032354375e70cf4d8e43f6a1d29891942",
        "salt": "deadsea",
    }
    assert (body["issuedOn"], body["expires"]) == ("2024-05-01T12:00:00Z", "2090-01-01T00:00:00Z")
    assert body["evidence"][1:] == [{"narrative": "Reflection"}, "https://evidence.example.org/2"]


def test_assertion_names_the_type_of_its_twin():
    # Without it the official validator refuses a related urn:uuid (see documents.Assertion.to_json).
    assert AWARD.to_json()["related"] == [{"type": "Assertion", "id": URN}]


def test_what_is_empty_is_left_out():
    small = Profile(id=SITE, name="A", url=SITE, email="a@example.org")
    badge = BadgeClass(id=SITE, name="B", description="C", image=SITE, criteria=SITE, issuer=SITE)
    award = replace(AWARD, image=None, evidence=(), narrative="", expires=None, related=())

    assert list(small.to_json()) == ["@context", "id", "type", "name", "url", "email"]
    assert list(badge.to_json())[3:] == ["name", "description", "image", "criteria", "issuer"]
    assert list(award.to_json())[3:] == ["recipient", "badge", "verification", "issuedOn"]


def test_plain_recipient_keeps_saying_that_it_is_not_hashed():
    assert Recipient(identity="ada@example.org", hashed=False).to_json() == {
        "type": "email",
        "hashed": False,
        "identity": "ada@example.org",
    }


def test_signed_award_names_its_key():
    assert SIGNED.to_json()["verification"] == {
        "type": "SignedBadge",
        "creator": f"{SITE}/issuers/1/keys/1",
    }


def test_revoked_award_says_nothing_else():
    assert GONE.to_json() == {
        "@context": "https://w3id.org/openbadges/v2",
        "id": f"{SITE}/assertions/2",
        "type": "Assertion",
        "revoked": True,
        "revocationReason": "Issued in error.",
    }


def test_revocation_list_of_exactly_one_is_never_written():
    with pytest.raises(InvalidDocument, match="exactly one entry"):
        replace(REVOCATIONS, revoked=[RevokedEntry(id=URN)]).to_json()


def test_revocation_list_is_always_an_array():
    assert replace(REVOCATIONS, revoked=()).to_json()["revokedAssertions"] == []
    assert REVOCATIONS.to_json()["revokedAssertions"] == [
        {"id": URN, "revocationReason": "Mistake"},
        {"id": OTHER_URN},
    ]


def test_documents_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        AWARD.id = "https://elsewhere.example.org/"


@pytest.mark.parametrize(
    ("document", "change"),
    [
        (ISSUER, {"id": URN}),
        (ISSUER, {"name": "  "}),
        (ISSUER, {"name": ["a", "b"]}),
        (ISSUER, {"url": "ftp://example.org/"}),
        (ISSUER, {"email": ""}),
        (ISSUER, {"email": "a@b@c"}),
        (ISSUER, {"email": None}),
        (ISSUER, {"description": None}),
        (ISSUER, {"telephone": "+1 617 555"}),
        (ISSUER, {"image": "not-an-address"}),
        (ISSUER, {"image": [SITE, SITE]}),
        (ISSUER, {"public_key": "key"}),
        (ISSUER, {"public_key": [SITE, SITE]}),
        (ISSUER, {"revocation_list": "list"}),
        (ISSUER, {"language": "english"}),
        (BADGE, {"id": "badges/1"}),
        (BADGE, {"name": ""}),
        (BADGE, {"description": ""}),
        (BADGE, {"image": None}),
        (BADGE, {"image": "data:image/jpeg;base64,AAAA"}),
        (BADGE, {"criteria": "plain words"}),
        (BADGE, {"issuer": URN}),
        (BADGE, {"alignment": ["https://frameworks.example.org/1"]}),
        (BADGE, {"tags": "robots"}),
        (BADGE, {"tags": [""]}),
        (BADGE, {"tags": [3]}),
        (BADGE, {"language": 3}),
        (BADGE, {"version": 2}),
        (BADGE, {"related": [{"id": SITE}]}),
        (AWARD, {"id": URN}),
        (AWARD, {"recipient": {"identity": "x"}}),
        (AWARD, {"badge": URN}),
        (AWARD, {"verification": "HostedBadge"}),
        (AWARD, {"issued_on": datetime(2024, 5, 1)}),  # noqa: DTZ001
        (AWARD, {"issued_on": datetime(2024, 5, 1), "expires": None}),  # noqa: DTZ001
        (AWARD, {"expires": ISSUED}),
        (AWARD, {"expires": ISSUED + timedelta(milliseconds=900)}),
        (AWARD, {"expires": ISSUED - timedelta(days=1)}),
        (AWARD, {"image": "data:image/png;base64,AAAA"}),
        (AWARD, {"evidence": "https://evidence.example.org/1"}),
        (AWARD, {"evidence": ["plain words"]}),
        (AWARD, {"narrative": ["a", "b"]}),
        (AWARD, {"related": "urn:uuid:1"}),
        (SIGNED, {"id": "urn:uuid:0190b0f0-4bbd-7927-9653-7219bca00e3b"}),
        (SIGNED, {"id": "urn:example:1"}),
        (ISSUER, {"allowed_origins": ["https://badges.example.org"]}),
        (ISSUER, {"allowed_origins": ["localhost:8000"]}),
        (ISSUER, {"allowed_origins": "badges.example.org"}),
        (ISSUER, {"extensions": {"location": {}}}),
        (ISSUER, {"extensions": ["schema:location"]}),
        (ISSUER, {"related": [SITE]}),
        (BADGE, {"endorsement": [URN]}),
        (BADGE, {"endorsement": SITE}),
        (BADGE, {"extensions": {"name": "Another name"}}),
        (AWARD, {"endorsement": ["words"]}),
        (ENDORSEMENT, {"id": URN}),
        (ENDORSEMENT, {"endorsed": ""}),
        (ENDORSEMENT, {"issuer": URN}),
        (ENDORSEMENT, {"issued_on": datetime(2024, 5, 1)}),  # noqa: DTZ001
        (ENDORSEMENT, {"comment": None}),
        (ENDORSEMENT, {"language": "english"}),
        (KEY, {"id": URN}),
        (KEY, {"owner": ""}),
        (KEY, {"public_key_pem": "MIIB"}),
        (KEY, {"public_key_pem": PEM + "-----BEGIN PRIVATE KEY-----"}),
        (KEY, {"public_key_pem": PEM.encode()}),
        (REVOCATIONS, {"id": URN}),
        (REVOCATIONS, {"issuer": ""}),
        (REVOCATIONS, {"revoked": [URN, OTHER_URN]}),
        (GONE, {"id": "2"}),
        (GONE, {"reason": None}),
        (AWARD.recipient, {"identity": ""}),
        (AWARD.recipient, {"identity": "ada@example.org"}),
        (AWARD.recipient, {"hashed": False}),
        (AWARD.recipient, {"hashed": "true"}),
        (AWARD.recipient, {"salt": None}),
        (AWARD.recipient, {"type": "name"}),
        (SIGNED.verification, {"creator": URN}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else type(value).__name__,
)
def test_what_the_standard_does_not_allow_is_refused(document, change):
    with pytest.raises(InvalidDocument):
        replace(document, **change)


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        (Image, {"id": "image.png"}),
        (Image, {"id": SITE, "caption": 3}),
        (Image, {"id": SITE, "author": "Ada"}),
        (Criteria, {}),
        (Criteria, {"narrative": "  "}),
        (Criteria, {"narrative": None}),
        (Criteria, {"id": "criteria"}),
        (Alignment, {"target_name": "", "target_url": SITE}),
        (Alignment, {"target_name": "A", "target_url": URN}),
        (Alignment, {"target_name": "A", "target_url": SITE, "target_code": 1}),
        (Evidence, {}),
        (Evidence, {"id": "ftp://example.org/1"}),
        (Evidence, {"name": 3}),
        (Related, {"id": "1"}),
        (Related, {"id": SITE, "type": None}),
        (RevokedEntry, {"id": "1"}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else value.__name__,
)
def test_parts_that_mean_nothing_are_refused(kind, members):
    with pytest.raises(InvalidDocument):
        kind(**members)


def test_endorsement_claims_an_object_even_without_words():
    bare = replace(ENDORSEMENT, comment="", language="")

    assert ENDORSEMENT.to_json() == {
        "@context": documents.CONTEXT_V2,
        "id": f"{SITE}/endorsements/1",
        "type": "Endorsement",
        "claim": {"id": f"{SITE}/badges/1", "endorsementComment": "We **hire** for it."},
        "issuer": f"{SITE}/issuers/2",
        "issuedOn": "2024-05-01T12:00:00Z",
        "verification": {"type": "HostedBadge"},
        "@language": "en-US",
    }
    assert bare.to_json()["claim"] == {"id": f"{SITE}/badges/1"}


def test_endorsement_that_was_taken_back_says_nothing_else():
    gone = RevokedAssertion(id=ENDORSEMENT.id, reason="Said too much.", kind=ObjectType.ENDORSEMENT)

    assert gone.to_json() == {
        "@context": documents.CONTEXT_V2,
        "id": f"{SITE}/endorsements/1",
        "type": "Endorsement",
        "revoked": True,
        "revocationReason": "Said too much.",
    }


def test_issuer_of_several_hosts_says_where_its_badges_may_lie():
    body = MOVED_ISSUER.to_json()

    assert body["verification"] == {
        "type": "VerificationObject",
        "allowedOrigins": ["badges.example.org", "new.example.net"],
    }
    assert body["related"] == [
        {"type": "Issuer", "id": f"{SITE}/issuers/9"},
        {"type": "https://purl.example.org/Profile", "id": f"{SITE}/ob3/issuers/1"},
    ]
    assert body["schema:location"] == {"type": ["Extension", "extensions:GeoCoordinates", "schema:Place"]}


def test_images_may_be_data_on_badges_and_issuers_only():
    data = "data:image/png;base64,AAAA"

    assert replace(BADGE, image=data).to_json()["image"] == data
    assert replace(ISSUER, image=Image(id=data)).to_json()["image"] == {"id": data}
    with pytest.raises(InvalidDocument):
        replace(AWARD, image=Image(id=data))


def test_evidence_may_be_a_urn_that_is_described_inline():
    assert Evidence(id=URN, narrative="x").to_json() == {"id": URN, "narrative": "x"}
