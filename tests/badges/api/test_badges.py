import pytest

from issuers.models import TokenScope
from tests.factories.badges import AlignmentFactory, BadgeClassFactory, EarningStepFactory
from tests.factories.issuers import ApiTokenFactory, IssuerFactory

LIST = "/api/v1/badges"
SECRET = f"bdg_{'a' * 40}"


@pytest.fixture
def token(academy):
    return ApiTokenFactory.create(issuer=academy, secret=SECRET, scopes=[TokenScope.BADGES_READ])


def _get(client, url, secret=SECRET, **query: object):
    return client.get(url, query, headers={"Authorization": f"Bearer {secret}"})


def test_badge_says_everything(anonymous, token, badge, svg_badge):
    EarningStepFactory.create(badge_class=badge, position=0, kind="BADGE", text="Hold it", required_badge=svg_badge)
    AlignmentFactory.create(
        badge_class=badge, position=0, target_name="drive", target_url="https://skills.example.org/drive"
    )

    response = _get(anonymous, f"{LIST}/{badge.pk}")

    assert response.status_code == 200
    assert response.json() == {
        "id": str(badge.pk),
        "url": f"http://badges.example.org/public/badges/{badge.pk}",
        "name": "Forklift Safety",
        "description": "Drives and parks a forklift without putting anybody at risk.",
        "status": "PUBLISHED",
        "image": f"http://badges.example.org/public/badges/{badge.pk}/image",
        "image_alt": "A forklift in a yellow hexagon",
        "category": "SKILL",
        "level": None,
        "tags": [],
        "criteria": {
            "narrative": "Drive the **course** twice without a fault.",
            "url": "",
            "steps": [{"kind": "BADGE", "text": "Hold it", "url": "", "required_badge": str(svg_badge.pk)}],
            "learned": "",
            "assessed": "",
        },
        "alignments": [
            {
                "target_name": "drive",
                "target_url": "https://skills.example.org/drive",
                "target_code": "",
                "target_framework": "",
                "target_description": "",
            }
        ],
        "validity": {"kind": "NEVER", "months": None, "until": None},
        "created_at": "2026-03-02T09:00:00Z",
        "updated_at": "2026-03-02T09:00:00Z",
        "published_at": "2026-03-02T09:00:00Z",
        "archived_at": None,
    }


def test_draft_without_a_picture_names_none(anonymous, token, academy):
    draft = BadgeClassFactory.create(issuer=academy, draft=True, image="", image_png="")

    assert _get(anonymous, f"{LIST}/{draft.pk}").json()["image"] == ""


def test_list_is_of_the_issuer_of_the_token_by_name(
    anonymous, token, acme, badge, svg_badge, draft_badge, elsewhere_issuer
):
    BadgeClassFactory.create(issuer=elsewhere_issuer)
    BadgeClassFactory.create(issuer=IssuerFactory.create(organisation=acme))

    body = _get(anonymous, LIST).json()

    assert (body["count"], body["next"], body["previous"]) == (3, None, None)
    assert [item["name"] for item in body["results"]] == ["Crane Signals", "First Aid", "Forklift Safety"]


@pytest.mark.parametrize(
    ("status", "names"), [("PUBLISHED", ["Forklift Safety"]), ("DRAFT", ["Crane Signals"]), ("ARCHIVED", [])]
)
def test_list_of_one_status(anonymous, token, badge, draft_badge, status, names):
    body = _get(anonymous, LIST, status=status).json()

    assert [item["name"] for item in body["results"]] == names


def test_list_refuses_a_status_that_there_is_not(anonymous, token):
    response = _get(anonymous, LIST, status="published\x00")

    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    assert list(response.json()["fields"]) == ["status"]


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_asks_the_same_number_of_questions(anonymous, token, academy, item_count, django_assert_num_queries):
    for one in BadgeClassFactory.create_batch(item_count, issuer=academy):
        EarningStepFactory.create(badge_class=one, required_badge=one)
        AlignmentFactory.create(badge_class=one)
    _get(anonymous, LIST)  # the token's use is noted once in a while

    with django_assert_num_queries(5):
        body = _get(anonymous, LIST).json()

    assert body["count"] == item_count


@pytest.mark.parametrize("url", [LIST, f"{LIST}/51b04f03-b094-425e-a3b2-73bd099662d4"])
def test_door_is_closed_without_the_scope(anonymous, academy, url):
    ApiTokenFactory.create(issuer=academy, secret=SECRET, scopes=[TokenScope.AWARDS_WRITE, TokenScope.AWARDS_READ])

    assert anonymous.get(url).status_code == 401
    assert _get(anonymous, url, secret="bdg_wrong").status_code == 401
    response = _get(anonymous, url)
    assert response.status_code == 403
    assert "badges:read" in response.json()["message"]


def test_badge_of_another_issuer_is_not_there(anonymous, token, elsewhere_issuer):
    foreign = BadgeClassFactory.create(issuer=elsewhere_issuer)

    response = _get(anonymous, f"{LIST}/{foreign.pk}")

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_badges_are_read_only(anonymous, token, badge, method):
    for url in (LIST, f"{LIST}/{badge.pk}"):
        response = getattr(anonymous, method)(url, headers={"Authorization": f"Bearer {SECRET}"})
        assert response.status_code in {403, 405}
    badge.refresh_from_db()
    assert badge.name == "Forklift Safety"
