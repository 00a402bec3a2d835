"""Addresses of resolutions, action items, minutes and policy documents."""

from django.urls import path

from committee.pages import policies
from committee.pages.resolutions import RESOLUTION_PAGE, RESOLUTIONS, crumbs_of
from committee.views import minutes
from committee.workflow.resolutions import ACTION, RESOLUTION
from staff_portal.kernel.pages.steps import step_path

urlpatterns = [
    RESOLUTIONS.path("resolutions/"),
    RESOLUTION_PAGE.path("resolutions/<int:pk>/"),
    step_path(
        "resolutions/<int:pk>/do/<slug:transition>/", RESOLUTION, name="resolution_do", crumbs=crumbs_of
    ),
    RESOLUTION_PAGE.row_path("resolutions/<int:pk>/actions/new/", ACTION, "add", name="action_add"),
    step_path(
        "actions/<int:pk>/do/<slug:transition>/",
        ACTION,
        name="action_do",
        crumbs=lambda action: crumbs_of(action.resolution),
    ),
    path("meetings/<int:meeting>/minutes/", minutes.minutes_detail, name="minutes_detail"),
    path("meetings/<int:meeting>/minutes/write/", minutes.minutes_write, name="minutes_write"),
    path("meetings/<int:meeting>/minutes/sign/", minutes.minutes_sign, name="minutes_sign"),
    path("meetings/<int:meeting>/minutes/do/<slug:transition>/", minutes.minutes_do, name="minutes_do"),
    path("meetings/<int:meeting>/minutes/amendments/new/", minutes.amendment_ask, name="amendment_ask"),
    path("meetings/<int:meeting>/minutes/amendments/none/", minutes.amendment_none, name="amendment_none"),
    path(
        "meetings/<int:meeting>/minutes/amendments/<int:pk>/",
        minutes.amendment_answer,
        name="amendment_answer",
    ),
    *policies.PATHS,
]
