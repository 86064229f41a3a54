"""Every setting, read from top to bottom; all of them come from the environment (see `.env.example`).

Two shapes (docs/adr/0004): *embedded*, when nothing is set, keeps everything under `DATA_DIR` and needs no
server; *production*, as soon as one of its variables is set, and then all of them are demanded.
"""

import base64
import contextlib
import ipaddress
import os
import secrets
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from csp.constants import NONE, SELF

from badgeserver.env import SettingMissing, env_bool, env_int, env_list, env_secret, env_str

BASE_DIR = Path(__file__).resolve().parent.parent

# --- The shape -----------------------------------------------------------------------------------------------

SECRET_KEY = env_secret("SECRET_KEY")
# Separate from SECRET_KEY, so that rotating one never destroys issuers' signing keys (docs/adr/0007).
# Several, separated by commas: the first encrypts, all decrypt.
KEY_ENCRYPTION_KEYS = [part.strip() for part in env_secret("KEY_ENCRYPTION_KEY").split(",") if part.strip()]
DATABASE_URL = env_secret("DATABASE_URL")
REDIS_URL = env_secret("REDIS_URL")
EMAIL_URL = env_secret("EMAIL_URL")
SITE_URL = env_str("SITE_URL").rstrip("/")

_NEEDED = {
    "SITE_URL": (
        SITE_URL,
        "the public address, such as https://badges.example.org; it is printed into badges for ever",
    ),
    "DATABASE_URL": (DATABASE_URL, "such as postgres://user:password@host:5432/badgeserver"),
    "REDIS_URL": (REDIS_URL, "such as redis://host:6379/0"),
    "EMAIL_URL": (EMAIL_URL, "such as smtp+tls://user:password@mail.example.org:587"),
    "SECRET_KEY": (SECRET_KEY, "50 or more random characters; it signs sessions"),
    "KEY_ENCRYPTION_KEY": (
        "".join(KEY_ENCRYPTION_KEYS),
        "a Fernet key; it encrypts the issuers' signing keys and must be kept apart from backups of the database",
    ),
}
PRODUCTION = env_bool("PRODUCTION", any(_NEEDED[name][0] for name in _NEEDED if name != "SITE_URL"))
EMBEDDED = not PRODUCTION
_missing = [f"{name} ({meaning})" for name, (value, meaning) in _NEEDED.items() if not value]
if PRODUCTION and _missing:
    raise SettingMissing(
        "badgeserver is configured for production only in part. Set also: "
        + "; ".join(_missing)
        + ". Secrets may also come from files: NAME_FILE=/run/secrets/name. "
        "To run it with demo data and no server instead, set none of these and use “make run”."
    )


def _is_fernet_key(text: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(text)) == 32
    except ValueError:
        return False


if not all(_is_fernet_key(key) for key in KEY_ENCRYPTION_KEYS):
    raise SettingMissing(
        "KEY_ENCRYPTION_KEY is not a key of 32 bytes in URL-safe base64. Make one with “manage.py generate_key” or "
        "“openssl rand -base64 32 | tr '+/' '-_'”; several are separated by commas."
    )

DEBUG = env_bool("DEBUG", False)
if PRODUCTION and DEBUG:
    raise SettingMissing("DEBUG shows internals to strangers. Unset DEBUG, or unset the production variables.")

DATA_DIR = Path(env_str("DATA_DIR", "var"))
if not DATA_DIR.is_absolute():
    DATA_DIR = BASE_DIR / DATA_DIR

PORT = env_int("PORT", 8000)  # where the web process listens


def _kept_secret(name: str, fresh: str) -> str:
    """Return the secret that is kept in the data folder, making it once (embedded mode only)."""
    path = DATA_DIR / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written whole under another name first: of two processes that start together, one link is made and
        # both read the same secret, never half of it.
        draft = path.with_name(f".{name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(fresh, encoding="ascii")
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="ascii").strip()


if EMBEDDED:
    SECRET_KEY = _kept_secret("secret_key", secrets.token_urlsafe(50))
    KEY_ENCRYPTION_KEYS = [
        _kept_secret("key_encryption_key", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    ]
    SITE_URL = SITE_URL or f"http://localhost:{PORT}"

if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).hostname:
    raise SettingMissing(f"SITE_URL is “{SITE_URL}”. Set the whole public address, such as https://badges.example.org")
