"""A framework as large as ESCO, and how long somebody waits who types into its search."""

import random
import statistics
import time
from collections.abc import Callable, Sequence

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from badges.models import Competency, Framework
from badges.models.framework import search_text
from issuers.models import Organisation
from tests.factories.badges import FrameworkFactory

SKILLS = 14_000
_NAMES = (
    "operate manage assess prepare maintain customer equipment material process quality report safety team machine "
    "software welding conflict repair design cargo inspect analyse documents technical training hygiene animals energy "
    "laboratory textile vehicles negotiation listening scheduling programming statistics therapy nutrition harvesting"
)
WORDS = _NAMES.split()
#: What people type, letter by letter and whole.
TYPED = ["we", "weld", "welding", "manage", "conflict mana", "safety rep", "s", "a", "team train", "nobody types this"]


def large_framework(organisation: Organisation) -> Framework:
    """Return a framework with as many skills, and names, other names and descriptions as long, as ESCO's."""
    chance = random.Random(4)  # noqa: S311 -- names of skills are no secrets
    framework = FrameworkFactory.create(organisation=organisation, name="As large as ESCO")

    def words(number: int) -> str:
        return " ".join(chance.choices(WORDS, k=number))

    def skill(number: int) -> Competency:
        name, other = f"{words(chance.randint(2, 5))} {number}", [words(4) for _ in range(chance.randint(0, 9))]
        return Competency(
            framework=framework,
            uri=f"https://skills.example.org/{number}",
            name=name,
            other_names="\n".join(other),
            description=words(chance.randint(25, 70)),
            search=search_text(name, "", other),
            position=number,
            updated_at=timezone.now(),
        )

    Competency.objects.bulk_create((skill(number) for number in range(SKILLS)), batch_size=2_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return framework


def waits(ask: Callable[[str], None], texts: Sequence[str], rounds: int = 6) -> tuple[float, float]:
    """Return the median and the 95th percentile of how long `ask` takes for these texts, in milliseconds."""
    taken = [elapsed(lambda typed=typed: ask(typed)) for _ in range(rounds) for typed in texts]
    return statistics.median(taken) * 1000, statistics.quantiles(taken, n=20)[-1] * 1000


def search(client: Client, organisation: Organisation, typed: str) -> None:
    answer = client.get(reverse("badges:search-competencies", args=[organisation.slug]), {"q": typed})
    if answer.status_code != 200:
        raise RuntimeError(f"The search answered {answer.status_code}.")


def bare_scan() -> None:
    """The baseline: the database alone, looking for one text in the same column of every row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM badges_competency WHERE search LIKE %s LIMIT 20", ["%welding%nowhere%"])
        cursor.fetchall()


def elapsed(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
