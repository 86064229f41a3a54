"""What a badge must say before the world sees it, and which acts its life allows; needs no database."""

import re
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from badges.models import BadgeClass, Validity


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that stands between a badge and its publication: the form field, and a sentence for its author."""

    field: str
    sentence: str


def missing_for_publishing(
    badge_class: BadgeClass, *, has_picture: bool, has_steps: bool, today: date
) -> list[Missing]:
    """Return what is missing, in the order of the form; nothing when the badge may be published.

    The standard asks for name, description, picture and criteria (OB2-ISS-42 to 45, 105), and that the picture is
    described in words (OB2-ISS-102). Pictures and steps are told, because a form has them before the database does.
    """
    missing: list[Missing] = []
    if not badge_class.name.strip():
        missing.append(Missing("name", _("Give the badge a name.")))
    if not badge_class.description.strip():
        missing.append(Missing("description", _("Say in a sentence or two what its holder can do.")))
    if not has_picture:
        missing.append(Missing("picture", _("Choose a picture, PNG or SVG.")))
    if not badge_class.image_alt.strip():
        missing.append(Missing("image_alt", _("Describe the picture in a few words, for people who cannot see it.")))
    if not (badge_class.criteria_narrative.strip() or badge_class.criteria_url or has_steps):
        missing.append(
            Missing("criteria_narrative", _("Say how it is earned: add a step, write it here, or link to a page."))
        )
    last_day = badge_class.validity_until if badge_class.validity == Validity.UNTIL else None
    if last_day is not None and last_day < today:
        missing.append(Missing("validity_until", _("This day has passed. Choose a later one, or let the badge last.")))
    return missing


def is_read_before_it_changes(badge_class: BadgeClass) -> bool:
    """Whether others see it and a second person approves what they see: then a version of it changes, not the badge.

    Without a draft there is nothing that could be approved (docs/adr/0017). `issuer.organisation` is read.
    """
    return badge_class.status != BadgeClass.Status.DRAFT and badge_class.issuer.organisation.four_eyes


def may_change(badge_class: BadgeClass, *, is_awarded: bool) -> bool:
    """Once awarded, a badge means to its holders what it said on that day (OB2-ISS-14, docs/adr/0008).

    Where a second person approves, nothing changes under the eyes of those who see it either.
    """
    frozen = {BadgeClass.Status.ARCHIVED, BadgeClass.Status.SUPERSEDED}
    return not is_awarded and badge_class.status not in frozen and not is_read_before_it_changes(badge_class)


def may_delete(badge_class: BadgeClass, *, is_awarded: bool) -> bool:
    """What has been awarded stays for as long as somebody may ask about it (OB2-ISS-49); so does what replaced it."""
    return not is_awarded and (badge_class.version == 1 or badge_class.status == BadgeClass.Status.DRAFT)


def may_make_version(badge_class: BadgeClass, *, is_awarded: bool) -> bool:
    """A next version is made of the current one, as soon as it cannot be edited in place any more.

    Where a second person approves (docs/adr/0017), that is when the world sees it. `issuer.organisation` is read.
    """
    if badge_class.status == BadgeClass.Status.PUBLISHED and badge_class.issuer.organisation.four_eyes:
        return True
    return is_awarded and badge_class.status in {BadgeClass.Status.PUBLISHED, BadgeClass.Status.ARCHIVED}


# --- Pilots ------------------------------------------------------------------------------------------------------

_SURVEY_SALT = "badges.survey"


def survey_token(member_id: uuid.UUID) -> str:
    """Return the part of the link by which one of a test group answers. It holds no name: links end up in logs."""
    return Signer(salt=_SURVEY_SALT).sign(member_id.hex)


def member_of_survey(token: str) -> uuid.UUID | None:
    """Return the id of whoever a survey's link was made for; None for whatever was not signed here."""
    try:
        return uuid.UUID(Signer(salt=_SURVEY_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None


# --- Small corrections ---------------------------------------------------------------------------------------

#: So many words of a text may be corrected, or this share of it, whichever is more; and what stands there then must
#: read like what stood there before.
FEW_WORDS, SMALL_SHARE, ALIKE = 3, 0.1, 0.75
#: A text of at most so many characters is compared letter by letter too: in a name, one typo is half of the words.
SHORT = 300

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_ADDRESS = re.compile(r"https?://[^\s)>\]]+", re.IGNORECASE)
#: One of these words more or less turns a sentence around, in the languages that badges are mostly written in.
_TURNING_WORDS = """
not no never none without unless except or and must may might should shall can cannot need optional required all any
every each either neither only both half once twice two three four five six seven eight nine ten eleven twelve
nicht kein keine keinen keiner nie ohne außer oder und muss müssen darf dürfen soll sollen kann können alle jede jeder
jedes nur beide mindestens höchstens zwei drei vier fünf sechs sieben acht neun zehn elf zwölf
ne pas jamais aucun aucune sans sauf ou et doit doivent peut peuvent tous toutes chaque seulement
nunca ningún ninguna sin salvo o y debe deben puede pueden todos todas cada solo
"""
_TURNING = frozenset(_TURNING_WORDS.split())


def too_much_for_correction(before: str, after: str) -> str:
    """Return why a change of wording is more than a small correction, as a sentence, or nothing when it is small.

    A typo may be mended: a few words or a tenth of a text. Numbers, links, and words such as “not” or “must” stay,
    because what is asked hangs on them. `before` is what the text said when it was frozen, so that many small steps
    do not add up to a new meaning.
    """
    old, new = _words(before), _words(after)
    turned = sorted((set(old) ^ set(new)) & _TURNING)
    if bool(before.strip()) != bool(after.strip()):
        return _("A text that is added or taken away is more than a typo.")
    if _NUMBER.findall(before) != _NUMBER.findall(after):
        return _("Numbers cannot be corrected: what was asked for, how often or until when, was awarded as it stood.")
    if _ADDRESS.findall(before) != _ADDRESS.findall(after):
        return _("Links cannot be corrected: what they lead to is part of what was awarded.")
    if _words_changed(old, new) > max(FEW_WORDS, SMALL_SHARE * len(old)):
        return _("That is more than a few words.")
    if turned:
        return _("The word “%(word)s” changes what is asked.") % {"word": turned[0]}
    return "" if _reads_alike(before, after) else _("That reads like something else, not like the same without a typo.")


def _reads_alike(before: str, after: str) -> bool:
    """Whether nearly all words are the same; of a short text, nearly all letters."""
    is_short = max(len(before), len(after)) <= SHORT
    return _likeness(before.split(), after.split()) >= ALIKE or (is_short and _likeness(before, after) >= ALIKE)


def _likeness(before: Sequence[str], after: Sequence[str]) -> float:
    same = sum(end - start for tag, start, end, _start, _end in differences(before, after) if tag == "equal")
    return 2 * same / (len(before) + len(after)) if before or after else 1.0


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _words_changed(before: list[str], after: list[str]) -> int:
    return sum(
        max(end - start, new_end - new_start)
        for tag, start, end, new_start, new_end in differences(before, after)
        if tag != "equal"
    )


# --- What is different between two texts ---------------------------------------------------------------------

#: So many pairs of equal words are weighed against each other. A text of three thousand words has fewer; what repeats
#: one word over and over has millions, and weighing them would keep a server busy for minutes.
MOST_PAIRS = 60_000


def differences(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Return which words (or letters) stayed, came and went, as `difflib.SequenceMatcher.get_opcodes` says it.

    It takes a fraction of a second, whatever is compared: what stands everywhere in a very long text is no sign of
    where it goes on, and of texts in which nothing else is left, the whole middle counts as another one.
    """
    start = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), None)
    start = min(len(before), len(after)) if start is None else start
    most = min(len(before), len(after)) - start
    end = next((at for at in range(most) if before[-1 - at] != after[-1 - at]), most)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    found = [("equal", 0, start, 0, start)] if start else []
    if old or new:
        found += [
            (tag, one + start, one_end + start, other + start, other_end + start)
            for tag, one, one_end, other, other_end in _weighed(old, new)
        ]
    if end:
        found.append(("equal", len(before) - end, len(before), len(after) - end, len(after)))
    return found


def _weighed(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    in_old, in_new = Counter(old), Counter(new)
    pairs = sum(count * in_new[word] for word, count in in_old.items())
    if pairs <= MOST_PAIRS:
        return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    rare = len(new) // 100 + 1  # as difflib's `autojunk` counts, from two hundred on
    rare_pairs = sum(count * in_new[word] for word, count in in_old.items() if in_new[word] <= rare)
    if len(new) >= 200 and rare_pairs <= MOST_PAIRS:
        return SequenceMatcher(None, old, new, autojunk=True).get_opcodes()
    return [("replace", 0, len(old), 0, len(new))]
