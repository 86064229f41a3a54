"""The addresses of this room: for people, for programs, for the world."""

from django.urls import URLPattern, path

from issuers import public
from issuers.views import api_tokens, history, invitations, organisations, profile, staff

browser_urls: list[URLPattern] = [
    path("organisations/new/", organisations.new_organisation, name="new-organisation"),
    path("invitations/<str:token>/", invitations.accept, name="accept-invitation"),
    path("o/<slug:organisation>/issuers/", profile.issuer_list, name="list"),
    path("o/<slug:organisation>/issuers/new/", profile.new_issuer, name="create"),
    path("o/<slug:organisation>/issuers/<uuid:issuer>/", profile.issuer_detail, name="detail"),
    path("o/<slug:organisation>/issuers/<uuid:issuer>/edit/", profile.edit_profile, name="edit"),
    path("o/<slug:organisation>/issuers/<uuid:issuer>/tokens/", api_tokens.token_list, name="tokens"),
    path("o/<slug:organisation>/issuers/<uuid:issuer>/tokens/new/", api_tokens.create_token, name="create-token"),
    path(
        "o/<slug:organisation>/issuers/<uuid:issuer>/tokens/<uuid:token>/revoke/",
        api_tokens.revoke_token,
        name="revoke-token",
    ),
    path("o/<slug:organisation>/staff/", staff.staff, name="staff"),
    path("o/<slug:organisation>/staff/invite/", staff.invite, name="invite"),
    path(
        "o/<slug:organisation>/staff/invitations/<uuid:invitation>/send-again/",
        staff.resend,
        name="resend-invitation",
    ),
    path(
        "o/<slug:organisation>/staff/invitations/<uuid:invitation>/withdraw/",
        staff.withdraw,
        name="withdraw-invitation",
    ),
    path("o/<slug:organisation>/staff/<uuid:membership>/role/", staff.role, name="change-role"),
    path("o/<slug:organisation>/staff/<uuid:membership>/remove/", staff.remove, name="remove-member"),
    path("o/<slug:organisation>/staff/restore/<str:token>/", staff.restore, name="restore-member"),
    path("o/<slug:organisation>/history/", history.history, name="history"),
]
api_urls: list[URLPattern] = []
public_urls: list[URLPattern] = [
    path("issuers/<uuid:issuer>", public.IssuerProfile.as_view(), name="issuer"),
    path("issuers/<uuid:issuer>/image", public.IssuerImage.as_view(), name="issuer-image"),
    path("issuers/<uuid:issuer>/keys/<str:kid>", public.Key.as_view(), name="key"),
    path("issuers/<uuid:issuer>/revocations", public.Revocations.as_view(), name="revocations"),
]
