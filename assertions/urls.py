"""The addresses of this room: for people, for programs, for the world."""

from django.urls import URLPattern, path

from assertions import public
from assertions.api.views import AssertionDetail, BadgeAssertions, RevokeAssertion
from assertions.views import awards, home, mine, overview, people, revoke, verify

browser_urls: list[URLPattern] = [
    path("", home.home, name="home"),
    path("my/badges/", mine.mine, name="mine"),
    path("my/badges/<uuid:assertion>/", mine.my_badge, name="my-badge"),
    path("my/badges/<uuid:assertion>/name/", mine.my_name, name="my-name"),
    path("o/<slug:organisation>/", overview.overview, name="overview"),
    path("o/<slug:organisation>/award/", overview.choose_badge, name="choose-badge"),
    path("o/<slug:organisation>/badges/<uuid:badge>/award/", awards.award, name="award"),
    path("o/<slug:organisation>/badges/<uuid:badge>/award/preview/", awards.award_preview, name="award-preview"),
    path("o/<slug:organisation>/badges/<uuid:badge>/award/people/", awards.award_people, name="award-people"),
    path("o/<slug:organisation>/awards/", awards.award_list, name="list"),
    path("o/<slug:organisation>/awards/<uuid:assertion>/", awards.award_detail, name="detail"),
    path("o/<slug:organisation>/awards/<uuid:assertion>/progress/", awards.award_progress, name="progress"),
    path("o/<slug:organisation>/awards/<uuid:assertion>/revoke/", revoke.revoke, name="revoke"),
    path(
        "o/<slug:organisation>/awards/<uuid:assertion>/mails/<int:notice>/send-again/",
        awards.send_again,
        name="send-again",
    ),
    path("o/<slug:organisation>/people/", people.people, name="people"),
    path("o/<slug:organisation>/people/<uuid:person>/", people.person, name="person"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<uuid:assertion>/", verify.award, name="verify-award"),
    path("verify/<uuid:assertion>/steps/<str:code>/", verify.step, name="verify-step"),
    path("verify/<uuid:assertion>/recipient/", verify.recipient, name="verify-recipient"),
]

api_urls: list[URLPattern] = [
    path("badges/<uuid:badge>/assertions", BadgeAssertions.as_view(), name="badge-assertions"),
    path("assertions/<uuid:assertion>", AssertionDetail.as_view(), name="assertion"),
    path("assertions/<uuid:assertion>/revoke", RevokeAssertion.as_view(), name="assertion-revoke"),
]

_ASSERTION = "assertions/<uuid:assertion>"

public_urls: list[URLPattern] = [
    path(_ASSERTION, public.AssertionView.as_view(), name="assertion"),
    path(f"{_ASSERTION}.json", public.AssertionJsonView.as_view(), name="assertion-json"),
    path(f"{_ASSERTION}.jws", public.AssertionJwsView.as_view(), name="assertion-jws"),
    path(f"{_ASSERTION}/image", public.AssertionImageView.as_view(), name="assertion-image"),
    path(f"{_ASSERTION}/image.png", public.AssertionBakedImageView.as_view(form="png"), name="assertion-png"),
    path(f"{_ASSERTION}/image.svg", public.AssertionBakedImageView.as_view(form="svg"), name="assertion-svg"),
    path(f"{_ASSERTION}/card.png", public.AssertionCardView.as_view(), name="assertion-card"),
    path("badges/<uuid:badge>/card.png", public.BadgeCardView.as_view(), name="badge-card"),
]
