"""An award as Open Badges documents: the hosted form, the signed form, and what is left of a revoked one."""

from collections.abc import Sequence
from typing import cast

from assertions.models import Assertion, Endorsement, Evidence, ProblemReport
from badges.documents import badge_class_generation_url, badge_class_url
from badges.models import BadgeClass
from badgeserver.addresses import public_url
from badgeserver.openbadges import documents as ob
from badgeserver.openbadges.identity import hashed_email
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.vocabulary import ObjectType
from issuers.documents import issuer_id, key_id
from issuers.models import Issuer


def assertion_url(assertion: Assertion) -> str:
    """Return the public address, which is the `id` of the hosted form (OB2-ISS-10)."""
    return public_url("public:assertion", assertion.pk, origin=assertion.origin)


def hosted_json(assertion: Assertion, evidence: Sequence[Evidence], *, endorsements: Sequence[str] = ()) -> str:
    """Return the hosted form: verified by being served at its own `id` (OB2-ISS-81).

    `endorsements` are the addresses of what others say about this award (OB2-ISS-140).
    """
    return _form(
        assertion,
        evidence,
        id=assertion_url(assertion),
        badge=badge_class_url(assertion.badge_class),
        twin=assertion.signed_id,
        verification=ob.HostedVerification(),
        endorsements=endorsements,
    )


def hosted_json_with_endorsements(assertion: Assertion) -> str:
    """Return the stored hosted form as it is, but naming the endorsements that are shown now (OB2-ISS-140)."""
    document = parse_object(assertion.hosted_json)
    document.pop("endorsement", None)
    shown = [endorsement.public_id for endorsement in assertion.endorsements.linked().newest_first()]
    return ob.serialize({**document, "endorsement": shown} if shown else document)


def signed_json(assertion: Assertion, evidence: Sequence[Evidence]) -> str:
    """Return the payload of the signed form: a `urn:uuid`, and the key that vouches for it (OB2-ISS-82, 134).

    It names the badge as issued by the profile that lists this very key (docs/adr/0012).
    """
    return _form(
        assertion,
        evidence,
        id=assertion.signed_id,
        badge=badge_class_generation_url(assertion.badge_class, assertion.signing_key.generation),
        twin=assertion_url(assertion),
        verification=ob.SignedVerification(creator=key_id(assertion.signing_key)),
    )


def hosted_json_with_twin(assertion: Assertion, *, before: str) -> str:
    """Return the stored hosted form as it is, but with the signed form of today as its twin instead of `before`."""
    document = parse_object(assertion.hosted_json)
    related = document.get("related")
    twins = [related] if isinstance(related, dict) else related if isinstance(related, list) else []
    document["related"] = [
        {**twin, "id": assertion.signed_id} if isinstance(twin, dict) and twin.get("id") == before else twin
        for twin in twins
    ]
    return ob.serialize(document)


def signed_json_with_key(assertion: Assertion) -> str:
    """Return the stored signed form as it is, but as the signed copy of today: its `id`, its key, the key's badge.

    `assertion.badge_class` and `assertion.signing_key.issuer` are read.
    """
    key = assertion.signing_key
    document = parse_object(assertion.signed_json)
    document["id"] = assertion.signed_id
    document["badge"] = badge_class_generation_url(assertion.badge_class, key.generation)
    document["verification"] = ob.SignedVerification(creator=key_id(key)).to_json()
    return ob.serialize(document)


def revoked_json(assertion: Assertion) -> str:
    """Return the stripped body of the 410 answer (OB2-ISS-111)."""
    document = ob.RevokedAssertion(id=assertion_url(assertion), reason=assertion.revocation_reason)
    return ob.serialize(document.to_json())


def _form(
    assertion: Assertion,
    evidence: Sequence[Evidence],
    *,
    id: str,  # noqa: A002 -- the word of the standard
    badge: str,
    twin: str,
    verification: ob.HostedVerification | ob.SignedVerification,
    endorsements: Sequence[str] = (),
) -> str:
    image_url = public_url("public:assertion-image", assertion.pk, origin=assertion.origin)
    badge_class = assertion.badge_class
    document = ob.Assertion(
        id=id,
        recipient=hashed_email(assertion.recipient_key, assertion.salt),
        badge=badge,
        verification=verification,
        issued_on=assertion.issued_at,
        image=ob.Image(id=image_url, caption=badge_class.image_alt, author=badge_class.image_author),
        evidence=[
            ob.Evidence(
                id=item.url,
                name=item.name,
                description=item.description,
                narrative=item.narrative,
                genre=item.genre,
                audience=item.audience,
            )
            for item in evidence
        ],
        narrative=assertion.narrative,
        expires=assertion.expires_at,
        # The two forms of one award name one another, so that a reader of either finds the other.
        related=[ob.Related(id=twin)],
        endorsement=endorsements,
    )
    return ob.serialize(document.to_json())


# --- Endorsements --------------------------------------------------------------------------------------------


def subject_url(subject: Issuer | BadgeClass | Assertion) -> str:
    """Return the `id` of what is endorsed (OB2-ISS-140)."""
    if isinstance(subject, Issuer):
        return issuer_id(subject)
    return badge_class_url(subject) if isinstance(subject, BadgeClass) else assertion_url(subject)


def endorsement_json(endorsement: Endorsement) -> str:
    """Return the Endorsement document of one that was given here. `endorser` and its subject are read."""
    endorser = cast("Issuer", endorsement.endorser)
    document = ob.Endorsement(
        id=endorsement.public_id,
        endorsed=subject_url(endorsement.subject),
        issuer=issuer_id(endorser),
        issued_on=endorsement.issued_at,
        comment=endorsement.comment,
        language=endorser.language,
    )
    return ob.serialize(document.to_json())


def revoked_endorsement_json(endorsement: Endorsement) -> str:
    """Return the stripped body of the 410 answer."""
    document = ob.RevokedAssertion(
        id=endorsement.public_id, reason=endorsement.revocation_reason, kind=ObjectType.ENDORSEMENT
    )
    return ob.serialize(document.to_json())


# --- Reports -------------------------------------------------------------------------------------------------


def reported_url(report: ProblemReport) -> str:
    """Return the public address of what a report is about: an award, a badge or an issuer. Its parts are read."""
    return subject_url(report.assertion or report.badge_class or report.issuer)
