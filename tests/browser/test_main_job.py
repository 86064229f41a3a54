"""What the product is for, in a real browser: make a badge, award it, keep it, check it, revoke it."""

import io
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from assertions.management.demo import planning
from tests.browser.conftest import PHONE
from tests.services import Product

BADGE = "Berth Planning"
PICTURE_WORDS = "Violet hexagon with a white disc"
EVIDENCE = "https://work.example.org/week-14"
RECIPIENT = "mirte.jansen@mail.example.org"
NEWCOMER = "priya.nair@sailmakers.example.org"
REASON = "Awarded to the wrong person."
AWARD_PAGE = re.compile(r"/awards/[0-9a-f-]{36}/")
BADGE_PAGE = re.compile(r"/badges/[0-9a-f-]{36}/$")


def drawn_badge(*, colour: str = "#7c3aed") -> dict[str, str | bytes]:
    """Return a picture as a designer would deliver it, ready for a file field."""
    picture = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.regular_polygon((300, 300, 280), 6, fill=colour)
    pen.ellipse((180, 180, 420, 420), fill="white")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return {"name": "badge.png", "mimeType": "image/png", "buffer": file.getvalue()}


def award(page: Page, *, to: str) -> str:
    """Award the badge whose form is open, and return the address of the award's public page."""
    page.get_by_label("Who gets it?").fill(to)
    page.get_by_role("button", name="Award badge").last.click()
    page.wait_for_url(AWARD_PAGE)
    return page.get_by_label("Public address").input_value()


def open_mail(page: Page, product: Product, *, to: str) -> None:
    """Open the newest mail to an address in the mailbox, as soon as it is there."""
    product.wait_for_mail(to)
    page.goto(f"{product.url}/dev/mailbox/")
    page.get_by_role("row").filter(has_text=to).first.get_by_role("link").click()


@dataclass(slots=True)
class Story:
    """The people of the story, each with a browser of their own, and what they know by now."""

    product: Product
    ada: Page  # owns the organisation
    mirte: Page  # gets the badge
    stranger: Page  # is shown it
    workspace: str = ""
    award_page: str = ""
    public: str = ""
    kept: Path = Path()


@pytest.fixture
def story(browser_page, product, sign_in) -> Story:
    ada = sign_in(browser_page(), product, "owner")
    return Story(product, ada, browser_page(), browser_page(), workspace=ada.url)


def test_badge_is_made_awarded_kept_checked_and_revoked(story, tmp_path):
    ada_makes_a_badge_and_sees_it_grow(story)
    ada_awards_it_and_sees_it_leave(story)
    mirte_gets_a_mail_that_leads_to_the_badge(story)
    stranger_sees_what_it_is_worth_and_not_whose(story)
    stranger_watches_the_checks(story)
    stranger_asks_whether_it_is_hers(story)
    stranger_keeps_the_picture_and_finds_it_genuine(story, tmp_path)
    ada_revokes_it(story)
    everybody_learns_that_it_is_revoked(story)
    history_tells_all_of_it(story)


def ada_makes_a_badge_and_sees_it_grow(story: Story) -> None:
    page = story.ada
    page.get_by_role("link", name="Badges", exact=True).first.click()
    page.get_by_role("link", name="New badge").first.click()
    preview = page.get_by_role("complementary", name="Preview")
    expect(preview).to_contain_text("Still needed")
    page.get_by_label("Name", exact=True).fill(BADGE)
    expect(preview.get_by_role("heading", name=BADGE)).to_be_visible()
    page.get_by_label("Description").fill("Plans where ships lie, so that none waits for another.")
    expect(preview).to_contain_text("none waits for another")
    page.get_by_label("Picture", exact=True).set_input_files(drawn_badge())
    expect(page.locator("#picture img.picture-now")).to_be_visible()
    page.get_by_label("The picture in words").fill(PICTURE_WORDS)
    page.get_by_role("group", name="Step 1").get_by_label("What to do").fill("Plan a week beside a berth planner")
    expect(preview).to_contain_text("Plan a week beside a berth planner")
    page.get_by_label("What is learned").fill("- tides and drafts\n- **priorities** between lines")
    expect(preview.get_by_role("listitem").filter(has_text="tides and drafts")).to_be_visible()
    skill = page.get_by_role("group", name="Skill 1")
    skill.locator("summary", has_text="Write it yourself").click()
    skill.locator("[name$='-target_name']").fill("Manage berth allocation")
    skill.get_by_label("Its address").fill("https://skills.example.org/berth-allocation")
    page.get_by_label("For some months after the award").check()
    page.get_by_label("Months", exact=True).fill("24")
    expect(preview).to_contain_text("2 years after the award")
    expect(preview).to_contain_text("Ready to publish")
    page.get_by_role("button", name="Publish badge").click()
    page.wait_for_url(BADGE_PAGE)
    expect(page.get_by_role("img", name=PICTURE_WORDS)).to_be_visible()


