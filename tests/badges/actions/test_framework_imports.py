"""A framework file on its way in: kept, compared, taken over once, and never lost with its worker."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from badges.actions.framework_imports import (
    ImportRefused,
    apply_import,
    bring_framework_file,
    clear_old_imports,
    discard_import,
    queue_unfinished_imports,
    read_again,
    read_import,
    take_over,
)
from badges.frameworks.items import FrameworkFileRefused
from badges.models import Competency, Framework, FrameworkImport
from badgeserver.audit.models import AuditEvent
from tests.badges.frameworks.files import esco_zip, sample, table
from tests.factories.badges import (
    AlignmentFactory,
    BadgeClassFactory,
    CompetencyFactory,
    FrameworkFactory,
    FrameworkImportFactory,
)

State = FrameworkImport.State


@pytest.fixture
def bring(acme, ada, now):
    """Bring a file and take it over; returns the framework."""

    def act(data, name="skills.csv", **how: object):
        read = bring_framework_file(organisation=acme, file_name=name, data=data, by=ada, at=now, **how)
        assert (read.state, read.problem) == (State.READ, "")
        return apply_import(framework_import=read, by=ada, at=now).framework

    return act


def _names(framework, **like: object):
    return list(framework.competencies.filter(**like).order_by("position").values_list("name", flat=True))


@pytest.mark.parametrize(
    ("name", "data", "source", "called", "skills"),
    [
        ("warehouse.csv", sample("warehouse.csv"), "CSV", "warehouse", 6),
        ("skills_en.csv", sample("skills_en.csv"), "ESCO", "ESCO", 3),
        ("ESCO.zip", esco_zip(), "ESCO", "ESCO", 5),
        ("package.json", sample("case_package.json"), "CASE", "Trades Standards", 3),
        ("collection.json", sample("rsd_collection.json"), "RSD", "Care at the bedside", 2),
        ("skill.json", sample("rsd_single.json"), "RSD", "Open Skills", 1),
    ],
)
def test_each_format_becomes_a_framework(bring, acme, now, name, data, source, called, skills):
    made = bring(data, name)
    assert (made.source, made.name, made.organisation, made.imported_at) == (source, called, acme, now)
    assert made.competencies.count() == skills
    event = AuditEvent.objects.get(type="framework.imported")
    assert (event.details["new"], event.details["file"]) == (skills, name)


def test_skill_that_was_renamed_here_keeps_its_badges_when_its_old_name_comes_again(bring):
    framework = bring(table("name", "Communication", "Welding"))
    renamed = framework.competencies.get(name="Communication")
    renamed.name, renamed.search = "Written communication", "written communication"
    renamed.save()
    badge = AlignmentFactory.create(competency=renamed)
    for _time in range(2):
        bring(table("name", "Communication", "Written communication", "Welding"), framework=framework)
    badge.refresh_from_db()
    assert badge.competency.name == "Written communication"
    assert sorted(_names(framework, retired_at=None)) == ["Communication", "Welding", "Written communication"]


def test_comparison_comes_before_anything_changes(acme, ada, now):
    read = bring_framework_file(organisation=acme, file_name="w.csv", data=sample("warehouse.csv"), by=ada, at=now)
    assert Framework.objects.count() == 0
    counts = {name: read.changes[name] for name in ("new", "changed", "unchanged", "retired")}
    assert counts == {"new": 6, "changed": 0, "unchanged": 0, "retired": 0}
    assert read.changes["examples"]["new"][0] == {"name": "Warehouse", "code": "W"}
    assert read.changes["columns"]["parent"] == "Parent"


def test_tree_levels_and_search_are_taken_over(bring):
    made = bring(sample("warehouse.csv"))
    assert _names(made, parent__code="W") == ["Driving a forklift", "Loading a lorry", "Reading a délivery note"]
    assert [str(level) for level in made.levels.all()] == ["1 Knows about it", "2 Does it with help", "3 Does it alone"]
    assert made.competencies.get(code="W3").search == "\nreading a delivery note\nw3\nbill of lading\n"


def test_newer_file_keeps_ids_retires_and_leaves_alignments(bring, academy, now):
    made = bring(table("code,name", "A,Listening", "B,Asking", "C,Gone"), "talk.csv")
    ids = dict(made.competencies.values_list("code", "pk"))
    badge = BadgeClassFactory.create(issuer=academy)
    for position, code in enumerate("AC"):
        skill = made.competencies.get(code=code)
        AlignmentFactory.create(badge_class=badge, competency=skill, target_name=skill.name, position=position)
    again = bring(table("code,name,parent", "D,New,", "A,Active listening,D", "B,Asking,"), "talk.csv")
    assert again == made
    assert {code: pk for code, pk in made.competencies.values_list("code", "pk") if code != "D"} == ids
    assert _names(made, retired_at=None) == ["New", "Active listening", "Asking"]
    assert made.competencies.get(code="A").parent.name == "New"
    assert made.competencies.get(code="C").retired_at == now
    assert [(one.target_name, one.competency.code) for one in badge.alignments.all()] == [
        ("Listening", "A"),
        ("Gone", "C"),
    ]
    back = bring(table("code,name", "A,Active listening", "B,Asking", "C,Gone"), "talk.csv")
    assert _names(back, retired_at=None) == ["Active listening", "Asking", "Gone"]


def test_same_file_twice_changes_nothing(bring, acme, ada, now):
    bring(sample("case_package.json"))
    before = list(Competency.objects.order_by("pk").values())
    read = bring_framework_file(organisation=acme, file_name="x", data=sample("case_package.json"), by=ada, at=now)
    assert [read.changes[name] for name in ("new", "changed", "unchanged", "retired")] == [0, 0, 3, 0]
    apply_import(framework_import=read, by=ada, at=now + timedelta(days=1))
    assert list(Competency.objects.order_by("pk").values()) == before


def test_successors_of_a_case_framework_are_kept(bring):
    made = bring(sample("case_package.json"))
    document = json.loads(sample("case_package.json"))
    uris = [item["uri"] for item in document["CFItems"]]
    document["CFAssociations"].append(
        {"associationType": "replacedBy", "originNodeURI": {"uri": uris[1]}, "destinationNodeURI": {"uri": uris[2]}}
    )
    bring(json.dumps(document).encode())
    assert made.competencies.get(uri=uris[1]).successor == made.competencies.get(uri=uris[2])


def test_hand_made_framework_goes_on_by_a_table(bring, acme, now):
    own = FrameworkFactory.create(organisation=acme, name="Talk")
    skill = CompetencyFactory.create(framework=own, name="Listening")
    bring(table("code,name", "A,Listening", "B,Asking"), framework=own)
    skill.refresh_from_db()
    assert (skill.code, skill.uri, own.competencies.count()) == ("A", f"urn:uuid:{skill.pk}", 2)


def test_file_of_another_kind_is_refused_for_a_published_framework(bring, acme, ada, now):
    esco = bring(esco_zip(), "ESCO.zip")
    read = bring_framework_file(
        organisation=acme, framework=esco, file_name="w.csv", data=sample("warehouse.csv"), by=ada, at=now
    )
    assert read.state == State.REFUSED
    assert read.problem.startswith("“ESCO” comes from ESCO, and this file is something else")


def test_name_of_another_framework_is_refused(acme, ada, now):
    FrameworkFactory.create(organisation=acme, name="Care")
    read = bring_framework_file(
        organisation=acme, file_name="c.json", data=sample("rsd_collection.json"), name="Care", by=ada, at=now
    )
    assert (read.state, Framework.objects.count()) == (State.REFUSED, 1)
    assert read.problem == (
        "You have a framework called “Care” already. Bring the file again to update it, or give another name."
    )


def test_circle_is_told_and_read_flat_on_request(acme, ada, now):
    data = table("name,parent", "A,B", "B,A")
    read = bring_framework_file(organisation=acme, file_name="x.csv", data=data, by=ada, at=now)
    assert (read.state, read.changes["is_circle"]) == (State.REFUSED, True)
    assert read.problems == [{"row": 2, "sentence": "These go in a circle: “A” › “B” › “A”"}]
    flat = read_again(framework_import=read, flat=True, at=now)
    assert (flat.state, flat.changes["new"]) == (State.READ, 2)


def test_empty_and_huge_files_are_refused_at_once(acme, ada, now):
    for data in (b"", b" ", b"x" * (26 * 1024 * 1024)):
        with pytest.raises(FrameworkFileRefused):
            bring_framework_file(organisation=acme, file_name="x", data=data, by=ada, at=now)
    assert FrameworkImport.objects.count() == 0


def test_framework_of_another_organisation_is_refused(acme, elsewhere, ada, now):
    theirs = FrameworkFactory.create(organisation=elsewhere)
    with pytest.raises(ImportRefused):
        bring_framework_file(organisation=acme, framework=theirs, file_name="x", data=b"name\nA", by=ada, at=now)


def test_large_file_is_work_for_a_worker(acme, ada, now, django_capture_on_commit_callbacks):
    data = table(
        "code,name", *(f"S{number},Skill number {number} of a large framework {'x' * 60}" for number in range(3000))
    )
    with django_capture_on_commit_callbacks() as callbacks:
        waiting = bring_framework_file(organisation=acme, file_name="x.csv", data=data, by=ada, at=now)
        assert waiting.state == State.WAITING
    for callback in callbacks:
        callback()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.total) == (State.READ, 3000)
    with django_capture_on_commit_callbacks() as callbacks:
        assert apply_import(framework_import=waiting, by=ada, at=now).state == State.APPLYING
    for callback in callbacks:
        callback()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.framework.competencies.count()) == (State.DONE, 3000)


def test_taking_over_twice_does_it_once(acme, ada, now):
    read = bring_framework_file(organisation=acme, file_name="w.csv", data=sample("warehouse.csv"), by=ada, at=now)
    done = apply_import(framework_import=read, by=ada, at=now)
    with pytest.raises(ImportRefused):
        apply_import(framework_import=read, by=ada, at=now)
    take_over(framework_import=done, at=now)
    read_import(framework_import=done, at=now)
    assert AuditEvent.objects.filter(type="framework.imported").count() == 1


def test_killed_worker_loses_nothing_and_is_not_killed_for_ever(acme, now):
    row = FrameworkImportFactory.create(organisation=acme, created_at=now)
    assert queue_unfinished_imports(queued_before=now, at=now) == 0
    assert queue_unfinished_imports(queued_before=now + timedelta(minutes=5), at=now) == 1
    row.refresh_from_db()
    assert (row.state, row.total) == (State.READ, 2)
    hopeless = FrameworkImportFactory.create(organisation=acme, chosen={"attempts": 3})
    read_import(framework_import=hopeless, at=now)
    hopeless.refresh_from_db()
    assert (hopeless.state, hopeless.problem) == (
        State.REFUSED,
        "This was broken off several times, and was given up. Bring a smaller part of the framework.",
    )


def test_nothing_is_half_taken_over(acme, ada, now):
    read = bring_framework_file(organisation=acme, file_name="care.csv", data=b"name\nA\n", name="Care", by=ada, at=now)
    FrameworkFactory.create(organisation=acme, name="Care")  # somebody was quicker
    refused = apply_import(framework_import=read, by=ada, at=now)
    assert (refused.state, Framework.objects.count(), Competency.objects.count()) == (State.REFUSED, 1, 0)


def test_import_is_discarded_until_it_was_taken_over(acme, ada, now, django_capture_on_commit_callbacks):
    read = bring_framework_file(organisation=acme, file_name="w.csv", data=sample("warehouse.csv"), by=ada, at=now)
    storage, name = read.file.storage, read.file.name
    with django_capture_on_commit_callbacks(execute=True):
        discard_import(framework_import=read)
    assert (FrameworkImport.objects.count(), storage.exists(name)) == (0, False)
    done = bring_framework_file(organisation=acme, file_name="w.csv", data=sample("warehouse.csv"), by=ada, at=now)
    apply_import(framework_import=done, by=ada, at=now)
    with pytest.raises(ImportRefused):
        discard_import(framework_import=done)


def test_old_files_go_and_what_they_brought_stays(acme, ada, now, django_capture_on_commit_callbacks):
    done, waiting = (
        bring_framework_file(organisation=acme, file_name=f"{name}.csv", data=table("name", name), by=ada, at=now)
        for name in ("Knots", "Cranes")
    )
    apply_import(framework_import=done, by=ada, at=now)
    FrameworkImport.objects.filter(pk=waiting.pk).update(state=State.WAITING)
    young = bring_framework_file(
        organisation=acme, file_name="x.csv", data=table("name", "A"), by=ada, at=now + timedelta(days=1)
    )
    at = now + timedelta(days=30, hours=1)
    with django_capture_on_commit_callbacks(execute=True):
        assert clear_old_imports(at=at) == 1
    assert set(FrameworkImport.objects.all()) == {waiting, young}
    assert [default_storage.exists(one.file.name) for one in (done, waiting, young)] == [False, True, True]
    assert Competency.objects.get().name == "Knots"
    assert clear_old_imports(at=at) == 0
