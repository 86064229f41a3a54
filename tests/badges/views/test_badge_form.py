"""The form: create, edit, preview, checks while typing, and a picture that is never lost."""

import io
import re
import struct
import zlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from badges.actions.badge_classes import AlignmentFields, StepFields, fields_of
from badges.models import BadgeClass
from badgeserver.audit.models import AuditEvent
from badgeserver.pictures import accept_picture
from tests.badges.form_data import ALIGNMENTS, STEPS, png_file, sent, svg_file
from tests.factories.assertions import EndorsementFactory
from tests.factories.badges import SVG, BadgeClassFactory, EarningStepFactory, png
from tests.factories.issuers import IssuerFactory

CREATE = reverse("badges:create", args=["acme"])
PREVIEW = reverse("badges:preview", args=["acme"])
CHECK = reverse("badges:check", args=["acme"])
PICTURE = reverse("badges:keep-picture", args=["acme"])
HOSTILE = Path(__file__).parents[2] / "samples" / "ob2" / "baked"


def _edit(badge):
    return reverse("badges:edit", args=["acme", badge.pk])


def _errors(response):
    """Return every refused field with its sentences, rows under their number."""
    forms = response.context["forms"]
    found = {name: list(errors) for name, errors in forms.badge.errors.items()}
    for prefix, formset in (("steps", forms.steps), ("alignments", forms.alignments)):
        for number, row in enumerate(formset.errors):
            found |= {f"{prefix}.{number}.{name}": list(errors) for name, errors in row.items()}
        if formset.non_form_errors():
            found[prefix] = list(formset.non_form_errors())
    return found


def _said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def _bytes(field):
    with field.open("rb") as file:
        return file.read()


def _kept(response):
    return re.search(r'name="kept_picture" value="([^"]*)"', response.text)[1]


# --- Create --------------------------------------------------------------------------------------------------


def test_create_publishes_what_was_said(as_ed, academy):
    response = as_ed.post(CREATE, sent(academy))

    made = BadgeClass.objects.get()
    assert (response.status_code, response.url) == (302, reverse("badges:detail", args=["acme", made.pk]))
    assert _said(response) == ["Badge published. It can be awarded now."]
    assert made.status == "PUBLISHED"
    said = fields_of(made)
    assert said.tags == ("teamwork", "feedback")
    assert (said.level, said.category, said.validity, said.validity_months) == (3, "DURABLE", "MONTHS", 24)
    assert said.steps == tuple(StepFields(**step) for step in STEPS)
    assert said.alignments == tuple(AlignmentFields(**alignment) for alignment in ALIGNMENTS)
    assert (_bytes(made.image), _bytes(made.image_png)) == (png(), png())
    assert list(AuditEvent.objects.order_by("pk").values_list("type", "actor_name")) == [
        ("badge_class.created", "Ed Novak"),
        ("badge_class.published", "Ed Novak"),
    ]


def test_create_saves_a_draft_of_a_name_alone(as_ed, academy):
    response = as_ed.post(
        CREATE,
        {
            "name": "Half",
            "issuer": str(academy.pk),
            "category": "TECHNICAL",
            "purpose": "SKILL",
            "validity": "NEVER",
            "act": "draft",
            "steps-TOTAL_FORMS": "1",
            "steps-INITIAL_FORMS": "0",
            "steps-0-kind": "COURSE",
            "steps-0-text": "",
            "alignments-TOTAL_FORMS": "1",
            "alignments-INITIAL_FORMS": "0",
        },
    )

    assert _said(response) == ["Draft saved."]
    made = BadgeClass.objects.get()
    assert (made.status, made.earning_steps.count(), made.alignments.count()) == ("DRAFT", 0, 0)


def test_create_shows_the_form_and_makes_nothing(as_ed, academy):
    response = as_ed.get(CREATE)

    assert response.status_code == 200
    assert "Who stands behind it" not in response.text  # one issuer is no choice
    assert BadgeClass.objects.count() == 0


def test_create_asks_for_the_issuer_when_there_are_several(as_ed, acme, academy):
    sister = IssuerFactory.create(organisation=acme, name="Acme Safety Board")

    assert "Who stands behind it" in as_ed.get(CREATE).text
    as_ed.post(CREATE, sent(sister))
    assert BadgeClass.objects.get().issuer == sister


