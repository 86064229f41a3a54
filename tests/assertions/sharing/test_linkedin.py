from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from assertions.sharing.linkedin import add_to_profile_url, share_url


def answers(**changes: object):
    given = {
        "name": "Forklift & Crane",
        "page_url": "https://badges.example.org/public/assertions/1",
        "certificate_id": "1",
        "organisation_name": "Acme Academy",
        "issued_on": date(2026, 1, 31),
    } | changes
    address = urlsplit(add_to_profile_url(**given))
    assert address._replace(query="").geturl() == "https://www.linkedin.com/profile/add"
    return {name: value[0] for name, value in parse_qs(address.query).items()}


def test_add_to_profile_fills_in_what_linkedin_documents():
    assert answers(expires_on=date(2028, 12, 1)) == {
        "startTask": "CERTIFICATION_NAME",
        "name": "Forklift & Crane",
        "organizationName": "Acme Academy",
        "issueYear": "2026",
        "issueMonth": "1",
        "expirationYear": "2028",
        "expirationMonth": "12",
        "certUrl": "https://badges.example.org/public/assertions/1",
        "certId": "1",
    }


@pytest.mark.parametrize("month", range(1, 13))
def test_months_count_from_one(month):
    found = answers(issued_on=date(2026, month, 1), expires_on=date(2027, month, 28))
    assert (found["issueMonth"], found["expirationMonth"]) == (str(month), str(month))


def test_what_never_expires_names_no_end():
    assert not {"expirationYear", "expirationMonth"} & set(answers())


def test_company_number_replaces_the_name():
    found = answers(organisation_id="98765")
    assert found["organizationId"] == "98765"
    assert "organizationName" not in found


def test_share_names_only_the_page():
    address = urlsplit(share_url("https://badges.example.org/public/assertions/1"))
    assert parse_qs(address.query) == {"url": ["https://badges.example.org/public/assertions/1"]}
