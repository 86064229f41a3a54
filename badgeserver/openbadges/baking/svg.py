"""Badges in SVG: one element after the root's opening tag, and the rest of the drawing as it was.

The drawing is never parsed into a tree and written out again: Expat reads it once, says at which bytes the
root and any earlier badge stand, and the new element is put between those bytes. Expat is used directly
because it knows positions; it is guarded as defusedxml guards it: a document type declaration with rules of its own,
without which there are no entities, is refused, and nothing is ever fetched. A bare one is read, but never baked.
"""

import re
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from badgeserver.openbadges.baking.content import MAX_TEXT_BYTES, Content
from badgeserver.openbadges.errors import BakingError, NotBakeable, NothingBaked
from badgeserver.openbadges.vocabulary import BAKING_KEYWORD, BAKING_NAMESPACE, BAKING_NAMESPACE_V3, Standard

SNIFFED_BYTES = 256
"""The official validator looks for ``<svg`` no further than this (OB2-BAK-14)."""

_SVG_NAMESPACE = "http://www.w3.org/2000/svg"
_NAMESPACES = {Standard.V2: BAKING_NAMESPACE, Standard.V3: BAKING_NAMESPACE_V3}
_ELEMENTS = {Standard.V2: "assertion", Standard.V3: "credential"}
# What must stand somewhere in an SVG with a badge, unless characters of it are spelled as numbers.
_LETTERS = {Standard.V2: b"openbadges.org", Standard.V3: b"purl.imsglobal.org/ob/"}
_BOM = b"\xef\xbb\xbf"
_UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")