@pytest.mark.parametrize("method", ["get", "post"])
def test_create_sends_anonymous_to_sign_in(anonymous, academy, method):
    assert getattr(anonymous, method)(CREATE).url.split("?")[0] == reverse("account_login")


def test_create_is_not_there_for_mallory(as_mallory, academy):
    assert as_mallory.post(CREATE, sent(academy)).status_code == 404
    assert BadgeClass.objects.count() == 0


def test_create_is_not_for_awarders(as_sam, academy):
    assert as_sam.post(CREATE, sent(academy)).status_code == 403
    assert BadgeClass.objects.count() == 0


def test_publish_says_beside_each_field_what_is_missing(as_ed, academy):
    data = sent(academy, steps=[], picture=None, description="", image_alt=" ", criteria_narrative="", criteria_url="")

    response = as_ed.post(CREATE, data)

    assert response.status_code == 422
    assert _errors(response) == {
        "description": ["Say in a sentence or two what its holder can do."],
        "picture": ["Choose a picture, PNG or SVG."],
        "image_alt": ["Describe the picture in a few words, for people who cannot see it."],
        "criteria_narrative": ["Say how it is earned: add a step, write it here, or link to a page."],
    }
    assert BadgeClass.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, {"name": ["Give the badge a name. You can change it until it is awarded."]}),
        ({"name": "x" * 121}, {"name": ["Shorten this to 120 characters; it has 121."]}),
        (
            {"name": "Null\x00byte"},
            {"name": ["This text contains an invisible character that cannot be kept. Paste it again as plain text."]},
        ),
        *(
            (
                {field: "Ask ada@acme.example.org."},
                {field: ["Badges are public: leave out e-mail addresses, and link to a page instead."]},
            )
            for field in ("name", "description", "image_alt", "criteria_narrative", "learned", "assessed", "tags")
        ),
        ({"description": "x" * 501}, {"description": ["Shorten this to 500 characters; it has 501."]}),
        (
            {"description": "x" * 10_000_000},
            {"description": ["Shorten this to 500 characters; it has 10000000."]},
        ),
        (
            {"learned": "x" * 10_000_000},
            {
                "learned": [
                    "This text has 10,000,000 characters; 20,000 are allowed. Shorten it, or link to a longer document."
                ]
            },
        ),
        (
            {"assessed": "[" * 5000},
            {
                "assessed": [
                    (
                        "This text contains too many formatting marks (such as *, _, [ or |) in one place. "
                        "Remove some of them."
                    )
                ]
            },
        ),
        (
            {"criteria_narrative": "a\x00b"},
            {
                "criteria_narrative": [
                    (
                        "This text contains invisible control characters. Paste it again as plain text "
                        "(without formatting)."
                    )
                ]
            },
        ),
        *(
            (
                {"criteria_url": address},
                {"criteria_url": ["This is not a web address. Write it whole, such as https://example.org/course"]},
            )
            for address in (
                "not a url",
                "https://",
                "javascript:alert(1)",
                "ftp://example.org/x",
                "https://user@example.org/",
                "https://exa mple.org",
                "https://example.org:99999/",
            )
        ),
        (
            {"category": "NONSENSE"},
            {"category": ["“NONSENSE” is no category any more. Choose technical skill, durable skill or values."]},
        ),
        ({"level": "6"}, {"level": ["Select a valid choice. 6 is not one of the available choices."]}),
        (
            {"tags": ",".join(f"tag{n}" for n in range(13))},
            {"tags": ["Keep the 12 most telling tags."]},
        ),
        (
            {"tags": "short, " + "y" * 41},
            {
                "tags": [
                    "“yyyyyyyyyyyyyyyyyyyy…” is long for a tag. Use at most 40 characters, and commas between tags."
                ]
            },
        ),
        ({"validity_months": ""}, {"validity_months": ["Write for how many months, such as 24."]}),
        ({"validity_months": "two"}, {"validity_months": ["Write a whole number of months, such as 24."]}),
        ({"validity_months": "0"}, {"validity_months": ["Write at least 1 month."]}),
        ({"validity_months": "9999"}, {"validity_months": ["Write at most 240 months, or let it not expire."]}),
        ({"validity": "UNTIL"}, {"validity_until": ["Choose the last day on which it holds."]}),
        (
            {"validity": "UNTIL", "validity_until": "31.31.2027"},
            {"validity_until": ["Write the day as year-month-day, such as 2027-12-31."]},
        ),
        ({"validity": "UNTIL", "validity_until": "2020-01-01"}, {"validity_until": ["Choose a day from today on."]}),
        ({"validity": "UNTIL", "validity_until": "9999-01-01"}, {"validity_until": ["Choose a day from today on."]}),
    ],
)
def test_wrong_field_is_told_beside_it_and_nothing_is_saved(as_ed, academy, changes, expected):
    response = as_ed.post(CREATE, sent(academy, **changes))

    assert response.status_code == 422
    assert _errors(response) == expected
    assert (BadgeClass.objects.count(), AuditEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"kind": "COURSE", "text": "", "url": "https://example.org"},
            {"text": ["Say what to do, or remove this step."]},
        ),
        ({"kind": "COURSE", "text": "x" * 301}, {"text": ["Shorten this to 300 characters; it has 301."]}),
        ({"kind": "BADGE"}, {"required_badge": ["Choose the badge that one must hold."]}),
        (
            {"kind": "BADGE", "required_badge": "\x00"},
            {"required_badge": ["Choose one of your organisation’s badges."]},
        ),
        ({"kind": "BADGE", "required_badge": "17"}, {"required_badge": ["Choose one of your organisation’s badges."]}),
        (
            {"kind": "PROJECT", "text": "Build it", "url": "nowhere"},
            {"url": ["This is not a web address. Write it whole, such as https://example.org/course"]},
        ),
    ],
)
def test_wrong_step_is_told_in_its_row(as_ed, academy, row, expected):
    response = as_ed.post(CREATE, sent(academy, steps=[row]))

    assert response.status_code == 422
    assert _errors(response) == {f"steps.0.{name}": sentences for name, sentences in expected.items()}
    assert BadgeClass.objects.count() == 0


