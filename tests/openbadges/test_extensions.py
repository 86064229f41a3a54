import pytest
from jsonschema import Draft4Validator
from pyld import jsonld

from badgeserver.openbadges import extensions
from badgeserver.openbadges.contexts import V2
from badgeserver.openbadges.verification.extensions import extension_problem
from badgeserver.openbadges.verification.linked_data import analysed

HERE = "https://badges.example.org/public/extensions/x/context"
SAMPLES = {
    "apply-link": extensions.apply_link("https://academy.example.org/apply", context=HERE),
    "licence": extensions.licence("CC-BY", name="Attribution (CC BY)", context=HERE),
    "place": extensions.place("Quay 7", latitude=53.5, longitude=-9.9, context=HERE),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_offered_fits_the_schema_that_is_served(name):
    schema = extensions.schema_document(extensions.OFFERED[name], schema_url=f"{HERE}/schema")

    Draft4Validator.check_schema(schema)
    assert list(Draft4Validator(schema).iter_errors(SAMPLES[name])) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_context_leads_to_the_schema_by_the_type(name):
    offered = extensions.OFFERED[name]
    context = extensions.context_document(offered, schema_url=f"{HERE}/schema")

    assert context["obi:validation"] == [{"obi:validatesType": offered.type, "obi:validationSchema": f"{HERE}/schema"}]
    assert SAMPLES[name]["type"][:2] == ["Extension", offered.type]


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_lost_when_the_words_are_spelled_out(name):
    """OB2-ISS-02: every member has a meaning by the context that we serve."""
    context = extensions.context_document(extensions.OFFERED[name], schema_url=HERE)["@context"]
    sample = {key: value for key, value in SAMPLES[name].items() if key != "@context"}

    [expanded] = jsonld.expand({"@context": [dict(V2), context], **sample})

    assert len(expanded) == len(sample)


@pytest.mark.parametrize("name", SAMPLES)
def test_our_own_verifier_understands_them_wherever_they_are_served(name):
    offered = extensions.OFFERED[name]
    badge = {"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", offered.property: SAMPLES[name]}

    [node] = analysed(badge).extensions

    assert extension_problem(node, extensions.EXTENSIONS[offered.type]) == ""
