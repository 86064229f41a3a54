"""What each reader of strangers' files promises, as functions that fail when it breaks the promise.

Each takes any bytes. The refusals that the product makes on purpose are the only exceptions that are expected.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from py_svg_hush import filter_svg

from badgeserver.markdown import MarkdownRefused, check_markdown, plain_text, render_markdown
from badgeserver.openbadges import Outcome, Verdict, jws, load_public_key, serialize, verify
from badgeserver.openbadges.baking import bake, bake_credential, unbake, unbake_all
from badgeserver.openbadges.errors import BakingError, InvalidJson, InvalidSignature
from badgeserver.openbadges.jsontext import MAX_DEPTH, parse_object
from badgeserver.openbadges.verification.linked_data import TooMuch, analysed
from badgeserver.openbadges.vocabulary import Standard
from badgeserver.pictures import PictureRefused, accept_picture
from tests.fuzz import worlds
from tests.fuzz.mutators import PNG_SIGNATURE, chunk, split_chunks
from tests.fuzz.seeds import CREDENTIAL_TEXT, HOSTED_TEXT, PUBLIC_KEY, SIGNED_PAYLOADS

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MAX_FETCHES = 40
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_ACTIVE = {
    "script",
    "foreignobject",
    "iframe",
    "object",
    "embed",
    "audio",
    "video",
    "set",
    "handler",
    "listener",
    "style",
    "a",
}
_PICTURE_URL = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=]+")
_LOADS = re.compile(r"(?i)(?:java|vb|live)script:|data:|expression\(|@import|image-set\(|src\(|-moz-binding|behavior:")
_URL = re.compile(r"(?i)url\(\s*(.?)(.?)")
_WORDS_ONLY = {"id", "aria-label", "aria-labelledby", "role", "lang", "result", "in", "in2"}
_KEPT_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs", b"IDAT", b"IEND"}
_ADDRESS = re.compile(r"(?<![\w.+-])(?=[.+-]*\w)[\w.+-]{1,64}@[\w-]{1,63}\.[\w-]{1,63}", re.ASCII)
_MARKDOWN_TAGS = {
    "p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def _has_words(refusal: Exception) -> None:
    assert str(refusal)


def unbake_any(data: bytes) -> None:
    """A badge comes out as text, or a BakingError; what can be baked comes out again as it went in."""
    for standard in Standard:
        try:
            text = unbake(data, standard=standard)
        except BakingError as refusal:
            _has_words(refusal)
        else:
            assert text.strip()
            text.encode()
    _bake_both(data)


def _bake_both(data: bytes) -> None:
    try:
        baked = bake(data, HOSTED_TEXT)
        both = bake_credential(baked, CREDENTIAL_TEXT)
    except BakingError:
        return
    assert unbake(baked) == unbake(both) == HOSTED_TEXT
    assert unbake(both, standard=Standard.V3) == CREDENTIAL_TEXT
    again = bake(both, HOSTED_TEXT)
    assert unbake_all(again) == {Standard.V2: HOSTED_TEXT, Standard.V3: CREDENTIAL_TEXT}
    assert bake(baked, HOSTED_TEXT) == baked


def scrub_svg(data: bytes) -> None:
    """What is accepted has nothing active in it by the judgement of readers that are not ours, and is stable."""
    try:
        picture = accept_picture(data)
    except PictureRefused as refusal:
        _has_words(refusal)
        return
    if picture.media_type != "image/svg+xml":
        return
    text = picture.data.decode()
    assert not re.search(r"<[!?]", text)
    for element in ET.fromstring(text).iter():  # noqa: S314 -- without a doctype there are no entities
        assert element.tag.startswith(_SVG), element.tag
        tag = element.tag.removeprefix(_SVG)
        assert tag.lower() not in _ACTIVE, tag
        assert not tag.lower().startswith("animate"), tag
        for name, value in element.attrib.items():
            _judge_attribute(tag, name, value)
    _OnlyDrawing().feed(text)
    theirs = filter_svg(picture.data, {"image": ["png", "jpeg"]}).decode()
    # SVG 2 has no references between filters any more; there they do no harm.
    ours = re.sub(r'(<filter\b[^>]*?) xlink:href="[^"]*"', r"\1", text)
    assert _references(theirs) == _references(ours), "another scrubber takes a reference out"
    again = accept_picture(picture.data)
    assert again == picture, "not stable"


def _references(text: str) -> list[str]:
    """Return what attributes point at, however it is quoted; and how many pictures are embedded."""
    return sorted(
        re.findall(r"""(?:url\(\s*|href=")["']?(#[^"')]+|data:)""", text.replace("&apos;", "'").replace("&quot;", "'"))
    )


def _judge_attribute(tag: str, name: str, value: str) -> None:
    local = name.rpartition("}")[2]
    assert not local.lower().startswith("on"), name
    if local == "href":
        assert name == _XLINK_HREF, name
        assert value.startswith("#") or (tag in {"image", "feImage"} and _PICTURE_URL.fullmatch(value)), value
        return
    if local in _WORDS_ONLY:
        return
    seen = re.sub(r"[\s\x00-\x20]|/\*.*?\*/", "", value)
    assert "\\" not in value or local not in {"style", "fill", "stroke", "filter", "mask", "clip-path"}, value
    assert not _LOADS.search(seen), value
    for opening in _URL.finditer(seen):
        assert opening[1] == "#" or (opening[1] in "\"'" and opening[2] == "#"), value


class _OnlyDrawing(HTMLParser):
    """The same text inside a web page: neither a script nor anything but a drawing begins in it."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in _ACTIVE, tag
        assert not any(name.startswith("on") for name, _ in attrs), attrs


