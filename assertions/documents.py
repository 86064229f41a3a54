"""An award as Open Badges documents: the hosted form, the signed form, and what is left of a revoked one."""

from collections.abc import Sequence

from assertions.models import Assertion, Evidence
from badges.documents import badge_class_url
from badgeserver.addresses import public_url
from badgeserver.openbadges import documents as ob
from badgeserver.openbadges.identity import hashed_email
from issuers.documents import key_id


def assertion_url(assertion: Assertion) -> str:
    """Return the public address, which is the `id` of the hosted form (OB2-ISS-10)."""
    return public_url("public:assertion", assertion.pk)


def hosted_json(assertion: Assertion, evidence: Sequence[Evidence]) -> str:
    """Return the hosted form: verified by being served at its own `id` (OB2-ISS-81)."""
    return _form(
        assertion,
        evidence,
        id=assertion_url(assertion),
        twin=assertion.signed_id,
        verification=ob.HostedVerification(),
    )


def signed_json(assertion: Assertion, evidence: Sequence[Evidence]) -> str:
    """Return the payload of the signed form: a `urn:uuid`, and the key that vouches for it (OB2-ISS-82, 134)."""
    return _form(
        assertion,
        evidence,
        id=assertion.signed_id,
        twin=assertion_url(assertion),
        verification=ob.SignedVerification(creator=key_id(assertion.signing_key)),
    )


def revoked_json(assertion: Assertion) -> str:
    """Return the stripped body of the 410 answer (OB2-ISS-111)."""
    document = ob.RevokedAssertion(id=assertion_url(assertion), reason=assertion.revocation_reason)
    return ob.serialize(document.to_json())


def _form(
    assertion: Assertion,
    evidence: Sequence[Evidence],
    *,
    id: str,  # noqa: A002 -- the word of the standard
    twin: str,
    verification: ob.HostedVerification | ob.SignedVerification,
) -> str:
    document = ob.Assertion(
        id=id,
        recipient=hashed_email(assertion.recipient_key, assertion.salt),
        badge=badge_class_url(assertion.badge_class),
        verification=verification,
        issued_on=assertion.issued_at,
        image=ob.Image(id=public_url("public:assertion-image", assertion.pk), caption=assertion.badge_class.image_alt),
        evidence=[ob.Evidence(id=item.url, name=item.name, narrative=item.narrative) for item in evidence],
        narrative=assertion.narrative,
        expires=assertion.expires_at,
        # The two forms of one award name one another, so that a reader of either finds the other.
        related=[ob.Related(id=twin)],
    )
    return ob.serialize(document.to_json())
