"""Addresses of meetings: the list, one meeting, its agenda, the sitting."""

from django.urls import path, reverse

from committee.pages.meeting import MEETING_PAGE, crumbs_of
from committee.pages.meetings import MEETINGS
from committee.views import agenda, meetings, sitting
from committee.workflow.meetings import MEETING
from staff_portal.kernel.pages.steps import creation_path, step_path

urlpatterns = [
    MEETINGS.path(""),
    creation_path(
        "new/",
        MEETING,
        "plan",
        name="meeting_new",
        crumbs=lambda parent: [{"label": MEETINGS.title, "url": reverse("committee:meeting_list")}],
        leads=lambda meeting: reverse("committee:meeting_agenda", args=[meeting.pk]),
    ),
    MEETING_PAGE.path("<int:pk>/"),
    path("<int:pk>/edit/", meetings.meeting_edit, name="meeting_edit"),
    step_path("<int:pk>/do/<slug:transition>/", MEETING, name="meeting_do", crumbs=crumbs_of),
    path("<int:pk>/calendar.ics", meetings.calendar_file, name="meeting_calendar"),
    path("<int:pk>/agenda/", agenda.agenda, name="meeting_agenda"),
    path("<int:pk>/agenda/<int:item>/edit/", agenda.item_edit, name="agenda_item_edit"),
    path("<int:pk>/agenda/<int:item>/move/", agenda.item_move, name="agenda_item_move"),
    path("<int:pk>/agenda/<int:item>/remove/", agenda.item_remove, name="agenda_item_remove"),
    path("<int:pk>/papers/", agenda.papers, name="meeting_papers"),
    path("<int:pk>/live/", sitting.live, name="meeting_live"),
    path("<int:pk>/presence/", sitting.presence, name="meeting_presence"),
    path("<int:pk>/absence/", sitting.absence, name="meeting_absence"),
    path("<int:pk>/waive/", sitting.waive, name="meeting_waive"),
    path("<int:pk>/invite/", sitting.invite, name="meeting_invite"),
    path("<int:pk>/hand-over/<int:invitation>/", sitting.hand_over, name="meeting_hand_over"),
]
