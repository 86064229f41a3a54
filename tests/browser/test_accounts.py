"""An account on a phone: address and code, then a passkey that opens it without either."""

import re

WHO = "nia@mail.example.org"
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    # The phone's owner looks at it only when the test says so: else it would sign in by the browser's suggestion.
    "automaticPresenceSimulation": False,
}


def test_account_by_code_then_by_passkey(empty_product, browser_page, check_accessibility, check_fits):
    page = browser_page(width=390)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    phone = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})["authenticatorId"]

    def look_at_the_phone() -> None:
        devtools.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": phone, "enabled": True})

    page.goto(f"{empty_product.url}/accounts/signup/?email={WHO}&next=/accounts/")
    page.get_by_label("Your name").fill("Nia New")
    check_accessibility(page)
    page.get_by_role("button", name="Create account").click()
    check_accessibility(page)
    code = re.match(r"(\d{4}) (\d{4}) is your code", empty_product.wait_for_mail(WHO)["Subject"])
    page.get_by_label("Code").fill("".join(code.groups()))
    page.get_by_role("button", name="Confirm address").click()
    page.wait_for_url(f"{empty_product.url}/accounts/")
    check_accessibility(page)
    check_fits(page)

    page.get_by_role("link", name="Passkeys").first.click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of this passkey").fill("My phone")
    look_at_the_phone()
    page.get_by_role("button", name="Add passkey").click()
    page.wait_for_url("**/recovery-codes/")
    assert page.locator("#recovery-codes li").count() == 10
    check_accessibility(page)
    devtools.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": phone, "enabled": False})

    page.goto(f"{empty_product.url}/accounts/logout/")
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_url(lambda url: "/accounts/logout" not in url)
    page.goto(f"{empty_product.url}/accounts/login/?next=/accounts/profile/")
    check_accessibility(page)
    look_at_the_phone()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{empty_product.url}/accounts/profile/")
    assert page.get_by_label("Your name").input_value() == "Nia New"


def test_password_can_be_seen_while_it_is_typed(empty_product, browser_page):
    page = browser_page()
    page.goto(f"{empty_product.url}/accounts/login/")
    field = page.locator("[name=password]")

    page.get_by_role("button", name="Show the password").click()

    assert field.get_attribute("type") == "text"
    page.get_by_role("button", name="Hide the password").click()
    assert field.get_attribute("type") == "password"


def test_sign_in_page_works_without_javascript(empty_product, browser_page, check_accessibility):
    page = browser_page(javascript=False)
    page.goto(f"{empty_product.url}/accounts/login/")
    assert not page.get_by_role("button", name="Use a passkey").is_visible()

    page.get_by_label("E-mail address").fill("lee@mail.example.org")
    page.get_by_role("button", name="Mail me a code").click()

    page.wait_for_url("**/accounts/login/code/confirm/")
    assert empty_product.wait_for_mail("lee@mail.example.org")["Subject"] == (
        "There is no account with this address yet"
    )
