"""A private key leaves the server by no door, not even encrypted."""

from badgeserver.audit.models import AuditEvent
from issuers.actions.signing_keys import compromise_signing_key, rotate_signing_key
from issuers.models import SigningKey
from tests.house.routes import all_routes


def test_no_address_hands_a_private_key_out(as_ada, client, academy, ada, ids, now):
    rotated = rotate_signing_key(issuer=academy, by=ada, at=now)
    compromise_signing_key(key=rotated, note="Laptop lost", tell_holders=False, by=ada, at=now)
    keys = SigningKey.objects.values_list("encrypted_private_key", flat=True)
    secrets = [b"PRIVATE KEY", b'"d":', *(key.encode() for key in keys)]
    ids["generation"] = 2

    told = []
    for route in all_routes():
        for reader in [as_ada, client]:
            for accept in ["text/html", "application/json"]:
                answer = reader.get(route.url(ids), headers={"accept": accept})
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                told += [route.name for secret in secrets if secret in body]

    assert len(keys) == 3
    assert told == []
    trail = str(list(AuditEvent.objects.values())).encode()
    assert [secret for secret in secrets if secret in trail] == []
