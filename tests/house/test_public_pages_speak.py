"""Public pages speak the reader's language: every word of ours is translated, every word that is not says its language.

The badge is Greek and everything whose language nobody knows is Russian, so that a Latin letter on a page is ours. Ours
are put into brackets by a made-up translation: a Latin letter outside of brackets was forgotten.
"""

import copy
import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import trans_real

from assertions.models import Endorsement
from badges.models import BadgeClass, BadgeCorrection, Competency, Framework
from badgeserver.languages import language_name
from issuers.documents import confirmation_of
from tests.factories.assertions import AssertionFactory, EndorsementFactory, EvidenceFactory
from tests.factories.badges import (
    AlignmentFactory,
    BadgeClassFactory,
    BadgeTranslationFactory,
    CompetencyFactory,
    CompetencyLevelFactory,
    EarningStepFactory,
    FrameworkFactory,
    SvgBadgeClassFactory,
)
from tests.factories.issuers import MONDAY, DomainFactory, IssuerFactory, PersonFactory

SPOKEN = [tag for tag, _name in settings.LANGUAGES if tag != settings.LANGUAGE_CODE]
GREEK, RUSSIAN = "Γερανός", "Причал"

#: What people read or hear of an element besides its text.
READ_OUT = {"alt", "aria-label", "aria-description", "data-copied", "data-press", "placeholder", "title", "value"}
READ_OUT_OF_META = {"description", "og:title", "og:description"}
SILENT = {"script", "style", "noscript"}
#: What has no document beside its page.
PAGES_ALONE = ("changes", "competency", "framework")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
LATIN = re.compile(r"[A-Za-z]")


class Bracketing(trans_real.DjangoTranslation):
    """A translation that puts each text into brackets, and remembers what it was asked for."""

    asked: set[object]

    def gettext(self, message):
        self.asked.add(message)
        return f"⟦{message}⟧"

    def ngettext(self, singular, plural, number):
        self.asked.add(singular)
        return f"⟦{singular if number == 1 else plural}⟧"

    def pgettext(self, context, message):
        self.asked.add(f"{context}\x04{message}")
        return f"⟦{message}⟧"


@pytest.fixture
def bracketing(monkeypatch) -> Bracketing:
    """German, until the test ends."""
    translation = copy.copy(trans_real.translation("de"))
    translation.__class__ = Bracketing
    translation.asked = set()
    monkeypatch.setitem(trans_real._translations, "de", translation)
    return translation


