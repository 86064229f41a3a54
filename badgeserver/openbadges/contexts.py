"""What the words of a badge stand for: the term tables of the Open Badges contexts, as data, never fetched.

A context is a list of agreed names (JSON-LD). The tables say which name stands for which term of the Open Badges
vocabulary; they are written out here so that no verification ever asks the network what a word means (OB2-ISS-04).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from badgeserver.openbadges.vocabulary import CONTEXT_V1, CONTEXT_V2, EXTENSIONS_NAMESPACE, OBI_NAMESPACE

Terms = Mapping[str, object]
"""A context: a name to the IRI it stands for, or to an object that also says how its values are read."""

_DUBLIN_CORE = "http://purl.org/dc/terms/"
_SCHEMA = "http://schema.org/"
_SECURITY = "https://w3id.org/security#"
_CREDENTIALS = "https://w3id.org/credentials#"
_XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "extensions": EXTENSIONS_NAMESPACE,
        "obi": OBI_NAMESPACE,
        "cred": _CREDENTIALS,
        "dc": _DUBLIN_CORE,
        "schema": _SCHEMA,
        "sec": _SECURITY,
        "xsd": _XSD,
    }
)
"""Beginnings of IRIs that may be abbreviated, as ``schema:location``."""

CLASSES: Mapping[str, str] = MappingProxyType(
    {
        **{
            name: f"{OBI_NAMESPACE}{name}"
            for name in (
                "Assertion",
                "BadgeClass",
                "Criteria",
                "Evidence",
                "Extension",
                "FrameValidation",
                "IdentityObject",
                "Image",
                "HostedBadge",
                "Issuer",
                "Profile",
                "RevocationList",
                "SignedBadge",
                "TypeValidation",
                "VerificationObject",
            )
        },
        "AlignmentObject": f"{_SCHEMA}AlignmentObject",
        "CryptographicKey": f"{_SECURITY}Key",
        "Endorsement": f"{_CREDENTIALS}Credential",
    }
)
"""What things can be."""

CLASS_ALIASES: Mapping[str, str] = MappingProxyType({"hosted": "HostedBadge", "signed": "SignedBadge"})
"""Second names of classes, from the days before 2.0 (OB2-ISS-80)."""

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "allowedOrigins": f"{OBI_NAMESPACE}allowedOrigins",
        "audience": f"{OBI_NAMESPACE}audience",
        "caption": f"{_SCHEMA}caption",
        "description": f"{_SCHEMA}description",
        "email": f"{_SCHEMA}email",
        "endorsementComment": f"{OBI_NAMESPACE}endorsementComment",
        "genre": f"{_SCHEMA}genre",
        "identity": f"{OBI_NAMESPACE}identityHash",
        "name": f"{_SCHEMA}name",
        "narrative": f"{OBI_NAMESPACE}narrative",
        "publicKeyPem": f"{_SECURITY}publicKeyPem",
        "revocationReason": f"{OBI_NAMESPACE}revocationReason",
        "revokedAssertions": f"{OBI_NAMESPACE}revoked",
        "salt": f"{OBI_NAMESPACE}salt",
        "startsWith": "http://purl.org/dqm-vocabulary/v1/dqm#startsWith",
        "tags": f"{_SCHEMA}keywords",
        "targetCode": f"{OBI_NAMESPACE}targetCode",
        "targetDescription": f"{_SCHEMA}targetDescription",
        # Since November 2020; before, and in validators' own copies, it stood for schema:targetFramework (OB2-ISS-04).
        "targetFramework": f"{_SCHEMA}educationalFramework",
        "targetName": f"{_SCHEMA}targetName",
        "targetUrl": f"{_SCHEMA}targetUrl",
        "telephone": f"{_SCHEMA}telephone",
        "uid": f"{OBI_NAMESPACE}uid",
        "verificationProperty": f"{OBI_NAMESPACE}verificationProperty",
        "version": f"{_SCHEMA}version",
    }
)
"""Members whose values are taken as they are."""

LINKS: Mapping[str, str] = MappingProxyType(
    {
        "alignment": f"{OBI_NAMESPACE}alignment",
        "author": f"{_SCHEMA}author",
        "badge": f"{OBI_NAMESPACE}badge",
        "claim": f"{_CREDENTIALS}claim",
        "creator": f"{_DUBLIN_CORE}creator",
        "criteria": f"{OBI_NAMESPACE}criteria",
        "endorsement": f"{_CREDENTIALS}credential",
        "evidence": f"{OBI_NAMESPACE}evidence",
        "image": f"{_SCHEMA}image",
        "issuer": f"{OBI_NAMESPACE}issuer",
        "owner": f"{_SECURITY}owner",
        "publicKey": f"{_SECURITY}publicKey",
        "recipient": f"{OBI_NAMESPACE}recipient",
        "related": f"{_DUBLIN_CORE}relation",
        "revocationList": f"{OBI_NAMESPACE}revocationList",
        "url": f"{_SCHEMA}url",
        "verification": f"{OBI_NAMESPACE}verify",
    }
)
"""Members whose values are things or the IRIs of things."""

DATES: Mapping[str, str] = MappingProxyType(
    {
        "created": f"{_DUBLIN_CORE}created",
        "expires": f"{_SECURITY}expiration",
        "issuedOn": f"{OBI_NAMESPACE}issueDate",
    }
)
"""Members whose values are moments."""

BOOLEANS: Mapping[str, str] = MappingProxyType(
    {"hashed": f"{OBI_NAMESPACE}hashed", "revoked": f"{OBI_NAMESPACE}revoked"}
)
"""Members whose values are true or false. ``revoked`` shares its IRI with ``revokedAssertions`` (OB2-ISS-04)."""

PROPERTIES: Mapping[str, str] = MappingProxyType({**TEXTS, **LINKS, **DATES, **BOOLEANS})
"""Every member of a badge document that the standard knows, to its IRI."""

PROPERTY_ALIASES: Mapping[str, str] = MappingProxyType({"verify": "verification"})
"""Second names of members, from the days before 2.0."""

_VALIDATION: Mapping[str, str] = MappingProxyType(
    {name: f"{OBI_NAMESPACE}{name}" for name in ("validatesType", "validationFrame", "validationSchema", "validation")}
)


def _table(classes: Mapping[str, str], properties: Mapping[str, str]) -> Terms:
    coerced: dict[str, object] = dict(properties)
    for name in properties:
        if name in LINKS:
            coerced[name] = {"@id": properties[name], "@type": "@id"}
        elif name in DATES:
            coerced[name] = {"@id": properties[name], "@type": f"{_XSD}dateTime"}
        elif name in BOOLEANS:
            coerced[name] = {"@id": properties[name], "@type": f"{_XSD}boolean"}
    aliases = {alias: CLASSES[name] for alias, name in CLASS_ALIASES.items()}
    return MappingProxyType({"id": "@id", "type": "@type", **PREFIXES, **classes, **aliases, **_VALIDATION, **coerced})


V2: Terms = MappingProxyType({**_table(CLASSES, PROPERTIES), "verify": PROPERTIES["verification"]})
"""The context of Open Badges 2.0."""

_V1_CLASSES = ("Assertion", "BadgeClass", "Issuer", "Extension", "TypeValidation", "FrameValidation")
_V1_PROPERTIES = (
    *("name", "description", "url", "image", "uid", "recipient", "hashed", "salt", "identity", "issuedOn", "expires"),
    *("evidence", "badge", "criteria", "tags", "alignment", "issuer", "email", "revocationList"),
    # The older list that the context of 1.1 builds upon brings these as well.
    *("created", "creator", "owner", "publicKey", "publicKeyPem"),
)

V1: Terms = MappingProxyType(
    {
        **_table({name: CLASSES[name] for name in _V1_CLASSES}, {name: PROPERTIES[name] for name in _V1_PROPERTIES}),
        "IssuerOrg": CLASSES["Issuer"],
        "issued_on": {"@id": DATES["issuedOn"], "@type": f"{_XSD}dateTime"},
        "verify": {"@id": LINKS["verification"], "@type": "@id"},
    }
)
"""The context of Open Badges 1.1, with what 1.0 and 0.5 are read by as well."""


# --- Extensions ----------------------------------------------------------------------------------------------

_TEXT: Mapping[str, object] = MappingProxyType({"type": "string"})
_NUMBER: Mapping[str, object] = MappingProxyType({"type": "number"})
_BOOLEAN: Mapping[str, object] = MappingProxyType({"type": "boolean"})
_UUID: Mapping[str, object] = MappingProxyType(
    {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"}
)


def _object(required: tuple[str, ...], /, **members: Mapping[str, object]) -> dict[str, object]:
    schema: dict[str, object] = {"type": "object", "properties": {key: dict(value) for key, value in members.items()}}
    return {**schema, "required": list(required)} if required else schema


def _one_or_many(item: Mapping[str, object]) -> dict[str, object]:
    """One value and a list of one are the same in JSON-LD (OB2-ISS-05)."""
    return {"anyOf": [dict(item), {"type": "array", "items": dict(item)}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionType:
    """A community extension: what its words stand for, and what an object of it must look like (OB2-ISS-152)."""

    name: str
    """Its type, such as ``extensions:ApplyLink``."""
    folder: str
    """Its name within the published addresses of contexts."""
    terms: Terms
    schema: Mapping[str, object]
    """JSON Schema in the words that draft 4 and its successors share."""

    @property
    def iri(self) -> str:
        return EXTENSIONS_NAMESPACE + self.name.removeprefix("extensions:")


def _extension(
    name: str, folder: str, terms: Mapping[str, str], required: tuple[str, ...], /, **members: Mapping[str, object]
) -> ExtensionType:
    """Terms without a colon are words of the extension's own, in the ``extensions`` namespace."""
    table = {
        term: iri if ":" in iri else f"{EXTENSIONS_NAMESPACE}{iri}"
        for term, iri in {"obi": OBI_NAMESPACE, "extensions": EXTENSIONS_NAMESPACE, **terms}.items()
    }
    return ExtensionType(
        name=f"extensions:{name}",
        folder=folder,
        terms=MappingProxyType(table),
        schema=MappingProxyType(_object(required, **members)),
    )


