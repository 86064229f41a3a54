import logging

import pytest
from django.core import serializers

from badgeserver.audit.models import AuditEvent
from badgeserver.openbadges import keys
from issuers.actions.signing_keys import (
    KeyAlreadyCompromised,
    NoSigningKey,
    SigningKeyExists,
    compromise_signing_key,
    create_signing_key,
    generate_key_material,
    rotate_signing_key,
)
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


# --- Replacing ----------------------------------------------------------------------------------------------


def test_rotate_signing_key_retires_one_and_makes_the_next_generation(academy, ada, now):
    first = academy.signing_keys.get()

    second = rotate_signing_key(issuer=academy, by=ada, at=now)
    third = rotate_signing_key(issuer=academy, by=ada, at=now)

    assert list(academy.signing_keys.order_by("generation").values_list("pk", "generation", "retired_at")) == [
        (first.pk, 1, now),
        (second.pk, 2, now),
        (third.pk, 3, None),
    ]
    assert len({first.kid, second.kid, third.kid}) == 3
    event = AuditEvent.objects.filter(type="issuer.key.replaced").latest("pk")
    assert (event.actor_id, event.subject_name, event.details) == (
        str(ada.pk),
        third.kid,
        {"issuer": "Acme Academy", "before": second.kid},
    )


def test_rotate_signing_key_refuses_an_issuer_without_one(acme, ada, now):
    with pytest.raises(NoSigningKey):
        rotate_signing_key(issuer=IssuerFactory.create(organisation=acme), by=ada, at=now)


def test_compromised_active_key_is_replaced_at_once(academy, ada, now):
    stolen = compromise_signing_key(
        key=academy.signing_keys.get(), note="On a lost laptop.", tell_holders=True, by=ada, at=now
    )

    assert (stolen.retired_at, stolen.compromised_at, stolen.compromise_note, stolen.holders_told) == (
        *(now, now),
        *("On a lost laptop.", True),
    )
    assert academy.signing_keys.get(retired_at=None).generation == 2
    assert list(AuditEvent.objects.order_by("pk").values_list("type", flat=True)) == [
        "issuer.key.compromised",
        "issuer.key.replaced",
    ]


def test_compromised_retired_key_leaves_the_active_one_alone(academy, ada, now):
    first = academy.signing_keys.get()
    second = rotate_signing_key(issuer=academy, by=ada, at=now)

    compromise_signing_key(key=first, note="On a lost laptop.", tell_holders=False, by=ada, at=now)

    assert academy.signing_keys.get(retired_at=None) == second
    assert academy.signing_keys.count() == 2


def test_compromise_is_refused_twice_and_its_first_note_stands(academy, ada, now):
    key = compromise_signing_key(
        key=academy.signing_keys.get(), note="On a lost laptop.", tell_holders=True, by=ada, at=now
    )

    with pytest.raises(KeyAlreadyCompromised):
        compromise_signing_key(key=key, note="Again.", tell_holders=False, by=ada, at=now)

    key.refresh_from_db()
    assert (key.compromise_note, academy.signing_keys.count()) == ("On a lost laptop.", 2)
