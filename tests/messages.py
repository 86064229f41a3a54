"""Every text of ours that can be translated, and the catalogues that say it in other languages.

`python -m tests.messages de` prints as JSON what German does not say yet; `python -m tests.messages de said.json`
takes translations in (text → translation, or a list of singular and plural) and compiles the catalogue.
"""

import ast
import calendar
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "badgeserver" / "locale"
CODE = ["badgeserver", "issuers", "badges", "assertions"]
#: What the world reads is said in every language; the rest in those of the workspace.
FOR_THE_WORLD = ["templates/public", "templates/base_public.html"]

_ONE = {"_", "_lazy", "gettext", "gettext_lazy", "gettext_noop"}
_MANY = {"ngettext", "ngettext_lazy"}
_IN_CONTEXT = {"pgettext", "pgettext_lazy"}
_CALL = re.compile(
    r"\b(_|gettext|ngettext|pgettext)\(u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"(?:,\s*u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Text:
    """One text: with a plural where it counts something."""

    one: str
    many: str
    place: str  # the file where it is said first
    context: str = ""  # where one English word is several in other languages

    @property
    def key(self) -> str:
        """What the catalogue finds it by."""
        return f"{self.context}\x04{self.one}" if self.context else self.one


#: Django names them; where its translation does not fit into our sentences (Italian begins them large), ours counts.
MONTHS = [Text(name, "", "django/utils/dates.py") for name in calendar.month_name[1:]]


def texts() -> dict[str, Text]:
    """Return every translatable text of code and templates by its key: the singular, after its context if any."""
    found: dict[str, Text] = {}
    for text in [*_of_code(), *_of_templates(), *MONTHS]:
        known = found.setdefault(text.key, text)
        if text.many and not known.many:
            found[text.key] = text
    return found


def texts_for_the_world() -> dict[str, Text]:
    """Return those that stand in the templates of public pages."""
    return {text.key: text for text in _of_templates() if text.place.startswith(tuple(FOR_THE_WORLD))}


def entries(tag: str) -> dict[str, list[str]]:
    """Return a catalogue as its translators write it: each text and what is said for it, plural forms too."""
    found: dict[str, list[str]] = {}
    for block in _blocks(tag):
        said = {key: json.loads(f'"{value}"') for key, value in _lines(block)}
        context = f"{said['msgctxt']}\x04" if "msgctxt" in said else ""
        found[f"{context}{said['msgid']}"] = [value for key, value in said.items() if key.startswith("msgstr")]
    return found


def take_in(tag: str, said: dict[str, str | list[str]]) -> None:
    """Put translations into a catalogue, drop what nobody says any more, and compile it."""
    known, every = entries(tag), texts()
    path = LOCALE / tag / "LC_MESSAGES" / "django.po"
    head = path.read_text(encoding="utf-8").split("\n\n")[0]
    blocks = [head]
    for key, text in every.items():
        translated = said.get(key) or known.get(key)
        if not translated:
            continue
        forms = [translated] if isinstance(translated, str) else list(translated)
        lines = [f"msgctxt {_quoted(text.context)}"] if text.context else []
        lines += [f"msgid {_quoted(text.one)}"]
        if text.many:
            forms = forms if len(forms) == 2 else forms * 2
            lines += [f"msgid_plural {_quoted(text.many)}"]
            lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(forms)]
        else:
            lines += [f"msgstr {_quoted(forms[0])}"]
        blocks.append("\n".join(lines))
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    subprocess.run(["msgfmt", "--check", "-o", "django.mo", "django.po"], cwd=path.parent, check=True)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _blocks(tag: str) -> list[str]:
    return (LOCALE / tag / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8").strip().split("\n\n")[1:]


def _lines(block: str) -> list[tuple[str, str]]:
    return re.findall(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$', block, re.MULTILINE)


def _of_code() -> Iterator[Text]:
    for room in CODE:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield from _of_call(node, str(path.relative_to(ROOT)))


def _of_call(node: ast.Call, place: str) -> Iterator[Text]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    words = [item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    if name in _ONE and len(words) == 1 == len(node.args):
        yield Text(words[0], "", place)
    elif name in _MANY and len(words) == 2:
        yield Text(words[0], words[1], place)
    elif name in _IN_CONTEXT and len(words) == 2 == len(node.args):
        yield Text(words[1], "", place, context=words[0])


def _of_templates() -> Iterator[Text]:
    # Needs Django's settings: the tags of our templates are Django's.
    from django.utils.translation.template import templatize  # noqa: PLC0415

    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix not in {".html", ".txt"}:
            continue
        place = str(path.relative_to(ROOT))
        for kind, one, many in _CALL.findall(templatize(path.read_text(encoding="utf-8"), origin=place)):
            text, other = ast.literal_eval(one), ast.literal_eval(many) if many else ""
            if kind == "pgettext":
                yield Text(other, "", place, context=text)
            else:
                yield Text(text, other if kind.startswith("n") else "", place)


def main() -> None:
    import django  # noqa: PLC0415 -- a script sets Django up itself
    from django.conf import settings  # noqa: PLC0415

    settings.configure(USE_I18N=True)
    django.setup()
    tag = sys.argv[1]
    if len(sys.argv) > 2:
        take_in(tag, json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
        return
    known = entries(tag)
    missing = [
        {"text": text.key, "plural": text.many, "place": text.place}
        for text in texts().values()
        if not all(known.get(text.key) or [""])
    ]
    print(json.dumps(missing, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
