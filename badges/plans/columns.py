"""What the columns of a plan mean: guessed from their headings, and where there are none from what stands in them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from badges.plans import cells
from badges.plans.grids import turned
from badgeserver.tabular import folded

#: A heading counts as recognised from here on; below `SURE` the column is shown as a guess.
RECOGNISED, SURE = 0.72, 0.9
_HEADING_LENGTH = 80
_ROWS_ABOVE = 10


@dataclass(frozen=True, slots=True)
class PlanField:
    """Something that a plan may say about each badge. `words` are the headings it goes by, as `folded` has them."""

    key: str
    label: str | Promise
    help: str | Promise
    words: tuple[str, ...]
    #: Several columns may say it: “Step 1”, “Step 2”.
    several: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(folded(word) for word in text.split(","))


FIELDS: dict[str, PlanField] = {
    one.key: one
    for one in [
        PlanField(
            "name",
            _("Name"),
            _("What somebody can do, up to 120 characters. The only thing that a draft needs."),
            _words(
                "name,badge,badge name,name of badge,name of the badge,title,badge title,micro credential,credential,"
                "credential name,badgename,name des badges,bezeichnung,titel,abzeichen,name des abzeichens,badge titel"
            ),
        ),
        PlanField(
            "description",
            _("Description"),
            _("One or two sentences, up to 500 characters."),
            _words(
                "description,short description,summary,about,about this badge,what is it,what is it about,"
                "what it is about,"
                "badge description,in short,beschreibung,kurzbeschreibung,beschreibung des badges,zusammenfassung,"
                "worum geht es,inhalt,badge beschreibung"
            ),
        ),
        PlanField(
            "issuer",
            _("Issuer"),
            _("The name of one of your issuers."),
            _words("issuer,issued by,issuing organisation,issuing organization,awarded by,aussteller,herausgeber,"
                   "ausgestellt von,vergeben von"),
        ),
        PlanField(
            "level",
            _("Level"),
            _("1 to 5, the level’s name, stars, or a verb such as “apply”."),
            _words("level,mastery,mastery level,skill level,proficiency,proficiency level,stars,bloom,bloom level,"
                   "bloom s level,grade,tier,stufe,niveau,level of mastery,kompetenzstufe,niveaustufe,sterne,"
                   "kompetenzniveau,schwierigkeit,difficulty,taxonomiestufe"),
        ),
        PlanField(
            "steps",
            _("How to earn it"),
            _("One step a line. “Course:”, “Project:”, “Work:”, “Assessment:” or “Badge:” may begin it."),
            _words("how to earn it,how to earn,how to earn this badge,steps,step,earning steps,how it is earned,"
                   "requirements,what to do,activities,activity,tasks,task,earn by,how to get it,pathway,"
                   "requirement,schritte,schritt,wie man ihn erwirbt,wie man es erwirbt,so erwirbt man ihn,erwerb,"
                   "weg zum badge,anforderungen,anforderung,aufgaben,aufgabe,voraussetzungen,was ist zu tun,"
                   "weg zum abzeichen,aktivitaten,wie verdient man ihn"),
            several=True,
        ),
        PlanField(
            "criteria",
            _("Criteria in words"),
            _("What counts as having earned it."),
            _words("criteria,criterion,criteria narrative,award criteria,earning criteria,criteria for award,"
                   "awarding criteria,kriterien,kriterium,vergabekriterien,bedingungen,kriterien fur die vergabe"),
            several=True,
        ),
        PlanField(
            "learned",
            _("What is learned"),
            _("What somebody knows and can do afterwards."),
            _words("what is learned,what you learn,learned,learning outcomes,learning outcome,outcomes,outcome,"
                   "learning objectives,learning objective,learning goals,objectives,skills learned,knowledge,"
                   "what you will learn,what people learn,lernziele,lernziel,lernergebnisse,lernergebnis,"
                   "was gelernt wird,was man lernt,lerninhalte,gelernt,kenntnisse"),
            several=True,
        ),
        PlanField(
            "assessed",
            _("How it is assessed"),
            _("Who looks at what, and how."),
            _words("how it is assessed,assessed,assessment,assessment method,how assessed,evidence,evaluation,"
                   "proof,how is it assessed,verification,how we check,assessed by,bewertung,prufung,nachweis,"
                   "wie es gepruft wird,prufungsform,wie wird bewertet,beurteilung,nachweise,uberprufung"),
            several=True,
        ),
        PlanField(
            "applied",
            _("How it is applied"),
            _("Where it is used at work."),
            _words("how it is applied,applied,application,applied at work,use at work,used at work,on the job,"
                   "application at work,transfer,practice,anwendung,praxis,anwendung im beruf,transfer in die praxis,"
                   "wie es angewendet wird,praxistransfer,im arbeitsalltag"),
            several=True,
        ),
        PlanField(
            "useful_for",
            _("What it is useful for"),
            _("Why it matters, and for whom."),
            _words("useful for,what it is useful for,why,why it matters,benefit,benefits,value,relevance,"
                   "purpose for learner,who is it for,for whom,usefulness,nutzen,wozu,wofur,mehrwert,relevanz,"
                   "wofur es nutzlich ist,warum,vorteile"),
            several=True,
        ),
        PlanField(
            "category",
            _("Category"),
            _("Technical skill, Durable skill or Values."),
            _words("category,skill category,skill type,type of skill,kind of skill,kategorie,kompetenzbereich,"
                   "art der kompetenz,bereich,skill area"),
        ),
        PlanField(
            "purpose",
            _("Purpose"),
            _("Skill, Compliance, Values or Fun."),
            _words("purpose,badge purpose,type,badge type,kind,kind of badge,aim,zweck,art,typ,badge art,badge typ,"
                   "art des badges,ziel"),
        ),
        PlanField(
            "basis",
            _("Basis"),
            _("Completion, Measurement, Progress, Experience or Participation."),
            _words("basis,awarded for,based on,evidence type,given for,basis of award,grundlage,verliehen fur,"
                   "vergabegrundlage,vergeben fur"),
        ),
        PlanField(
            "departments",
            _("Departments"),
            _("For whom it is, separated by commas."),
            _words("departments,department,team,teams,division,unit,business unit,for departments,abteilung,"
                   "abteilungen,bereiche,fur abteilungen,organisationseinheit"),
            several=True,
        ),
        PlanField(
            "job_roles",
            _("Roles"),
            _("For which jobs it is, separated by commas."),
            _words("roles,role,job roles,job role,jobs,job,target group,audience,target audience,for roles,"
                   "positions,position,rolle,rollen,zielgruppe,tatigkeit,berufe,beruf,funktion,zielgruppen,"
                   "stellen,fur wen"),
            several=True,
        ),
        PlanField(
            "alignments",
            _("Competencies"),
            _("One a line: name, [code] or address."),
            _words("competencies,competency,competence,competences,alignment,alignments,aligned to,skills,skill,"
                   "standards,standard,framework,esco,esco skills,skill framework,competency framework,"
                   "skill codes,kompetenz,kompetenzen,fahigkeiten,fahigkeit,kompetenzrahmen,zuordnung,"
                   "esco kompetenzen,skills and competencies"),
            several=True,
        ),
        PlanField(
            "tags",
            _("Tags"),
            _("Separated by commas."),
            _words("tags,tag,keywords,keyword,labels,topics,schlagworte,schlagworter,stichworte,stichworter,"
                   "schlagwort,themen"),
            several=True,
        ),
        PlanField(
            "validity",
            _("Valid for"),
            _("“2 years”, “24 months”, a day, or “never expires”."),
            _words("valid for,validity,valid,valid until,expires,expiry,expiration,expires after,duration of validity,"
                   "validity period,renewal,expiry date,gultigkeit,gultig,gultig bis,gultigkeitsdauer,ablauf,"
                   "lauft ab,verfall,gultig fur,haltbarkeit,auffrischung"),
        ),
        PlanField(
            "next_badge",
            _("Next badge"),
            _("The name of the next level, in this plan or among your badges."),
            _words("next badge,next level,next,leads to,followed by,next step,progression,nachster badge,"
                   "nachstes badge,nachste stufe,nachstes level,danach,fuhrt zu,folgebadge,aufbauend"),
        ),
        PlanField(
            "internal",
            _("Internal only"),
            _("Yes: it never appears on public pages."),
            _words("internal only,internal,visibility,visible to,private,public,intern,nur intern,sichtbarkeit,"
                   "sichtbar,offentlich"),
        ),
        PlanField(
            "award_cap",
            _("At most this many holders"),
            _("A number, or empty for no limit."),
            _words("at most this many holders,award cap,cap,limit,maximum,max holders,max awards,max,scarcity,"
                   "number available,obergrenze,begrenzung,hochstzahl,anzahl,limitierung"),
        ),
        PlanField(
            "image_alt",
            _("The picture in words"),
            _("For people who cannot see it."),
            _words("the picture in words,picture in words,alt text,image alt,image alt text,image description,"
                   "picture description,alt,picture,image,bild,bildbeschreibung,alternativtext,bild in worten,"
                   "beschreibung des bildes"),
        ),
    ]
}  # fmt: skip

_ONE_OF_A_FEW: dict[str, Callable[[str], object]] = {
    "category": cells.category,
    "purpose": cells.purpose,
    "basis": cells.basis,
    "level": cells.level,
}
#: Headings that say nothing about the badge: numbers of rows and such.
_NO_FIELD = set(
    _words(
        "no,nr,number,nummer,id,lfd nr,pos,status,owner,responsible,notes,note,comment,comments,remarks,"
        "verantwortlich,notizen,bemerkung,bemerkungen,anmerkung,kommentar,deadline,budget,priority,prioritat"
    )
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is read. `columns` has the field of each column, or “”; `sureness` from 0 to 1 beside it."""

    header_rows: int
    headings: list[str]
    columns: list[str]
    sureness: list[float]
    recognised: int = field(default=0)

    @property
    def name_column(self) -> int | None:
        return self.columns.index("name") if "name" in self.columns else None


