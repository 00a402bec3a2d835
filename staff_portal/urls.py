"""Addresses of the whole portal; each app's own stand in its ``urls.py``."""

from django.conf import settings
from django.urls import include, path

from staff_portal.kernel.views import health, kit
from staff_portal.portal.views import home, search

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="search_suggest"),
    path("ngos/", include("ngos.urls")),
    path("committee/", include("committee.urls")),
    path("", include("staff_portal.kernel.urls")),
    path("", include("staff_portal.kernel.urls_letters")),
]

if not settings.PRODUCTION:  # every piece of the interface in every state, for those who build it
    urlpatterns += [
        path("kit/", kit.index, name="kit"),
        path("kit/<slug:name>/", kit.page, name="kit_page"),
    ]

handler403 = "staff_portal.kernel.frame.errors.not_permitted"
handler404 = "staff_portal.kernel.frame.errors.not_found"
handler500 = "staff_portal.kernel.frame.errors.failed"
