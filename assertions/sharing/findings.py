"""What the steps of a verification find, in the reader's language.

The verifier says it in English and knows nothing of languages (`badgeserver.openbadges` needs no Django); reports keep
what it said. Here a sentence is recognised by its form and said anew; one that is not known is shown as it is.
"""

import re
from datetime import UTC, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

#: In the order in which they are tried.
FINDINGS = (
    gettext_noop("The issuer’s server shows this badge at its own address."),
    gettext_noop("The issuer’s server answers for this badge."),
    gettext_noop(
        "The issuer’s server shows this badge at its own address, but what you brought says something else. "
        "Only what the issuer’s server shows counts, and only that was checked."
    ),
    gettext_noop("The signature matches: nothing was changed since it was signed."),
    gettext_noop("The signature matches: nothing was changed since the issuer signed it."),
    gettext_noop("The key is one of %(name)s."),
    gettext_noop("The key that signed this badge is published by its issuer."),
    gettext_noop("The badge brought its key along; its issuer publishes the same key."),
    gettext_noop("Everything that belongs to a badge is there."),
    gettext_noop("The badge says in words what had to be done for it."),
    gettext_noop("The badge says in words what had to be done."),
    gettext_noop("The badge names a page that says what had to be done for it."),
    gettext_noop("The badge names a page that says what had to be done."),
    gettext_noop("The picture of the badge is there."),
    gettext_noop("The badge’s picture is there."),
    gettext_noop("The badge has no picture, which this kind of badge need not have."),
    gettext_noop("Badge and award come from %(name)s, at %(host)s."),
    gettext_noop("%(name)s signs its badges from %(host)s."),
    gettext_noop("The issuer has added nothing to what the standard foresees."),
    gettext_noop("What the issuer has added is in order."),
    gettext_noop("The issuer has added something that is not known here. That harms nothing."),
    gettext_noop("The issuer has not revoked this badge."),
    gettext_noop("The issuer keeps no list of revoked badges."),
    gettext_noop("The badge is not on the issuer’s list of revoked badges."),
    gettext_noop("The badge names no list of revoked badges."),
    gettext_noop("The issuer has revoked this badge."),
    gettext_noop("The issuer has suspended this badge."),
    gettext_noop("The badge does not expire."),
    gettext_noop("The badge is valid until %(day)s."),
    gettext_noop("The badge expired on %(day)s."),
    gettext_noop("The badge is dated in the future: %(day)s."),
    gettext_noop("The badge was awarded to the person you named."),
    gettext_noop("The badge was awarded to somebody else than the person you named."),
    gettext_noop("The badge names its holder by a pseudonym, which nobody can compare."),
    gettext_noop("The badge does not say what had to be done for it, so nobody can tell what it is worth."),
    gettext_noop("The badge does not come from the website of %(name)s, which it names as its issuer."),
    gettext_noop("The key that signed this badge is not a key of its issuer."),
    gettext_noop("The key that signed this badge is not one that %(name)s names as its own."),
    gettext_noop("Not checked, because the award itself is not shown."),
    gettext_noop("Not checked, because the award itself could not be read."),
    gettext_noop("Not checked, because the award’s dates are not known."),
    gettext_noop("Not checked, because the description of the badge could not be read."),
    gettext_noop("Not checked, because the issuer’s profile could not be read."),
    gettext_noop("Not checked: of a revoked badge nothing else needs to be shown."),
    gettext_noop("There is no badge at this address."),
)


def _form_of(text: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(text)))


_FORMS = tuple((_form_of(text), text) for text in FINDINGS)


def say_finding(sentence: str) -> str:
    """Return a sentence of the verifier in the reader's language, or as it is when it is none that is known here."""
    for form, text in _FORMS:
        if found := form.fullmatch(sentence):
            values = found.groupdict()
            if "day" in values:
                values["day"] = _say_day(values["day"])
            return _(text) % values
    return sentence


def _say_day(said: str) -> str:
    """Return a day of the verifier, such as “11 February 2028”, as the reader writes it."""
    try:
        return date_format(datetime.strptime(said, "%d %B %Y").replace(tzinfo=UTC), _("j F Y"))
    except ValueError:
        return said
