"""Every address of the site on one page."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

import assertions.urls
import badges.urls
import issuers.public
import issuers.urls
from badgeserver.web.health import healthz
from badgeserver.web.styleguide import styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    # The world. Inside issued badges for ever: see docs/adr/0006 before touching a line.
    path(
        "public/",
        include((issuers.urls.public_urls + badges.urls.public_urls + assertions.urls.public_urls, "public")),
    ),
    path(".well-known/jwks.json", issuers.public.SiteKeys.as_view(), name="site-jwks"),
    # Programs.
    path("api/v1/", include((issuers.urls.api_urls + badges.urls.api_urls + assertions.urls.api_urls, "api"))),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    # A page, and so nothing to ask for OPTIONS.
    path("api/v1/docs/", require_safe(SpectacularSwaggerSplitView.as_view(url_name="api-schema")), name="api-docs"),
    # People.
    path("accounts/", include("badgeserver.accounts.urls")),
    path("", include((issuers.urls.browser_urls, "issuers"))),
    path("", include((badges.urls.browser_urls, "badges"))),
    path("", include((assertions.urls.browser_urls, "assertions"))),
]

if settings.EMBEDDED:
    urlpatterns += [
        path("dev/mailbox/", include("badgeserver.web.mailbox")),
        path("styleguide/", styleguide, name="styleguide"),
    ]
