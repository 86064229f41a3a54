"""How the owner of a domain confirms an issuer: a TXT record or a small file that names its profile.

The convention of this project (docs/adr/0015), which the standard lacks: whoever controls `example.org` says there
which Profile is theirs. Anybody can look it up without asking the issuer's server. Pure: what to look at goes out,
what was found comes in.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from badgeserver.openbadges.errors import OpenBadgesError

RECORD_LABEL = "_openbadges"
RECORD_PREFIX = "openbadges-issuer="
FILE_PATH = "/.well-known/openbadges-issuer.txt"

#: A file that confirms an issuer is a few lines: more is another file.
MAX_FILE_BYTES = 64 * 1024
MAX_DOMAIN_LENGTH = 253
#: How many domains above a website's host are worth a look: `a.b.example.org`, `b.example.org`, `example.org`.
MAX_CANDIDATES = 3

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# What the official validators take for the last label of a host in allowedOrigins (OB2-ISS-90).
_LETTERS = re.compile(r"[a-z]{2,63}")


class NotADomain(OpenBadgesError):
    """The text names no domain that could be somebody's."""


@dataclass(frozen=True, slots=True)
class DomainProof:
    """Where the owner of `domain` says which Profile is theirs, and what it says there. One of the two is enough."""

    domain: str
    record_name: str
    """Name of the TXT record."""
    record_value: str
    file_url: str
    """Address of the file."""
    file_line: str
    """The line that the file holds: the `id` of the Profile."""


def domain_proof(domain: str, profile_id: str) -> DomainProof:
    """Return what the owner of a domain publishes to confirm the Profile with this `id`."""
    return DomainProof(
        domain=domain,
        record_name=f"{RECORD_LABEL}.{domain}",
        record_value=f"{RECORD_PREFIX}{profile_id}",
        file_url=f"https://{domain}{FILE_PATH}",
        file_line=profile_id,
    )


def confirming_records(profile_id: str, *, website: str = "") -> list[DomainProof]:
    """Return where to look whether a domain confirms this Profile, the nearest domain first.

    `website` is the Profile's `url`: only its own host and the domains above it may speak for the issuer; without it
    the host of the `id` is taken. Empty when neither names a public domain.
    """
    try:
        host = domain_of(urlsplit(website or profile_id).hostname or "")
    except (ValueError, NotADomain):
        return []
    labels = host.split(".")
    candidates = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    return [domain_proof(candidate, profile_id) for candidate in candidates[-MAX_CANDIDATES:]]


def confirmed_by_record(texts: Iterable[str], profile_id: str) -> bool:
    """Whether one of the TXT records says exactly this Profile."""
    return any(text.strip() == f"{RECORD_PREFIX}{profile_id}" for text in texts)


def confirmed_by_file(body: bytes, profile_id: str) -> bool:
    """Whether a line of the file is exactly this Profile."""
    text = body[:MAX_FILE_BYTES].decode("utf-8-sig", errors="replace")
    return any(line.strip() == profile_id for line in text.splitlines())


def speaks_for(domain: str, website: str) -> bool:
    """Whether a domain is the website's own host or stands above it: others have no say about who runs it."""
    try:
        host = domain_of(urlsplit(website).hostname or "")
    except (ValueError, NotADomain):
        return False
    return host == domain or host.endswith(f".{domain}")


def nearest(domains: Sequence[str], website: str) -> str:
    """Return, of the domains that speak for a website, the one nearest to its host; nothing when none does."""
    return max((domain for domain in domains if speaks_for(domain, website)), key=len, default="")


def domain_of(text: str) -> str:
    """Return the domain in what somebody typed, in lower case and punycode: also of a whole web address.

    Raises `NotADomain` for an IP address, a single word such as `localhost`, a port, and what is no name at all.
    """
    typed = text.strip().rstrip("/").lower()
    if "://" in typed:
        try:
            typed = urlsplit(typed).netloc
        except ValueError:
            raise NotADomain("This is not a domain.") from None
    name = _in_ascii(typed.removesuffix("."))
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        pass
    else:
        raise NotADomain("This is an IP address. Domains have names, such as example.org.")
    labels = name.split(".")
    is_name = len(name) <= MAX_DOMAIN_LENGTH and all(_LABEL.fullmatch(label) for label in labels)
    if not is_name or len(labels) == 1 or labels[-1].isdigit():
        raise NotADomain("This is not a whole domain name, such as example.org.")
    return name


def may_be_an_origin(host: str) -> bool:
    """Whether validators accept the host in `allowedOrigins`: dots, no port, a last label of letters (OB2-ISS-90)."""
    labels = host.split(".")
    return len(labels) > 1 and all(_LABEL.fullmatch(part) for part in labels) and bool(_LETTERS.fullmatch(labels[-1]))


def _in_ascii(name: str) -> str:
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotADomain("This is not a domain name that exists on the web.") from None
