"""``/healthz`` says that the process answers; ``/readyz`` that database, broker and worker do."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable, Iterator

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from health_check.checks import Database
from health_check.contrib.celery import Ping
from health_check.exceptions import HealthCheckException

ANSWER_SECONDS = 1.0
#: the page is public: asking often must not cost the broker anything
KEPT_SECONDS = 3.0

_lock = threading.Lock()
_kept: tuple[float, dict[str, str]] | None = None


class WorkerPing(Ping):
    """One worker's answer is enough; which queues it serves is not asked (there is one)."""

    def check_active_queues(self, *active_workers: str) -> None:
        for _ in active_workers:
            pass


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Readiness: 200 when all three answer, else 503; names only, no reason leaves the machine."""
    parts = _parts()
    return JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503)


def _parts() -> dict[str, str]:
    global _kept
    with _lock:
        now = time.monotonic()
        if _kept is None or now - _kept[0] > KEPT_SECONDS:
            _kept = (time.monotonic(), dict(_ask()))
        return _kept[1]


def _ask() -> Iterator[tuple[str, str]]:
    yield "database", _state(Database().run)
    broker = _state(_ping_broker)
    yield "broker", broker
    timeout = datetime.timedelta(seconds=ANSWER_SECONDS)
    yield "worker", _state(WorkerPing(timeout=timeout, limit=1).run) if broker == "ok" else "unavailable"


def _state(check: Callable[[], object]) -> str:
    try:
        check()
    except (HealthCheckException, redis.RedisError, OSError):
        return "unavailable"
    return "ok"


def _ping_broker() -> None:
    client = redis.Redis.from_url(
        settings.CELERY_BROKER_URL, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS
    )
    try:
        client.ping()
    finally:
        client.close()
