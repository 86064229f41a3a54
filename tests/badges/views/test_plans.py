"""The pages of a plan: bringing it, looking it over, making drafts, taking it away."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from badges.models import BadgeClass, Plan
from badges.plans.reading import read_file
from tests.badges.plans.documents import docx_plan
from tests.factories.badges import BadgeClassFactory, PlanFactory

pytestmark = pytest.mark.django_db

PLANS = "/o/acme/plans/"
NEW = f"{PLANS}new/"


@pytest.fixture
def plan(academy) -> Plan:
    return PlanFactory.create(organisation=academy.organisation, issuer=academy)


@pytest.fixture
def url(plan) -> str:
    return f"{PLANS}{plan.pk}/"


def upload(data: bytes, name: str = "programme.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_word_document_becomes_drafts(as_ed, academy):
    answer = as_ed.post(NEW, {"file": upload(docx_plan()), "issuer": academy.pk}, follow=True)
    assert "12 of 12 rows become drafts" in answer.content.decode()
    done = as_ed.post(f"{answer.redirect_chain[-1][0]}drafts/make/", {"make_missing": "on"}, follow=True)
    page = done.content.decode()
    assert "12 drafts made." in page
    assert "a picture" in page
    assert BadgeClass.objects.filter(status="DRAFT").count() == 12
    assert as_ed.post(f"{done.redirect_chain[-1][0]}undo/", follow=True).status_code == 200
    assert BadgeClass.objects.count() == 0


def test_empty_list_says_what_to_do_first(as_ed, academy):
    assert "Begin with the table that you have" in as_ed.get(PLANS).content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose the file that has the plan"),
        ({"file": upload(b"%PDF-1.4 x", "plan.docx")}, "This is a PDF."),
        ({"file": upload(b"", "plan.docx")}, "This file is empty."),
        ({"text": "\x00"}, "This text contains an invisible character"),
        ({"text": "   \n"}, "Choose the file that has the plan"),
    ],
)
def test_what_is_no_plan_is_refused_beside_the_field(as_ed, academy, sent, sentence):
    answer = as_ed.post(NEW, {"issuer": academy.pk, **sent})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert Plan.objects.count() == 0


def test_pasted_text_stays_when_it_is_refused(as_ed, academy):
    answer = as_ed.post(NEW, {"text": "a,b\n" + "x," * 200, "issuer": academy.pk})
    assert answer.status_code == 422
    assert "x,x,x," in answer.content.decode()


def test_levels_to_choose_are_in_the_readers_language(as_ed, plan, url):
    page = as_ed.get(f"{url}rows/1/", HTTP_ACCEPT_LANGUAGE="de").content.decode()

    assert re.findall(r"<option value=\"([1-5])\"[^>]*>([^<]+)<", page) == [
        ("1", "1 Grundwissen"),
        ("2", "2 Anwendung"),
        ("3", "3 Praxis"),
        ("4", "4 Fortgeschritten"),
        ("5", "5 Expertise"),
    ]


def test_columns_are_read_in_another_way(as_ed, plan, url):
    columns = ["name", "learned", "level", ""]
    answer = as_ed.post(f"{url}columns/", {"table": "0", "header_rows": "1", "column": columns}, follow=True)
    assert answer.status_code == 200
    assert Plan.objects.get().columns == columns


@pytest.mark.parametrize(
    "sent",
    [
        {"table": "7"},
        {"header_rows": "99"},
        {"column": ["name", "name"]},
        {"column": ["__class__"]},
        {"column": ["x" * 500], "table": "a", "header_rows": "-1"},
    ],
)
def test_impossible_reading_is_refused_with_a_sentence(as_ed, plan, url, sent):
    answer = as_ed.post(f"{url}columns/", sent)
    assert (answer.status_code, "notice" in answer.content.decode()) == (422, True)
    assert Plan.objects.get().columns == plan.columns


def test_row_is_edited_in_its_place(as_ed, plan, url):
    form = as_ed.get(f"{url}rows/1/", HTTP_HX_REQUEST="true").content.decode()
    assert ("<html" in form, 'value="Knots"' in form) == (False, True)
    answer = as_ed.post(f"{url}rows/1/", {"act": "save", "name": "Splices", "level": "5"}, HTTP_HX_REQUEST="true")
    assert (answer.status_code, "Splices" in answer.content.decode()) == (200, True)
    assert plan.rows.get().changes == {"name": "Splices", "level": "5"}


def test_row_is_left_out_and_taken_in(as_ed, plan, url):
    assert (
        "1 of 2 rows become drafts" in as_ed.post(f"{url}rows/1/", {"act": "leave-out"}, follow=True).content.decode()
    )
    assert "2 of 2 rows become drafts" in as_ed.post(f"{url}rows/1/", {"act": "take-in"}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"act": "set", "field": "password", "text": "x"}, 422),
        ({"act": "set", "field": "name", "text": "x" * 30_000}, 422),
        ({"act": "save", "name": "x" * 30_000}, 422),
        ({"act": "save", "name": "a\x00b"}, 422),
        ({"act": "set", "field": "name", "text": "a\x00b"}, 302),
        ({"act": "nonsense"}, 302),
        ({}, 302),
    ],
)
def test_wrong_changes_of_a_row_break_nothing(as_ed, plan, url, sent, status):
    assert as_ed.post(f"{url}rows/1/", sent).status_code == status
    assert as_ed.get(url).status_code == 200


def test_row_that_is_not_there_is_not_found(as_ed, plan, url):
    assert [as_ed.get(f"{url}rows/{row}/").status_code for row in (0, 1, 2, 3, 10**30)] == [404, 200, 200, 404, 404]


def test_plan_without_names_asks_for_the_column(as_ed, plan, url):
    Plan.objects.update(columns=["", "description", "", ""])
    page = as_ed.get(url).content.decode()
    assert "0 of 2 rows become drafts" in page
    assert '<details class="disclosure plan-reading" open>' in page
    assert as_ed.post(f"{url}drafts/make/").status_code == 422


def test_second_press_makes_nothing_more(as_ed, plan, url):
    for _press in range(2):
        assert as_ed.post(f"{url}drafts/make/").status_code == 302
    assert BadgeClass.objects.count() == 2
    assert "Draft made" in as_ed.get(url).content.decode()


def test_forgotten_plan_is_gone(as_ed, plan, url):
    assert as_ed.post(f"{url}forget/").status_code == 302
    assert as_ed.get(url).status_code == 404


def test_forgetting_a_plan_is_undone_by_one_click(as_ed, plan, url):
    page = as_ed.post(f"{url}forget/", follow=True).content.decode()
    assert f'action="{url}restore/"' in page
    assert as_ed.get(f"{url}restore/").status_code == 405
    back = as_ed.post(f"{url}restore/", follow=True)
    assert (back.status_code, "is back, with what you corrected in it." in back.content.decode()) == (200, True)
    assert as_ed.post(f"{PLANS}{plan.issuer_id}/restore/", follow=True).redirect_chain[-1][0] == PLANS


@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv"])
def test_tables_are_taken_away_and_read_again(as_ed, academy, plan, url, kind):
    BadgeClassFactory.create(issuer=academy, name="Pilot boat", category="DURABLE")
    BadgeClassFactory.create(issuer=academy, name="Other", draft=True)
    names = []
    for address in (f"{url}table/", f"{PLANS}programme/", f"{PLANS}template/"):
        answer = as_ed.get(address, {"as": kind})
        assert answer.headers["Content-Disposition"].endswith(f'.{kind}"')
        rows = read_file(answer.content).tables[0]["rows"]
        names.append([row[0] for row in rows[1:]])
    assert names[:2] == [["Knots", "Cranes"], ["Other", "Pilot boat"]]
    assert all(name.startswith("Example:") for name in names[2])
    some = as_ed.get(f"{PLANS}programme/", {"as": kind, "status": "PUBLISHED", "category": "DURABLE"})
    assert [row[0] for row in read_file(some.content).tables[0]["rows"][1:]] == ["Pilot boat"]
    assert as_ed.get(f"{url}table/", {"as": "exe"}).status_code == 404


def test_template_makes_no_drafts_of_its_examples(as_ed, academy):
    template = as_ed.get(f"{PLANS}template/", {"as": "docx"}).content
    answer = as_ed.post(NEW, {"file": upload(template), "issuer": academy.pk}, follow=True)
    assert "0 of 3 rows become drafts" in answer.content.decode()


def test_nothing_that_is_taken_away_is_a_formula(as_ed, academy):
    BadgeClassFactory.create(issuer=academy, name='=HYPERLINK("https://evil.example")', description="+1")
    text = as_ed.get(f"{PLANS}programme/", {"as": "csv"}).content.decode("utf-8-sig")
    assert not re.search(r'(^|,)"?[=+@-]', text, re.MULTILINE)
    workbook = openpyxl.load_workbook(io.BytesIO(as_ed.get(f"{PLANS}programme/", {"as": "xlsx"}).content))
    assert "f" not in {cell.data_type for row in workbook.active.iter_rows() for cell in row}
    assert workbook.active["A2"].value == '=HYPERLINK("https://evil.example")'


@pytest.mark.parametrize("description", ["＝1+1", "＠SUM(1)", "- what one does first"])
def test_what_looks_like_a_formula_comes_back_as_it_was(as_ed, academy, description):
    BadgeClassFactory.create(issuer=academy, name="Cranes", description=description)
    sheet = as_ed.get(f"{PLANS}programme/", {"as": "csv"}).content
    assert f"'{description}" in sheet.decode("utf-8-sig")
    plan = as_ed.post(NEW, {"file": upload(sheet, "plan.csv"), "issuer": academy.pk}, follow=True)
    assert f">{description}<" in plan.text


def test_pages_ask_the_same_number_of_queries_for_few_and_for_many(as_ed, academy):
    def asked(address: str) -> int:
        as_ed.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert as_ed.get(address).status_code == 200
        return len(queries)

    counts: dict[str, set[int]] = {}
    for number in (3, 60):
        rows = [["Name", "Department"], *([f"Badge {number}-{n}", f"D{n}"] for n in range(number))]
        plan = PlanFactory.create(
            organisation=academy.organisation,
            issuer=academy,
            tables=[{"title": "", "rows": rows}],
            columns=["name", "departments"],
        )
        counts.setdefault("plan", set()).add(asked(f"{PLANS}{plan.pk}/"))
        as_ed.post(f"{PLANS}{plan.pk}/drafts/make/", {"make_missing": "on"})
        counts.setdefault("done", set()).add(asked(f"{PLANS}{plan.pk}/drafts/"))
        counts.setdefault("table", set()).add(asked(f"{PLANS}{plan.pk}/table/?as=csv"))
        counts.setdefault("programme", set()).add(asked(f"{PLANS}programme/?as=csv"))
        counts.setdefault("list", set()).add(asked(PLANS))
        PlanFactory.create_batch(5, organisation=academy.organisation, issuer=academy)
    assert {name: len(found) for name, found in counts.items()} == dict.fromkeys(counts, 1), counts


def test_text_of_a_plan_is_never_markup(as_ed, academy):
    rows = [["Name", "Description", "Level"], ["<script>x</script>", "<b>bold</b>", "<i>?"]]
    plan = PlanFactory.create(organisation=academy.organisation, issuer=academy, name="<u>.docx",
                              tables=[{"title": "<h1>", "rows": rows}], columns=["name", "description", "level"],
    )  # fmt: skip
    for address in (f"{PLANS}{plan.pk}/", f"{PLANS}{plan.pk}/rows/1/", PLANS):
        page = as_ed.get(address).content.decode()
        assert [tag for tag in ("<script>x", "<b>bold", "<i>?", "<u>.docx") if tag in page] == []


def test_drafts_of_a_large_plan_are_listed_page_by_page(as_ed, academy):
    text = "Name\n" + "\n".join(f"Badge {n:03}" for n in range(60))
    plan = as_ed.post(NEW, {"text": text, "issuer": academy.pk}, follow=True).redirect_chain[-1][0]
    done = as_ed.post(f"{plan}drafts/make/", follow=True)
    first, second = done.content.decode(), as_ed.get(f"{plan}drafts/", {"page": 2}).content.decode()
    assert ("60 drafts of this plan" in first, "60 drafts of this plan" in second) == (True, True)
    named = [[f"Badge {n:03}" for n in range(60) if f">Badge {n:03}</a>" in page] for page in (first, second)]
    assert named == [[f"Badge {n:03}" for n in range(50)], [f"Badge {n:03}" for n in range(50, 60)]]
