"""A real browser for the product that really runs: `browser_page`, `check_accessibility`, `sign_in`."""

import os
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assertions.management.demo import programme
from tests import scratch
from tests.machine import find_chromium

QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Whether the test itself has failed, so that its last pages are kept as pictures.
FAILED = pytest.StashKey[bool]()
WIDE, PHONE = 1280, 390
HEIGHTS = {WIDE: 900, PHONE: 844}
#: What the WCAG 2.2 AA rules of axe are called.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright keeps a loop running in this thread; Django would take the tests that follow for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def browser_page(chromium, request) -> Iterator[Callable[..., Page]]:
    """`browser_page(width=1280, theme="light", javascript=True)`: a page of a person nobody knows yet.

    A test fails at its end when a page said something on the console that is an error, raised in a script, asked for
    something outside, or broke the content security policy.
    """
    complaints: list[str] = []
    contexts = []

    def open_page(*, width: int = WIDE, theme: Literal["light", "dark"] = "light", javascript: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme=theme,
            java_script_enabled=javascript,
            has_touch=width == PHONE,
            reduced_motion="reduce",
            locale="en-GB",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("console", lambda said: complaints.append(f"console: {said.text}") if is_error(said) else None)
        page.on("request", lambda asked: complaints.append(f"outside: {asked.url}") if is_outside(asked.url) else None)
        return page

    yield open_page
    for number, context in enumerate(contexts):
        if request.node.stash.get(FAILED, False) and context.pages:
            picture = scratch.SHARED / "failures" / f"{request.node.name}-{number}.png"
            context.pages[-1].screenshot(path=picture, full_page=True)
            print(f"{context.pages[-1].url} looked like this: {picture}")
        context.close()
    assert complaints == []


#: Chromium reports each answer from 400 up as an error, but a page that says 404 or 422 is no fault by itself; and a
#: sandboxed frame refuses the script with which Playwright looks inside. Whoever leaves a page while its preview is on
#: the way breaks that off, and htmx tells so.
NO_FAULTS = ("Failed to load resource", "Blocked script execution in", "htmx:sendAbort", "htmx:afterRequest")


def is_error(said) -> bool:
    return said.type == "error" and not said.text.startswith(NO_FAULTS)


def is_outside(url: str) -> bool:
    return url.startswith(("http:", "https:")) and not url.startswith(("http://localhost:", "http://127.0.0.1:"))


#: Longer than any `delay:` of the templates.
LONGEST_DELAY_MS = 700
#: Comes back when nothing moves any more but what moves for as long as it is there.
STILL = """async () => {
  const ends = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ends.map((one) => one.finished));
}"""


@pytest.fixture
def check_accessibility() -> Callable[[Page], None]:
    """`check_accessibility(page)`: the rules of axe for WCAG 2.2 AA find nothing."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        # What waits for its answer is paler for a moment, and what comes fades in. Some parts ask only after a while.
        if page.locator('[hx-trigger*="delay:"]').count():
            page.wait_for_timeout(LONGEST_DELAY_MS)
        expect(page.locator(".htmx-request")).to_have_count(0)
        page.evaluate(STILL)
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [told(violation) for violation in found] == []

    return check


def told(violation: dict) -> str:
    where = ", ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:5])
    return f"{violation['id']} ({violation['impact']}): {violation['help']} – {where}"


@pytest.fixture
def check_fits() -> Callable[[Page], None]:
    """`check_fits(page)`: nothing is wider than the window, so that nobody scrolls sideways."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1], f"{page.url} is {width[0]} px wide in a window of {width[1]} px."

    return check


@pytest.fixture
def sign_in() -> Callable[..., Page]:
    """`sign_in(page, product, "owner")`: as that person of the demo; a role of its staff, or “earner”."""
    people = {person.role.value: person.email for person in programme.STAFF} | {"earner": programme.EARNER_EMAIL}

    def act(page: Page, product, who: str) -> Page:
        page.goto(f"{product.url}/accounts/login/")
        page.get_by_label("E-mail address").fill(people[who])
        page.get_by_label("Password", exact=True).fill(programme.DEMO_PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    return act
