import pytest

from badgeserver.audit.describe import describe
from badgeserver.audit.models import AuditEvent
from issuers.actions.roster import PersonFields
from issuers.actions.workforce import (
    GroupInUse,
    GroupMerged,
    GroupNameTaken,
    ImportedPeople,
    PersonNotBack,
    PersonTaken,
    add_group,
    add_person,
    compare_people,
    edit_person,
    import_people,
    merge_groups,
    remove_group,
    remove_person,
    rename_group,
    restore_group,
    restore_person,
)
from issuers.models import Department, JobRole, Person
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import DepartmentFactory, JobRoleFactory, PersonFactory

ZOE = PersonFields(
    name="Zoe Yard", email=" ZOE@x.example.org", department="Yard", job_role="Crane operator", job_title="Operator II"
)


@pytest.fixture
def zoe(acme, ada, now) -> Person:
    return add_person(organisation=acme, fields=ZOE, by=ada, at=now)


def said(person: Person) -> tuple[str, ...]:
    row = Person.objects.select_related("department", "job_role").get(pk=person.pk)
    return (row.name, row.email, str(row.department), str(row.job_role), row.job_title)


def trail() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("type", flat=True))


def test_add_person_makes_department_and_role(zoe):
    assert said(zoe) == ("Zoe Yard", "zoe@x.example.org", "Yard", "Crane operator", "Operator II")
    assert trail() == ["person.added"]


def test_history_never_says_who(zoe, ada, now):
    edit_person(person=zoe, fields=PersonFields(name="Zoe Pier", email="pier@x.example.org"), by=ada, at=now)
    remove_person(person=zoe, by=ada, at=now)

    events = list(AuditEvent.objects.order_by("pk"))
    assert [describe(event).sentence for event in events] == [
        "Put somebody on the people list",
        "Changed somebody on the people list",
        "Took somebody off the people list",
    ]
    assert [
        word for event in events for word in ("Zoe", "example.org") if word in f"{event.subject_name}{event.details}"
    ] == []


def test_add_person_finds_departments_whatever_their_case(acme, ada, now, zoe):
    fields = PersonFields(name="Ben", email="ben@x.example.org", department=" yard", job_role="CRANE OPERATOR")

    ben = add_person(organisation=acme, fields=fields, by=ada, at=now)

    assert (ben.department_id, ben.job_role_id) == (zoe.department_id, zoe.job_role_id)


def test_address_stands_once_in_an_organisation(acme, elsewhere, ada, now, zoe):
    with pytest.raises(PersonTaken, match="Zoe Yard is on the list"):
        add_person(organisation=acme, fields=PersonFields(name="Z", email="zoe@X.example.org"), by=ada, at=now)

    add_person(organisation=elsewhere, fields=ZOE, by=ada, at=now)
    assert Person.objects.count() == 2


def test_edit_person(acme, ada, now, zoe):
    ben = PersonFactory.create(organisation=acme, email="ben@x.example.org")
    edit_person(person=zoe, fields=PersonFields(name="Zoe", email="zoe@x.example.org"), by=ada, at=now)

    assert said(zoe) == ("Zoe", "zoe@x.example.org", "None", "None", "")
    assert AuditEvent.objects.last().details["changed"] == ["name", "department", "job_role", "job_title"]
    with pytest.raises(PersonTaken):
        edit_person(person=zoe, fields=PersonFields(name="Zoe", email=ben.email), by=ada, at=now)


def test_edit_person_unchanged_records_nothing(ada, now, zoe):
    edit_person(person=zoe, fields=ZOE, by=ada, at=now)

    assert trail() == ["person.added"]


def test_removal_can_be_taken_back(acme, ada, now, zoe):
    before = said(zoe)
    rows = remove_person(person=zoe, by=ada, at=now)
    assert Person.objects.count() == 0

    back = restore_person(organisation=acme, rows=rows, by=ada, at=now)

    assert (back.pk, said(back)) == (zoe.pk, before)
    assert trail() == ["person.added", "person.removed", "person.restored"]


@pytest.mark.parametrize("rows", ["[]", "nonsense", '[{"model": "issuers.nothing"}]'])
def test_restore_person_refuses_what_is_no_removal(acme, ada, now, rows):
    with pytest.raises(PersonNotBack):
        restore_person(organisation=acme, rows=rows, by=ada, at=now)


def test_restore_person_refuses_another_organisation_and_a_taken_address(acme, elsewhere, ada, now, zoe):
    rows = remove_person(person=zoe, by=ada, at=now)
    with pytest.raises(PersonNotBack):
        restore_person(organisation=elsewhere, rows=rows, by=ada, at=now)
    add_person(organisation=acme, fields=ZOE, by=ada, at=now)
    with pytest.raises(PersonNotBack):
        restore_person(organisation=acme, rows=rows, by=ada, at=now)
    assert Person.objects.count() == 1


