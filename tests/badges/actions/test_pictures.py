from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage

from badges.actions.pictures import clear_kept_pictures, keep_picture
from badges.queries import kept_picture
from badges.tasks import clear_kept_pictures as clear_task
from badgeserver.pictures import accept_picture
from tests.factories.badges import SVG, png


@pytest.mark.parametrize("data", [png(), SVG])
def test_kept_picture_comes_back_to_the_person_who_chose_it(ada, ed, now, data):
    picture = accept_picture(data)

    with time_machine.travel(now):
        token = keep_picture(picture=picture, by=ada, at=now)

        assert kept_picture(token, by=ada) == picture
        assert kept_picture(token, by=ed) is None


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c", "\x00", "ü" * 400])
def test_token_that_was_made_up_opens_nothing(ada, token):
    assert kept_picture(token, by=ada) is None


def test_token_runs_out_after_two_days(ada, now):
    with time_machine.travel(now, tick=False) as clock:
        token = keep_picture(picture=accept_picture(png()), by=ada, at=now)
        clock.shift(timedelta(days=2, seconds=1))

        assert kept_picture(token, by=ada) is None


def test_picture_that_was_cleared_is_not_there(ada, now):
    with time_machine.travel(now, tick=False):
        token = keep_picture(picture=accept_picture(png()), by=ada, at=now)
        clear_kept_pictures(at=now + timedelta(days=3))

        assert kept_picture(token, by=ada) is None


def test_clearing_leaves_what_a_token_still_opens(ada, now):
    for days in (0, 1, 3):
        keep_picture(picture=accept_picture(png()), by=ada, at=now + timedelta(days=days))

    clear_kept_pictures(at=now + timedelta(days=3))

    assert sorted(default_storage.listdir("badges/kept")[0]) == ["2026-03-03", "2026-03-05"]


def test_task_clears_when_nothing_was_ever_kept(db):
    clear_task.delay()

    assert default_storage.exists("badges/kept") is False
