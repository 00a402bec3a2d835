"""Addresses of resolutions, action items, minutes and policy documents."""

from django.urls import path

from committee.pages import policies
from committee.pages.minutes import MINUTES_PAGE
from committee.pages.minutes import crumbs_of as crumbs_of_minutes
from committee.pages.resolutions import RESOLUTION_PAGE, RESOLUTIONS, crumbs_of
from committee.views import minutes
from committee.workflow.addressees import ADDRESSEE
from committee.workflow.minutes import AMENDMENT, MINUTES
from committee.workflow.resolutions import ACTION, RESOLUTION
from staff_portal.kernel.pages.steps import creation_path, step_path

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
    step_path(
        "addressees/<int:pk>/do/<slug:transition>/",
        ADDRESSEE,
        name="addressee_do",
        crumbs=lambda addressee: crumbs_of(addressee.resolution),
    ),
    MINUTES_PAGE.path("meetings/<int:meeting>/minutes/", key="meeting_id"),
    path("meetings/<int:meeting>/minutes/write/", minutes.minutes_write, name="minutes_write"),
    path("meetings/<int:meeting>/minutes/sign/", minutes.minutes_sign, name="minutes_sign"),
    step_path(
        "meetings/<int:pk>/minutes/do/<slug:transition>/",
        MINUTES,
        name="minutes_do",
        crumbs=crumbs_of_minutes,
        key="meeting_id",
    ),
    *(
        creation_path(
            f"meetings/<int:meeting>/minutes/amendments/{address}/",
            AMENDMENT,
            row,
            name=name,
            parent=lambda request, kwargs: minutes.of_meeting(request, kwargs["meeting"]),
            crumbs=crumbs_of_minutes,
            back=lambda parent: parent.get_absolute_url(),
        )
        for address, row, name in (("new", "ask", "amendment_ask"), ("none", "none", "amendment_none"))
    ),
    path(
        "meetings/<int:meeting>/minutes/amendments/<int:pk>/",
        minutes.amendment_answer,
        name="amendment_answer",
    ),
    *policies.PATHS,
]
