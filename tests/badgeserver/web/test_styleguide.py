"""The living style guide."""

import re

from django.urls import reverse

from badgeserver.web.styleguide import CHAPTERS, palette, sizes
from tests.house.source import ROOT

URL = "/styleguide/"


def test_guide_is_open_in_the_embedded_mode(anonymous):
    assert reverse("styleguide") == URL
    assert anonymous.get(URL).status_code == 200


def test_addresses_of_production_have_no_guide():
    source = (ROOT / "badgeserver/urls.py").read_text(encoding="utf-8")
    always, embedded = source.split("if settings.EMBEDDED:")

    assert ('"styleguide/"' in always, '"styleguide/"' in embedded) == (False, True)


def test_every_chapter_is_there_and_led_to(anonymous):
    page = anonymous.get(URL).text

    for _group, name, title, _icon in CHAPTERS:
        assert f'href="#{name}"' in page
        assert f'<h2 id="{name}-title"><a href="#{name}">{title}</a></h2>' in page


def test_every_component_is_shown(anonymous):
    """What no page of the guide includes is forgotten by those who make pages."""
    components = {path.stem for path in (ROOT / "templates/components").glob("*.html")}
    guide = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates/styleguide").glob("*.html"))
    shown = set(re.findall(r'include "components/([a-z_]+)\.html"', guide))
    # Drawn by others of them, by every page, or of one room alone.
    parts = {"field", "field_errors", "form", "formset_row", "htmx", "kept_words", "mark", "messages", "sidebar"}
    parts |= {"stylesheets", "progress", "endorsement"}

    assert components - shown - parts <= ROOM_COMPONENTS


#: Components that need rows of a room: they are shown on its pages.
ROOM_COMPONENTS: set[str] = {"palette"}


def test_markup_is_what_was_rendered(anonymous):
    page = anonymous.get(URL).text

    assert '<button class="button main" type="button">Award badge</button>' in page
    assert "&lt;button class=&quot;button main&quot; type=&quot;button&quot;&gt;Award badge&lt;/button&gt;" in page
    assert "{% include &quot;components/verdict.html&quot; with status=&quot;valid&quot;" in page


def test_no_example_takes_the_focus(anonymous):
    page = anonymous.get(URL).text

    assert 'class="form-errors" id="form-errors" role="alert" tabindex="-1">' in page
    assert "autofocus" not in page


def test_colours_keep_their_contrast():
    asked = [swatch for _group, swatches in palette() for swatch in swatches if swatch.on]

    assert len(asked) == 11
    assert [swatch.name for swatch in asked if not swatch.is_enough] == []


def test_sizes_come_from_the_tokens():
    assert [name for name, _value in sizes("s-")] == [f"s-{number}" for number in range(1, 9)]
    assert dict(sizes("quick", "calm")) == {"quick": "90ms", "calm": "140ms"}


def test_undo_of_a_sample_comes_back(anonymous):
    response = anonymous.post(URL, follow=True)

    assert response.redirect_chain == [(URL, 302)]
    assert "Undone." in response.text
