import pytest

from badges.actions.versions import make_next_version, publish_next_version
from issuers.models import TokenScope
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import AlignmentFactory, BadgeClassFactory, BadgeTranslationFactory, EarningStepFactory
from tests.factories.issuers import ApiTokenFactory, DepartmentFactory, IssuerFactory

LIST = "/api/v1/badges"
SECRET = f"bdg_{'a' * 40}"


@pytest.fixture
def token(academy):
    return ApiTokenFactory.create(issuer=academy, secret=SECRET, scopes=[TokenScope.BADGES_READ])


def _get(client, url, secret=SECRET, **query: object):
    return client.get(url, query, headers={"Authorization": f"Bearer {secret}"})


def test_badge_says_everything(anonymous, token, badge, svg_badge):
    badge.apply_url, badge.licence = "https://academy.example.org/apply", "CC-BY"
    badge.place, badge.latitude, badge.longitude = "Quay 7", "53.5283", "9.9421"
    badge.image_author = "https://ines.example.org/"
    badge.award_cap, badge.next_level = 12, svg_badge
    badge.save()
    badge.departments.add(DepartmentFactory.create(organisation=badge.issuer.organisation, name="Terminal Operations"))
    german = BadgeTranslationFactory.create(badge_class=badge, steps=["Haben Sie es"])
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
        "image_author": "https://ines.example.org/",
        "language": "en",
        "translations": [
            {
                "language": "de",
                "url": f"http://badges.example.org/public/badges/{badge.pk}/languages/de",
                "name": "Gespräche führen",
                "description": "Führt schwierige Gespräche.",
                "image_alt": "Violettes Sechseck",
                "criteria_narrative": "Zeigen Sie es zweimal.",
                "learned": "",
                "applied": "",
                "assessed": "",
                "useful_for": "",
                "steps": ["Haben Sie es"],
                "updated_at": german.updated_at.isoformat().replace("+00:00", "Z"),
            }
        ],
        "apply_url": "https://academy.example.org/apply",
        "licence": "CC-BY",
        "place": {"words": "Quay 7", "latitude": 53.5283, "longitude": 9.9421},
        "purpose": "SKILL",
        "basis": "",
        "category": "TECHNICAL",
        "visibility": "PUBLIC",
        "departments": ["Terminal Operations"],
        "job_roles": [],
        "award_cap": 12,
        "next_level": str(svg_badge.pk),
        "review_by": None,
        "level": None,
        "tags": [],
        "criteria": {
            "narrative": "Drive the **course** twice without a fault.",
            "url": "",
            "steps": [{"kind": "BADGE", "text": "Hold it", "url": "", "required_badge": str(svg_badge.pk)}],
            "learned": "",
            "applied": "",
            "assessed": "",
            "useful_for": "",
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
        "superseded_at": None,
        "series": str(badge.pk),
        "version": 1,
        "current": str(badge.pk),
        "change_note": "",
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

    with django_assert_num_queries(8):
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


# --- Versions ------------------------------------------------------------------------------------------------


LIST = "/api/v1/badges"


def _two_versions(badge, ed, now):
    AssertionFactory.create(badge_class=badge)
    draft = make_next_version(badge_class=badge, by=ed, at=now)
    second = publish_next_version(badge_class=draft, change_note="Stacking.", by=ed, at=now)
    AssertionFactory.create(badge_class=second)
    return second, make_next_version(badge_class=second, by=ed, at=now)


def test_list_has_each_badge_once_in_its_current_version(client, token, badge, svg_badge, draft_badge, ed, now):
    second, _third = _two_versions(badge, ed, now)

    rows = _get(client, LIST).json()["results"]

    assert [(row["name"], row["version"], row["status"]) for row in rows] == [
        ("Crane Signals", 1, "DRAFT"),
        ("First Aid", 1, "PUBLISHED"),
        ("Forklift Safety", 2, "PUBLISHED"),
    ]
    assert [row["current"] for row in rows] == [None, str(svg_badge.pk), str(second.pk)]


def test_versions_of_a_badge_are_listed_by_series(client, token, badge, svg_badge, ed, now):
    second, _third = _two_versions(badge, ed, now)

    rows = _get(client, LIST, series=str(badge.pk)).json()["results"]
    earlier = _get(client, LIST, status="SUPERSEDED").json()["results"]

    assert [(row["version"], row["status"], row["change_note"], row["current"]) for row in rows] == [
        (1, "SUPERSEDED", "", str(second.pk)),
        (2, "PUBLISHED", "Stacking.", str(second.pk)),
        (3, "DRAFT", "", str(second.pk)),
    ]
    assert [row["id"] for row in earlier] == [str(badge.pk)]
    assert _get(client, LIST, series="x").status_code == 400


def test_earlier_version_says_which_is_current(client, token, badge, ed, now):
    second, _third = _two_versions(badge, ed, now)

    found = _get(client, f"/api/v1/badges/{badge.pk}").json()

    assert (found["status"], found["current"], found["series"]) == ("SUPERSEDED", str(second.pk), str(badge.pk))
