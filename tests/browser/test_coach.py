"""The coach beside the badge form, in a real browser: a fix by the keyboard alone."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE


def test_a_fix_is_pressed_by_the_keyboard_and_the_cursor_goes_where_it_was_put_in(
    browser_page, product, sign_in, check_accessibility, check_fits
):
    page = sign_in(browser_page(), product, "owner")
    page.goto(f"{page.url}badges/new/")
    page.get_by_label("Name", exact=True).fill("Mooring a Ship 2026")
    page.get_by_label("Description", exact=True).fill("Moors a ship, so that it stays.")
    fix = page.get_by_role("button", name="Take the year out of the name")
    more = page.locator("#coach-more > summary")
    expect(page.locator("#coach-name-year")).to_be_attached()
    if not fix.is_visible():
        more.focus()
        page.keyboard.press("Enter")

    fix.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_label("Name", exact=True)).to_have_value("Mooring a Ship")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    expect(page.locator("#coach-name-year")).to_have_count(0)
    expect(page.locator("#preview.htmx-request")).to_have_count(0)  # dimmed while it is drawn
    check_accessibility(page)
    page.set_viewport_size({"width": PHONE, "height": 844})
    check_fits(page)
