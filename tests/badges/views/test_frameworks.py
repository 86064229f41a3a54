"""Frameworks in the workspace: list, tree, skills, the search while typing; and the pages for the world."""

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from badges.models import BadgeClass, Competency, Framework, FrameworkImport
from badges.models.framework import search_text
from tests.badges.frameworks.files import sample, table
from tests.factories.badges import (
    AlignmentFactory,
    BadgeClassFactory,
    CompetencyFactory,
    CompetencyLevelFactory,
    FrameworkFactory,
)

LIST = reverse("badges:frameworks", args=["acme"])
IMPORT = reverse("badges:import-framework", args=["acme"])
SEARCH = reverse("badges:search-competencies", args=["acme"])


def _url(name, thing):
    return reverse(f"badges:{name}", args=["acme", thing.pk])


def _said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def _names(response):
    return [row.competency.name for row in response.context["rows"]]


@pytest.fixture
def framework(acme):
    return FrameworkFactory.create(organisation=acme, name="Warehouse")


def _many(framework, number, **said: object):
    Competency.objects.bulk_create(
        Competency(
            framework=framework,
            uri=f"urn:uuid:{n}",
            name=f"Skill number {n}",
            search=search_text(f"Skill number {n}", "", []),
            position=n,
            updated_at=framework.created_at,
            **said,
        )
        for n in range(number)
    )


# --- Reading ---------------------------------------------------------------------------------------------------


def test_empty_list_says_what_to_do_first(as_ed, as_nora):
    assert "Bring the skills you work with" in as_ed.get(LIST).text
    assert "No frameworks yet" in as_nora.get(LIST).text


def test_list_counts_skills_and_those_with_a_badge(as_ada, framework, academy):
    skills = CompetencyFactory.create_batch(3, framework=framework)
    AlignmentFactory.create(badge_class=BadgeClassFactory.create(issuer=academy), competency=skills[0])
    AlignmentFactory.create(badge_class=BadgeClassFactory.create(issuer=academy, draft=True), competency=skills[1])
    line = as_ada.get(LIST).context["lines"][0]
    assert (line.framework, line.competencies, line.covered) == (framework, 3, 1)


def test_small_framework_is_one_tree(as_ada, framework):
    top = CompetencyFactory.create(framework=framework, name="Top", position=5)
    CompetencyFactory.create(framework=framework, name="Other", position=6)
    CompetencyFactory.create(framework=framework, name="Below", parent=top, position=9)
    answer = as_ada.get(_url("framework", framework))
    assert [(row.competency.name, row.depth) for row in answer.context["rows"]] == [
        ("Top", 1),
        ("Below", 2),
        ("Other", 1),
    ]


def test_large_framework_is_opened_branch_by_branch(as_ada, framework):
    top = CompetencyFactory.create(framework=framework, name="Top", position=0)
    _many(framework, 250, parent=top)
    url = _url("framework", framework)
    assert _names(as_ada.get(url)) == ["Top"]
    below = as_ada.get(url, {"under": top.pk})
    assert (_names(below)[0], below.context["page"].paginator.count) == ("Skill number 0", 250)
    for wrong in ("x", "\x00", str(framework.pk)):
        assert as_ada.get(url, {"under": wrong}).status_code == 404