SITE_HOST = urlsplit(SITE_URL).hostname
# Earlier values of SITE_URL. Badges that were issued under them keep those addresses for ever (docs/adr/0011).
FORMER_SITE_URLS = [url.rstrip("/") for url in env_list("FORMER_SITE_URLS")]
for _former in FORMER_SITE_URLS:
    if urlsplit(_former).scheme not in {"http", "https"} or not urlsplit(_former).hostname:
        raise SettingMissing(f"FORMER_SITE_URLS holds “{_former}”. Give whole addresses, separated by commas.")
_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
SITE_IS_SECURE = SITE_URL.startswith("https://")
if PRODUCTION and not SITE_IS_SECURE and SITE_HOST not in _LOOPBACK:
    raise SettingMissing(
        f"SITE_URL is “{SITE_URL}”. Badges need https: set it to https://{SITE_HOST} and serve it with TLS."
    )

# The Open Badges 1.x and 2.0 rule of the same origin makes this the origin of every id (OB2-ISS-87).
ALLOWED_HOSTS = [
    SITE_HOST,
    *_LOOPBACK,
    *filter(None, (urlsplit(url).hostname for url in FORMER_SITE_URLS)),
    *env_list("ALLOWED_HOSTS"),
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- The house -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "badgeserver.accounts",
    "badgeserver.audit",
    "badgeserver.web",
    "issuers",
    "badges",
    "assertions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "template_partials",
    "lucide",
    "csp",
]

MIDDLEWARE = [
    "issuers.views.hosts.own_hosts",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "badgeserver.web.middleware.world_first",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "badgeserver.web.middleware.speak_readers_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "badgeserver.urls"
WSGI_APPLICATION = "badgeserver.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Public addresses have no trailing slash, and a redirect would change an id (OB2-ISS-164); browser pages have one.
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "badgeserver.web.context_processors.site",
                "issuers.views.workspace.navigation",
                "badgeserver.accounts.context_processors.account_navigation",
            ],
        },
    },
]
FORM_RENDERER = "badgeserver.web.forms.FieldRenderer"

LANGUAGE_CODE = "en"
# Those in which our own words inside a badge can be said; a badge itself may be written in any language.
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
]
# Those in which every page is complete: the workspace speaks no other.
WORKSPACE_LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "badgeserver" / "locale"]
TIME_ZONE = env_str("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

# --- Data ----------------------------------------------------------------------------------------------------

if DATABASE_URL:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA_DIR / "db.sqlite3"),
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                # IMMEDIATE takes the write lock at BEGIN: two writers wait for one another instead of failing
                # when a read transaction turns into a write.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    }

if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    SESSION_ENGINE = "django.contrib.sessions.backends.db"

MEDIA_ROOT = DATA_DIR / "media"
MEDIA_S3_BUCKET = env_str("MEDIA_S3_BUCKET")
STORAGES: dict[str, dict[str, Any]] = {
    # Pictures are never served from a media URL: only through /public/, which knows what is revoked.
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
if MEDIA_S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": MEDIA_S3_BUCKET,
            "endpoint_url": env_str("MEDIA_S3_ENDPOINT_URL") or None,
            "region_name": env_str("MEDIA_S3_REGION") or None,
            "access_key": env_secret("MEDIA_S3_ACCESS_KEY") or None,
            "secret_key": env_secret("MEDIA_S3_SECRET_KEY") or None,
            "default_acl": "private",
            "file_overwrite": False,
        },
    }
else:
    for _name in ("MEDIA_S3_ENDPOINT_URL", "MEDIA_S3_REGION"):
        env_str(_name)
    for _name in ("MEDIA_S3_ACCESS_KEY", "MEDIA_S3_SECRET_KEY"):
        env_secret(_name)

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED
WHITENOISE_AUTOREFRESH = EMBEDDED