def ada_awards_it_and_sees_it_leave(story: Story) -> None:
    page = story.ada
    page.get_by_role("link", name="Award badge").click()
    page.get_by_label("Name optional").fill("Mirte Jansen")
    page.get_by_text("Story and evidence").click()
    page.get_by_label("What they did").fill("Planned week 14 **without a single shift**.")
    page.get_by_role("group", name="Evidence").last.get_by_label("Web address").fill(EVIDENCE)
    story.public = award(page, to=RECIPIENT)
    story.award_page = page.url.split("?")[0]
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Mirte Jansen has earned {BADGE}")
    # Nobody touches anything from here on.
    expect(page.get_by_text("Signed and baked")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Mail: sent")).to_be_visible(timeout=30_000)
    expect(page.locator("#live[hx-get]")).to_have_count(0)


def mirte_gets_a_mail_that_leads_to_the_badge(story: Story) -> None:
    open_mail(story.mirte, story.product, to=RECIPIENT)
    mail = story.mirte.frame_locator("iframe")
    picture = mail.get_by_role("img", name=PICTURE_WORDS)
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.naturalWidth") > 0
    with story.mirte.context.expect_page() as opened:
        mail.get_by_role("link", name="Open your badge").click()
    opened.value.wait_for_load_state()
    assert opened.value.url == story.public


def stranger_sees_what_it_is_worth_and_not_whose(story: Story) -> None:
    page = story.stranger
    assert page.goto(story.public).status == 200
    expect(verdict(page)).to_contain_text("This badge is valid.")
    expect(page.get_by_role("link", name="work.example.org")).to_have_attribute("href", EVIDENCE)
    html = page.content()
    assert "without a single shift" in html
    assert "Mirte" not in html
    assert "mail.example.org" not in html
    assert page.context.cookies() == []


def stranger_watches_the_checks(story: Story) -> None:
    page = story.stranger
    page.get_by_role("link", name="See the checks").click()
    expect(page.locator("#check-verdict")).to_contain_text("This badge is valid.", timeout=20_000)
    lines = page.locator("#check-run > .checks > li")
    assert lines.count() >= 5
    assert [line.get_by_role("img").get_attribute("aria-label") for line in lines.all()] == ["Passed"] * lines.count()


def stranger_asks_whether_it_is_hers(story: Story) -> None:
    asked = story.stranger.locator("#belongs")
    for address, said in (
        (RECIPIENT, "Yes."),
        ("somebody.else@mail.example.org", "No."),
        (" MIRTE.Jansen@Mail.example.org ", "Yes."),
    ):
        asked.get_by_label("E-mail address").fill(address)
        asked.get_by_role("button", name="Compare").click()
        expect(asked.get_by_role("status")).to_contain_text(said)


def stranger_keeps_the_picture_and_finds_it_genuine(story: Story, folder: Path) -> None:
    page = story.stranger
    with page.expect_download() as download:
        page.locator("#keep").get_by_role("link", name="Picture").first.click()
    story.kept = folder / download.value.suggested_filename
    download.value.save_as(story.kept)
    assert story.kept.name == "berth-planning.png"
    drop_on_verify(page, story)
    expect(page.get_by_role("heading", level=1)).to_have_text("This badge is genuine and valid.")
    expect(page.get_by_role("article", name="Receipt")).to_contain_text(BADGE)


def ada_revokes_it(story: Story) -> None:
    page = story.ada
    page.goto(story.award_page)
    page.get_by_role("link", name="Revoke").click()
    page.get_by_label("Why is it revoked?").fill(REASON)
    page.get_by_role("button", name="Revoke badge").click()
    page.wait_for_url(story.award_page)
    expect(page.locator(".verdict")).to_contain_text(REASON)


def everybody_learns_that_it_is_revoked(story: Story) -> None:
    page = story.stranger
    assert page.goto(story.public).status == 410
    expect(verdict(page)).to_contain_text("This badge has been revoked.")
    expect(verdict(page)).to_contain_text(REASON)
    assert "without a single shift" not in page.content()
    assert page.request.get(f"{story.public}/image.png").status == 410
    drop_on_verify(page, story)
    expect(page.get_by_role("heading", level=1)).to_have_text("This badge has been revoked.")

    story.product.wait_for_mail(RECIPIENT, count=2)
    open_mail(story.mirte, story.product, to=RECIPIENT)
    expect(story.mirte.get_by_role("heading", level=1)).to_have_text(f"Your badge “{BADGE}” was revoked")
    expect(story.mirte.frame_locator("iframe").locator("body")).to_contain_text(REASON)


def history_tells_all_of_it(story: Story) -> None:
    page = story.ada
    page.goto(f"{story.workspace}history/")
    told = page.locator(".timeline-text").evaluate_all("lines => lines.map(line => line.firstChild.textContent)")
    assert [sentence for sentence in told if BADGE in sentence] == [
        f"Revoked an award of “{BADGE}”: {REASON}",
        f"Awarded “{BADGE}”",
        f"Published the badge “{BADGE}”",
        f"Created the badge “{BADGE}”",
    ]


def verdict(page: Page) -> Locator:
    return page.get_by_role("region", name="Verdict")


def drop_on_verify(page: Page, story: Story) -> None:
    page.goto(f"{story.product.url}/verify/")
    page.get_by_label("The picture of the badge").set_input_files(story.kept)
    page.get_by_role("button", name="Verify badge").click()
    page.wait_for_url("**/verify/receipts/**")


def test_award_takes_three_screens_from_sign_in(browser_page, product, sign_in):
    page = browser_page()
    screens: list[str] = []
    page.on("framenavigated", lambda frame: screens.append(urlsplit(frame.url).path))
    sign_in(page, product, "awarder")
    del screens[:-1]

    page.get_by_role("region", name="Award a badge").get_by_role("link").nth(1).click()
    award(page, to="three.screens@mail.example.org")

    kinds = [re.sub(r"[0-9a-f-]{36}", "…", path) for path in screens]
    assert kinds == [
        "/o/harbour-logistics/",
        "/o/harbour-logistics/badges/…/award/",
        "/o/harbour-logistics/awards/…/",
    ]


def test_earner_shows_her_name_and_her_badge_on_a_phone(browser_page, product, sign_in):
    rita = sign_in(browser_page(width=PHONE), product, "earner")
    rita.wait_for_url("**/my/badges/")
    # Not expired, and not the one of the house that has no public page.
    valid = rita.locator(".mine li").filter(has_not=rita.locator(".state")).filter(has_not_text=planning.FUN.name)
    valid.first.get_by_role("link").click()
    rita.get_by_role("heading", name="Your name on the public page").wait_for()
    if rita.get_by_role("button", name="Hide my name").is_visible():
        rita.get_by_role("button", name="Hide my name").click()
        expect(rita.get_by_role("button", name="Show my name")).to_be_visible()
    public = rita.get_by_label("Link to share").input_value()
    badge = rita.get_by_role("heading", level=1).inner_text()

    stranger = browser_page(width=PHONE)
    stranger.goto(public)
    assert "Rita Lindqvist" not in stranger.content()
    rita.get_by_role("button", name="Show my name").click()
    expect(rita.get_by_role("button", name="Hide my name")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("complementary", name="Facts")).to_contain_text("Rita Lindqvist")
    assert "@harbour-logistics.example" not in re.sub(r"mailto:\S+", "", stranger.content())

    asked = parse_qs(urlsplit(rita.get_by_role("link", name="Add to LinkedIn").get_attribute("href")).query)
    assert asked["certUrl"] == [public]
    assert asked["name"] == [badge]
    assert int(asked["issueMonth"][0]) in range(1, 13)
    on_page = stranger.get_by_role("link", name="Add to LinkedIn").get_attribute("href")
    assert parse_qs(urlsplit(on_page).query) == asked

    rita.get_by_role("button", name="Hide my name").click()
    expect(rita.get_by_role("button", name="Show my name")).to_be_visible()
    stranger.reload()
    assert "Rita Lindqvist" not in stranger.content()


def test_newcomer_comes_from_nothing_to_a_first_award(browser_page, product):
    page = browser_page()
    page.goto(product.url)
    page.get_by_role("link", name="Create your account").click()
    page.get_by_label("Your name").fill("Priya Nair")
    page.get_by_label("E-mail address").fill(NEWCOMER)
    page.get_by_role("button", name="Create account").click()
    code = re.match(r"(\d{4}) (\d{4}) is your code", product.wait_for_mail(NEWCOMER)["Subject"])
    page.get_by_label("Code").fill("".join(code.groups()))
    page.get_by_role("button", name="Confirm address").click()
    page.wait_for_url("**/my/badges/")

    page.get_by_role("main").get_by_role("link", name="Award badges yourself").click()
    page.get_by_label("Organisation").fill("Harbour Sailmakers")
    page.get_by_label("Name", exact=True).fill("Sailmakers’ School")
    page.get_by_label("Website").fill("sailmakers.example.org")
    page.get_by_label("Contact e-mail address").fill("school@sailmakers.example.org")
    page.get_by_role("button", name="Create organisation").click()
    page.wait_for_url("**/o/harbour-sailmakers/**")

    page.goto(f"{product.url}/o/harbour-sailmakers/")
    page.get_by_role("link", name="Make a badge").click()
    page.get_by_label("Name", exact=True).fill("Splicing")
    page.get_by_label("Description").fill("Splices rope so that it holds.")
    page.get_by_label("Picture", exact=True).set_input_files(drawn_badge(colour="#0f766e"))
    expect(page.locator("#picture img.picture-now")).to_be_visible()
    page.get_by_label("The picture in words").fill("Green hexagon with a white disc")
    page.get_by_role("group", name="Step 1").get_by_label("What to do").fill("Splice three ropes")
    page.get_by_role("button", name="Publish badge").click()
    page.wait_for_url(BADGE_PAGE)

    page.get_by_role("link", name="Award badge").click()
    public = award(page, to="first.recipient@mail.example.org")
    expect(page.get_by_text("Mail: sent")).to_be_visible(timeout=30_000)

    stranger = browser_page()
    assert stranger.goto(public).status == 200
    expect(verdict(stranger)).to_contain_text("Sailmakers’ School awarded it")
