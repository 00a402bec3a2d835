"""Uploaded files: what is taken, who may open them, and how they are sent."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.letters import attachment_access
from staff_portal.kernel.letters.attachments import attach, stage_file
from staff_portal.kernel.models import Attachment, Unit, User
from tests.kernel.papers.support import NOW, PDF, PNG, client_of, make_root, make_user, upload

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def expert() -> User:
    return make_user("hq.ahmadi", Role.HQ_EXPERT)


@pytest.fixture
def root() -> Unit:
    return make_root()


def send(user: User, file: Any, **extra: Any) -> Any:
    data = {"file": file} if file is not None else {}
    return client_of(user).post(reverse("attachment_stage"), {**data, **extra.pop("data", {})}, **extra)


def test_a_file_is_kept_and_its_id_comes_back(expert: User) -> None:
    response = send(expert, upload())
    assert response.status_code == 201
    kept = Attachment.objects.get()
    assert response.json() == {"id": kept.pk, "name": "نامه.pdf", "size": len(PDF)}
    assert (kept.uploaded_by, kept.content_type, kept.root_id) == (expert, "application/pdf", None)


def test_htmx_gets_the_line_for_the_form(expert: User) -> None:
    response = send(expert, upload(), data={"field": "scan"}, headers=HTMX)
    kept = Attachment.objects.get()
    assert f'name="scan_staged" value="{kept.pk}"' in response.content.decode()


@pytest.mark.parametrize("field", ['"><script>', "SCAN", "x" * 80, ""])
def test_a_strange_field_name_goes_nowhere(expert: User, field: str) -> None:
    response = send(expert, upload(), data={"field": field}, headers=HTMX)
    assert 'name="file_staged"' in response.content.decode()


WRONG = [
    ("برنامه.exe", b"MZ" + b"\0" * 30, "این نوع فایل"),
    ("صفحه.html", b"<script>alert(1)</script>", "این نوع فایل"),
    ("تصویر.svg", b"<svg/>", "این نوع فایل"),
    ("نامه.pdf", b"", "خالی"),
    ("نامه.pdf", b"<html>", "با پسوند آن نمی‌خواند"),
    ("تصویر.png", PDF, "با پسوند آن نمی‌خواند"),
    ("بی‌پسوند", PDF, "این نوع فایل"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), WRONG)
def test_a_wrong_file_is_refused_with_a_sentence(
    expert: User, name: str, content: bytes, sentence: str
) -> None:
    response = send(expert, upload(name, content))
    assert response.status_code == 409
    assert sentence in " ".join(response.json()["sentences"])
    response = send(expert, upload(name, content), headers=HTMX)
    assert response.status_code == 409
    assert sentence in response.content.decode()
    assert not Attachment.objects.exists()


def test_a_file_that_is_too_large_is_refused(expert: User, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 10
    assert "مگابایت" in " ".join(send(expert, upload()).json()["sentences"])
    settings.UPLOAD_MAX_BYTES = len(PDF)
    assert send(expert, upload()).status_code == 201


@pytest.mark.parametrize("file", [None, "just text"])
def test_no_file_at_all_is_said(expert: User, file: Any) -> None:
    assert send(expert, file).json()["sentences"] == ["فایلی برگزیده نشده است."]


def test_a_staged_file_is_its_uploader_s_alone(expert: User) -> None:
    kept = stage_file(upload(), actor=expert, at=NOW)
    address = reverse("attachment", args=[kept.pk])
    assert client_of(expert).get(address).status_code == 200
    for other in (make_user("manager", Role.HQ_MANAGER), make_user("admin", Role.ADMIN)):
        assert client_of(other).get(address).status_code == 404
    assert client_of(expert).get(reverse("attachment", args=[kept.pk + 1])).status_code == 404


def test_an_attached_file_is_seen_with_its_record(expert: User, root: Unit) -> None:
    kept = attach(stage_file(upload(), actor=expert, at=NOW), root=root, actor=expert)
    address = reverse("attachment", args=[kept.pk])
    insider, outsider = make_user("in", Role.UNIT_EXPERT, unit=root), make_user("out", Role.UNIT_EXPERT)
    assert client_of(insider).get(address).status_code == 200
    assert client_of(outsider).get(address).status_code == 404


def test_the_uploader_loses_sight_with_the_record(root: Unit) -> None:
    person = make_user("unit", Role.UNIT_EXPERT, unit=root)
    kept = attach(stage_file(upload(), actor=person, at=NOW), root=root, actor=person)
    person.unit = make_root("دیگر")
    person.save()
    assert client_of(person).get(reverse("attachment", args=[kept.pk])).status_code == 404


@pytest.fixture
def only_the_uploader() -> Iterator[None]:
    attachment_access.register("kernel.unit", lambda user, file, on: file.uploaded_by_id == user.pk)
    yield
    del attachment_access.RULES["kernel.unit"]


def test_the_record_s_app_may_ask_for_more(expert: User, root: Unit, only_the_uploader: None) -> None:
    kept = attach(stage_file(upload(), actor=expert, at=NOW), root=root, actor=expert)
    address = reverse("attachment", args=[kept.pk])
    assert client_of(expert).get(address).status_code == 200
    assert client_of(make_user("manager", Role.HQ_MANAGER)).get(address).status_code == 404


def test_a_second_rule_for_the_same_records_is_a_mistake(only_the_uploader: None) -> None:
    with pytest.raises(ValueError, match="twice"):
        attachment_access.register("kernel.unit", lambda user, file, on: True)


def test_nobody_attaches_another_s_file_or_one_twice(expert: User, root: Unit) -> None:
    kept = stage_file(upload(), actor=expert, at=NOW)
    with pytest.raises(Refusal):
        attach(kept, root=root, actor=make_user("other", Role.HQ_EXPERT))
    attach(kept, root=root, actor=expert)
    with pytest.raises(Refusal):
        attach(kept, root=root, actor=expert)


DOCX = ("نامه.docx", b"PK\x03\x04" + b"\0" * 20)


@pytest.mark.parametrize(
    ("name", "content", "disposition"),
    [("نامه.pdf", PDF, "inline"), ("تصویر.png", PNG, "inline"), (*DOCX, "attachment")],
)
def test_pictures_and_pdf_open_the_rest_is_saved(
    expert: User, name: str, content: bytes, disposition: str
) -> None:
    kept = stage_file(upload(name, content), actor=expert, at=NOW)
    response = client_of(expert).get(reverse("attachment", args=[kept.pk]))
    assert b"".join(response.streaming_content) == content
    assert response["Content-Disposition"].startswith(disposition)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert "no-store" in response["Cache-Control"]
    if name.endswith(".pdf"):
        saved = client_of(expert).get(reverse("attachment", args=[kept.pk]), {"download": "1"})
        assert saved["Content-Disposition"].startswith("attachment")
    else:
        assert "sandbox" in response["Content-Security-Policy"]


def test_the_sender_s_content_type_is_not_believed(expert: User) -> None:
    kept = stage_file(upload("a.png", PNG, "text/html"), actor=expert, at=NOW)
    assert client_of(expert).get(reverse("attachment", args=[kept.pk]))["Content-Type"] == "image/png"


def test_a_stranger_is_asked_to_sign_in(client: Any, expert: User) -> None:
    kept = stage_file(upload(), actor=expert, at=NOW)
    assert client.get(reverse("attachment", args=[kept.pk])).status_code == 302
    assert client.post(reverse("attachment_stage"), {"file": upload()}).status_code == 403
    assert Attachment.objects.count() == 1
