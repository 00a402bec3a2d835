"""Addresses of the whole portal; each app's own stand in its ``urls.py``."""

from django.urls import include, path

from staff_portal.kernel.views import health
from staff_portal.views import home, search

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("search/", search.search, name="search"),
    path("ngos/", include("ngos.urls")),
    path("", include("staff_portal.kernel.urls")),
]

handler403 = "staff_portal.kernel.views.errors.not_permitted"
handler404 = "staff_portal.kernel.views.errors.not_found"
handler500 = "staff_portal.kernel.views.errors.failed"