_CASE = "https://purl.imsglobal.org/spec/case/vocab#"
_LEVEL = _object(
    ("identifier", "description"),
    identifier=_UUID,
    lastChangeDateTime=_TEXT,
    caseUri=_TEXT,
    quality=_TEXT,
    score=_NUMBER,
    description=_TEXT,
    position=_NUMBER,
)
_CRITERION = _object(
    ("identifier",),
    identifier=_UUID,
    lastChangeDateTime=_TEXT,
    caseUri=_TEXT,
    category=_TEXT,
    description=_TEXT,
    weight=_NUMBER,
    position=_NUMBER,
    criterionLevels=_one_or_many(_LEVEL),
)
_RUBRIC = _object(
    ("identifier", "rubricCriteria", "title"),
    identifier=_UUID,
    title=_TEXT,
    lastChangeDateTime=_TEXT,
    caseUri=_TEXT,
    rubricCriteria=_one_or_many(_CRITERION),
)
_QUESTION = _object(
    ("type", "text"),
    type={"type": "string", "enum": ["ExternalQuestion", "FileQuestion", "TextQuestion"]},
    text=_TEXT,
    rubricId=_TEXT,
    url=_TEXT,
    required=_BOOLEAN,
    wordLimit=_NUMBER,
    characterLimit=_NUMBER,
)
_SECTION = _object(
    (),
    questions=_one_or_many(_QUESTION),
    title=_TEXT,
    description=_TEXT,
    rubricId=_TEXT,
    url=_TEXT,
    required=_BOOLEAN,
)
_ASSESSMENT = _object(
    ("description", "type", "assessmentOutput", "hasGroupParticipation", "hasGroupEvaluation", "evaluationMethod"),
    description=_TEXT,
    type={"type": "string", "enum": ["Exam", "Performance", "Artifact"]},
    assessmentOutput=_TEXT,
    hasGroupParticipation=_BOOLEAN,
    hasGroupEvaluation=_BOOLEAN,
    evaluationMethod=_TEXT,
    assessmentExample=_TEXT,
    scoringMethodExampleDescription=_TEXT,
    assessmentEvaluation=_TEXT,
    rubrics=_one_or_many(_RUBRIC),
    sections=_one_or_many(_SECTION),
)
_ADDRESS = _object(
    (), **dict.fromkeys(("streetAddress", "addressLocality", "addressRegion", "addressCountry", "postalCode"), _TEXT)
)

