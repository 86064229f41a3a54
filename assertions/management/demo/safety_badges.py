"""Badge classes of the demo programme that keep people and goods safe."""

from decimal import Decimal

from .badge_parts import COURSES, esco, harbour
from .designs import DESIGNS
from .people import ACADEMY, SAFETY_BOARD
from .records import Category, DemoBadge, Purpose, Step, StepKind, months

SAFETY_BADGES: tuple[DemoBadge, ...] = (
    DemoBadge(
        key="forklift-safety-class-ii",
        issuer=SAFETY_BOARD,
        name="Forklift Safety, Class II",
        description=("Drives narrow-aisle and reach trucks safely, and stops the truck when something is not right."),
        category=Category.TECHNICAL,
        purpose=Purpose.COMPLIANCE,
        level=None,
        tags=("safety", "forklift", "warehouse", "renewal"),
        criteria_narrative=(
            "You may operate **class II** industrial trucks (narrow-aisle, reach and order-picking) on all "
            "sites of Harbour Logistics.\n\n"
            "- Pass the theory test with at least 27 of 30 points.\n"
            "- Drive the course without touching a marker: narrow aisle, ramp, stacking at six metres, "
            "people nearby.\n"
            "- Complete forty hours on the truck with a mentor and a clean log.\n\n"
            "Refusing an unsafe lift never counts against you; in the practical test one load is wrong on "
            "purpose, and the right answer is to leave it on the floor. The badge holds for 24 months. A "
            "near miss that you report does not shorten it."
        ),
        criteria_url="https://academy.harbour-logistics.example/safety-board/rules/class-ii",
        steps=(
            Step(
                StepKind.COURSE,
                "Attend the three-day course Industrial Trucks II",
                f"{COURSES}/industrial-trucks-2",
            ),
            Step(StepKind.ON_THE_JOB, "Complete forty hours on the truck with a mentor"),
            Step(StepKind.ASSESSMENT, "Pass the theory test with at least 27 of 30 points"),
            Step(StepKind.ASSESSMENT, "Drive the practical course without touching a marker"),
        ),
        learned=("Load charts and stability, right of way between trucks and people, daily checks, and when to stop."),
        assessed=("A written test of thirty questions and a practical drive, observed by an examiner of the board."),
        alignments=(
            esco("operate forklift", "S8.2.1", "Operates a forklift to lift and carry goods."),
            esco(
                "follow safety precautions in work practices",
                "S6.13.2",
                "Applies rules that protect people at work.",
            ),
            harbour("Works safely", "HCF-S1", "works-safely", "Keeps oneself and others from harm.", 2),
        ),
        design=DESIGNS["forklift-safety-class-ii"],
        image_alt="Teal shield with a forklift and a ribbon that says Class II",
        validity=months(24),
    ),
    DemoBadge(
        key="first-responder-on-site",
        issuer=SAFETY_BOARD,
        name="First Responder on Site",
        description=("Gives first aid in the first minutes on terminal ground, and guides the rescue services in."),
        category=Category.TECHNICAL,
        purpose=Purpose.COMPLIANCE,
        level=None,
        tags=("safety", "first aid", "rescue"),
        criteria_narrative=(
            "When something happens, you are the one who **starts**. Help from outside needs about eleven "
            "minutes to the outer berths.\n\n"
            "- Complete the sixteen-hour course, with resuscitation on adults and the use of the "
            "defibrillator.\n"
            "- Take part in one unannounced exercise on your own shift.\n"
            "- Know the meeting points, the keys of gate 7 and the radio words by heart.\n\n"
            "In the final exercise three things happen at once. The examiner watches whether you look after "
            "your own safety first, call for help early and stay with the injured person. The badge holds "
            "for 24 months."
        ),
        steps=(
            Step(StepKind.COURSE, "Complete the sixteen-hour first aid course", f"{COURSES}/first-aid-on-site"),
            Step(StepKind.ON_THE_JOB, "Take part in one unannounced exercise on your shift"),
            Step(StepKind.ASSESSMENT, "Handle the final exercise with three events at once"),
        ),
        learned=(
            "Resuscitation and defibrillation, bleeding and burns, rescue from height and water, guiding services in."
        ),
        assessed="A practical exercise scored by an examiner of the board and a paramedic.",
        alignments=(
            esco("provide first aid", "S3.2.1", "Gives resuscitation and help until medical treatment arrives."),
            esco(
                "react calmly in stressful situations",
                "T4.2",
                "Thinks and acts quickly and safely under stress.",
            ),
            harbour("Works safely", "HCF-S1", "works-safely", "Acts for the safety of everybody on site.", 3),
        ),
        design=DESIGNS["first-responder-on-site"],
        image_alt="Red shield with a heart crossed by a pulse line and a ribbon that says First aid",
        image_author="https://studio.harbour-logistics.example/people/ines-duarte",
        apply_url=f"{COURSES}/first-aid-on-site/apply",
        licence="CC-BY-NC-SA",
        place="Training quay, gate 7, Port of Hamburg",
        latitude=Decimal("53.5283"),
        longitude=Decimal("9.9421"),
        validity=months(24),
        image_form="png",
    ),
    DemoBadge(
        key="dangerous-goods-awareness",
        issuer=SAFETY_BOARD,
        name="Dangerous Goods Awareness",
        description=("Recognises dangerous goods by placard and paper, keeps them apart, and knows whom to call."),
        category=Category.TECHNICAL,
        purpose=Purpose.COMPLIANCE,
        level=None,
        tags=("safety", "dangerous goods", "renewal"),
        criteria_narrative=(
            "Everybody who stands near containers should see **before** they touch.\n\n"
            "1. Complete the course of half a day on the nine classes, placards and papers.\n"
            "2. Walk the yard with a dangerous goods officer and find the six planted mistakes.\n"
            "3. Pass the test with at least 18 of 20 points; questions about segregation must all be "
            "right.\n\n"
            "The badge shows awareness. It does not allow you to handle or sign for dangerous goods; that "
            "needs the authorisation of the officer on duty. The rules change each year, so the badge holds "
            "for twelve months and is renewed by a shorter test."
        ),
        steps=(
            Step(
                StepKind.COURSE,
                "Complete the course Dangerous Goods for Everybody",
                f"{COURSES}/dangerous-goods",
            ),
            Step(StepKind.ON_THE_JOB, "Find six planted mistakes on a walk through the yard"),
            Step(StepKind.ASSESSMENT, "Pass the test with at least 18 of 20 points"),
        ),
        learned=(
            "The nine classes and their placards, segregation in yard and hold, papers, and the first three calls."
        ),
        assessed="A test of twenty questions and a walk through the yard with a dangerous goods officer.",
        alignments=(
            esco(
                "recognise the hazards of dangerous goods",
                "S6.13.5",
                "Is aware of the threats of harmful goods.",
            ),
            harbour("Works safely", "HCF-S1", "works-safely", "Sees a danger and reports it.", 1),
        ),
        design=DESIGNS["dangerous-goods-awareness"],
        image_alt="Orange shield with a flame and a ribbon that says Aware",
        validity=months(12),
    ),
    DemoBadge(
        key="cyber-safe-at-work",
        issuer=ACADEMY,
        name="Cyber-Safe at Work",
        description=(
            "Spots the message that is not what it seems, protects accounts, and reports early without shame."
        ),
        category=Category.TECHNICAL,
        purpose=Purpose.COMPLIANCE,
        level=None,
        tags=("security", "phishing", "everybody", "renewal"),
        criteria_narrative=(
            "A terminal can stand still because of one click. This badge says that you know the few habits "
            "that prevent most of it.\n\n"
            "- Complete six short lessons of ten minutes each, at your own pace.\n"
            "- Set up a second factor for your work account.\n"
            "- Report at least one practice message within a day, with the button in your mail program.\n\n"
            "There is no trick question and no public list of people who clicked. What counts is that you "
            "**report early**, even when it was your own mistake. The threats change, so the badge holds "
            "for twelve months."
        ),
        steps=(
            Step(StepKind.COURSE, "Complete the six lessons of Cyber-Safe at Work", f"{COURSES}/cyber-safe"),
            Step(StepKind.ON_THE_JOB, "Set up a second factor for your work account"),
            Step(StepKind.ASSESSMENT, "Report a practice message within a day"),
        ),
        learned=(
            "Recognising false messages and pages, strong sign-in, safe handling of devices, and early reporting."
        ),
        assessed="A short quiz after each lesson and the report of at least one practice message.",
        alignments=(
            esco("protect personal data and privacy", "S5.6.1", "Protects data in digital environments."),
            esco("respond to cyber threats", "S5.6.3", "Recognises digital threats and takes the right steps."),
            harbour("Handles information with care", "HCF-D1", "handles-information-with-care", "Keeps data safe.", 1),
        ),
        design=DESIGNS["cyber-safe-at-work"],
        image_alt="Navy shield with a padlock and a ribbon that says Cyber-safe",
        validity=months(12),
    ),
)
