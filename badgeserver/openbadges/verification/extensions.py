"""Whether what issuers add to the standard is in order (OB2-ISS-150 to 153)."""

from jsonschema import Draft4Validator

from badgeserver.openbadges.contexts import EXTENSIONS, ExtensionType, extension_of
from badgeserver.openbadges.report import Check, CheckCode
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.linked_data import in_words_of
from badgeserver.openbadges.verification.members import Document, items_of

_VALIDATORS = {name: Draft4Validator(dict(extension.schema)) for name, extension in EXTENSIONS.items()}


def has_extensions(case: Case) -> bool:
    """Whether award, badge or issuer carry any extension at all."""
    return any(loaded.extensions for loaded in case.looked_at)


def check_extensions(case: Case) -> Check:
    """Every known extension is complete. One that is not known harms nothing: it is left as it is (OB2-HST-01)."""
    code = CheckCode.EXTENSIONS
    if case.assertion.document is None or case.withdrawn:
        return Check.unknown(code, "Not checked, because the award itself is not shown.")
    known: list[str] = []
    unknown: list[str] = []
    for node in (node for loaded in case.looked_at for node in loaded.extensions):
        types = [extension for extension in map(extension_of, items_of(node.get("@type"))) if extension is not None]
        for extension in types:
            problem = extension_problem(node, extension)
            if problem:
                name = extension.name.removeprefix("extensions:")
                return Check.failed(code, f"An addition to the badge ({name}) is not complete.", problem)
        known += [extension.name for extension in types]
        unknown += [] if types else [str(item)[:100] for item in items_of(node.get("@type"))[1:]] or ["Extension"]
    if not known and not unknown:
        return Check.passed(code, "The issuer has added nothing to what the standard foresees.")
    if not unknown:
        return Check.passed(code, "What the issuer has added is in order.", ", ".join(dict.fromkeys(known)))
    return Check.passed(
        code,
        "The issuer has added something that is not known here. That harms nothing.",
        f"Not known: {', '.join(dict.fromkeys(unknown))}"[:1_000],
    )


def extension_problem(node: Document, extension: ExtensionType) -> str:
    """What an extension object (in expanded form) lacks by the schema of its type; "" when nothing."""
    error = next(_VALIDATORS[extension.name].iter_errors(in_words_of(node, extension.terms)), None)
    if error is None:
        return ""
    where = ".".join(str(step) for step in error.absolute_path)
    return f"{extension.name}{': ' if where else ''}{where}: {error.validator}"[:300]