EXTENSIONS: Mapping[str, ExtensionType] = MappingProxyType(
    {
        extension.name: extension
        for extension in (
            _extension("ApplyLink", "applyLinkExtension", {"url": "applyLink"}, ("url",), url=_TEXT),
            _extension(
                "GeoCoordinates",
                "geoCoordinatesExtension",
                {
                    "schema": _SCHEMA,
                    **{word: _SCHEMA + word for word in ("geo", "name", "description", "latitude", "longitude")},
                },
                ("description", "geo"),
                name=_TEXT,
                description=_TEXT,
                geo=_object(("latitude", "longitude"), latitude=_NUMBER, longitude=_NUMBER),
            ),
            _extension(
                "LicenseExtension",
                "licenseExtension",
                {
                    "cc": "http://creativecommons.org/ns#",
                    "legalCode": "http://creativecommons.org/ns#legalcode",
                    "License": "http://creativecommons.org/ns#License",
                    "CC-0": "https://creativecommons.org/publicdomain/zero/1.0/",
                    "CC-BY": "http://creativecommons.org/licenses/by/4.0/",
                    "CC-BY-SA": "http://creativecommons.org/licenses/by-sa/4.0/",
                    "CC-BY-NC": "http://creativecommons.org/licenses/by-nc/4.0/",
                    "CC-BY-NC-SA": "http://creativecommons.org/licenses/by-nc-sa/4.0/",
                    "CC-BY-ND": "http://creativecommons.org/licenses/by-nd/4.0/",
                    "CC-BY-NC-ND": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
                },
                ("id", "name"),
                id={"type": "string", "pattern": "^CC-"},
                name=_TEXT,
                legalCode=_TEXT,
            ),
            _extension(
                "Accessibility",
                "accessibilityExtension",
                {
                    "url": "#accessibility",
                    **{
                        word: f"https://schema.org/{word}"
                        for word in (
                            "accessibilityAPI",
                            "accessibilityControl",
                            "accessibilityFeature",
                            "accessibilityHazard",
                        )
                    },
                },
                # The published schema lists these two among its properties by mistake; that they are meant as
                # required is plain.
                ("url", "accessibilityFeature"),
                url=_TEXT,
                accessibilityAPI=_TEXT,
                accessibilityControl=_one_or_many(_TEXT),
                accessibilityFeature=_TEXT,
                accessibilityHazard=_TEXT,
            ),
            _extension("OriginalCreator", "originalCreatorExtension", {"url": "#originalCreator"}, ("url",), url=_TEXT),
            _extension(
                "ExampleExtension",
                "exampleExtension",
                {"exampleProperty": f"{_SCHEMA}text"},
                ("exampleProperty",),
                exampleProperty=_TEXT,
            ),
            _extension(
                "ExtraDescriptionExtension",
                "extraDescription",
                {},
                ("name", "narrative"),
                name=_TEXT,
                narrative=_TEXT,
            ),
            _extension("RecipientProfile", "recipientProfile", {}, (), id=_TEXT, name=_TEXT, publicKey=_TEXT),
            _extension(
                "IssuerAccreditation",
                "issuerAccreditationExtension",
                {
                    "schema": _SCHEMA,
                    "contactInstructions": "accreditationContactInstructions",
                    "accreditationDate": "accreditationDate",
                    "educationalSector": "accreditationEducationalSector",
                    **{
                        word: _SCHEMA + word
                        for word in (
                            *("name", "email", "url", "address", "streetAddress", "addressLocality", "addressRegion"),
                            *("postalCode", "addressCountry", "description", "logo", "parentOrganization"),
                            "areaServed",
                        )
                    },
                },
                ("name", "contactInstructions", "url", "address"),
                name=_TEXT,
                contactInstructions=_TEXT,
                email=_TEXT,
                url=_TEXT,
                description=_TEXT,
                address=_ADDRESS,
                logo=_TEXT,
                parentOrganization=_object((), name=_TEXT, url=_TEXT, address=_ADDRESS),
                areaServed=_TEXT,
                accreditationDate={
                    "type": "string",
                    "pattern": "^[0-9]{4}(-(1[0-2]|0[1-9])-|(1[0-2]|0[1-9]))(3[01]|0[1-9]|[12][0-9])$",
                },
                educationalSector=_TEXT,
            ),
            _extension(
                "AssessmentExtension",
                "assessmentExtension",
                {
                    "schema": _SCHEMA,
                    "case": _CASE,
                    **{
                        word: f"AssessmentExtension{word}"
                        for word in (
                            *("Artifact", "Exam", "Performance"),
                            *("ExternalQuestion", "FileQuestion", "TextQuestion"),
                        )
                    },
                    **{
                        word: word
                        for word in ("assessmentEvaluation", "assessmentExample", "assessmentOutput", "assessments")
                    },
                    "evaluationMethod": "assessmentEvaluationMethod",
                    "hasGroupEvaluation": "assessmentHasGroupEvaluation",
                    "hasGroupParticipation": "assessmentHasGroupParticipation",
                    "questions": "assessmentQuestions",
                    "required": "assessmentRequired",
                    "sections": "assessmentSections",
                    "scoringMethodExampleDescription": "assessmentScoringMethodExampleDescription",
                    "characterLimit": "assessmentCharacterLimit",
                    "wordLimit": "assessmentWordLimit",
                    "caseUri": f"{_CASE}uri",
                    "criterionLevels": f"{_CASE}CFRubricCriterionLevels",
                    "rubricCriteria": f"{_CASE}CFRubricCriteria",
                    "text": f"{_SCHEMA}text",
                    **{
                        word: _CASE + word
                        for word in (
                            *("category", "description", "identifier", "lastChangeDateTime", "position", "quality"),
                            *("rubricId", "rubrics", "score", "title", "weight"),
                        )
                    },
                },
                ("description", "assessments"),
                description=_TEXT,
                assessments=_one_or_many(_ASSESSMENT),
            ),
        )
    }
)
"""The extensions that are understood, by type."""

