"""Draws one SVG in a process of its own; started by ``raster``, never imported.

Standard input: the SVG. Standard output: the PNG. Arguments: a JSON object with ``side`` ("width" or "height"),
``size``, ``fonts`` (paths), ``family``, ``seconds`` and ``memory`` (bytes).
"""

import json
import resource
import sys

import resvg_py


def main() -> None:
    """Limit this process, then draw."""
    order = json.loads(sys.argv[1])
    # Past the soft limit the kernel ends this process: the renderer itself knows no time limit.
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the kernel ignores or refuses a limit on address space
        resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    png = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        skip_system_fonts=True,
        dpi=96,  # the default of 0 makes every mm and pt vanish
        font_files=order["fonts"],
        font_family=order["family"],
        serif_family=order["family"],
        sans_serif_family=order["family"],
        cursive_family=order["family"],
        fantasy_family=order["family"],
        monospace_family=order["family"],
        **{order["side"]: order["size"]},
    )
    sys.stdout.buffer.write(png)


if __name__ == "__main__":
    main()
