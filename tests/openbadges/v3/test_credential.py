"""The objects of a credential: what they write, and what they refuse."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from badgeserver.openbadges.documents import Recipient
from badgeserver.openbadges.errors import InvalidDocument
from badgeserver.openbadges.identity import hashed_email
from badgeserver.openbadges.v3 import (
    Achievement,
    AchievementSubject,
    Alignment,
    BitstringStatus,
    Criteria,
    Evidence,
    IdentifierEntry,
    IdentityObject,
    Image,
    OpenBadgeCredential,
    Profile,
    Related,
    RevocationListStatus,
)
from badgeserver.openbadges.v3.vocabulary import IdentityType
from badgeserver.openbadges.vocabulary import RecipientType

HOST = "https://badges.example.org"
ISSUER = f"{HOST}/ob3/issuers/1"
DAY = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)

PROFILE = {"id": ISSUER, "name": "Example Maker Society"}
CRITERIA = Criteria(id=f"{HOST}/public/badges/1/criteria", narrative="Build a **robot** that moves.")
ACHIEVEMENT = {
    "id": f"{HOST}/ob3/achievements/1",
    "name": "Awesome Robotics Badge",
    "description": "For doing awesome things with robots.",
    "criteria": CRITERIA,
}
SUBJECT = {"id": "urn:uuid:0d6f0f5e-0f6d-4c5d-8f31-6b1a2d3c4e5f", "achievement": Achievement(**ACHIEVEMENT)}
CREDENTIAL = {
    "id": "urn:uuid:5c1b2f0e-6c0b-4a0e-9a1e-1d8a0b7c9e11",
    "issuer": Profile(**PROFILE),
    "subject": AchievementSubject(**SUBJECT),
    "valid_from": DAY,
}


def test_the_whole_credential_is_the_sample(sample):
    credential = OpenBadgeCredential(
        id=CREDENTIAL["id"],
        issuer=Profile(
            id=ISSUER,
            name="Example Maker Society",
            url=f"{HOST}/",
            email="contact@badges.example.org",
            description="Fixture issuer",
            image=Image(id=f"{HOST}/public/issuers/1/image.png", caption="Society logo"),
            other_identifiers=[IdentifierEntry(identifier=f"{HOST}/public/issuers/1")],
        ),
        subject=AchievementSubject(
            id=SUBJECT["id"],
            achievement=Achievement(
                **ACHIEVEMENT,
                image=Image(id=f"{HOST}/public/badges/1/image.png", caption="A friendly robot"),
                creator=Profile(**PROFILE),
                alignment=[
                    Alignment(
                        target_name="Basic Locomotion",
                        target_url="https://frameworks.example.org/robot-skills/1",
                        target_framework="Robot Skills",
                        target_code="RS.1",
                    )
                ],
                tags=["robots", "awesome"],
                language="en-US",
                version="2",
                related=[Related.badge_class(f"{HOST}/public/badges/1")],
            ),
            identifiers=[IdentityObject.of(hashed_email("nobody@example.org", "deadsea"))],
            narrative="Two pieces of evidence.",
        ),
        valid_from=DAY,
        awarded_on=DAY,
        valid_until=datetime(2090, 1, 1, tzinfo=UTC),
        name="Awesome Robotics Badge",
        evidence=[
            Evidence(id="https://evidence.example.org/1", name="Robot photos", genre="Photography"),
            Evidence(narrative="Reflective writing."),
            Evidence.assertion(f"{HOST}/public/assertions/1"),
        ],
        status=RevocationListStatus(revocation_list=f"{ISSUER}/revocations"),
    )

    expected = json.loads(sample("ob3/credential.unsigned.json"))
    expected["credentialSubject"]["achievement"]["type"] = ["Achievement"]  # the link has the 2.0 type, not the thing
    expected["evidence"][2]["name"] = "The same award as an Open Badges 2.0 Assertion"
    assert credential.to_json() == expected


def test_the_third_context_is_there_only_when_a_type_needs_it():
    def contexts(**members: object) -> int:
        return len(OpenBadgeCredential(**CREDENTIAL, **members).to_json()["@context"])

    bitstring = BitstringStatus(status_list=f"{ISSUER}/status/1", index=7)
    assert contexts(names_schema=False) == 2
    assert contexts(names_schema=False, status=bitstring) == 2
    assert contexts(names_schema=False, status=RevocationListStatus(revocation_list=f"{ISSUER}/revocations")) == 3
    assert contexts(status=bitstring) == 3


def test_nothing_empty_is_written():
    written = json.dumps(OpenBadgeCredential(**CREDENTIAL, names_schema=False).to_json())

    assert [empty for empty in ('""', "[]", "{}", "null") if empty in written] == []


def test_a_bitstring_entry_is_the_sample(sample):
    entry = BitstringStatus(status_list=f"{HOST}/ob3/status/1", index=94567)

    assert entry.to_json() == json.loads(sample("ob3/bitstring-status-entry.json"))


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (RecipientType.EMAIL, "emailAddress"),
        (RecipientType.TELEPHONE, "ext:telephone"),
        (RecipientType.URL, "ext:url"),
        (RecipientType.ID, "identifier"),
    ],
)
def test_a_recipient_is_taken_over_under_its_new_name(kind, written):
    recipient = Recipient(identity="+16175551212", hashed=False, type=kind)

    assert IdentityObject.of(recipient).to_json() == {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": "+16175551212",
        "identityType": written,
    }


def test_documents_of_their_own_have_both_contexts():
    contexts = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]

    profile, achievement = Profile(**PROFILE), Achievement(**ACHIEVEMENT)
    assert profile.to_document() == {"@context": contexts, **profile.to_json()}
    assert achievement.to_document() == {"@context": contexts, **achievement.to_json()}


def test_a_related_achievement_need_not_have_a_second_type():
    assert Related(id=f"{HOST}/ob3/achievements/2", language="de").to_json() == {
        "id": f"{HOST}/ob3/achievements/2",
        "type": ["Related"],
        "inLanguage": "de",
    }


@pytest.mark.parametrize(
    ("make", "members"),
    [
        (Image, {"id": "picture.png"}),
        (Image, {"id": f"{HOST}/1.png", "caption": 3}),
        (IdentifierEntry, {"identifier": " "}),
        (IdentifierEntry, {"identifier": "x", "identifier_type": ""}),
        (Profile, {**PROFILE, "id": "issuer 1"}),
        (Profile, {**PROFILE, "name": ""}),
        (Profile, {**PROFILE, "url": "example.org"}),
        (Profile, {**PROFILE, "email": "nobody"}),
        (Profile, {**PROFILE, "email": 3}),
        (Profile, {**PROFILE, "description": None}),
        (Profile, {**PROFILE, "phone": "617 555"}),
        (Profile, {**PROFILE, "phone": 617}),
        (Profile, {**PROFILE, "image": f"{HOST}/1.png"}),
        (Profile, {**PROFILE, "other_identifiers": f"{HOST}/public/issuers/1"}),
        (Criteria, {}),
        (Criteria, {"narrative": " "}),
        (Criteria, {"narrative": None}),
        (Criteria, {"id": "criteria.html"}),
        (Alignment, {"target_name": "", "target_url": HOST}),
        (Alignment, {"target_name": "x", "target_url": "urn:x"}),
        (Alignment, {"target_name": "x", "target_url": HOST, "target_code": 3}),
        (Related, {"id": "x"}),
        (Related, {"id": HOST, "kind": "BadgeClass"}),
        (Related, {"id": HOST, "language": "english!"}),
        (Related, {"id": HOST, "language": None}),
        (Related, {"id": HOST, "version": 2}),
        (Achievement, {**ACHIEVEMENT, "id": "x"}),
        (Achievement, {**ACHIEVEMENT, "name": "\n"}),
        (Achievement, {**ACHIEVEMENT, "description": ""}),
        (Achievement, {**ACHIEVEMENT, "criteria": f"{HOST}/criteria"}),
        (Achievement, {**ACHIEVEMENT, "image": f"{HOST}/1.png"}),
        (Achievement, {**ACHIEVEMENT, "creator": ISSUER}),
        (Achievement, {**ACHIEVEMENT, "alignment": [{}]}),
        (Achievement, {**ACHIEVEMENT, "tags": "robots"}),
        (Achievement, {**ACHIEVEMENT, "tags": [""]}),
        (Achievement, {**ACHIEVEMENT, "version": 2}),
        (Achievement, {**ACHIEVEMENT, "related": [HOST]}),
        (Achievement, {**ACHIEVEMENT, "achievement_type": None}),
        (IdentityObject, {"identity_hash": ""}),
        (IdentityObject, {"identity_hash": "nobody@example.org"}),
        (IdentityObject, {"identity_hash": "md5$" + "a" * 32, "hashed": False}),
        (IdentityObject, {"identity_hash": "md5$" + "a" * 32, "hashed": 1}),
        (IdentityObject, {"identity_hash": "md5$" + "a" * 32, "salt": None}),
        (IdentityObject, {"identity_hash": "md5$" + "a" * 32, "identity_type": "email"}),
        (AchievementSubject, {**SUBJECT, "id": "Nobody"}),
        (AchievementSubject, {**SUBJECT, "achievement": ACHIEVEMENT}),
        (AchievementSubject, {**SUBJECT, "identifiers": [{}]}),
        (AchievementSubject, {**SUBJECT, "narrative": None}),
        (AchievementSubject, {**SUBJECT, "image": f"{HOST}/1.png"}),
        (Evidence, {}),
        (Evidence, {"id": "photo.png"}),
        (Evidence, {"id": HOST, "kind": "Assertion"}),
        (Evidence, {"name": 3}),
        (BitstringStatus, {"status_list": "x", "index": 1}),
        (BitstringStatus, {"status_list": HOST, "index": -1}),
        (BitstringStatus, {"status_list": HOST, "index": True}),
        (BitstringStatus, {"status_list": HOST, "index": "1"}),
        (BitstringStatus, {"status_list": HOST, "index": 1, "purpose": ""}),
        (RevocationListStatus, {"revocation_list": "x"}),
        (OpenBadgeCredential, {**CREDENTIAL, "id": "5c1b2f0e"}),
        (OpenBadgeCredential, {**CREDENTIAL, "issuer": ISSUER}),
        (OpenBadgeCredential, {**CREDENTIAL, "subject": "x"}),
        (OpenBadgeCredential, {**CREDENTIAL, "valid_from": DAY.replace(tzinfo=None)}),
        (OpenBadgeCredential, {**CREDENTIAL, "awarded_on": DAY.replace(tzinfo=None)}),
        (OpenBadgeCredential, {**CREDENTIAL, "valid_until": DAY + timedelta(microseconds=1)}),
        (OpenBadgeCredential, {**CREDENTIAL, "name": None}),
        (OpenBadgeCredential, {**CREDENTIAL, "description": None}),
        (OpenBadgeCredential, {**CREDENTIAL, "evidence": [HOST]}),
        (OpenBadgeCredential, {**CREDENTIAL, "status": [HOST]}),
    ],
)
def test_what_the_standard_refuses_is_refused(make, members):
    with pytest.raises(InvalidDocument):
        make(**members)


def test_identity_types_are_those_of_the_schema():
    assert "email" not in tuple(IdentityType)