def test_wrong_alignment_is_told_in_its_row(as_ed, academy):
    rows = [{"target_code": "S1"}, {"target_name": "listen", "target_url": "urn:skill:1"}]

    response = as_ed.post(CREATE, sent(academy, alignments=rows))

    assert _errors(response) == {
        "alignments.0.target_name": ["Name the skill, or remove this row."],
        "alignments.0.target_url": ["Give the address that defines this skill."],
        "alignments.1.target_url": ["This is not a web address. Write it whole, such as https://example.org/course"],
    }
    assert "Skill 2, Its address" in response.text


def test_too_many_rows(as_ed, academy):
    rows = [{"kind": "COURSE", "text": f"Step {number}"} for number in range(13)]

    assert _errors(as_ed.post(CREATE, sent(academy, steps=rows))) == {"steps": ["Keep at most 12 rows."]}


def test_form_without_its_rows_is_refused(as_ed, academy):
    data = {name: value for name, value in sent(academy).items() if "_FORMS" not in name}

    assert _errors(as_ed.post(CREATE, data)) == {
        "steps": ["Part of the form did not arrive. Load the page again."],
        "alignments": ["Part of the form did not arrive. Load the page again."],
    }


def test_badge_of_another_organisation_cannot_be_required(as_ed, academy, elsewhere_issuer):
    foreign = BadgeClassFactory.create(issuer=elsewhere_issuer, name="Secret")
    row = {"kind": "BADGE", "required_badge": str(foreign.pk)}

    response = as_ed.post(CREATE, sent(academy, steps=[row]))

    assert _errors(response) == {"steps.0.required_badge": ["Choose one of your organisation’s badges."]}
    assert "Secret" not in response.text


def test_issuer_of_another_organisation_cannot_be_chosen(as_ed, academy, elsewhere_issuer):
    response = as_ed.post(CREATE, sent(elsewhere_issuer))

    assert _errors(response) == {"issuer": ["Choose one of your organisation’s issuers."]}
    assert BadgeClass.objects.count() == 0


def test_badge_already_held_says_so_by_itself(as_ed, academy, badge):
    as_ed.post(CREATE, sent(academy, steps=[{"kind": "BADGE", "required_badge": str(badge.pk), "url": "junk"}]))

    step = BadgeClass.objects.get(name="Leading a Retrospective").earning_steps.get()
    assert (step.text, step.required_badge, step.url) == ("Hold “Forklift Safety”", badge, "")


