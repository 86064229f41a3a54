"""The addresses of this room: for people, for programs, for the world."""

from django.urls import URLPattern, path

from badges import public
from badges.api import views as api
from badges.views import badge_classes as views
from badges.views import (
    catalogue,
    coach,
    designs,
    families,
    framework_imports,
    frameworks,
    imports,
    languages,
    lifecycle,
    pilots,
    planning,
    plans,
    reviews,
    survey,
    versions,
)

_BADGES = "o/<slug:organisation>/badges/"
_BADGE = f"{_BADGES}<uuid:badge>/"
_PLANS = "o/<slug:organisation>/plans/"
_PLAN = f"{_PLANS}<uuid:plan>/"
_DESIGNS = "o/<slug:organisation>/designs/"
_FRAMEWORKS = "o/<slug:organisation>/frameworks/"
_FRAMEWORK = f"{_FRAMEWORKS}<uuid:framework>/"
_IMPORT = f"{_FRAMEWORKS}imports/<uuid:framework_import>/"
_COMPETENCY = f"{_FRAMEWORKS}competencies/<uuid:competency>/"

browser_urls: list[URLPattern] = [
    path(_BADGES, catalogue.badge_list, name="list"),
    path(f"{_BADGES}new/", views.create_badge, name="create"),
    path(f"{_BADGES}import/", imports.import_badge, name="import"),
    path(_PLANS, plans.plans, name="plans"),
    path(f"{_PLANS}new/", plans.new_plan, name="new-plan"),
    path(f"{_PLANS}template/", plans.plan_template, name="plan-template"),
    path(f"{_PLANS}programme/", plans.programme_table, name="programme-table"),
    path(_PLAN, plans.plan_page, name="plan"),
    path(f"{_PLAN}columns/", plans.plan_columns, name="plan-columns"),
    path(f"{_PLAN}rows/<int:row>/", plans.plan_row, name="plan-row"),
    path(f"{_PLAN}drafts/make/", plans.plan_drafts, name="plan-drafts"),
    path(f"{_PLAN}drafts/", plans.plan_done, name="plan-done"),
    path(f"{_PLAN}drafts/undo/", plans.undo_plan, name="undo-plan"),
    path(f"{_PLAN}forget/", plans.remove_plan, name="remove-plan"),
    path(f"{_PLAN}restore/", plans.bring_back_plan, name="restore-plan"),
    path(f"{_PLAN}table/", plans.plan_table, name="plan-table"),
    path(f"{_BADGES}preview/", views.preview_badge, name="preview"),
    path(f"{_BADGES}check/", views.check_field, name="check"),
    path(f"{_BADGES}coach/fix/", coach.press, name="coach-fix"),
    path(f"{_BADGES}picture/", views.keep_picture, name="keep-picture"),
    path(f"{_BADGES}picture/kept/", views.kept_picture, name="kept-picture"),
    path(_DESIGNS, families.designs, name="designs"),
    path(f"{_DESIGNS}new/", designs.new_design, name="new-design"),
    path(f"{_DESIGNS}preview/", designs.preview_design, name="preview-design"),
    path(f"{_DESIGNS}picture/", designs.design_picture, name="design-picture"),
    path(f"{_DESIGNS}icons/", designs.design_icons, name="design-icons"),
    path(f"{_DESIGNS}families/new/", families.new_family, name="new-family"),
    path(f"{_DESIGNS}families/preview/", families.preview_family, name="preview-family"),
    path(f"{_DESIGNS}families/<uuid:family>/", families.family, name="family"),
    path(f"{_DESIGNS}families/<uuid:family>/undo/", families.undo_family, name="undo-family"),
    path(f"{_DESIGNS}families/<uuid:family>/join/", families.join, name="join-family"),
    path(f"{_DESIGNS}families/<uuid:family>/versions/", families.next_versions, name="family-versions"),
    path(f"{_DESIGNS}families/<uuid:family>/part/", families.part_family, name="part-family"),
    path(f"{_DESIGNS}families/<uuid:family>/progress/", families.family_progress, name="family-progress"),
    path(_BADGE, views.badge_detail, name="detail"),
    path(f"{_BADGE}picture/", views.badge_picture, name="picture"),
    path(f"{_BADGE}thumbnail/", views.badge_thumbnail, name="thumbnail"),
    path(f"{_BADGE}edit/", views.edit_badge, name="edit"),
    path(f"{_BADGE}publish/", views.publish_badge, name="publish"),
    path(f"{_BADGE}archive/confirm/", lifecycle.confirm_archive, name="confirm-archive"),
    path(f"{_BADGE}archive/", lifecycle.archive_badge, name="archive"),
    path(f"{_BADGE}successor/", lifecycle.successor, name="successor"),
    path(f"{_BADGE}still-fits/", lifecycle.still_fits, name="still-fits"),
    path(f"{_BADGES}reviews/", reviews.reviews, name="reviews"),
    path(f"{_BADGE}review/", reviews.review, name="review"),
    path(f"{_BADGE}review/ask/", reviews.ask_review, name="ask-review"),
    path(f"{_BADGE}review/withdraw/", reviews.withdraw, name="withdraw-review"),
    path(f"{_BADGE}pilot/", pilots.pilot, name="pilot"),
    path(f"{_BADGE}pilot/start/", pilots.start, name="start-pilot"),
    path(f"{_BADGE}pilot/survey/", pilots.survey, name="send-survey"),
    path(f"{_BADGE}pilot/remind/", pilots.remind, name="remind-pilot"),
    path(f"{_BADGE}pilot/end/", pilots.end, name="end-pilot"),
    path(f"{_BADGE}pilot/report.csv", pilots.report_csv, name="pilot-csv"),
    path("survey/<str:survey_token>/", survey.answer, name="survey"),
    path(f"{_BADGE}template/", lifecycle.make_template, name="make-template"),
    path(f"{_BADGE}template/use/", lifecycle.use_template, name="use-template"),
    path("o/<slug:organisation>/templates/", lifecycle.templates, name="templates"),
    path("o/<slug:organisation>/templates/<slug:template>/use/", lifecycle.use_starting_template, name="use-starting"),
    path(f"{_BADGE}restore/", views.restore_badge, name="restore"),
    path(f"{_BADGE}copy/", views.copy_badge, name="copy"),
    path(f"{_BADGE}versions/new/", versions.new_version, name="new-version"),
    path(f"{_BADGE}compare/", versions.compare_versions, name="compare"),
    path(f"{_BADGE}correct/", versions.correct_badge, name="correct"),
    path(f"{_BADGE}delete/confirm/", views.confirm_delete, name="confirm-delete"),
    path(f"{_BADGE}delete/", views.delete_badge, name="delete"),
    path(f"{_BADGE}planning/", planning.plan_badge, name="planning"),
    path(f"{_BADGE}planning/undo/", planning.undo_planning, name="undo-planning"),
    path(f"{_BADGE}coach/", coach.coach_page, name="coach"),
    path(f"{_BADGE}coach/<slug:hint>/dismiss/", coach.dismiss, name="dismiss-hint"),
    path(f"{_BADGE}coach/<slug:hint>/restore/", coach.restore, name="restore-hint"),
    path("o/<slug:organisation>/ladders/", planning.ladders, name="ladders"),
    path(f"{_BADGE}imported/", imports.imported, name="imported"),
    path(f"{_BADGE}languages/", languages.languages, name="languages"),
    path(f"{_BADGE}design/", designs.design_badge, name="design"),
    path(f"{_BADGE}design/leave/", families.leave, name="leave-family"),
    path(f"{_BADGE}languages/<str:language>/", languages.translate, name="translate"),
    path(f"{_BADGE}languages/<str:language>/remove/", languages.remove_language, name="remove-language"),
]