def test_framework_page_asks_as_often_for_many_as_for_few(as_ada, framework, academy):
    _many(framework, 201)
    with CaptureQueriesContext(connection) as few:
        as_ada.get(_url("framework", framework))
    _many(FrameworkFactory.create(organisation=framework.organisation), 10)
    other = FrameworkFactory.create(organisation=framework.organisation)
    _many(other, 900)
    for skill in other.competencies.all()[:40]:
        AlignmentFactory.create(badge_class=BadgeClassFactory.create(issuer=academy), competency=skill)
    with CaptureQueriesContext(connection) as many:
        as_ada.get(_url("framework", other))
    with CaptureQueriesContext(connection) as listed:
        as_ada.get(LIST)
    assert (len(many) - len(few), len(listed) < 15) == (0, True)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("konfl", ["Konflikte lösen", "Umgang mit Konflikten"]),
        ("LOSEN", ["Konflikte lösen", "Problemlösen"]),
        ("mit umgang", ["Umgang mit Konflikten"]),
        ("S1.8", ["Problemlösen"]),
        ("streit", ["Konflikte lösen"]),
        ("losen konflikte", ["Konflikte lösen"]),
        ("nirgends", []),
        ("\x00", []),
        ("%_", []),
        ("c++", ["C++"]),
    ],
)
def test_search_knows_words_accents_codes_and_other_names(as_ada, framework, typed, found):
    for name, code, other in [
        ("Umgang mit Konflikten", "", []),
        ("Konflikte lösen", "", ["Streit schlichten"]),
        ("Problemlösen", "S1.8.2", []),
        ("C++", "", []),
    ]:
        CompetencyFactory.create(framework=framework, name=name, code=code, search=search_text(name, code, other))
    answer = as_ada.get(SEARCH, {"q": typed})
    assert [option["competency"].name for option in answer.context["options"]] == found


def test_search_puts_the_whole_name_first_and_used_skills_before_others(as_ada, framework, academy):
    names = ["Misreading maps", "Map reading", "Reading maps", "Reading", "Reading charts"]
    rows = {name: CompetencyFactory.create(framework=framework, name=name) for name in names}
    AlignmentFactory.create(badge_class=BadgeClassFactory.create(issuer=academy), competency=rows["Reading charts"])
    answer = as_ada.get(SEARCH, {"q": "reading"})
    assert [option["competency"].name for option in answer.context["options"]] == [
        "Reading",
        "Reading charts",
        "Reading maps",
        "Map reading",
        "Misreading maps",
    ]


def test_search_offers_nothing_archived_retired_or_of_others(as_ada, acme, elsewhere, now):
    CompetencyFactory.create(framework__organisation=elsewhere, name="Reading")
    CompetencyFactory.create(framework__organisation=acme, framework__archived_at=now, name="Reading")
    CompetencyFactory.create(framework__organisation=acme, retired_at=now, name="Reading")
    assert as_ada.get(SEARCH, {"q": "reading"}).context["options"] == []


def test_search_answers_with_what_the_row_needs(as_ada, framework):
    skill = CompetencyFactory.create(framework=framework, name="Reading <b>", code="R1", description="Reads.")
    CompetencyLevelFactory.create(framework=framework, number=1, name="Able")
    text = as_ada.get(SEARCH, {"q": "reading", "row": "alignments-0"}).text
    assert f'data-id="{skill.pk}"' in text
    assert 'data-name="Reading &lt;b&gt;"' in text
    assert f'data-url="http://badges.example.org/public/competencies/{skill.pk}"' in text
    assert 'data-levels="1\tAble' in text


# --- Writing ---------------------------------------------------------------------------------------------------


def test_framework_is_made_with_levels_and_changed(as_ed, acme):
    said = {"name": "Care", "levels": "Knows about it: can tell\nDoes it\n\n9. Teaches it", "language": "en"}
    answer = as_ed.post(reverse("badges:make-framework", args=["acme"]), said)
    made = Framework.objects.get(organisation=acme)
    assert answer.url == _url("framework", made)
    assert [(one.number, one.name, one.description) for one in made.levels.all()] == [
        (1, "Knows about it", "can tell"),
        (2, "Does it", ""),
        (9, "Teaches it", ""),
    ]
    page = as_ed.get(_url("edit-framework", made))
    assert page.context["form"]["levels"].value() == "1 Knows about it: can tell\n2 Does it\n9 Teaches it"


