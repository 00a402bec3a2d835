"""Addresses of motions and votes."""

from django.urls import path

from committee.views import motion_writing, motions, voting

urlpatterns = [
    path("", motions.motion_list, name="motion_list"),
    path("new/", motion_writing.motion_new, name="motion_new"),
    path("<int:pk>/", motions.motion_detail, name="motion_detail"),
    path("<int:pk>/edit/", motion_writing.motion_edit, name="motion_edit"),
    path("<int:pk>/copy/", motion_writing.motion_copy, name="motion_copy"),
    path("<int:pk>/do/<slug:transition>/", motions.motion_do, name="motion_do"),
    path("<int:pk>/amend/", motion_writing.motion_amend, name="motion_amend"),
    path("<int:pk>/cast/", voting.motion_cast, name="motion_cast"),
    path("<int:pk>/receipt/", voting.motion_receipt, name="motion_receipt"),
    path("<int:pk>/live/", voting.motion_live, name="motion_live"),
]