def test_rows_keep_their_order_and_removed_ones_go(as_ed, academy):
    rows = [
        {"kind": "COURSE", "text": "Third", "ORDER": "3"},
        {"kind": "COURSE", "text": "", "ORDER": "2", "DELETE": "on", "url": "wrong"},
        {"kind": "COURSE", "text": "First", "ORDER": "1"},
    ]

    as_ed.post(CREATE, sent(academy, steps=rows))

    steps = BadgeClass.objects.get().earning_steps.values_list("position", "text")
    assert list(steps) == [(0, "First"), (1, "Third")]


def test_empty_row_is_no_row_wherever_it_stands(as_ed, academy):
    rows = [{"kind": "COURSE", "text": "", "ORDER": "1"}, {"kind": "COURSE", "text": "Only", "ORDER": "2"}]

    as_ed.post(CREATE, sent(academy, steps=rows, alignments=[{"target_name": "", "ORDER": "1"}]))

    made = BadgeClass.objects.get()
    assert [step.text for step in made.earning_steps.all()] == ["Only"]
    assert made.alignments.count() == 0


def test_tags_are_told_once_each(as_ed, academy):
    as_ed.post(CREATE, sent(academy, tags=" #Team  work, team work,\nFeedback,, "))

    assert BadgeClass.objects.get().tags == ["Team work", "Feedback"]


def test_what_is_not_asked_for_cannot_be_wrong(as_ed, academy):
    as_ed.post(CREATE, sent(academy, validity="NEVER", validity_months="two", validity_until="soon"))

    made = BadgeClass.objects.get()
    assert (made.validity, made.validity_months, made.validity_until) == ("NEVER", None, None)


def test_valid_until_a_day(as_ed, academy):
    day = timezone.now().date() + timedelta(days=400)

    as_ed.post(CREATE, sent(academy, validity="UNTIL", validity_until=day.isoformat()))

    made = BadgeClass.objects.get()
    assert (made.validity, made.validity_months, made.validity_until) == ("UNTIL", None, day)


# --- Pictures ------------------------------------------------------------------------------------------------


