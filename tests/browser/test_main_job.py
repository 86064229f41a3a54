"""What the product is for, in a real browser: make a badge, award it, keep it, check it, revoke it."""

import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.services import Product

RECIPIENT = "mirte.jansen@mail.example.org"
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


def test_badge_is_made_awarded_kept_checked_and_revoked(browser_page, product, sign_in, tmp_path):
    # Ada makes a badge, and sees what it becomes while she types.
    ada = sign_in(browser_page(), product, "owner")
    workspace = ada.url
    name = "Berth Planning"
    ada.get_by_role("link", name="Badges", exact=True).first.click()
    ada.get_by_role("link", name="New badge").first.click()
    preview = ada.get_by_role("complementary", name="Preview")
    expect(preview).to_contain_text("Still needed")
    ada.get_by_label("Name", exact=True).fill(name)
    expect(preview.get_by_role("heading", name=name)).to_be_visible()
    ada.get_by_label("Description").fill("Plans where ships lie, so that none waits for another.")
    expect(preview).to_contain_text("none waits for another")
    ada.get_by_label("Picture", exact=True).set_input_files(drawn_badge())
    expect(ada.locator("#picture img.picture-now")).to_be_visible()
    ada.get_by_label("The picture in words").fill("Violet hexagon with a white disc")
    step = ada.get_by_role("group", name="Step 1")
    step.get_by_label("What to do").fill("Plan a week at the quay together with a berth planner")
    expect(preview).to_contain_text("Plan a week at the quay")
    ada.get_by_label("What is learned").fill("- tides and drafts\n- **priorities** between lines")
    expect(preview.get_by_role("listitem").filter(has_text="tides and drafts")).to_be_visible()
    skill = ada.get_by_role("group", name="Skill 1")
    skill.get_by_label("Skill").fill("Manage berth allocation")
    skill.get_by_label("Its address").fill("https://skills.example.org/berth-allocation")
    ada.get_by_label("For some months after the award").check()
    ada.get_by_label("Months", exact=True).fill("24")
    expect(preview).to_contain_text("2 years after the award")
    expect(preview).to_contain_text("Ready to publish")
    expect(preview.locator("img").first).to_have_js_property("complete", True)
    ada.get_by_role("button", name="Publish badge").click()
    ada.wait_for_url(BADGE_PAGE)
    expect(ada.get_by_text("Published").first).to_be_visible()

    # She awards it, and sees it being signed and mailed without touching anything.
    ada.get_by_role("link", name="Award badge").click()
    ada.get_by_label("Name", exact=True).fill("Mirte Jansen")
    ada.get_by_text("Story and evidence").click()
    ada.get_by_label("What they did").fill("Planned week 14 **without a single shift**.")
    evidence = ada.get_by_role("group", name="Evidence").last
    evidence.get_by_label("Web address").fill("https://work.example.org/week-14")
    public = award(ada, to=RECIPIENT)
    expect(ada.get_by_role("heading", level=1)).to_have_text(f"Mirte Jansen has earned {name}")
    expect(ada.get_by_text("Signed and baked")).to_be_visible(timeout=30_000)
    expect(ada.get_by_text("Mail: sent")).to_be_visible(timeout=30_000)
    expect(ada.locator("#live[hx-get]")).to_have_count(0)
    detail = ada.url.split("?")[0]

    # Mirte gets a mail with the picture in it; its link opens the badge for everybody.
    mirte = browser_page()
    open_mail(mirte, product, to=RECIPIENT)
    mail = mirte.frame_locator("iframe")
    expect(mail.get_by_role("img", name="Violet hexagon with a white disc")).to_be_visible()
    assert mail.locator("img").first.evaluate("picture => picture.naturalWidth") > 0
    assert mail.get_by_role("link", name="Open your badge").get_attribute("href") == public

    stranger = browser_page()
    answer = stranger.goto(public)
    assert answer.status == 200
    expect(stranger.get_by_role("region", name="Verdict")).to_contain_text("This badge is valid.")
    page_text = stranger.content()
    assert "Mirte" not in page_text
    assert "@mail.example.org" not in page_text
    assert "without a single shift" in page_text
    assert "https://work.example.org/week-14" in page_text
    assert stranger.context.cookies() == []

    # Whoever doubts it sees the checks run, one after the other.
    stranger.get_by_role("link", name="See the checks").click()
    expect(stranger.locator("#check-verdict")).to_contain_text("This badge is valid.", timeout=20_000)
    marks = stranger.locator("#check-run li .check-mark [role=img]")
    assert {mark.get_attribute("aria-label") for mark in marks.all()} == {"Passed"}
    assert marks.count() == stranger.locator("#check-run > .checks > li").count() >= 5

    # “Does it belong to who you think?” is answered with yes and no.
    asked = stranger.locator("#belongs")
    for address, said in (
        (RECIPIENT, "Yes."),
        ("somebody.else@mail.example.org", "No."),
        ("  MIRTE.Jansen@Mail.example.org ", "Yes."),
    ):
        asked.get_by_label("E-mail address").fill(address)
        asked.get_by_role("button", name="Compare").click()
        expect(asked.get_by_role("status")).to_contain_text(said)

    # She keeps the picture; somebody drops it on the page that verifies.
    with stranger.expect_download() as download:
        stranger.locator("#keep").get_by_role("link", name="Picture").first.click()
    kept = tmp_path / download.value.suggested_filename
    download.value.save_as(kept)
    assert kept.suffix == ".png"
    verify(stranger, product, kept)
    expect(stranger.locator("#answer .verdict-title").first).to_have_text("This badge is valid.")
    expect(stranger.locator("#answer")).to_contain_text(name)

    # Ada takes it back.
    ada.goto(detail)
    ada.get_by_role("link", name="Revoke").click()
    ada.get_by_label("Why is it revoked?").fill(REASON)
    ada.get_by_role("button", name="Revoke badge").click()
    ada.wait_for_url(detail)
    expect(ada.locator(".verdict")).to_contain_text(REASON)

    # From now on everybody learns that, wherever they look.
    assert stranger.goto(public).status == 410
    expect(stranger.get_by_role("region", name="Verdict")).to_contain_text("This badge has been revoked.")
    expect(stranger.get_by_role("region", name="Verdict")).to_contain_text(REASON)
    assert "without a single shift" not in stranger.content()
    assert stranger.request.get(f"{public}/image.png").status == 410
    verify(stranger, product, kept)
    expect(stranger.locator("#answer .verdict-title").first).to_have_text("This badge has been revoked.")

    product.wait_for_mail(RECIPIENT, count=2)
    open_mail(mirte, product, to=RECIPIENT)
    expect(mirte.get_by_role("heading", level=1)).to_have_text(f"Your badge “{name}” was revoked")
    expect(mirte.frame_locator("iframe").locator("body")).to_contain_text(REASON)

    # And the organisation's history tells all of it in words.
    ada.goto(f"{workspace}history/")
    history = [
        sentence
        for sentence in ada.locator(".timeline-text").evaluate_all(
            "lines => lines.map(line => line.firstChild.textContent)"
        )
        if name in sentence
    ]
    assert history[:4] == [
        f"Revoked an award of “{name}”: {REASON}",
        f"Awarded “{name}”",
        f"Published the badge “{name}”",
        f"Created the badge “{name}”",
    ]


