"""An award as an Open Badges 3.0 credential: what the worker signs, and where its status is found."""

from collections.abc import Iterable

from assertions.documents import assertion_url
from assertions.models import Assertion, Evidence
from badges.credentials import achievement
from badgeserver.addresses import public_url
from badgeserver.openbadges import v3
from badgeserver.openbadges.identity import hashed_email
from issuers import credentials as issuers
from issuers.documents import private_key


def credential_jwt(assertion: Assertion, evidence: Iterable[Evidence]) -> str:
    """Return the credential, signed with the award's key (VC-JWT). Its status index must be there.

    `assertion.badge_class`, `assertion.issuer` and `assertion.signing_key` are read.
    """
    key = assertion.signing_key
    document = credential(assertion, evidence).to_json()
    return v3.sign_credential(document, private_key(key), kid=issuers.key_id(key))


def credential(assertion: Assertion, evidence: Iterable[Evidence]) -> v3.OpenBadgeCredential:
    """Return the same award in the words of 3.0: ids of its own, and a link to the 2.0 document."""
    badge_class, issuer = assertion.badge_class, assertion.issuer
    image_url = public_url("public:assertion-image", assertion.pk, origin=assertion.origin)
    number, index = divmod(assertion.status_index or 0, v3.ENTRIES)
    return v3.OpenBadgeCredential(
        id=assertion.credential_id,
        issuer=issuers.profile(issuer),
        subject=v3.AchievementSubject(
            id=f"urn:uuid:{assertion.subject_uuid}",
            achievement=achievement(badge_class),
            identifiers=[v3.IdentityObject.of(hashed_email(assertion.recipient_key, assertion.salt))],
            narrative=assertion.narrative,
            image=v3.Image(id=image_url, caption=badge_class.image_alt),
        ),
        valid_from=assertion.issued_at,
        awarded_on=assertion.issued_at,
        valid_until=assertion.expires_at,
        name=badge_class.name,
        evidence=[
            *(
                v3.Evidence(
                    id=item.url,
                    name=item.name,
                    description=item.description,
                    narrative=item.narrative,
                    genre=item.genre,
                    audience=item.audience,
                )
                for item in evidence
            ),
            v3.Evidence.assertion(assertion_url(assertion)),
        ],
        status=v3.BitstringStatus(status_list=issuers.status_list_id(issuer, number + 1), index=index),
    )
