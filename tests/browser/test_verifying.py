"""Somebody who has never seen a badge checks one: by link, by dropped picture, by pasted signature."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE
from tests.foreign import ForeignIssuer, foreign_issuer
from tests.services import Product

#: What is brought, and the heading that answers it.
CASES = {
    "own, valid": "This badge is genuine and valid.",
    "own, expired": "This badge is genuine, but it has expired.",
    "own, revoked": "This badge has been revoked.",
    "own, tampered": "This is not a genuine badge.",
    "foreign, by link": "This badge is genuine and valid.",
    "foreign, expired": "This badge is genuine, but it has expired.",
    "foreign, revoked": "This badge has been revoked.",
    "foreign, by signature": "This badge is genuine and valid.",
    "foreign, tampered": "This is not a genuine badge.",
    "foreign, not there": "There is no such badge.",
    "cannot be reached": "This badge could not be checked now.",
    "no badge": "There is no badge in it.",
}


@pytest.fixture(scope="module")
def institute() -> Iterator[ForeignIssuer]:
    with foreign_issuer() as issuer:
        yield issuer


def tampered(jws: str) -> str:
    head, body, signature = jws.split(".")
    return f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def brought(case: str, page: Page, product: Product, institute: ForeignIssuer) -> str:
    awards = product.demo["assertions"]
    return {
        "own, valid": lambda: awards["valid"],
        "own, expired": lambda: awards["expired"],
        "own, revoked": lambda: awards["revoked"],
        "own, tampered": lambda: tampered(page.request.get(product.demo["signed"]).text()),
        "foreign, by link": lambda: institute.url("valid"),
        "foreign, expired": lambda: institute.url("expired"),
        "foreign, revoked": lambda: institute.url("revoked"),
        "foreign, by signature": institute.signed,
        "foreign, tampered": institute.tampered,
        "foreign, not there": lambda: institute.url("nowhere"),
        "cannot be reached": lambda: "http://127.0.0.1:9/award",
        "no badge": lambda: "Here is my certificate.",
    }[case]()


def drop(page: Page, data: bytes) -> None:
    """Let go of a picture somewhere on the page."""
    transfer = page.evaluate_handle(
        """text => {
            const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "my badge.png", { type: "image/png" }));
            return transfer;
        }""",
        base64.b64encode(data).decode(),
    )
    page.dispatch_event("h1", "dragenter", {"dataTransfer": transfer})
    page.dispatch_event("h1", "dragover", {"dataTransfer": transfer})
    page.dispatch_event("h1", "drop", {"dataTransfer": transfer})


def verify(page: Page) -> None:
    page.get_by_role("button", name="Verify badge").click()
    page.wait_for_url("**/verify/receipts/**")
    expect(page.locator("article.receipt")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize(("width", "theme"), [(WIDE, "light"), (PHONE, "dark")])
@pytest.mark.parametrize("case", CASES)
def test_a_badge_is_understood(browser_page, product, institute, check_accessibility, check_fits, case, width, theme):
    page = browser_page(width=width, theme=theme)
    page.goto(f"{product.url}/verify/")
    page.get_by_label("Link or text of the badge").fill(brought(case, page, product, institute))
    verify(page)
    # The answer is the heading, and it and what to do next are on the first screen.
    expect(page.get_by_role("heading", level=1)).to_have_text(CASES[case])
    bottom = page.locator(".verdict-next").evaluate("element => element.getBoundingClientRect().bottom")
    assert bottom < page.viewport_size["height"]
    check_accessibility(page)
    check_fits(page)


@pytest.mark.parametrize(("width", "theme"), [(WIDE, "dark"), (PHONE, "light")])
@pytest.mark.parametrize("who", ["own", "foreign"])
def test_a_dropped_picture_is_understood(browser_page, product, institute, check_accessibility, who, width, theme):
    page = browser_page(width=width, theme=theme)
    page.goto(f"{product.url}/verify/")
    award = product.demo["assertions"]["valid"]
    drop(page, page.request.get(f"{award}/image.png").body() if who == "own" else institute.baked())
    expect(page.get_by_text("my badge.png")).to_be_visible()
    check_accessibility(page)
    verify(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("This badge is genuine and valid.")
    check_accessibility(page)


def test_a_link_that_is_pasted_anywhere_lands_in_its_field(browser_page, product):
    page = browser_page()
    page.goto(f"{product.url}/verify/")
    page.evaluate(
        """() => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", " https://badges.example.net/1 ");
            dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }"""
    )
    expect(page.get_by_label("Link or text of the badge")).to_have_value("https://badges.example.net/1")


def test_the_wait_tells_whom_it_asks(browser_page, product, institute, check_accessibility):
    page = browser_page()
    institute.patience.clear()
    try:
        page.goto(f"{product.url}/verify/")
        page.get_by_label("Link or text of the badge").fill(institute.url("valid"))
        page.get_by_role("button", name="Verify badge").click()
        expect(page.get_by_text("Asking 127.0.0.1 …")).to_be_visible()
        check_accessibility(page)
    finally:
        institute.patience.set()
    expect(page.get_by_role("heading", level=1)).to_have_text("This badge is genuine and valid.", timeout=20_000)


def test_without_javascript_the_page_looks_again_by_itself(browser_page, product, institute):
    page = browser_page(javascript=False)
    page.goto(f"{product.url}/verify/")
    page.get_by_label("Link or text of the badge").fill(institute.signed())
    page.get_by_role("button", name="Verify badge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This badge is genuine and valid.", timeout=20_000)


def test_the_address_of_its_holder_is_compared(browser_page, product, institute):
    page = browser_page()
    page.goto(f"{product.url}/verify/")
    page.get_by_label("Link or text of the badge").fill(institute.url("valid"))
    verify(page)
    page.get_by_role("link", name="Is it theirs?").click()
    page.get_by_label("E-mail address").fill("max@example.org")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "This badge is genuine, but it was awarded to somebody else.", timeout=20_000
    )


@pytest.mark.parametrize("case", ["own, valid", "foreign, by signature", "own, tampered"])
def test_a_receipt_is_one_sheet_of_paper(browser_page, product, institute, case):
    page = browser_page()
    page.goto(f"{product.url}/verify/")
    page.get_by_label("Link or text of the badge").fill(brought(case, page, product, institute))
    verify(page)
    assert page.pdf(format="A4", print_background=True).count(b"/Type /Page\n") == 1


@pytest.mark.parametrize(("width", "theme"), [(WIDE, "light"), (PHONE, "dark")])
def test_a_badge_from_elsewhere_is_kept(
    browser_page, product, institute, sign_in, check_accessibility, check_fits, width, theme
):
    page = sign_in(browser_page(width=width, theme=theme), product, "earner")
    page.goto(f"{product.url}/accounts/email/")
    address = page.locator("main").inner_text()
    holder = next(word for word in address.split() if "@" in word)
    path = f"/kept-{width}"
    institute.publish(path, institute.award(path[1:], holder=holder))

    page.goto(f"{product.url}/my/badges/")
    page.get_by_role("link", name="Add a badge from elsewhere").click()
    check_accessibility(page)
    page.get_by_label("Link or text of the badge").fill(f"{institute.origin}{path}")
    page.get_by_role("button", name="Check and add badge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Crane Signals", timeout=20_000)
    expect(page.get_by_text("It was checked and stands among your badges.")).to_be_visible()
    check_accessibility(page)
    check_fits(page)

    page.goto(f"{product.url}/my/badges/")
    expect(page.get_by_role("link", name="Crane Signals")).to_be_visible()
    check_accessibility(page)
    check_fits(page)
    page.get_by_role("link", name="Crane Signals").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Badge removed from your badges.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Crane Signals")
    page.get_by_role("button", name="Remove").click()


def test_a_badge_of_somebody_else_is_not_kept(browser_page, product, institute, sign_in, check_accessibility):
    page = sign_in(browser_page(), product, "earner")
    page.goto(f"{product.url}/my/badges/add/")
    page.get_by_label("Link or text of the badge").fill(institute.url("valid"))
    page.get_by_role("button", name="Check and add badge").click()
    expect(page.get_by_text("It was not added.").first).to_be_visible(timeout=20_000)
    check_accessibility(page)
