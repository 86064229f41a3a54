"""The designer in a real browser: a badge drawn by the keyboard alone, and a family restyled at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_versions import tab_to

NAMES = ["Anchor Watch", "Heart Rescue", "Crane Signals"]


def drawn(page: Page) -> str:
    """Return what is drawn now."""
    return page.locator("[data-drawing]").get_attribute("src") or ""


def press_and_see(page: Page, key: str) -> None:
    """Press a key, and wait for the picture to be another one."""
    before = drawn(page)
    page.keyboard.press(key)
    expect(page.locator("[data-drawing]")).not_to_have_attribute("src", before)


@pytest.fixture
def workspace(browser_page, product, sign_in):
    """`workspace(width)`: the owner's page, at home in the organisation, and its address."""

    def open_it(**look: object) -> tuple[Page, str]:
        page = sign_in(browser_page(**look), product, "owner")
        return page, page.url

    return open_it


def test_a_badge_is_designed_by_the_keyboard_alone_in_the_middle_of_its_form(workspace, check_accessibility):
    page, home = workspace()
    page.goto(f"{home}badges/new/")
    page.get_by_label("Name", exact=True).fill("Deck Officer")

    tab_to(page, page.get_by_role("button", name="Design the picture"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("[data-drawing]")).to_be_visible()
    check_accessibility(page)
    tab_to(page, page.locator("[name='shape']:checked"))
    press_and_see(page, "ArrowRight")
    tab_to(page, page.get_by_role("button", name="Plum"))
    press_and_see(page, "Enter")
    page.get_by_label("Search icons").focus()
    page.keyboard.type("anchor")
    expect(page.locator("#icons [value='anchor']")).to_be_attached()
    page.keyboard.press("ArrowDown")
    press_and_see(page, "ArrowRight")
    press_and_see(page, "ControlOrMeta+z")
    press_and_see(page, "ControlOrMeta+Shift+z")
    page.get_by_role("button", name="Use this picture").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#picture img.picture-now")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Deck Officer")
    expect(page.get_by_label("The picture in words")).not_to_have_value("")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url(re.compile(r"/badges/[0-9a-f-]{36}/$"))
    page.get_by_role("link", name="Change the picture").click()
    expect(page.locator("[name='colour']")).to_have_value("#5b2150")


def test_a_family_is_chosen_and_left_while_drawing(workspace):
    page, home = workspace()
    page.goto(f"{home}designs/new/")

    page.get_by_label("Family").select_option(label="Harbour skills")
    expect(page.get_by_text("The family “Harbour skills” decides this.").first).to_be_visible()
    page.get_by_label("Family").select_option(label="No family")
    expect(page.get_by_text("decides this")).to_have_count(0)


def test_what_was_not_saved_is_there_after_a_reload(workspace):
    page, home = workspace()
    page.goto(f"{home}designs/new/")
    before = drawn(page)
    page.get_by_role("button", name="Brick").click()
    expect(page.locator("[data-drawing]")).not_to_have_attribute("src", before)

    page.reload()

    expect(page.get_by_text("What you had not saved is back.")).to_be_visible()
    expect(page.locator("[name='colour']")).to_have_value("#9b2c1f")
    page.get_by_role("button", name="Begin anew").click()
    expect(page.locator("[name='colour']")).not_to_have_value("#9b2c1f")
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_family_is_restyled_at_once_and_undone(workspace, check_accessibility, check_fits, width):
    page, home = workspace(width=width)
    for name in NAMES:
        page.goto(f"{home}badges/new/")
        page.get_by_label("Name", exact=True).fill(f"{name} {width}")
        page.get_by_role("button", name="Save draft").click()
        page.wait_for_url(re.compile(r"/badges/[0-9a-f-]{36}/$"))
    page.goto(f"{home}designs/families/new/")
    page.get_by_label("Name", exact=True).fill(f"Harbour {width}")
    page.get_by_role("button", name="Make the family").click()
    page.wait_for_url(re.compile(r"/families/[0-9a-f-]{36}/$"))
    check_accessibility(page)
    check_fits(page)
    tile = page.locator(".family-tile", has_text=f"Anchor Watch {width}").locator("img")
    before = tile.get_attribute("src") or ""

    page.get_by_role("button", name="Brick").click()
    expect(tile).not_to_have_attribute("src", before)
    restyled = tile.get_attribute("src") or ""
    page.get_by_role("button", name="Restyle the family").click()
    expect(page.get_by_role("status").filter(has_text="badges have the new look.")).to_be_visible()
    expect(tile).to_have_attribute("src", restyled)
    page.get_by_role("status").get_by_role("button", name="Undo").click()

    expect(page.get_by_text("The family looks as it did before.")).to_be_visible()
    expect(tile).to_have_attribute("src", before)


def test_the_designer_works_without_javascript(workspace):
    page, home = workspace(javascript=False)
    page.goto(f"{home}designs/new/")
    before = drawn(page)

    page.get_by_role("button", name="Brick").click()
    assert drawn(page) != before
    page.get_by_role("button", name="Make a badge of it").click()

    expect(page.locator("#picture img.picture-now")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_designer_and_gallery_are_there_for_everybody(workspace, check_accessibility, check_fits, theme, width):
    page, home = workspace(width=width, theme=theme)
    for path in ["designs/", "designs/new/", "designs/families/new/"]:
        page.goto(f"{home}{path}")
        check_accessibility(page)
        check_fits(page)
