"""Hostile picture in, safe picture out: the public face."""

from badgeserver.pictures.accept import Picture, accept_picture
from badgeserver.pictures.errors import PictureRefused
from badgeserver.pictures.limits import DEFAULT_LIMITS, LOGO_LIMITS, Limits
from badgeserver.pictures.raster import rasterize, thumbnail_png

__all__ = [
    "DEFAULT_LIMITS",
    "LOGO_LIMITS",
    "Limits",
    "Picture",
    "PictureRefused",
    "accept_picture",
    "rasterize",
    "thumbnail_png",
]
