"""Draws the logos of the demo's issuers as clean, self-contained SVG text."""

SIZE = 400


def _gradient(name: str, first: str, last: str, *, line: str) -> str:
    """Linear gradient along `line` ("x1 y1 x2 y2" in user space)."""
    x1, y1, x2, y2 = line.split()
    return (
        f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">'
        f'<stop offset="0" stop-color="{first}"/><stop offset="1" stop-color="{last}"/></linearGradient>'
    )


def _filled(lines: str, paint: str, opacity: str = "") -> str:
    """Draw a filled path."""
    return f'<path d="{lines}" fill="{paint}"' + (f' fill-opacity="{opacity}"/>' if opacity else "/>")


def _picture(defs: str, parts: str) -> str:
    """Put definitions and parts into one SVG document."""
    head = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}"'
    return f"<svg {head}><defs>{defs}</defs>{parts}</svg>\n"


def draw_academy_logo() -> str:
    """Return the logo of Harbour Logistics Academy: an open book that sails."""
    return _picture(
        _gradient("academy-sky", "#5b7cff", "#2238ad", line="60 20 340 390"),
        '<rect x="16" y="16" width="368" height="368" rx="92" fill="url(#academy-sky)"/>'
        + _filled("M211 66c62 40 98 92 108 152H211Z", "#fff")
        + _filled("M187 104v114h-96c24-30 60-66 96-114Z", "#b9c7ff")
        + _filled("M70 244c48-10 90-4 124 20v74c-58-6-102-36-124-94Z", "#fff")
        + _filled("M330 244c-48-10-90-4-124 20v74c58-6 102-36 124-94Z", "#dbe2ff"),
    )


def draw_safety_board_logo() -> str:
    """Return the logo of Harbour Safety Board: a lighthouse in a shield."""
    outline = "M200 14c56 30 108 44 160 48v130c0 92-62 156-160 194C102 348 40 284 40 192V62c52-4 104-18 160-48Z"
    tower = "M158 162h84v16h-84ZM168 186h64l5 36h-74ZM160 232h80l5 36h-90ZM152 278h96l6 40H146Z"
    return _picture(
        _gradient("board-night", "#1fa187", "#0b5a55", line="70 20 320 390")
        + f'<clipPath id="board-clip"><path d="{outline}"/></clipPath>',
        '<g clip-path="url(#board-clip)">'
        + _filled("M0 0h400v400H0Z", "url(#board-night)")
        + _filled("M168 132 0 78v100ZM232 132 400 78v100Z", "#ffd56b")
        + _filled("M0 330q34-26 68 0t68 0 68 0 68 0 68 0 68 0v80H0Z", "#fff", ".22")
        + "</g>"
        + _filled("M200 66l40 36h-80ZM168 110h64v44h-64Z", "#fff")
        + _filled("M184 118h32v28h-32Z", "#ffd56b")
        + _filled(tower, "#fff"),
    )
