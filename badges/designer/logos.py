"""Sets an issuer's logo into a drawing: as pixels, small enough to travel; pure."""

import base64
from functools import lru_cache
from io import BytesIO

from PIL import Image

from badges.designer.outlines import number
from badgeserver.colours import contrast
from badgeserver.pictures import Limits, Picture, PictureRefused, accept_picture, thumbnail_png

_SIDE = 256  # enough for twice the size at which a badge is shown large
_PALE = 2.0  # below that a logo needs a plate of its own
_ANY = Limits(min_side=1, max_ratio=256)


def logo_piece(logo: Picture, box: tuple[float, float, float, float], *, ground: str) -> str:
    """Return a logo within a box (left, top, width, height), on a white plate where it could not be told apart.

    A logo that cannot be drawn is left out.
    """
    made = _as_pixels(logo.data)
    if made is None:
        return ""
    encoded, wide, tall, colours = made
    left, top, width, height = box
    # A third of its colours too near to the ground: it would lose its form.
    near = sum(share for colour, share in colours if contrast(colour, ground) < _PALE)
    is_plated = near > 0.3
    room_x, room_y = (width - 28, height - 16) if is_plated else (width, height)
    scale = min(room_x / wide, room_y / tall)
    shown_x, shown_y = wide * scale, tall * scale
    x, y = left + (width - shown_x) / 2, top + (height - shown_y) / 2
    n = number
    plate = (
        f'<rect x="{n(x - 14)}" y="{n(y - 8)}" width="{n(shown_x + 28)}" height="{n(shown_y + 16)}" rx="12"'
        ' fill="#fff"/>'
        if is_plated
        else ""
    )
    return (
        f'{plate}<image x="{n(x)}" y="{n(y)}" width="{n(shown_x)}" height="{n(shown_y)}"'
        f' xlink:href="data:image/png;base64,{encoded}"/>'
    )


@lru_cache(maxsize=64)
def _as_pixels(data: bytes) -> tuple[str, int, int, tuple[tuple[str, float], ...]] | None:
    """Return a logo as base64 of a PNG, its size, and its main colours with their shares."""
    try:
        png = thumbnail_png(data, size=_SIDE)
    except PictureRefused:
        return None
    with Image.open(BytesIO(png), formats=["PNG"]) as image:
        whole = image.convert("RGBA")
    box = whole.getchannel("A").getbbox()
    if box is None:
        return None
    whole = whole.crop(box)
    colours = _main_colours(whole)
    out = BytesIO()
    whole.save(out, "PNG", optimize=True)
    if len(out.getvalue()) > 30_000:  # photographs and noise: fewer colours, fewer bytes
        out = BytesIO()
        whole.quantize(128, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
    try:
        safe = accept_picture(out.getvalue(), limits=_ANY).data
    except PictureRefused:
        return None
    return base64.b64encode(safe).decode("ascii"), whole.width, whole.height, colours


def _main_colours(image: Image.Image) -> tuple[tuple[str, float], ...]:
    small = image.resize((24, 24), Image.Resampling.BOX)
    data = small.tobytes()
    seen = [data[at : at + 3].hex() for at in range(0, len(data), 4) if data[at + 3] > 127]
    return tuple((f"#{colour}", 1 / len(seen)) for colour in seen)
