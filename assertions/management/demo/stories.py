"""What assessors wrote about awards, and the evidence behind them, by badge key.

None of the texts names a person: an award may be public while the name of its recipient is not.
"""

from .records import EvidenceItem

EVIDENCE_URL = "https://academy.harbour-logistics.example/evidence"

NARRATIVES: dict[str, tuple[str, ...]] = {
    "facilitating-difficult-conversations": (
        (
            "Led three conversations about workload after the rota change. The listening in the second one "
            "was exceptional: the point was understood before an answer was given.\n\nOverall result: "
            "**proficient in 4 of 5 criteria**."
        ),
        (
            "Turned a complaint between two shifts into an agreement that both wrote down in their own "
            "words. Both assessors noted the calm opening."
        ),
        (
            "Announced the end of a project to the people who had built it, honestly and with time for "
            "anger. All five criteria proficient."
        ),
    ),
    "mediating-between-teams": (
        (
            "Mediated between Fleet and Customer Care over late slot changes. Three months later both team "
            "leads confirm that the new cut-off of four hours still holds."
        ),
        (
            "Brought Warehouse and Terminal Operations to one agreement on the handover zone. The panel was "
            "impressed by what was left out as much as by what was written."
        ),
    ),
    "coaching-for-performance": (
        (
            "Coached two colleagues for four months each. One now plans the yard alone on weekdays; the "
            "other leads the morning briefing."
        ),
        (
            "Both colleagues describe the same thing: questions first, advice only when asked, and feedback "
            "within the hour."
        ),
        (
            "The first goal turned out to be the wrong one. Noticing that in week five, and saying so, was "
            "the best part of this coaching."
        ),
    ),
    "forklift-safety-class-ii": (
        (
            "29 of 30 points in theory. In the practical drive the overloaded pallet was recognised and "
            "left on the floor."
        ),
        "A clean log over forty-two hours. The examiner noted careful sight at every aisle end.",
        "Passed at the second attempt, after more practice on the ramp. Confident and unhurried.",
    ),
    "first-responder-on-site": (
        (
            "In the final exercise own safety came first, the call for help within twenty seconds, and the "
            "injured person was never left alone."
        ),
        ("Took part in the unannounced exercise at berth 2 and guided the ambulance through gate 7 without a detour."),
        "Calm, loud and clear. The paramedic would like to have this colleague on every shift.",
    ),
    "dangerous-goods-awareness": (
        "Found all six planted mistakes on the walk, and a seventh that nobody had planted.",
        "20 of 20 points. All questions about segregation right.",
        "Passed with 18 points and asked the best question of the day, about lithium batteries in returns.",
    ),
    "cyber-safe-at-work": (
        "Reported the practice message eleven minutes after it arrived, with a note that helped others.",
        "Second factor set up on the first day; all six lessons completed.",
    ),
    "reading-operations-data-1": (
        "Explained the dwell-time chart so clearly that the colleague corrected one of our own labels.",
        "Fourteen observations in fourteen days, among them one that led to a fault in the gate counter.",
        "Asked of every figure where it comes from. That is the whole course in one habit.",
    ),
    "reading-operations-data-2": (
        (
            "Showed that the afternoon queue at the gate follows the ferry timetable and not the crane "
            "plan, and proposed a test of two weeks that was carried out."
        ),
        "Two pages, two sources, and a frank paragraph about what the data cannot say. Exemplary.",
    ),
    "customs-clearance-essentials": (
        "Found all four contradictions in the case file, and named the rule for each.",
        "Twenty live declarations with a single query, answered within the hour.",
        "Three of four contradictions found; the reasoning on preferential origin was especially clear.",
    ),
    "cold-chain-handling": (
        (
            "Forty consignments with complete records. In the staged deviation the load was released in "
            "time, for the right reasons."
        ),
        "Noticed that a logger had been started late and said so before anybody asked.",
    ),
    "welcoming-new-colleagues": (
        (
            "From the nomination: *On my first day somebody waited at the gate with a spare rain jacket. I "
            "never felt like a number here.*"
        ),
        (
            "From the nomination: *We had lunch every Tuesday. I could ask the questions I was ashamed to "
            "ask in the team.*"
        ),
        "From the nomination: *I was told honestly what is hard about the late shift. That is why I stayed.*",
        "From the nomination: *After two weeks I knew people in five departments, and they knew me.*",
    ),
    "improvement-idea-that-stuck": (
        (
            "Hooks for lashing rods at waist height. Bending is down by half and the rods are where they "
            "belong, nine months later."
        ),
        (
            "A one-page card for the late slot change. Calls between dispatch and Customer Care fell from "
            "thirty a day to nine."
        ),
        ("Coloured tape for returns that need a second look. It cost four euros and saves about an hour a day."),
        "A five-minute overlap at shift change. It was tried in one crew; now four crews have it.",
    ),
    "paperless-gate-pioneer": (
        ("Nineteen shifts at the pilot lane and eight reported faults, two of which would have stopped the gate."),
        "Taught five colleagues, among them two who had sworn never to touch a tablet.",
    ),
}

