"""Badge classes of the demo programme about leading and about the values of the house."""

from .badge_parts import COURSES, esco, harbour
from .designs import DESIGNS
from .people import ACADEMY
from .records import BadgeState, Category, DemoBadge, Purpose, Step, StepKind, months

LEADERSHIP_BADGES: tuple[DemoBadge, ...] = (
    DemoBadge(
        key="facilitating-difficult-conversations",
        issuer=ACADEMY,
        name="Facilitating Difficult Conversations",
        description=(
            "Leads conversations about performance, conflict and change so that people leave them with a "
            "decision and their dignity."
        ),
        category=Category.DURABLE,
        level=3,
        tags=("leadership", "communication", "conflict"),
        criteria_narrative=(
            "You have led real conversations that others would rather avoid, and people came out of them "
            "knowing where they stand.\n\n"
            "To earn this badge you\n\n"
            "- complete the four workshops of **Leading People**,\n"
            "- lead **three real conversations** at work, each observed by a coach,\n"
            "- reflect on each in writing within a week.\n\n"
            "Two assessors score the observed conversations independently against five criteria: "
            "preparation, listening, clarity, agreement and follow-up. You need *proficient* in at least "
            "four of the five, and never *insufficient* in listening. The badge holds for three years, "
            "because the skill fades without practice."
        ),
        criteria_url=f"{COURSES}/leading-people/rubric",
        steps=(
            Step(
                StepKind.COURSE,
                "Complete the four workshops of the Leading People course",
                f"{COURSES}/leading-people",
            ),
            Step(StepKind.ON_THE_JOB, "Lead three real conversations on the job, observed by a coach"),
            Step(StepKind.PROJECT, "Reflect on each conversation in writing within a week"),
            Step(StepKind.ASSESSMENT, "Be scored by two assessors against the rubric of five criteria"),
        ),
        learned=(
            "Preparing a conversation from the other side's view, listening before answering, naming the "
            "point in one sentence, and closing with an agreement that both sides can repeat."
        ),
        assessed=(
            "Two assessors score three observed conversations independently against a rubric of five "
            "criteria. Where they differ by more than one grade, a third assessor decides."
        ),
        alignments=(
            esco(
                "manage conflicts",
                "S1.8.2",
                "Mediates in situations of tension and brings the parties to agreement.",
            ),
            esco(
                "listen actively",
                "S1.1.1",
                "Gives attention to what other people say and understands the point made.",
            ),
            harbour("Leads people", "HCF-L1", "leads-people", "Leads others through disagreement and change.", 3),
        ),
        design=DESIGNS["facilitating-difficult-conversations"],
        image_alt="Violet hexagon with two speech bubbles and three gold stars",
        validity=months(36),
    ),
    DemoBadge(
        key="mediating-between-teams",
        issuer=ACADEMY,
        name="Mediating Between Teams",
        description=("Brings teams with opposing interests to an agreement that still holds three months later."),
        category=Category.DURABLE,
        level=4,
        tags=("leadership", "conflict", "cross-team"),
        criteria_narrative=(
            "This is one of the rarest badges of the academy. It recognises people whom two teams trust at "
            "the same time.\n\n"
            "1. You hold **Facilitating Difficult Conversations**.\n"
            "2. You mediate one live conflict between two departments, from the first talks to a written "
            "agreement.\n"
            "3. Three months later both team leads confirm, independently, that the agreement still holds.\n"
            "4. You present the case to the assessment panel: what you saw, what you tried, what you would "
            "do differently.\n\n"
            "The panel looks for impartiality above all: both sides must say that they were heard. A case "
            "that ended without agreement can count, if the ending was fair and the reasons are understood."
        ),
        steps=(
            Step(
                StepKind.BADGE,
                "Hold the badge Facilitating Difficult Conversations",
                needs_badge="facilitating-difficult-conversations",
            ),
            Step(
                StepKind.COURSE,
                "Attend the two-day Mediation Practice seminar",
                f"{COURSES}/mediation-practice",
            ),
            Step(
                StepKind.ON_THE_JOB,
                "Mediate one live conflict between two departments up to a written agreement",
            ),
            Step(StepKind.ASSESSMENT, "Present the case to the panel three months after the agreement"),
        ),
        learned=(
            "Staying impartial under pressure, separating positions from interests, and writing agreements "
            "that name who does what and when it is looked at again."
        ),
        assessed=("A panel of three hears the case and reads the confirmations of both team leads three months later."),
        alignments=(
            esco(
                "mediate in negotiations",
                "S1.1.3",
                "Acts as a neutral witness between parties and aims at an agreement.",
            ),
            esco(
                "manage conflicts",
                "S1.8.2",
                "Mediates in situations of tension and brings the parties to agreement.",
            ),
            harbour(
                "Leads across boundaries",
                "HCF-L3",
                "leads-across-boundaries",
                "Builds agreement between units.",
                4,
            ),
        ),
        design=DESIGNS["mediating-between-teams"],
        image_alt="Plum hexagon in a golden frame with a pair of scales and four gold stars",
    ),
    DemoBadge(
        key="coaching-for-performance",
        issuer=ACADEMY,
        name="Coaching for Performance",
        description=("Helps colleagues grow by asking, observing and giving feedback that they can use the same day."),
        category=Category.DURABLE,
        level=2,
        tags=("leadership", "coaching", "feedback"),
        criteria_narrative=(
            "You have coached two colleagues over at least **three months each**, and both got better at "
            "something that matters for their work.\n\n"
            "- Agree one observable goal with each colleague.\n"
            "- Hold at least six conversations and keep short notes.\n"
            "- Give feedback on the job, close to the moment, and ask for some yourself.\n\n"
            "At the end a learning advisor talks with you and, separately, with both colleagues. You pass "
            "when the goal was reached or clearly approached, and when both colleagues say that the "
            "coaching helped. Notes stay between you and the person you coached: nobody asks to read them."
        ),
        steps=(
            Step(StepKind.COURSE, "Complete the course Coaching at Work", f"{COURSES}/coaching-at-work"),
            Step(StepKind.ON_THE_JOB, "Coach two colleagues for at least three months each"),
            Step(StepKind.ASSESSMENT, "Review both coachings with a learning advisor"),
        ),
        learned=("Setting goals that can be seen, asking before telling, and giving feedback close to the moment."),
        assessed=(
            "A learning advisor interviews the coach and both colleagues, separately, along the same six questions."
        ),
        alignments=(
            esco(
                "coach employees",
                "S4.8.1",
                "Supports the performance of people by adapted methods of coaching.",
            ),
            esco(
                "give constructive feedback",
                "S1.4.3",
                "Gives founded feedback in a respectful and clear way.",
            ),
            harbour("Develops others", "HCF-L2", "develops-others", "Makes others better at their work.", 2),
        ),
        design=DESIGNS["coaching-for-performance"],
        image_alt="Light violet hexagon with a young plant and two gold stars",
    ),
    DemoBadge(
        key="night-shift-lead",
        issuer=ACADEMY,
        name="Night-Shift Lead",
        description="Runs a safe and calm night shift, with fewer people on site and decisions taken alone.",
        category=Category.DURABLE,
        level=2,
        tags=("leadership", "shift", "terminal"),
        criteria_narrative=(
            "At night there is nobody down the hall to ask. This badge recognises people who lead a whole "
            "shift through it.\n\n"
            "- Hold **First Responder on Site** and **Coaching for Performance**.\n"
            "- Lead ten night shifts beside an experienced lead, then five on your own.\n"
            "- Walk the assessor through one incident, minute by minute.\n\n"
            "We are still testing this badge with the crews of berth 4. The rubric will look at handover, "
            "rest and fatigue, decisions under uncertainty, and the way people are treated at four in the "
            "morning."
        ),
        steps=(
            Step(
                StepKind.BADGE,
                "Hold the badge First Responder on Site",
                needs_badge="first-responder-on-site",
            ),
            Step(
                StepKind.BADGE,
                "Hold the badge Coaching for Performance",
                needs_badge="coaching-for-performance",
            ),
            Step(StepKind.ON_THE_JOB, "Lead fifteen night shifts, the first ten beside an experienced lead"),
            Step(StepKind.ASSESSMENT, "Walk an assessor through one incident, minute by minute"),
        ),
        learned=(
            "Handing over without gaps, watching fatigue in oneself and others, and deciding with little information."
        ),
        assessed="Shift records of five nights led alone and a talk of one hour with an assessor.",
        alignments=(
            esco("supervise work", "S4.8.0", "Directs and supervises the day-to-day activities of others."),
            harbour("Leads people", "HCF-L1", "leads-people", "Leads a crew through the shift.", 2),
        ),
        design=DESIGNS["night-shift-lead"],
        image_alt="Dark violet hexagon with a moon, a star and two gold stars; a ribbon says Terminal",
        state=BadgeState.DRAFT,
    ),
    DemoBadge(
        key="welcoming-new-colleagues",
        issuer=ACADEMY,
        name="Welcoming New Colleagues",
        description=("Takes a newcomer through the first ninety days, so that the place feels like theirs sooner."),
        category=Category.VALUES,
        purpose=Purpose.VALUES,
        level=None,
        tags=("values", "onboarding", "belonging"),
        criteria_narrative=(
            "You have been the **buddy** of a new colleague for the first ninety days, and it showed.\n\n"
            "- Meet on the first day, walk the site together, and eat together.\n"
            "- Find time each week in the first month, and every second week after that.\n"
            "- Introduce your colleague to at least five people from other departments.\n"
            "- Be honest about what is hard here.\n\n"
            "The newcomer nominates you after ninety days with a few sentences of their own. The People and "
            "Culture team reads every nomination. Nobody can nominate themselves, and managers cannot "
            "nominate on behalf of somebody else."
        ),
        steps=(
            Step(StepKind.ON_THE_JOB, "Be the buddy of a new colleague for ninety days"),
            Step(StepKind.ON_THE_JOB, "Introduce your colleague to five people from other departments"),
            Step(StepKind.ASSESSMENT, "Be nominated by the newcomer in their own words"),
        ),
        learned=(
            "Seeing the place through the eyes of a newcomer, and making room for questions that seem too small to ask."
        ),
        assessed="The nomination of the newcomer, read by two members of the People and Culture team.",
        alignments=(
            esco("build team spirit", "S1.8.1", "Builds a relationship of mutual trust between colleagues."),
            harbour("We look after one another", "HCF-V1", "we-look-after-one-another", "Value of the house."),
        ),
        design=DESIGNS["welcoming-new-colleagues"],
        image_alt="Pink scalloped seal with an open hand that holds a heart",
    ),
    DemoBadge(
        key="improvement-idea-that-stuck",
        issuer=ACADEMY,
        name="Improvement Idea that Stuck",
        description=("Had an idea that made work safer, faster or kinder, and it is still in use six months later."),
        category=Category.VALUES,
        purpose=Purpose.VALUES,
        level=None,
        tags=("values", "improvement", "ideas"),
        criteria_narrative=(
            "Ideas are many. This badge is for the ones that **stayed**.\n\n"
            "1. Describe the idea and the problem it solves on one page.\n"
            "2. Try it with your team for at least four weeks and measure one thing before and after.\n"
            "3. Six months later it is still in use, without you having to remind anybody.\n\n"
            "Any idea counts, large or small: a hook in the right place is as welcome as a new way to plan "
            "the yard. The improvement circle visits the workplace, talks with the people who use the idea, "
            "and looks at the numbers. Shared ideas earn shared badges."
        ),
        steps=(
            Step(StepKind.PROJECT, "Describe the idea and its purpose on one page"),
            Step(StepKind.ON_THE_JOB, "Try it for four weeks and measure one thing before and after"),
            Step(StepKind.ASSESSMENT, "Show that it is still in use six months later"),
        ),
        learned=("Testing an idea cheaply, measuring honestly, and leaving a change in the hands of those who use it."),
        assessed=("A visit of the improvement circle to the workplace and the measured figure before and after."),
        alignments=(
            esco(
                "identify improvement actions",
                "S2.9.1",
                "Sees where processes can be made better and acts on it.",
            ),
            harbour("We leave it better", "HCF-V3", "we-leave-it-better", "Value of the house."),
        ),
        design=DESIGNS["improvement-idea-that-stuck"],
        image_alt="Golden scalloped seal with a light bulb",
        image_form="png",
    ),
)
