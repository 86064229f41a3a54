"""A badge that people hold moves on: the next version is written, published and told of, by the keyboard alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_main_job import award, drawn_badge

HOLDERS = ["noor.visser@mail.example.org", "teo.lindahl@mail.example.org"]
BADGE = "Mooring Lines"
#: More presses than the longest form has fields.
PRESSES = 120


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, as somebody does who has no mouse; what has it can be seen."""
    expect(target).to_be_visible()
    for _press in range(PRESSES):
        if target.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(target).to_be_focused()
    seen = target.evaluate(
        """element => {
            const style = getComputedStyle(element.type === "radio" ? element.closest("label") ?? element : element);
            return style.outlineStyle !== "none" || style.boxShadow !== "none";
        }"""
    )
    assert seen, f"Nothing shows that {target} has the focus."


@pytest.fixture
def held_badge(browser_page, product, sign_in) -> Page:
    """The page of a badge that two people hold, before its owner."""
    page = sign_in(browser_page(), product, "owner")
    workspace = page.url
    page.goto(f"{workspace}badges/new/")
    page.get_by_label("Name", exact=True).fill(BADGE)
    page.get_by_label("Description").fill("Makes a ship fast so that it stays.")
    page.get_by_label("Picture", exact=True).set_input_files(drawn_badge(colour="#0f766e"))
    expect(page.locator("#picture img.picture-now")).to_be_visible()
    page.get_by_label("The picture in words").fill("Teal hexagon with a white disc")
    page.get_by_role("group", name="Step 1").get_by_label("What to do").fill("Moor three ships beside a boatman")
    page.get_by_role("button", name="Publish badge").click()
    page.wait_for_url(re.compile(r"/badges/[0-9a-f-]{36}/$"))
    badge = page.url
    for holder in HOLDERS:
        page.goto(f"{badge}award/")
        award(page, to=holder)
    for holder in HOLDERS:
        product.wait_for_mail(holder)
    page.goto(badge)
    return page


def test_version_is_made_and_holders_invited_by_the_keyboard_alone(held_badge, product):
    page = held_badge

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Edit as version 2"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Version 2, draft")

    tab_to(page, page.get_by_label("Description"))
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(" Also in a gale.")
    tab_to(page, page.get_by_role("button", name="Save, compare and publish…"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Publish version 2")
    expect(page.locator("ins")).to_contain_text("Also in a gale.")

    tab_to(page, page.get_by_role("button", name="Publish version 2"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Say in a sentence or two what is new")
    tab_to(page, page.get_by_label("What is new?"))
    page.keyboard.type("A gale is part of it now.")
    tab_to(page, page.get_by_label("Tell nobody"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Invite 2 people")).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Publish version 2"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("Version 2 published. It is awarded from now on. 2 people get a mail.")).to_be_visible()
    for holder in HOLDERS:
        invitation = product.wait_for_mail(holder, count=2)
        assert BADGE in invitation["Subject"]
        assert "A gale is part of it now." in invitation.get_body(("plain",)).get_content()

    tab_to(page, page.locator("summary[aria-label=More]"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Invite holders of earlier versions…"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nobody is left to invite")).to_be_visible()
