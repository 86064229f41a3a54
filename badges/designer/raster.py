"""From a design's drawing to pixels, in this very process: for drawings of our own only; pure."""

import resvg_py


def draw_png(svg: str, *, size: int = 600) -> bytes:
    """Return a drawing of `compose.draw_svg` as square PNG on transparent ground.

    No font of the machine is read; the same drawing gives the same bytes with the same version of resvg.
    What strangers drew belongs into `badgeserver.pictures.rasterize`, which fences it in.
    """
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True))
