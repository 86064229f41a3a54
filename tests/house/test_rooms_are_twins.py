"""Who knows one room finds the way in the others: the same shelves under the same names."""

import pytest

from tests.house.source import ROOM_SHELVES, ROOMS, ROOT


@pytest.mark.parametrize("room", ROOMS)
def test_room_has_the_shelves_of_every_room(room):
    has = {path.stem for path in (ROOT / room).iterdir() if not path.name.startswith(("__", "."))}

    assert ROOM_SHELVES["always"] - has == set()
    assert has - ROOM_SHELVES["always"] - ROOM_SHELVES["sometimes"] == set()
