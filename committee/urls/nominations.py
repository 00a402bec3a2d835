"""Addresses of nomination rounds."""

from django.urls import path

from committee.pages.nominations import ROUNDS
from committee.pages.round import ROUND_PAGE
from committee.views import nominations, nominees

urlpatterns = [
    ROUNDS.path(""),
    path("new/", nominations.nomination_new, name="nomination_new"),
    ROUND_PAGE.path("<int:pk>/"),
    path("<int:pk>/nominees/add/", nominees.nominee_add, name="nominee_add"),
    path("<int:pk>/do/<slug:transition>/", nominations.nomination_do, name="nomination_do"),
    path("nominee/<int:pk>/", nominees.nominee_detail, name="nominee_detail"),
    path("nominee/<int:pk>/consent/", nominees.nominee_consent, name="nominee_consent"),
    path("nominee/<int:pk>/withdraw/", nominees.nominee_withdraw, name="nominee_withdraw"),
    path("nominee/<int:pk>/remove/", nominees.nominee_remove, name="nominee_remove"),
]
