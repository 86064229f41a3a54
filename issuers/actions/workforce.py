"""The organisation's people, departments and job roles: add, change, remove, bring from a table.

The history says that somebody was added or removed, never who: it cannot be erased, and people can ask to be.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, models, transaction
from django.db.models.deletion import Collector
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from badgeserver.openbadges.identity import normalize_email
from issuers.actions.roster import PersonFields
from issuers.models import Department, JobRole, Organisation, Person

Group = Department | JobRole

_BATCH = 1_000


class PersonTaken(UserFacingError):
    """Somebody else is on the people list with this address."""

    code = "person_taken"
    field = "email"


class PersonNotBack(UserFacingError):
    """A removal cannot be taken back any more."""

    code = "person_not_back"


class GroupNameTaken(UserFacingError):
    """Two departments (or two roles) of one name: nobody could tell them apart."""

    code = "group_name_taken"
    field = "name"


class GroupInUse(UserFacingError):
    """A department or role that people or badges belong to is merged into another, not removed."""

    code = "group_in_use"


class GroupMerged(UserFacingError):
    """It cannot be merged into this one."""

    code = "group_not_merged"
    field = "into"


@dataclass(frozen=True, slots=True)
class ImportedPeople:
    """What became of a table of people."""

    added: int
    changed: int
    unchanged: int
    new_departments: int
    new_job_roles: int


# --- People --------------------------------------------------------------------------------------------------


def add_person(*, organisation: Organisation, fields: PersonFields, by: User, at: datetime) -> Person:
    """Put somebody on the people list; awards to their address are theirs at once. Raises `PersonTaken`."""
    with transaction.atomic():
        _lock(organisation)
        email = normalize_email(fields.email)
        _refuse_taken(organisation, email)
        person = Person.objects.create(organisation=organisation, email=email, **_said(organisation, fields))
        _record("person.added", person.organisation, by=by, at=at, person=str(person.pk))
    return person


def edit_person(*, person: Person, fields: PersonFields, by: User, at: datetime) -> Person:
    """Change what is said of somebody. Awards stay with the address that they were given to.

    Raises `PersonTaken`.
    """
    with transaction.atomic():
        _lock(person.organisation)
        email = normalize_email(fields.email)
        _refuse_taken(person.organisation, email, but=person)
        locked = Person.objects.get(pk=person.pk)
        said = {"email": email, **_said(person.organisation, fields)}
        changed = [name for name, value in said.items() if getattr(locked, name) != value]
        if changed:
            for name in changed:
                setattr(locked, name, said[name])
            locked.save(update_fields=[*changed, "search"])
            _record("person.edited", locked.organisation, by=by, at=at, person=str(locked.pk), changed=changed)
    return locked


def remove_person(*, person: Person, by: User, at: datetime) -> str:
    """Take somebody off the people list; what they were awarded stays theirs.

    Returns what `restore_person` needs to take it back: their rows, as text that holds personal data.
    """
    with transaction.atomic():
        _lock(person.organisation)
        rows = str(serializers.serialize("json", _rows_with(person)))
        _record("person.removed", person.organisation, by=by, at=at, person=str(person.pk))
        Person.objects.filter(pk=person.pk).delete()
    return rows


def restore_person(*, organisation: Organisation, rows: str, by: User, at: datetime) -> Person:
    """Take a removal back, from what `remove_person` returned. Raises `PersonNotBack`."""
    too_late = _("It is too late to take this back. Add the person again instead.")
    try:
        with transaction.atomic():
            _lock(organisation)
            found = [row.object for row in serializers.deserialize("json", rows)]
            person = next(row for row in found if isinstance(row, Person) and row.organisation_id == organisation.pk)
            _refuse_taken(organisation, person.email)
            for row in found:
                row.save(force_insert=True)
            _record("person.restored", organisation, by=by, at=at, person=str(person.pk))
    except (IntegrityError, DeserializationError, StopIteration, PersonTaken) as error:
        raise PersonNotBack(too_late) from error
    return person


def import_people(
    *, organisation: Organisation, people: Sequence[PersonFields], by: User, at: datetime
) -> ImportedPeople:
    """Put everybody of a table on the people list, or, known by their address, bring them up to date.

    Fields that are empty keep what is known. All or nothing; departments and roles that are not there are made.
    """
    with transaction.atomic():
        _lock(organisation)
        known = {person.email: person for person in Person.objects.filter(organisation=organisation)}
        departments = _Names(Department, organisation, (one.department for one in people))
        job_roles = _Names(JobRole, organisation, (one.job_role for one in people))
        added: list[Person] = []
        changed: list[Person] = []
        for one in people:
            email = normalize_email(one.email)
            said = {
                "name": one.name,
                "department": departments.found(one.department),
                "job_role": job_roles.found(one.job_role),
                "job_title": one.job_title,
            }
            person = known.get(email)
            if person is None:
                known[email] = person = Person(organisation=organisation, email=email, **said)
                added.append(person)
            elif _update(person, said):
                changed.append(person)
        Person.objects.bulk_create(added, batch_size=_BATCH)
        # Of a table that names somebody twice, the rows that were just made are changed before they are stored.
        Person.objects.bulk_create(
            [person for person in changed if not person._state.adding],  # noqa: SLF001 -- Django documents `_state`
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["name", "department", "job_role", "job_title", "search"],
        )
        done = ImportedPeople(
            added=len(added),
            changed=len(changed),
            unchanged=len(people) - len(added) - len(changed),
            new_departments=departments.made,
            new_job_roles=job_roles.made,
        )
        _record("person.imported", organisation, by=by, at=at, **asdict(done))
    return done


def compare_people(*, organisation: Organisation, people: Sequence[PersonFields]) -> list[str]:
    """Return for each of a table's people what `import_people` would do: “added”, “changed” or “unchanged”."""
    columns = ("email", "name", "job_title", "department__name", "job_role__name")
    rows = Person.objects.filter(organisation=organisation).values_list(*columns)
    known = {email: (name, title, department or "", role or "") for email, name, title, department, role in rows}
    return [_fate(known.get(normalize_email(one.email)), one) for one in people]