def guess_layout(rows: Sequence[Sequence[str]]) -> Layout:
    """Return how a table is best read: where its headings end, and what each column says. Never raises."""
    best, best_score = _layout(rows, 0, []), -1.0
    for first in range(min(len(rows), _ROWS_ABOVE)):
        for height in (1, 2):
            if first + height > len(rows) or not _may_be_headings(rows[first : first + height]):
                continue
            if height == 2 and not _is_second_heading(rows[first], rows[first + 1]):
                continue
            layout = _layout(rows, first + height, headings(rows[first : first + height]))
            filled = sum(1 for cell in layout.headings if cell)
            is_heading = layout.recognised >= 2 or (layout.recognised == 1 and filled == 1)
            # Of two that recognise as much, the one with fewer and earlier rows.
            score = sum(_recognised(layout)) - 0.01 * first - 0.02 * height
            if is_heading and score > best_score:
                best, best_score = layout, score
    return best


def is_turned(rows: Sequence[Sequence[str]]) -> bool:
    """Whether each column is a badge, and the headings stand one under another at the left."""
    # Who plans downwards has a row for each field: a table of many rows is not looked at from the side.
    if not 2 <= len(rows) <= 2 * len(FIELDS):
        return False
    across, down = guess_layout(rows), guess_layout(turned([list(row) for row in rows]))
    return down.recognised >= 2 and down.recognised > across.recognised and down.header_rows == 1