class Reader(HTMLParser):
    """Reads a page: its language, what stands outside of brackets, and in which language that claims to be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language = ""
        self.inside: list[tuple[str, str]] = []
        self.depth = self.bracketed = 0
        self.said: list[tuple[str, str]] = []
        self.attributes: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.language = self.language or named.get("lang", "")
        if tag not in VOID:
            self.inside.append((tag, named.get("lang") or (self.inside[-1][1] if self.inside else "")))
        self.attributes += [text or "" for name, text in attrs if name in READ_OUT and named.get("type") != "hidden"]
        if tag == "meta" and (named.get("name") or named.get("property")) in READ_OUT_OF_META:
            self.attributes.append(named["content"])

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.inside.pop()[0] == tag

    def handle_data(self, data):
        if any(tag in SILENT for tag, _lang in self.inside):
            return
        outside, self.depth = outside_of_brackets(data, self.depth)
        self.bracketed += data.count("⟦")
        if outside.strip():
            is_title = any(tag == "title" for tag, _lang in self.inside)
            self.said.append((outside.strip(), "title" if is_title else self.inside[-1][1]))


def outside_of_brackets(text: str, depth: int = 0) -> tuple[str, int]:
    """Return what no bracket surrounds, and how deep the text ends."""
    found = []
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        assert depth >= 0, text
        if depth == 0 and letter != "⟧":
            found.append(letter)
    return "".join(found), depth


@pytest.fixture
def issuer(db):
    issuer = IssuerFactory.create(
        organisation__name=RUSSIAN,
        name=RUSSIAN,
        description=RUSSIAN,
        url="https://pier.example.org",
        telephone="+16175551212",
    )
    DomainFactory.create(issuer=issuer, name="pier.example.org")
    return issuer


def greek(issuer, factory=BadgeClassFactory, **fields: object) -> BadgeClass:
    words = ["name", "description", "image_alt", "criteria_narrative", "learned", "applied", "assessed", "useful_for"]
    return factory.create(issuer=issuer, language="el", **{**dict.fromkeys(words, GREEK), **fields})


@pytest.fixture
def framework(issuer) -> Framework:
    """A Greek framework from elsewhere, with levels; without competencies."""
    framework = FrameworkFactory.create(
        organisation=issuer.organisation,
        name=GREEK,
        description=GREEK,
        publisher=RUSSIAN,
        url="https://pier.example.org/skills",
        language="el",
    )
    for number in (1, 2):
        CompetencyLevelFactory.create(framework=framework, number=number, name=GREEK, description=GREEK)
    return framework


@pytest.fixture
def competencies(framework) -> dict[str, Competency]:
    """A competency under another one, one that was published elsewhere, and one that the framework gave up."""
    words = {"framework": framework, "name": GREEK, "description": GREEK, "kind": GREEK, "code": "1.2"}
    above = CompetencyFactory.create(**words)
    here = CompetencyFactory.create(**words, parent=above)
    elsewhere = CompetencyFactory.create(**words, uri="https://pier.example.org/skills/1")
    retired = CompetencyFactory.create(**words, retired_at=MONDAY, successor=here)
    return {"competency": here, "competency from elsewhere": elsewhere, "competency, retired": retired}


@pytest.fixture
def versions(issuer, competencies) -> list[BadgeClass]:
    """Three versions with everything that a badge can say, corrected and translated."""
    first = greek(issuer, status=BadgeClass.Status.SUPERSEDED, superseded_at=MONDAY + timedelta(days=40))
    second = greek(
        issuer,
        series=first.series,
        version=2,
        status=BadgeClass.Status.SUPERSEDED,
        superseded_at=MONDAY + timedelta(days=80),
        change_note=GREEK,
    )
    third = greek(
        issuer,
        SvgBadgeClassFactory,
        series=first.series,
        version=3,
        level=3,
        name=f"{GREEK} {GREEK}",
        category="VALUES",
        purpose="COMPLIANCE",
        basis="MEASUREMENT",
        tags=[GREEK],
        validity="MONTHS",
        validity_months=24,
        criteria_url="https://pier.example.org/criteria",
        apply_url="https://pier.example.org/apply",
        licence="CC-BY",
        place=RUSSIAN,
        latitude="53.5",
        longitude="9.9",
        image_author="https://pier.example.org/artist",
        change_note=GREEK,
    )
    for number, kind in enumerate(["COURSE", "PROJECT", "ON_THE_JOB", "ASSESSMENT"]):
        EarningStepFactory.create(badge_class=third, kind=kind, text=GREEK, position=number)
    EarningStepFactory.create(badge_class=third, kind="BADGE", text=GREEK, required_badge=greek(issuer), position=9)
    EarningStepFactory.create(badge_class=greek(issuer), kind="BADGE", text=GREEK, required_badge=third)
    skill = {"target_name": GREEK, "target_description": GREEK, "target_framework": GREEK, "target_code": "1.2"}
    for name, competency in competencies.items():
        named_by = first if "retired" in name else third
        AlignmentFactory.create(badge_class=named_by, competency=competency, **skill)
    # A ladder with a gap below, and above it a badge without a level that is no longer awarded.
    third.next_level = greek(issuer, archived=True)
    third.save(update_fields=["next_level"])
    greek(issuer, level=1, next_level=third)
    third.related_badges.add(greek(issuer))
    BadgeTranslationFactory.create(
        badge_class=third, language="uk", name=RUSSIAN, description=RUSSIAN, criteria_narrative=RUSSIAN, image_alt=""
    )
    for badge in (first, second, third):
        for language in ("", "uk"):
            texts = ["name", "description", "criteria_narrative", "learned", "applied", "assessed", "useful_for"]
            texts += ["image_alt", "steps.0"]
            words = RUSSIAN if language else GREEK
            changes = [{"field": name, "label": "?", "before": "1", "after": words} for name in texts]
            changes.append({"field": "alignments.0", "label": f"Skill “{words}”", "before": "", "after": words})
            BadgeCorrection.objects.create(
                badge_class=badge, language=language, note=GREEK, changes=changes, corrected_at=MONDAY
            )
    return [first, second, third]


def endorsement(**fields: object) -> Endorsement:
    texts = {"comment": RUSSIAN, "endorser_name": RUSSIAN, "accepted": True}
    texts["endorser"] = None if fields.get("elsewhere") else IssuerFactory.create(name=RUSSIAN)
    return EndorsementFactory.create(**{**texts, **fields})


@pytest.fixture
def pages(issuer, versions, framework, competencies) -> dict[str, tuple[str, int]]:
    """The address of each public page in each of its states, and the status of its answer."""
    first, _second, third = versions
    PersonFactory.create_batch(20, organisation=issuer.organisation)  # so many that a share of them is shown
    pilot = greek(issuer, status=BadgeClass.Status.PILOT)
    given = [endorsement(badge_class=third) for _number in range(5)]
    elsewhere = endorsement(badge_class=third, elsewhere=True)
    lost = endorsement(badge_class=third, elsewhere=True, problem=RUSSIAN)
    taken_back = endorsement(badge_class=third, revoked_at=MONDAY, revocation_reason=RUSSIAN)
    for_award = {"recipient_name": RUSSIAN, "name_shown_at": MONDAY, "narrative": GREEK}
    awards = {
        "valid": AssertionFactory.create(badge_class=third, **for_award),
        "valid for a time": AssertionFactory.create(badge_class=third, expires_at=MONDAY + timedelta(days=36_500)),
        "of an earlier version": AssertionFactory.create(badge_class=first, **for_award),
        "expired": AssertionFactory.create(badge_class=third, expires_at=MONDAY + timedelta(days=1), **for_award),
        "unfinished": AssertionFactory.create(badge_class=third, unfinished=True),
        "revoked": AssertionFactory.create(badge_class=third, revoked_at=MONDAY, revocation_reason=RUSSIAN),
        "declined": AssertionFactory.create(badge_class=third, declined=True, revocation_reason=RUSSIAN),
    }
    texts = dict.fromkeys(("name", "narrative", "description", "genre", "audience"), GREEK)
    EvidenceFactory.create(assertion=awards["valid"], **texts)
    EvidenceFactory.create(assertion=awards["valid"], name="", narrative=GREEK, url="")
    archived = greek(issuer, status=BadgeClass.Status.SUPERSEDED, superseded_at=MONDAY)
    last = greek(issuer, archived=True, series=archived.series, version=2, change_note=GREEK)
    empty = IssuerFactory.create(name=RUSSIAN, url=issuer.url)
    addresses = {
        **{f"award, {name}": (reverse("public:assertion", args=[one.pk]), 200) for name, one in awards.items()},
        "award of the last version": (AssertionFactory.create(badge_class=last), 200),
        "award of one before the last": (AssertionFactory.create(badge_class=archived), 200),
        **{f"badge, version {one.version}": (one, 200) for one in versions},
        "badge, archived": (last, 200),
        "badge, before an archived one": (archived, 200),
        "badge, archived and succeeded": (greek(issuer, archived=True, successor=third), 200),
        "badge, pilot": (pilot, 200),
        "award of a pilot": (AssertionFactory.create(badge_class=pilot), 200),
        **{name: (one, 200) for name, one in competencies.items()},
        "framework": (framework, 200),
        **{
            f"changes, version {one.version}": (reverse("public:badge-changes", args=[one.pk]), 200) for one in versions
        },
        "badge in Greek": (reverse("public:badge-language", args=[third.pk, "el"]), 200),
        "badge in Ukrainian": (reverse("public:badge-language", args=[third.pk, "uk"]), 200),
        "badge in no such language": (reverse("public:badge-language", args=[third.pk, "da"]), 404),
        "issuer": (issuer, 200),
        "issuer without badges": (empty, 200),
        "endorsement": (given[0], 200),
        "endorsement that waits": (endorsement(badge_class=third, accepted=False), 200),
        "endorsement from elsewhere": (elsewhere, 200),
        "endorsement out of reach": (lost, 200),
        "endorsement of an issuer": (endorsement(badge_class=None, issuer=issuer), 200),
        "endorsement of an award": (endorsement(badge_class=None, assertion=awards["valid"]), 200),
        "endorsement, taken back": (taken_back, 410),
        "no award": (reverse("public:assertion", args=[uuid4()]), 404),
        "no badge": (reverse("public:badge", args=[uuid4()]), 404),
        "no issuer": (reverse("public:issuer", args=[uuid4()]), 404),
        "no endorsement": (reverse("public:endorsement", args=[uuid4()]), 404),
        "no key": (reverse("public:key", args=[issuer.pk, "0"]), 404),
        "no picture": (reverse("public:badge-image", args=[uuid4()]), 404),
        "no competency": (reverse("public:competency", args=[uuid4()]), 404),
        "no framework": (reverse("public:framework", args=[uuid4()]), 404),
        "no extension": (reverse("public:extension-context", args=["none"]), 404),
        "nothing": ("/public/nothing", 404),
    }
    for name in ("award, revoked", "award, declined"):
        addresses[name] = (addresses[name][0], 410)
    return {name: (address_of(one), status) for name, (one, status) in addresses.items()}


def address_of(one: str | models.Model) -> str:
    """Return the address of the page of a row."""
    if isinstance(one, str):
        return one
    name = "badge" if isinstance(one, BadgeClass) else type(one).__name__.lower()
    return reverse(f"public:{name}", args=[one.pk])


@pytest.fixture
def of_the_rows(issuer) -> list[str]:
    """Latin letters that come from the rows: addresses, names of languages in those languages, codes to publish."""
    proof = confirmation_of(issuer).proof
    words = [urlsplit(issuer.url).netloc, "badgeserver", "name@example.org", "guild.example.org"]
    words += [proof.record_name, proof.record_value, proof.file_url, proof.file_line]
    words += [language_name("el"), language_name("uk")]
    return sorted(words, key=len, reverse=True)


def opened(client, address: str, language: str):
    return client.get(address, headers={"Accept": "text/html", "Accept-Language": f"{language}, en;q=0.5"})


def latin(text: str, of_the_rows: list[str]) -> bool:
    """Whether a text has a letter of ours, after what the rows say and addresses are taken out."""
    for word in of_the_rows:
        text = text.replace(word, "")
    return LATIN.search(re.sub(r"https?://\S+", "", text)) is not None


def test_every_word_of_ours_is_translated_on_every_public_page(client, pages, bracketing, of_the_rows):
    forgotten = []
    for name, (address, status) in pages.items():
        response = opened(client, address, "de")
        reader = Reader(response.text)
        assert (name, response.status_code, reader.language, reader.depth) == (name, status, "de", 0)
        assert (name, reader.bracketed > 5) == (name, True)
        said = [text for text, _language in reader.said] + [outside_of_brackets(text)[0] for text in reader.attributes]
        forgotten += [(name, text) for text in said if latin(text, of_the_rows)]

    assert forgotten == []


def test_words_of_the_badge_say_that_they_are_greek(client, pages, bracketing):
    unmarked = {
        (name, language)
        for name, (address, _status) in pages.items()
        for text, language in Reader(opened(client, address, "de").text).said
        if GREEK in text and language not in {"el", "title"}
    }

    assert unmarked == set()


def test_our_own_words_never_claim_to_be_in_the_language_of_the_badge(client, pages, bracketing):
    class Marks(Reader):
        def handle_data(self, data):
            is_ours = data.lstrip().startswith("⟦") and not data.endswith(GREEK)  # “Course: …” is one line of both
            if self.depth == 0 and is_ours and self.inside[-1][1] not in {"de", ""}:
                self.said.append(("ours", data))
            self.depth = outside_of_brackets(data, self.depth)[1]

    wrong = [(name, Marks(opened(client, address, "de").text).said) for name, (address, _status) in pages.items()]

    assert [one for one in wrong if one[1]] == []


def test_every_text_that_public_pages_ask_for_is_in_every_language(client, pages, bracketing):
    for address, _status in pages.values():
        opened(client, address, "de")
    asked, missing = set(bracketing.asked), {}
    for tag in SPOKEN:
        known = {key[0] if isinstance(key, tuple) else key for key in real_catalogue(tag)}
        missing[tag] = asked - known

    assert len(asked) > 150
    assert missing == {tag: set() for tag in SPOKEN}


def real_catalogue(tag: str) -> list[object]:
    """Return what a language translates, Django's own texts too: months, names of languages."""
    return list(trans_real.DjangoTranslation(tag)._catalog.keys())


