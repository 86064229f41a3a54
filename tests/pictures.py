"""Takes the pictures of the README from the product as it runs, into docs/pictures.

python -m tests.pictures        (or make pictures)
"""

import io
import os
import sys
import tempfile
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("TEST_DATABASE", "sqlite")
django.setup()

from tests.browser.conftest import PHONE, QUIET, WIDE  # noqa: E402 -- Django must be set up first
from tests.machine import find_chromium  # noqa: E402
from tests.services import ROOT, Product, running_product  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
#: Enough for pages of few colours, and a quarter of the bytes.
COLOURS = 256


def main() -> int:
    chromium = find_chromium()
    if chromium is None:
        print("No Chromium on this machine; CHROMIUM=/path/to/it names one.", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_product(Path(folder) / "data", demo=True) as product,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        take_pictures(browser, product)
        browser.close()
    return 0


def take_pictures(browser: Browser, product: Product) -> None:
    badge = product.demo["badge"].rsplit("/", 1)[1]
    visitor = open_page(browser, WIDE)
    visitor.goto(product.demo["assertions"]["valid"])
    keep(visitor, "assertion")
    phone = open_page(browser, PHONE, theme="dark")
    phone.goto(product.demo["assertions"]["valid"])
    keep(phone, "assertion-phone-dark")

    owner = open_page(browser, WIDE)
    account = product.demo["sign_in"]["owner"]
    owner.goto(f"{product.url}/accounts/login/")
    owner.get_by_label("E-mail address").fill(account["email"])
    owner.get_by_label("Password", exact=True).fill(account["password"])
    owner.get_by_role("button", name="Sign in", exact=True).click()
    owner.wait_for_url("**/o/*/")
    workspace = owner.url
    keep(owner, "overview")
    # The draft: what people hold cannot be edited.
    owner.locator(".attention a").last.click()
    owner.wait_for_url("**/badges/*/")
    owner.goto(f"{owner.url}edit/")
    keep(owner, "badge-form")
    owner.goto(f"{workspace}badges/{badge}/award/")
    owner.locator("input[name=email]").fill("rita@example.org")
    owner.locator("input[name=name]").fill("Rita Castle")
    keep(owner, "award")


def open_page(browser: Browser, width: int, *, theme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width == PHONE else 860},
        device_scale_factor=2 if width == PHONE else 1,
        color_scheme=theme,
        reduced_motion="reduce",
        locale="en-GB",
    )
    return context.new_page()


def keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    target = PICTURES / f"{name}.png"
    picture.quantize(COLOURS).save(target, optimize=True)
    print(f"{target.relative_to(ROOT)}  {target.stat().st_size // 1024} kB")


if __name__ == "__main__":
    sys.exit(main())
