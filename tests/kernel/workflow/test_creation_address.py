"""The address at which a record is made: where it leads when nothing is made, and when something is."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ngos.models import Ngo, NgoDocument
from ngos.workflow.documents import DOCUMENT
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.pages.steps import creation_path
from staff_portal.urls import handler403, handler404, handler500
from staff_portal.urls import urlpatterns as site
from tests.factories.ngos import draft
from tests.factories.people import make_user

__all__ = ["handler403", "handler404", "handler500"]

LIST = "/trial/documents/"


def _ngo(request: Any, kwargs: dict[str, Any]) -> Ngo:
    return Ngo.objects.get(pk=kwargs["pk"])


urlpatterns = [
    *site,
    creation_path(
        "trial/<int:pk>/new/",
        DOCUMENT,
        "upload",
        name="trial_new",
        parent=_ngo,
        crumbs=lambda ngo: [{"label": "مدارک", "url": LIST}, {"label": str(ngo)}],
    ),
    creation_path(
        "trial/<int:pk>/here/", DOCUMENT, "upload", name="trial_here", parent=_ngo, back=lambda ngo: LIST
    ),
]


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_one_returns_to_the_way_one_came_and_is_led_to_what_was_made(client: Any) -> None:
    expert = make_user(Role.HQ_EXPERT)
    ngo = draft(expert)
    client.force_login(expert)
    url = reverse("trial_new", args=[ngo.pk])
    page = client.get(url).content.decode()
    assert f'<a class="btn" href="{LIST}">بازگشت' in page
    assert client.post(url, {}).status_code == 422

    def body() -> dict[str, Any]:
        return {
            "kind": "statute",
            "attachment": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x", "application/pdf"),
        }

    assert client.post(url, body()).url == DOCUMENT.address(NgoDocument.objects.get())
    assert client.post(reverse("trial_here", args=[ngo.pk]), body()).url == LIST
    client.force_login(make_user(Role.AUDITOR))
    assert client.get(url).status_code == client.post(url, body()).status_code == 403