@pytest.mark.parametrize(
    ("field", "said", "sentence"),
    [
        ("name", "", "Give the framework a name."),
        ("name", "Warehouse", "You have a framework called “Warehouse” already. Give this one another name."),
        ("name", "x" * 201, "Shorten this to 200 characters; it has 201."),
        (
            "name",
            "a\x00b",
            "This text contains an invisible character that cannot be kept. Paste it again as plain text.",
        ),
        ("levels", "1 A\n1 B", "Two levels have the same number. Leave the numbers out, or make them differ."),
        ("levels", "x\n" * 13, "Keep at most 12 levels."),
        ("levels", "x" * 81, "Keep the name of each level to 80 characters; explain it after a colon."),
        ("url", "nowhere", "This is not a web address. Write it whole, such as https://example.org/course"),
        ("language", "xx", "Choose one of the languages of the list."),
    ],
)
def test_wrong_framework_is_told_beside_the_field(as_ed, framework, field, said, sentence):
    answer = as_ed.post(reverse("badges:make-framework", args=["acme"]), {"name": "New", "language": "en", field: said})
    assert (answer.status_code, answer.context["form"].errors) == (422, {field: [sentence]})
    assert Framework.objects.count() == 1


def test_skill_is_added_below_another_and_the_next_one_too(as_ed, framework):
    top = CompetencyFactory.create(framework=framework, name="Top")
    url = _url("add-competency", framework)
    assert as_ed.get(url, {"under": top.pk}).context["form"]["parent"].value() == top.pk
    answer = as_ed.post(url, {"name": "Below", "parent": top.pk, "other_names": "Under\n\n", "act": "another"})
    made = framework.competencies.get(name="Below")
    assert (answer.url, made.parent, made.other_names) == (f"{url}?under={top.pk}", top, "Under")


def test_skill_of_another_framework_is_no_parent(as_ed, framework, elsewhere):
    theirs = CompetencyFactory.create(framework__organisation=elsewhere)
    for wrong in (theirs.pk, "x", "\x00"):
        answer = as_ed.post(_url("add-competency", framework), {"name": "Below", "parent": wrong})
        assert answer.context["form"].errors == {"parent": ["Choose a skill of this framework."]}


def test_words_of_a_published_framework_are_not_offered_for_change(as_ed, framework):
    Framework.objects.update(source="ESCO")
    skill = CompetencyFactory.create(framework=framework)
    for url in (_url("add-competency", framework), _url("edit-competency", skill)):
        assert as_ed.get(url).status_code == 409
        assert as_ed.post(url, {"name": "Mine"}).status_code == 409
    assert as_ed.post(_url("retire-competency", skill)).status_code == 409


def test_archiving_and_retiring_are_undone_by_one_click(as_ed, framework):
    skill = CompetencyFactory.create(framework=framework)
    for act, undo, thing in [
        ("archive-framework", "restore-framework", framework),
        ("retire-competency", "unretire-competency", skill),
    ]:
        answer = as_ed.post(_url(act, thing))
        message = list(get_messages(answer.wsgi_request))[-1]
        assert message.extra_tags == f"undo:{_url(undo, thing)}"
        as_ed.post(_url(undo, thing))
    framework.refresh_from_db()
    skill.refresh_from_db()
    assert (framework.archived_at, skill.retired_at) == (None, None)


def test_badge_is_begun_from_a_skill(as_ed, framework, academy):
    skill = CompetencyFactory.create(framework=framework, name="Driving")
    answer = as_ed.post(_url("make-badge-for", skill))
    made = BadgeClass.objects.get()
    assert (answer.url, made.alignments.get().competency) == (_url("edit", made), skill)


def test_drafts_with_older_words_are_offered_the_new_ones(as_ed, framework, academy):
    skill = CompetencyFactory.create(framework=framework, name="New words")
    draft = BadgeClassFactory.create(issuer=academy, draft=True)
    AlignmentFactory.create(badge_class=draft, competency=skill, target_name="Old words")
    assert "<del>Old words</del>" in as_ed.get(_url("framework", framework)).text
    answer = as_ed.post(_url("refresh-drafts", framework))
    assert _said(answer) == ["1 draft says it in the new words."]
    assert as_ed.get(_url("framework", framework)).context["older"] == []


# --- Importing -------------------------------------------------------------------------------------------------


def _file(data, name="skills.csv"):
    return SimpleUploadedFile(name, data)


