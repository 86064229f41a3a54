"""The addresses of this room: for people, for programs, for the world."""

from django.urls import URLPattern, path

from assertions import public
from assertions.api.verify import VerifyBadge
from assertions.api.views import AssertionDetail, BadgeAssertions, RestoreAssertion, RevokeAssertion
from assertions.views import (
    award_list,
    awards,
    backpack,
    declining,
    endorsements,
    home,
    keys,
    mail_stops,
    mine,
    overview,
    people,
    problem_reports,
    receipts,
    revoke,
    search,
    verify,
    versions,
)

_BADGE = "o/<slug:organisation>/badges/<uuid:badge>/"

browser_urls: list[URLPattern] = [
    path("", home.home, name="home"),
    path("my/badges/", mine.mine, name="mine"),
    path("my/badges/add/", backpack.add, name="import"),
    path("my/badges/add/<uuid:own_receipt>/", backpack.check_of, name="import-receipt"),
    path("my/badges/elsewhere/<uuid:imported>/", backpack.detail, name="imported"),
    path("my/badges/elsewhere/<uuid:imported>/check/", backpack.check_again, name="check-imported"),
    path("my/badges/elsewhere/<uuid:imported>/remove/", backpack.remove, name="remove-imported"),
    path("my/badges/elsewhere/<uuid:imported>/restore/", backpack.restore, name="restore-imported"),
    path("my/badges/elsewhere/<uuid:imported>/files/<str:part>/", backpack.file, name="imported-file"),
    path("my/badges/<uuid:assertion>/", mine.my_badge, name="my-badge"),
    path("my/badges/<uuid:assertion>/picture/", mine.my_picture, name="my-picture"),
    path("my/badges/<uuid:assertion>/name/", mine.my_name, name="my-name"),
    path("my/badges/<uuid:assertion>/decline/", declining.decline, name="decline"),
    path("my/badges/<uuid:assertion>/decline/undo/", declining.undo, name="undo-decline"),
    path("my/badges/<uuid:assertion>/mails/", mail_stops.my_mails, name="my-mails"),
    path("decline/<str:decline_token>/", declining.decline_by_link, name="decline-by-link"),
    path("mails/<str:mails_token>/", mail_stops.mails, name="mails"),
    path("report/awards/<uuid:assertion>/", problem_reports.report_award, name="report-award"),
    path("report/badges/<uuid:badge>/", problem_reports.report_badge, name="report-badge"),
    path("report/issuers/<uuid:issuer>/", problem_reports.report_issuer, name="report-issuer"),
    path("o/<slug:organisation>/", overview.overview, name="overview"),
    path("o/<slug:organisation>/award/", overview.choose_badge, name="choose-badge"),
    path("o/<slug:organisation>/badges/<uuid:badge>/award/", awards.award, name="award"),
    path("o/<slug:organisation>/badges/<uuid:badge>/award/preview/", awards.award_preview, name="award-preview"),
    path("o/<slug:organisation>/badges/<uuid:badge>/award/people/", awards.award_people, name="award-people"),
    path(f"{_BADGE}version/publish/", versions.publish_version, name="publish-version"),
    path(f"{_BADGE}version/invite/", versions.invite, name="invite-holders"),
    path("o/<slug:organisation>/awards/", award_list.award_list, name="list"),
    path("o/<slug:organisation>/awards/<uuid:assertion>/", awards.award_detail, name="detail"),
    path("o/<slug:organisation>/awards/<uuid:assertion>/progress/", awards.award_progress, name="progress"),
    path("o/<slug:organisation>/awards/<uuid:assertion>/revoke/", revoke.revoke, name="revoke"),
    path(
        "o/<slug:organisation>/awards/<uuid:assertion>/mails/<int:notice>/send-again/",
        awards.send_again,
        name="send-again",
    ),
    path("o/<slug:organisation>/issuers/<uuid:issuer>/keys/<uuid:key>/stolen/", keys.report_stolen, name="report-key"),
    path("o/<slug:organisation>/issuers/<uuid:issuer>/keys/<uuid:key>/copies/", keys.copies, name="key-copies"),
    path("o/<slug:organisation>/awards/<uuid:assertion>/restore/", revoke.restore, name="restore"),
    path("endorse/", endorsements.endorse_this, name="endorse-this"),
    path("o/<slug:organisation>/endorsements/", endorsements.endorsement_list, name="endorsements"),
    path("o/<slug:organisation>/endorsements/new/", endorsements.endorse, name="endorse"),
    path("o/<slug:organisation>/endorsements/new/preview/", endorsements.preview, name="endorse-preview"),
    path("o/<slug:organisation>/endorsements/import/", endorsements.import_one, name="import-endorsement"),
    path(
        "o/<slug:organisation>/endorsements/<uuid:endorsement>/take-back/",
        endorsements.take_back,
        name="take-back-endorsement",
    ),
    path(
        "o/<slug:organisation>/endorsements/<uuid:endorsement>/look-again/",
        endorsements.look_again,
        name="recheck-endorsement",
    ),
    *(
        path(f"o/<slug:organisation>/endorsements/<uuid:endorsement>/{act}/", view, name=f"{act}-endorsement")
        for act, view in endorsements.ANSWERS.items()
    ),
    path("o/<slug:organisation>/reports/", problem_reports.report_list, name="reports"),
    path("o/<slug:organisation>/reports/<uuid:report>/close/", problem_reports.close, name="close-report"),
    path("o/<slug:organisation>/reports/<uuid:report>/reopen/", problem_reports.reopen, name="reopen-report"),
    path("o/<slug:organisation>/search/", search.search, name="search"),
    path("o/<slug:organisation>/people/", people.people, name="people"),
    path("o/<slug:organisation>/people/<uuid:person>/", people.person, name="person"),
    path("verify/", verify.verify, name="verify"),
    path("verify/receipts/<uuid:receipt>/", receipts.receipt, name="receipt"),
    path("verify/receipts/<uuid:receipt>/picture/", receipts.picture, name="receipt-picture"),
    path("verify/<uuid:assertion>/", verify.award, name="verify-award"),
    path("verify/<uuid:assertion>/steps/<str:code>/", verify.step, name="verify-step"),
    path("verify/<uuid:assertion>/recipient/", verify.recipient, name="verify-recipient"),
]

