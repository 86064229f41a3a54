"""Putting a badge into a PNG or SVG and taking it out again: bytes in, bytes out (Baking Specification)."""

from typing import Literal

from badgeserver.openbadges.baking import png, svg
from badgeserver.openbadges.baking.content import MAX_IMAGE_BYTES, MAX_TEXT_BYTES, Content
from badgeserver.openbadges.errors import NotBakeable, NothingBaked
from badgeserver.openbadges.vocabulary import Standard

__all__ = ["MAX_IMAGE_BYTES", "MAX_TEXT_BYTES", "bake", "bake_credential", "sniff", "unbake", "unbake_all"]


def sniff(image: bytes) -> Literal["png", "svg"] | None:
    """What an image is by its first bytes, whatever its name or declared type say (OB2-ISS-103)."""
    if image.startswith(png.SIGNATURE):
        return "png"
    return "svg" if svg.is_svg(image) else None


def bake(image: bytes, text: str, *, verify_url: str | None = None) -> bytes:
    """The image with the badge in it, in place of any earlier one.

    ``text`` is a JWS (signed form) or the JSON of a hosted Assertion, whose ``id`` is taken for
    ``verify_url`` unless that is given. Raises NotBakeable for an image that is no sound PNG or SVG,
    BakingError for a text that is no badge.
    """
    kind = _kind(image)
    content = Content.of(text, verify_url)
    return png.bake(image, content) if kind == "png" else svg.bake(image, content)


def bake_credential(image: bytes, text: str) -> bytes:
    """The image with an Open Badges 3.0 credential in it, in place of an earlier credential (OB 3.0 section 5.3).

    ``text`` is a VC-JWT, or JSON with an embedded proof. A badge of 2.0 in the image stays: a PNG has a chunk for
    each. In an SVG the two share a prefix that one document can hardly bind twice, so bake them into two files.
    Raises like ``bake``.
    """
    kind = _kind(image)
    content = Content.of_credential(text)
    return png.bake(image, content) if kind == "png" else svg.bake(image, content)


def unbake(image: bytes, *, standard: Standard = Standard.V2) -> str:
    """The text in a baked image: JSON, a JWS, or in old badges a web address (OB2-BAK-30 to 33).

    Raises NothingBaked when there is none of this standard, BakingError for everything else that is wrong.
    """
    return png.unbake(image, standard) if _kind(image) == "png" else svg.unbake(image, standard)


def unbake_all(image: bytes) -> dict[Standard, str]:
    """What the image carries by each standard; empty when nothing. Raises BakingError for an image that is damaged."""
    found: dict[Standard, str] = {}
    for standard in Standard:
        try:
            found[standard] = unbake(image, standard=standard)
        except NothingBaked:
            continue
    return found


def _kind(image: bytes) -> Literal["png", "svg"]:
    if len(image) > MAX_IMAGE_BYTES:
        raise NotBakeable("This image is larger than 20 MB.")
    kind = sniff(image)
    if kind is None:
        raise NotBakeable("Only PNG and SVG images can carry a badge.")
    return kind
