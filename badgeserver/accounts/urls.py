"""Signing in, signing up, and one's own account."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path

from badgeserver.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.account_home, name="account-home"),
    path("profile/", views.edit_profile, name="account-profile"),
    path("columns/", views.choose_table_columns, name="account-columns"),
    path("email/<int:address>/remove/", views.remove_address, name="account-remove-address"),
    # allauth's own addresses and names, with our views in front.
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("signup/", views.SignUp.as_view(), name="account_signup"),
    path("login/code/", views.RequestCode.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", views.ConfirmMailedCode.as_view(), name="account_confirm_login_code"),
    path("confirm-email/", login_not_required(views.ConfirmAddress.as_view()), name="account_email_verification_sent"),
    path("password/reset/confirm/", views.ConfirmResetCode.as_view(), name="account_confirm_password_reset_code"),
    path("email/", views.Addresses.as_view(), name="account_email"),
    path("2fa/totp/activate/", views.ActivateApp.as_view(), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", views.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", views.ReauthenticateByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("oidc/<str:provider_id>/login/", views.company_sign_in, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", views.company_answers, name="openid_connect_callback"),
    path("", include("allauth.urls")),
]