_PUBLISHED = re.compile(
    r"https?://(?:w3id\.org/openbadges|openbadgespec\.org)/extensions/(\w+)/context(?:\.json)?", re.ASCII
)
_OURS = re.compile(r".*/public/extensions/([\w-]+)/context", re.ASCII)
_IMS = re.compile(r"https?://purl\.imsglobal\.org/spec/ob-(assessment|accred|exdesc)/v1p0/context/?", re.ASCII)
_IMS_FOLDERS = {
    "assessment": "assessmentExtension",
    "accred": "issuerAccreditationExtension",
    "exdesc": "extraDescription",
}
_FOLDERS = {extension.folder.lower(): extension for extension in EXTENSIONS.values()}
_NAMES = {name.removeprefix("extensions:").lower(): extension for name, extension in EXTENSIONS.items()}

_V2_ADDRESSES = frozenset(
    {
        CONTEXT_V2,
        "http://w3id.org/openbadges/v2",
        "https://openbadgespec.org/v2/context.json",
        "http://openbadgespec.org/v2/context.json",
    }
)
_V1_ADDRESSES = frozenset(
    {
        CONTEXT_V1,
        "http://w3id.org/openbadges/v1",
        "https://openbadgespec.org/v1/context.json",
        "http://openbadgespec.org/v1/context.json",
    }
)


