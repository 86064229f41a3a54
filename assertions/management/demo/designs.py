"""The look of every badge of the demo programme, by badge key."""

from .artwork import Design, Palette

VIOLET = Palette(glow="#a488ff", face="#7c52e6", deep="#4f2ab5", rim="#341a80", tint="#ded2ff")
AUBERGINE = Palette(glow="#c07be0", face="#8a3ab0", deep="#561a78", rim="#370e50", tint="#f0d6ff")
EMERALD = Palette(glow="#5fd49a", face="#23a06a", deep="#0d6a48", rim="#064631", tint="#cff5df")
MIDNIGHT = Palette(glow="#6f8fd0", face="#2f4d92", deep="#182a62", rim="#0c173d", tint="#d5e0ff")
DUSK = Palette(glow="#ff9c78", face="#8747a6", deep="#2f2273", rim="#1b1349", tint="#f3d9ff")
TEAL = Palette(glow="#4fd0bd", face="#17988a", deep="#0b655f", rim="#07443f", tint="#cbf5ec")
RED = Palette(glow="#ff8f80", face="#e2473f", deep="#a81f2b", rim="#6f0f1b", tint="#ffdcd6")
ORANGE = Palette(glow="#ffb65c", face="#f07f1d", deep="#bd510b", rim="#7d3105", tint="#ffe6c9")
STEEL = Palette(glow="#7fb2d6", face="#3d7ba8", deep="#1d4f78", rim="#113350", tint="#d8ecfa")
SKY = Palette(glow="#76b1ff", face="#3a7df0", deep="#1c4fc0", rim="#12347f", tint="#d6e6ff")
INDIGO = Palette(glow="#7f90ff", face="#434fe0", deep="#2527a3", rim="#171869", tint="#d9dcff")
CYAN = Palette(glow="#7fe3f5", face="#1fb0d2", deep="#0a7299", rim="#064c68", tint="#d3f6ff")
MAGENTA = Palette(glow="#ff92c2", face="#e04a92", deep="#a52268", rim="#6c1143", tint="#ffdcec")
GOLD = Palette(glow="#ffd970", face="#e09a12", deep="#a96407", rim="#734404", tint="#fff0c9")
SLATE = Palette(glow="#a3afbf", face="#66758a", deep="#414d60", rim="#29323f", tint="#e4e9f0")

DESIGNS: dict[str, Design] = {
    "facilitating-difficult-conversations": Design("hexagon", VIOLET, "messages-square", "facets", stars=3),
    "mediating-between-teams": Design("hexagon", AUBERGINE, "scale", "facets", stars=4, gold_rim=True),
    "coaching-for-performance": Design("hexagon", EMERALD, "sprout", "facets", stars=2),
    "night-shift-lead": Design("hexagon", DUSK, "moon-star", "facets", stars=2),
    "forklift-safety-class-ii": Design("shield", TEAL, "forklift", "chevrons", ribbon="II"),
    "first-responder-on-site": Design("circle", RED, "heart-pulse", "rays", tails=True),
    "dangerous-goods-awareness": Design("diamond", ORANGE, "flame", "chevrons"),
    "cyber-safe-at-work": Design("shield", MIDNIGHT, "lock-keyhole", "rays"),
    "customs-clearance-essentials": Design("octagon", STEEL, "stamp", "waves"),
    "reading-operations-data-1": Design("squircle", SKY, "chart-line", "waves", stars=1),
    "reading-operations-data-2": Design("squircle", INDIGO, "chart-no-axes-combined", "waves", stars=2),
    "cold-chain-handling": Design("octagon", CYAN, "snowflake", "facets"),
    "welcoming-new-colleagues": Design("seal", MAGENTA, "hand-heart", "waves"),
    "improvement-idea-that-stuck": Design("burst", GOLD, "lightbulb", "rays"),
    "paperless-gate-pioneer": Design("circle", SLATE, "tablet-smartphone", "waves", tails=True),
}
