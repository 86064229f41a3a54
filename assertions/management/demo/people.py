"""The people of the demo organisation: staff who run the programme and the workforce who earn badges."""

from .records import DemoIssuer, DemoOrganisation, DemoPerson, DemoStaff, StaffRole

DEMO_PASSWORD = "harbour-demo-2026"  # noqa: S105 -- published on purpose: the demo holds no real data

ORGANISATION = DemoOrganisation(
    key="harbour-logistics", name="Harbour Logistics", url="https://harbour-logistics.example"
)

ACADEMY = "harbour-logistics-academy"
SAFETY_BOARD = "harbour-safety-board"

ISSUERS: tuple[DemoIssuer, ...] = (
    DemoIssuer(
        key=ACADEMY,
        name="Harbour Logistics Academy",
        url="https://academy.harbour-logistics.example",
        email="badges@harbour-logistics.example",
        telephone="+4940555010",
        description=(
            "The learning house of Harbour Logistics. It recognises what people at our terminals, "
            "warehouses and offices can do: skills shown at work, ideas that lasted, and the way we lead."
        ),
        language="en",
        logo_alt="A blue square with an open book that carries two white sails",
    ),
    DemoIssuer(
        key=SAFETY_BOARD,
        name="Harbour Safety Board",
        url="https://academy.harbour-logistics.example/safety-board",
        email="safety@harbour-logistics.example",
        telephone="+4940555044",
        description=(
            "The board of safety officers and works council that decides who may operate, handle and rescue "
            "on our sites. Its badges expire, because safety has to be practised."
        ),
        language="en",
        logo_alt="A green shield with a white lighthouse and two yellow beams",
    ),
)


def _address(given: str, family: str) -> str:
    plain = f"{given}.{family}".lower().replace(" ", "-").replace("'", "")
    return f"{plain}@harbour-logistics.example"


def _staff(given: str, family: str, role: StaffRole, job_title: str) -> DemoStaff:
    return DemoStaff(f"{given}-{family}".lower(), given, family, _address(given, family), role, job_title)


STAFF: tuple[DemoStaff, ...] = (
    _staff("Ada", "Brandt", StaffRole.OWNER, "Head of Learning and Development"),
    _staff("Edwin", "Castellano", StaffRole.EDITOR, "Learning Designer"),
    _staff("Sam", "Okafor", StaffRole.AWARDER, "Training Coordinator"),
    _staff("Vera", "Holmqvist", StaffRole.REVIEWER, "Assessor, Leading People"),
    _staff("Noor", "Dijkman", StaffRole.REPORTER, "People Analyst"),
)

TERMINAL = "Terminal Operations"
WAREHOUSE = "Warehouse"
CUSTOMS = "Customs & Trade"
FLEET = "Fleet"
PEOPLE_CULTURE = "People & Culture"
IT_DATA = "IT & Data"
CUSTOMER_CARE = "Customer Care"