def is_v2(address: object) -> bool:
    """Whether an address is that of the context of Open Badges 2.0, in any of the forms that validators take."""
    return address in _V2_ADDRESSES if isinstance(address, str) else False


def is_v1(address: object) -> bool:
    """Whether an address is that of the context of Open Badges 1.1."""
    return address in _V1_ADDRESSES if isinstance(address, str) else False


def terms_at(address: str) -> Terms | None:
    """What a context address stands for; None for one that is not known here, which is never fetched."""
    if is_v2(address):
        return V2
    if is_v1(address):
        return V1
    extension = _extension_at(address)
    return extension.terms if extension else None


def _extension_at(address: str) -> ExtensionType | None:
    if match := _PUBLISHED.fullmatch(address):
        return _FOLDERS.get(match[1].lower())
    if match := _IMS.fullmatch(address):
        return _FOLDERS[_IMS_FOLDERS[match[1]].lower()]
    if match := _OURS.fullmatch(address.partition("?")[0]):
        return _NAMES.get(match[1].lower().replace("-", "")) or _FOLDERS.get(match[1].lower())
    return None


def extension_of(type_name: object) -> ExtensionType | None:
    """The known extension that a ``type`` names, abbreviated or as a full IRI; None for every other."""
    if not isinstance(type_name, str):
        return None
    if type_name.startswith(EXTENSIONS_NAMESPACE):
        type_name = f"extensions:{type_name.removeprefix(EXTENSIONS_NAMESPACE)}"
    return EXTENSIONS.get(type_name)
