"""Addresses of motions and votes."""

from django.urls import path

from committee.pages.motion import MOTION_PAGE
from committee.pages.motions import MOTIONS, crumbs_of
from committee.views import motion_writing, voting
from committee.workflow.motions import MOTION
from staff_portal.kernel.pages.steps import step_path

urlpatterns = [
    MOTIONS.path(""),
    path("new/", motion_writing.motion_new, name="motion_new"),
    MOTION_PAGE.path("<int:pk>/"),
    path("<int:pk>/edit/", motion_writing.motion_edit, name="motion_edit"),
    path("<int:pk>/copy/", motion_writing.motion_copy, name="motion_copy"),
    step_path("<int:pk>/do/<slug:transition>/", MOTION, name="motion_do", crumbs=crumbs_of),
    path("<int:pk>/amend/", motion_writing.motion_amend, name="motion_amend"),
    path("<int:pk>/cast/", voting.motion_cast, name="motion_cast"),
    path("<int:pk>/receipt/", voting.motion_receipt, name="motion_receipt"),
    path("<int:pk>/live/", voting.motion_live, name="motion_live"),
]
