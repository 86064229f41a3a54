"""What somebody brings to be checked: taken as it is meant, and sealed for as long as it waits."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from badgeserver.errors import UserFacingError
from badgeserver.openbadges import baking
from badgeserver.openbadges.jws import looks_like_jws
from issuers.queries import own_origins

#: Our own pictures have at most 2 MB, and a baked badge adds little; other issuers are given twice that.
MAX_BYTES = 4 * 1024 * 1024

_LINK = re.compile(r"https?://[^\s<>\"'“”«»]+", re.IGNORECASE)
_BARE_LINK = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/\S*", re.IGNORECASE)
_AROUND = " \t\r\n<>\"'“”„«»‘’`"


class NothingBrought(UserFacingError):
    """Nothing was given, or more than any badge has."""

    code = "nothing_brought"
    field = "badge"


class NoAddress(UserFacingError):
    """Whose badge it is said to be is no e-mail address."""

    code = "no_address"
    field = "recipient"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A link, a signature or JSON as text, or a file; and the address that is said to be its recipient's."""

    source: str | bytes
    recipient: str = ""

    @property
    def data(self) -> bytes:
        return self.source if isinstance(self.source, bytes) else self.source.encode("utf-8", "surrogatepass")

    @property
    def form(self) -> str:
        """Return png, svg, jws, json or url, by what it is and never by its name."""
        if kind := baking.sniff(self.data):
            return str(kind)
        text = self.data.decode("utf-8-sig", "replace").strip()
        if text.startswith("{"):
            return "json"
        return "jws" if looks_like_jws(text) else "url"


def bring(*, text: str = "", file: bytes | None = None, recipient: str = "") -> Brought:
    """Take what a visitor gave. A file goes before a text.

    Raises `NothingBrought` for nothing and for too much, `NoAddress` for a recipient that is no e-mail address.
    """
    if file is None and not text.strip():
        raise NothingBrought(_("Paste a link or a badge, or choose a picture."))
    if file is not None and not file:
        raise NothingBrought(_("This file is empty. Choose the picture as it was downloaded."), field="file")
    source: str | bytes = _tidied(text) if file is None else file
    if len(source) > MAX_BYTES:
        field = "badge" if file is None else "file"
        raise NothingBrought(_("This is larger than 4 MB. A badge, also inside a picture, is smaller."), field=field)
    recipient = recipient.strip()
    if recipient:
        try:
            validate_email(recipient)
        except ValidationError:
            raise NoAddress(_("Type a whole e-mail address, such as name@example.org, or leave it empty.")) from None
    return Brought(source=source, recipient=recipient)


def _tidied(text: str) -> str:
    """Take what people paste as they mean it: a link in quotes or inside a sentence, a torn signature."""
    text = text.replace("\x00", "").strip(_AROUND + "\ufeff\u200b")
    if text.startswith("{"):
        return text
    joined = "".join(text.split())
    if looks_like_jws(joined):
        return joined
    if found := _LINK.search(text):
        # A link that a mail has broken over lines is put together again; one inside a sentence ends at the blank.
        link = joined if found.start() == 0 and "\n" in text and _LINK.fullmatch(joined) else found[0]
        return _of_this_site(link.rstrip(".,;:!?)]"))
    for origin in own_origins():
        host = urlsplit(origin).netloc
        if joined[: len(host) + 1].lower() == f"{host}/".lower():
            return origin + joined[len(host) :]
    return f"https://{joined}" if _BARE_LINK.fullmatch(joined) else text


def _of_this_site(link: str) -> str:
    """Return a link to this server under the base that it has: http or https, and the host in whatever case."""
    bare = link.split("://", 1)[1]
    for origin in own_origins():
        for host in _names_of(urlsplit(origin).netloc):
            if bare[: len(host) + 1].lower() == f"{host}/".lower():
                return origin + bare[len(host) :]
    return link


#: What browsers on this machine call it, while the site runs here for its maker alone.
_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def _names_of(netloc: str) -> list[str]:
    for name in _THIS_MACHINE:
        if netloc == name or netloc.startswith(f"{name}:"):
            return [other + netloc[len(name) :] for other in _THIS_MACHINE]
    return [netloc]


# --- Sealed while it waits -----------------------------------------------------------------------------------


def seal(brought: Brought) -> bytes:
    """Return it encrypted, so that no address and no stranger's badge lies readable in the database."""
    head = json.dumps({"recipient": brought.recipient, "text": isinstance(brought.source, str)})
    return _box().encrypt(head.encode() + b"\n" + brought.data)


def unseal(sealed: bytes) -> Brought | None:
    """Return what was sealed, or None when no key of ours opens it."""
    try:
        head, data = _box().decrypt(bytes(sealed)).split(b"\n", 1)
    except InvalidToken:
        return None
    about = json.loads(head)
    source = data.decode("utf-8", "surrogatepass") if about["text"] else data
    return Brought(source=source, recipient=about["recipient"])


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.KEY_ENCRYPTION_KEYS])
