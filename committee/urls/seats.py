"""Addresses of the committee's home, the memorandum, terms and seats."""

from django.urls import path

from committee.views import seats

urlpatterns = [
    path("", seats.home, name="home"),
    path("memorandum/", seats.memorandum, name="memorandum"),
    path("memorandum/new/", seats.memorandum_new, name="memorandum_new"),
    path("terms/new/", seats.term_new, name="term_new"),
    path("terms/<int:pk>/", seats.term_detail, name="term_detail"),
    path("terms/<int:pk>/do/<slug:transition>/", seats.term_do, name="term_do"),
    path("seats/<int:pk>/appoint/", seats.appoint, name="appoint"),
    path("seatings/<int:pk>/recall/", seats.recall, name="recall"),
    path("seatings/<int:pk>/representative/", seats.representative, name="representative"),
]
