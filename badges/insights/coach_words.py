"""The words by which the coach reads a draft, in English and in German. Pure.

A list is never complete, so what rests on one is always a hint, and says which word was found.
"""

import re

from badges.insights import bloom

#: As much of a text is read; what comes behind is more than anybody writes.
LONGEST = 20_000


def _any_of(words: str, *, ends: str = r"\b") -> re.Pattern[str]:
    """Return what finds one of the words (one a line or between bars), each as a whole."""
    parts = [re.escape(one.strip()).replace(r"\ ", r"\s+") for one in words.replace("\n", "|").split("|")]
    return re.compile(rf"\b(?:{'|'.join(one for one in parts if one)}){ends}", re.IGNORECASE)


#: What nobody can watch somebody do. Found words lead to the base form that is shown.
UNSEEN = {
    "en": _any_of(
        "understand|understands|understood|understanding|know|knows|knowing|knowledge|learn|learns|learned|learnt|"
        "appreciate|appreciates|is aware of|be aware of|awareness of|is familiar with|be familiar with|grasp|grasps"
    ),
    "de": _any_of(
        "versteht|verstehen|verstanden|Verständnis|kennt|kennen|Kenntnis|Kenntnisse|weiß|wissen|lernt|lernen|gelernt|"
        "ist vertraut mit|vertraut sein mit|sich bewusst|Bewusstsein für"
    ),
}
#: Being there.
ATTENDING = {
    "en": _any_of(
        "attend|attends|attended|attending|attendance|take part|takes part|took part|participate|participates|"
        "participated|participation|be present|join|joins|joined|watch|watches|watched|sit in|sits in|"
        "complete the course|completes the course|completed the course|complete the training|complete the module"
    ),
    "de": _any_of(
        "teilnehmen|teilgenommen|nimmt teil|nehmen teil|Teilnahme|anwesend|Anwesenheit|besuchen|besucht|dabei sein|"
        "zusehen|ansehen|absolvieren|absolviert|den Kurs abschließen|die Schulung abschließen"
    ),
}
#: Words that two people read in two ways.
VAGUE = {
    "en": _any_of(
        "appropriate|appropriately|adequate|adequately|sufficient|sufficiently|several|various|some|regularly|often|"
        "sometimes|properly|effectively|reasonable|reasonably|timely|in a timely manner|as needed|if possible|"
        "where possible|as appropriate|and so on|etc|satisfactory|satisfactorily|good understanding|basic knowledge|"
        "solid knowledge|a number of|enough"
    ),
    "de": _any_of(
        "angemessen|angemessene|angemessenen|ausreichend|ausreichende|ausreichenden|hinreichend|einige|einigen|mehrere|"
        "mehreren|verschiedene|verschiedenen|diverse|regelmäßig|häufig|oft|manchmal|ordnungsgemäß|effektiv|zeitnah|"
        "bei Bedarf|wenn möglich|nach Möglichkeit|gegebenenfalls|ggf|entsprechend|usw|etc|und so weiter|"
        "zufriedenstellend|grundlegende Kenntnisse|gute Kenntnisse|gutes Verständnis|genügend"
    ),
}
#: How many, how often, how well: a figure, a number as a word, or a standard.
MEASURE = {
    "en": _any_of(
        "once|twice|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|half|every|each|all|without|"
        "at least|at most|no more than|minimum|maximum|per cent|percent|checklist|rubric|scorecard|score|standard|"
        "pass|passed|passes|passing|ISO|EN|DIN|OSHA|ANSI|error-free|correctly|alone|unaided|within"
    ),
    "de": _any_of(
        "einmal|zweimal|dreimal|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|zwanzig|jede|jeder|jedes|jeden|"
        "alle|ohne|mindestens|höchstens|Prozent|Checkliste|Bewertungsbogen|Raster|Punkte|Norm|bestehen|bestanden|"
        "besteht|ISO|EN|DIN|DGUV|fehlerfrei|selbstständig|selbständig|allein|innerhalb"
    ),
}
#: Who decides, or by what: the beginnings of the words.
WHO = {
    "en": _any_of(
        "assessor|examin|trainer|supervis|manager|line manag|lead|team|mentor|coach|peer|colleague|panel|jury|expert|"
        "instruct|auditor|review|committee|officer|foreman|foreperson|master|tutor|teacher|specialist|customer|client|"
        "test|quiz|exam|system|simulator|observer|senior|head of|board|department|training centre|nurse|"
        "physician",
        ends="",
    ),
    "de": re.compile(
        r"prüfer|prüfung|prüfende|trainer|vorgesetzt|leit(?:er|ung|end)|ausbild|mentor|coach|kolleg|fachkr|jury|gremium|"
        r"team|beauftragt|meister|expert|auditor|test\b|quiz|system|simulator|kund|ausschuss|kommission|lehrkr|dozent|"
        r"sachverständig|pate|patin",
        re.IGNORECASE,
    ),
}
#: A description that tells of the course or of the badge, instead of its holder.
OF_THE_COURSE = {
    "en": re.compile(
        r"\b(?:this|the)\s+(?:badge|course|training|workshop|seminar|webinar|programme|program|certificate|module)\b"
        r"|\b(?:attended|participated|took part|is awarded to|awarded for)\b|\bparticipants?\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?:diese[rs]?|der|das|die)\s+(?:badge|abzeichen|kurs|schulung|seminar|workshop|lehrgang|training|webinar|"
        r"zertifikat|modul)\b|\b(?:teilgenommen|teilnehmende[nr]?|teilnehmer\w{0,9}|absolviert|wird verliehen)\b",
        re.IGNORECASE,
    ),
}
RENEWING = {
    "en": re.compile(r"\b(?:renew|refresh|recertif|re-?assess|retake|repeat|again)", re.IGNORECASE),
    "de": re.compile(
        r"erneuer|auffrisch|wiederhol|verlänger|rezertifizier|\berneut|\bnochmals?\b|Unterweisung", re.IGNORECASE
    ),
}
_CAN = {
    "en": re.compile(r"\b(?:can|able to|capable of)\b", re.IGNORECASE),
    "de": re.compile(r"\b(?:kann|können|in der Lage|fähig)\b", re.IGNORECASE),
}
#: “Leads …”, “Führt …”: how a sentence begins that tells what somebody does.
_DOES = {
    "en": re.compile(
        r"(?:\A|[.!?:\n]\s{0,9})[-*•\d.)\s]{0,9}[A-Z][a-z]{2,20}s\s+"
        r"(?:an?|the|their|its|each|every|others|people|to|how|what|when|whether|up|on|out|down|safely|well|and|or)\b"
    ),
    "de": re.compile(r"(?:\A|[.!?:\n]\s{0,9})[-*•\d.)\s]{0,9}[A-ZÄÖÜ][a-zäöüß]{2,24}t\b"),
}
_COMMON = {
    "en": {"the", "and", "of", "to", "with", "for", "that", "how", "you", "your", "from", "by", "are", "which", "this"},
    "de": {
        "der",
        "die",
        "das",
        "und",
        "mit",
        "ist",
        "ein",
        "eine",
        "für",
        "wie",
        "auf",
        "zu",
        "von",
        "den",
        "dem",
        "sie",
    },
}
#: So many small words of the other language, and so many times those of its own, before anything is said.
_FEWEST, _TIMES = 6, 4
_WORD = re.compile(r"[^\W\d_]+")

