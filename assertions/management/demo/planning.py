"""The planning of the demo programme: two ladders, an audience, scarce places, and a badge for the house alone."""

from dataclasses import replace
from datetime import datetime, timedelta

from assertions.management.demo.designs import COFFEE
from badges.actions.badge_classes import BadgeFields, create_badge_class, publish_badge_class
from badges.actions.kept_designs import keep_design
from badges.actions.planning import PlanFields, plan_badge_class
from badges.designer.compose import draw_svg
from badges.models import BadgeClass, Basis, Category, Purpose, Visibility
from badges.queries import holders
from badgeserver.accounts.models import User
from badgeserver.pictures import accept_picture
from issuers.models import Organisation

#: Badge -> the next level: one ladder of three rungs, one of two.
LADDERS = {
    "coaching-for-performance": "facilitating-difficult-conversations",
    "facilitating-difficult-conversations": "mediating-between-teams",
    "reading-operations-data-1": "reading-operations-data-2",
}
#: Badge -> how many places there are beyond those that are taken.
FREE_PLACES = {"improvement-idea-that-stuck": 6}
#: The badge that is for one department only, and which.
AUDIENCE = {"customs-clearance-essentials": "Customs & Trade"}
RELATED = {"night-shift-lead": ["coaching-for-performance", "welcoming-new-colleagues"]}

FUN = BadgeFields(
    name="Keeper of the Coffee Machine",
    description="Keeps the machine in the control room going, descaled and full, without being asked.",
    image_alt="A brown round badge in a rope with a cup of coffee, and the words Thank you",
    criteria_narrative="Be seen refilling it on three Mondays, before seven.",
    learned="That a good shift begins in the kitchen.",
    applied="Every morning.",
    assessed="By general applause.",
    useful_for="Everybody who comes in after you.",
    tags=["coffee", "thank you"],
    category=Category.VALUES,
    purpose=Purpose.FUN,
    basis=Basis.EXPERIENCE,
)


def plan(organisation: Organisation, badges: dict[str, BadgeClass], *, by: User, at: datetime) -> None:
    """Plan the badges as `LADDERS` and the others say."""
    held = holders(badges.values(), at=at)
    departments = {one.name: one for one in organisation.departments.all()}
    for key, badge_class in badges.items():
        fields = PlanFields(
            departments=[departments[AUDIENCE[key]]] if key in AUDIENCE else [],
            award_cap=held[badge_class.pk] + FREE_PLACES[key] if key in FREE_PLACES else None,
            next_level=badges[LADDERS[key]] if key in LADDERS else None,
            related=[badges[other] for other in RELATED.get(key, [])] or list(badge_class.related_badges.all()),
            review_by=(at + timedelta(days=200)).date() if key in AUDIENCE else None,
        )
        plan_badge_class(badge_class=badge_class, fields=fields, by=by, at=at)


def add_fun(badges: dict[str, BadgeClass], *, by: User, at: datetime) -> BadgeClass:
    """Make a badge that nobody outside the organisation sees."""
    issuer = badges["welcoming-new-colleagues"].issuer
    picture = accept_picture(draw_svg(COFFEE).encode())
    made = create_badge_class(
        issuer=issuer,
        fields=replace(FUN, picture=picture),
        by=by,
        at=at,
    )
    keep_design(badge_class=made, spec=COFFEE.as_json(), by=by, at=at)
    made = plan_badge_class(badge_class=made, fields=PlanFields(visibility=Visibility.INTERNAL), by=by, at=at)
    return publish_badge_class(badge_class=made, by=by, at=at)
