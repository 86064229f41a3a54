"""From a design's drawing to pixels, in this very process: for drawings of our own only; pure."""

from resvg import render, usvg


def draw_png(svg: str, *, size: int = 600) -> bytes:
    """Return a square drawing, such as `compose.draw_svg` returns, as PNG of `size` pixels on transparent ground.

    No font and no file of the machine is needed; the same drawing gives the same bytes with the same version of
    resvg. Raises `ValueError` for what is no drawing. What strangers drew belongs into
    `badgeserver.pictures.rasterize`, which fences it in; see docs/adr/0021-two-bindings-of-one-renderer.md.
    """
    try:
        # Options belong to the thread that made them. They hold no font: letters of designs are outlines.
        tree = usvg.Tree.from_str(svg, usvg.Options.default())
        scale = size / max(tree.int_size())
        return bytes(render(tree, (scale, 0, 0, 0, scale, 0), bg_size=(size, size)))
    except BaseException as error:
        # A panic of the renderer is no Exception: it would end a worker where an error ends a request.
        if type(error).__name__ == "PanicException":
            raise ValueError(f"This cannot be drawn: {error}") from error
        raise