def test_file_is_compared_and_taken_over(as_ed, acme):
    page = as_ed.post(IMPORT, {"file": _file(sample("warehouse.csv"), "Warehouse.csv")}, follow=True)
    assert "Take over 6 skills" in page.text
    row = FrameworkImport.objects.get()
    answer = as_ed.post(_url("apply-framework-import", row))
    assert answer.url == _url("framework", Framework.objects.get(organisation=acme, name="Warehouse"))
    assert as_ed.post(_url("apply-framework-import", row)).status_code == 409
    assert as_ed.post(_url("discard-framework-import", row)).status_code == 409
    assert "Open the framework" in as_ed.get(_url("framework-import", row)).text


def test_refused_file_says_why_and_offers_to_read_it_flat(as_ed):
    page = as_ed.post(IMPORT, {"file": _file(table("name,parent", "A,B", "B,A"))}, follow=True)
    assert "These go in a circle: “A” › “B” › “A”" in page.text
    row = FrameworkImport.objects.get()
    page = as_ed.post(_url("reread-framework-import", row), {"flat": "1"}, follow=True)
    assert "Take over 2 skills" in page.text
    as_ed.post(_url("discard-framework-import", row))
    assert FrameworkImport.objects.count() == 0


def test_columns_that_were_not_understood_are_named_by_hand(as_ed):
    file = _file(table("Tätigkeit,Kürzelnr,Oberhaupt", "Stapler fahren,S1,Lager", "Lager,L,"))
    page = as_ed.post(IMPORT, {"file": file}, follow=True)
    assert "No column of names was found; the headings are: “Tätigkeit”, “Kürzelnr”, “Oberhaupt”." in page.text
    assert "Stapler fahren · Lager" in page.text
    row = FrameworkImport.objects.get()
    page = as_ed.post(_url("reread-framework-import", row), {"column": ["name", "code", "parent"]}, follow=True)
    assert "Take over 2 skills" in page.text
    assert page.text.count("selected>") == 3
    as_ed.post(_url("apply-framework-import", row))
    driving = Competency.objects.get(name="Stapler fahren")
    assert (driving.code, driving.parent.name) == ("S1", "Lager")


def test_columns_that_were_refused_stay_chosen(as_ed):
    as_ed.post(IMPORT, {"file": _file(table("name,code,x", "A,1,y", "B,2,z"))})
    row = FrameworkImport.objects.get()
    answer = as_ed.post(_url("reread-framework-import", row), {"column": ["name", "description", "name"]})
    assert [column["role"] for column in answer.context["changes"]["table"]] == ["name", "description", "name"]
    assert '<details class="disclosure" open>' in answer.text


def test_wrong_guess_of_a_column_is_corrected_and_kept_without_the_hierarchy(as_ed):
    as_ed.post(IMPORT, {"file": _file(table("name,title,group", "A,Alpha,B", "B,Beta,A"))})
    row = FrameworkImport.objects.get()
    page = as_ed.post(_url("reread-framework-import", row), {"column": ["code", "name", "parent"]}, follow=True)
    assert "These go in a circle: “Alpha” › “Beta” › “Alpha”" in page.text
    page = as_ed.post(_url("reread-framework-import", row), {"flat": "1"}, follow=True)
    assert ("Take over 2 skills" in page.text, 'name="flat" value="1"' in page.text) == (True, True)
    as_ed.post(_url("apply-framework-import", row))
    assert set(Competency.objects.values_list("code", "name", "parent")) == {("A", "Alpha", None), ("B", "Beta", None)}


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (["code", ""], "Say which column has the names of the skills."),
        (["name", "name"], "Two columns cannot both be “Name”. Choose one of them."),
        (["name", "__class__"], "A skill has no such field. Load the page again."),
        (["name\x00", "x" * 500], "A skill has no such field. Load the page again."),
        (["", "name"], ""),
        (["name"], ""),
        (["name", "", *["code"] * 1, *[""] * 900], ""),
    ],
    ids=range(7),
)
def test_columns_that_make_no_framework_are_refused(as_ed, columns, sentence):
    as_ed.post(IMPORT, {"file": _file(table("name,code", "A,1", "B,2"))})
    row = FrameworkImport.objects.get()
    answer = as_ed.post(_url("reread-framework-import", row), {"column": columns})
    assert (answer.status_code, sentence in answer.text if sentence else True) == (409 if sentence else 302, True)
    if sentence:
        assert FrameworkImport.objects.get().changes == row.changes
    assert as_ed.get(_url("framework-import", row)).status_code == 200


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"file": ["Choose the file that has the skills."]}),
        ({"file": b""}, {"file": ["This file is empty. Choose the file that has the skills."]}),
        ({"file": b"  "}, {"file": ["This file is empty. Choose the file that has the skills."]}),
        ({"file": b"name\nA", "framework": "x\x00"}, {"framework": ["Choose one of your own frameworks."]}),
        (
            {"file": b"x" * (26 * 1024 * 1024)},
            {"file": ["This file is larger than 25 MB. Bring the table of skills alone, or a part of it."]},
        ),
    ],
    ids=["none", "empty", "blank", "framework", "large"],
)
def test_wrong_upload_is_told_beside_the_field(as_ed, framework, sent, errors):
    said = {name: _file(value) if name == "file" else value for name, value in sent.items()}
    answer = as_ed.post(IMPORT, said)
    assert (answer.status_code, answer.context["form"].errors) == (422, errors)