EVIDENCE: dict[str, tuple[EvidenceItem, ...]] = {
    "facilitating-difficult-conversations": (
        EvidenceItem(
            "Reflection: the overtime talk",
            "What I had planned, what happened instead, and the sentence that changed the tone.",
            f"{EVIDENCE_URL}/reflection-overtime-talk",
            "Reflection",
        ),
        EvidenceItem(
            "Scored rubric of both assessors",
            "Five criteria, three conversations, two independent scores.",
            f"{EVIDENCE_URL}/rubric-leading-people",
            "Assessment",
        ),
    ),
    "mediating-between-teams": (
        EvidenceItem(
            "Agreement on slot changes",
            "The agreement as both teams signed it, without the names.",
            f"{EVIDENCE_URL}/agreement-slot-changes",
            "Document",
        ),
    ),
    "coaching-for-performance": (
        EvidenceItem(
            "Words of the colleagues", "Both colleagues answered six questions about the coaching in writing."
        ),
    ),
    "forklift-safety-class-ii": (
        EvidenceItem("Examination record", "", f"{EVIDENCE_URL}/class-ii-examination-record", "Assessment"),
        EvidenceItem(
            "Log of mentored hours",
            "Forty hours on reach and narrow-aisle trucks, countersigned by the mentor.",
            f"{EVIDENCE_URL}/mentored-hours",
            "Log",
        ),
    ),
    "first-responder-on-site": (
        EvidenceItem(
            "Exercise at berth 2",
            "Report of the unannounced exercise, with the times of each step.",
            f"{EVIDENCE_URL}/exercise-berth-2",
            "Report",
        ),
        EvidenceItem("Course confirmation", "Sixteen hours, taught by the city rescue service.", "", "Certificate"),
    ),
    "dangerous-goods-awareness": (
        EvidenceItem(
            "Yard walk",
            "Sheet with the six mistakes found on the walk.",
            f"{EVIDENCE_URL}/yard-walk",
            "Record",
        ),
    ),
    "cyber-safe-at-work": (EvidenceItem("Lesson record", "", f"{EVIDENCE_URL}/cyber-safe-lessons", "Record"),),
    "reading-operations-data-1": (
        EvidenceItem(
            "Fourteen observations",
            "One remark on the morning figures a day, as written down at the time.",
            f"{EVIDENCE_URL}/fourteen-observations",
            "Notebook",
        ),
    ),
    "reading-operations-data-2": (
        EvidenceItem(
            "Two pages: why trucks wait after two o'clock",
            "Gate counts and the ferry timetable side by side, with the limits of both.",
            f"{EVIDENCE_URL}/why-trucks-wait",
            "Report",
        ),
    ),
    "customs-clearance-essentials": (
        EvidenceItem(
            "Solved case file",
            "One consignment, eleven documents, and the contradictions found in them.",
            f"{EVIDENCE_URL}/customs-case-file",
            "Examination",
        ),
    ),
    "cold-chain-handling": (
        EvidenceItem(
            "Temperature records",
            "Summary of forty consignments.",
            f"{EVIDENCE_URL}/temperature-records",
            "Record",
        ),
    ),
    "welcoming-new-colleagues": (
        EvidenceItem(
            "Nomination",
            "The words of the newcomer after ninety days, shared with consent.",
            "",
            "Nomination",
        ),
    ),
    "improvement-idea-that-stuck": (
        EvidenceItem(
            "Before and after",
            "Two photographs of the workplace and the measured figure.",
            f"{EVIDENCE_URL}/before-and-after",
            "Photograph",
        ),
        EvidenceItem("Visit of the improvement circle", "Notes of the visit, six months after the start."),
    ),
    "paperless-gate-pioneer": (
        EvidenceItem("Pilot diary", "What went wrong at lane 3, week by week.", f"{EVIDENCE_URL}/pilot-diary", "Diary"),
    ),
}

# Which awards are taken back in the demo, one of each badge, and why.
REVOCATIONS: tuple[tuple[str, str], ...] = (
    (
        "cyber-safe-at-work",
        ("Awarded to the wrong person after a mix-up of two accounts. The right person has received the badge."),
    ),
    (
        "first-responder-on-site",
        "The final exercise was not completed. The badge can be earned again after the missing part.",
    ),
    (
        "dangerous-goods-awareness",
        "The officer's authorisation to examine had lapsed on the day. The test is repeated free of charge.",
    ),
    ("forklift-safety-class-ii", "The forty hours with a mentor could not be confirmed."),
    ("welcoming-new-colleagues", "The nomination had been written by a manager and not by the newcomer."),
    ("improvement-idea-that-stuck", "Returned at the holder's own request: the idea was a shared one."),
)

FEATURED_NARRATIVE = (
    "Led three observed conversations: with a crane crew about overtime, with a colleague about repeated "
    "lateness, and between two shifts about the handover at berth 4.\n\n"
    "Both assessors scored independently and agreed on every criterion. Overall result: **proficient in 5 "
    "of 5 criteria**. They remarked on the patience before the first answer, and on closing each "
    "conversation with an agreement that the others could repeat word for word."
)

FEATURED_EVIDENCE: tuple[EvidenceItem, ...] = (
    EvidenceItem(
        name="Reflection: the shift-pattern negotiation",
        description="Two crews, one rota, and how an agreement was found in a single afternoon.",
        narrative=(
            "What I would do again: **ask before proposing**. What I would not: begin with the calendar on the wall, "
            "because everybody looked at it and nobody at each other."
        ),
        url=f"{EVIDENCE_URL}/reflection-shift-pattern",
        genre="Reflection",
        audience="colleagues who lead a crew for the first time",
    ),
    EvidenceItem(
        name="Scored rubric of both assessors",
        description="Five criteria, three conversations, two independent scores.",
        narrative="The remarks of the assessors are included.",
        url=f"{EVIDENCE_URL}/rubric-leading-people-berth-4",
        genre="Assessment",
        audience="assessors",
    ),
    EvidenceItem(
        name="What the crew said afterwards",
        narrative="*“She let us finish. That was new.”* From the anonymous questions three weeks later.",
        genre="Feedback",
    ),
)

#: One recipient did not want theirs, and said why.
DECLINED_BADGE = "welcoming-new-colleagues"
DECLINE_NOTE = "Kind of you, but I was on leave that month. It belongs to whoever stood in for me."