def accept_png(data: bytes) -> None:
    """What is accepted holds nothing but the picture, and is stable."""
    try:
        picture = accept_picture(data)
    except PictureRefused as refusal:
        _has_words(refusal)
        return
    if picture.media_type != "image/png":
        return
    chunks = split_chunks(picture.data)
    assert PNG_SIGNATURE + b"".join(chunk(kind, body) for kind, body in chunks) == picture.data
    assert all(body in data for _, body in chunks), "a chunk was made up"
    assert {kind for kind, _ in chunks} <= _KEPT_CHUNKS
    assert chunks[-1] == (b"IEND", b"")
    assert accept_picture(picture.data) == picture, "not stable"


def read_jws(data: bytes) -> None:
    """Only what the key has signed is accepted; everything else is InvalidSignature."""
    text = data.decode("utf-8", "surrogateescape")
    key = load_public_key(PUBLIC_KEY)
    try:
        header, payload = jws.peek(text)
    except InvalidSignature as refusal:
        _has_words(refusal)
        assert not _is_accepted(text)
        return
    assert isinstance(header, dict)
    assert isinstance(payload, bytes)
    assert jws.looks_like_jws(text)
    try:
        signed = jws.verify(text, key)
    except InvalidSignature as refusal:
        _has_words(refusal)
        return
    assert signed == payload
    assert signed in SIGNED_PAYLOADS, "a forgery was believed"


def _is_accepted(text: str) -> bool:
    try:
        jws.verify(text, load_public_key(PUBLIC_KEY))
    except InvalidSignature:
        return False
    return True


def read_json(data: bytes) -> None:
    """A JSON object that any reader reads the same way, and that can be written again; else InvalidJson."""
    try:
        document = parse_object(data)
    except InvalidJson as refusal:
        _has_words(refusal)
        return
    assert json.loads(data.decode("utf-8-sig")) == document
    assert _depth(document) <= MAX_DEPTH
    text = serialize(document)
    assert not re.search("[<>&\0\ud800-\udfff]", text)
    assert parse_object(text) == document


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def show_markdown(data: bytes) -> None:
    """Any text gives HTML of a few known tags, balanced, with links to the web only and no e-mail address."""
    text = data.decode("utf-8", "surrogateescape")
    for hide in (True, False):
        page = render_markdown(text, hide_addresses=hide)
        reader = _OnlyProse()
        reader.feed(page)
        reader.close()
        assert not reader.open, f"left open: {reader.open}"
        page.encode()
        for shown in (reader.shown, reader.links):
            assert not hide or not _ADDRESS.search(shown), shown
    line = plain_text(text, limit=80)
    assert len(line) <= 80
    assert "\n" not in line
    assert not _ADDRESS.search(line), line
    try:
        check_markdown(text)
    except MarkdownRefused as refusal:
        _has_words(refusal)