def test_progress_is_a_part_while_working_and_a_reload_after(as_ed, acme):
    as_ed.post(IMPORT, {"file": _file(b"name\nA\n")})
    row = FrameworkImport.objects.get()
    FrameworkImport.objects.update(state=FrameworkImport.State.WAITING)
    part = as_ed.get(_url("framework-import", row), headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert 'class="progress"' in part.text
    FrameworkImport.objects.update(state=FrameworkImport.State.READ)
    assert as_ed.get(_url("framework-import", row), headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"


# --- The world -------------------------------------------------------------------------------------------------


def test_public_pages_of_skills_wear_the_organisations_colour_and_name(anonymous, framework, academy):
    framework.organisation.accent = "#0a7d55"
    framework.organisation.save()
    skill = CompetencyFactory.create(framework=framework, name="Driving")
    AlignmentFactory.create(badge_class=BadgeClassFactory.create(issuer=academy), competency=skill)
    framework_url = reverse("public:framework", args=[framework.pk])

    for url in (reverse("public:competency", args=[skill.pk]), framework_url):
        page = anonymous.get(url, HTTP_ACCEPT="text/html").text
        assert '<link rel="stylesheet" href="/brand/0a7d55.css">' in page
        head = page.split('<a class="brand"', 1)[1].split("</a>", 1)[0]
        assert (framework_url in head, framework.organisation.name in head) == (True, True)


def test_skill_opens_to_the_world_once_a_public_badge_names_it(anonymous, framework, academy):
    skill = CompetencyFactory.create(framework=framework, name="Driving", description="Drives.")
    hidden = CompetencyFactory.create(framework=framework, name="Secret skill")
    urls = [reverse("public:competency", args=[skill.pk]), reverse("public:framework", args=[framework.pk])]
    draft = BadgeClassFactory.create(issuer=academy, draft=True)
    inside = BadgeClassFactory.create(issuer=academy, visibility="INTERNAL")
    for badge in (draft, inside):
        AlignmentFactory.create(badge_class=badge, competency=skill)
    assert [anonymous.get(url).status_code for url in urls] == [404, 404]
    badge = BadgeClassFactory.create(issuer=academy, name="Forklift")
    AlignmentFactory.create(badge_class=badge, competency=skill)
    pages = [anonymous.get(url, HTTP_ACCEPT="text/html") for url in urls]
    assert [page.status_code for page in pages] == [200, 200]
    assert ("Forklift" in pages[0].text, "Drives." in pages[0].text, draft.name in pages[0].text) == (True, True, False)
    assert ("Driving" in pages[1].text, hidden.name in pages[1].text) == (True, False)
    assert anonymous.get(reverse("public:competency", args=[hidden.pk])).status_code == 404
    Competency.objects.filter(pk=skill.pk).update(retired_at=framework.created_at)
    assert "no longer lists this skill" in anonymous.get(urls[0], HTTP_ACCEPT="text/html").text
