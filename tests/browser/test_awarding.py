"""Awarding a badge as Sam does it every day: by the keyboard alone, and without JavaScript."""

import re

from playwright.sync_api import Page, expect

from assertions.management.demo import programme


def _form(page: Page, product, badge: str) -> None:
    """Go from the overview to the award form of a badge."""
    page.get_by_role("main").get_by_role("link", name=re.compile(badge)).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Award {badge}")


def test_badge_is_awarded_by_the_keyboard_alone(browser_page, product, sign_in):
    page = sign_in(browser_page(), product, "awarder")
    _form(page, product, "Coaching for Performance")

    field = page.get_by_role("combobox", name="Who gets it?")
    field.focus()
    page.keyboard.type("wanjiru kam", delay=20)
    person = page.get_by_role("option", name=re.compile("Wanjiru Kamande"))
    expect(person).to_contain_text("Onboarding Coordinator, People & Culture")
    page.keyboard.press("ArrowDown")
    expect(person).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    expect(field).to_have_value("wanjiru.kamande@harbour-logistics.example")
    expect(page.get_by_label("Name")).to_have_value("Wanjiru Kamande")
    expect(page.get_by_role("complementary", name="What will happen")).to_contain_text("Wanjiru Kamande gets a mail")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Wanjiru Kamande has earned Coaching for Performance")
    expect(page.get_by_text("Mail: Sent")).to_be_visible(timeout=30_000)
    expect(page.locator("#live")).not_to_have_attribute("hx-get", re.compile("."))
    expect(page.get_by_role("link", name="Picture, PNG")).to_be_visible()
    assert product.wait_for_mail("wanjiru.kamande@harbour-logistics.example")["Subject"] == (
        "You earned “Coaching for Performance”"
    )


def test_badge_is_awarded_without_javascript_and_the_second_time_on_purpose(browser_page, product, sign_in):
    page = sign_in(browser_page(javascript=False), product, "awarder")
    for _turn in range(2):
        page.goto(f"{product.url}/")
        _form(page, product, "Cold-Chain Handling")
        page.get_by_label("Who gets it?").fill("guest@elsewhere.example.org")
        page.get_by_role("button", name="Award badge").click()

    expect(page.get_by_role("alert")).to_contain_text("Not awarded yet.")
    page.get_by_role("button", name="Award it again").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "guest@elsewhere.example.org has earned Cold-Chain Handling"
    )


def test_enter_does_not_award_a_second_time(browser_page, product, sign_in):
    page = sign_in(browser_page(), product, "awarder")
    _form(page, product, "Cyber-Safe at Work")
    field = page.get_by_role("combobox", name="Who gets it?")
    field.fill(programme.STAFF[0].email)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/awards/"))

    page.get_by_role("link", name="Award to somebody else").click()
    field.fill(programme.STAFF[0].email)
    page.keyboard.press("Tab")
    expect(page.get_by_text("holds this badge since")).to_be_visible()
    for _turn in range(2):
        field.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Not awarded yet.")
