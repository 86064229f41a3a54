"""What people write into the cells of a plan, understood: levels, times, steps, lists; needs no database."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from badges.models import Basis, Category, Level, Purpose, StepKind, Validity, Visibility
from badgeserver.tabular import folded

MAX_MONTHS = 240

# --- One of a few --------------------------------------------------------------------------------------------


def _meanings(said: Mapping[str, str]) -> dict[str, str]:
    return {folded(word): value for value, words in said.items() for word in [*words.split(","), value]}


_CATEGORIES = _meanings(
    {
        Category.TECHNICAL: "technical skill,technical,technical skills,hard skill,hard skills,tech,job skill,"
        "fachlich,fachkompetenz,fachliche kompetenz,fachwissen,technisch,methodenkompetenz",
        Category.DURABLE: "durable skill,durable,durable skills,soft skill,soft skills,power skill,power skills,"
        "human skill,human skills,people skill,people skills,transferable,transversal,uberfachlich,"
        "uberfachliche kompetenz,sozialkompetenz,soziale kompetenz,personale kompetenz,soft,future skills",
        Category.VALUES: "values,value,culture,our values,werte,wert,kultur,haltung",
    }
)
_PURPOSES = _meanings(
    {
        Purpose.SKILL: "skill,skills,development,learning,upskilling,fahigkeit,kompetenz,konnen,weiterbildung,"
        "entwicklung,lernen",
        Purpose.COMPLIANCE: "compliance,mandatory,required,obligatory,safety,legal,regulatory,pflicht,"
        "pflichtschulung,pflichtunterweisung,vorschrift,unterweisung,verpflichtend",
        Purpose.VALUES: "values,value,culture,recognition,werte,wert,kultur,anerkennung,wertschatzung",
        Purpose.FUN: "fun,engagement,social,spass,freude,team event",
    }
)
_BASES = _meanings(
    {
        Basis.COMPLETION: "completion,completed,course completion,finished,abschluss,abgeschlossen,absolviert",
        Basis.MEASUREMENT: "measurement,measured,assessment,exam,test,tested,score,messung,prufung,bewertung,gemessen",
        Basis.PROGRESS: "progress,improvement,growth,fortschritt,verbesserung,entwicklung",
        Basis.EXPERIENCE: "experience,practice,on the job,years of service,erfahrung,praxis,berufserfahrung",
        Basis.PARTICIPATION: "participation,attendance,attended,taking part,teilnahme,anwesenheit,mitwirkung",
    }
)
_VISIBILITIES = _meanings(
    {
        Visibility.INTERNAL: "yes,ja,y,j,x,true,wahr,1,internal,intern,internal only,nur intern,private,privat,"
        "✓,✔,the organisation only,organisation only,nicht offentlich",
        Visibility.PUBLIC: "no,nein,n,false,falsch,0,public,offentlich,everybody,everyone,alle,all,-,–",
    }
)


def category(text: str) -> str:
    """Return the `Category` that is meant, or “”."""
    return _meant(text, _CATEGORIES)


def purpose(text: str) -> str:
    """Return the `Purpose` that is meant, or “”."""
    return _meant(text, _PURPOSES)


def basis(text: str) -> str:
    """Return the `Basis` that is meant, or “”."""
    return _meant(text, _BASES)


def visibility(text: str, *, heading: str = "") -> str:
    """Return the `Visibility` that is meant by an answer to “internal only?”, or to “public?” if that is asked."""
    said = text.strip()
    found = {"✓": Visibility.INTERNAL, "✔": Visibility.INTERNAL, "-": Visibility.PUBLIC, "–": Visibility.PUBLIC}.get(
        said, _VISIBILITIES.get(folded(said), "")
    )
    asks_public = bool(re.search(r"\b(public|offentlich)\b", folded(heading)))
    is_yes_or_no = not re.search(r"intern|publi|priv|offentlich|every|alle?$|organisation", folded(said))
    if found and asks_public and is_yes_or_no:
        return Visibility.PUBLIC if found == Visibility.INTERNAL else Visibility.INTERNAL
    return found


def _meant(text: str, meanings: Mapping[str, str]) -> str:
    plain = folded(text)
    if plain in meanings:
        return meanings[plain]
    found = {meanings[part] for part in map(folded, re.split(r"[/(,;|&+:]| - | – ", text)) if part in meanings}
    return found.pop() if len(found) == 1 else ""


# --- Levels --------------------------------------------------------------------------------------------------

_LEVELS: dict[str, int] = {
    word: number
    for number, words in {
        1: "awareness beginner basic basics foundation foundational novice entry introductory einsteiger grundlagen "
        "anfanger basis bewusstsein grundkenntnisse einstieg i remember understand know recall describe explain "
        "identify list name define erinnern verstehen kennen wissen",
        2: "working junior elementary anwender anwendung assistant ii apply use carry perform demonstrate anwenden "
        "arbeitskenntnisse",
        3: "practitioner intermediate medium mittel mittelstufe professional praktiker iii analyse analyze compare "
        "examine analysieren sicher",
        4: "advanced proficient fortgeschritten fortgeschrittene fortgeschrittener iv evaluate judge critique assess "
        "bewerten beurteilen evaluieren",
        5: "expert master mastery experte expertin profi meister meisterin v create design invent lead teach "
        "erschaffen gestalten entwickeln",
    }.items()
    for word in words.split()
}
_FILLERS = {"level", "stufe", "niveau", "skill", "skills", "the", "user", "stage", "grade", "tier", "lvl", "l", "bloom",
            "star", "stars", "stern", "sterne"}  # fmt: skip


def level(text: str) -> int | None:
    """Return the level from 1 to 5 that is meant by a number, a word, stars or one of Bloom’s verbs, or None."""
    said = text.strip()
    full = said.count("★") + said.count("⭐") + said.count("🌟")
    if full or (said and set(said) <= {"*", " "}):
        number = full or said.count("*")
        return number if 1 <= number <= 5 else None
    numbers = re.findall(r"\d+(?:[.,]\d+)?", re.sub(r"(?:/|of|von|out of)\s*5\b", "", said))
    if len(numbers) == 1 and numbers[0] in {"1", "2", "3", "4", "5", "1.0", "2.0", "3.0", "4.0", "5.0"}:
        rest = [word for word in re.findall(r"[a-z]+", folded(said)) if word not in _FILLERS]
        meant = {_LEVELS[word] for word in rest if word in _LEVELS}
        return int(numbers[0][0]) if len(rest) <= 3 and meant <= {int(numbers[0][0])} else None
    if numbers:
        return None
    words = [word for word in folded(said).split() if word not in _FILLERS]
    meant = {_LEVELS[word] for word in words if word in _LEVELS}
    is_certain = "?" not in said and len(words) <= 3 and len(meant) == 1
    return meant.pop() if is_certain else _by_label(said) if "?" not in said else None


def _by_label(text: str) -> int | None:
    """The names of the levels in the language of the reader."""
    labels = {folded(str(one.label)): one.value for one in Level}
    return labels.get(folded(text))


# --- How long it holds ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holds:
    """How long an award holds; not understood, too long and gone by are three different things to say."""

    kind: str = Validity.NEVER
    months: int | None = None
    until: date | None = None
    is_understood: bool = True


_NEVER_WORDS = """
never,never expires,no expiry,no expiration,does not expire,unlimited,forever,none,lifetime,permanent,permanently,no,
n/a,no limit,nie,nein,unbegrenzt,unbefristet,lebenslang,keine,kein ablauf,lauft nicht ab,unlimitiert,dauerhaft,
for ever,it does not expire,lauft nie ab,expires never
"""
_NEVER = {folded(words) for words in _NEVER_WORDS.split(",")}
_UNITS = {"y": 12, "m": 1, "j": 12, "w": 0, "d": 0, "t": 0}
_NUMBERS = {
    word: number
    for number, words in enumerate(
        ["", "one a an ein eine einem", "two zwei", "three drei", "four vier", "five funf", "six sechs", "seven sieben",
         "eight acht", "nine neun", "ten zehn", "eleven elf", "twelve zwolf"]
    )
    for word in words.split()
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        ["", "jan january januar janner", "feb february februar", "mar march marz mrz", "apr april", "may mai",
         "jun june juni", "jul july juli", "aug august", "sep sept september", "oct october okt oktober",
         "nov november", "dec december dez dezember"]
    )
    for name in names.split()
}  # fmt: skip
_NOT_UNDERSTOOD = Holds(is_understood=False)


def validity(text: str, *, heading: str = "") -> Holds:
    """Return how long an award holds: “2 years”, “24”, “31.12.2027”, “never”, or the number of a day in Excel."""
    said = text.strip()
    plain = folded(said)
    if not said or said in {"-", "–", "—", "∞"} or plain in _NEVER:
        return Holds()
    day = day_of(said)
    if day is not None:
        return Holds(Validity.UNTIL, until=day)
    if plain in {"annual", "annually", "yearly", "every year", "jahrlich", "each year"}:
        return Holds(Validity.MONTHS, 12)
    if re.fullmatch(r"(half a year|ein halbes jahr|halbjahrlich|half yearly)", plain):
        return Holds(Validity.MONTHS, 6)
    months = _months(said.casefold(), folded(heading))
    if months is None or not 1 <= months <= MAX_MONTHS:
        return _NOT_UNDERSTOOD
    return Holds(Validity.MONTHS, months)


def _months(said: str, heading: str) -> int | None:
    found = re.fullmatch(
        r"(?:valid |gültig |for |für |after |nach |alle |every |ca\.? )*"
        r"(\d+(?:[.,]\d+)?|[a-zäöü]+)\s*(?:-\s*)?"
        r"(y(?:ea)?rs?|y|jahr(?:en?|e)?|j\.?|mon(?:th|at)?(?:s|en?|e)?\.?|mo|m|weeks?|wochen?|days?|tagen?|tage?)?"
        r"(?: after the award| nach (?:der )?verleihung)?\.?",
        said,
    )
    if not found or len(found[1]) > 20:  # Decimal does not divide what has more digits than it counts with
        return None
    number: Decimal
    if found[1][0].isdigit():
        try:
            number = Decimal(found[1].replace(",", "."))
        except InvalidOperation:
            return None
    elif folded(found[1]) in _NUMBERS and found[2]:
        number = Decimal(_NUMBERS[folded(found[1])])
    else:
        return None
    unit = found[2] or ("y" if re.search(r"year|jahr", heading) else "m" if re.search(r"month|monat", heading) else "")
    if not unit:
        # A number alone: nobody plans for 3 months, nor for 24 years.
        return int(number) if number >= 6 and number == int(number) else None
    if unit.startswith(("w", "d", "t")):
        days = number * (7 if unit.startswith("w") else 1)
        return int(days / 30) if days % 30 == 0 or unit.startswith("w") else None
    months = number * _UNITS[unit[0]]
    return int(months) if months == int(months) else None


def day_of(text: str) -> date | None:  # noqa: PLR0911 -- one for each way to write a day
    """Return the last day that a text names: ISO, 31.12.2027, 31/12/2027, December 2027, 2027, or a day of Excel."""
    said = re.sub(r"^(until|bis(?: zum)?|by|through|valid until|gültig bis)\s+", "", text.strip(), flags=re.IGNORECASE)
    said = re.sub(r"[T ]\d\d:\d\d(:\d\d)?$", "", said)
    try:
        if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", said):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", said):
            day, month = int(found[1]), int(found[2])
            day, month = (month, day) if month > 12 else (day, month)
            return date(int(found[3]), month, day)
        if found := re.fullmatch(r"(\d{1,2})(?:\.|st|nd|rd|th)?\s+([^\W\d]+)\.?\s+(\d{4})", said):
            return date(int(found[3]), _MONTHS.get(folded(found[2]), 0), int(found[1]))
        if found := re.fullmatch(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", said):
            return date(int(found[3]), _MONTHS.get(folded(found[1]), 0), int(found[2]))
        if found := re.fullmatch(r"([^\W\d]+)\.?\s+(\d{4})|(\d{1,2})/(\d{4})", said):
            month = int(found[3]) if found[3] else _MONTHS.get(folded(found[1]), 0)
            year = int(found[2] or found[4])
            return date(year, month, calendar.monthrange(year, month)[1])
        if re.fullmatch(r"20\d\d|21\d\d", said):
            return date(int(said), 12, 31)
        if re.fullmatch(r"[3-9]\d{4}", said):
            return date(1899, 12, 30) + timedelta(days=int(said))
    except (ValueError, calendar.IllegalMonthError):
        return None
    return None


# --- Numbers and lists ---------------------------------------------------------------------------------------


def cap(text: str) -> int | None:
    """Return for how many people a badge is, or None for no limit. Raises `ValueError` for anything else."""
    plain = folded(text)
    if not text.strip() or text.strip() in {"-", "–", "∞"} or plain in _NEVER:
        return None
    numbers = re.findall(r"\d+", re.sub(r"(?<=\d)[ .,'’](?=\d{3}\b)", "", text))
    if len(numbers) != 1 or len(numbers[0]) > 12 or not 1 <= int(numbers[0]) <= 2_000_000_000:
        raise ValueError(text)
    return int(numbers[0])


def names(text: str, *, known: Mapping[str, str] | None = None) -> list[str]:
    """Return the names in a cell, separated by commas, semicolons or lines; each once.

    A cell or line that is a name in `known` (folded → as written) is one name, whatever commas it has.
    """
    known = known or {}
    found: dict[str, str] = {}
    for line in re.split(r"\n|;", text):
        parts = [line] if folded(line) in known else line.split(",")
        for part in parts:
            name = _without_bullet(" ".join(part.split())).strip("„“”\"'")
            if name and folded(name) not in {"", "all", "alle", "everybody", "everyone", "n a", "none", "keine"}:
                found.setdefault(folded(name), known.get(folded(name), name))
    return list(found.values())


def tags(text: str) -> list[str]:
    """Return the tags in a cell, each once."""
    separated = re.sub(r"(?<=\s)#", ",#", text)
    found: dict[str, str] = {}
    for part in re.split(r"[,;\n|]", separated):
        tag = _without_bullet(" ".join(part.split())).lstrip("#").strip()
        if tag:
            found.setdefault(tag.casefold(), tag)
    return list(found.values())


# --- Steps ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    kind: str
    text: str
    url: str = ""


_BULLET = re.compile(r"^\s*(?:[-–—•·▪◦*‣●○■□✓✔➤→]+\s+|\(?\d{1,2}[.)]\s+|\(?[a-zA-Z]\)\s+|[•·▪◦‣●])\s*")
_URL = re.compile(r"[(<\[]?(https?://[^\s<>\"“”„]+)", re.IGNORECASE)
_KINDS = {
    StepKind.COURSE: "course kurs training schulung workshop learning seminar",
    StepKind.PROJECT: "project projekt",
    StepKind.ON_THE_JOB: "work arbeit job praxis practice",
    StepKind.ASSESSMENT: "assessment prufung test exam quiz bewertung",
    StepKind.BADGE: "badge abzeichen",
}
_LABELS = {
    **{word: kind for kind, words in _KINDS.items() for word in words.split()},
    **{folded(label): kind for label, kind in [
        ("On-the-job work", StepKind.ON_THE_JOB), ("On the job", StepKind.ON_THE_JOB),
        ("Arbeit im Alltag", StepKind.ON_THE_JOB), ("Am Arbeitsplatz", StepKind.ON_THE_JOB),
        ("Badge already held", StepKind.BADGE), ("Vorhandener Badge", StepKind.BADGE)]},
}  # fmt: skip
_SIGNS = {
    # The first of these words and no other (hence \A and ?>): to go on from each costs the square of their number.
    StepKind.BADGE: (
        r"\A(?>.*?\b(?:hold|holds|held|earn|earned|have|besitz\w*|vorher\w*|inhaber\w*)\b).*\b(badge|abzeichen)"
    ),
    StepKind.ASSESSMENT: (
        r"(test|exam\w*|quiz\w*|assess\w*|interview\w*|observ\w*|evaluat\w*|pruf\w*|beobacht\w*|check|peer review|"
        r"abschlussgesprach|fachgesprach|nachweis\w*|zertifizier\w*|certif\w*|pass|beurteil\w*)"
    ),
    StepKind.COURSE: (
        r"(course\w*|training\w*|workshop\w*|e ?learning|module?s?|webinar\w*|lesson\w*|class|read|watch|video\w*|"
        r"seminar\w*|kurs\w*|schulung\w*|lehrgang\w*|modul\w*|lektion\w*|lesen|unterweisung\w*|lernpfad\w*|tutorial\w*)"
    ),
    StepKind.PROJECT: (
        r"(project\w*|build|create|portfolio\w*|case study|prototype\w*|projekt\w*|fallstudie|erstell\w*|konzept\w*|"
        r"presentation|prasentation\w*)"
    ),
}


def kind_of_step(text: str) -> str:
    """Return the kind of step that a sentence tells of; what is done at work is the rest."""
    plain = folded(text)
    return next((kind for kind, signs in _SIGNS.items() if re.search(rf"\b{signs}\b", plain)), StepKind.ON_THE_JOB)


def steps(text: str) -> list[Step]:
    """Return the steps that a cell tells, one a line, bullet or number, with the kind that it says or seems to be."""
    found = []
    for part in _parts(text):
        said, url = _address_of(part)
        label, colon, rest = said.partition(":")
        kind: str | None = _LABELS.get(folded(label)) if colon and len(label) < 30 else None
        if kind is None and colon and len(label) < 30:
            kind = _translated_label(label)
        said = rest.strip() if kind else said
        if said or url:
            found.append(Step(kind or kind_of_step(said), said or url, url))
    return found


def _translated_label(label: str) -> str | None:
    return {folded(str(kind.label)): kind.value for kind in StepKind}.get(folded(label))


def _parts(text: str) -> list[str]:
    """Return the items of a list, however it was typed; a line that begins no item goes on with the one before."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) == 1:
        lines = _inline(lines[0])
    marked = [bool(_BULLET.match(line)) for line in lines]
    found: list[str] = []
    for line, is_item in zip(lines, marked, strict=True):
        item = _without_bullet(line)
        goes_on = bool(found) and not is_item and marked[0] and item[:1].islower()
        if goes_on:
            found[-1] = f"{found[-1]} {item}"
        elif item:
            found.append(item)
    return found