def headings(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the heading of each column: of two rows the lower, after the upper that it belongs to.

    Rows of a single text are titles of the whole table, not headings.
    """
    telling = [row for row in rows if sum(1 for cell in row if cell) > 1] or list(rows[-1:])
    width = max(map(len, rows), default=0)
    found = []
    for column in range(width):
        parts = [row[column].strip() if column < len(row) else "" for row in telling]
        found.append(" ".join(dict.fromkeys(part for part in parts if part)))
    return found


def name_of_field(heading: str) -> tuple[str, float]:
    """Return which field a heading means, and how surely (0 to 1); “” for none.

    Understood are English, German, and what the field is called in the language of the reader.
    """
    if len(heading) > _HEADING_LENGTH:
        return "", 0.0
    return _name_of_field(folded(heading), get_language() or "")


@lru_cache(maxsize=4096)
def _name_of_field(plain: str, language: str) -> tuple[str, float]:  # noqa: ARG001 -- the labels are said in it
    if not plain or plain in _NO_FIELD:
        return "", 0.0
    unnumbered = re.sub(r"\s*\d+$", "", plain)
    return max(
        (
            (one.key, max(_likeness(plain, word), _likeness(unnumbered, word)))
            for one in FIELDS.values()
            for word in (folded(str(one.label)), *one.words)
        ),
        key=lambda item: item[1],
    )


def _likeness(heading: str, word: str) -> float:
    if heading == word:
        return 1.0
    if not heading or not word:
        return 0.0
    share = len(word) / len(heading) if len(heading) > len(word) else len(heading) / len(word)
    # Both are folded: words with one blank between them.
    if len(word) > 3 and f" {word} " in f" {heading} ":
        return 0.75 + 0.2 * share
    if len(heading) > 5 and " " in heading and f" {heading} " in f" {word} ":
        return 0.72 + 0.2 * share
    if share < 0.7 or min(len(word), len(heading)) < 4:
        return 0.0
    likeness = SequenceMatcher(None, heading, word, autojunk=False)
    ratio = likeness.ratio() if likeness.quick_ratio() > 0.8 else 0.0  # which is the most that it can be
    return ratio * 0.95 if ratio > 0.8 else 0.0


def _layout(rows: Sequence[Sequence[str]], header_rows: int, names: list[str]) -> Layout:
    width = max(map(len, rows), default=0)
    names = [*names, *([""] * (width - len(names)))][:width]
    body = [[row[column] if column < len(row) else "" for row in rows[header_rows:]] for column in range(width)]
    columns, sureness = [""] * width, [0.0] * width
    guesses = [name_of_field(name) for name in names]
    for column in sorted(range(width), key=lambda at: -guesses[at][1]):
        key, sure = guesses[column]
        if sure >= RECOGNISED and (key not in columns or (FIELDS[key].several and sure >= SURE)):
            columns[column], sureness[column] = key, sure
    recognised = sum(1 for key in columns if key)
    _look_again(body, columns, sureness)
    _guess_by_content(body, names, columns, sureness, is_bare=not recognised)
    return Layout(header_rows, names, columns, sureness, recognised)


def _recognised(layout: Layout) -> list[float]:
    """Return how sure each heading is that was recognised by itself."""
    return [sure for name, sure in zip(layout.headings, layout.sureness, strict=True) if name and sure >= RECOGNISED]


def _look_again(body: list[list[str]], columns: list[str], sureness: list[float]) -> None:
    """“Type” may mean purpose, category or basis: what stands in the column decides."""
    for column, key in enumerate(columns):
        if key not in _ONE_OF_A_FEW:
            continue
        fits = {other: _share(body[column], understands) for other, understands in _ONE_OF_A_FEW.items()}
        best = max(fits, key=lambda other: fits[other])
        if fits[best] > 0.6 and fits[key] < 0.4 and best not in columns:
            columns[column], sureness[column] = best, 0.8


def _guess_by_content(
    body: list[list[str]], names: list[str], columns: list[str], sureness: list[float], *, is_bare: bool
) -> None:
    """Give columns without a telling heading the field that their cells look like, with less certainty."""
    free = [at for at in range(len(columns)) if _is_free(at, body, names, columns, is_bare=is_bare)]

    def take(column: int, key: str, sure: float) -> None:
        columns[column], sureness[column] = key, sure
        if column in free:
            free.remove(column)

    for column in list(free):
        fitting = [key for key, test in _LOOKS if key not in columns and _share(body[column], test) > 0.75]
        if fitting:
            take(column, fitting[0], 0.6)
    if "name" not in columns:
        # The heading of the names may be anything (“Our heroes”): any column that is left over may be theirs.
        candidates = free or [at for at, key in enumerate(columns) if not key and any(body[at])]
        named = next((at for at in candidates if _may_be_names(body[at])), None)
        if named is not None:
            take(named, "name", 0.5)
    if "description" not in columns and is_bare:
        long = [at for at in free if sum(map(len, body[at])) / max(sum(map(bool, body[at])), 1) > 20]
        if long:
            take(long[0], "description", 0.5)


def _is_free(at: int, body: list[list[str]], names: list[str], columns: list[str], *, is_bare: bool) -> bool:
    """Whether what a column says may be guessed: nothing is said about it, and it is not the numbers of the rows."""
    if columns[at] or not any(body[at]) or folded(names[at]) in _NO_FIELD or (names[at] and not is_bare):
        return False
    numbers = all(cell.strip(".").isdecimal() for cell in body[at] if cell)
    return not numbers or _may_be_levels(body[at])


_LOOKS: list[tuple[str, Callable[[str], object]]] = [
    *_ONE_OF_A_FEW.items(),
    ("validity", lambda text: not text.isdecimal() and cells.validity(text).is_understood),
    ("alignments", lambda text: bool(re.search(r"https?://", text))),
    ("steps", lambda text: bool(re.match(r"(1[.)]|[-•*–])\s", text)) or text.count("\n") > 1),
]


def _may_be_names(column: Sequence[str]) -> bool:
    filled = [cell for cell in column if cell]
    is_short = sum(map(len, filled)) / len(filled) <= 60 and max(map(len, filled)) <= 150
    return is_short and len({folded(cell) for cell in filled}) > 0.8 * len(filled)


def _may_be_levels(column: Sequence[str]) -> bool:
    numbers = [cell for cell in column if cell]
    return all(cell in "12345" for cell in numbers) and numbers != [str(n) for n in range(1, len(numbers) + 1)]


def _share(column: Sequence[str], test: Callable[[str], object]) -> float:
    filled = [cell for cell in column if cell][:50]
    return sum(1 for cell in filled if test(cell)) / len(filled) if filled else 0.0


def _may_be_headings(rows: Sequence[Sequence[str]]) -> bool:
    texts = [cell for row in rows for cell in row if cell]
    return bool(texts) and max(map(len, texts)) <= _HEADING_LENGTH


def _is_second_heading(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether the lower row names fields where the upper says nothing, or less."""
    above = {at for at, cell in enumerate(upper) if name_of_field(cell)[1] >= RECOGNISED}
    below = [at for at, cell in enumerate(lower) if cell and name_of_field(cell)[1] >= RECOGNISED]
    filled = sum(1 for cell in lower if cell)
    return bool(below) and len(below) >= 0.5 * filled and any(at not in above for at in below)
