"""What every request passes: its moment, the end of an idle session, sign-in by default, refusals as pages.

Views are closed to strangers unless they are marked :func:`public`. Requests that the browser sends on its
own carry the header ``X-Background: 1`` and never keep a session alive.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from staff_portal.kernel.base import request_cache
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.site_addresses import is_htmx, return_path
from staff_portal.kernel.frame import errors
from staff_portal.kernel.operations import users
from staff_portal.kernel.workflow import refused

public = login_not_required

LAST_ACTIVITY = "last_activity"
SECOND_FACTOR = "second_factor"
WRITE_EVERY = timedelta(minutes=1)
IDLE_NOTE = "پایان خودکار نشست پس از بی‌کاری"
SESSION_ENDED = "نشست شما پایان یافت؛ دوباره وارد شوید."

GetResponse = Callable[[HttpRequest], HttpResponse]


def during_second_factor(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that a person may reach between the password and the second factor."""
    view.during_second_factor = True  # type: ignore[attr-defined]
    return view


def is_background(request: HttpRequest) -> bool:
    """Whether the browser sent this on its own: a poll says nothing about a person at the desk."""
    return request.headers.get("X-Background") == "1"


class IdleSessionMiddleware:
    """Gives the request its moment ``request.at`` and ends a session after the idle time (half an hour).

    The last activity is written into the session at most once a minute.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()  # type: ignore[attr-defined]
        request.session_ended = False  # type: ignore[attr-defined]
        if auth.SESSION_KEY in request.session:
            self._watch(request, request.at)  # type: ignore[attr-defined]
        return self.get_response(request)

    @staticmethod
    def _watch(request: HttpRequest, at: datetime) -> None:
        seen = request.session.get(LAST_ACTIVITY)
        last = datetime.fromisoformat(seen) if seen else None
        if last is not None and at - last >= timedelta(seconds=settings.SESSION_IDLE_SECONDS):
            user = auth.get_user(request)
            if user.is_authenticated:
                users.record_sign_out(user, at=at, note=IDLE_NOTE)
            request.session.flush()
            request.session_ended = True  # type: ignore[attr-defined]
        elif last is None or (at - last >= WRITE_EVERY and not is_background(request)):
            request.session[LAST_ACTIVITY] = at.isoformat()


class RefusedMiddleware:
    """What was refused inside a transaction that was undone is kept at the end of the request all the same."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return self.get_response(request)
        with refused.survive():
            return self.get_response(request)


class ReadingMiddleware:
    """A page that only reads asks for settings, calendar and the like once (:mod:`staff_portal.kernel.base.request_cache`)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with request_cache.one_page():
            return self.get_response(request)


class LoginRequiredMiddleware:
    """Denies by default: a view without :func:`public` needs a person who has signed in with all factors.

    What a signed-in person was shown is kept by no browser, so that after signing out «back» shows nothing;
    a view that says itself what may be kept is left alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        pending = request.session.get(SECOND_FACTOR, "")
        if pending and not getattr(view, "during_second_factor", False):
            return _go(request, f"{reverse(pending)}?{urlencode({'next': return_path(request)})}")
        return None


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a stranger to the sign-in page and back; a form's sender reads that nothing typed was lost."""
    query = {"next": return_path(request)}
    if getattr(request, "session_ended", False):
        query["ended"] = "1"
    url = f"{reverse('login')}?{urlencode(query)}"
    if is_htmx(request) or request.method in {"GET", "HEAD"}:
        return _go(request, url)
    context = {"page_title": "نشست شما پایان یافت", "sentence": SESSION_ENDED, "login_url": url}
    return render(request, "kernel/session_ended.html", context, status=403)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


class RefusalMiddleware:
    """Turns a :class:`Refusal` that no view caught into a page (or an htmx message) with its sentences."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.refused(request, exception) if isinstance(exception, Refusal) else None
