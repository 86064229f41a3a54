"""The addresses of this room: for people, for programs, for the world."""

from django.urls import URLPattern, path

from issuers import public
from issuers.views import (
    api_tokens,
    domains,
    groups,
    history,
    hosts,
    invitations,
    keys,
    organisations,
    people,
    people_import,
    profile,
    settings,
    staff,
)

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
    path("o/<slug:organisation>/issuers/<uuid:issuer>/keys/", keys.key_list, name="keys"),
    path("o/<slug:organisation>/issuers/<uuid:issuer>/keys/replace/", keys.replace_key, name="replace-key"),
    path("o/<slug:organisation>/issuers/<uuid:issuer>/domains/", domains.domain_list, name="domains"),
    path("o/<slug:organisation>/issuers/<uuid:issuer>/domains/<uuid:domain>/", domains.domain_detail, name="domain"),
    path(
        "o/<slug:organisation>/issuers/<uuid:issuer>/domains/<uuid:domain>/check/", domains.check, name="check-domain"
    ),
    path(
        "o/<slug:organisation>/issuers/<uuid:issuer>/domains/<uuid:domain>/remove/",
        domains.remove,
        name="remove-domain",
    ),
    path(
        "o/<slug:organisation>/issuers/<uuid:issuer>/domains/<uuid:domain>/addresses/",
        domains.addresses,
        name="domain-addresses",
    ),
    path(
        "o/<slug:organisation>/issuers/<uuid:issuer>/domains/<uuid:domain>/addresses/stop/",
        domains.stop_addresses,
        name="stop-domain-addresses",
    ),
    path(
        "o/<slug:organisation>/issuers/<uuid:issuer>/domains/<str:name>/add-again/",
        domains.add_again,
        name="add-domain-again",
    ),
    path("domains/allowed", hosts.allowed, name="domain-allowed"),
    path("o/<slug:organisation>/people/new/", people.add, name="add-person"),
    path("o/<slug:organisation>/people/import/", people_import.import_table, name="import-people"),
    path("o/<slug:organisation>/people/<uuid:person>/edit/", people.edit, name="edit-person"),
    path("o/<slug:organisation>/people/<uuid:person>/remove/", people.remove, name="remove-person"),
    path("o/<slug:organisation>/people/<uuid:removed>/restore/", people.restore, name="restore-person"),
    path("o/<slug:organisation>/people/groups/", groups.groups, name="groups"),
    path("o/<slug:organisation>/people/groups/<str:kind>/add/", groups.add, name="add-group"),
    path("o/<slug:organisation>/people/groups/<str:kind>/<uuid:group>/", groups.group, name="group"),
    path("o/<slug:organisation>/people/groups/<str:kind>/<uuid:group>/merge/", groups.merge, name="merge-group"),
    path("o/<slug:organisation>/people/groups/<str:kind>/<uuid:group>/remove/", groups.remove, name="remove-group"),
    path("o/<slug:organisation>/people/groups/<str:kind>/restore/<str:token>/", groups.restore, name="restore-group"),
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
    path("o/<slug:organisation>/settings/", settings.organisation_settings, name="settings"),
    path("o/<slug:organisation>/settings/look/", settings.preview_look, name="preview-look"),
    path("o/<slug:organisation>/settings/logo/", settings.organisation_logo, name="organisation-logo"),
    path("brand/<str:accent>.css", settings.brand_style, name="brand-style"),
    path("o/<slug:organisation>/history/", history.history, name="history"),
]
api_urls: list[URLPattern] = []
public_urls: list[URLPattern] = [
    path("extensions/<str:name>/context", public.ExtensionContext.as_view(), name="extension-context"),
    path("extensions/<str:name>/schema", public.ExtensionSchema.as_view(), name="extension-schema"),
    path("issuers/<uuid:issuer>", public.IssuerProfile.as_view(), name="issuer"),
    path("issuers/<uuid:issuer>/image", public.IssuerImage.as_view(), name="issuer-image"),
    path("issuers/<uuid:issuer>/keys/<str:kid>", public.Key.as_view(), name="key"),
    path("issuers/<uuid:issuer>/generations/<int:generation>", public.Generation.as_view(), name="issuer-generation"),
    path("issuers/<uuid:issuer>/revocations", public.Revocations.as_view(), name="revocations"),
    path("ob3/issuers/<uuid:issuer>", public.CredentialProfile.as_view(), name="v3-issuer"),
    path("ob3/issuers/<uuid:issuer>/keys/<str:kid>", public.CredentialKey.as_view(), name="v3-key"),
    path("ob3/issuers/<uuid:issuer>/jwks.json", public.CredentialKeys.as_view(), name="v3-jwks"),
    path("ob3/issuers/<uuid:issuer>/did.json", public.DidDocument.as_view(), name="v3-did"),
    path("ob3/issuers/<uuid:issuer>/revocations", public.CredentialRevocations.as_view(), name="v3-revocations"),
    path("ob3/issuers/<uuid:issuer>/status/<int:number>", public.CredentialStatus.as_view(), name="v3-status"),
]
