"""LinkedIn's two addresses: a badge on one's profile, and a badge in a post."""

from datetime import date
from urllib.parse import urlencode

ADD_TO_PROFILE = "https://www.linkedin.com/profile/add"
SHARE = "https://www.linkedin.com/sharing/share-offsite/"


def add_to_profile_url(
    *,
    name: str,
    page_url: str,
    certificate_id: str,
    organisation_name: str,
    organisation_id: str = "",
    issued_on: date,
    expires_on: date | None = None,
) -> str:
    """Return the link that opens LinkedIn's form “Licences & certifications”, filled in.

    With LinkedIn's number of the organisation its logo and page are shown; without it only its name. `page_url` is
    where readers of the profile are led. Months are 1 to 12.
    """
    answers = {"startTask": "CERTIFICATION_NAME", "name": name}
    if organisation_id:
        answers["organizationId"] = organisation_id
    else:
        answers["organizationName"] = organisation_name
    answers |= {"issueYear": str(issued_on.year), "issueMonth": str(issued_on.month)}
    if expires_on is not None:
        answers |= {"expirationYear": str(expires_on.year), "expirationMonth": str(expires_on.month)}
    answers |= {"certUrl": page_url, "certId": certificate_id}
    return f"{ADD_TO_PROFILE}?{urlencode(answers)}"


def share_url(page_url: str) -> str:
    """Return the link that opens a new post with the page in it; LinkedIn takes the words from its OpenGraph tags."""
    return f"{SHARE}?{urlencode({'url': page_url})}"
