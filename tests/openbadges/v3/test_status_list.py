"""Lists of the revoked: bits in their order, bombs left alone."""

import base64
import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.openbadges import InvalidDocument
from badgeserver.openbadges.v3 import ENTRIES, CredentialRevocationList, RevokedCredential, StatusListCredential
from badgeserver.openbadges.v3.status_list import decode_bits, encode_bits, is_set

ISSUER = "https://badges.example.org/ob3/issuers/1"
LIST = "https://badges.example.org/ob3/status/1"


def packed(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(data, mtime=0)).decode().rstrip("=")


def test_the_sample_is_read_in_the_order_of_the_standard(sample):
    encoded = json.loads(sample("ob3/bitstring-status-list.unsigned.json"))["credentialSubject"]["encodedList"]
    bits = decode_bits(encoded)

    assert len(bits) * 8 == ENTRIES
    assert [index for index in range(ENTRIES) if is_set(bits, index)] == [94567]
    assert decode_bits(encode_bits([94567])) == bits


def test_first_bit_is_the_highest_of_the_first_byte():
    assert decode_bits(encode_bits([0, 15]))[:2] == b"\x80\x01"


def test_the_same_indexes_give_the_same_text():
    assert encode_bits([3, 1, 3]) == encode_bits(iter((1, 3)))


@given(st.sets(st.integers(0, ENTRIES - 1), max_size=50))
def test_what_is_set_is_set(indexes):
    bits = decode_bits(encode_bits(indexes))

    assert {index for index in range(ENTRIES) if bits[index >> 3] and is_set(bits, index)} == indexes


@pytest.mark.parametrize("index", [-1, ENTRIES])
def test_places_beyond_the_list_are_refused(index):
    with pytest.raises(InvalidDocument):
        encode_bits([index])
    with pytest.raises(InvalidDocument):
        is_set(decode_bits(encode_bits([])), index)


def test_a_list_of_old_without_its_letter_is_read():
    assert decode_bits(encode_bits([1]).removeprefix("u") + "==") == decode_bits(encode_bits([1]))


@pytest.mark.parametrize(
    "encoded",
    [
        None,
        3,
        "",
        "u",
        "uü",
        "u!",
        "uAAAAA",
        "uAAAA",
        packed(b"")[:-1],
        packed(b""),
        packed(b"x" * 1000)[:-4],
        packed(bytes(8_000_001)),
        "u" + "A" * 4_000_000,
    ],
)
def test_damaged_lists_and_bombs_are_refused(encoded):
    with pytest.raises(InvalidDocument):
        decode_bits(encoded)


def test_a_list_is_the_sample(sample):
    expected = json.loads(sample("ob3/bitstring-status-list.unsigned.json"))
    listed = StatusListCredential(
        id=LIST, issuer=ISSUER, valid_from=datetime(2024, 5, 1, tzinfo=UTC), revoked=[94567]
    ).to_json()
    expected["credentialSubject"]["encodedList"] = listed["credentialSubject"]["encodedList"]  # another gzip

    assert listed == expected


def test_lists_of_ids_are_the_samples(sample):
    address = f"{ISSUER}/revocations"
    entry = RevokedCredential(id="urn:uuid:5c1b2f0e-6c0b-4a0e-9a1e-1d8a0b7c9e11", reason="Issued in error.")

    empty = CredentialRevocationList(id=address, issuer=ISSUER)
    revoked = CredentialRevocationList(id=address, issuer=ISSUER, revoked=[entry])

    assert empty.to_json() == json.loads(sample("ob3/revocations.empty.json"))
    assert revoked.to_json() == json.loads(sample("ob3/revocations.revoked.json"))


@pytest.mark.parametrize(
    ("make", "members"),
    [
        (StatusListCredential, {"id": "x", "issuer": ISSUER, "valid_from": datetime.now(UTC), "revoked": []}),
        (StatusListCredential, {"id": LIST, "issuer": "x", "valid_from": datetime.now(UTC), "revoked": []}),
        (StatusListCredential, {"id": LIST, "issuer": ISSUER, "valid_from": datetime(2024, 5, 1), "revoked": []}),  # noqa: DTZ001
        (StatusListCredential, {"id": LIST, "issuer": ISSUER, "valid_from": datetime.now(UTC), "revoked": ["1"]}),
        (CredentialRevocationList, {"id": "x", "issuer": ISSUER}),
        (CredentialRevocationList, {"id": LIST, "issuer": ISSUER, "revoked": [LIST]}),
        (RevokedCredential, {"id": "x"}),
        (RevokedCredential, {"id": LIST, "reason": None}),
    ],
)
def test_lists_refuse_what_does_not_belong_in_them(make, members):
    with pytest.raises(InvalidDocument):
        make(**members)
