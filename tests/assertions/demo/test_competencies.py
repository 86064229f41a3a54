"""The demo's own framework: what its badges are aligned with is in it, once, and on one of its levels."""

from collections import Counter

from assertions.management.demo.badge_parts import HARBOUR_FRAMEWORK
from assertions.management.demo.competencies import AREAS, LEVELS, address_of
from assertions.management.demo.people import JOB_ROLES, PEOPLE, job_role
from assertions.management.demo.programme import BADGES

COMPETENCIES = {address_of(name): (f"HCF-{code}", name) for area in AREAS for code, name, _description in area}


def test_codes_and_addresses_are_unique():
    codes = [code for area in AREAS for code, _name, _description in area]

    assert len(set(codes)) == len(codes) == len(COMPETENCIES) == 41


def test_badges_are_aligned_with_what_is_there():
    ours = [one for badge in BADGES for one in badge.alignments if one.framework == HARBOUR_FRAMEWORK]

    assert [(one.code, one.name) for one in ours] == [COMPETENCIES.get(one.url) for one in ours]
    assert {one.level for one in ours} == {None, *range(1, len(LEVELS) + 1)}


def test_everybody_has_a_role_and_every_role_is_somebodys():
    held = Counter(job_role(person) for person in PEOPLE)

    assert sorted(held) == sorted(JOB_ROLES)
    assert held.most_common(1)[0][1] < len(PEOPLE) // 2