# A form of long texts must reach its validators, so that the sentence stands beside the field; they are strict.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# Keeps of a file what its door takes, whatever is sent; each view says how much that is.
FILE_UPLOAD_HANDLERS = ["badgeserver.uploads.BoundedUploadHandler"]

# --- Work in the background ----------------------------------------------------------------------------------

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True  # a killed worker's task goes back to the queue; tasks look at the row first
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_WORKER_CONCURRENCY = env_int("WORKER_CONCURRENCY", 2)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"visibility_timeout": 600}
else:
    # The same worker and the same code path as in production, over a folder (docs/adr/0004).
    CELERY_BROKER_URL = "folder://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "queue"),
        "data_folder_out": str(DATA_DIR / "queue"),
        "processed_folder": str(DATA_DIR / "queue" / "taken"),
        "control_folder": str(DATA_DIR / "queue" / "control"),
        "polling_interval": 0.2,
    }
    # Nobody inspects this worker from outside, and its letters to nobody would pile up in the folder.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
# Awards and mails that were not finished this many seconds after they were queued are queued again.
SWEEP_AFTER_SECONDS = env_int("SWEEP_AFTER_SECONDS", 60)
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- Mail ----------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env_str("MAIL_FROM", f"badgeserver <badges@{SITE_HOST}>")
if "@" not in parseaddr(DEFAULT_FROM_EMAIL)[1]:
    raise SettingMissing(f"MAIL_FROM is “{DEFAULT_FROM_EMAIL}”. Set a sender, such as Acme Badges <badges@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Who runs this server: gets every problem that visitors report. Nobody when empty.
OPERATOR_EMAIL = env_str("OPERATOR_EMAIL")
if OPERATOR_EMAIL and ("@" not in OPERATOR_EMAIL or parseaddr(OPERATOR_EMAIL)[1] != OPERATOR_EMAIL):
    raise SettingMissing(f"OPERATOR_EMAIL is “{OPERATOR_EMAIL}”. Set one address, such as badges@example.org")
MAILBOX_DIR = DATA_DIR / "mail"
if EMAIL_URL:
    _mail = dj_email_url.parse(EMAIL_URL)
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
    EMAIL_TIMEOUT = 20
    # Tells us the moment at which the mail server takes a message over (docs/adr/0009).
    EMAIL_BACKEND = "badgeserver.mail.HandoverSmtpBackend"
else:
    EMAIL_BACKEND = "badgeserver.mail.MailboxBackend"

# --- People --------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "assertions:home"
LOGOUT_REDIRECT_URL = "assertions:home"

# How many proxies stand in front and are trusted to name the visitor's address (rate limits).
PROXY_COUNT = env_int("PROXY_COUNT", 0)

ACCOUNT_ADAPTER = "badgeserver.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # who gives no password signs in by mailed codes
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Eight digits, five tries a code, three codes a minute for an address: years of guessing, and easy to type.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": False}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 900
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Changing the address at this point is not offered: only new accounts could, which would tell which are new.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 900
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # who chose the new password with a mailed code need not type it again
ACCOUNT_CHANGE_EMAIL = False  # people keep several verified addresses: badges follow them from job to job
ACCOUNT_MAX_EMAIL_ADDRESSES = 8
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_USER_DISPLAY = "badgeserver.accounts.models.display_name"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_IS_SECURE else "http"
_FORMS = "badgeserver.accounts.forms"
ACCOUNT_FORMS = {
    "login": f"{_FORMS}.SignInForm",
    "signup": f"{_FORMS}.SignUpForm",
    "request_login_code": f"{_FORMS}.RequestCodeForm",
    "confirm_login_code": f"{_FORMS}.MailedCodeForm",
    "confirm_email_verification_code": f"{_FORMS}.ConfirmAddressForm",
    "confirm_password_reset_code": f"{_FORMS}.ResetCodeForm",
    "reset_password": f"{_FORMS}.ForgottenPasswordForm",
    "reset_password_from_key": f"{_FORMS}.NewPasswordForm",
    "change_password": f"{_FORMS}.ChangePasswordForm",
    "set_password": f"{_FORMS}.SetPasswordForm",
    "reauthenticate": f"{_FORMS}.ReauthenticateForm",
    "add_email": f"{_FORMS}.AddAddressForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
MFA_ADAPTER = "badgeserver.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_HOST
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED  # passkeys also on http://localhost
MFA_FORMS = {
    "authenticate": f"{_FORMS}.AppCodeForm",
    "authenticate_webauthn": f"{_FORMS}.PasskeyStepForm",
    "reauthenticate": f"{_FORMS}.ReauthenticateAppCodeForm",
    "reauthenticate_webauthn": f"{_FORMS}.ReauthenticatePasskeyForm",
    "login_webauthn": f"{_FORMS}.PasskeySignInForm",
    "add_webauthn": f"{_FORMS}.AddPasskeyForm",
    "edit_webauthn": f"{_FORMS}.RenamePasskeyForm",
    "activate_totp": f"{_FORMS}.ActivateAppForm",
}

# Company sign-in over OpenID Connect; the button appears when the three are set.
OIDC_SERVER_URL = env_str("OIDC_SERVER_URL")
OIDC_CLIENT_ID = env_str("OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = env_secret("OIDC_CLIENT_SECRET")
OIDC_NAME = env_str("OIDC_NAME", "Company account")
_oidc = [OIDC_SERVER_URL, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET]
if any(_oidc) and not all(_oidc):
    raise SettingMissing(
        "Company sign-in is configured only in part. Set OIDC_SERVER_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, "
        "or none of them."
    )
SOCIALACCOUNT_ADAPTER = "badgeserver.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if all(_oidc):
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "company",
            "name": OIDC_NAME,
            "client_id": OIDC_CLIENT_ID,
            "secret": OIDC_CLIENT_SECRET,
            # The company's server vouches for the addresses of its people.
            "settings": {"server_url": OIDC_SERVER_URL, "token_auth_method": "client_secret_post"},
        }
    ]
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # an account of the same verified address is the same person
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_FORMS = {"signup": f"{_FORMS}.CompanySignUpForm", "disconnect": f"{_FORMS}.DisconnectForm"}

# --- Safety --------------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = PRODUCTION and SITE_IS_SECURE
# Asked over plain HTTP: by the container's own health check, and by a proxy before it has a certificate.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^domains/allowed$"]
SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 31_536_000) if SITE_IS_SECURE else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # whether HSTS covers the subdomains is for the owner of the whole domain to say
    "security.W021",  # the same for the browsers' preload list
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- The API -------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["badgeserver.api.parsers.BoundedJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "badgeserver.api.errors.answer_error",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": PROXY_COUNT,
    "DEFAULT_THROTTLE_RATES": {
        "recipient-check": env_str("RATE_RECIPIENT_CHECK", "10/min"),
        "verify": env_str("RATE_VERIFY", "30/min"),
        "backpack": env_str("RATE_BACKPACK", "20/min"),
        "report": env_str("RATE_REPORT", "5/min"),
        "api": env_str("RATE_API", "600/min"),
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "badgeserver",
    "VERSION": "1",
    "DESCRIPTION": "Award Open Badges from your own systems. Send `Authorization: Bearer <token>` with a token "
    "that an issuer made under *Tokens*.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["badgeserver.api.schema.only_the_api"],
}

# --- The outside ---------------------------------------------------------------------------------------------

# The verifier asks other servers for documents, at public addresses only (badgeserver.outbound).
OUTBOUND_ALLOW_LOOPBACK = env_bool("OUTBOUND_ALLOW_LOOPBACK", False)
# Name servers for TXT records (badgeserver.dns); none: the machine's own.
DNS_SERVERS = env_list("DNS_SERVERS")
for _server in DNS_SERVERS:
    try:
        ipaddress.ip_address(urlsplit(f"//{_server}").hostname or "")
        urlsplit(f"//{_server}").port  # noqa: B018 -- reading it is the check
    except ValueError:
        raise SettingMissing(
            f"DNS_SERVERS holds “{_server}”. Give IP addresses, such as 192.0.2.53 or [2001:db8::53]:5353."
        ) from None

# --- Log -----------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")},
    "loggers": {
        # Refused requests of strangers are not our errors.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.request": {"level": "ERROR"},
    },
}
