"""The network as it is handed in: addresses asked once each, and a note of every answer."""

from collections.abc import Callable
from dataclasses import dataclass

from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.obstacles import Obstacle


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered. The caller's fetch follows redirects and guards against private addresses."""

    url: str
    """The address that answered in the end."""
    status: int
    content_type: str
    body: bytes


Fetch = Callable[[str], Fetched]
"""The network, handed in: an address to what it answers. Raises FetchFailed when nothing answers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One address that was asked during a verification, for people who want to look themselves."""

    url: str
    status: int | None
    """What it answered; None when it did not answer."""
    obstacle: Obstacle | None = None
    """Why it was not asked or did not answer; None when it did."""


class Answers:
    """What addresses answered during one verification; each is asked once however many steps need it.

    ``fetch`` of this object is itself a Fetch, so that a verification inside a verification shares the answers.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._found: dict[str, Fetched | FetchFailed] = {}

    def fetch(self, url: str) -> Fetched:
        """What the address answers. Raises FetchFailed, the second time as the first."""
        if url not in self._found:
            try:
                self._found[url] = self._fetch(url)
            except FetchFailed as error:
                self._found[url] = error
        found = self._found[url]
        if isinstance(found, FetchFailed):
            raise found
        return found

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Every address that was asked, in that order."""
        return tuple(
            Asked(url, found.status) if isinstance(found, Fetched) else Asked(url, None, found.obstacle)
            for url, found in self._found.items()
        )
