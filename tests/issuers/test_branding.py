import pytest
from allauth.account.models import EmailAddress
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.accounts.actions import choose_language
from badgeserver.colours import TEXT_CONTRAST, contrast
from issuers.branding import (
    DARK_GROUND,
    DARK_PAPER,
    LIGHT_GROUND,
    LIGHT_PAPER,
    Brand,
    brand_of,
    mail_look,
    style_sheet,
    suggested_accents,
    tones_of,
    was_adjusted,
)

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours)
def test_links_and_buttons_can_be_read_in_any_colour(accent):
    light, dark = tones_of(accent)

    seen = [contrast(light.accent, ground) for ground in (LIGHT_GROUND, LIGHT_PAPER, light.soft)]
    seen += [contrast(dark.accent, ground) for ground in (DARK_GROUND, DARK_PAPER, dark.soft)]
    seen += [contrast(tones.ink, tones.accent) for tones in (light, dark)]
    assert min(seen) >= TEXT_CONTRAST


def test_a_colour_that_reads_is_used_as_it_is_and_a_light_one_in_a_darker_tone():
    assert (tones_of("#1f4d7a")[0].accent, was_adjusted("#1f4d7a")) == ("#1f4d7a", False)
    assert (was_adjusted("#ffd400"), contrast("#ffd400", "#ffffff") < 2) == (True, True)


def test_style_sheet_sets_both_themes_and_nothing_else():
    light, dark = tones_of("#1f4d7a")
    assert style_sheet("#1f4d7a") == (
        f":root{{--accent:light-dark({light.accent},{dark.accent});--accent-hover:light-dark({light.hover},{dark.hover});"
        f"--accent-ink:light-dark({light.ink},{dark.ink});--accent-soft:light-dark({light.soft},{dark.soft});}}\n"
    )


def test_suggested_colours_are_used_as_they_are():
    found = suggested_accents()
    assert (len(found), len(set(found)), [one for one in found if was_adjusted(one)]) == (12, 12, [])


@pytest.mark.django_db
def test_brand_says_nothing_where_nothing_was_chosen(academy):
    assert brand_of(academy) == Brand(
        name="Acme Academy", url=f"/public/issuers/{academy.pk}", logo_url="", style_url=""
    )
    look = mail_look(academy.organisation, to="rita@example.org")
    assert (look.pictures, look.context["brand"]) == (
        {},
        {"name": "Acme", "light": None, "dark": None, "has_logo": False},
    )


@pytest.mark.django_db
def test_brand_shows_colour_and_the_logo_of_the_organisation(academy, logo_of_acme):
    academy.organisation.accent = "#0a7d55"

    brand = brand_of(academy)

    assert (brand.style_url, brand.logo_url) == ("/brand/0a7d55.css", f"/public/issuers/{academy.pk}/image")
    look = mail_look(academy.organisation, to="rita@example.org", name="Acme Academy")
    assert (look.pictures, look.context["brand"]["has_logo"]) == ({"logo": logo_of_acme}, True)


@pytest.mark.django_db
def test_a_mail_goes_without_a_logo_whose_file_is_gone(academy, logo_of_acme):
    organisation = academy.organisation
    organisation.logo_png.storage.delete(organisation.logo_png.name)

    assert logo_of_acme.startswith(b"\x89PNG")
    assert mail_look(organisation, to="rita@example.org").pictures == {}


@pytest.mark.django_db
def test_a_mail_speaks_the_language_of_its_reader_else_of_the_organisation(acme, ada):
    acme.language = "de"
    spoken = [mail_look(acme, to=to).language for to in (ada.email, "nobody@example.org")]
    EmailAddress.objects.update_or_create(user=ada, email=ada.email, defaults={"verified": True, "primary": True})
    choose_language(user=ada, language="en")

    assert (spoken, mail_look(acme, to=ada.email.upper()).language) == (["de", "de"], "en")
