"""A badge from its draft to everybody: read by a second person, tried by a test group, asked about on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_main_job import drawn_badge
from tests.services import wait_until

BADGE = "Reading the Tide Table"


@pytest.fixture
def draft(browser_page, product, sign_in):
    """The page of a draft that says everything, before its author."""
    page = sign_in(browser_page(), product, "owner")
    page.goto(f"{page.url}badges/new/")
    page.get_by_label("Name", exact=True).fill(BADGE)
    page.get_by_label("Description").fill("Tells from the table when a ship can leave.")
    page.get_by_label("Picture", exact=True).set_input_files(drawn_badge(colour="#1d4ed8"))
    expect(page.locator("#picture img.picture-now")).to_be_visible()
    page.get_by_label("The picture in words").fill("Blue hexagon with a white disc")
    page.get_by_role("group", name="Step 1").get_by_label("What to do").fill("Read three tables")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url(re.compile(r"/badges/[0-9a-f-]{36}/$"))
    return page


def survey_link(product) -> str:
    """Return the personal link of the first survey about the badge that was mailed."""

    def found() -> list[str]:
        bodies = [mail.get_body(("plain",)).get_content() for mail in product.mails() if BADGE in mail["Subject"]]
        return [word for body in bodies for word in body.split() if "/survey/" in word]

    wait_until(lambda: bool(found()), within=30.0, what="a mail with a survey")
    return found()[0]


def test_draft_is_reviewed_tried_and_published(draft, browser_page, product, sign_in, check_accessibility):
    page, badge = draft, draft.url

    page.goto(f"{badge}review/ask/")
    page.get_by_label("What should they look at?").fill("Is it clear?")
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.get_by_text("In review.")).to_be_visible()
    check_accessibility(page)
    page.goto(f"{badge}review/")
    expect(page.get_by_text("You asked for this review yourself")).to_be_visible()

    second = sign_in(browser_page(), product, "reviewer")
    second.goto(f"{badge}review/")
    check_accessibility(second)
    second.get_by_role("button", name="Approve").focus()
    second.keyboard.press("Enter")
    expect(second.get_by_text("Approved.", exact=True)).to_be_visible()

    page.goto(f"{badge}pilot/start/")
    page.get_by_label("What do you want to find out?").fill("Is one week enough?")
    page.locator(".people-choices > li").first.get_by_text("Tries it").click()
    check_accessibility(page)
    page.get_by_role("button", name="Start the pilot").click()
    page.get_by_role("button", name="Send the survey now").click()
    check_accessibility(page)

    phone = browser_page(width=PHONE)
    phone.goto(survey_link(product))
    check_accessibility(phone)
    for answer in phone.get_by_text("Mostly").all():
        answer.click()
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    check_accessibility(phone)

    page.reload()
    expect(page.get_by_text("of 5, 1 answer").first).to_be_visible()
    page.get_by_text("Publish it for everybody").click()
    page.get_by_role("button", name="End the pilot").click()
    expect(page.get_by_text("Published for everybody.")).to_be_visible()
