"""The command palette, driven by the keyboard alone."""

import re

import pytest

from tests.browser.conftest import PHONE, WIDE

ORGANISATION = re.compile(r".*/o/[^/]+/")


def opened(page, key: str = "Control+k"):
    page.keyboard.press(key)
    palette = page.get_by_role("dialog", name="Search and commands")
    palette.get_by_role("option").first.wait_for()
    return palette


def active(palette) -> str:
    """What the field says is chosen, and the list shows as chosen."""
    chosen = palette.get_by_role("option", selected=True)
    field = palette.get_by_role("combobox")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    return chosen.locator(".hit-title").inner_text()


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_palette_by_keyboard_alone(browser_page, sign_in, product, check_accessibility, check_fits, width, theme):
    page = sign_in(browser_page(width=width, theme=theme), product, "owner")
    home = ORGANISATION.match(page.url)[0]

    palette = opened(page)
    assert active(palette) == "New badge"
    page.keyboard.press("ArrowDown")
    assert active(palette) == "Award a badge"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert active(palette) == "Your account"
    check_accessibility(page)

    page.keyboard.type("lindqv")
    palette.locator("mark", has_text="Lindqv").first.wait_for()
    assert active(palette) == "Rita Lindqvist"
    assert re.fullmatch(r"[\d,]+ results?", palette.get_by_role("status").inner_text())
    check_accessibility(page)
    check_fits(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/*-*/")
    assert page.get_by_role("heading", level=1).inner_text() == "Rita Lindqvist"

    # Where one was stands below the acts the next time.
    page.goto(home)
    palette = opened(page)
    assert (
        palette.get_by_role("group", name="Recent")
        .get_by_role("option")
        .first.inner_text()
        .startswith("Rita Lindqvist")
    )
    page.keyboard.press("Escape")
    palette.wait_for(state="hidden")

    # Enter before the answer has come opens what was typed, not what stood there before.
    opened(page)
    page.keyboard.type("departm")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/groups/")


def test_no_single_letter_opens_it(browser_page, sign_in, product):
    """Who speaks to the computer says letters by accident (WCAG 2.1.4)."""
    page = sign_in(browser_page(), product, "owner")
    for letter in ("/", "k", "?"):
        page.keyboard.press(letter)

    assert page.get_by_role("dialog").count() == 0


def test_nothing_found_is_said(browser_page, sign_in, product, check_accessibility):
    page = sign_in(browser_page(), product, "owner")
    palette = opened(page)
    page.keyboard.type("zzzzzz")

    palette.get_by_text("Nothing is called “zzzzzz” here.").wait_for()
    assert palette.get_by_role("status").inner_text() == "Nothing found"
    check_accessibility(page)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_search_without_javascript_is_a_page(browser_page, sign_in, product, width):
    page = sign_in(browser_page(width=width, javascript=False), product, "owner")
    page.get_by_role("link", name="Search", exact=True).first.click()
    page.get_by_role("searchbox").fill("lindqvist")
    page.get_by_role("button", name="Search").click()

    page.get_by_role("heading", name="People").wait_for()
    page.get_by_role("link", name="Rita Lindqvist").first.click()
    page.wait_for_url("**/people/*-*/")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_people_come_in_from_a_table(browser_page, sign_in, product, check_accessibility, check_fits, width):
    page = sign_in(browser_page(width=width), product, "editor")
    home = ORGANISATION.match(page.url)[0]
    page.goto(f"{home}people/")
    page.get_by_role("link", name="Import people").click()
    check_accessibility(page)
    page.get_by_label("Or paste the table").fill(
        f"Who\tMail\tDept\nZoë Width {width}\tzoe{width}@new.example.org\tYard\nX\t\t\n"
    )
    page.get_by_role("button", name="Read the table").click()
    page.get_by_role("heading", name="1 person can be taken").wait_for()
    check_accessibility(page)
    check_fits(page)

    page.get_by_role("combobox", name="Dept").select_option("Leave out")
    page.get_by_role("cell", name="Yard").nth(1).wait_for(state="detached")
    page.get_by_role("button", name="Import 1 person").click()
    page.get_by_text("1 person added.").wait_for()
    for path in ("people/", "people/groups/", "people/new/", "search/?q=zoe"):
        page.goto(f"{home}{path}")
        check_accessibility(page)
        check_fits(page)
