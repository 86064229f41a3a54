"""The cast, and the rules of the house for all tests: no network, a clean cache, files that go away.

Ada owns Acme Academy, Ed edits for her, Sam only awards, Rex reviews, Nora reports, Rita receives badges;
Mallory belongs elsewhere and must see nothing.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import hypothesis
import pytest
import time_machine as travel
from django.core.cache import cache
from django.test import Client

from assertions.actions.award import AwardFields, award_badge
from assertions.models import Assertion
from badges.models import BadgeClass
from badgeserver.accounts.models import User
from issuers.models import Issuer, Organisation, Role
from tests import scratch
from tests.factories.accounts import UserFactory
from tests.factories.badges import BadgeClassFactory, SvgBadgeClassFactory
from tests.factories.issuers import (
    IssuerFactory,
    MembershipFactory,
    OrganisationFactory,
    SigningKeyFactory,
)
from tests.foreign import ForeignIssuer, foreign_issuer

#: Tests with one of these may talk to what they started themselves on this machine; no test may go further.
LOOPBACK = ["127.0.0.1", "::1", "localhost"]
LOOPBACK_MARKERS = {"product", "redis", "browser", "conformance"}
LOOPBACK_FIXTURES = {"loopback", "harbour", "product", "live_server", "smtp_sink", "redis_server", "redis_worker"}

pytest_plugins = ["tests.services"]

# The same examples in each run: a test that fails on Tuesdays teaches nothing.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        markers = {marker.name for marker in item.iter_markers()}
        if markers & LOOPBACK_MARKERS or LOOPBACK_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))


def pytest_unconfigure() -> None:
    scratch.remove()


@pytest.fixture
def loopback() -> None:
    """Ask for this to talk to a server that the test itself has started on this machine."""


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Rate limits count in the cache: each test starts at zero."""
    cache.clear()


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Pictures and mails of a test are its own, and go when it goes."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MAILBOX_DIR = tmp_path / "mail"


# --- Time ---------------------------------------------------------------------------------------------------


@pytest.fixture
def now() -> datetime:
    """When the cast did what it did: a Monday morning. The clock itself goes on; see `frozen`."""
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def frozen(now):
    """Stop the clock at `now`; `frozen.shift(timedelta)` and `frozen.move_to(datetime)` turn it."""
    with travel.travel(now, tick=False) as clock:
        yield clock


# --- Acme ---------------------------------------------------------------------------------------------------


@pytest.fixture
def acme(db, now) -> Organisation:
    return OrganisationFactory.create(name="Acme", slug="acme", created_at=now)


@pytest.fixture
def academy(acme, now) -> Issuer:
    """Acme's issuer, with its signing key."""
    issuer = IssuerFactory.create(
        organisation=acme,
        name="Acme Academy",
        url="https://academy.example.org",
        email="badges@academy.example.org",
        created_at=now,
    )
    SigningKeyFactory.create(issuer=issuer, active_from=now)
    return issuer


def _member(organisation: Organisation, email: str, name: str, role: Role) -> User:
    user = UserFactory.create(email=email, name=name)
    MembershipFactory.create(organisation=organisation, user=user, role=role, created_at=organisation.created_at)
    return user


@pytest.fixture
def ada(acme) -> User:
    return _member(acme, "ada@acme.example.org", "Ada Osei", Role.OWNER)


@pytest.fixture
def ed(acme) -> User:
    return _member(acme, "ed@acme.example.org", "Ed Novak", Role.EDITOR)


@pytest.fixture
def sam(acme) -> User:
    return _member(acme, "sam@acme.example.org", "Sam Iyer", Role.AWARDER)


@pytest.fixture
def rex(acme) -> User:
    return _member(acme, "rex@acme.example.org", "Rex Lind", Role.REVIEWER)


@pytest.fixture
def nora(acme) -> User:
    return _member(acme, "nora@acme.example.org", "Nora Silva", Role.REPORTER)


@pytest.fixture
def rita(db) -> User:
    """Receives badges; a member of nothing."""
    return UserFactory.create(email="rita@mail.example.org", name="Rita Castle")


@pytest.fixture
def badge(academy, now) -> BadgeClass:
    """Published, with a PNG picture."""
    return BadgeClassFactory.create(
        issuer=academy,
        name="Forklift Safety",
        description="Drives and parks a forklift without putting anybody at risk.",
        image_alt="A forklift in a yellow hexagon",
        criteria_narrative="Drive the **course** twice without a fault.",
        created_at=now,
    )


@pytest.fixture
def svg_badge(academy, now) -> BadgeClass:
    """Published, with an SVG picture."""
    return SvgBadgeClassFactory.create(issuer=academy, name="First Aid", created_at=now)


@pytest.fixture
def draft_badge(academy, now) -> BadgeClass:
    return BadgeClassFactory.create(issuer=academy, name="Crane Signals", draft=True, created_at=now)


@pytest.fixture
def assertion(badge, rita, sam, now, django_capture_on_commit_callbacks) -> Assertion:
    """Sam awarded `badge` to Rita; the worker has signed and baked it, and the mail is out."""
    return award(badge, rita.email, name=rita.name, by=sam, at=now, capture=django_capture_on_commit_callbacks)


def award(
    badge: BadgeClass, email: str, *, name: str = "", by: User, at: datetime, capture: Callable[..., object]
) -> Assertion:
    """Award through the real action, and let the worker's part run before it returns."""
    with capture(execute=True):
        made = award_badge(fields=AwardFields(badge_class=badge, email=email, name=name, issued_at=at), by=by, at=at)
    made.refresh_from_db()
    return made


# --- Elsewhere ----------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(db, now) -> Organisation:
    return OrganisationFactory.create(name="Elsewhere", slug="elsewhere", created_at=now)


@pytest.fixture
def elsewhere_issuer(elsewhere, now) -> Issuer:
    issuer = IssuerFactory.create(organisation=elsewhere, name="Elsewhere School", created_at=now)
    SigningKeyFactory.create(issuer=issuer, active_from=now)
    return issuer


@pytest.fixture
def mallory(elsewhere) -> User:
    """Owns another organisation, and must see nothing of Acme."""
    return _member(elsewhere, "mallory@elsewhere.example.org", "Mallory Quist", Role.OWNER)


@pytest.fixture
def harbour(db, settings) -> Iterator[ForeignIssuer]:
    """An issuer on a server of its own, which awarded badges to Rita; `harbour.url("valid")`, `harbour.signed()`."""
    settings.OUTBOUND_ALLOW_LOOPBACK = True
    with foreign_issuer() as issuer:
        yield issuer


# --- Browsers -----------------------------------------------------------------------------------------------


@pytest.fixture
def anonymous(db) -> Client:
    return Client()


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_ada(ada) -> Client:
    return _signed_in(ada)


@pytest.fixture
def as_ed(ed) -> Client:
    return _signed_in(ed)


@pytest.fixture
def as_sam(sam) -> Client:
    return _signed_in(sam)


@pytest.fixture
def as_rex(rex) -> Client:
    return _signed_in(rex)


@pytest.fixture
def as_nora(nora) -> Client:
    return _signed_in(nora)


@pytest.fixture
def as_rita(rita) -> Client:
    return _signed_in(rita)


@pytest.fixture
def as_mallory(mallory) -> Client:
    return _signed_in(mallory)
