"""Addresses of the committee's home, the memorandum, terms and seats."""

from django.urls import path

from committee.pages.terms import TERM_PAGE, term_crumbs
from committee.views import seats
from committee.workflow.seats import SEATING
from committee.workflow.terms import MEMORANDUM, TERM, term_page
from staff_portal.kernel.pages.steps import creation_path, step_path

urlpatterns = [
    path("", seats.home, name="home"),
    path("memorandum/", seats.memorandum, name="memorandum"),
    creation_path(
        "memorandum/new/", MEMORANDUM, "record", name="memorandum_new", crumbs=seats.memorandum_crumbs
    ),
    path("terms/new/", seats.term_new, name="term_new"),
    TERM_PAGE.path("terms/<int:pk>/"),
    step_path("terms/<int:pk>/do/<slug:transition>/", TERM, name="term_do", crumbs=term_crumbs),
    creation_path(
        "seats/<int:pk>/appoint/",
        SEATING,
        "appoint",
        name="appoint",
        parent=seats.seat_of,
        crumbs=lambda seat: term_crumbs(seat.term),
        back=lambda seat: term_page(seat.term),
    ),
    path("seatings/<int:pk>/recall/", seats.recall, name="recall"),
    path("seatings/<int:pk>/representative/", seats.representative, name="representative"),
]
