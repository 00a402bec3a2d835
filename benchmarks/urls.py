"""The site's addresses and one more: the registry's page with twenty-five fixed rows, to compare with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from staff_portal.urls import urlpatterns as site

fixed: dict[str, object] = {}


def frame(request: HttpRequest) -> HttpResponse:
    """The list's template through all middleware; nothing is counted, searched or read for it."""
    return render(request, "ngos/registry/list.html", fixed)


def words(request: HttpRequest) -> HttpResponse:
    """A signed-in page of four words: what is left is the frame."""
    return render(request, "layouts/frame.html", {"page_title": "صفحه‌ای با چهار واژه"})


urlpatterns = [*site, path("bench/frame/", frame), path("bench/words/", words)]
