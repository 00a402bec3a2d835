"""Addresses of the registry and of grading."""

from django.urls import path

from ngos.pages import applications
from ngos.pages.assessment_page import ASSESSMENT_PAGE
from ngos.pages.assessments import ASSESSMENTS
from ngos.pages.decisions import PATHS as DECISION_PATHS
from ngos.pages.frameworks import FRAMEWORK_PAGE, FRAMEWORKS
from ngos.pages.imports import IMPORTS
from ngos.pages.ngo_record import FILE, HISTORY, LETTERS, crumbs_of, ngo_people
from ngos.views import (
    assessments,
    documents,
    editing,
    frameworks,
    grading,
    imports,
    membership,
    people,
    registry,
    scoring,
)
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.pages.steps import step_path

app_name = "ngos"
urlpatterns = [
    path("", registry.ngo_list, name="ngo_list"),
    path("new/", editing.ngo_new, name="ngo_new"),
    path("check/", editing.ngo_check, name="ngo_check"),
    path("neighbourhoods/", editing.neighbourhoods, name="neighbourhoods"),
    *applications.PATHS,
    path("existing/", membership.existing, name="existing"),
    IMPORTS.path("import/", imports.imports),
    imports.IMPORT_PAGE.path("import/<int:pk>/"),
    path("import/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("import/<int:pk>/check/", imports.import_check, name="import_check"),
    path("import/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("import/<int:pk>/rejected.xlsx", imports.import_rejected, name="import_rejected"),
    path("import/<int:pk>/report.json", imports.import_report, name="import_report"),
    FILE.path("<int:pk>/"),
    path("<int:pk>/edit/", editing.ngo_edit, name="ngo_edit"),
    path("<int:pk>/people/", ngo_people, name="ngo_people"),
    LETTERS.path("<int:pk>/letters/"),
    HISTORY.path("<int:pk>/history/"),
    documents.DOCUMENTS.path("<int:pk>/documents/"),
    path("<int:pk>/documents/new/", documents.document_new, name="document_new"),
    path(
        "<int:pk>/documents/<int:document>/do/<slug:transition>/", documents.document_do, name="document_do"
    ),
    path("<int:pk>/licences/new/", people.licence_new, name="licence_new"),
    path("<int:pk>/officers/new/", people.officer_new, name="officer_new"),
    path("<int:pk>/officers/<int:officer>/end/", people.officer_end, name="officer_end"),
    path("<int:pk>/accounts/new/", people.account_new, name="account_new"),
    path("<int:pk>/accounts/<int:account>/end/", people.account_end, name="account_end"),
    step_path("<int:pk>/do/<slug:transition>/", MEMBERSHIP, name="ngo_do", crumbs=crumbs_of),
    *DECISION_PATHS,
    FRAMEWORKS.path("frameworks/"),
    path("frameworks/new/", frameworks.framework_new, name="framework_new"),
    FRAMEWORK_PAGE.path("frameworks/<int:pk>/"),
    path("frameworks/<int:pk>/edit/", frameworks.framework_edit, name="framework_edit"),
    path("frameworks/<int:pk>/copy/", frameworks.framework_copy, name="framework_copy"),
    path("frameworks/<int:pk>/do/<slug:transition>/", frameworks.framework_do, name="framework_do"),
    path(
        "frameworks/<int:pk>/indicators/<int:indicator_pk>/edit/",
        frameworks.indicator_edit,
        name="indicator_edit",
    ),
    ASSESSMENTS.path("assessments/"),
    path("assessments/new/", assessments.assessment_new, name="assessment_new"),
    ASSESSMENT_PAGE.path("assessments/<int:pk>/"),
    path("assessments/<int:pk>/score/", scoring.score, name="assessment_score"),
    path("assessments/<int:pk>/score/save/", scoring.score_save, name="assessment_score_save"),
    path("assessments/<int:pk>/moderate/", scoring.moderate, name="assessment_moderate"),
    path("assessments/<int:pk>/do/<slug:transition>/", assessments.assessment_do, name="assessment_do"),
    grading.GRADING.path("<int:pk>/grading/"),
]
