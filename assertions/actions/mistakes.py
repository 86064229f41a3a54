"""What is certainly no badge, told while the form is still open: what it is instead, and what to bring."""

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from assertions.actions.brought import Brought
from assertions.actions.own_documents import own_route
from badgeserver.errors import UserFacingError
from badgeserver.openbadges import baking
from badgeserver.openbadges.errors import BakingError, InvalidJson, InvalidSignature
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.jws import looks_like_jws, peek

#: By what files of other kinds begin, and what people call them.
_KINDS: Final[Sequence[tuple[re.Pattern[bytes], str]]] = (
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"GIF8"), "GIF"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "WebP"),
    (re.compile(rb"....ftyp(?:hei|mif|avif|msf)", re.DOTALL), "HEIC"),
    (re.compile(rb"%PDF-"), "PDF"),
    (re.compile(rb"PK\x03\x04"), "ZIP"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "Word"),
)
#: What is left of a signed badge that was copied in part still begins with JSON in base64.
_PART_OF_SIGNATURE: Final = re.compile(r"eyJ[\w.-]*", re.ASCII)

#: How many bytes a signature has by a key of 2048 bits, the least that is allowed, and by one of the early days.
_SHORTEST_RSA, _OLD_RSA = 256, 128


class NoBadgeInIt(UserFacingError):
    """What was brought can be told to be no badge without asking anybody."""

    code = "no_badge"
    field = "badge"


def refuse_mistakes(brought: Brought) -> None:
    """Raise `NoBadgeInIt`, with the `field` it belongs to, for what cannot be a badge: nobody needs to be asked.

    What may be one goes on, also when it is damaged or forged: that is for the check to say.
    """
    if isinstance(brought.source, bytes):
        _refuse_file(brought.source)
    else:
        _refuse_text(brought.source)


def _refuse_file(data: bytes) -> None:
    if baking.sniff(data):
        try:
            if not baking.unbake_all(data):
                raise NoBadgeInIt(
                    _(
                        "There is no badge inside this picture. Screenshots, photos and most messengers lose it. Ask "
                        "for the file as it was downloaded from the issuer, or for the link to the badge."
                    ),
                    field="file",
                )
        except BakingError as error:
            raise NoBadgeInIt(
                _("%(reason)s Ask for the file as it was downloaded from the issuer, or for the link to the badge.")
                % {"reason": error},
                field="file",
            ) from None
        return
    kind = next((name for begins, name in _KINDS if begins.match(data)), "")
    if kind:
        raise NoBadgeInIt(
            _(
                "This is a %(kind)s file, which cannot hold a badge. A badge comes as a PNG or SVG picture: ask for "
                "the file as it was downloaded from the issuer, or for the link to the badge."
            )
            % {"kind": kind},
            field="file",
        )
    try:
        _refuse_text(data.decode("utf-8-sig").strip(), field="file")
    except UnicodeDecodeError:
        raise NoBadgeInIt(
            _(
                "This file is neither a picture with a badge inside nor a badge as text. Ask for the PNG or SVG "
                "picture as it was downloaded from the issuer, or for the link to the badge."
            ),
            field="file",
        ) from None


def _refuse_text(text: str, *, field: str = "badge") -> None:
    if is_http_url(text):
        _refuse_own_page(text, field=field)
        return
    if text.startswith("{"):
        try:
            parse_object(text)
        except InvalidJson:
            raise NoBadgeInIt(
                _("This JSON cannot be read; a part may be missing. Copy all of it, from the first { to the last }."),
                field=field,
            ) from None
        return
    if _is_award_number(text) or _is_whole_signature(text):
        return
    if _PART_OF_SIGNATURE.fullmatch(text):
        raise NoBadgeInIt(
            _(
                "Only a part of the signed badge was copied. It has three parts with a dot between them: copy all of "
                "it, from “eyJ” to its end, or bring the link or the picture instead."
            ),
            field=field,
        )
    if _is_email_address(text):
        raise NoBadgeInIt(
            _("This is an e-mail address. What is needed here is the badge: its link, or its picture."), field=field
        )
    raise NoBadgeInIt(
        _(
            "There is no badge in this text. Ask its holder for the link to the badge, which begins with https://, or "
            "for its picture."
        ),
        field=field,
    )


def _refuse_own_page(url: str, *, field: str) -> None:
    """A page of this server that is about something else than one award."""
    route = own_route(url)
    if route is None or "assertion" in route.kwargs:
        return
    if "receipt" in route.kwargs:
        raise NoBadgeInIt(
            _("This is the link to the receipt of an earlier check. Open it, and check the badge again from there."),
            field=field,
        )
    if "badge" in route.kwargs and "public" in route.namespaces:
        raise NoBadgeInIt(
            _(
                "This link leads to what the badge stands for, and not to anybody’s award of it. Ask its holder for "
                "the link to their own badge."
            ),
            field=field,
        )


def _is_award_number(text: str) -> bool:
    """Awards are also found by their number alone."""
    try:
        UUID(text.lower().removeprefix("urn:uuid:"))
    except ValueError:
        return False
    return True


def _is_whole_signature(text: str) -> bool:
    """Whether nothing of a signed badge was lost on the way: cut off, it would be taken for a forgery."""
    if not looks_like_jws(text):
        return False
    try:
        header, _payload = peek(text)
    except InvalidSignature:
        return False
    encoded = text.rsplit(".", 1)[1]
    size = len(encoded) * 3 // 4
    is_rsa = str(header.get("alg", "")).startswith("RS")
    return len(encoded) % 4 != 1 and not (is_rsa and size < _SHORTEST_RSA and size != _OLD_RSA)


def _is_email_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
