"""Every page asks the database as often for three hundred of everything as for three."""

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assertions.models import Assertion
from badges.models import BadgeClass, Competency, Design, DesignFamily
from badges.models.framework import Framework
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from issuers.models import Issuer, Person
from tests.factories.assertions import (
    AssertionFactory,
    EndorsementFactory,
    EvidenceFactory,
    ImportedBadgeFactory,
    ProblemReportFactory,
    ReceiptFactory,
)
from tests.factories.badges import (
    AlignmentFactory,
    BadgeClassFactory,
    CompetencyFactory,
    EarningStepFactory,
    FrameworkFactory,
    FrameworkImportFactory,
    PilotFactory,
    PilotMemberFactory,
    PlanFactory,
    ReviewFactory,
)
from tests.factories.issuers import (
    ApiTokenFactory,
    DepartmentFactory,
    InvitationFactory,
    IssuerFactory,
    JobRoleFactory,
    MembershipFactory,
    PersonFactory,
    SigningKeyFactory,
)
from tests.house.routes import Route, all_routes

FEW, MANY = 3, 300
#: Pages with another way for many, and what it asks more: a small framework is read whole, a large one floor by floor.
MORE = {"badges:framework": 1}


class Crowd:
    """Makes one more of everything that an organisation can have many of, tied to each other as in life."""

    def __init__(self, assertion: Assertion, ada: User, ids: dict[str, object]) -> None:
        self.badge = assertion.badge_class
        self.assertion = assertion
        self.issuer: Issuer = assertion.issuer
        self.organisation = self.issuer.organisation
        self.ada = ada
        self.framework = Framework.objects.get(pk=ids["framework"])
        self.competency = Competency.objects.get(pk=ids["competency"])
        self.person = Person.objects.get(pk=ids["person"])
        self.family = DesignFamily.objects.get(pk=ids["family"])
        self.pilot = self.badge.pilots.get()
        self.numbers: Iterator[int] = itertools.count(20_000)

    def grow(self, by: int) -> None:
        for _ in range(by):
            self._one_more(next(self.numbers))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as a database that has stood there for a while: else it guesses, for minutes

    def _one_more(self, number: int) -> None:
        person = self._person(number)
        self._badges(number, person)
        self._awards(number, person)
        self._planning(number, person)
        self._staff(number)

    def _person(self, number: int) -> Person:
        return PersonFactory.create(
            organisation=self.organisation,
            name=f"Colleague {number:04d}",
            department=DepartmentFactory.create(organisation=self.organisation),
            job_role=JobRoleFactory.create(organisation=self.organisation),
        )

    def _badges(self, number: int, person: Person) -> None:
        low = BadgeClassFactory.create(issuer=self.issuer, level=1, tags=[f"tag {number}"])
        high = BadgeClassFactory.create(issuer=self.issuer, level=2)
        BadgeClass.objects.filter(pk=low.pk).update(next_level=high)
        for made in (low, high):
            made.departments.add(person.department)
            made.job_roles.add(person.job_role)
            self._design(made)
            AlignmentFactory.create(badge_class=made, competency=self.competency, level=1)
            EarningStepFactory.create(badge_class=made, kind="BADGE", required_badge=self.badge)
        low.related_badges.add(self.badge)
        BadgeClassFactory.create(issuer=self.issuer, archived=True, successor=self.badge)
        BadgeClassFactory.create(issuer=self.issuer, draft=True, is_template=True)
        EarningStepFactory.create(badge_class=self.badge, position=number)
        AlignmentFactory.create(badge_class=self.badge, position=number, competency=self.competency)

    def _design(self, badge: BadgeClass) -> None:
        Design.objects.create(
            badge_class=badge,
            family=self.family,
            spec=self.family.spec,
            shown=self.family.spec,
            image_name=badge.image.name,
            drawn_at=badge.created_at,
        )

    def _awards(self, number: int, person: Person) -> None:
        own = {"badge_class": self.badge, "recipient_email": person.email, "recipient_name": person.name}
        award = AssertionFactory.create(**own)
        AssertionFactory.create(**own, revoked=True)
        own_badge = BadgeClassFactory.create(issuer=self.issuer)
        AssertionFactory.create(badge_class=own_badge, recipient_email=self.ada.email)
        AssertionFactory.create(
            badge_class=BadgeClassFactory.create(issuer=self.issuer),
            recipient_email=self.person.email,
            expires_at=timezone.now() + timedelta(days=number % 50 + 1),
        )
        EvidenceFactory.create(assertion=self.assertion, position=number)
        EndorsementFactory.create(badge_class=self.badge, endorser=IssuerFactory.create(), accepted=True)
        EndorsementFactory.create(badge_class=self.badge, endorser=IssuerFactory.create())
        ProblemReportFactory.create(assertion=award)
        ImportedBadgeFactory.create(user=self.ada)
        ReceiptFactory.create(keeper=self.ada)

    def _planning(self, number: int, person: Person) -> None:
        reviewed = ReviewFactory.create(badge_class__issuer=self.issuer, asked_by=self.ada).badge_class
        self._design(reviewed)
        PilotMemberFactory.create(
            pilot=PilotFactory.create(badge_class__issuer=self.issuer), person=person, answered_at=None
        )
        PilotMemberFactory.create(pilot=self.pilot, person=person)
        PlanFactory.create(organisation=self.organisation, issuer=self.issuer)
        FrameworkFactory.create(organisation=self.organisation)
        FrameworkImportFactory.create(organisation=self.organisation, framework=self.framework)
        CompetencyFactory.create(framework=self.framework, name=f"Skill {number}")
        CompetencyFactory.create(framework=self.framework, parent=self.competency)
        DesignFamily.objects.create(
            organisation=self.organisation,
            name=f"Family {number}",
            spec=self.family.spec,
            decides=["shape"],
            created_at=self.family.created_at,
            updated_at=self.family.created_at,
        )

    def _staff(self, number: int) -> None:
        user = MembershipFactory.create(organisation=self.organisation, role="EDITOR").user
        InvitationFactory.create(organisation=self.organisation)
        ApiTokenFactory.create(issuer=self.issuer)
        SigningKeyFactory.create(issuer=IssuerFactory.create(organisation=self.organisation))
        audit.record(
            "badge_class.updated",
            by=user,
            at=self.badge.created_at + timedelta(minutes=number),
            subject=self.badge,
            organisation_id=self.organisation.pk,
            issuer_id=self.issuer.pk,
        )