def _fate(known: tuple[str, str, str, str] | None, fields: PersonFields) -> str:
    if known is None:
        return "added"
    name, title, department, role = known
    same = (
        fields.name in {"", name}
        and fields.job_title in {"", title}
        and (not fields.department or _key(fields.department) == _key(department))
        and (not fields.job_role or _key(fields.job_role) == _key(role))
    )
    return "unchanged" if same else "changed"


# --- Departments and roles -----------------------------------------------------------------------------------


def add_group(*, model: type[Group], organisation: Organisation, name: str, by: User, at: datetime) -> Group:
    """Make a department or a job role. Raises `GroupNameTaken`."""
    with transaction.atomic():
        _lock(organisation)
        _refuse_group_name(model, organisation, name)
        group = model.objects.create(organisation=organisation, name=name)
        _record(f"{_word(group)}.added", group, by=by, at=at)
    return group


def rename_group(*, group: Group, name: str, by: User, at: datetime) -> Group:
    """Give a department or role another name, for all of its people and badges. Raises `GroupNameTaken`."""
    with transaction.atomic():
        _lock(group.organisation)
        before, group.name = type(group).objects.get(pk=group.pk).name, name
        if before != name:
            _refuse_group_name(type(group), group.organisation, name, but=group)
            group.save(update_fields=["name"])
            _record(f"{_word(group)}.renamed", group, by=by, at=at, before=before)
    return group


def merge_groups(*, group: Group, into: Group, by: User, at: datetime) -> int:
    """Move everybody and every badge of a department (or role) into another one, and remove the first.

    Returns how many people moved. Raises `GroupMerged` for one that is merged into itself.
    """
    if group.pk == into.pk or type(group) is not type(into) or group.organisation_id != into.organisation_id:
        raise GroupMerged(_("Choose another one to merge it into."))
    with transaction.atomic():
        _lock(group.organisation)
        moved = Person.objects.filter(**{_word(group): group}).update(**{_word(group): into})
        for relation, name in _many_to_many(group):
            relation.filter(**{f"{name}_id": group.pk}).exclude(**_beside(relation, name, into)).update(
                **{f"{name}_id": into.pk}
            )
        _record(f"{_word(group)}.merged", into, by=by, at=at, before=group.name, people=moved)
        group.delete()
    return moved


def remove_group(*, group: Group, by: User, at: datetime) -> Group:
    """Remove a department or role that nobody is in. Returns it as it was, for `restore_group`.

    Raises `GroupInUse`.
    """
    with transaction.atomic():
        _lock(group.organisation)
        people = group.people.count()
        if people:
            raise GroupInUse(
                ngettext(
                    "%(count)s person is in “%(name)s”. Merge it into another one instead.",
                    "%(count)s people are in “%(name)s”. Merge it into another one instead.",
                    people,
                )
                % {"count": people, "name": group.name}
            )
        if any(relation.filter(**{f"{name}_id": group.pk}).exists() for relation, name in _many_to_many(group)):
            raise GroupInUse(
                _("There are badges for “%(name)s”. Merge it into another one instead.") % {"name": group.name}
            )
        _record(f"{_word(group)}.removed", group, by=by, at=at)
        pk = group.pk
        group.delete()
        group.pk = pk
    return group


