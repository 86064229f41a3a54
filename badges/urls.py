"""The addresses of this room: for people, for programs, for the world."""

from django.urls import URLPattern, path

from badges import public
from badges.api import views as api
from badges.views import badge_classes as views
from badges.views import imports, languages, versions

_BADGES = "o/<slug:organisation>/badges/"
_BADGE = f"{_BADGES}<uuid:badge>/"

browser_urls: list[URLPattern] = [
    path(_BADGES, views.badge_list, name="list"),
    path(f"{_BADGES}new/", views.create_badge, name="create"),
    path(f"{_BADGES}import/", imports.import_badge, name="import"),
    path(f"{_BADGES}preview/", views.preview_badge, name="preview"),
    path(f"{_BADGES}check/", views.check_field, name="check"),
    path(f"{_BADGES}picture/", views.keep_picture, name="keep-picture"),
    path(f"{_BADGES}picture/kept/", views.kept_picture, name="kept-picture"),
    path(_BADGE, views.badge_detail, name="detail"),
    path(f"{_BADGE}picture/", views.badge_picture, name="picture"),
    path(f"{_BADGE}thumbnail/", views.badge_thumbnail, name="thumbnail"),
    path(f"{_BADGE}edit/", views.edit_badge, name="edit"),
    path(f"{_BADGE}publish/", views.publish_badge, name="publish"),
    path(f"{_BADGE}archive/", views.archive_badge, name="archive"),
    path(f"{_BADGE}restore/", views.restore_badge, name="restore"),
    path(f"{_BADGE}copy/", views.copy_badge, name="copy"),
    path(f"{_BADGE}versions/new/", versions.new_version, name="new-version"),
    path(f"{_BADGE}compare/", versions.compare_versions, name="compare"),
    path(f"{_BADGE}correct/", versions.correct_badge, name="correct"),
    path(f"{_BADGE}delete/confirm/", views.confirm_delete, name="confirm-delete"),
    path(f"{_BADGE}delete/", views.delete_badge, name="delete"),
    path(f"{_BADGE}imported/", imports.imported, name="imported"),
    path(f"{_BADGE}languages/", languages.languages, name="languages"),
    path(f"{_BADGE}languages/<str:language>/", languages.translate, name="translate"),
    path(f"{_BADGE}languages/<str:language>/remove/", languages.remove_language, name="remove-language"),
]

api_urls: list[URLPattern] = [
    path("badges", api.BadgeList.as_view(), name="badges"),
    path("badges/<uuid:badge>", api.BadgeDetail.as_view(), name="badge"),
]

public_urls: list[URLPattern] = [
    path("badges/<uuid:badge>", public.BadgeClassView.as_view(), name="badge"),
    path(
        "badges/<uuid:badge>/generations/<int:generation>",
        public.BadgeGenerationView.as_view(),
        name="badge-generation",
    ),
    path("badges/<uuid:badge>/languages/<str:language>", public.BadgeLanguageView.as_view(), name="badge-language"),
    path("ob3/achievements/<uuid:badge>", public.AchievementView.as_view(), name="v3-achievement"),
    path("badges/<uuid:badge>/changes", public.BadgeChangesView.as_view(), name="badge-changes"),
    path("badges/<uuid:badge>/image", public.BadgeClassImageView.as_view(), name="badge-image"),
]
