"""Whether the picture of the badge is there and really is one (OB2-ISS-44, OB2-ISS-103)."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from badgeserver.openbadges import baking
from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.iris import is_data_image, is_http_url
from badgeserver.openbadges.obstacles import Obstacle, could_not_fetch, obstacle_of_status
from badgeserver.openbadges.report import Check, CheckCode
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.members import iri_of
from badgeserver.openbadges.verification.resources import host_of
from badgeserver.openbadges.vocabulary import MEDIA_TYPE_PNG, MEDIA_TYPE_SVG

MAX_BYTES = 10_000_000
"""The largest picture that is taken for one."""

_TYPES = {"png": MEDIA_TYPE_PNG, "svg": MEDIA_TYPE_SVG}
_PNG_HEADER = slice(12, 16)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was found, or what is wrong."""

    check: Check
    image: bytes = b""
    media_type: str = ""


def check_picture(case: Case) -> Check:
    """The picture of the badge, and that of the award where it has one, are really PNG or SVG, whatever they say."""
    picture = picture_of(case)
    own = (case.assertion.document or {}).get("image")
    if not picture.image or own is None:
        return picture.check
    # A picture of the award that is missing or none is the award's fault, as it is for the official validator.
    award = _picture_at(case, iri_of(own), "award")
    return picture.check if award.image else award.check


def picture_of(case: Case) -> Picture:
    """The picture of the badge itself."""
    code = CheckCode.PICTURE
    if case.badge.document is None or case.badge.gone:
        return Picture(Check.unknown(code, "Not checked, because the description of the badge could not be read."))
    return _picture_at(case, iri_of(case.badge.document.get("image")), "badge")


def _picture_at(case: Case, address: str, noun: str) -> Picture:
    if is_data_image(address):
        return _judged(_decoded(address), noun, "data URI")
    if is_http_url(address):
        return _fetched(case, address, noun)
    return Picture(Check.failed(CheckCode.PICTURE, f"The {noun} does not name a picture.", address[:200]))


def _fetched(case: Case, address: str, noun: str) -> Picture:
    code, what = CheckCode.PICTURE, f"picture of the {noun}"
    try:
        answer = case.resources.fetch(address)
    except FetchFailed as error:
        sentence = could_not_fetch(what, error.obstacle, error.host or host_of(address))
        return Picture(Check.unknown(code, sentence, f"{address}: {error}", obstacle=error.obstacle))
    detail = f"{address}: {answer.status}"
    obstacle = obstacle_of_status(answer.status)
    if obstacle is None:
        return _judged(answer.body, noun, detail)
    if obstacle is Obstacle.NOT_FOUND:
        sentence = f"There is no picture at the address that the {noun} gives."
        return Picture(Check.failed(code, sentence, detail, obstacle=obstacle))
    if obstacle is Obstacle.TAKEN_AWAY:
        sentence = f"The {what} is no longer there: whoever published it has taken it away."
        return Picture(Check.failed(code, sentence, detail, obstacle=obstacle))
    sentence = could_not_fetch(what, obstacle, host_of(answer.url))
    return Picture(Check.unknown(code, sentence, detail, obstacle=obstacle))


def _judged(image: bytes, noun: str, detail: str) -> Picture:
    code = CheckCode.PICTURE
    if len(image) > MAX_BYTES:
        sentence = f"The picture of the {noun} is too large to be looked at."
        return Picture(Check.unknown(code, sentence, detail, obstacle=Obstacle.TOO_LARGE))
    media_type = _media_type(image)
    if not media_type:
        sentence = f"What the {noun} names as its picture is neither a PNG nor an SVG image."
        return Picture(Check.failed(code, sentence, detail, obstacle=Obstacle.NOT_A_PICTURE))
    return Picture(Check.passed(code, f"The picture of the {noun} is there.", detail), image, media_type)


def _media_type(image: bytes) -> str:
    kind = baking.sniff(image)
    if kind is None or (kind == "png" and image[_PNG_HEADER] != b"IHDR"):
        return ""
    return _TYPES[kind]


def _decoded(data_uri: str) -> bytes:
    head, _, content = data_uri.partition(",")
    raw = unquote_to_bytes(content)
    if not head.endswith(";base64"):
        return raw
    try:
        return base64.b64decode(raw, validate=False)
    except binascii.Error:
        return b""