def _jpeg():
    data = io.BytesIO()
    Image.new("RGB", (400, 400)).save(data, "JPEG")
    return data.getvalue()


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _claimed_png(width, height):
    """A few bytes that say they are very many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + _chunk(b"IEND", b"")
    )


BAD_PICTURES = {
    "a JPEG that says it is a PNG": (_jpeg(), "This is a JPEG picture."),
    "forty megapixels": (_claimed_png(8000, 5000), "pixels"),
    "half a PNG": (png()[:-200], "PNG"),
    "script in an SVG": (
        SVG.replace(b"<circle", b"<script>alert(1)</script><circle"),
        "script",
    ),
    "entities in an SVG": ((HOSTILE / "HOSTILE-entity-expansion.svg").read_bytes(), "SVG"),
    "more than 2 MB": (b"\x89PNG\r\n\x1a\n" + b"x" * (2 * 1024 * 1024), "This file is larger than 2 MB."),
    "words": (b"This is not a picture.", "This file is not a PNG or SVG picture."),
    "nothing": (b"", "This file is empty."),
}


@pytest.mark.parametrize(("data", "words"), BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_bad_picture_is_told_beside_the_field(as_ed, academy, data, words):
    response = as_ed.post(CREATE, sent(academy, picture=png_file(data)))

    assert response.status_code == 422
    assert list(_errors(response)) == ["picture"]
    assert words in _errors(response)["picture"][0]
    assert BadgeClass.objects.count() == 0


@pytest.mark.parametrize(("data", "words"), BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_bad_picture_is_told_as_soon_as_it_is_chosen(as_ed, academy, data, words):
    response = as_ed.post(PICTURE, {"picture": png_file(data), "kept_picture": "the-one-before"})

    assert response.status_code == 422
    assert words in response.text
    assert _kept(response) == "the-one-before"


def test_picture_is_not_lost_when_another_field_is_wrong(as_ed, academy):
    refused = as_ed.post(CREATE, sent(academy, name=""))
    shown = as_ed.get(re.search(r'class="picture-now" src="([^"]*)"', refused.text)[1].replace("&amp;", "&"))
    response = as_ed.post(CREATE, sent(academy, picture=None, kept_picture=_kept(refused)))

    assert (shown.status_code, shown.content) == (200, png())
    assert response.status_code == 302
    assert _bytes(BadgeClass.objects.get().image) == png()


def test_picture_that_was_kept_when_chosen_is_saved_with_the_form(as_ed, academy):
    kept = as_ed.post(PICTURE, {"picture": svg_file()})
    as_ed.post(CREATE, sent(academy, picture=None, kept_picture=_kept(kept)))

    made = BadgeClass.objects.get()
    assert kept.status_code == 200
    assert kept["HX-Trigger-After-Settle"] == '{"badge-picture": {}}'
    assert _bytes(made.image) == accept_picture(SVG).data
    assert made.image_media_type == "image/svg+xml"


def test_picture_chosen_last_wins(as_ed, academy):
    kept = as_ed.post(PICTURE, {"picture": svg_file()})
    as_ed.post(CREATE, sent(academy, kept_picture=_kept(kept)))

    assert _bytes(BadgeClass.objects.get().image) == png()


def test_kept_picture_is_for_the_one_who_chose_it(as_ed, as_ada, as_mallory, academy):
    token = _kept(as_ed.post(PICTURE, {"picture": png_file()}))
    url = reverse("badges:kept-picture", args=["acme"])

    assert as_ed.get(url, {"token": token})["Content-Type"] == "image/png"
    assert as_ada.get(url, {"token": token}).status_code == 404
    assert as_mallory.get(reverse("badges:kept-picture", args=["elsewhere"]), {"token": token}).status_code == 404
    assert as_ed.get(url).status_code == 404
    refused = as_ada.post(CREATE, sent(academy, picture=None, kept_picture=token))
    assert _errors(refused) == {"picture": ["Choose a picture, PNG or SVG."]}


def test_picture_that_cannot_be_drawn_is_told_beside_the_field(as_ed, academy):
    endless = SVG.replace(
        b"<circle",
        b'<pattern id="p" width="200000" height="200000" patternUnits="userSpaceOnUse"><path d="M0 0h9"/></pattern>'
        b'<rect width="400" height="400" fill="url(#p)"/><circle',
    )

    response = as_ed.post(CREATE, sent(academy, picture=svg_file(endless)))

    assert response.status_code == 422
    assert "SVG" in _errors(response)["picture"][0]
    assert BadgeClass.objects.count() == 0


# --- Edit ----------------------------------------------------------------------------------------------------


def test_edit_shows_what_is_there(as_ed, draft_badge, badge):
    draft_badge.tags = ["crane", "signals"]
    draft_badge.save()
    EarningStepFactory.create(badge_class=draft_badge, kind="BADGE", text="Hold it", required_badge=badge, position=0)

    response = as_ed.get(_edit(draft_badge))

    assert response.status_code == 200
    assert 'value="crane, signals"' in response.text
    assert f'<option value="{badge.pk}" selected>Forklift Safety</option>' in response.text
    assert reverse("badges:picture", args=["acme", draft_badge.pk]) in response.text


@pytest.mark.parametrize("item_count", [1, 3])
def test_edit_asks_the_same_number_of_questions(as_ed, draft_badge, badge, item_count, django_assert_num_queries):
    for position in range(item_count):
        EarningStepFactory.create(badge_class=draft_badge, kind="BADGE", required_badge=badge, position=position)

    with django_assert_num_queries(14):
        as_ed.get(_edit(draft_badge))


def test_edit_saves_a_draft(as_ed, academy, draft_badge):
    response = as_ed.post(_edit(draft_badge), sent(academy, act="draft", picture=None))

    draft_badge.refresh_from_db()
    assert _said(response) == ["Draft saved."]
    assert (draft_badge.name, draft_badge.status) == ("Leading a Retrospective", "DRAFT")
    assert _bytes(draft_badge.image) == png()


def test_edit_publishes_a_draft(as_ed, academy, draft_badge):
    response = as_ed.post(_edit(draft_badge), sent(academy, picture=None))

    draft_badge.refresh_from_db()
    assert _said(response) == ["Badge published. It can be awarded now."]
    assert draft_badge.status == "PUBLISHED"


def test_edit_keeps_rows_that_were_not_touched(as_ed, academy, draft_badge):
    as_ed.post(_edit(draft_badge), sent(academy, act="draft"))
    data = sent(academy, act="draft", name="Renamed")
    data |= {"steps-INITIAL_FORMS": "2", "alignments-INITIAL_FORMS": "1"}

    as_ed.post(_edit(draft_badge), data)

    draft_badge.refresh_from_db()
    assert draft_badge.name == "Renamed"
    assert fields_of(draft_badge).steps == tuple(StepFields(**step) for step in STEPS)
    assert draft_badge.alignments.count() == 1


def test_edit_of_a_published_badge_saves_changes_and_keeps_it_whole(as_ed, academy, badge):
    refused = as_ed.post(_edit(badge), sent(academy, act="save", description=""))
    saved = as_ed.post(_edit(badge), sent(academy, act="save"))

    assert _errors(refused) == {"description": ["Say in a sentence or two what its holder can do."]}
    assert _said(saved) == ["Changes saved."]
    badge.refresh_from_db()
    assert (badge.name, badge.status) == ("Leading a Retrospective", "PUBLISHED")


def test_edit_of_an_awarded_badge_offers_a_copy(as_ed, badge, assertion):
    response = as_ed.get(_edit(badge))

    assert response.status_code == 409
    assert "This badge stays as it is" in response.text
    assert reverse("badges:copy", args=["acme", badge.pk]) in response.text


def test_edit_that_comes_after_the_award_is_refused_and_not_lost(as_ed, academy, badge, assertion):
    response = as_ed.post(_edit(badge), sent(academy, act="save"))

    assert response.status_code == 422
    assert list(_errors(response)) == ["__all__"]
    assert "Save as a draft of version 2" in response.text
    assert 'value="Leading a Retrospective"' in response.text
    badge.refresh_from_db()
    assert badge.name == "Forklift Safety"


def test_edit_of_an_endorsed_badge_says_who_stands_up_for_it(as_ed, academy, badge, elsewhere_issuer):
    EndorsementFactory.create(badge_class=badge, endorser=elsewhere_issuer, accepted=True)

    response = as_ed.post(_edit(badge), sent(academy, name="Crane Safety"))
    deleted = as_ed.post(reverse("badges:delete", args=["acme", badge.pk]), follow=True)

    assert response.status_code == 422
    assert "Elsewhere School endorses “Forklift Safety” as it stands" in response.text
    assert "with an address of its own, so it stays" in deleted.text
    assert BadgeClass.objects.get(pk=badge.pk).name == "Forklift Safety"


def test_edit_of_an_archived_badge_says_what_to_do(as_ed, academy):
    archived = BadgeClassFactory.create(issuer=academy, archived=True)

    response = as_ed.get(_edit(archived))

    assert response.status_code == 409
    assert reverse("badges:restore", args=["acme", archived.pk]) in response.text


def test_edit_refuses_a_circle_with_a_sentence(as_ed, academy, draft_badge, badge):
    EarningStepFactory.create(badge_class=badge, kind="BADGE", required_badge=draft_badge)

    response = as_ed.post(_edit(draft_badge), sent(academy, steps=[{"kind": "BADGE", "required_badge": str(badge.pk)}]))

    assert response.status_code == 422
    assert "Nobody could ever earn this badge" in response.text


def test_edit_is_for_editors_of_the_organisation(anonymous, as_mallory, as_sam, academy, draft_badge):
    data = sent(academy)
    for client, status in [(anonymous, 302), (as_mallory, 404), (as_sam, 403)]:
        assert client.get(_edit(draft_badge)).status_code == status
        assert client.post(_edit(draft_badge), data).status_code == status
    assert as_mallory.get(reverse("badges:edit", args=["elsewhere", draft_badge.pk])).status_code == 404
    draft_badge.refresh_from_db()
    assert draft_badge.name == "Crane Signals"


# --- Preview and checks while typing -------------------------------------------------------------------------


def test_preview_draws_what_is_there_and_keeps_nothing(as_ed, academy):
    response = as_ed.post(PREVIEW, sent(academy, name="", picture=None, criteria_url="not a url"))

    story = response.context["story"]
    assert response.status_code == 200
    assert story.criteria == "<p>You <strong>hold the room</strong>.</p>"
    assert [(step.kind, step.text) for step in story.steps] == [
        ("Course", "Complete the half-day course"),
        ("On-the-job work", "Lead two retrospectives"),
    ]
    assert story.badge_class.validity_sentence == "2 years after the award"
    assert "<strong>Still needed:</strong> name, picture.</span>" in response.text
    assert BadgeClass.objects.count() == 0


def test_preview_of_an_empty_form(as_ed, academy):
    response = as_ed.post(PREVIEW, {})

    assert response.status_code == 200
    assert "name, description, picture, the picture in words, how to earn it.</span>" in response.text


def test_preview_says_when_it_may_be_published(as_ed, academy):
    response = as_ed.post(PREVIEW, sent(academy))

    assert "Ready to publish." in response.text


def test_preview_of_an_edited_badge_has_its_picture(as_ed, academy, draft_badge):
    response = as_ed.post(PREVIEW, sent(academy, picture=None, badge=str(draft_badge.pk)))

    assert reverse("badges:picture", args=["acme", draft_badge.pk]) in response.text


def test_preview_without_javascript_is_the_whole_page(as_ed, academy):
    response = as_ed.post(CREATE, sent(academy, act="preview"))

    assert response.status_code == 200
    assert "comes-first" in response.text
    assert _kept(response) != ""
    assert BadgeClass.objects.count() == 0


@pytest.mark.parametrize("url", [PREVIEW, CHECK, PICTURE])
def test_small_doors_are_for_editors_who_post(anonymous, as_mallory, as_sam, as_ed, academy, draft_badge, url):
    assert [client.post(url).status_code for client in (anonymous, as_mallory, as_sam)] == [302, 404, 403]
    assert as_ed.get(url).status_code == 405


@pytest.mark.parametrize("url", [PREVIEW, PICTURE])
def test_small_doors_know_no_badge_of_others(as_ed, academy, elsewhere_issuer, url):
    foreign = BadgeClassFactory.create(issuer=elsewhere_issuer)

    assert as_ed.post(url, sent(academy, badge=str(foreign.pk))).status_code == 404
    assert as_ed.post(url, sent(academy, badge="nonsense\x00")).status_code == 200


@pytest.mark.parametrize(
    ("field", "changes", "sentence"),
    [
        ("criteria_url", {"criteria_url": "nowhere"}, "This is not a web address."),
        ("steps-1-text", {"steps-1-text": ""}, "Say what to do, or remove this step."),
        ("alignments-0-target_url", {"alignments-0-target_url": "x y"}, "This is not a web address."),
    ],
)
def test_field_is_checked_as_soon_as_it_is_left(as_ed, academy, field, changes, sentence):
    wrong = as_ed.post(CHECK, {**sent(academy, picture=None), **changes}, headers={"HX-Trigger-Name": field})
    right = as_ed.post(CHECK, sent(academy, picture=None), headers={"HX-Trigger-Name": field})

    assert sentence in wrong.text
    assert f'name="{field}"' in wrong.text
    assert "field-errors" not in right.text


@pytest.mark.parametrize("field", ["", "nonsense", "steps-99-text"])
def test_unknown_field_is_not_there(as_ed, academy, field):
    assert as_ed.post(CHECK, sent(academy), headers={"HX-Trigger-Name": field}).status_code == 404


def test_upload_of_another_type_of_input(as_ed, academy):
    """A text where the file should be."""
    response = as_ed.post(CREATE, {**sent(academy, picture=None), "picture": "badge.png"})

    assert _errors(response) == {"picture": ["Choose a picture, PNG or SVG."]}


def test_file_where_a_text_should_be(as_ed, academy):
    data = {**sent(academy), "name": SimpleUploadedFile("name.txt", b"x")}

    assert list(_errors(as_ed.post(CREATE, data))) == ["name"]


def test_today_is_a_day_it_may_end_on(as_ed, academy):
    today: date = timezone.now().date()

    assert as_ed.post(CREATE, sent(academy, validity="UNTIL", validity_until=today.isoformat())).status_code == 302
