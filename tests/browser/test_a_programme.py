"""A programme from the Word document to published badges: planned, designed, coached, reviewed, piloted."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.badges.plans.documents import HEADINGS, PROGRAMME, docx_plan
from tests.browser.conftest import PHONE, WIDE
from tests.services import wait_until

BADGE = re.compile(r"/badges/[0-9a-f-]{36}/$")


def programme(number: int) -> list[list[str]]:
    """Twelve rows whose names nobody else in this run has; the first is the one that is followed to its end."""
    names = {row[0]: f"{row[0]} {number}" for row in PROGRAMME}
    rows = []
    for row in PROGRAMME:
        said = [names.get(cell, cell) for cell in row]
        said[2] = said[2].replace("Badge: Active Listening", f"Badge: {names['Active Listening']}")
        rows.append(said)
    return rows


def make_drafts(page: Page, home: str, document) -> None:
    page.goto(f"{home}plans/new/")
    page.get_by_label("A file").set_input_files(document)
    page.get_by_role("button", name="Read the plan").click()
    page.get_by_role("button", name="4 Advanced").click()
    expect(page.get_by_text("Which level is")).to_have_count(0)
    page.get_by_role("button", name="Make 12 drafts").click()
    page.wait_for_url(re.compile("/drafts/$"))


def survey_link(product, badge: str) -> str:
    def found() -> list[str]:
        bodies = [mail.get_body(("plain",)).get_content() for mail in product.mails() if badge in mail["Subject"]]
        return [word for body in bodies for word in body.split() if "/survey/" in word]

    wait_until(lambda: bool(found()), within=30.0, what="a mail with a survey")
    return found()[0]


@pytest.fixture
def looked_at(check_accessibility, check_fits):
    """`looked_at(page)`: axe finds nothing, and nothing is wider than the window."""

    def look(page: Page) -> None:
        check_accessibility(page)
        check_fits(page)

    return look


def design_as_a_family(page: Page, number: int) -> None:
    """All twelve are drawn at once, and restyled at once."""
    page.get_by_role("link", name="Design them as a family").click()
    page.get_by_label("Name", exact=True).fill(f"Programme {number}")
    expect(page.locator(".family-tile")).to_have_count(12)
    page.get_by_role("button", name="Make the family").click()
    page.wait_for_url(re.compile(r"/families/[0-9a-f-]{36}/$"))
    tile = page.locator(".family-tile", has_text=f"Active Listening {number}").locator("img")
    before = tile.get_attribute("src") or ""
    page.get_by_role("button", name="Brick").click()
    expect(tile).not_to_have_attribute("src", before)
    page.get_by_role("button", name="Restyle the family").click()
    expect(page.get_by_role("status").filter(has_text="badges have the new look.")).to_be_visible()


def ask_for_review(page: Page, badge: str) -> None:
    page.goto(f"{badge}review/ask/")
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.get_by_text("In review.")).to_be_visible()


def approve(page: Page) -> None:
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()


def start_pilot(page: Page) -> None:
    page.get_by_label("What do you want to find out?").fill("Is it worth the time?")
    page.locator(".people-choices > li").first.get_by_text("Tries it").click()
    page.get_by_role("button", name="Start the pilot").click()
    page.get_by_role("button", name="Send the survey now").click()


def answer_survey(page: Page) -> None:
    for answer in page.get_by_text("Mostly").all():
        answer.click()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def publish_after_pilot(page: Page) -> None:
    page.get_by_text("Publish it for everybody").click()
    page.get_by_role("button", name="End the pilot").click()
    expect(page.get_by_text("Published for everybody.")).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(WIDE, "light"), (PHONE, "dark")])
def test_programme_of_a_word_document_becomes_published_badges(
    browser_page, product, sign_in, looked_at, tmp_path, width, theme
):
    name = f"Active Listening {width}"
    document = tmp_path / "Programme 2027.docx"
    document.write_bytes(docx_plan(programme(width), HEADINGS))
    page = sign_in(browser_page(width=width, theme=theme), product, "owner")
    make_drafts(page, page.url, document)
    looked_at(page)
    design_as_a_family(page, width)
    looked_at(page)

    # The coach says what would make the first one better; its author puts it right.
    page.locator("a.row-link", has_text=name).click()
    page.wait_for_url(BADGE)
    badge = page.url
    page.goto(f"{badge}coach/")
    expect(page.get_by_role("link", name=re.compile("Go to the field.*Say how it is assessed"))).to_be_visible()
    looked_at(page)
    page.goto(f"{badge}edit/")
    page.get_by_label("How it is assessed").fill("A colleague observes three talks by the checklist.")
    page.get_by_role("button", name="Save draft").last.click()
    page.wait_for_url(badge)
    page.goto(f"{badge}coach/")
    expect(page.get_by_role("link", name=re.compile("Go to the field.*Say how it is assessed"))).to_have_count(0)

    # A second person reads it and approves it.
    ask_for_review(page, badge)
    second = sign_in(browser_page(width=width, theme=theme), product, "reviewer")
    second.goto(f"{badge}review/")
    looked_at(second)
    approve(second)

    # A test group tries it and says on a phone how it was; then it is for everybody.
    page.goto(f"{badge}pilot/start/")
    looked_at(page)
    start_pilot(page)
    phone = browser_page(width=PHONE, theme=theme)
    phone.goto(survey_link(product, name))
    answer_survey(phone)
    page.reload()
    looked_at(page)
    publish_after_pilot(page)
    page.goto(badge)
    looked_at(page)
    page.locator("summary[aria-label=More]").click()
    page.get_by_role("link", name="See the public page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    looked_at(page)
