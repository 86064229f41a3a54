import logging

import pytest
from django.core import serializers

from badgeserver.audit.models import AuditEvent
from badgeserver.openbadges import keys
from issuers.actions.signing_keys import SigningKeyExists, create_signing_key, generate_key_material
from issuers.documents import private_key
from issuers.models import SigningKey
from tests.factories.issuers import IssuerFactory


def test_create_signing_key_stores_the_private_half_encrypted(acme, ada, now, settings):
    key = create_signing_key(issuer=IssuerFactory.create(organisation=acme), by=ada, at=now)

    opened = keys.decrypt_private_key(key.encrypted_private_key, settings.KEY_ENCRYPTION_KEYS)
    assert keys.public_key_pem(keys.load_private_key(opened)) == key.public_key_pem
    assert key.kid == keys.key_id(key.public_key_pem)
    assert (key.active_from, key.retired_at) == (now, None)
    assert private_key(key).key_size == 2048


def test_create_signing_key_refuses_a_second(academy, ada, now):
    with pytest.raises(SigningKeyExists):
        create_signing_key(issuer=academy, by=ada, at=now)

    assert academy.signing_keys.count() == 1


def test_private_key_appears_in_no_repr_no_trail_and_no_log(acme, ada, now, caplog):
    caplog.set_level(logging.DEBUG)
    material = generate_key_material()

    key = create_signing_key(issuer=IssuerFactory.create(organisation=acme), by=ada, at=now, material=material)

    opened = private_key(key)
    said = "".join(
        [
            repr(material),
            str(material),
            repr(key),
            str(key),
            repr(opened),
            caplog.text,
            str(AuditEvent.objects.values()),
            repr(SigningKey.objects.all()),
        ]
    )
    assert "PRIVATE" not in said
    assert material.encrypted_private_key not in said


def test_database_row_holds_no_readable_private_key(academy):
    dump = serializers.serialize("json", academy.signing_keys.all())

    assert "PRIVATE KEY" not in dump