def _inline(line: str) -> list[str]:
    """Return the items of a list that was typed into one line: “1. … 2. …”, “• … • …” or “…; …”."""
    starts, wanted = [], 1
    for found in re.finditer(r"(?:^|(?<=\s))\(?(\d{1,2})[.)]\s+(?=\S)", line):
        if int(found[1]) == wanted:
            starts.append(found.start())
            wanted += 1
    if len(starts) > 1:
        ends = [*starts[1:], len(line)]
        parts = [line[: starts[0]], *(line[start:end] for start, end in zip(starts, ends, strict=True))]
    elif starts:
        return [line]  # one step, with its number
    elif len(re.findall(r"[•▪●‣]", line)) > 1:
        parts = [part.strip() for part in re.split(r"[•▪●‣]", line)]
    else:
        parts = line.split(";")
    parts = [part.strip(" ;,") for part in parts if part.strip(" ;,")]
    return parts if len(parts) > 1 else [line]


def _without_bullet(text: str) -> str:
    return _BULLET.sub("", text).strip()


def _address_of(text: str) -> tuple[str, str]:
    """Take the one web address out of a text: where there are several, they stay."""
    found = list(_URL.finditer(text))
    if len(found) != 1:
        return text, ""
    url = found[0][1].rstrip(".,;:!?")
    opened = found[0][0][0]
    closing = {"(": ")", "<": ">", "[": "]"}.get(opened, "")
    if closing:
        url = url.rstrip(closing)
    elif url.endswith(")") and "(" not in url:
        url = url.rstrip(")")
    end = found[0].start(1) + len(url)
    if closing and text[end : end + 1] == closing:
        end += 1
    rest = f"{text[: found[0].start()].rstrip()} {text[end:].lstrip()}".strip()
    return re.sub(r"(?<!\s)\s+([.,;:!?])", r"\1", rest).strip(" –-:"), url


