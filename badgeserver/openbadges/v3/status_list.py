"""Lists of revoked credentials: the W3C's Bitstring Status List and 1EdTech's list of ids (section 6)."""

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from badgeserver.openbadges.errors import InvalidDocument
from badgeserver.openbadges.moments import format_datetime
from badgeserver.openbadges.v3.members import check_all_of, check_identifier, check_text, check_url, without_empty
from badgeserver.openbadges.v3.vocabulary import CONTEXT_CREDENTIALS

ENTRIES = 131_072
"""How many credentials share one list: the least that the standard allows, so that one hides among many."""

MAX_LIST_BYTES = 8_000_000
"""The longest list that is read, unpacked: 64 million credentials."""

MAX_ENCODED_LENGTH = 4_000_000


def encode_bits(indexes: Iterable[int], *, entries: int = ENTRIES) -> str:
    """``encodedList``: the bits, first bit first, in GZIP, in base64url with its multibase letter ``u``.

    The same indexes always give the same text. Raises InvalidDocument for an index beyond the list.
    """
    bits = bytearray(entries // 8)
    for index in indexes:
        if not 0 <= index < entries:
            raise InvalidDocument("A place in a status list lies beyond its end.")
        bits[index >> 3] |= 0x80 >> (index & 7)
    packed = gzip.compress(bytes(bits), compresslevel=9, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def decode_bits(encoded: object) -> bytes:
    """The bits of an ``encodedList`` from outside, 8 MB at most. Raises InvalidDocument for everything else."""
    if not isinstance(encoded, str) or not 1 < len(encoded) <= MAX_ENCODED_LENGTH or not encoded.isascii():
        raise InvalidDocument("The issuer’s status list cannot be read.")
    # Before version 1.0 the list stood there without its multibase letter.
    text = encoded.removeprefix("u") if encoded.startswith("u") else encoded
    try:
        packed = base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
        unpacker = zlib.decompressobj(wbits=31)
        bits = unpacker.decompress(packed, MAX_LIST_BYTES + 1)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise InvalidDocument("The issuer’s status list is damaged.") from error
    if len(bits) > MAX_LIST_BYTES:
        raise InvalidDocument("The issuer’s status list is larger than any that is read here.")
    if not unpacker.eof or not bits:
        raise InvalidDocument("The issuer’s status list is damaged: its end is missing.")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """The bit at a place, counted from the most significant bit of the first byte. Raises InvalidDocument beyond."""
    if not 0 <= index < len(bits) * 8:
        raise InvalidDocument("The badge’s place in the issuer’s status list lies beyond its end.")
    return bool(bits[index >> 3] & (0x80 >> (index & 7)))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusListCredential:
    """A Bitstring Status List, itself a credential that the issuer signs."""

    id: str
    """The address where it is served."""
    issuer: str
    """``id`` of the Profile that signs the credentials too."""
    valid_from: datetime
    revoked: Sequence[int]
    """The places of revoked credentials."""
    purpose: str = "revocation"

    def __post_init__(self) -> None:
        check_url(self.id, "id")
        check_identifier(self.issuer, "issuer")
        format_datetime(self.valid_from)
        check_all_of(self.revoked, int, "revoked")
        check_text(self.purpose, "statusPurpose")

    def to_json(self) -> dict[str, object]:
        return {
            "@context": [CONTEXT_CREDENTIALS],
            "id": self.id,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": self.issuer,
            "validFrom": format_datetime(self.valid_from),
            "credentialSubject": {
                "id": f"{self.id}#list",
                "type": "BitstringStatusList",
                "statusPurpose": self.purpose,
                "encodedList": encode_bits(self.revoked),
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokedCredential:
    """One line of a 1EdTech list."""

    id: str
    reason: str = ""

    def __post_init__(self) -> None:
        check_identifier(self.id, "revokedCredential")
        check_text(self.reason, "revocationReason")

    def to_json(self) -> dict[str, object]:
        return without_empty({"id": self.id, "revoked": True, "revocationReason": self.reason})


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRevocationList:
    """All revoked credentials of an issuer by their ids: one list for all, which tells nobody what is checked."""

    id: str
    issuer: str
    revoked: Sequence[RevokedCredential] = ()

    def __post_init__(self) -> None:
        check_url(self.id, "id")
        check_identifier(self.issuer, "issuer")
        check_all_of(self.revoked, RevokedCredential, "revokedCredential")

    def to_json(self) -> dict[str, object]:
        """``revokedCredential`` in the singular, and always there."""
        return {
            "id": self.id,
            "issuer": self.issuer,
            "revokedCredential": [entry.to_json() for entry in self.revoked],
        }
