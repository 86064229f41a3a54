import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from assertions.actions.admission import CapReached, NotATester, NotInAudience, PlaceTaken
from assertions.actions.award import AwardFields, award_badge
from assertions.actions.decline import decline_assertion, undo_decline
from assertions.actions.revoke import revoke_assertion, unrevoke_assertion
from assertions.models import Assertion
from badges.models import BadgeClass, Pilot, PilotMember
from issuers.models import JobRole, TokenScope
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import ApiTokenFactory, DepartmentFactory, PersonFactory


def _award(badge, email, by, now):
    return award_badge(fields=AwardFields(badge_class=badge, email=email, issued_at=now), by=by, at=now)


@pytest.fixture
def audience(badge, acme):
    """The badge is for one department and one role; Una and Kim belong to them, Olaf works elsewhere."""
    terminal = DepartmentFactory.create(organisation=acme, name="Terminal Operations")
    crane = JobRole.objects.create(organisation=acme, name="Crane Operator")
    badge.departments.add(terminal)
    badge.job_roles.add(crane)
    PersonFactory.create(organisation=acme, name="Una", email="una@acme.example.org", department=terminal)
    PersonFactory.create(organisation=acme, name="Kim", email="kim@acme.example.org", job_role=crane)
    PersonFactory.create(organisation=acme, name="Olaf", email="olaf@acme.example.org")
    return badge


@pytest.mark.parametrize("email", ["una@acme.example.org", "KIM@acme.example.org"])
def test_the_audience_is_awarded(audience, sam, now, email):
    assert _award(audience, email, sam, now).badge_class == audience


@pytest.mark.parametrize("email", ["olaf@acme.example.org", "rita@mail.example.org"])
def test_others_are_told_where_to_change_it(audience, sam, now, email):
    with pytest.raises(NotInAudience) as refused:
        _award(audience, email, sam, now)

    assert refused.value.field == "email"
    assert refused.value.message == (
        "“Forklift Safety” is for Crane Operator, Terminal Operations, and nobody with this address is among them. "
        "Change the person’s department or role under People, or whom the badge is for under Planning."
    )
    assert Assertion.objects.count() == 0


def test_people_of_other_organisations_with_the_same_department_are_others(audience, sam, now):
    PersonFactory.create(email="rita@mail.example.org", department=audience.departments.get())

    with pytest.raises(NotInAudience):
        _award(audience, "rita@mail.example.org", sam, now)


def test_a_cap_counts_people_who_hold_it_now(badge, sam, now):
    badge.award_cap = 2
    badge.save()
    AssertionFactory.create(
        badge_class=badge, recipient_email="old@mail.example.org", issued_at=now, expires_at=now + timedelta(hours=1)
    )
    later = now + timedelta(days=1)
    first = _award(badge, "one@mail.example.org", sam, later)
    _award(badge, "two@mail.example.org", sam, later)

    with pytest.raises(CapReached) as refused:
        _award(badge, "three@mail.example.org", sam, later)
    assert refused.value.message == (
        "“Forklift Safety” may be held by 2 people, and is. Allow more under Planning, or revoke an award."
    )

    again = AwardFields(badge_class=badge, email="one@mail.example.org", issued_at=later, allow_duplicate=True)
    assert award_badge(fields=again, by=sam, at=later).recipient_key == first.recipient_key
    for award in Assertion.objects.filter(recipient_key="one@mail.example.org"):
        revoke_assertion(assertion=award, reason="Left", by=sam, at=later)
    assert _award(badge, "three@mail.example.org", sam, later).recipient_key == "three@mail.example.org"


def test_who_gives_an_award_back_needs_a_free_place(badge, sam, now):
    award = _award(badge, "one@mail.example.org", sam, now)
    revoke_assertion(assertion=award, reason="Slip", by=sam, at=now)
    BadgeClass.objects.filter(pk=badge.pk).update(award_cap=1)
    other = _award(badge, "two@mail.example.org", sam, now)

    with pytest.raises(PlaceTaken) as refused:
        unrevoke_assertion(assertion=award, by=sam, at=now)
    assert refused.value.message == (
        "“Forklift Safety” may be held by 1 person, and is: somebody else took this place. "
        "Allow more under Planning, or revoke another award; then restore this one."
    )
    assert Assertion.objects.get(pk=award.pk).revocation_reason == "Slip"

    revoke_assertion(assertion=other, reason="Left", by=sam, at=now)
    assert unrevoke_assertion(assertion=award, by=sam, at=now).revoked_at is None


def test_the_cap_of_the_current_version_counts_for_an_award_of_an_earlier_one(badge, sam, now):
    award = _award(badge, "one@mail.example.org", sam, now)
    revoke_assertion(assertion=award, reason="Slip", by=sam, at=now)
    BadgeClass.objects.filter(pk=badge.pk).update(status=BadgeClass.Status.SUPERSEDED, superseded_at=now)
    second = BadgeClassFactory.create(issuer=badge.issuer, name=badge.name, series=badge.series, version=2, award_cap=1)
    _award(second, "two@mail.example.org", sam, now)

    with pytest.raises(PlaceTaken):
        unrevoke_assertion(assertion=award, by=sam, at=now)


