"""Read a table of people: which column is what, and what is wrong in which row. Nothing is stored here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from badgeserver.mail import validate_mailable
from badgeserver.openbadges.identity import normalize_email
from badgeserver.tabular import folded
from issuers.models import Department, JobRole, Person

#: What a column may be, as people choose it; "" is a column that is left out.
COLUMNS: dict[str, str | Promise] = {
    "name": _lazy("Name"),
    "first_name": _lazy("First name"),
    "last_name": _lazy("Last name"),
    "email": _lazy("E-mail address"),
    "department": _lazy("Department"),
    "job_role": _lazy("Job role"),
    "job_title": _lazy("Job title"),
}

#: How columns are called in the tables of personnel offices, folded; the languages of the product.
_HEADINGS: dict[str, str] = {
    "name": "name|full name|display name|person|employee|employee name|colleague|vollname|mitarbeiter|mitarbeiterin|"
    "mitarbeitende|vollstandiger name|nom complet|nombre completo|nome completo|naam|volledige naam|collaborateur",
    "first_name": "first name|firstname|given name|forename|vorname|prenom|nombre|nome|voornaam",
    "last_name": "last name|lastname|surname|family name|nachname|familienname|nom|nom de famille|apellido|apellidos|"
    "cognome|achternaam",
    "email": "email|e mail|mail|email address|e mail address|mail address|work email|e mail adresse|email adresse|"
    "mailadresse|adresse e mail|adresse mail|courriel|correo|correo electronico|indirizzo e mail|e mailadres|upn|"
    "user principal name",
    "department": "department|dept|unit|team|division|business unit|abteilung|bereich|organisationseinheit|"
    "departement|service|departamento|reparto|dipartimento|afdeling",
    "job_role": "role|job role|rolle|funktion|function|fonction|rol|ruolo|functie|job family|job profile",
    "job_title": "title|job title|job|position|stelle|stellenbezeichnung|berufsbezeichnung|jobtitel|poste|"
    "intitule du poste|puesto|cargo|mansione|posizione|functietitel",
}
_BY_HEADING = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split("|")}

#: How far into a table the headings may stand: titles and empty rows come before them.
_LOOK_AT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFields:
    """What is said of a person. Department and role are named; a name that is not there yet becomes a new one."""

    name: str
    email: str
    department: str = ""
    job_role: str = ""
    job_title: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is read: the field of each column, and in which row (from 1) its headings stand; 0 for none."""

    columns: list[str]
    heading_row: int

    @property
    def is_enough(self) -> bool:
        return "email" in self.columns


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of the table; empty fields say nothing about somebody who is known."""

    number: int
    fields: PersonFields


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """What is wrong in a row, and whom it says, as far as it does."""

    number: int
    who: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Roster:
    people: list[RosterRow]
    problems: list[RosterProblem]


def guess_layout(rows: Sequence[Sequence[str]]) -> Layout:
    """Return how a table is probably meant: by its headings, else by what stands in it."""
    width = max((len(row) for row in rows), default=0)
    best, heading_row = [""] * width, 0
    for number, row in enumerate(rows[:_LOOK_AT], start=1):
        columns = _by_headings(row, width)
        if sum(map(bool, columns)) > sum(map(bool, best)) and not any("@" in cell for cell in row):
            best, heading_row = columns, number
    sample = [row for row in rows[heading_row : heading_row + 200] if row]
    if "email" not in best:
        share = [sum("@" in row[at] for row in sample if at < len(row)) for at in range(width)]
        if any(share):
            best[share.index(max(share))] = "email"
    if not {"name", "first_name", "last_name"} & set(best):
        free = [at for at in range(width) if not best[at]]
        names = [sum(" " in row[at] for row in sample if at < len(row)) for at in free]
        if free and any(names):
            best[free[names.index(max(names))]] = "name"
    if "name" in best and "first_name" in best and "last_name" not in best:
        best[best.index("name")] = "last_name"  # “Name; Vorname”
    return Layout(best, heading_row)


def read_roster(rows: Sequence[Sequence[str]], layout: Layout, *, known: Mapping[str, str]) -> Roster:
    """Return the people of a table, and what is wrong with those rows that cannot be taken.

    `known` has the names of those who are on the people list, by their normalised address: they need none here.
    """
    people: list[RosterRow] = []
    problems: list[RosterProblem] = []
    seen: dict[str, int] = {}
    for number, values in _rows_of(rows, layout):
        name = values["name"] or f"{values['first_name']} {values['last_name']}".strip()
        fields = PersonFields(
            name=name,
            email=normalize_email(values["email"]),
            department=values["department"],
            job_role=values["job_role"],
            job_title=values["job_title"],
        )
        sentence = _problem_of(fields, seen, known)
        if sentence:
            problems.append(RosterProblem(number, (name or values["email"])[:120], sentence))
        else:
            seen[fields.email] = number
            people.append(RosterRow(number, fields))
    return Roster(people, problems)


def _rows_of(rows: Sequence[Sequence[str]], layout: Layout) -> Iterator[tuple[int, dict[str, str]]]:
    places = {field: layout.columns.index(field) for field in COLUMNS if field in layout.columns}
    for number, row in enumerate(rows[layout.heading_row :], start=layout.heading_row + 1):
        values = dict.fromkeys(COLUMNS, "")
        for field, at in places.items():
            if at < len(row):
                values[field] = " ".join(row[at].split())
        if any(values.values()):
            yield number, values


def _by_headings(row: Sequence[str], width: int) -> list[str]:
    columns = [""] * width
    for at, cell in enumerate(row[:width]):
        field = _BY_HEADING.get(folded(cell), "")
        if field and field not in columns:
            columns[at] = field
    return columns


_LENGTHS = {
    "name": Person._meta.get_field("name").max_length or 0,  # noqa: SLF001 -- Django's documented Meta API
    "department": Department._meta.get_field("name").max_length or 0,  # noqa: SLF001 -- documented
    "job_role": JobRole._meta.get_field("name").max_length or 0,  # noqa: SLF001 -- documented
    "job_title": Person._meta.get_field("job_title").max_length or 0,  # noqa: SLF001 -- documented
}


def _problem_of(fields: PersonFields, seen: Mapping[str, int], known: Mapping[str, str]) -> str:
    if not fields.email:
        return _("No e-mail address. Awards find people by it.")
    if not _is_address(fields.email):
        return _("“%(email)s” is not an e-mail address.") % {"email": fields.email[:120]}
    if fields.email in seen:
        return _("The same address as in row %(row)s. Only that row is taken.") % {"row": seen[fields.email]}
    if not fields.name and fields.email not in known:
        return _("No name.")
    long = [field for field, longest in _LENGTHS.items() if len(getattr(fields, field)) > longest]
    if long:
        return _("%(column)s: at most %(longest)s characters fit.") % {
            "column": COLUMNS[long[0]],
            "longest": _LENGTHS[long[0]],
        }
    return ""


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
        validate_mailable(email)
    except ValidationError:
        return False
    return len(email) <= 254
