"""SVG: drawings pass, editor leftovers vanish, everything active is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from py_svg_hush import filter_svg

from badgeserver.pictures import Limits, PictureRefused, accept_picture
from tests.badgeserver.pictures.builders import chunk, data_url, png, sample, saved, svg

SCRIPT = "This SVG contains a script. Export it again as plain SVG, without scripts or interaction, and upload that."
HANDLER = (
    "This SVG reacts to clicks or loading (it contains an event handler). Export it again as plain SVG, without "
    "interaction, and upload that."
)
WEB = "This SVG contains a piece of a web page. Export it again as plain SVG and upload that."
ANIMATED = "This SVG is animated. A badge is a still picture: export it again without animation and upload that."
OUTSIDE = (
    "This SVG refers to something outside the file (a link, a picture or a style sheet). Embed it, or remove it, "
    "export again as plain SVG and upload that."
)
FONT = (
    "This SVG brings or loads its own fonts. Turn the text into outlines (paths), export again as plain SVG and "
    "upload that."
)
ENTITIES = (
    "This SVG defines its own entities or document rules (a DTD). Export it again as plain SVG, without the data of "
    "the drawing program, and upload that."
)
CIRCLE = "A part of this SVG contains itself. Correct the drawing, or export it as PNG, and upload that."
TOO_MUCH = (
    "This SVG repeats its parts so often that drawing it would take too long. Simplify it, or export it as PNG, "
    "and upload that."
)
HEAVY = "This SVG uses filter effects that take too long to draw. Simplify them, or export it as PNG, and upload that."
KIND = "A picture inside this SVG is neither PNG nor JPEG. Embed it as PNG or JPEG, export again and upload that."
DAMAGED = "A photo inside this SVG is damaged. Embed it again as PNG or JPEG, export as plain SVG and upload that."
LOOSE = Limits(min_side=1)


def refusal(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(PictureRefused) as caught:
        accept_picture(data, limits=limits or Limits())
    return caught.value.sentence


def inside(text: str) -> str:
    """Return what is left of the content of a drawing of 100 by 100 pixels."""
    kept = accept_picture(svg(text, root='viewBox="0 0 100 100" width="100" height="100"')).data.decode()
    return re.sub(r"^<svg[^>]*?/?>|</svg>$", "", kept)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<g><defs><script href='x.js'/></defs></g>",
        '<a href="javascript:alert(1)"><rect/></a>',
        '<a xlink:href=" java&#10;script:alert(1)"><rect/></a>',
        '<use href="JaVaScRiPt:alert(1)"/>',
        '<use href="#a" xlink:href="javascript:alert(1)"/>',
        '<rect fill="javascript:alert(1)"/>',
        '<rect style="fill:expression(alert(1))"/>',
        '<rect style="fill:url(javascript:alert(1))"/>',
        '<rect style="fill:url(data:image/svg+xml;base64,AAAA)"/>',
        '<handler type="text/javascript">alert(1)</handler>',
    ],
)
def test_svg_with_a_script_is_refused(text):
    assert refusal(svg(text)) == SCRIPT


def test_svg_with_a_script_is_refused_whatever_prefix_it_uses():
    data = b'<s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><s:script>alert(1)</s:script></s:svg>'

    assert refusal(data) == SCRIPT


def test_svg_without_namespace_with_a_script_is_refused():
    assert refusal(b'<svg viewBox="0 0 9 9"><script>alert(1)</script></svg>') == SCRIPT


@pytest.mark.parametrize("name", ["onload", "onclick", "ONLOAD", "onbegin", "onanythingelse"])
def test_svg_with_an_event_handler_is_refused(name):
    assert refusal(svg(root=f'viewBox="0 0 9 9" {name}="alert(1)"')) == HANDLER
    assert refusal(svg(f'<g><rect {name}="alert(1)"/></g>')) == HANDLER


@pytest.mark.parametrize(
    "text",
    [
        "<foreignObject><p>hello</p></foreignObject>",
        '<body xmlns="http://www.w3.org/1999/xhtml"/>',
        '<g xmlns:h="http://www.w3.org/1999/xhtml"><h:script>alert(1)</h:script></g>',
        "<iframe/>",
    ],
)
def test_svg_with_a_piece_of_web_page_is_refused(text):
    assert refusal(svg(text)) == WEB


@pytest.mark.parametrize(
    "text",
    [
        '<rect><animate attributeName="href" values="javascript:alert(1)"/></rect>',
        '<rect><set attributeName="onload" to="alert(1)"/></rect>',
        "<animateTransform/>",
        "<animateMotion/>",
    ],
)
def test_svg_that_moves_is_refused(text):
    assert refusal(svg(text)) == ANIMATED


@pytest.mark.parametrize(
    "text",
    [
        '<image href="https://tracker.example.org/x.png"/>',
        '<image xlink:href="//tracker.example.org/x.png"/>',
        '<image href="/etc/passwd"/>',
        '<image href="x.png"/>',
        '<use href="other.svg#part"/>',
        '<a href="https://example.org/"><rect/></a>',
        '<rect fill="url(https://example.org/#a)"/>',
        '<rect filter="url(other.svg#f)"/>',
        '<rect style="fill:url(https://example.org/#a)"/>',
        '<rect style="background-image:url(x.png)"/>',
        '<rect style="fill:url( &quot;//example.org/#a&quot; )"/>',
        '<rect style="cursor:image-set(&quot;x.png&quot; 1x)"/>',
        "<style>@import 'https://example.org/x.css';</style>",
        "<style>@import url(x.css);</style>",
        "<style>.a{fill:url(https://example.org/x)}</style>",
        "<style>.a:hover{background:url(x.png)}</style>",
        "<style>@media print{.a{fill:url(x.svg#a)}}</style>",
        '<style><![CDATA[.a{fill:url("x.svg#a")}]]></style>',
        '<textPath href="http://example.org/#p">x</textPath>',
    ],
)
def test_svg_that_refers_to_the_outside_is_refused(text):
    assert refusal(svg(text)) == OUTSIDE


@pytest.mark.parametrize(
    "text",
    [
        "<style>@font-face{font-family:X;src:url(data:font/woff;base64,AAAA)}</style>",
        "<style>@font-face{font-family:X;src:url(https://example.org/x.woff2)}</style>",
        "<style>@media all{@font-face{font-family:X}}</style>",
    ],
)
def test_svg_with_its_own_fonts_is_refused(text):
    assert refusal(svg(text)) == FONT


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE svg [<!ENTITY a "b">]>',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://example.org/x.dtd"> %a;]>',
        '<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]>',
        '<!DOCTYPE svg SYSTEM "http://example.org/x.dtd" []>',
        '<!DOCTYPE lolz [<!ENTITY l "l"><!ENTITY m "&l;&l;&l;&l;&l;&l;">]>',
    ],
)
def test_svg_with_entities_or_a_dtd_is_refused(doctype):
    assert refusal(doctype.encode() + svg()) == ENTITIES


def test_svg_that_uses_an_entity_of_an_outside_dtd_is_refused():
    doctype = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'

    assert refusal(doctype + svg("<text>&nbsp;</text>")) == ENTITIES


def test_svg_loses_a_plain_doctype():
    doctype = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'

    assert accept_picture(b'<?xml version="1.0"?>\n' + doctype + svg()) == accept_picture(svg())


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("HOSTILE-script.svg", HANDLER), ("HOSTILE-entity-expansion.svg", ENTITIES)],
)
def test_svg_samples_that_are_hostile_are_refused(name, sentence):
    assert refusal(sample(name)) in {sentence, SCRIPT}


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"<svg", 1),
        (svg("<g>"), 1),
        (svg("\n<rect width=1/>"), 2),
        (svg("\n\n&undefined;"), 3),
        (svg("\x00"), 1),
        (svg("<text>\x0b</text>"), 1),
        (svg() + svg(), 1),
        (svg('<inkscape:g inkscape:label="no such prefix"/>'), 1),
    ],
)
def test_svg_that_is_not_well_formed_is_refused(data, line):
    assert refusal(data) == (
        f"This SVG is not well-formed XML (line {line}). Export it again as plain SVG and upload that."
    )


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_svg_in_any_unicode_encoding_becomes_utf_8(encoding):
    text = svg("<title>Größe ✓</title>").decode()

    assert accept_picture(text.encode(encoding)).data == accept_picture(text.encode()).data


def test_svg_in_a_declared_western_encoding_becomes_utf_8():
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + svg("<title>Größe</title>").decode()

    assert accept_picture(text.encode("latin-1")).data == accept_picture(svg("<title>Größe</title>")).data


def test_svg_in_utf_16_cannot_hide_a_script():
    assert refusal(svg("<script>alert(1)</script>").decode().encode("utf-16")) == SCRIPT


def test_svg_in_an_unusual_encoding_is_refused():
    assert refusal(b'<?xml version="1.0" encoding="utf-7"?>' + svg()) == (
        "This SVG is written in an unusual character encoding. Save it as UTF-8 and upload it again."
    )


def test_svg_with_broken_utf_8_is_refused():
    assert refusal(
        svg("<title>\udce4</title>".encode("utf-8", "surrogateescape").decode("latin-1")).replace(b"\xc3", b"")
    ) == ("This SVG contains characters that do not fit its encoding. Save it as UTF-8 and upload it again.")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<!-- secret --><?php echo 1 ?><rect/>", "<rect/>"),
        ("<metadata><rect/></metadata><rect/>", "<rect/>"),
        ('<i:pgf xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/">x<rect/></i:pgf><rect/>', "<rect/>"),
        ('<rect xmlns:e="http://example.org/e" e:label="secret" data-name="x" tabindex="0" class="a"/>', "<rect/>"),
        ("<flowRoot><flowPara>x</flowPara></flowRoot><rect/>", "<rect/>"),
        ('<a href="#top"><rect/></a>', "<g><rect/></g>"),
        ("  <g>\n  <rect/> stray </g>", "<g><rect/></g>"),
        ("<text>a <tspan>b</tspan> c &lt; d &amp; e</text>", "<text>a <tspan>b</tspan> c &lt; d &amp; e</text>"),
        ("<title><![CDATA[<script>]]></title>", "<title>&lt;script&gt;</title>"),
        ('<rect id="a b"/><rect id="c"/><rect id="c"/>', '<rect/><rect id="c"/><rect/>'),
        ('<use href="#c"/>', '<use xlink:href="#c"/>'),
        ('<rect xml:base="http://example.org/" fill="red"/>', '<rect fill="red"/>'),
        ('<rect style="fill : red ; position:fixed;stroke:blue!important;"/>', '<rect fill="red" stroke="blue"/>'),
        ('<rect fill="red" style="fill:blue"/>', '<rect fill="blue"/>'),
        ('<rect style="fill:u\\72l(http://example.org/)"/>', "<rect/>"),
        ('<rect style="mix-blend-mode:multiply;opacity:.5"/>', '<rect opacity=".5" style="mix-blend-mode:multiply"/>'),
        ('<rect style="filter:blur(9999px);fill:var(--x)"/>', "<rect/>"),
        ('<rect style="fill:url(&quot;#g&quot;)"/>', '<rect fill="url(&quot;#g&quot;)"/>'),
        ("<text style=\"font-family:'A;B';fill:red\"/>", '<text fill="red" font-family="\'A;B\'"/>'),
        ('<text style="font:bold 9px X;font-size:8px"/>', '<text style="font:bold 9px X;font-size:8px"/>'),
        ('<image href="#a"/><image/>', ""),
    ],
)
def test_svg_keeps_the_drawing_and_drops_the_rest(text, kept):
    assert inside(text) == kept


@pytest.mark.parametrize(
    ("css", "text", "kept"),
    [
        (".a{fill:red}", '<rect class="a b"/><rect/>', '<rect fill="red"/><rect/>'),
        (".a{fill:red}", '<rect class="a" fill="blue"/>', '<rect fill="red"/>'),
        (".a{fill:red}", '<rect class="a" style="fill:blue"/>', '<rect fill="blue"/>'),
        (".a{fill:red!important}", '<rect class="a" style="fill:blue"/>', '<rect fill="red"/>'),
        ("#x{fill:red}.a{fill:blue}rect{fill:green}", '<rect id="x" class="a"/>', '<rect id="x" fill="red"/>'),
        (".a{fill:red}.b{fill:blue}", '<rect class="b a"/>', '<rect fill="blue"/>'),
        (".a,.b{fill:red}", '<rect class="b"/>', '<rect fill="red"/>'),
        ("*{fill:red}", "<rect/>", '<rect fill="red"/>'),
        (
            "g .a{fill:red}",
            '<g><g><rect class="a"/></g></g><rect class="a"/>',
            '<g><g><rect fill="red"/></g></g><rect/>',
        ),
        ("g>.a{fill:red}", '<g><rect class="a"/></g><rect class="a"/>', '<g><rect fill="red"/></g><rect/>'),
        ("svg > g rect{fill:red}", "<g><g><rect/></g></g>", '<g><g><rect fill="red"/></g></g>'),
        (".a:hover,.a::after,[x],.a+.a{fill:red}", '<rect class="a"/>', "<rect/>"),
        ("@media print{.a{fill:red}}.a{fill:blue}", '<rect class="a"/>', '<rect fill="blue"/>'),
        ("@keyframes x{from{fill:red}}.a{fill:blue}", '<rect class="a"/>', '<rect fill="blue"/>'),
        ("@charset 'utf-8';.a{fill:blue}", '<rect class="a"/>', '<rect fill="blue"/>'),
        ("/* .a{fill:red} */<!-- .a{fill:blue}-->", '<rect class="a"/>', '<rect fill="blue"/>'),
        (".a{fill:url(#g)}", '<rect class="a"/>', '<rect fill="url(#g)"/>'),
        (".a{fill:red", '<rect class="a"/>', "<rect/>"),
        ("}{;}.a{fill:red}", '<rect class="a"/>', '<rect fill="red"/>'),
    ],
)
def test_svg_style_rules_are_resolved_into_the_elements(css, text, kept):
    wrapped = css.replace(">", "&gt;").replace("<", "&lt;")
    assert inside(f"<style>{wrapped}</style>{text}") == kept


@pytest.mark.parametrize(
    ("root", "size", "stated"),
    [
        ('viewBox="0 0 16 16"', (600, 600), 'viewBox="0 0 16 16" width="600" height="600"'),
        ('width="120" height="100"', (120, 100), 'width="120" height="100" viewBox="0 0 120 100"'),
        ('width="2in" height="50.8mm"', (192, 192), 'width="192" height="192" viewBox="0 0 192 192"'),
        ('width="100%" height="100%" viewBox="0,0,40,20"', (600, 300), 'width="600" height="300" viewBox="0,0,40,20"'),
        ('width="200" viewBox="0 0 40 20"', (200, 100), 'width="200" viewBox="0 0 40 20" height="100"'),
        ('width="1em" height="1em" viewBox="0 0 24 24"', (600, 600), 'width="600" height="600" viewBox="0 0 24 24"'),
        ('width="9000" height="9000"', (600, 600), 'width="600" height="600" viewBox="0 0 9000 9000"'),
    ],
)
def test_svg_states_its_size_afterwards(root, size, stated):
    picture = accept_picture(svg("", root=root))

    assert (picture.width, picture.height) == size
    assert picture.data.decode() == (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {stated}/>'
    )


@pytest.mark.parametrize(
    "root",
    ["", 'width="100"', 'viewBox="0 0 0 10"', 'viewBox="0 0 -1 10"', 'viewBox="0 0 1e50 1"', 'viewBox="a b c d"'],
)
def test_svg_without_a_size_is_refused(root):
    assert refusal(svg(root=root)) == (
        "This SVG does not say how large it is. Give it a width and a height, or a view box, export it again and "
        "upload that."
    )


def test_svg_that_is_too_large_is_refused():
    assert refusal(svg("<!-- " + "x" * 512 * 1024 + " -->")) == (
        "This SVG is larger than 512 kB. Simplify it, or export it as PNG, and upload that."
    )


def test_svg_that_grows_too_large_by_its_styles_is_refused():
    style = "".join(f"{name}:{'x' * 900};" for name in ("fill", "stroke", "color", "font-family"))

    assert refusal(svg(f"<style>*{{{style}}}</style>" + "<rect/>" * 4_000)) == (
        "This SVG is larger than 512 kB. Simplify it, or export it as PNG, and upload that."
    )


def test_svg_with_too_many_elements_is_refused():
    assert refusal(svg("<rect/>" * 5_000)) == (
        "This SVG has more than 5000 elements. Simplify it, or export it as PNG, and upload that."
    )


def test_svg_that_nests_too_deep_is_refused():
    assert refusal(svg("<g>" * 20_000 + "</g>" * 20_000)) == (
        "This SVG nests its groups more than 64 levels deep. Simplify or flatten it and upload it again."
    )


def test_svg_with_too_much_text_is_refused():
    assert refusal(svg(f"<text>{'a' * 10_001}</text>")) == (
        "This SVG contains more than 10000 characters of text. Shorten it and upload it again."
    )


def test_svg_with_an_endless_attribute_is_refused():
    assert refusal(svg(f'<rect stroke-dasharray="{"1 " * 3_000}"/>')) == (
        "This SVG contains an unusually long attribute. Export it again as plain SVG, or as PNG, and upload that."
    )


def test_svg_may_have_long_paths():
    path = "M0 0" + " L9 9" * 50_000

    assert inside(f'<path d="{path}"/>') == f'<path d="{path}"/>'


@pytest.mark.parametrize(
    "css",
    [
        "".join(f".a{number}{{fill:red}}" for number in range(2_001)),
        "b * * .a{fill:red}" * 1_999,
    ],
)
def test_svg_with_too_many_style_rules_is_refused(css):
    deep = "<g>" * 60 + "".join(f'<rect class="a a{number}"/>' for number in range(1_999)) + "</g>" * 60

    assert refusal(svg(f"<style>{css}</style>{deep}")) == (
        "This SVG has too many style rules. Export it again with fewer styles (for example as presentation "
        "attributes) and upload that."
    )


def test_svg_that_multiplies_itself_by_use_is_refused():
    levels = "".join(f'<g id="l{level}">{f"""<use href="#l{level - 1}"/>""" * 10}</g>' for level in range(1, 10))

    assert refusal(svg(f'<g id="l0"><rect/></g>{levels}')) == TOO_MUCH


@pytest.mark.parametrize(
    "text",
    [
        '<marker id="m">' + "<rect/>" * 50 + '</marker><path style="marker:url(#m)" d="M0 0' + " L1 1" * 1_000 + '"/>',
        '<marker id="m">'
        + "<rect/>" * 50
        + '</marker><g marker-mid="url(#m)"><path d="M0 0'
        + " L1 1" * 1_000
        + '"/></g>',
        '<pattern id="p">' + "<rect/>" * 300 + '</pattern><g fill="url(#p)">' + "<rect/>" * 300 + "</g>",
        '<filter id="f">' + "<feFlood/>" * 50 + "</filter>" + '<rect filter="url(#f)"/>' * 50,
        '<style>.f{filter:url(#f)}</style><filter id="f">' + "<feFlood/>" * 50 + "</filter>" + '<rect class="f"/>' * 50,
        "".join(f'<g id="u{number}"><use href="#u{number + 1}"/></g>' for number in range(500)),
    ],
)
def test_svg_that_multiplies_itself_otherwise_is_refused(text):
    assert refusal(svg(text)) == TOO_MUCH


@pytest.mark.parametrize(
    "text",
    [
        '<g id="a"><use href="#a"/></g>',
        '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
        '<pattern id="p"><rect fill="url(#p)"/></pattern>',
        '<mask id="m"><g mask="url(#m)"/></mask>',
        '<linearGradient id="g" href="#g"/>',
    ],
)
def test_svg_that_contains_itself_is_refused(text):
    assert refusal(svg(text)) == CIRCLE


@pytest.mark.parametrize(
    "text",
    [
        '<filter><feTurbulence numOctaves="1000000"/></filter>',
        '<filter><feMorphology radius="500"/></filter>',
        '<filter><feMorphology radius="1,1e9"/></filter>',
        '<filter><feConvolveMatrix order="100"/></filter>',
    ],
)
def test_svg_with_endless_filter_effects_is_refused(text):
    assert refusal(svg(text)) == HEAVY


def test_svg_image_is_stripped_like_an_upload():
    text = chunk(b"tEXt", b"Author\x00Ada")

    kept = inside(f'<image href="{data_url(png(10, 10, before=text))}"/>')

    assert kept == f'<image xlink:href="{data_url(png(10, 10))}"/>'


def test_svg_photo_loses_its_place_and_keeps_its_pixels():
    photo = Image.radial_gradient("L").convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"

    wrong_type = data_url(saved(photo, "JPEG", exif=exif, comment=b"secret") + b"<script>", "image/png")

    assert inside(f'<image href="{wrong_type}"/>') == (
        f'<image xlink:href="{data_url(saved(photo, "JPEG"), "image/jpeg")}"/>'
    )


@pytest.mark.parametrize(
    ("href", "sentence"),
    [
        (data_url(saved(Image.new("RGB", (9, 9)), "GIF"), "image/gif"), KIND),
        (data_url(saved(Image.new("RGB", (9, 9)), "GIF")), KIND),
        (data_url(svg(), "image/svg+xml"), KIND),
        ("data:text/html,hello", KIND),
        ("data:image/png,hello", KIND),
        ("data:image/png;base64,AA*A", DAMAGED),
        (data_url(png()[:90]), DAMAGED),
        (data_url(saved(Image.new("RGB", (9, 9)), "JPEG")[:-30], "image/jpeg"), DAMAGED),
        (data_url(b"\xff\xd8\xff\xd9", "image/jpeg"), DAMAGED),
        (data_url(b"\xff\xd8\xff\xe1\x00\x00\xff\xd9", "image/jpeg"), DAMAGED),
    ],
)
def test_svg_image_of_another_kind_or_damaged_is_refused(href, sentence):
    assert refusal(svg(f'<image href="{href}"/>')) == sentence


def test_svg_photo_with_hundreds_of_scans_is_refused():
    photo = saved(Image.new("L", (16, 16)), "JPEG")
    start = photo.rindex(b"\xff\xda")
    scan = photo[start:-2]

    assert refusal(svg(f'<image href="{data_url(photo[:start] + scan * 40 + photo[-2:], "image/jpeg")}"/>')) == DAMAGED


def test_svg_images_may_not_have_too_many_pixels_together():
    image = f'<image href="{data_url(png(100, 100))}"/>'

    assert refusal(svg(image * 2), Limits(max_pixels=19_999)) == (
        "The photos inside this SVG have too many pixels. Make them smaller, or export the whole as PNG, and upload "
        "that."
    )


@pytest.mark.parametrize("name", ["illustrator.svg", "inkscape.svg", "figma.svg"])
def test_svg_that_is_accepted_leaves_an_independent_cleaner_nothing_to_do(name):
    ours = accept_picture(sample(name)).data.decode()

    theirs = filter_svg(ours.encode(), {"image": ["png", "jpeg"]}).decode()

    assert re.findall(r"<(\w+)", theirs) == re.findall(r"<(\w+)", ours)
    assert sorted(re.findall(r"(?:#|url\(|data:)[^\"]+", theirs)) == sorted(
        re.findall(r"(?:#|url\(|data:)[^\"]+", ours)
    )


_WORDS = st.sampled_from(
    [
        "<g>", "</g>", "<rect", "/>", ">", "<use", ' href="#a"', ' id="a"', ' xlink:href="',
        "javascript:alert(1)", '"', "'",
        " onload=", "<script>", "</script>", "<style>", "</style>", ".a{", "}", "fill:", "url(",
        "#a)", "http://e.org/", ")", ";",
        ' style="', ' class="a"', "@import ", "/*", "*/", "\\75", "<![CDATA[", "]]>", "<!--",
        "-->", "&#106;", "&lt;", "&a;",
        "<foreignObject>", "<text>", "</text>", "data:image/png;base64,", "!important", "{", "<a",
        "<image", "\n", "é", "\x00",
        ' fill="', "<mask", ' mask="url(#a)"', "<animate", ' xmlns="http://www.w3.org/1999/xhtml"', ' xmlns=""', " d=",
    ],
)  # fmt: skip
_FORBIDDEN = re.compile(
    rb"<script|<foreignobject|<animate|<!|<\?|\son\w+\s*=|javascript:|@import|url\((?![\"']?#|&quot;#)|http://e",
    re.IGNORECASE,
)


@given(st.lists(_WORDS, max_size=30).map("".join))
def test_svg_that_is_accepted_contains_nothing_forbidden_and_is_accepted_again(text):
    try:
        once = accept_picture(svg(text))
    except PictureRefused:
        return
    tags = re.sub(rb">[^<]*", b">", once.data)
    assert _FORBIDDEN.findall(tags) == []
    assert accept_picture(once.data) == once


_VALUE = st.text(alphabet=st.sampled_from("urljavscript:()#a1 ;'\"\\/*!é\n\t&-."), max_size=25)


@given(_VALUE, _VALUE, _VALUE)
def test_svg_values_that_are_accepted_are_accepted_again_unchanged(style, value, css):
    quoted = [re.sub(r"[&<\"]", lambda match: f"&#{ord(match[0])};", text) for text in (style, value, css)]
    rect = f'<rect class="a" style="stroke:{quoted[0]}" fill="{quoted[1]}" d="{quoted[1]}"/>'
    data = svg(f"<style>.a{{fill:{quoted[2]}}}</style>{rect}")
    try:
        once = accept_picture(data)
    except PictureRefused:
        return
    assert _FORBIDDEN.findall(once.data) == []
    assert accept_picture(once.data) == once