# --- Competencies --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Skill:
    """Something that a badge is aligned to, as it was written; what was not written is “”."""

    name: str
    code: str = ""
    url: str = ""
    framework: str = ""
    description: str = ""


#: For a line with single blanks. What may begin at each character ends at the next bracket: cells are read whenever a
#: plan is shown, so that none may cost the square of its length.
_SKILL = re.compile(
    r"^(?P<name>.*?) ?(?:\[(?P<code>[^\[\]]{1,100})\])? ?(?:\((?P<framework>[^()]{1,200})\))?"
    r"(?: [–—] (?P<description>.*))?$"
)


def skills(text: str) -> list[Skill]:
    """Return the competencies in a cell: one a line, as “Name [code] address (framework) – description”.

    A single line may also hold several, separated by semicolons, or by commas if it has nothing else.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) == 1:
        separator = ";" if ";" in lines[0] else "," if not re.search(r"https?://|[\[(–]", lines[0]) else None
        lines = lines[0].split(separator) if separator else lines
    found: dict[tuple[str, str, str], Skill] = {}
    for line in lines:
        said, url = _address_of(_without_bullet(" ".join(line.split())))
        match = _SKILL.match(said)
        if match is None or not (said or url):
            continue
        skill = Skill(
            name=match["name"].strip(" ,;:"),
            code=(match["code"] or "").strip(),
            url=url,
            framework=(match["framework"] or "").strip(),
            description=(match["description"] or "").strip(),
        )
        found.setdefault((folded(skill.name), skill.code, skill.url), skill)
    return list(found.values())
