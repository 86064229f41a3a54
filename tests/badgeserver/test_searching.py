import pytest

from assertions.models import Assertion
from badgeserver.searching import having, plain, searchable
from issuers.actions.workforce import PersonFields, edit_person, import_people, remove_person, restore_person
from issuers.models import Person
from tests.factories.issuers import PersonFactory


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("Zoë  MÜLLER-Straße", "zoe muller strasse"),
        ("Ada.Osei+it@mail.example.org", "ada osei+it mail example org"),
        ("C++ & C#, 100%_\\", "c++ c# 100"),
        ("Ｗｉｄｅ ﬁ", "wide fi"),
        ("e\u0301\x00", "e"),
        ("%", ""),
    ],
)
def test_texts_are_searched_without_case_accents_and_punctuation(text, searched):
    assert searchable(text) == searched


def test_plain_text_keeps_its_punctuation():
    assert plain("Éa-ß_%") == "ea-ss_%"


def test_column_follows_the_columns_that_it_names(acme, ada, now):
    person = PersonFactory.create(organisation=acme, name="Zoë Yard", job_title="Welder", email="zoe@x.example.org")
    assert person.search == "welder zoe x example org\nzoe yard\n"

    person = edit_person(person=person, fields=PersonFields(name="Bö", email="zoe@x.example.org"), by=ada, at=now)
    assert Person.objects.get().search == person.search == " zoe x example org\nbo\n"

    people = [PersonFields(name="Chloé", email="zoe@x.example.org"), PersonFields(name="Dan", email="d@x.example.org")]
    import_people(organisation=acme, people=people, by=ada, at=now)
    assert [one.search.split("\n")[1] for one in Person.objects.order_by("name")] == ["chloe", "dan"]

    rows = remove_person(person=Person.objects.get(name="Dan"), by=ada, at=now)
    restore_person(organisation=acme, rows=rows, by=ada, at=now)
    assert Person.objects.get(having(["dan", "d"])).name == "Dan"


def test_award_is_searched_by_its_recipient(assertion):
    assert Assertion.objects.get().search == "rita mail example org\nrita castle\n"