YEAR = re.compile(r"(?<![:\d./-])\b(?:19|20)\d\d(?:\s?[/–-]\s?\d{2,4})?\b(?![.\d])")
STANDARD = re.compile(r"\b(?:ISO|IEC|DIN|EN|DGUV|VDE|ANSI|OSHA|IEEE|Office|Windows|SQL)\b")
KIND = re.compile(
    r"\b(?:open\s+badge|digital\s+badge|badge|certificate|certification|micro-?\s?credential|credential|abzeichen|"
    r"plakette|zertifikat|zertifizierung|bescheinigung|urkunde)\b",
    re.IGNORECASE,
)
COURSE_AT_END = re.compile(
    r"(?:\b(?:course|training|workshop|seminar|webinar|bootcamp|class)|"
    r"(?:kurs|schulung|lehrgang|seminar|unterweisung|webinar|workshop|training|fortbildung))\s*\Z",
    re.IGNORECASE,
)
FILE_NAME = re.compile(
    r"\.(?:png|svg|jpe?g|gif|webp)\s*\Z|\A(?:img|dsc|image|bild|screenshot)[\s_-]*\d*\Z", re.IGNORECASE
)
SAYS_NOTHING = {
    "badge", "picture", "image", "logo", "icon", "graphic", "the badge", "a badge", "badge image", "badge picture",
    "abzeichen", "bild", "grafik", "symbol", "das abzeichen", "ein abzeichen", "plakette", "foto", "photo",
}  # fmt: skip
PICTURE_OF = re.compile(
    r"\A(?:an?\s+|the\s+|das\s+|ein\s+)?(?:image|picture|photo|icon|bild|foto|grafik)\s+(?:of|von|des|der|eines)\b",
    re.IGNORECASE,
)
_SENTENCE_ENDS = re.compile(r"(?<=[^\W\d_]{3})[”\")]?[.!?]{1,3}(?=\s|\Z)")


