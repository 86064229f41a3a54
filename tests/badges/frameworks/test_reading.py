"""Framework files: each format as its publishers give it, and everything that is none."""

import io
import json
import zipfile

import pytest

from badges.frameworks.items import FrameworkFileRefused, LevelOf, Remark
from tests.badges.frameworks.files import esco_zip, read, sample, table, told


def test_own_table_is_read_by_its_headings():
    found = read(sample("warehouse.csv"))
    assert told(found.items) == [
        ("Warehouse", "W", ""),
        ("Driving a forklift", "W1", "Warehouse"),
        ("Loading a lorry", "W2", "Warehouse"),
        ("Reading a délivery note", "W3", "Warehouse"),
        ("Leading", "L", ""),
        ("Giving feedback", "L1", "Leading"),
    ]
    assert (found.source, found.remarks) == ("CSV", [])
    assert found.levels == [
        LevelOf(number=1, name="Knows about it"),
        LevelOf(number=2, name="Does it with help"),
        LevelOf(number=3, name="Does it alone"),
    ]
    forklift = found.items[1]
    assert (forklift.uri, forklift.kind, forklift.other_names) == ("code:W1", "Skill", ("lift truck", "fork truck"))
    assert forklift.description.split("\n") == [
        "Drives, lifts and parks without putting anybody at risk.",
        "1 Knows about it: Names the parts",
        "2 Does it with help: Drives beside a trainer",
        "3 Does it alone: Drives alone",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_own_table_is_read_in_every_encoding_of_spreadsheets(encoding):
    found = read("Kürzel;Bezeichnung;Beschreibung\nA;Gefahrgut prüfen;Für Säuren\n".encode(encoding))
    assert [(item.code, item.name, item.description) for item in found.items] == [
        ("A", "Gefahrgut prüfen", "Für Säuren")
    ]


def test_plain_list_of_names_is_a_framework():
    assert told(read(table("Listening", "Giving feedback")).items) == [
        ("Listening", "", ""),
        ("Giving feedback", "", ""),
    ]


def test_list_under_a_heading_of_its_own_is_read_without_it():
    assert told(read(table("Skills", "Welding", "Soldering")).items) == [("Welding", "", ""), ("Soldering", "", "")]


def test_row_that_was_taken_for_the_headings_is_told():
    found = read(table("S1,Welding", "S2,Soldering"), columns=["code", "name"])
    said = "This row was taken for the headings. If it is a skill, put a row of headings above it in the file."
    assert (told(found.items), found.remarks) == ([("Soldering", "S2", "")], [Remark(1, said)])


def test_groups_without_a_row_of_their_own_are_made():
    found = read(table("name,category", "Listening,Talking", "Asking,Talking"))
    assert told(found.items) == [("Talking", "", ""), ("Listening", "", "Talking"), ("Asking", "", "Talking")]


def test_column_of_levels_makes_a_tree():
    found = read(table("level,name", "1,A", "2,B", "3,C", "2,D", "1,E"))
    assert told(found.items) == [("A", "", ""), ("B", "", "A"), ("C", "", "B"), ("D", "", "A"), ("E", "", "")]


def test_rows_that_say_nothing_new_are_left_out_and_told():
    found = read(table("code,name", "A,One", ",", "B,", "A,Again", "C,Three"))
    assert told(found.items) == [("One", "A", ""), ("Three", "C", "")]
    assert found.remarks == [
        Remark(4, "This row has no name; it was left out."),
        Remark(5, "“Again” stands in the file already (row 2); this one was left out."),
    ]


def test_missing_parent_is_told():
    rsd = json.loads(sample("case_package.json"))
    rsd["CFAssociations"][0]["destinationNodeURI"] = {"identifier": "nobody"}
    assert read(json.dumps(rsd).encode()).items[0].parent_uri == ""


def test_circles_are_refused_with_their_names_and_read_flat_on_request():
    data = table("name,parent", "A,B", "B,C", "C,A", "D,D")
    with pytest.raises(FrameworkFileRefused) as refused:
        read(data)
    assert refused.value.message == (
        "Some skills stand above themselves, so there is no hierarchy. Correct the file, and bring it again."
    )
    assert refused.value.remarks == [
        Remark(2, "These go in a circle: “A” › “B” › “C” › “A”"),
        Remark(5, "“D” is its own parent."),
    ]
    assert refused.value.is_circle
    assert told(read(data, flat=True).items) == [("A", "", ""), ("B", "", ""), ("C", "", ""), ("D", "", "")]


def test_esco_table_is_read_without_what_esco_took_back():
    found = read(sample("skills_en.csv"), "skills_en.csv")
    assert (found.source, found.name, found.language, found.publisher) == ("ESCO", "ESCO", "en", "European Commission")
    assert [item.name for item in found.items] == ["drive a forklift", "conflict management", "gérer une équipe"]
    assert found.items[0].other_names == ("operate forklift", "fork-lift truck driving")
    assert found.items[0].uri == "http://data.example.org/esco/skill/0005"


@pytest.mark.parametrize("folder", ["", "ESCO dataset - v1.2 - classification/"])
def test_esco_zip_has_a_hierarchy(folder):
    found = read(esco_zip(folder=folder), "esco.zip")
    assert told(found.items) == [
        ("skills", "S", ""),
        ("working with machinery", "S8", "skills"),
        ("drive a forklift", "", "working with machinery"),
        ("conflict management", "", ""),
        ("gérer une équipe", "", ""),
    ]


@pytest.mark.parametrize("wrapped", [False, True])
def test_case_package_is_read_with_order_codes_and_levels(wrapped):
    document = json.loads(sample("case_package.json"))
    found = read(json.dumps({"CFPackage": document} if wrapped else document).encode())
    assert (found.source, found.name, found.version, found.language) == ("CASE", "Trades Standards", "2025", "en")
    assert found.url == "https://trades.example.org/standards"
    assert told(found.items) == [
        ("Safety", "1", ""),
        ("Chooses the gloves that the task needs.", "1.1", "Safety"),
        ("Lock out a machine", "1.2", "Safety"),
    ]
    assert found.items[2].description == (
        "Locks out a machine before it is opened, and checks that it is without power.\nTwo people check."
    )
    assert found.levels == [
        LevelOf(number=1, name="Beginning", description="With help"),
        LevelOf(number=2, name="Able", description="Alone"),
    ]


@pytest.mark.parametrize("place", ["100000.5", "20240101-A", "9" * 5_000, "²", ""])
def test_place_that_is_no_number_is_the_one_in_the_file(place):
    document = json.loads(sample("case_package.json"))
    document["CFItems"][0]["listEnumeration"] = place
    assert len(read(json.dumps(document).encode()).items) == 3


def test_replaced_case_items_name_their_successor():
    document = json.loads(sample("case_package.json"))
    uris = [item["uri"] for item in document["CFItems"]]
    document["CFAssociations"].append(
        {"associationType": "replacedBy", "originNodeURI": {"uri": uris[1]}, "destinationNodeURI": {"uri": uris[2]}}
    )
    found = read(json.dumps(document).encode())
    assert {item.uri: item.successor_uri for item in found.items if item.successor_uri} == {uris[1]: uris[2]}


def test_open_skills_are_read_alone_as_list_and_as_collection():
    single, collection = json.loads(sample("rsd_single.json")), json.loads(sample("rsd_collection.json"))
    assert [item.name for item in read(sample("rsd_single.json")).items] == ["Active Listening"]
    assert [item.name for item in read(json.dumps([single, collection["skills"][1]]).encode()).items] == [
        "Active Listening",
        "Hand Hygiene",
    ]
    found = read(sample("rsd_collection.json"))
    assert (found.source, found.name, found.publisher) == ("RSD", "Care at the bedside", "Example College")
    assert [(item.kind, item.other_names) for item in found.items] == [
        ("Communication", ("Listening", "Empathy")),
        ("Safety", ()),
    ]


def _bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("skills_en.csv", b"0" * 70_000_000)
    return data.getvalue()


def _zip_of(name: str, text: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty. Choose the file that has the skills."),
        (b" \n\n ", "This file is empty. Choose the file that has the skills."),
        (b"\x00" * 5000, "This is not a table. Choose a .xlsx or .csv file, or paste the table."),
        (
            b"x" * (26 * 1024 * 1024),
            "This file is larger than 25 MB. Bring the table of skills alone, or a part of it.",
        ),
        (b"[" * 100_000, "This JSON is nested far too deep to be a framework."),
        (b'{"CFItems": ' * 10_000, "This JSON is nested far too deep to be a framework."),
        (b'{"CFDocument": {', "This JSON breaks off or is damaged in line 1. Download it again, then choose it."),
        (
            b'{"name": "x"}',
            (
                "This JSON is neither a CASE package (with CFDocument and CFItems) nor rich skill descriptors "
                "(with skillName). Choose one of these, or a table."
            ),
        ),
        (
            b'{"CFDocument": {"title": "x"}}',
            "This CASE file describes a framework but lists no items. Download the whole package (CFPackages).",
        ),
        (
            b"<!doctype html><p>Sign in",
            "This is a web page or XML, not a framework. Download it as CSV or JSON, then choose that file.",
        ),
        (
            b"person,shoe size\nAda,38\n",
            (
                "No column of names was found; the headings are: “person”, “shoe size”. Say below which "
                "column has the names, or head it “name” in the file."
            ),
        ),
        (b"name,code\n,1\n", "There is no skill in this file. Each needs a name."),
        (b"%PDF-1.7 x", "This is a PDF. Choose the spreadsheet it was made from, or paste the table."),
        (_bomb(), "This file unpacks to far more than a table. Choose the table of skills itself."),
        (
            _zip_of("readme.txt", "x"),
            "This zip has no skills_….csv. Choose the zip that ESCO sends as CSV, or the table itself.",
        ),
        (
            b"name\n" + b"\n".join(b"skill %d" % number for number in range(50_000)),
            (
                "This file has 50,000 skills; a framework holds at most 30,000. Keep the part that your badges need, "
                "such as one branch of it, and bring that."
            ),
        ),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_no_framework_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(FrameworkFileRefused) as refused:
        read(data)
    assert refused.value.message == sentence


@pytest.mark.parametrize(
    "document",
    [
        {"CFItems": [None, 1, "x", [], {}, {"fullStatement": 7}, {"identifier": [], "fullStatement": {}}]},
        {"CFItems": [{"identifier": "a"}], "CFAssociations": [None, {"associationType": []}, {"originNodeURI": 1}]},
        {"skillName": None},
        {"skills": [{"skillName": ["x"]}, None]},
        [{"skillName": {"a": 1}}],
    ],
)
def test_json_of_the_wrong_shapes_is_refused(document):
    with pytest.raises(FrameworkFileRefused) as refused:
        read(json.dumps(document).encode())
    assert refused.value.message == "There is no skill in this file. Each needs a name."


def test_control_characters_and_long_words_are_kept_out():
    found = read(
        json.dumps([{"skillName": "A\x00B\x07", "skillStatement": "x " * 9000, "id": "https://example.org/1"}]).encode()
    )
    assert (found.items[0].name, len(found.items[0].description) <= 5000) == ("AB", True)
