"""Good badges with one thing changed: the validators' verdicts beside those of our own verifier, over one server."""

import pytest

from badgeserver.openbadges.verification import Verdict
from tests.conformance.trials import TRIALS, forgiven_names, overlooked_names

pytestmark = pytest.mark.conformance


def test_verdicts_are_the_expected_ones(tried):
    assert {name: (one.refused_by, one.ours) for name, one in tried.items()} == {
        name: (trial.refused_by, trial.ours) for name, trial in TRIALS.items()
    }


def test_we_call_nothing_valid_that_a_validator_refuses_but_for_what_the_standard_allows(tried):
    refused = {name for name, one in tried.items() if one.refused_by}

    assert {name for name in refused if tried[name].ours is Verdict.VALID} == forgiven_names()


def test_we_notice_what_validators_overlook(tried):
    accepted = {name for name, one in tried.items() if len(one.refused_by) < len(one.theirs.opinions)}

    assert {name for name in accepted if tried[name].ours is not Verdict.VALID} == overlooked_names()