def _pages() -> list[Route]:
    return [route for route in all_routes() if not route.name.startswith("api:")]


def _questions(client: Client, ids: dict[str, object]) -> dict[str, list[str]]:
    """Return what each page that is there asks of the database; each was fetched before, and remembers what it may."""
    asked: dict[str, list[str]] = {}
    for route in _pages():
        url = route.url(ids)
        if client.get(url).status_code != 200:
            continue
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url)
            b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        asked[route.name] = [query["sql"] for query in captured.captured_queries]
    return asked


def _more(few: list[str], many: list[str]) -> str:
    """Say by how much a page asks more, and what it asks most often."""
    shape, times = Counter(sql.split(" WHERE ")[0][:200] for sql in many).most_common(1)[0]
    return f"{len(few)} -> {len(many)}; {times} times {shape}"


@pytest.mark.postgres  # SQLite takes no more than 999 values at once, and so asks more often by itself
def test_every_page_asks_the_same_for_many_as_for_few(as_ada, ada, assertion, ids):
    crowd = Crowd(assertion, ada, ids)
    crowd.grow(FEW)
    few = _questions(as_ada, ids)
    crowd.grow(MANY - FEW)
    many = _questions(as_ada, ids)

    assert few.keys() == many.keys()
    assert {"badges:list", "badges:designs", "badges:frameworks", "assertions:people", "public:issuer"} <= few.keys()
    grown = [name for name in few if len(many[name]) > len(few[name]) + MORE.get(name, 0)]
    assert {name: _more(few[name], many[name]) for name in grown} == {}