def test_what_takes_nobodys_place_is_given_back(badge, sam, now):
    BadgeClass.objects.filter(pk=badge.pk).update(award_cap=1)
    twice = AwardFields(badge_class=badge, email="one@mail.example.org", issued_at=now, allow_duplicate=True)
    award_badge(fields=twice, by=sam, at=now)
    second = award_badge(fields=twice, by=sam, at=now)
    over = AssertionFactory.create(badge_class=badge, issued_at=now, expires_at=now + timedelta(minutes=5))
    for award in (second, over):
        revoke_assertion(assertion=award, reason="Slip", by=sam, at=now)

    later = now + timedelta(minutes=10)
    assert unrevoke_assertion(assertion=second, by=sam, at=later).revoked_at is None
    assert unrevoke_assertion(assertion=over, by=sam, at=later).revoked_at is None


def test_who_declined_finds_the_place_taken_too(badge, sam, now):
    award = _award(badge, "one@mail.example.org", sam, now)
    decline_assertion(assertion=award, note="", by=None, at=now)
    BadgeClass.objects.filter(pk=badge.pk).update(award_cap=1)
    _award(badge, "two@mail.example.org", sam, now)

    with pytest.raises(PlaceTaken) as refused:
        undo_decline(assertion=award, by=None, at=now)
    assert refused.value.message == (
        "Somebody else has the last place of “Forklift Safety” now. Ask Acme Academy whether there is another one."
    )


@pytest.mark.postgres  # SQLite knows one writer at a time, and cleans up in a way that the trail refuses
@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_take_the_last_place_together(badge, sam, now):
    badge.award_cap = 1
    badge.save()
    start = threading.Barrier(2)

    def award(email: str) -> str:
        try:
            start.wait(timeout=10)
            _award(badge, email, sam, now)
        except CapReached:
            return "refused"
        finally:
            connection.close()
        return "awarded"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(award, ["one@mail.example.org", "two@mail.example.org"]))

    assert answers == ["awarded", "refused"]
    assert Assertion.objects.count() == 1


def test_a_pilot_is_for_its_testers_alone(badge, acme, sam, now):
    BadgeClass.objects.filter(pk=badge.pk).update(status=BadgeClass.Status.PILOT)
    pilot = Pilot.objects.create(badge_class=badge, started_at=now, ends_on=now.date() + timedelta(days=30))
    una = PersonFactory.create(organisation=acme, email="una@acme.example.org")
    boss = PersonFactory.create(organisation=acme, email="boss@acme.example.org")
    PilotMember.objects.create(pilot=pilot, person=una)
    PilotMember.objects.create(pilot=pilot, person=boss, part=PilotMember.Part.MANAGER)

    assert _award(badge, "una@acme.example.org", sam, now).recipient_key == "una@acme.example.org"
    for email in ["boss@acme.example.org", "rita@mail.example.org"]:
        with pytest.raises(NotATester) as refused:
            _award(badge, email, sam, now)
    assert "test group only" in refused.value.message


def test_programs_get_code_and_sentence(client, audience, academy, now):
    ApiTokenFactory.create(issuer=academy, secret=f"bdg_{'a' * 40}", scopes=[TokenScope.AWARDS_WRITE])

    response = client.post(
        reverse("api:badge-assertions", args=[audience.pk]),
        {"email": "olaf@acme.example.org"},
        content_type="application/json",
        headers={"Authorization": f"Bearer bdg_{'a' * 40}"},
    )

    assert (response.status_code, response.json()["code"]) == (409, "not_in_audience")
    assert "Change the person’s department or role under People" in response.json()["message"]


def test_the_form_says_beforehand_whom_it_is_for(as_sam, audience, acme):
    audience.award_cap = 3
    audience.save()
    url = reverse("assertions:award", args=[acme.slug, audience.pk])

    text = as_sam.get(url).text
    refused = as_sam.post(
        url,
        {
            "email": "olaf@acme.example.org",
            "issued_on": "2026-03-02",
            "expiry": "badge",
            "evidence-TOTAL_FORMS": "0",
            "evidence-INITIAL_FORMS": "0",
        },
    )

    assert "It is for Crane Operator, Terminal Operations." in text
    assert "3 of 3 places are left." in text
    assert refused.status_code == 422
    assert "nobody with this address is among them" in refused.context["form"].errors["email"][0]


def test_suggestions_put_the_audience_first(as_sam, audience, acme):
    for number in range(9):
        PersonFactory.create(organisation=acme, name=f"A Person {number}", email=f"p{number}@acme.example.org")

    response = as_sam.post(
        reverse("assertions:award-people", args=[acme.slug, audience.pk]), {"email": "acme.example.org"}
    )

    names = re.findall(r'data-name="([^"]*)"', response.text)
    assert len(names) == 7
    assert sorted(names[:2]) == ["Kim", "Una"]