api_urls: list[URLPattern] = [
    path("verify", VerifyBadge.as_view(), name="verify"),
    path("badges/<uuid:badge>/assertions", BadgeAssertions.as_view(), name="badge-assertions"),
    path("assertions/<uuid:assertion>", AssertionDetail.as_view(), name="assertion"),
    path("assertions/<uuid:assertion>/revoke", RevokeAssertion.as_view(), name="assertion-revoke"),
    path("assertions/<uuid:assertion>/restore", RestoreAssertion.as_view(), name="assertion-restore"),
]

_ASSERTION = "assertions/<uuid:assertion>"

public_urls: list[URLPattern] = [
    path(_ASSERTION, public.AssertionView.as_view(), name="assertion"),
    path(f"{_ASSERTION}.json", public.AssertionJsonView.as_view(), name="assertion-json"),
    path(f"{_ASSERTION}.jws", public.AssertionJwsView.as_view(), name="assertion-jws"),
    path(f"{_ASSERTION}/image", public.AssertionImageView.as_view(), name="assertion-image"),
    path(f"{_ASSERTION}/image.png", public.AssertionBakedImageView.as_view(form="png"), name="assertion-png"),
    path(f"{_ASSERTION}/image.svg", public.AssertionBakedImageView.as_view(form="svg"), name="assertion-svg"),
    path(f"{_ASSERTION}.vc.jwt", public.AssertionCredentialView.as_view(), name="assertion-vc-jwt"),
    path(f"{_ASSERTION}/image-v3.svg", public.AssertionBakedImageView.as_view(form="svg-v3"), name="assertion-svg-v3"),
    path("endorsements/<uuid:endorsement>", public.EndorsementView.as_view(), name="endorsement"),
    path(f"{_ASSERTION}/card.png", public.AssertionCardView.as_view(), name="assertion-card"),
    path("badges/<uuid:badge>/card.png", public.BadgeCardView.as_view(), name="badge-card"),
]
