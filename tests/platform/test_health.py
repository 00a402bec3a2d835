"""``/healthz`` and ``/readyz``: open to everybody, telling nothing but names."""

import pytest
from django.test import Client

from staff_portal.kernel.views import health


@pytest.fixture(autouse=True)
def forget(monkeypatch):
    monkeypatch.setattr(health, "_kept", None)


def test_liveness_needs_neither_database_nor_sign_in():
    response = Client().get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"


def test_ready_when_all_three_answer(celery_worker_process):
    response = Client().get("/readyz")
    assert response.json() == {"database": "ok", "broker": "ok", "worker": "ok"}
    assert response.status_code == 200


def test_not_ready_without_a_worker(committed_db):
    response = Client().get("/readyz")
    assert response.json() == {"database": "ok", "broker": "ok", "worker": "unavailable"}
    assert response.status_code == 503


def test_not_ready_without_a_broker(committed_db, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    response = Client().get("/readyz")
    assert response.json()["broker"] == response.json()["worker"] == "unavailable"
    assert response.status_code == 503


def test_only_reading_is_allowed():
    assert Client().post("/healthz").status_code == 405