def verify(page: Page, product: Product, file) -> None:
    page.goto(f"{product.url}/verify/")
    page.get_by_label("Or its picture").set_input_files(file)
    page.get_by_role("button", name="Verify badge").click()
    page.locator("#answer").wait_for()


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
    mine = rita.locator(".mine li")
    hidden = mine.filter(has_not=rita.locator(".state"))
    assert hidden.count() > 0

    for number in range(hidden.count()):
        rita.goto(f"{product.url}/my/badges/")
        hidden.nth(number).get_by_role("link").click()
        if rita.get_by_role("button", name="Show my name").count():
            break
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


@pytest.fixture
def newcomer(product) -> str:
    return "priya.nair@sailmakers.example.org"


def test_newcomer_comes_from_nothing_to_a_first_award(browser_page, product, newcomer):
    page = browser_page()
    page.goto(product.url)
    page.get_by_role("link", name="Create your account").click()
    page.get_by_label("Your name").fill("Priya Nair")
    page.get_by_label("E-mail address").fill(newcomer)
    page.get_by_role("button", name="Create account").click()
    code = re.match(r"(\d{4}) (\d{4}) is your code", product.wait_for_mail(newcomer)["Subject"])
    page.get_by_label("Code").fill("".join(code.groups()))
    page.get_by_role("button", name="Confirm address").click()
    page.wait_for_url("**/my/badges/")

    page.get_by_role("link", name="New organisation").first.click()
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
    expect(stranger.get_by_role("region", name="Verdict")).to_contain_text("awarded by Sailmakers’ School")