# Only ever run on XML that Expat has accepted.
_TAG = re.compile(rb"""<([^\s/>]+)(?:[^>"'/]|"[^"]*"|'[^']*'|/(?!>))*(/?)>""")
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*?\?>")
_DECLARED_ENCODING = re.compile(rb"""^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# What may stand before the root: instructions, which stay, and comments and blanks.
_PROLOG = re.compile(rb"(<\?.*?\?>)|(?:\s|<!--.*?-->)+", re.DOTALL)
_NOT_XML = re.compile("[\0-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_TRANSCODED = {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "windows-1252", "cp1252", "utf-16"}


class _Drawing:
    """One reading of an SVG: where its root stands, which prefixes the root binds, and the badges within."""

    def __init__(self, image: bytes, *, standard: Standard, want_text: bool) -> None:
        self._badge_name = f"{_NAMESPACES[standard]} {_ELEMENTS[standard]}"
        self.root_start = -1
        self.root_prefixes: dict[str, str] = {}
        self.badge_starts: list[int] = []
        self.badge_ends: list[int] = []
        self.verify: str | None = None
        self.text = ""
        self._collected: list[str] = []
        self._collected_size = 0
        self._depth = 0
        self._badge_depth = 0
        self._want_text = want_text
        # Without these letters, or characters spelled as numbers, no name can be bound to our namespace, and
        # Expat needs not report each element of the drawing.
        self._may_hold_badge = _LETTERS[standard] in image or b"&#" in image or image.startswith(_UTF_16_BOMS)
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._refuse_doctype
        self._parser.ExternalEntityRefHandler = self._refuse_doctype
        self._parser.SkippedEntityHandler = self._refuse_doctype
        self._parser.StartNamespaceDeclHandler = self._namespace
        self._parser.StartElementHandler = self._start_root
        try:
            self._parser.Parse(image, True)
        except expat.ExpatError as error:
            raise NotBakeable("This SVG image is damaged: it is not well-formed XML.") from error
        except (LookupError, ValueError) as error:  # an encoding that Python or Expat does not know
            raise NotBakeable("This SVG image is written in an encoding that is not understood.") from error
        finally:
            # The handlers are bound methods: without this the drawing would wait for the garbage collector.
            self._forget_handlers()

    def _forget_handlers(self) -> None:
        for name in (
            "StartDoctypeDeclHandler",
            "EntityDeclHandler",
            "ExternalEntityRefHandler",
            "SkippedEntityHandler",
            "StartNamespaceDeclHandler",
            "StartElementHandler",
            "EndElementHandler",
            "CharacterDataHandler",
        ):
            setattr(self._parser, name, None)

    def _doctype(self, _name: str, _system: str | None, _public: str | None, has_own_rules: object) -> None:
        # Many badges of others have a bare one, as drawing programs write it. Nothing is ever fetched for it.
        if has_own_rules or not self._want_text:
            self._refuse_doctype()

    def _refuse_doctype(self, *_declaration: object) -> int:
        raise NotBakeable("This SVG image has a document type declaration, which is not accepted: save it without.")

    def _namespace(self, prefix: str | None, uri: str) -> None:
        self.root_prefixes[prefix or ""] = uri

    def _start_root(self, name: str, _attributes: dict[str, str]) -> None:
        if name not in (f"{_SVG_NAMESPACE} svg", "svg"):
            raise NotBakeable("This is XML, but not an SVG image.")
        self.root_start = self._parser.CurrentByteIndex
        self._depth = 1
        self._parser.StartNamespaceDeclHandler = None
        self._parser.StartElementHandler = self._start if self._may_hold_badge else None
        self._parser.EndElementHandler = self._end if self._may_hold_badge else None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if name != self._badge_name or self._badge_depth:
            return
        self._badge_depth = self._depth
        self.badge_starts.append(self._parser.CurrentByteIndex)
        if len(self.badge_starts) == 1 and self._want_text:
            self.verify = attributes.get("verify")
            self._parser.CharacterDataHandler = self._characters

    def _end(self, _name: str) -> None:
        if self._depth == self._badge_depth:
            self._badge_depth = 0
            self.badge_ends.append(self._parser.CurrentByteIndex)
            self._parser.CharacterDataHandler = None
            self.text = self.text or "".join(self._collected)
        self._depth -= 1

    def _characters(self, text: str) -> None:
        self._collected_size += len(text)
        if self._collected_size > MAX_TEXT_BYTES:
            raise BakingError("The badge in this SVG is larger than 1 MB, which no badge needs.")
        self._collected.append(text)


def bake(image: bytes, content: Content) -> bytes:
    """The same SVG with the badge directly after its opening tag (OB2-BAK-10 to 14).

    Earlier badges are replaced. The drawing stays as it was, save that a byte order mark is dropped, other
    encodings become UTF-8, and leading comments go when they push the root past the bytes that validators
    look at. Raises NotBakeable for what is not a sound SVG, or has a document type declaration.
    """
    if _NOT_XML.search(content.text):
        raise BakingError("The badge contains characters that an SVG cannot carry.")
    drawing_bytes = _in_utf8(image)
    namespace = _NAMESPACES[content.standard]
    drawing = _Drawing(drawing_bytes, standard=content.standard, want_text=False)
    if drawing.badge_starts:
        drawing_bytes = _without_badges(drawing_bytes, drawing)
    prolog, rest = drawing_bytes[: drawing.root_start], drawing_bytes[drawing.root_start :]
    if len(prolog) + len(b"<svg") > SNIFFED_BYTES:
        prolog = _PROLOG.sub(_without_comments, prolog)
    tag = _tag(rest, 0)
    bound_to = drawing.root_prefixes.get(BAKING_KEYWORD)
    declaration = f' xmlns:{BAKING_KEYWORD}="{namespace}"'
    # Somebody else's meaning of our prefix on the root (that of the other standard, say) stays; ours then
    # holds for our element.
    element = _element(content, declaration if bound_to not in (None, namespace) else "")
    name_end, inside_end = tag.end(1), tag.start(2)
    opening = rest[:name_end] + (declaration.encode() if bound_to is None else b"") + rest[name_end:inside_end]
    closing = b"</" + tag.group(1) + b">" if tag.group(2) else b""
    return b"".join((prolog, opening, b">", element, closing, rest[tag.end() :]))


def unbake(image: bytes, standard: Standard = Standard.V2) -> str:
    """The text of the standard's first badge: its JSON, else what ``verify`` says (OB2-BAK-32, 33).

    Any prefix bound to the namespace will do. Raises NothingBaked without a badge, BakingError when damaged.
    """
    drawing = _Drawing(image, standard=standard, want_text=True)
    text = drawing.text if drawing.text.strip() else (drawing.verify or "")
    if not text.strip():
        raise NothingBaked("This SVG carries no badge.")
    return text


def is_svg(image: bytes) -> bool:
    """Whether the beginning looks like an SVG; cheap, proves nothing."""
    head = image[:4_096]
    if head.startswith(_UTF_16_BOMS):
        head = head.decode("utf-16", "ignore").encode()
    head = head.removeprefix(_BOM).lstrip()
    if not head.startswith(b"<"):
        return False
    return re.search(rb"<(?:[A-Za-z_][\w.-]*:)?svg[\s/>]", head) is not None


def _in_utf8(image: bytes) -> bytes:
    """The drawing in UTF-8 without byte order mark, so that our text can stand in it."""
    if image.startswith(_BOM):
        return image[len(_BOM) :]
    if b"\0" in image and not image.startswith(_UTF_16_BOMS):
        raise NotBakeable("This SVG image is written in an encoding that is not understood: save it as UTF-8.")
    declared = _DECLARED_ENCODING.match(image)
    encoding = (
        "utf-16" if image.startswith(_UTF_16_BOMS) else declared.group(1).decode().lower() if declared else "utf-8"
    )
    if encoding == "utf-8":
        return image
    if encoding not in _TRANSCODED:
        raise NotBakeable("This SVG image is written in an encoding that is not understood: save it as UTF-8.")
    try:
        text = image.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotBakeable("This SVG image is not written in the encoding that it names.") from error
    text = _DECLARATION.sub('<?xml version="1.0" encoding="UTF-8"?>', text.lstrip("\ufeff"), count=1)
    return text.encode("utf-8", "replace")


def _element(content: Content, declaration: str) -> bytes:
    name = f"{BAKING_KEYWORD}:{_ELEMENTS[content.standard]}"
    if content.is_signed_text:
        return f"<{name}{declaration} verify={quoteattr(content.text)}/>".encode()
    # Our own texts never contain `]]>`; others are cut so that they come out the same.
    body = content.text.replace("]]>", "]]]]><![CDATA[>")
    verify = "" if content.verify_url is None else f" verify={quoteattr(content.verify_url)}"
    return f"<{name}{declaration}{verify}><![CDATA[{body}]]></{name}>".encode()


def _without_badges(image: bytes, drawing: _Drawing) -> bytes:
    kept: list[bytes] = []
    position = 0
    for start, end in zip(drawing.badge_starts, drawing.badge_ends, strict=True):
        kept.append(image[position:start])
        tag = _tag(image, start)
        position = tag.end() if tag.group(2) else image.index(b">", end) + 1
    kept.append(image[position:])
    return b"".join(kept)


def _tag(image: bytes, start: int) -> re.Match[bytes]:
    match = _TAG.match(image, start)
    if match is None:  # pragma: no cover -- Expat has accepted this tag
        raise NotBakeable("This SVG image is damaged: a tag in it does not end.")
    return match


def _without_comments(match: re.Match[bytes]) -> bytes:
    return match[1] or (b"\n" if match[0].endswith(b"\n") else b" ")