def restore_group(
    *, model: type[Group], organisation: Organisation, pk: uuid.UUID, name: str, by: User, at: datetime
) -> Group:
    """Take the removal of a department or role back. Raises `GroupNameTaken` when there is a new one of its name."""
    with transaction.atomic():
        _lock(organisation)
        _refuse_group_name(model, organisation, name)
        again = model._default_manager.filter(pk=pk).first()  # noqa: SLF001 -- documented
        if again is not None:
            raise GroupNameTaken(_("It is back already, as “%(name)s”.") % {"name": again.name})
        group = model.objects.create(pk=pk, organisation=organisation, name=name)
        _record(f"{_word(group)}.restored", group, by=by, at=at)
    return group


class _Names:
    """Departments (or roles) by name, whatever its case; those that a table names and nobody made are made here."""

    def __init__(self, model: type[Group], organisation: Organisation, named: Iterable[str]) -> None:
        self._by_name = {_key(one.name): one for one in model._default_manager.filter(organisation=organisation)}  # noqa: SLF001 -- documented
        new: dict[str, str] = {}
        for name in named:
            if name and _key(name) not in self._by_name:
                new.setdefault(_key(name), name)
        rows: list[Any] = [model(organisation=organisation, name=name) for name in new.values()]
        made: list[Any] = model._default_manager.bulk_create(rows)  # noqa: SLF001 -- documented
        self._by_name |= {_key(one.name): one for one in made}
        self.made = len(made)

    def found(self, name: str) -> Group | None:
        return self._by_name[_key(name)] if name else None


def _key(name: str) -> str:
    return name.strip().casefold()


def _said(organisation: Organisation, fields: PersonFields) -> dict[str, Any]:
    return {
        "name": fields.name,
        "department": _Names(Department, organisation, [fields.department]).found(fields.department),
        "job_role": _Names(JobRole, organisation, [fields.job_role]).found(fields.job_role),
        "job_title": fields.job_title,
    }


def _update(person: Person, said: dict[str, Any]) -> bool:
    """Write what is said, and not empty, into the row. Returns whether anything is new."""
    new = {
        name: value
        for name, value in said.items()
        if value
        and (getattr(person, f"{name}_id") != value.pk if isinstance(value, Group) else getattr(person, name) != value)
    }
    for name, value in new.items():
        setattr(person, name, value)
    return bool(new)


def _refuse_taken(organisation: Organisation, email: str, *, but: Person | None = None) -> None:
    taken = Person.objects.filter(organisation=organisation, email=email)
    other = taken.exclude(pk=but.pk).first() if but else taken.first()
    if other is not None:
        raise PersonTaken(
            _("%(person)s is on the list with this address already. Search for them and edit them instead.")
            % {"person": other.name}
        )


def _refuse_group_name(model: type[Group], organisation: Organisation, name: str, *, but: Group | None = None) -> None:
    names = model._default_manager.filter(organisation=organisation, name__iexact=name)  # noqa: SLF001 -- documented
    if (names.exclude(pk=but.pk) if but else names).exists():
        raise GroupNameTaken(_("“%(name)s” is there already. Choose another name, or merge the two.") % {"name": name})


def _rows_with(person: Person) -> list[models.Model]:
    """Return the person and whatever would go with them, the person first."""
    collector = Collector(using="default")
    collector.collect([person])
    found = [row for rows in collector.data.values() for row in rows]
    found += [row for rows in collector.fast_deletes for row in rows]
    return sorted(found, key=lambda row: not isinstance(row, Person))


def _many_to_many(group: Group) -> list[tuple["models.QuerySet[Any]", str]]:
    """Return the rows by which others choose this group (badges: for whom), each with the name of its column.

    Which others those are is not for this room to know: the rooms above hang them onto the model.
    """
    found = []
    for relation in group._meta.related_objects:  # noqa: SLF001 -- Django's documented Meta API
        if relation.many_to_many:
            field: Any = relation.field
            rows = field.remote_field.through._default_manager.all()  # noqa: SLF001 -- documented
            found.append((rows, field.m2m_reverse_field_name()))
    return found


def _beside(relation: "models.QuerySet[Any]", name: str, into: Group) -> dict[str, Any]:
    """Return the condition for rows whose owner has chosen `into` as well: they need not be moved."""
    owner = next(
        field.name
        for field in relation.model._meta.fields  # noqa: SLF001 -- documented
        if field.is_relation and field.name != name
    )
    chosen = relation.model._default_manager.filter(**{f"{name}_id": into.pk})  # noqa: SLF001 -- documented
    return {f"{owner}_id__in": list(chosen.values_list(f"{owner}_id", flat=True))}


def _lock(organisation: Organisation) -> None:
    """Hold every other change of this organisation's people up, so that two of them cannot make one twice."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def _word(group: Group) -> str:
    return "department" if isinstance(group, Department) else "job_role"


def _record(event: str, subject: Organisation | Group, *, by: User, at: datetime, **details: object) -> None:
    organisation_id = subject.pk if isinstance(subject, Organisation) else subject.organisation_id
    audit.record(event, by=by, at=at, subject=subject, organisation_id=organisation_id, details=details)
