"""What a newer file would change: found again by address, code or name."""

import pytest

from badges.frameworks.comparison import compare
from badges.frameworks.items import FrameworkFile, Item
from badges.models.framework import search_text
from tests.factories.badges import CompetencyFactory, FrameworkFactory


def _item(name, **said: object):
    return Item(name=name, **{"uri": f"name:{name.lower()}", **said})


def _file(*items: Item):
    return FrameworkFile(source="CSV", items=list(items))


def _told(found):
    return (
        [item.name for item in found.new],
        [(change.competency.name, change.item.name, change.what) for change in found.changed],
        [competency.name for competency, _item in found.unchanged],
        [competency.name for competency in found.retired],
    )


@pytest.fixture
def framework(acme):
    return FrameworkFactory.create(organisation=acme)


def _here(framework, name, **said: object):
    code = said.get("code", "")
    return CompetencyFactory.create(framework=framework, name=name, search=search_text(name, code, []), **said)


def test_items_are_known_by_address(framework):
    here = _here(framework, "Old name", uri="https://example.org/1")
    found = compare([here], _file(_item("New name", uri="https://example.org/1")))
    assert _told(found) == ([], [("Old name", "New name", ["name"])], [], [])


def test_items_are_known_by_code_when_their_address_changed(framework):
    here = _here(framework, "Listening", uri="https://old.example.org/1", code="A1")
    found = compare([here], _file(_item("Listening", uri="https://new.example.org/1", code="A1")))
    assert _told(found) == ([], [], ["Listening"], [])


def test_names_decide_where_nothing_has_an_address(framework):
    here = _here(framework, "Listening", uri="urn:uuid:1")
    assert _told(compare([here], _file(_item("listening")))) == ([], [("Listening", "listening", ["name"])], [], [])
    elsewhere = _here(framework, "Asking", uri="https://example.org/2")
    assert _told(compare([elsewhere], _file(_item("Asking")))) == (["Asking"], [], [], ["Asking"])


def test_what_a_row_is_called_now_goes_before_what_it_was_called_when_it_came(framework):
    renamed = _here(framework, "Written communication", uri="name:communication")
    found = compare([renamed], _file(_item("Communication"), _item("Written communication")))
    assert _told(found) == (["Communication"], [], ["Written communication"], [])
    coded = _here(framework, "Welding", uri="code:A1", code="W-01")
    items = [_item("Welding", uri="code:W-01", code="W-01"), _item("Adhesives", uri="code:A1", code="A1")]
    assert _told(compare([coded], _file(*items))) == (["Adhesives"], [], ["Welding"], [])


def test_row_that_was_renamed_here_alone_is_known_by_its_old_name(framework):
    renamed = _here(framework, "Written communication", uri="name:communication")
    told = _told(compare([renamed], _file(_item("Communication"))))
    assert told == ([], [("Written communication", "Communication", ["name"])], [], [])


def test_code_that_stands_twice_decides_nothing(framework):
    rows = [_here(framework, name, uri=f"urn:uuid:{name}", code="A") for name in ("One", "Two")]
    found = compare(rows, _file(_item("Three", uri="https://example.org/3", code="A")))
    assert _told(found) == (["Three"], [], [], ["One", "Two"])


def test_what_is_gone_is_retired_and_comes_back(framework, now):
    gone = _here(framework, "Gone", uri="https://example.org/1")
    back = _here(framework, "Back", uri="https://example.org/2", retired_at=now)
    found = compare([gone, back], _file(_item("Back", uri="https://example.org/2")))
    assert _told(found) == ([], [("Back", "Back", ["retired"])], [], ["Gone"])


def test_moving_below_another_parent_is_a_change(framework):
    parent = _here(framework, "Parent", uri="https://example.org/p")
    child = _here(framework, "Child", uri="https://example.org/c")
    items = [_item("Parent", uri=parent.uri), _item("Child", uri=child.uri, parent_uri=parent.uri)]
    assert _told(compare([parent, child], _file(*items))) == ([], [("Child", "Child", ["parent"])], ["Parent"], [])
    child.parent = parent
    assert _told(compare([parent, child], _file(*items))) == ([], [], ["Parent", "Child"], [])
