from assertions.actions.recipient import show_name
from assertions.models import Assertion
from badgeserver.audit.models import AuditEvent


def _events():
    return list(AuditEvent.objects.exclude(type="assertion.awarded").values_list("type", "actor_name", "details"))


def test_name_is_hidden_until_the_recipient_shows_it(assertion, rita, now):
    assert assertion.public_name == ""

    shown = show_name(assertion=assertion, shown=True, by=rita, at=now)

    assert (shown.public_name, Assertion.objects.get().name_shown_at) == ("Rita Castle", now)
    assert _events() == [("assertion.name.shown", "Rita Castle", {"badge": "Forklift Safety"})]


def test_name_can_be_hidden_again(assertion, rita, now):
    show_name(assertion=assertion, shown=True, by=rita, at=now)
    hidden = show_name(assertion=assertion, shown=False, by=rita, at=now)

    assert (hidden.public_name, hidden.recipient_name) == ("", "Rita Castle")
    assert [event[0] for event in _events()] == ["assertion.name.shown", "assertion.name.hidden"]


def test_name_of_the_account_is_taken_where_the_award_holds_none(assertion, rita, now):
    Assertion.objects.update(recipient_name="")

    assert show_name(assertion=assertion, shown=True, by=rita, at=now).public_name == "Rita Castle"


def test_hiding_does_not_bring_a_name_in(assertion, rita, now):
    Assertion.objects.update(recipient_name="")

    assert show_name(assertion=assertion, shown=False, by=rita, at=now).recipient_name == ""


def test_documents_do_not_change(assertion, rita, now):
    """What was issued stays byte for byte: the name stands on the page alone."""
    before = Assertion.objects.values_list("hosted_json", "signed_json", "jws").get()

    show_name(assertion=assertion, shown=True, by=rita, at=now)

    assert Assertion.objects.values_list("hosted_json", "signed_json", "jws").get() == before
