"""The queue of the embedded mode."""

import threading
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES

import badgeserver.celery
from badgeserver.folder_queue import Channel


@pytest.fixture
def channel(tmp_path) -> Channel:
    folders = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "processed_folder": str(tmp_path / "queue" / "taken"),
        "control_folder": str(tmp_path / "queue" / "control"),
    }
    with Connection("folder://localhost//", transport_options=folders) as connection:
        yield connection.channel()


def test_celery_knows_the_queue_by_name():
    assert TRANSPORT_ALIASES["folder"] == "badgeserver.folder_queue:Transport"
    assert badgeserver.celery.app.connection().transport_cls == "folder"


def test_messages_come_in_the_order_in_which_they_went(channel):
    for number in range(20):
        channel._put("celery", {"number": number})

    assert [channel._get("celery")["number"] for _ in range(20)] == list(range(20))
    with pytest.raises(Empty):
        channel._get("celery")


def test_queues_do_not_meet(channel):
    channel._put("mails", {"for": "mails"})

    with pytest.raises(Empty):
        channel._get("celery")
    assert (channel._size("mails"), channel._get("mails"), channel._size("mails")) == (1, {"for": "mails"}, 0)


def test_a_message_that_is_being_written_is_not_there_yet(channel, tmp_path):
    (tmp_path / "queue" / ".1_draft.celery.msg").write_text('{"half', encoding="utf-8")

    with pytest.raises(Empty):
        channel._get("celery")


def test_each_message_goes_to_one_of_many_readers(channel):
    taken: list[int] = []

    def read() -> None:
        misses = 0
        while misses < 200:
            try:
                taken.append(channel._get("celery")["number"])
            except Empty:
                misses += 1

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(200):
        channel._put("celery", {"number": number})
    for reader in readers:
        reader.join()
    while channel._size("celery"):
        taken.append(channel._get("celery")["number"])

    assert sorted(taken) == list(range(200))
    assert list(Path(channel.processed_folder).iterdir()) == []
