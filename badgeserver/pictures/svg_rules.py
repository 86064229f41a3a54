"""What an SVG may contain: the allow-lists."""

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
XLINK_NAMESPACE = "http://www.w3.org/1999/xlink"
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
XHTML_NAMESPACE = "http://www.w3.org/1999/xhtml"

FILTER_PRIMITIVES = frozenset(
    {
        "feBlend", "feColorMatrix", "feComponentTransfer", "feComposite", "feConvolveMatrix", "feDiffuseLighting",
        "feDisplacementMap", "feDropShadow", "feFlood", "feGaussianBlur", "feImage", "feMerge", "feMorphology",
        "feOffset", "feSpecularLighting", "feTile", "feTurbulence",
    },
)  # fmt: skip
ELEMENTS = FILTER_PRIMITIVES | frozenset(
    {
        "svg", "g", "defs", "symbol", "use", "switch", "title", "desc",
        "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image",
        "text", "tspan", "textPath",
        "linearGradient", "radialGradient", "stop", "pattern", "clipPath", "mask", "marker",
        "filter", "feDistantLight", "fePointLight", "feSpotLight", "feMergeNode", "feFuncA", "feFuncB", "feFuncG",
        "feFuncR",
    },
)  # fmt: skip

# Elements whose presence means more than a still picture. The sentence goes to the person who sent the file.
_SCRIPT = "This SVG contains a script. Export it again as plain SVG, without scripts or interaction, and upload that."
_WEB = "This SVG contains a piece of a web page. Export it again as plain SVG and upload that."
_ANIMATED = "This SVG is animated. A badge is a still picture: export it again without animation and upload that."
_MEDIA = "This SVG contains sound or video. Export it again as a plain picture and upload that."
REFUSED_ELEMENTS = {
    "script": _SCRIPT, "handler": _SCRIPT, "listener": _SCRIPT,
    "foreignObject": _WEB, "foreignobject": _WEB, "iframe": _WEB, "object": _WEB, "embed": _WEB, "canvas": _WEB,
    "audio": _MEDIA, "video": _MEDIA,
    "animate": _ANIMATED, "animateColor": _ANIMATED, "animateMotion": _ANIMATED, "animateTransform": _ANIMATED,
    "set": _ANIMATED, "discard": _ANIMATED,
}  # fmt: skip
SCRIPT_SENTENCE = _SCRIPT
WEB_SENTENCE = _WEB
HANDLER_SENTENCE = (
    "This SVG reacts to clicks or loading (it contains an event handler). Export it again as plain SVG, without "
    "interaction, "
    "and upload that."
)
OUTSIDE_SENTENCE = (
    "This SVG refers to something outside the file (a link, a picture or a style sheet). Embed it, or remove it, "
    "export again as plain SVG and upload that."
)
FONT_SENTENCE = (
    "This SVG brings or loads its own fonts. Turn the text into outlines (paths), export again as "
    "plain SVG and upload that."
)

TEXT_ELEMENTS = frozenset({"text", "tspan", "textPath", "title", "desc"})

# Elements whose href points at another element of the same file; and those that carry a picture.
LOCAL_HREF = frozenset({"use", "linearGradient", "radialGradient", "pattern", "filter", "textPath"})
IMAGE_HREF = frozenset({"image", "feImage"})

# CSS properties that SVG also knows as attributes (SVG 2, 6.6, and what is left of SVG 1.1, appendix N).
PRESENTATION = frozenset(
    {
        "alignment-baseline", "baseline-shift", "clip-path", "clip-rule", "color", "color-interpolation",
        "color-interpolation-filters", "color-rendering", "direction", "display", "dominant-baseline", "fill",
        "fill-opacity", "fill-rule", "filter", "flood-color", "flood-opacity", "font-family", "font-size",
        "font-size-adjust",
        "font-stretch", "font-style", "font-variant", "font-weight", "image-rendering", "letter-spacing",
        "lighting-color",
        "marker-end", "marker-mid", "marker-start", "mask", "mask-type", "opacity", "overflow", "paint-order",
        "shape-rendering", "stop-color", "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset",
        "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor",
        "text-decoration", "text-rendering", "unicode-bidi", "vector-effect", "visibility", "word-spacing",
        "writing-mode",
    },
)  # fmt: skip
# Properties that only exist in CSS; they stay in the style attribute.
STYLE_ONLY = frozenset({"isolation", "mix-blend-mode", "transform", "transform-box", "transform-origin"})
# Shorthands overrule what stands before them, so an element that uses one keeps all its declarations in order.
SHORTHANDS = frozenset({"font", "marker"})
PROPERTIES = PRESENTATION | STYLE_ONLY | SHORTHANDS
# Properties that may point at another element of the file.
REFERRING = frozenset(
    {"fill", "stroke", "clip-path", "mask", "filter", "marker", "marker-start", "marker-mid", "marker-end"}
)

ATTRIBUTES = frozenset(
    {
        # geometry and coordinates
        "cx", "cy", "d", "dx", "dy", "fr", "fx", "fy", "height", "lengthAdjust", "pathLength", "points",
        "preserveAspectRatio",
        "r", "rotate", "rx", "ry", "textLength", "transform", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2",
        "gradientTransform", "gradientUnits", "patternContentUnits", "patternTransform", "patternUnits", "spreadMethod",
        "offset", "clipPathUnits", "maskContentUnits", "maskUnits",
        "markerHeight", "markerUnits", "markerWidth", "orient", "refX", "refY",
        "method", "side", "spacing", "startOffset",
        # filters
        "amplitude", "azimuth", "baseFrequency", "bias", "diffuseConstant", "divisor", "edgeMode", "elevation",
        "exponent",
        "filterUnits", "in", "in2", "intercept", "k1", "k2", "k3", "k4", "kernelMatrix", "kernelUnitLength",
        "limitingConeAngle", "mode", "numOctaves", "operator", "order", "pointsAtX", "pointsAtY", "pointsAtZ",
        "preserveAlpha", "primitiveUnits", "radius", "result", "scale", "seed", "slope", "specularConstant",
        "specularExponent", "stdDeviation", "stitchTiles", "surfaceScale", "tableValues", "targetX", "targetY", "type",
        "values", "xChannelSelector", "yChannelSelector", "z",
        # meaning
        "id", "lang", "role", "aria-hidden", "aria-label", "aria-labelledby", "systemLanguage", "xml:lang", "xml:space",
    },
)  # fmt: skip
UNBOUNDED_ATTRIBUTES = frozenset({"d", "points"})

# Functions that a value may call; url() is judged separately.
FUNCTIONS = frozenset(
    {
        "url", "rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color",
        "matrix", "translate", "translatex", "translatey", "scale", "scalex", "scaley", "rotate", "skewx", "skewy",
    },
)  # fmt: skip
