"""The tags and components that every page is made of."""

import re
from pathlib import Path

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from lucide import IconDoesNotExist

from badgeserver.web.templatetags import ui

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "emails" not in path.parts]


class AwardForm(forms.Form):
    person = forms.CharField(label="Person", help_text="Name or address.")
    note = forms.CharField(label="Note", required=False)
    told = forms.BooleanField(label="Tell them by mail")
    way = forms.ChoiceField(label="How", widget=forms.RadioSelect, choices=[("a", "Now"), ("b", "Later")])


def test_icon_is_hidden_from_screen_readers_without_a_label() -> None:
    assert 'aria-hidden="true"' in ui.icon("award")
    assert 'role="img" aria-label="Passed"' in ui.icon("award", 20, "Passed")


def test_icon_refuses_a_name_that_does_not_exist() -> None:
    with pytest.raises(IconDoesNotExist):
        ui.icon("no-such-icon")


def test_url_with_keeps_other_parameters() -> None:
    request = RequestFactory().get("/", {"q": "fork lift", "page": "2", "state": ["a", "b"]})
    assert ui.url_with(request, page=3) == "?q=fork+lift&page=3&state=a&state=b"


def test_url_with_removes_what_is_none_or_empty() -> None:
    request = RequestFactory().get("/", {"q": "x", "page": "2"})
    assert ui.url_with(request, page=None, q="") == "?"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Lovelace", "AL"),
        ("Ada", "A"),
        ("ada.lovelace@example.org", "AL"),
        ("Ada (Yard) King Lovelace", "AL"),
        ("", "?"),
        (None, "?"),
        ("李 小龍", "李小"),
    ],
)
def test_initials(name: str | None, expected: str) -> None:
    assert ui.initials(name) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("undo:/badges/7/restore/", "/badges/7/restore/"),
        ("other undo:/a?b=1", "/a?b=1"),
        ("undo://evil.example/", ""),
        ("undo:/\\evil.example/", ""),
        ("undo:https://evil.example/", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_undo_url_takes_only_paths_of_this_site(tags: str | None, expected: str) -> None:
    assert ui.undo_url(Message(messages.SUCCESS, "Done.", extra_tags=tags)) == expected


def test_page_numbers_leave_out_what_is_far_away() -> None:
    page = Paginator(range(1000), 10).page(50)
    assert list(ui.page_numbers(page)) == [1, Paginator.ELLIPSIS, 49, 50, 51, Paginator.ELLIPSIS, 100]


def test_sort_link_turns_the_order_round() -> None:
    request = RequestFactory().get("/", {"q": "x", "page": "4"})
    assert 'href="?q=x&amp;sort=name"' in ui.sort_link(request, "name", "Name", "")
    assert 'href="?q=x&amp;sort=-name"' in ui.sort_link(request, "name", "Name", "name")
    assert ui.sort_state("name", "-name") == 'aria-sort="descending"'
    assert ui.sort_state("name", "other") == ""


def test_field_ties_label_help_and_error_to_the_input() -> None:
    form = AwardForm({"person": ""})
    html = form["person"].as_field_group()
    assert '<label for="id_person">' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_person_helptext id_person_error"' in html
    assert 'id="id_person_helptext"' in html
    assert 'id="id_person_error"' in html


def test_field_marks_what_is_optional_and_nothing_else() -> None:
    form = AwardForm()
    marked = [field.name for field in form if 'class="optional"' in field.as_field_group()]
    assert marked == ["note"]


def test_field_groups_radios_under_a_legend() -> None:
    html = AwardForm()["way"].as_field_group()
    assert html.count("<legend>How</legend>") == 1


def test_form_errors_links_to_every_field_and_takes_the_focus() -> None:
    html = render_to_string("components/form_errors.html", {"form": AwardForm({"person": "Ada"})})
    assert re.findall(r'href="#(\w+)"', html) == ["id_told", "id_way"]
    assert 'role="alert" tabindex="-1" autofocus' in html


def test_form_errors_is_silent_without_errors() -> None:
    assert render_to_string("components/form_errors.html", {"form": AwardForm()}).strip() == ""


def test_pagination_is_silent_on_a_single_page() -> None:
    context = {"page": Paginator(range(3), 10).page(1), "request": RequestFactory().get("/")}
    assert render_to_string("components/pagination.html", context).strip() == ""


def test_pagination_says_where_one_is_and_keeps_the_search() -> None:
    context = {"page": Paginator(range(1240), 50).page(3), "request": RequestFactory().get("/?q=x"), "what": "people"}
    html = render_to_string("components/pagination.html", context)
    assert "101–150 of 1,240 people" in html
    assert 'href="?q=x&amp;page=4" rel="next"' in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "base_app.html"])
def test_pages_of_last_resort_need_no_context(name: str) -> None:
    assert "<main" in render_to_string(name)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_templates_hold_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>", text) == []
    assert re.findall(r"<style\b|\sstyle=|\son[a-z]+=\"", text) == []
