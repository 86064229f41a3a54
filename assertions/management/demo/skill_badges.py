"""Badge classes of the demo programme about professional skills and data."""

from .badge_parts import COURSES, esco, harbour
from .designs import DESIGNS
from .people import ACADEMY
from .records import BadgeState, Category, DemoBadge, Step, StepKind, until_end_of_year

SKILL_BADGES: tuple[DemoBadge, ...] = (
    DemoBadge(
        key="reading-operations-data-1",
        issuer=ACADEMY,
        name="Reading Operations Data 1",
        description=("Reads the daily figures of a terminal or warehouse and says in plain words what they mean."),
        category=Category.TECHNICAL,
        level=1,
        tags=("data", "operations", "dashboards"),
        criteria_narrative=(
            "You look at the morning figures and know **what is normal, what is not, and what you cannot "
            "tell**.\n\n"
            "- Complete the course *Figures for the Floor* (four hours, no formulas).\n"
            "- For two weeks, note one observation a day from your own dashboard.\n"
            "- Explain three charts to a colleague who has not seen them before.\n\n"
            "You pass when your colleague can repeat the message of each chart correctly, and when you name "
            "at least one thing that the figures do not show. Nobody has to be good at mathematics for this "
            "badge; curiosity and care are enough."
        ),
        steps=(
            Step(
                StepKind.COURSE,
                "Complete the course Figures for the Floor",
                f"{COURSES}/figures-for-the-floor",
            ),
            Step(StepKind.ON_THE_JOB, "Note one observation a day for two weeks"),
            Step(StepKind.ASSESSMENT, "Explain three charts to a colleague who has not seen them"),
        ),
        learned="Reading common charts, telling trend from noise, and asking where a figure comes from.",
        assessed="A colleague repeats the message of three charts; a data coach listens and scores.",
        alignments=(
            esco("interpret current data", "S2.7.4", "Analyses data gathered from sources such as operations."),
            harbour("Decides with data", "HCF-D2", "decides-with-data", "Uses figures for daily decisions.", 2),
        ),
        design=DESIGNS["reading-operations-data-1"],
        image_alt="Blue hexagon with a line chart and one gold star",
    ),
    DemoBadge(
        key="reading-operations-data-2",
        issuer=ACADEMY,
        name="Reading Operations Data 2",
        description=("Finds the cause behind a change in the figures and proposes one measure that can be tested."),
        category=Category.TECHNICAL,
        level=2,
        tags=("data", "operations", "analysis"),
        criteria_narrative=(
            "From reading figures to **using** them. You take one question of your own team and answer it "
            "with data.\n\n"
            "1. Hold *Reading Operations Data 1*.\n"
            "2. Choose a question that matters, such as waiting trucks at the gate after two o'clock.\n"
            "3. Combine at least two sources, check them, and write down what you left out.\n"
            "4. Propose one measure and say what would show that it does not work.\n\n"
            "A data coach reads your two pages and asks questions. The score looks at honesty about "
            "uncertainty, not at the beauty of the charts."
        ),
        steps=(
            Step(
                StepKind.BADGE,
                "Hold the badge Reading Operations Data 1",
                needs_badge="reading-operations-data-1",
            ),
            Step(
                StepKind.COURSE,
                "Complete the course Asking Data Questions",
                f"{COURSES}/asking-data-questions",
            ),
            Step(StepKind.PROJECT, "Answer one question of your team from at least two sources, on two pages"),
            Step(StepKind.ASSESSMENT, "Defend the result before a data coach"),
        ),
        learned=("Framing a question, joining and checking sources, telling cause from coincidence, proposing a test."),
        assessed=(
            "A data coach scores the two-page answer and a talk of half an hour against a rubric of four criteria."
        ),
        alignments=(
            esco("perform data analysis", "S2.7.2", "Collects data to test and evaluate, and to find patterns."),
            esco("analyse logistic changes", "S2.7.7", "Analyses the effect of changes in logistics."),
            harbour("Decides with data", "HCF-D2", "decides-with-data", "Finds causes and proposes measures.", 3),
        ),
        design=DESIGNS["reading-operations-data-2"],
        image_alt="Indigo hexagon with a rising chart and two gold stars",
    ),
    DemoBadge(
        key="customs-clearance-essentials",
        issuer=ACADEMY,
        name="Customs Clearance Essentials",
        description=("Prepares complete and correct declarations for the common procedures, and knows when to ask."),
        category=Category.DURABLE,
        level=None,
        tags=("customs", "trade", "declarations"),
        criteria_narrative=(
            "You prepare declarations for import, export and transit that pass **without a query** in nine "
            "of ten cases.\n\n"
            "- Complete the three modules: tariff and origin, value and duty, procedures and papers.\n"
            "- Prepare twenty live declarations beside an experienced declarant.\n"
            "- Solve the case file: one consignment, eleven documents, four hidden contradictions.\n\n"
            "You pass when you find at least three of the four contradictions and can name the rule for "
            "each. The badge refers to the edition of the rules in force and ends with it, on the last day "
            "of a calendar year. A short update course renews it."
        ),
        steps=(
            Step(StepKind.COURSE, "Complete the three customs modules", f"{COURSES}/customs-essentials"),
            Step(StepKind.ON_THE_JOB, "Prepare twenty live declarations beside an experienced declarant"),
            Step(StepKind.ASSESSMENT, "Solve the case file with its four hidden contradictions"),
        ),
        learned=("Classifying goods, origin and preference, customs value, the common procedures and their papers."),
        assessed="A case file under examination conditions and the error rate of twenty live declarations.",
        alignments=(
            esco(
                "apply customs regulations",
                "S6.13.1",
                "Applies the rules for import, export and transit of goods.",
            ),
            esco("prepare customs documents", "S1.13.1", "Prepares the papers that goods need to pass customs."),
            harbour("Masters the craft", "HCF-C1", "masters-the-craft", "Works without supervision in the field.", 2),
        ),
        design=DESIGNS["customs-clearance-essentials"],
        image_alt="Sea-green hexagon with a stamp; a ribbon says Customs",
        validity=until_end_of_year(1),
    ),
    DemoBadge(
        key="cold-chain-handling",
        issuer=ACADEMY,
        name="Cold-Chain Handling",
        description="Keeps food and medicine at the right temperature from quay to truck, and can prove it.",
        category=Category.DURABLE,
        level=None,
        tags=("cold chain", "warehouse", "fleet", "quality"),
        criteria_narrative=(
            "Vaccines, fish and flowers forgive nothing. You keep the chain **unbroken and documented**.\n\n"
            "- Complete the course on temperature classes, packing and loggers.\n"
            "- Handle thirty chilled and ten frozen consignments with a complete record.\n"
            "- Handle one staged deviation: the logger shows nine degrees, the truck waits, the customer "
            "calls.\n\n"
            "The assessor looks at your records and at the decision in the staged deviation. The right "
            "answer is not always to stop the load; it is to decide in time, tell the people concerned, and "
            "write down why."
        ),
        steps=(
            Step(StepKind.COURSE, "Complete the course Unbroken: the Cold Chain", f"{COURSES}/cold-chain"),
            Step(StepKind.ON_THE_JOB, "Handle forty consignments with a complete temperature record"),
            Step(StepKind.ASSESSMENT, "Decide one staged temperature deviation"),
        ),
        learned=("Temperature classes, pre-cooling and packing, reading loggers, and deciding on deviations in time."),
        assessed=(
            "Review of forty temperature records and one staged deviation, observed by the cold store supervisor."
        ),
        alignments=(
            esco("monitor stock temperature", "S2.8.3", "Watches and records the temperature of stored goods."),
            esco("handle delicate items", "S6.2.3", "Moves goods that need care by specialised techniques."),
            harbour("Masters the craft", "HCF-C1", "masters-the-craft", "Does the work to the standard.", 1),
        ),
        design=DESIGNS["cold-chain-handling"],
        image_alt="Ice-blue hexagon with a snowflake; a ribbon says Warehouse",
        image_form="png",
    ),
    DemoBadge(
        key="paperless-gate-pioneer",
        issuer=ACADEMY,
        name="Paperless Gate Pioneer",
        description="Helped to move the truck gate from paper to tablet during the pilot, and taught others.",
        category=Category.TECHNICAL,
        level=None,
        tags=("gate", "digital", "pilot"),
        criteria_narrative=(
            "The gate ran on paper for forty-one years. You were among the people who **changed** that "
            "within one winter.\n\n"
            "- Work at least fifteen shifts at a pilot lane with the tablet.\n"
            "- Report at least five faults or ideas to the project team.\n"
            "- Teach the new way of working to three colleagues.\n\n"
            "The project lead confirmed the shifts, and the three colleagues confirmed the teaching. The "
            "pilot is over and the paper is gone, so this badge is no longer awarded. Everybody who earned "
            "it keeps it, because somebody had to go first."
        ),
        steps=(
            Step(StepKind.ON_THE_JOB, "Work fifteen shifts at a pilot lane"),
            Step(StepKind.PROJECT, "Report at least five faults or ideas"),
            Step(StepKind.ON_THE_JOB, "Teach the new way of working to three colleagues"),
        ),
        learned=(
            "Working with the gate tablet, describing faults so that they can be mended, and teaching colleagues."
        ),
        assessed="Confirmation by the project lead and by the three colleagues who were taught.",
        alignments=(
            esco("adapt to new technology at work", "T4.1", "Takes up new tools and helps others to use them."),
            harbour("We leave it better", "HCF-V3", "we-leave-it-better", "Value of the house."),
        ),
        design=DESIGNS["paperless-gate-pioneer"],
        image_alt="Green scalloped seal with a tablet and a telephone",
        state=BadgeState.ARCHIVED,
    ),
)