browser_urls += [
    path(_FRAMEWORKS, frameworks.framework_list, name="frameworks"),
    path(f"{_FRAMEWORKS}new/", frameworks.create_framework, name="make-framework"),
    path(f"{_FRAMEWORKS}import/", framework_imports.import_framework, name="import-framework"),
    path(f"{_FRAMEWORKS}search/", frameworks.search_competencies, name="search-competencies"),
    path(_IMPORT, framework_imports.framework_import, name="framework-import"),
    path(f"{_IMPORT}apply/", framework_imports.apply_framework_import, name="apply-framework-import"),
    path(f"{_IMPORT}again/", framework_imports.reread_framework_import, name="reread-framework-import"),
    path(f"{_IMPORT}discard/", framework_imports.discard_framework_import, name="discard-framework-import"),
    path(_FRAMEWORK, frameworks.framework, name="framework"),
    path(f"{_FRAMEWORK}edit/", frameworks.change_framework, name="edit-framework"),
    path(f"{_FRAMEWORK}archive/", frameworks.put_away, name="archive-framework"),
    path(f"{_FRAMEWORK}restore/", frameworks.bring_back, name="restore-framework"),
    path(f"{_FRAMEWORK}drafts/", frameworks.update_drafts, name="refresh-drafts"),
    path(f"{_FRAMEWORK}competencies/new/", frameworks.create_competency, name="add-competency"),
    path(_COMPETENCY, frameworks.competency, name="competency"),
    path(f"{_COMPETENCY}edit/", frameworks.change_competency, name="edit-competency"),
    path(f"{_COMPETENCY}retire/", frameworks.retire, name="retire-competency"),
    path(f"{_COMPETENCY}unretire/", frameworks.unretire, name="unretire-competency"),
    path(f"{_COMPETENCY}badge/", frameworks.make_badge, name="make-badge-for"),
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
    path("frameworks/<uuid:framework>", public.FrameworkView.as_view(), name="framework"),
    path("competencies/<uuid:competency>", public.CompetencyView.as_view(), name="competency"),
    path("badges/<uuid:badge>/changes", public.BadgeChangesView.as_view(), name="badge-changes"),
    path("badges/<uuid:badge>/image", public.BadgeClassImageView.as_view(), name="badge-image"),
]
