"""A large organisation, and how long somebody waits who types into its palette."""

import json
import random
import uuid
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.urls import reverse

from assertions.models import Assertion
from badgeserver.openbadges.identity import normalize_email
from issuers.models import Organisation, Person
from tests.bench import skills
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import DepartmentFactory

PEOPLE = 20_000
_FIRST = (
    "Anna Bo Clara Dmitri Élise Farid Grace Hugo Ines Jürgen Katarzyna Liam Mei Noor Olga Priya Quentin Rita Søren "
    "Tomás Ursula Viktor Wanda Ximena Yusuf Zoë"
)
_LAST = (
    "Adeyemi Bergström Castle Dubois Eriksen Fischer García Haddad Ivanov Johansson Kowalski Lind Müller Novak Osei "
    "Petrov Quist Rossi Silva Tanaka Ueda Vogel Weber Xu Yılmaz Zimmermann"
)
_TITLES = ["Crane Operator", "Terminal Planner", "Welder", "Team Leader", "Data Analyst", "Safety Officer", "Nurse"]
#: What people type: names with and without accents, badges, two words, what nobody is called.
WORDS = ["anna", "mull", "müller", "tanaka cr", "rita novak", "we", "welding", "team lead", "nobody types this"]
LETTERS = ["a", "e", "s", "z"]


def large_organisation(assertion: Assertion) -> None:
    """Give the organisation of this award 20,000 people in forty departments, each with an award of one of 80 badges.

    Their documents are as long as real ones, but hold nothing.
    """
    chance, organisation = random.Random(5), assertion.issuer.organisation  # noqa: S311 -- names are no secrets
    departments = [DepartmentFactory.create(organisation=organisation) for _ in range(40)]
    people = [_person(organisation, number, chance) for number in range(PEOPLE)]
    for number, person in enumerate(people):
        person.department = departments[number % len(departments)]
    Person.objects.bulk_create(people, batch_size=2_000)
    names = [f"{one.title()} {other} {number}" for number, (one, other) in enumerate(_pairs(80, chance))]
    badges = [BadgeClassFactory.create(issuer=assertion.issuer, name=name) for name in names]
    for first in range(0, PEOPLE, 1_000):
        Assertion.objects.bulk_create(
            Assertion(
                badge_class=badges[number % len(badges)],
                issuer=assertion.issuer,
                signing_key=assertion.signing_key,
                origin=assertion.origin,
                recipient_email=person.email,
                recipient_key=person.email,
                recipient_name=person.name,
                salt="salt",
                signed_uuid=uuid.uuid4(),
                hosted_json=json.dumps({"narrative": _text(700, chance)}),
                signed_json=json.dumps({"narrative": _text(900, chance)}),
                jws=_text(1_800, chance),
                credential_jwt=_text(2_600, chance),
                **dict.fromkeys(
                    ["issued_at", "created_at", "queued_at", "finished_at"],
                    assertion.issued_at - timedelta(minutes=13 * number),
                ),
            )
            for number, person in enumerate(people[first : first + 1_000], start=first)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _person(organisation: Organisation, number: int, chance: random.Random) -> Person:
    first, last = chance.choice(_FIRST.split()), chance.choice(_LAST.split())
    address = "".join(c for c in f"{first}.{last}".lower() if c.isascii())
    return Person(
        organisation=organisation,
        name=f"{first} {last}",
        job_title=chance.choice(_TITLES),
        email=normalize_email(f"{address}.{number}@mail.example.org"),
    )


def _pairs(number: int, chance: random.Random) -> list[list[str]]:
    return [chance.sample(skills.WORDS, k=2) for _ in range(number)]


def _text(length: int, chance: random.Random) -> str:
    """Return text that does not compress well, as signatures do not."""
    return chance.randbytes(length // 2).hex()


def search(client: Client, organisation: Organisation, typed: str) -> None:
    headers = {"HX-Request": "true", "HX-Target": "palette-results"}
    answer = client.get(reverse("assertions:search", args=[organisation.slug]), {"q": typed}, headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"The search answered {answer.status_code}.")


def bare_scans() -> None:
    """The baseline: the database alone, looking for one text in the same columns of every row."""
    with connection.cursor() as cursor:
        for table in ("issuers_person", "assertions_assertion", "badges_competency"):
            cursor.execute(f"SELECT id FROM {table} WHERE search LIKE %s LIMIT 20", ["%anna%nowhere%"])  # noqa: S608
            cursor.fetchall()
