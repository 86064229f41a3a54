"""Five templates that come along: good beginnings, to be made one's own. What is to be filled in stands in brackets."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from badges.models import Basis, Category, Purpose, StepKind, Validity

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingTemplate:
    key: str  # in addresses
    icon: str  # a lucide name
    use: Text  # when one takes it
    name: Text
    description: Text
    criteria: Text
    learned: Text = ""
    applied: Text = ""
    assessed: Text = ""
    useful_for: Text = ""
    steps: tuple[tuple[str, Text], ...] = ()
    category: str = Category.TECHNICAL
    purpose: str = Purpose.SKILL
    basis: str = ""
    level: int | None = None
    validity: str = Validity.NEVER
    validity_months: int | None = None


STARTING_TEMPLATES: tuple[StartingTemplate, ...] = (
    StartingTemplate(
        key="onboarding",
        icon="door-open",
        use=_("For the first weeks of a new colleague"),
        name=_("Settled in"),
        description=_(
            "Knows the people, the places and the rules of [our organisation], and has done a first piece of real work."
        ),
        criteria=_(
            "Whoever holds this badge has finished the first weeks here:\n\n"
            "- met the team and knows whom to ask what\n"
            "- finished the introductions that everybody needs\n"
            "- did one task of their own from beginning to end"
        ),
        learned=_("How we work together, where things are, and what to do when something goes wrong."),
        applied=_(
            "From the first day: finding help, using the tools of the team, and keeping to the rules of the house."
        ),
        assessed=_("The manager and the new colleague go through the list together in week six."),
        useful_for=_("Everybody who is new, and their managers, who see what is still missing."),
        steps=(
            (StepKind.COURSE, _("Take part in the welcome day")),
            (StepKind.ON_THE_JOB, _("Work beside three colleagues for half a day each")),
            (StepKind.PROJECT, _("Finish one task of your own")),
            (StepKind.ASSESSMENT, _("Talk it through with your manager in week six")),
        ),
        category=Category.VALUES,
        purpose=Purpose.SKILL,
        basis=Basis.COMPLETION,
        level=1,
    ),
    StartingTemplate(
        key="safety",
        icon="hard-hat",
        use=_("For an instruction that must be repeated"),
        name=_("Safety instruction: [place or machine]"),
        description=_(
            "Knows the dangers of [place or machine], works safely there, and knows what to do in an emergency."
        ),
        criteria=_(
            "Whoever holds this badge was instructed and has shown that they\n\n"
            "- name the dangers and how they are prevented\n"
            "- wear and check the protective equipment\n"
            "- stop the work and raise the alarm when something is wrong"
        ),
        learned=_("The dangers, the rules, the protective equipment, and the emergency plan."),
        applied=_("On every shift at [place or machine], and when showing it to visitors."),
        assessed=_("Ten questions, all of them answered rightly, and one round on site with a safety officer."),
        useful_for=_("Everybody who works at [place or machine]. Without it nobody does."),
        steps=(
            (StepKind.COURSE, _("Take part in the safety instruction")),
            (StepKind.ASSESSMENT, _("Answer all ten questions rightly")),
            (StepKind.ON_THE_JOB, _("Walk the round on site with a safety officer")),
        ),
        category=Category.TECHNICAL,
        purpose=Purpose.COMPLIANCE,
        basis=Basis.MEASUREMENT,
        validity=Validity.MONTHS,
        validity_months=12,
    ),
    StartingTemplate(
        key="software",
        icon="app-window",
        use=_("For a tool that people really use"),
        name=_("[Software] in practice"),
        description=_("Uses [software] for real work on their own: [the two or three things that matter most]."),
        criteria=_(
            "Whoever holds this badge has done real work with [software]:\n\n"
            "- [first thing], without help\n"
            "- [second thing], so that others can go on with it\n"
            "- finds out by themselves what they do not know yet"
        ),
        learned=_("What [software] is for, how its parts belong together, and the shortcuts that save an hour a week."),
        applied=_("In everyday work: [an example of a task that is done with it]."),
        assessed=_("A colleague who uses [software] daily looks at one piece of work and asks how it was made."),
        useful_for=_("Everybody in [department] who works with [software] each week."),
        steps=(
            (StepKind.COURSE, _("Take the course, or learn it in your own way")),
            (StepKind.PROJECT, _("Do one piece of real work with it")),
            (StepKind.ASSESSMENT, _("Show it to a colleague, and explain how it was made")),
        ),
        category=Category.TECHNICAL,
        purpose=Purpose.SKILL,
        basis=Basis.MEASUREMENT,
        level=2,
    ),
    StartingTemplate(
        key="leadership",
        icon="compass",
        use=_("For those who lead others"),
        name=_("Leads conversations that matter"),
        description=_(
            "Gives feedback, listens, and agrees on what comes next, so that people grow and the work goes on."
        ),
        criteria=_(
            "Whoever holds this badge has led conversations with their team for half a year:\n\n"
            "- a regular conversation with each person\n"
            "- feedback that says what was seen, what it did, and what is wished for\n"
            "- at least one hard conversation, prepared and looked back upon"
        ),
        learned=_("How to prepare a conversation, to ask before telling, and to stay clear and kind when it is hard."),
        applied=_("With the own team, week by week, and in conflicts that would otherwise wait."),
        assessed=_(
            "Three people of the team answer five questions; an assessor talks with the holder about their notes."
        ),
        useful_for=_("Team leads and those who will be. It is asked for before a larger team is led."),
        steps=(
            (StepKind.COURSE, _("Take part in the two days of practice")),
            (StepKind.ON_THE_JOB, _("Lead regular conversations for half a year")),
            (StepKind.PROJECT, _("Write down what you learned from three of them")),
            (StepKind.ASSESSMENT, _("Talk with an assessor about your notes and what your team says")),
        ),
        category=Category.DURABLE,
        purpose=Purpose.SKILL,
        basis=Basis.EXPERIENCE,
        level=3,
    ),
    StartingTemplate(
        key="values",
        icon="heart-handshake",
        use=_("For thanks among colleagues"),
        name=_("Lends a hand"),
        description=_("Helped others when it was not their task, and somebody says how."),
        criteria=_(
            "A colleague proposes it and tells a small story: what happened, what this person did, and what came of "
            "it. No course, no test."
        ),
        applied=_("Wherever people work together: covering a shift, explaining something twice, welcoming somebody."),
        assessed=_("The story is read by two colleagues of another team, who say yes or ask for more."),
        useful_for=_("Everybody. It shows what we stand for better than a poster."),
        steps=((StepKind.ON_THE_JOB, _("Help somebody when it was not your task; a colleague tells the story")),),
        category=Category.VALUES,
        purpose=Purpose.VALUES,
        basis=Basis.EXPERIENCE,
    ),
)


def starting_template(key: str) -> StartingTemplate | None:
    return next((one for one in STARTING_TEMPLATES if one.key == key), None)
