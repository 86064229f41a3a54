"""What fuzzing starts from: the samples, the hand-made hostile files, and texts signed with a key of this run."""

import json
from collections.abc import Iterator
from pathlib import Path

from badgeserver.openbadges import generate_private_key, public_key_pem, sign
from badgeserver.openbadges.keys import PrivateKey
from tests.fuzz import hostile
from tests.fuzz.mutators import encode_part

SAMPLES = Path(__file__).parent.parent / "samples"
MAX_SEED = 1 << 16

HOSTED_TEXT = json.dumps(
    json.loads((SAMPLES / "ob2" / "assertion-hosted.json").read_bytes()), separators=(",", ":"), ensure_ascii=False
)
CREDENTIAL_TEXT = (SAMPLES / "ob3" / "credential.kid.jws").read_text(encoding="ascii").strip()
_KEY = generate_private_key()
PUBLIC_KEY = public_key_pem(_KEY)
SIGNED_PAYLOADS = {
    b"{}",
    b"",
    b"\0",
    HOSTED_TEXT.encode(),
    (SAMPLES / "ob2" / "assertion-signed.payload.json").read_bytes(),
}


def private_key() -> PrivateKey:
    """Return the key of this run."""
    return _KEY


def other_key() -> PrivateKey:
    """Return a key that nobody publishes."""
    return generate_private_key()


def modulus() -> str:
    """Return the number of this run's public key, as a JWK has it."""
    number = _KEY.public_key().public_numbers().n
    return encode_part(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode()


def signed(payload: bytes) -> str:
    """Return a JWS by the key of this run."""
    return sign(payload, _KEY)


def _files(*patterns: str) -> Iterator[bytes]:
    for pattern in patterns:
        for path in sorted(SAMPLES.glob(pattern)):
            found = path.read_bytes()
            if len(found) <= MAX_SEED:
                yield found


def png_files() -> Iterator[bytes]:
    """Pictures, baked and plain, sound and broken."""
    yield from _files("**/*.png")
    yield from (made for made in hostile.pngs().values() if len(made) <= MAX_SEED)


def svg_files() -> Iterator[bytes]:
    """Drawings, baked and plain, of several programs, and hostile ones."""
    yield from _files("**/*.svg")
    yield from (made for made in hostile.svgs().values() if len(made) <= MAX_SEED)


def jws_texts() -> Iterator[bytes]:
    """Signatures, by this run's key and by others."""
    yield from (signed(payload).encode() for payload in sorted(SIGNED_PAYLOADS))
    yield from _files("**/*.jws")
    yield from (
        made.encode("utf-8", "surrogatepass") for made in hostile.signatures().values() if len(made) <= MAX_SEED
    )


def json_texts() -> Iterator[bytes]:
    """Documents of the standard, and hostile ones."""
    yield from _files("ob2/*.json", "schema/*.json")
    yield from (made for made in hostile.json_texts().values() if len(made) <= MAX_SEED)


def markdown_texts() -> Iterator[bytes]:
    """Texts with every mark that is understood."""
    yield b"# Forklift\n\nDrive the **course** *twice*, see [the rules](https://example.org/a?b=1&c=2 'title')."
    yield b"> a\n> > b\n\n1. one\n2. two\n   - three\n\n```py\nprint('<b>')\n```\n\n    code\n\n---\n"
    yield b"| a | b |\n|---|:-:|\n| `c` | \\| d |\n\n![pic](https://example.org/x.png) <https://example.org>\n"
    yield b"write to rita@mail.example.org or [m](mailto:ada@e.org)\n\n[ref] ![ref]\n\n[ref]: https://x.org 'x'"
    yield b"<script>alert(1)</script> <b onclick=x> [a](javascript:alert(1)) [b](java&#115;cript:x)\n\nTitle\n===\n"