_WORKFORCE: dict[str, tuple[tuple[str, str, str], ...]] = {
    TERMINAL: (
        ("Rita", "Lindqvist", "Shift Supervisor"),
        ("Tomasz", "Zielonka", "Crane Operator"),
        ("Kwabena", "Asamoa", "Berth Planner"),
        ("Ines", "Carvalhal", "Lashing Team Lead"),
        ("Jonas", "Petersohn", "Straddle Carrier Driver"),
        ("Mei", "Tanigawa", "Yard Planner"),
        ("Oluwaseun", "Adebisi", "Crane Operator"),
        ("Hanneke", "Vos", "Vessel Coordinator"),
        ("Darko", "Milenkov", "Reach Stacker Driver"),
        ("Leila", "Farahmand", "Gate Supervisor"),
        ("Piet", "Hagemann", "Mooring Foreman"),
        ("Svetla", "Dimova", "Tally Clerk"),
        ("Marco", "Bellandi", "Crane Technician"),
        ("Aoife", "Gallagher", "Shift Supervisor"),
    ),
    WAREHOUSE: (
        ("Yusuf", "Demirel", "Forklift Operator"),
        ("Katarzyna", "Wronka", "Team Lead Inbound"),
        ("Emeka", "Nwachuku", "Forklift Operator"),
        ("Birgit", "Sandvik", "Cold Store Supervisor"),
        ("Luis", "Arizaga", "Picker"),
        ("Thanh", "Phamvu", "Inventory Controller"),
        ("Miriam", "Goldner", "Team Lead Outbound"),
        ("Stelian", "Radu", "Forklift Operator"),
        ("Fatou", "Diarra", "Cold Store Operative"),
        ("Henrik", "Overgaard", "Warehouse Planner"),
        ("Amara", "Sesay", "Packing Specialist"),
        ("Gintaras", "Petkus", "Forklift Operator"),
        ("Rosa", "Villalba", "Returns Specialist"),
    ),
    CUSTOMS: (
        ("Elise", "Moreau", "Customs Declarant"),
        ("Anil", "Deshmukh", "Trade Compliance Officer"),
        ("Charlotte", "Winther", "Head of Customs"),
        ("Goran", "Ivkovic", "Customs Declarant"),
        ("Nadia", "Benhaddou", "Tariff Specialist"),
        ("Oskar", "Lehtinen", "Export Coordinator"),
        ("Priya", "Ramaswami", "Import Coordinator"),
        ("Victor", "Stanescu", "Bonded Store Clerk"),
    ),
    FLEET: (
        ("Andreas", "Kohlmann", "Fleet Manager"),
        ("Blessing", "Eze", "Truck Driver"),
        ("Ciaran", "Donnellan", "Dispatcher"),
        ("Dilnoza", "Karimova", "Route Planner"),
        ("Ewald", "Brunner", "Truck Driver"),
        ("Filipa", "Nogueira", "Truck Driver"),
        ("Giorgos", "Manolis", "Workshop Mechanic"),
        ("Hilde", "Maes", "Driver Trainer"),
    ),
    PEOPLE_CULTURE: (
        ("Ikram", "Bouzid", "People Partner"),
        ("Johanna", "Steenberg", "Recruiter"),
        ("Mateus", "Figueira", "Learning Advisor"),
        ("Ulrike", "Tiedemann", "Works Council Liaison"),
        ("Wanjiru", "Kamande", "Onboarding Coordinator"),
        ("Beatriz", "Salcedo", "Health and Wellbeing Advisor"),
    ),
    IT_DATA: (
        ("Arjun", "Kulkarni", "Data Analyst"),
        ("Freya", "Solberg", "Systems Engineer"),
        ("Laszlo", "Nemeth", "Terminal Systems Analyst"),
        ("Maya", "Ostrowska", "Data Engineer"),
        ("Rafael", "Quintero", "Service Desk Lead"),
        ("Sunniva", "Aalto", "Information Security Officer"),
        ("Tariq", "Al-Hashemi", "Network Engineer"),
    ),
    CUSTOMER_CARE: (
        ("Chiara", "Fontanelli", "Key Account Manager"),
        ("Desmond", "Achterberg", "Customer Advisor"),
        ("Eun-ji", "Baek", "Customer Advisor"),
        ("Nikolai", "Yordanov", "Claims Handler"),
        ("Paulina", "Jagoda", "Customer Advisor"),
        ("Renske", "Hoekstra", "Team Lead Customer Care"),
        ("Samira", "Toure", "Booking Specialist"),
        ("Wim", "Van Aken", "Tracking Specialist"),
    ),
}

DEPARTMENTS: tuple[str, ...] = tuple(_WORKFORCE)

PEOPLE: tuple[DemoPerson, ...] = tuple(
    DemoPerson(given, family, _address(given, family), department, job_title)
    for department, members in _WORKFORCE.items()
    for given, family, job_title in members
)

# The person whose sign-in shows the badge holder's side of the product.
EARNER_EMAIL = "rita.lindqvist@harbour-logistics.example"
EARNER: DemoPerson = next(person for person in PEOPLE if person.email == EARNER_EMAIL)

#: What people do, whatever their title says, and the words of a title that tell.
_ROLE_OF_WORD: dict[str, tuple[str, ...]] = {
    "Leading": ("Supervisor", "Lead", "Foreman", "Head", "Manager"),
    "Operating vehicles": ("Crane Operator", "Forklift", "Driver", "Stacker"),
    "Planning": ("Planner", "Coordinator", "Dispatcher", "Controller"),
    "Customs": ("Customs", "Trade", "Tariff", "Bonded"),
    "Advising": ("Advisor", "Partner", "Handler", "Specialist", "Recruiter", "Liaison", "Trainer"),
    "Technology": ("Technician", "Mechanic", "Engineer", "Analyst", "Officer"),
}
_OTHER_ROLE = "Handling goods"

JOB_ROLES: tuple[str, ...] = (*_ROLE_OF_WORD, _OTHER_ROLE)


def job_role(person: DemoPerson) -> str:
    """Return the role of a person, one of `JOB_ROLES`."""
    title = person.job_title
    return next((role for role, words in _ROLE_OF_WORD.items() if any(word in title for word in words)), _OTHER_ROLE)