def test_import_adds_and_updates_and_keeps_what_is_not_said(acme, elsewhere, ada, now, zoe):
    PersonFactory.create(organisation=elsewhere, email="new@x.example.org", name="Not ours")
    PersonFactory.create(organisation=acme, email="same@x.example.org", name="Same")
    people = [
        PersonFields(name="", email="zoe@x.example.org", department="Pier"),
        PersonFields(name="New", email="New@x.example.org", department="pier", job_role="Crane operator"),
        PersonFields(name="Same", email="same@x.example.org"),
    ]

    assert compare_people(organisation=acme, people=people) == ["changed", "added", "unchanged"]
    done = import_people(organisation=acme, people=people, by=ada, at=now)

    assert done == ImportedPeople(added=1, changed=1, unchanged=1, new_departments=1, new_job_roles=0)
    assert said(zoe) == ("Zoe Yard", "zoe@x.example.org", "Pier", "Crane operator", "Operator II")
    assert said(acme.people.get(email="new@x.example.org")) == (
        "New",
        "new@x.example.org",
        "Pier",
        "Crane operator",
        "",
    )
    assert compare_people(organisation=acme, people=people) == ["unchanged"] * 3
    assert elsewhere.people.get().name == "Not ours"
    assert describe(AuditEvent.objects.last()).sentence == "Imported people: 1 new, 1 changed, 1 as they were"


@pytest.mark.postgres  # SQLite writes no more than 999 values at once, so its batches grow with the rows
def test_import_takes_the_same_queries_for_each_length(acme, ada, now, django_assert_num_queries):
    for length in (3, 300):
        people = [
            PersonFields(name=f"P{n}", email=f"p{n}.{length}@x.example.org", department="D", job_role="R")
            for n in range(length)
        ]
        with django_assert_num_queries(10 if length == 3 else 8):  # the first makes department and role
            import_people(organisation=acme, people=people, by=ada, at=now)
    assert Person.objects.count() == 303


@pytest.mark.postgres  # SQLite takes text of any length, so nothing fails half-way there
def test_import_changes_all_or_nothing(acme, ada, now, zoe):
    people = [PersonFields(name="A", email="a@x.example.org"), PersonFields(name="B" * 500, email="b@x.example.org")]

    with pytest.raises(Exception, match=r"too long|varying"):
        import_people(organisation=acme, people=people, by=ada, at=now)
    assert Person.objects.count() == 1


@pytest.mark.parametrize("model", [Department, JobRole])
def test_groups_are_added_renamed_removed_and_restored(acme, ada, now, model):
    group = add_group(model=model, organisation=acme, name="Yard", by=ada, at=now)
    with pytest.raises(GroupNameTaken):
        add_group(model=model, organisation=acme, name="yard", by=ada, at=now)
    rename_group(group=group, name="YARD", by=ada, at=now)
    rename_group(group=group, name="YARD", by=ada, at=now)
    removed = remove_group(group=group, by=ada, at=now)
    back = restore_group(model=model, organisation=acme, pk=removed.pk, name=removed.name, by=ada, at=now)

    word = "department" if model is Department else "job_role"
    assert (back.pk, model.objects.get().name) == (removed.pk, "YARD")
    assert trail() == [f"{word}.added", f"{word}.renamed", f"{word}.removed", f"{word}.restored"]
    with pytest.raises(GroupNameTaken):
        restore_group(model=model, organisation=acme, pk=removed.pk, name="Yard", by=ada, at=now)


def test_rename_refuses_the_name_of_another(acme, ada, now):
    one, two = DepartmentFactory.create_batch(2, organisation=acme)
    with pytest.raises(GroupNameTaken):
        rename_group(group=one, name=two.name.upper(), by=ada, at=now)


def test_merge_moves_people_and_badges(acme, academy, ada, now, zoe):
    into = DepartmentFactory.create(organisation=acme, name="Pier")
    yard = zoe.department
    only_yard, both = BadgeClassFactory.create(issuer=academy), BadgeClassFactory.create(issuer=academy)
    only_yard.departments.add(yard)
    both.departments.add(yard, into)

    assert merge_groups(group=yard, into=into, by=ada, at=now) == 1

    assert [group.name for group in acme.departments.all()] == ["Pier"]
    assert [list(badge.departments.all()) for badge in (only_yard, both)] == [[into], [into]]
    assert said(zoe)[2] == "Pier"
    assert describe(AuditEvent.objects.last()).sentence == "Merged the department “Yard” into “Pier”"


def test_merge_refuses_itself_strangers_and_the_other_kind(acme, elsewhere, ada, now):
    yard = DepartmentFactory.create(organisation=acme)
    for into in (yard, DepartmentFactory.create(organisation=elsewhere), JobRoleFactory.create(organisation=acme)):
        with pytest.raises(GroupMerged):
            merge_groups(group=yard, into=into, by=ada, at=now)


def test_groups_in_use_are_not_removed(acme, academy, ada, now, zoe):
    with pytest.raises(GroupInUse, match="1 person is in “Yard”"):
        remove_group(group=zoe.department, by=ada, at=now)
    role = JobRoleFactory.create(organisation=acme, name="Lasher")
    BadgeClassFactory.create(issuer=academy).job_roles.add(role)
    with pytest.raises(GroupInUse, match="badges for “Lasher”"):
        remove_group(group=role, by=ada, at=now)
