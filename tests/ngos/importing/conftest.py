"""Fixtures of the import's page tests."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ngos.models import RegisterImport
from staff_portal.kernel.jobs.running import run_job
from staff_portal.kernel.models import Job, User
from tests.ngos.importing.support import make_user
from tests.ngos.register_samples import REGISTER

BACKEND = "django.contrib.auth.backends.ModelBackend"
URL = "/ngos/import/"


@pytest.fixture
def expert(committed_db: Any) -> User:
    return make_user("expert")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A client in which the person is signed in."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return make


@pytest.fixture
def client(expert: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(expert)


@pytest.fixture
def upload(client: Client) -> Callable[..., Any]:
    """Send a register by the page."""

    def send(content: bytes | None = None, name: str = "register.xlsx", **fields: Any) -> Any:
        data = {"on": "1405/09/03", **fields}
        if content is None:
            content = REGISTER.read_bytes()
        if content:
            data["file"] = SimpleUploadedFile(name, content)
        return client.post(URL, data)

    return send


@pytest.fixture
def run_jobs() -> Callable[[], None]:
    """Do what the worker would do now."""

    def run() -> None:
        for job in Job.objects.filter(state="queued").order_by("id"):
            run_job(job.pk, clock=timezone.now)

    return run


@pytest.fixture
def later() -> Callable[[], Any]:
    """A clock by which a silent worker counts as dead."""
    return lambda: timezone.now() + timedelta(minutes=5)


@pytest.fixture
def checked(upload: Callable[..., Any], run_jobs: Callable[[], None]) -> Callable[..., RegisterImport]:
    """An uploaded and checked register."""

    def make(*arguments: Any, **fields: Any) -> RegisterImport:
        response = upload(*arguments, **fields)
        assert response.status_code == 302, response.content.decode()
        run_jobs()
        return RegisterImport.objects.order_by("-id")[0]

    return make
