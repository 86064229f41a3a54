"""Turns the demo data into rows, through the same actions as every other door."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from assertions.actions.award import AwardFields, EvidenceFields, award_badge
from assertions.actions.decline import decline_assertion, erase_declined
from assertions.actions.finish import finish_assertion
from assertions.actions.invitations import publish_and_invite
from assertions.actions.revoke import revoke_assertion
from assertions.management.demo import competencies, endorsers, languages, lifecycle, planning, programme
from assertions.management.demo.badge_parts import HARBOUR_FRAMEWORK
from assertions.management.demo.designs import FAMILIES
from assertions.management.demo.records import (
    BadgeState,
    DemoBadge,
    DemoIssuer,
    DemoStaff,
    DemoVersion,
    PlannedAward,
)
from assertions.models import Assertion, Notice
from badges.actions.badge_classes import (
    AlignmentFields,
    BadgeFields,
    StepFields,
    archive_badge_class,
    create_badge_class,
    fields_of,
    publish_badge_class,
)
from badges.actions.corrections import correct_badge_class
from badges.actions.designs import make_family
from badges.actions.kept_designs import keep_design
from badges.actions.translations import save_translation
from badges.actions.versions import make_next_version
from badges.models import BadgeClass, Category, Competency, DesignFamily, Purpose, StepKind, Validity
from badgeserver.accounts.models import User
from badgeserver.openbadges.identity import normalize_email
from badgeserver.pictures import accept_picture
from issuers.actions.domains import add_domain
from issuers.actions.issuers import IssuerFields, create_issuer, create_organisation
from issuers.actions.signing_keys import rotate_signing_key
from issuers.models import Department, Issuer, JobRole, Membership, Organisation, Person, Role

#: The organisation is older than its oldest award.
FOUNDED = timedelta(days=760)
#: So long ago the first issuer replaced its signing key: there are awards of two generations.
KEY_REPLACED = timedelta(days=200)
#: A domain whose proof is not published yet: nothing can be proved on a laptop.
DOMAIN_ADDED = timedelta(days=2)


def load(*, now: datetime) -> Organisation:
    """Make the demo organisation with everything in it: all of it, or, when killed, nothing.

    The rows come from the actions that people use, at the times of the plan; mails count as sent long ago.
    """
    with transaction.atomic():
        founded = now - FOUNDED
        staff = {person.email: _account(person.email, person.name, founded) for person in programme.STAFF}
        owner = staff[programme.STAFF[0].email]
        _account(programme.EARNER_EMAIL, programme.EARNER.name, founded)
        first, *others = programme.ISSUERS
        organisation = create_organisation(
            name=programme.ORGANISATION.name, issuer=_issuer_fields(first), by=owner, at=founded
        )
        for other in others:
            create_issuer(organisation=organisation, fields=_issuer_fields(other), by=owner, at=founded)
        _add_staff(organisation, staff, founded)
        _add_people(organisation)
        competencies.add_framework(organisation, by=owner, at=founded)
        for family in FAMILIES:
            make_family(
                organisation=organisation,
                name=family.name,
                design=family.look,
                decides=family.decides,
                by=owner,
                at=founded,
            )
        badges = _add_badges(organisation, owner, founded, now)
        for language, words in languages.TRANSLATIONS.items():
            save_translation(badge_class=badges[languages.BADGE], language=language, fields=words, by=owner, at=founded)
        _add_awards(badges, staff, owner, now)
        _correct(badges, owner, now)
        _decline_one(badges, now)
        _plan(organisation, badges, staff, owner, now)
        issuer = _first_issuer(badges)
        add_domain(issuer=issuer, name=issuer.url, by=owner, at=now - DOMAIN_ADDED)
        _add_endorsements(organisation, badges, owner, now)
        for badge in programme.BADGES:
            if badge.state is BadgeState.ARCHIVED:
                archive_badge_class(badge_class=badges[badge.key], by=owner, at=now - timedelta(days=30))
        lifecycle.add_lifecycle(organisation, badges, owner=owner, editor=staff[programme.STAFF[1].email], now=now)
    return organisation


def _account(email: str, name: str, at: datetime) -> User:
    user: User = User.objects.create_user(email, programme.DEMO_PASSWORD, name=name, created_at=at)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _issuer_fields(issuer: DemoIssuer, *, logo: bytes = b"") -> IssuerFields:
    return IssuerFields(
        name=issuer.name,
        url=issuer.url,
        email=issuer.email,
        telephone=issuer.telephone,
        description=issuer.description,
        language=issuer.language,
        image=accept_picture(logo or programme.issuer_logo(issuer)[1]),
        image_alt=issuer.logo_alt,
    )


def _add_staff(organisation: Organisation, staff: dict[str, User], at: datetime) -> None:
    rest: tuple[DemoStaff, ...] = programme.STAFF[1:]
    Membership.objects.bulk_create(
        Membership(organisation=organisation, user=staff[one.email], role=Role[one.role.name], created_at=at)
        for one in rest
    )


def _add_people(organisation: Organisation) -> None:
    departments = {
        name: Department.objects.create(organisation=organisation, name=name) for name in programme.DEPARTMENTS
    }
    roles = {name: JobRole.objects.create(organisation=organisation, name=name) for name in programme.JOB_ROLES}
    Person.objects.bulk_create(
        Person(
            organisation=organisation,
            department=departments[person.department],
            job_role=roles[programme.job_role(person)],
            name=person.name,
            job_title=person.job_title,
            email=person.email,
        )
        for person in programme.PEOPLE
    )


def _add_badges(organisation: Organisation, by: User, at: datetime, now: datetime) -> dict[str, BadgeClass]:
    issuers = {issuer.key: organisation.issuers.get(name=issuer.name) for issuer in programme.ISSUERS}
    made: dict[str, BadgeClass] = {}
    # Twice over: a badge may need another that stands later in the programme.
    waiting = list(programme.BADGES)
    while waiting:
        ready = [badge for badge in waiting if all(not s.needs_badge or s.needs_badge in made for s in badge.steps)]
        for badge in ready:
            made[badge.key] = _add_badge(badge, issuers[badge.issuer], made, by=by, at=at, now=now)
        waiting = [badge for badge in waiting if badge.key not in made]
    return made


def _add_badge(
    badge: DemoBadge, issuer: Issuer, made: dict[str, BadgeClass], *, by: User, at: datetime, now: datetime
) -> BadgeClass:
    fields = _fields(programme.first_said(badge), made, now=now)
    badge_class = create_badge_class(issuer=issuer, fields=fields, by=by, at=at)
    _keep_design(programme.first_said(badge), badge_class, by=by, at=at)
    if badge.state is BadgeState.DRAFT:
        return badge_class
    return publish_badge_class(badge_class=badge_class, by=by, at=at)


def _fields(badge: DemoBadge, made: dict[str, BadgeClass], *, now: datetime) -> BadgeFields:
    addresses = [alignment.url for alignment in badge.alignments]
    ours = Competency.objects.filter(framework__name=HARBOUR_FRAMEWORK, uri__in=addresses)
    competency_of = {competency.uri: competency for competency in ours}
    return BadgeFields(
        name=badge.name,
        description=badge.description,
        picture=accept_picture(programme.badge_image(badge)[1]),
        image_alt=badge.image_alt,
        criteria_narrative=badge.criteria_narrative,
        criteria_url=badge.criteria_url,
        image_author=badge.image_author,
        apply_url=badge.apply_url,
        licence=badge.licence,
        place=badge.place,
        latitude=badge.latitude,
        longitude=badge.longitude,
        learned=badge.learned,
        assessed=badge.assessed,
        tags=list(badge.tags),
        category=Category[badge.category.name],
        purpose=Purpose[badge.purpose.name],
        level=badge.level,
        validity=Validity[badge.validity.kind.upper()],
        validity_months=badge.validity.months or None,
        validity_until=badge.validity.until(now.date()),
        steps=[
            StepFields(
                kind=StepKind[step.kind.name],
                text=step.text,
                url=step.url,
                required_badge=made[step.needs_badge] if step.needs_badge else None,
            )
            for step in badge.steps
        ],
        alignments=[
            AlignmentFields(
                target_name=alignment.name,
                target_url=alignment.url,
                target_code=alignment.code,
                target_framework=alignment.framework,
                target_description=alignment.description,
                competency=competency_of.get(alignment.url),
                level=alignment.level,
            )
            for alignment in badge.alignments
        ],
    )


def _keep_design(said: DemoBadge, badge_class: BadgeClass, *, by: User, at: datetime) -> None:
    named = next((family.name for family in FAMILIES if said.key in family.badges), "")
    family = DesignFamily.objects.filter(organisation=badge_class.issuer.organisation, name=named).first()
    keep_design(badge_class=badge_class, spec=said.design.as_json(), family=family, by=by, at=at)


def _add_awards(badges: dict[str, BadgeClass], staff: dict[str, User], owner: User, now: datetime) -> None:
    """Award in the order of time, each badge in the version of the day: versions are published in between."""
    names = {person.email: person.name for person in programme.PEOPLE}
    versions = [version for version in programme.VERSIONS if version.days_before]
    versions.sort(key=lambda version: -version.days_before)
    key_is_old = True
    for planned in programme.awards(now.date()):
        if key_is_old and planned.awarded_at > now - KEY_REPLACED:
            rotate_signing_key(issuer=_first_issuer(badges), by=owner, at=now - KEY_REPLACED)
            key_is_old = False
        while versions and now - timedelta(days=versions[0].days_before) <= planned.awarded_at:
            _publish_version(versions.pop(0), badges, owner, now)
        assertion = _award(planned, badges[planned.badge], names[planned.person], staff[planned.awarded_by])
        if planned.revoked_at is not None:
            revoke_assertion(
                assertion=assertion,
                reason=planned.revocation_reason,
                by=staff[planned.awarded_by],
                at=planned.revoked_at,
            )
            _count_as_sent(assertion, planned.revoked_at)


def _decline_one(badges: dict[str, BadgeClass], now: datetime) -> None:
    """Let one recipient decline their award two days ago: by now what it said of them is deleted."""
    earner = normalize_email(programme.EARNER_EMAIL)
    awards = Assertion.objects.filter(badge_class=badges[programme.DECLINED_BADGE]).live(now)
    chosen = awards.filter(issued_at__lt=now - timedelta(days=7)).exclude(recipient_key=earner).newest_first().first()
    if chosen is not None:
        decline_assertion(assertion=chosen, note=programme.DECLINE_NOTE, by=None, at=now - timedelta(days=2))
        erase_declined(at=now - timedelta(days=2) + timedelta(hours=2))


def _plan(
    organisation: Organisation, badges: dict[str, BadgeClass], staff: dict[str, User], owner: User, now: datetime
) -> None:
    """Make ladders, an audience and scarce places, and thank three people for the coffee."""
    planning.plan(organisation, badges, by=owner, at=now)
    fun = planning.add_fun(badges, by=owner, at=now - timedelta(days=21))
    others = [person for person in programme.PEOPLE if person.email != programme.EARNER_EMAIL]
    for number, person in enumerate([programme.EARNER, *others[:2]], start=1):
        planned = PlannedAward(
            key=f"coffee-{number}",
            badge="coffee",
            person=person.email,
            awarded_by=programme.STAFF[0].email,
            awarded_at=now - timedelta(days=3 * number),
            narrative="Three Mondays in a row, before seven.",
        )
        _award(planned, fun, person.name, staff[planned.awarded_by])


def _first_issuer(badges: dict[str, BadgeClass]) -> Issuer:
    name = programme.ISSUERS[0].name
    return next(badge.issuer for badge in badges.values() if badge.issuer.name == name)


def _publish_version(version: DemoVersion, badges: dict[str, BadgeClass], owner: User, now: datetime) -> None:
    at = now - timedelta(days=version.days_before)
    fields = _fields(version.said, badges, now=now)
    draft = make_next_version(badge_class=badges[version.badge], fields=fields, by=owner, at=at - timedelta(days=3))
    _keep_design(version.said, draft, by=owner, at=at)
    badges[version.badge], _people = publish_and_invite(
        badge_class=draft, change_note=version.change_note, invites=version.invites, by=owner, at=at
    )
    Notice.objects.filter(badge_class=draft, sent_at=None).update(handed_over_at=at, sent_at=at)


def _correct(badges: dict[str, BadgeClass], owner: User, now: datetime) -> None:
    mended = programme.CORRECTION
    badge_class = badges[mended.badge]
    correct_badge_class(
        badge_class=badge_class,
        fields=replace(fields_of(badge_class), assessed=mended.assessed),
        note=mended.note,
        by=owner,
        at=now - timedelta(days=mended.days_before),
    )


def _add_endorsements(organisation: Organisation, badges: dict[str, BadgeClass], owner: User, now: datetime) -> None:
    founded = now - FOUNDED
    secretary = _account(endorsers.SECRETARY.email, endorsers.SECRETARY.name, founded)
    association = create_organisation(
        name=endorsers.ASSOCIATION_NAME,
        issuer=_issuer_fields(endorsers.ASSOCIATION, logo=endorsers.LOGO.encode()),
        by=secretary,
        at=founded,
    )
    endorsers.add_endorsements(
        organisation, badges, endorser=association.issuers.get(), secretary=secretary, owner=owner, now=now
    )


def _award(planned: PlannedAward, badge_class: BadgeClass, name: str, by: User) -> Assertion:
    at = planned.awarded_at
    fields = AwardFields(
        badge_class=badge_class,
        email=planned.person,
        name=name,
        issued_at=at,
        narrative=planned.narrative,
        evidence=[EvidenceFields(**asdict(item)) for item in planned.evidence],
    )
    assertion = award_badge(fields=fields, by=by, at=at)
    _count_as_sent(assertion, at)
    if planned.name_shown:
        # The people of the demo are not there to agree themselves.
        Assertion.objects.filter(pk=assertion.pk).update(name_shown_at=at)
    return finish_assertion(assertion=assertion, at=at)


def _count_as_sent(assertion: Assertion, at: datetime) -> None:
    Notice.objects.filter(assertion=assertion, sent_at=None).update(handed_over_at=at, sent_at=at)