def spoken(language: str) -> str:
    """Return “en” or “de”, or "" for a language that the coach does not read."""
    known = str(language).split("-", maxsplit=1)[0].lower()
    return known if known in VAGUE else ""


def found(patterns: dict[str, re.Pattern[str]], text: str, language: str) -> list[str]:
    """Return what is found as it stands there, each once; nothing in a language that is not known."""
    pattern = patterns.get(spoken(language))
    if pattern is None:
        return []
    words = {" ".join(match[0].split()).casefold(): match[0] for match in pattern.finditer(text[:LONGEST])}
    return [" ".join(word.split()) for word in words.values()]


def says(patterns: dict[str, re.Pattern[str]], text: str, language: str) -> bool:
    pattern = patterns.get(spoken(language))
    return pattern is not None and pattern.search(text[:LONGEST]) is not None


def tells_what_one_does(text: str, language: str, speech: bloom.Speech) -> bool:
    """Whether a text tells of an act that can be watched: by a verb of the taxonomy, “can …”, or how it begins."""
    unseen = {"know", "understand", "kennen", "verstehen"}
    if any(verb.verb not in unseen for verb in speech.verbs):
        return True
    if says(_CAN, text, language) and not found(UNSEEN, text, language):
        return True
    begins = _DOES[spoken(language)].search(text[:LONGEST])
    return begins is not None and not UNSEEN[spoken(language)].search(begins[0])


def sentences(text: str) -> int:
    """Return how many sentences a text has; abbreviations end none."""
    read = text[:LONGEST].strip()
    ends = [match.end() for match in _SENTENCE_ENDS.finditer(read)]
    return len(ends) + bool(read and (not ends or ends[-1] < len(read)))


def other_language(text: str, language: str) -> str:
    """Return the language that a text seems to be written in, where it is another one than is said; else ""."""
    words = [word.casefold() for word in _WORD.findall(text[:LONGEST])]
    counts = {known: sum(1 for word in words if word in common) for known, common in _COMMON.items()}
    own = counts.get(spoken(language), 0)
    likely = max(counts, key=lambda known: counts[known])
    is_other = likely != spoken(language) and counts[likely] >= max(_FEWEST, _TIMES * own)
    return likely if is_other else ""