class _OnlyProse(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.shown = self.links = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _MARKDOWN_TAGS, tag
        for name, value in attrs:
            if name == "href":
                assert tag == "a"
                assert re.match(r"https?://", value or "", re.IGNORECASE), value
                self.links += f" {unquote(value or '')} "
            else:
                assert (tag, name) in {("a", "rel"), ("ol", "start")}, (tag, name)
        if tag not in {"em", "strong", "code", "a"}:
            self.shown += "\n"
        if tag not in {"br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.shown += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


# --- Verification -------------------------------------------------------------------------------------------------


def read_linked_data(data: bytes) -> None:
    """A document means the same read directly and by JSON-LD, and is read quickly or refused."""
    try:
        document = parse_object(data)
        found = analysed(document)
    except (InvalidJson, TooMuch) as refusal:
        _has_words(refusal)
        return
    json.dumps(found.document)
    context = document.get("@context")
    if not isinstance(context, str):
        return
    try:
        by_json_ld = analysed({**document, "@context": [context, {}]})
    except (InvalidJson, TooMuch):
        return
    assert found == by_json_ld


def verify_any(data: bytes) -> None:
    """A report comes out, whatever is brought and whatever the world answers, and it is never a lie."""
    try:
        case = json.loads(data)
    except (ValueError, RecursionError):
        return
    case = case if isinstance(case, dict) else {"bring": case}
    bring, recipient = case.get("bring"), case.get("recipient")
    world = worlds.World(case.get("answers"))
    brought = worlds.as_bytes(bring)
    source = bring if isinstance(bring, str) else brought
    report = verify(source, fetch=world.fetch, now=NOW, recipient=recipient if isinstance(recipient, str) else None)
    assert report.checks
    for check in report.checks:
        assert 0 < len(check.sentence) <= 600, check
        assert len(check.detail) <= 6_000, check
    assert len(world.asked) == len(set(world.asked)) <= MAX_FETCHES, world.asked
    _all_text(report)
    if report.verdict is Verdict.VALID:
        assert all(check.outcome is Outcome.PASSED for check in report.checks)
        assert not (isinstance(bring, dict) and bring.get("$by") in ("other", "nobody")), "a forgery was believed"
        assert not (isinstance(bring, str) and bring in world.asked and world.fetch(bring).status == 410)
    if isinstance(recipient, str) and len(recipient) > 6 and recipient in worlds.RITA:
        said = [(check.sentence, check.detail) for check in report.checks]
        assert recipient not in repr((said, report.facts)), "says whose badge it is"


def _all_text(value: object, *, depth: int = 0) -> None:
    """Everything that a page may show is text that a page can hold, and not more than it can bear."""
    assert depth < 60
    if isinstance(value, str):
        value.encode()
        assert "\0" not in value
        assert len(value) <= 1_000_000
    elif is_dataclass(value):
        for one in fields(value):
            _all_text(getattr(value, one.name), depth=depth + 1)
    elif isinstance(value, Mapping):
        for key, inside in value.items():
            _all_text(key, depth=depth + 1)
            _all_text(inside, depth=depth + 1)
    elif isinstance(value, (list, tuple)):
        for inside in value:
            _all_text(inside, depth=depth + 1)


def break_promise(data: bytes) -> None:
    """No reader: it shows that the fuzzer finds something where there is something."""
    assert b"Z" not in data, "a promise is broken"
