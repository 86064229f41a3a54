"""A table becomes drafts: all of them or none, once, and back again."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from badges.actions.badge_classes import delete_drafts, fields_of
from badges.actions.forgotten_plans import FOLDER, clear_forgotten_plans, forget_plan, restore_plan
from badges.actions.plans import (
    CellRefused,
    PlanRefused,
    bring_plan,
    change_plan_row,
    leave_out_plan_row,
    make_drafts,
    read_plan_as,
    undo_drafts,
)
from badges.models import BadgeClass, Category, Plan, StepKind, Validity, Visibility
from badges.plans.drafts import MAKE_ANYWAY, State
from badges.plans.known import read_plan
from badges.plans.reading import read_file, read_text
from badges.plans.writing import said_by_badge, write_table
from badgeserver.audit.models import AuditEvent
from tests.badges.plans.documents import docx_plan, xlsx_plan
from tests.factories.accounts import UserFactory
from tests.factories.badges import BadgeClassFactory, EarningStepFactory, PlanFactory
from tests.factories.issuers import IssuerFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(academy, ada, now):
    """`bring(text)`: a plan of Acme from a pasted table, or from what was read."""

    def act(brought) -> Plan:
        brought = read_text(brought) if isinstance(brought, str) else brought
        return bring_plan(
            organisation=academy.organisation, issuer=academy, name="plan", brought=brought, by=ada, at=now
        )

    return act


def states(plan, now) -> list[State]:
    return [row.state for row in read_plan(Plan.objects.get(pk=plan.pk), today=now.date()).rows]


def problems(plan, now, number: int = 0) -> list[str]:
    row = read_plan(Plan.objects.get(pk=plan.pk), today=now.date()).rows[number]
    return [problem.sentence for problem in row.problems]


def test_word_document_becomes_twelve_drafts(bring, acme, ada, now):
    plan = bring(read_file(docx_plan()))
    made = make_drafts(plan=plan, by=ada, at=now)

    assert [badge.status for badge in made] == ["DRAFT"] * 12
    listening, talks = BadgeClass.objects.get(name="Active Listening"), BadgeClass.objects.get(name__startswith="Diffi")
    said = fields_of(listening)
    assert (said.description, said.level, said.validity, said.validity_months, said.tags) == (
        "Listens so that others say what matters.", 2, Validity.MONTHS, 24, ("feedback", "teamwork"))  # fmt: skip
    assert [(step.kind, step.text) for step in said.steps] == [
        (StepKind.COURSE, "Listening in conversations"),
        (StepKind.ON_THE_JOB, "Lead three one-to-one talks"),
        (StepKind.ASSESSMENT, "A colleague observes one of them"),
    ]
    assert listening.next_level == talks
    assert [one.name for one in listening.departments.order_by("name")] == ["Customer Service", "Sales"]
    assert next((step.kind, step.text, step.required_badge) for step in fields_of(talks).steps) == (
        StepKind.BADGE, "Hold “Active Listening”", listening)  # fmt: skip
    assert BadgeClass.objects.get(name="Crane Signals").validity_until == date(2032, 12, 31)
    assert {one.name for one in acme.departments.all()} == {"Customer Service", "Sales", "Warehouse", "Finance"}
    assert problems(plan, now, 10) == []
    assert AuditEvent.objects.get(type="plan.drafted").details["count"] == 12


def test_second_call_makes_nothing(bring, ada, now):
    plan = bring("Name\tLevel\nA\t2\nB\t3")
    assert len(make_drafts(plan=plan, by=ada, at=now)) == 2
    assert make_drafts(plan=plan, by=ada, at=now) == []
    assert BadgeClass.objects.count() == 2


def test_refused_plan_leaves_nothing_half_made(bring, acme, academy, ada, now):
    plan = bring("Name\tDepartment\nA\tSales\nB\tYard")
    academy.signing_keys.all().delete()
    academy.delete()
    with pytest.raises(PlanRefused, match="Set up an issuer first"):
        make_drafts(plan=plan, by=ada, at=now)
    assert (BadgeClass.objects.count(), plan.rows.count(), acme.departments.count()) == (0, 0, 0)


def test_departments_are_not_made_unasked(bring, acme, ada, now):
    plan = bring("Name\tDepartment\tRoles\nA\tSales\tLead")
    made = make_drafts(plan=plan, by=ada, at=now, make_missing=False)
    assert (acme.departments.count(), acme.job_roles.count(), made[0].departments.count()) == (0, 0, 0)


def test_row_waits_until_it_has_a_name_of_its_own(bring, academy, ada, now):
    BadgeClassFactory.create(issuer=academy, name="Knots")
    plan = bring("Name\tDescription\tLevel\n\tno name\t1\nKnots\tties\t2\nCranes\tlifts\t3\ncranes\tagain\t4\n"
                 f"{'x' * 121}\tlong\t1")  # fmt: skip
    assert states(plan, now) == [State.HELD, State.HELD, State.READY, State.HELD, State.HELD]
    assert [problems(plan, now, row) for row in (0, 1, 3, 4)] == [
        ["Give this badge a name, or leave the row out."],
        ["You have a badge of this name. It is left out, unless you make it anyway."],
        ["Row 3 has this name already. Give it another one, leave it out, or make both."],
        ["This name has 121 characters; 120 fit. Shorten it, or leave the row out."],
    ]
    change_plan_row(plan=plan, position=1, changes={"name": "Splices"}, by=ada, at=now)
    change_plan_row(plan=plan, position=2, changes={MAKE_ANYWAY: "1"}, by=ada, at=now)
    leave_out_plan_row(plan=plan, position=3, is_left_out=True, by=ada, at=now)
    assert states(plan, now) == [State.READY, State.READY, State.LEFT_OUT, State.READY, State.HELD]
    assert [badge.name for badge in make_drafts(plan=plan, by=ada, at=now)] == ["Splices", "Knots", "cranes"]
    assert states(plan, now) == [State.DONE, State.DONE, State.LEFT_OUT, State.DONE, State.HELD]


def test_what_is_not_understood_is_asked_and_answered(bring, ada, now):
    plan = bring("Name\tLevel\tValid for\tNext badge\tInternal\nA\tsenior?\tsoon\tNowhere\tmaybe\nB\t1\t\tA\t")
    assert problems(plan, now) == [
        "Which level is “senior?”?",
        "How long is “soon”? Write “2 years”, “18 months”, a day, or “never”.",
        "Is “maybe” internal only?",
        "There is no badge “Nowhere”, here or in the plan. It stays without a next level.",
    ]
    changes = {"level": "4", "validity": "2 years", "next_badge": "B", "internal": "INTERNAL"}
    change_plan_row(plan=plan, position=1, changes=changes, by=ada, at=now)
    assert problems(plan, now) == ["These levels lead in a circle. It stays without a next level."]
    made = make_drafts(plan=plan, by=ada, at=now)
    first = BadgeClass.objects.get(pk=made[0].pk)
    assert (first.level, first.validity_months, first.visibility) == (4, 24, Visibility.INTERNAL)
    assert [badge.next_level for badge in BadgeClass.objects.order_by("name")].count(None) == 1


def test_badges_that_ask_for_one_another_are_not_a_circle(bring, ada, now):
    plan = bring("Name\tSteps\nA\tBadge: B\nB\tBadge: A\nC\tBadge: Unheard of")
    made = make_drafts(plan=plan, by=ada, at=now)
    kinds = [[(step.kind, step.text) for step in badge.earning_steps.all()] for badge in made]
    assert kinds == [[("BADGE", "Hold “B”")], [("ON_THE_JOB", "A")], [("ON_THE_JOB", "Unheard of")]]


def test_addresses_and_long_texts_do_not_get_into_a_badge(bring, ada, now):
    plan = bring(f"Name\tDescription\tCriteria\nA\t{'word ' * 200}\tWrite to ada@example.org")
    assert problems(plan, now) == [
        "It has 999 characters and is cut; 500 fit.",
        "Badges are public: take the e-mail address out. Until then this text is left out.",
    ]
    made = make_drafts(plan=plan, by=ada, at=now)[0]
    assert (len(made.description) <= 500, made.criteria_narrative) == (True, "")


def test_undo_deletes_the_untouched_and_keeps_the_others(bring, ada, now, frozen):
    plan = bring("Name\tSteps\tNext badge\nA\tBadge: B\tB\nB\tBadge: C\tC\nC\tdo\t\nD\tdo\t")
    made = make_drafts(plan=plan, by=ada, at=now)
    BadgeClass.objects.filter(pk=made[1].pk).update(updated_at=now.replace(hour=23))  # B asks for C, so C stays too
    assert undo_drafts(plan=plan, by=ada, at=now) == (2, 2)
    assert [badge.name for badge in BadgeClass.objects.by_name()] == ["B", "C"]
    assert states(plan, now) == [State.READY, State.DONE, State.DONE, State.READY]
    assert len(make_drafts(plan=plan, by=ada, at=now)) == 2


def test_undo_of_all_takes_the_plan_back_to_where_it_was(bring, ada, now):
    plan = bring("Name\tSteps\nA\tBadge: B\nB\tdo")
    make_drafts(plan=plan, by=ada, at=now)
    assert undo_drafts(plan=plan, by=ada, at=now) == (2, 0)
    plan.refresh_from_db()
    assert (plan.finished_at, BadgeClass.objects.count()) == (None, 0)


def test_plan_is_read_in_another_way_until_it_has_drafts(bring, ada, now):
    plan = bring("Name\tType\nA\tFun")
    read = read_plan_as(plan=plan, columns=["name", ""], header_rows=0, by=ada, at=now)
    assert (read.columns, read.header_rows) == (["name", ""], 0)
    assert read_plan_as(plan=plan, turn=True, by=ada, at=now).tables[0]["turned"] is True
    for wrong in [{"table": 5}, {"header_rows": 99}, {"columns": ["password"]}, {"columns": ["name", "name"]}]:
        with pytest.raises(PlanRefused):
            read_plan_as(plan=plan, by=ada, at=now, **wrong)
    read_plan_as(plan=plan, turn=True, by=ada, at=now)
    make_drafts(plan=plan, by=ada, at=now)
    with pytest.raises(PlanRefused, match="Drafts were made"):
        read_plan_as(plan=plan, columns=["", "name"], by=ada, at=now)


def test_cells_and_rows_that_are_not_there_are_refused(bring, ada, now):
    plan = bring("Name\tLevel\nA\t2")
    with pytest.raises(PlanRefused):
        change_plan_row(plan=plan, position=0, changes={"name": "x"}, by=ada, at=now)
    with pytest.raises(PlanRefused):
        leave_out_plan_row(plan=plan, position=2, is_left_out=True, by=ada, at=now)
    for changes in [{"password": "x"}, {"name": "x" * 20_001}]:
        with pytest.raises(CellRefused):
            change_plan_row(plan=plan, position=1, changes=changes, by=ada, at=now)
    assert change_plan_row(plan=plan, position=1, changes={"name": "a\x00b"}, by=ada, at=now).changes == {"name": "ab"}


def test_forgotten_plan_comes_back_with_its_corrections(bring, acme, ada, now, django_capture_on_commit_callbacks):
    plan = bring("Name\tLevel\nA\t2\nB\t3\nC\t4")
    change_plan_row(plan=plan, position=2, changes={"name": "Berth"}, by=ada, at=now)
    leave_out_plan_row(plan=plan, position=3, is_left_out=True, by=ada, at=now)
    made = make_drafts(plan=plan, by=ada, at=now)
    before = Plan.objects.filter(pk=plan.pk).values().get()
    forget_plan(plan=plan, by=ada, at=now)
    made[0].delete()
    with django_capture_on_commit_callbacks(execute=True):
        restored = restore_plan(organisation=acme, plan=plan.pk, by=ada, at=now + timedelta(hours=23))
    assert Plan.objects.filter(pk=restored.pk).values().get() == before
    rows = restored.rows.values_list("position", "changes", "is_left_out", "badge_class")
    assert list(rows) == [(1, {}, False, None), (2, {"name": "Berth"}, False, made[1].pk), (3, {}, True, None)]
    assert default_storage.listdir(f"{FOLDER}/{now:%Y-%m-%d}") == ([], [])
    assert restore_plan(organisation=acme, plan=plan.pk, by=ada, at=now) == restored
    assert AuditEvent.objects.filter(type="plan.restored").count() == 1


def test_forgotten_plan_can_be_forgotten_again(bring, acme, ada, now):
    plan = bring("Name\nA")
    forget_plan(plan=plan, by=ada, at=now)
    again = restore_plan(organisation=acme, plan=plan.pk, by=ada, at=now)
    change_plan_row(plan=again, position=1, changes={"name": "Later"}, by=ada, at=now)
    forget_plan(plan=again, by=ada, at=now)
    restored = restore_plan(organisation=acme, plan=plan.pk, by=ada, at=now)
    assert restored.rows.get().changes == {"name": "Later"}


def test_plan_is_brought_back_only_in_time_and_by_its_own(bring, acme, ada, now):
    plan = bring("Name\nA")
    forget_plan(plan=plan, by=ada, at=now)
    elsewhere = OrganisationFactory.create()
    for organisation, at in [(elsewhere, now), (acme, now + timedelta(days=2))]:
        with pytest.raises(PlanRefused, match="forgotten for good"):
            restore_plan(organisation=organisation, plan=plan.pk, by=ada, at=at)
    clear_forgotten_plans(at=now + timedelta(days=1))
    assert len(default_storage.listdir(f"{FOLDER}/{now:%Y-%m-%d}")[1]) == 1
    clear_forgotten_plans(at=now + timedelta(days=2))
    assert default_storage.listdir(FOLDER) == ([], [])
    with pytest.raises(PlanRefused, match="forgotten for good"):
        restore_plan(organisation=acme, plan=plan.pk, by=ada, at=now)


def test_plan_comes_back_without_who_is_gone(bring, acme, academy, now):
    gone = UserFactory.create()
    plan = bring_plan(organisation=acme, issuer=IssuerFactory.create(organisation=acme), name="x",
                      brought=read_text("Name\nA"), by=gone, at=now)  # fmt: skip
    forget_plan(plan=plan, by=gone, at=now)
    plan.issuer.delete()
    gone.delete()
    restored = restore_plan(organisation=acme, plan=plan.pk, by=UserFactory.create(), at=now)
    assert (restored.issuer, restored.created_by) == (None, None)


def test_forgotten_plan_leaves_its_drafts(bring, ada, now):
    plan = bring("Name\tLevel\nA\t2")
    make_drafts(plan=plan, by=ada, at=now)
    forget_plan(plan=plan, by=ada, at=now)
    assert (Plan.objects.count(), BadgeClass.objects.count()) == (0, 1)


def test_plan_without_a_single_name_says_so(ada, acme, now):
    plan = PlanFactory.create(issuer__organisation=acme, columns=["", "description", "", ""])
    with pytest.raises(PlanRefused, match="No row is ready"):
        make_drafts(plan=plan, by=ada, at=now)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv"])
def test_programme_taken_away_and_brought_again_is_the_same(kind, bring, acme, ada, now):
    headings = ["Name", "Description", "Issuer", "Level", "Steps", "Criteria", "Learned", "Assessed", "Applied",
                "Useful for", "Category", "Purpose", "Basis", "Departments", "Roles", "Competencies", "Tags",
                "Validity", "Next badge", "Internal", "Cap", "Alt text"]  # fmt: skip
    first = ["+Ropes", "-Ties; a ship", "Acme Academy", "2",
             "1. Course: Knots, in depth; twice (https://example.org/k)\n2. Work: Moor: ships\n3. Badge: Cranes",
             "Show it.\n\n- twice", "To tie.", "By a boatman.", "At the pier.", "Boatmen", "Durable skill",
             "Compliance", "Measurement", "Harbour\nYard", "Boatman", "Knots [K1] https://example.org/s (ESCO) – Ties",
             "sea, rope", "18 months", "Cranes", "yes", "12", "A rope"]  # fmt: skip
    second = ["Cranes", "@lifts", "", "", "1. Do one thing; and another", *[""] * 5, "Values", "Fun", "Progress",
              *[""] * 4,              "2031-05-06", "", "", "", ""]  # fmt: skip
    make_drafts(plan=bring(read_file(xlsx_plan([first, second], headings))), by=ada, at=now)

    def said() -> list[dict[str, str]]:
        return [said_by_badge(badge) for badge in BadgeClass.objects.by_name()]

    before = said()
    assert {one["name"] for one in before} == {"+Ropes", "Cranes"}
    taken = read_file(write_table(kind, title="Acme", rows=before))
    again = bring(taken)
    assert states(again, now) == [State.HELD, State.HELD]  # both are there already
    BadgeClass.objects.filter(earning_steps__required_badge__isnull=False).delete()
    BadgeClass.objects.all().delete()
    make_drafts(plan=again, by=ada, at=now)
    assert said() == before
    assert BadgeClass.objects.get(name="Cranes").category == Category.VALUES


def test_number_of_queries_does_not_grow_with_the_plan(bring, acme, now, django_assert_num_queries):
    counts = []
    for rows in (3, 300):
        text = "Name\tDepartment\tCompetency\n" + "\n".join(f"B{n}\tD{n}\tC{n}" for n in range(rows))
        plan = Plan.objects.get(pk=bring(text).pk)
        with django_assert_num_queries(7) as asked:
            assert len(read_plan(plan, today=now.date()).rows) == rows
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.postgres  # SQLite takes no more than 999 values at once, and so asks more often by itself
def test_drafts_are_made_and_undone_in_as_many_queries_however_many_they_are(bring, ada, now):
    counts = []
    for rows in (3, 60):
        lines = [
            f"B{n} of {rows}\tD{n % 3} {rows}\tC\t1. Course 2. Test\t{n % 4 + 1}\tB{n + 1} of {rows}"
            for n in range(rows)
        ]
        plan = bring("\n".join(["Name\tDepartment\tCompetency\tHow to earn it\tAward cap\tNext badge", *lines]))
        with CaptureQueriesContext(connection) as making:
            made = make_drafts(plan=plan, by=ada, at=now)
        badges = {one.pk: one for one in BadgeClass.objects.select_related("next_level")}
        said = [(badges[one.pk].name, str(badges[one.pk].next_level), badges[one.pk].award_cap) for one in made]
        last = (f"B{rows - 1} of {rows}", "None", (rows - 1) % 4 + 1)
        assert said == [(f"B{n} of {rows}", f"B{n + 1} of {rows}", n % 4 + 1) for n in range(rows - 1)] + [last]
        assert {one.departments.count() for one in made} == {1}
        told = AuditEvent.objects.filter(subject_id__in=[str(one.pk) for one in made])
        assert (
            sorted(told.values_list("type", flat=True))
            == ["badge_class.created"] * rows + ["badge_class.planned"] * rows
        )
        with CaptureQueriesContext(connection) as undoing:
            assert undo_drafts(plan=plan, by=ada, at=now) == (rows, 0)
        assert told.filter(type="badge_class.deleted").count() == rows
        counts.append((len(making), len(undoing)))
    assert BadgeClass.objects.count() == 0
    assert counts[0] == counts[1]


def test_draft_that_another_badge_asks_for_stays(bring, academy, ada, now):
    plan = bring("Name\nKnots\nSplices")
    knots, splices = make_drafts(plan=plan, by=ada, at=now)
    asking = BadgeClassFactory.create(issuer=academy)
    EarningStepFactory.create(badge_class=asking, kind=StepKind.BADGE, required_badge=knots)
    assert delete_drafts(drafts=[knots, splices], by=ada, at=now) == [splices]
    assert set(BadgeClass.objects.all()) == {asking, knots}


def test_ladder_that_goes_round_is_left_open(bring, ada, now):
    made = make_drafts(plan=bring("Name\tNext badge\nA\tB\nB\tC\nC\tA"), by=ada, at=now)
    assert [str(one.next_level) for one in BadgeClass.objects.filter(pk__in=[one.pk for one in made]).by_name()] == [
        "B", "C", "None"]  # fmt: skip
