"""Every trial is judged once, by the validators and by our own verifier over the same server."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from badgeserver.openbadges import keys
from badgeserver.openbadges.verification import Verdict as OurVerdict
from badgeserver.openbadges.verification import verify
from tests.conformance.judge import Brought, Verdict, judge_all
from tests.conformance.street import street
from tests.conformance.trials import TRIALS
from tests.openbadges.verification.world import HOSTED


@dataclass(frozen=True, slots=True)
class Tried:
    """What came out of one trial."""

    theirs: Verdict
    ours: OurVerdict

    @property
    def refused_by(self) -> tuple[str, ...]:
        return tuple(name for name, opinion in self.theirs.opinions.items() if not opinion.valid)


@pytest.fixture(scope="session")
def tried() -> Mapping[str, Tried]:
    """Each trial by its name; half a minute for all of them."""
    ours, brought = [], []
    with street(keys.generate_private_key()) as houses:
        for number, trial in enumerate(TRIALS.values()):
            house = houses.build(str(number))
            source = trial.change(house.world) or HOSTED
            recipient = trial.recipient or None
            report = verify(source, fetch=house.fetch, now=datetime.now(tz=UTC), recipient=recipient)
            ours.append(report.verdict)
            brought.append(Brought(source, recipient and {"email": recipient}, house.public))
        theirs = judge_all(brought)
    return {name: Tried(*said) for name, said in zip(TRIALS, zip(theirs, ours, strict=True), strict=True)}