@pytest.mark.parametrize("tag", ["en", *SPOKEN])
def test_pages_say_their_language(client, pages, tag):
    answers = {name: opened(client, address, tag) for name, (address, _status) in pages.items()}

    assert {name: Reader(answer.text).language for name, answer in answers.items()} == dict.fromkeys(pages, tag)
    assert {name for name, answer in answers.items() if "Accept-Language" not in answer["Vary"]} == set()


def test_days_are_written_as_the_reader_writes_them(client, pages):
    address, _status = pages["award, expired"]
    days = {tag: opened(client, address, tag).text for tag in ("en", *SPOKEN)}

    written = {
        "en": "until 3 March 2026 and",
        "de": "bis 3. März 2026 gültig",
        "es": "hasta el 3 de marzo de 2026 y",
        "fr": "jusqu’au 3 mars 2026 et",
        "it": "fino al 3 marzo 2026 e",
        "nl": "tot en met 3 maart 2026 en",
    }
    assert {tag: words in days[tag] for tag, words in written.items()} == dict.fromkeys(written, True)


def test_corrections_of_a_translation_name_its_language(client, versions):
    address = reverse("public:badge", args=[versions[2].pk])
    told = {
        "en": "Ukrainian text corrected on 2 March 2026:",
        "de": "Text auf Ukrainisch am 2. März 2026 berichtigt:",
        "es": "Texto en ucraniano corregido el 2 de marzo de 2026:",
        "fr": "Texte en ukrainien corrigé le 2 mars 2026\u00a0:",
        "it": "Testo in ucraino corretto il 2 marzo 2026:",
        "nl": "Tekst in het Oekraïens gecorrigeerd op 2 maart 2026:",
    }

    assert {tag: told[tag] in opened(client, address, tag).text for tag in told} == dict.fromkeys(told, True)


def test_documents_and_pictures_never_follow_the_reader(client, pages, bracketing):
    followed = []
    for name, (address, _status) in pages.items():
        if name != "nothing" and not name.startswith(PAGES_ALONE):
            answer = client.get(address, headers={"Accept": "application/ld+json", "Accept-Language": "de"})
            followed += [name] if "⟦" in answer.text else []

    assert followed == []
