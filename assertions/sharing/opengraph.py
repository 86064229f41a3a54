"""What a page says about itself to networks that show previews of links."""

from collections.abc import Iterator
from dataclasses import dataclass

from badges.designer.card import HEIGHT, WIDTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What networks show of a page: `image_url` is its card (see `sharing.card`), absolute."""

    title: str
    description: str
    page_url: str
    site_name: str
    image_url: str
    image_alt: str

    @property
    def properties(self) -> Iterator[tuple[str, str]]:
        """The OpenGraph tags (`<meta property>`), in the order in which they are read."""
        yield "og:type", "website"
        yield "og:site_name", self.site_name
        yield "og:url", self.page_url
        yield "og:title", self.title
        yield "og:description", self.description
        yield "og:image", self.image_url
        if self.image_url.startswith("https://"):
            yield "og:image:secure_url", self.image_url
        yield "og:image:type", "image/png"
        yield "og:image:width", str(WIDTH)
        yield "og:image:height", str(HEIGHT)
        yield "og:image:alt", self.image_alt

    @property
    def names(self) -> Iterator[tuple[str, str]]:
        """The tags of Twitter's kind (`<meta name>`), and the description that everybody reads."""
        yield "description", self.description
        yield "twitter:card", "summary_large_image"
        yield "twitter:title", self.title
        yield "twitter:description", self.description
        yield "twitter:image", self.image_url
        yield "twitter:image:alt", self.image_alt
