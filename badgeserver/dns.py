"""The one door for questions to the Domain Name System: TXT records, by which a domain confirms an issuer."""

from urllib.parse import urlsplit

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
from django.conf import settings
from django.utils.translation import gettext as _

TOTAL_SECONDS = 4.0
ONE_SERVER_SECONDS = 2.0
MAX_RECORDS = 50
MAX_RECORD_BYTES = 4_096


class LookupFailed(Exception):
    """There is no answer to work with; the message tells a person why."""


class NoSuchRecord(LookupFailed):
    """The domain's own servers say that there is no such name, or no TXT record at it: this is an answer."""


class CouldNotAsk(LookupFailed):
    """Nobody answered, or not in time, or an answer made no sense: this proves nothing."""


def lookup_txt(name: str) -> list[str]:
    """Return the TXT records of a name, each with its pieces joined, in a stable order.

    Raises `NoSuchRecord` when the answer is that there are none, `CouldNotAsk` when there is no answer within four
    seconds. At most 50 records of 4 kB each are looked at; bytes that are no UTF-8 show as U+FFFD.
    """
    if not name.strip("."):
        raise NoSuchRecord(_("This is not the name of a domain."))
    try:
        asked = dns.name.from_text(f"{name.removesuffix('.')}.", idna_codec=dns.name.IDNA_2008_Practical)
        answer = _resolver().resolve(asked, dns.rdatatype.TXT, search=False, lifetime=TOTAL_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer) as problem:
        raise NoSuchRecord(_("There is no such entry at %(name)s.") % {"name": name}) from problem
    except (dns.resolver.NoNameservers, dns.resolver.NoResolverConfiguration) as problem:
        raise CouldNotAsk(_("The name servers of %(name)s do not answer properly.") % {"name": name}) from problem
    except dns.exception.Timeout as problem:
        raise CouldNotAsk(_("The name servers of %(name)s did not answer in time.") % {"name": name}) from problem
    except (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel, dns.name.IDNAException) as problem:
        raise NoSuchRecord(_("This is not the name of a domain.")) from problem
    except (dns.exception.DNSException, OSError, ValueError) as problem:
        raise CouldNotAsk(_("%(name)s could not be looked up.") % {"name": name}) from problem
    texts = sorted(b"".join(record.strings)[:MAX_RECORD_BYTES] for record in list(answer)[:MAX_RECORDS])
    return [text.decode("utf-8", "replace") for text in texts]


def _resolver() -> dns.resolver.Resolver:
    """Return a resolver that remembers nothing: people look again right after they have changed an entry."""
    resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    resolver.timeout = ONE_SERVER_SECONDS
    resolver.lifetime = TOTAL_SECONDS
    resolver.cache = None
    if settings.DNS_SERVERS:
        servers = [urlsplit(f"//{server}") for server in settings.DNS_SERVERS]
        resolver.nameservers = [dns.nameserver.Do53Nameserver(one.hostname or "", one.port or 53) for one in servers]
    return resolver
