"""Addresses of the joint committee: seats and what is open, then one module for each aggregate."""

from django.urls import include, path

from committee.urls import meetings, motions, nominations, outcomes, seats

app_name = "committee"
urlpatterns = [
    path("", include(seats.urlpatterns)),
    path("nominations/", include(nominations.urlpatterns)),
    path("meetings/", include(meetings.urlpatterns)),
    path("motions/", include(motions.urlpatterns)),
    path("", include(outcomes.urlpatterns)),
]
