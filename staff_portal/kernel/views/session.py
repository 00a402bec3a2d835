"""Signing in and out, the second factor, and what a locked-out person reads."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_otp import login as otp_login

from staff_portal.kernel.frame.middleware import (
    LAST_ACTIVITY,
    SECOND_FACTOR,
    SESSION_ENDED,
    during_second_factor,
    public,
)
from staff_portal.kernel.operations import users
from staff_portal.kernel.pages.forms import LoginForm, TokenForm, clean_username
from staff_portal.kernel.people import rules
from staff_portal.kernel.persian.digits import to_persian_digits

WRONG_CREDENTIALS = "نام کاربری یا گذرواژه درست نیست. آن‌ها را بازبینی کنید و دوباره بنویسید."


def safe_next(request: HttpRequest) -> str:
    """The address to go on to after signing in: one of this site, else the home page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    barred = (reverse("logout"), reverse("login"))
    is_path = wanted.startswith("/")  # anything else would be taken for the name of an address
    return wanted if allowed and is_path and not wanted.startswith(barred) else reverse("home")


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; five wrong passwords lock for a quarter of an hour (django-axes)."""
    following = safe_next(request)
    if request.user.is_authenticated and request.method == "GET":
        return redirect(following)
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = auth.authenticate(request, **form.cleaned_data)
        if user is not None:
            return _enter(request, user, following)
        form.add_error(None, WRONG_CREDENTIALS)
    return _login_page(request, form, following)


def _login_page(request: HttpRequest, form: LoginForm, following: str, **extra: Any) -> HttpResponse:
    ended = request.GET.get("ended") == "1"
    context = {
        "page_title": "ورود به سامانه",
        "form": form,
        "next": following,
        "session_ended": ended,
        "notice": SESSION_ENDED if ended else "",
    }
    return render(request, "kernel/login.html", context | extra, status=extra.get("status", 200))


def _enter(request: HttpRequest, user: Any, following: str) -> HttpResponse:
    at = request.at  # type: ignore[attr-defined]
    auth.login(request, user)
    request.session[LAST_ACTIVITY] = at.isoformat()
    users.record_sign_in(user, at=at)
    pending = rules.second_factor_step(user, at)
    if not pending:
        return redirect(following)
    request.session[SECOND_FACTOR] = pending
    return redirect(f"{reverse(pending)}?{urlencode({'next': following})}")


@during_second_factor
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    users.record_sign_out(request.user, at=request.at)  # type: ignore[attr-defined]
    auth.logout(request)
    return redirect("login")


@public
@require_GET
def session_ended(request: HttpRequest) -> HttpResponse:
    """What a person reads whose session ended while typing; the text waits in this browser."""
    context = {
        "page_title": "نشست شما پایان یافت",
        "sentence": SESSION_ENDED,
        "login_url": f"{reverse('login')}?{urlencode({'next': safe_next(request)})}",
    }
    return render(request, "kernel/session_ended.html", context)


@during_second_factor
@never_cache
@require_http_methods(["GET", "POST"])
def totp_verify(request: HttpRequest) -> HttpResponse:
    """The step after the password: the six digits of the person's own device."""
    following = safe_next(request)
    device = rules.confirmed_device(request.user)
    if device is None or not request.session.get(SECOND_FACTOR):
        return redirect(following)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if users.verify_token(device, form.cleaned_data["token"]):
            otp_login(request, device)
            request.session.pop(SECOND_FACTOR, None)
            return redirect(following)
        form.add_error("token", "این رمز درست نیست یا زمان آن گذشته است. رمز تازه دستگاه را بنویسید.")
    context = {"page_title": "رمز یک‌بارمصرف", "form": form, "next": following}
    return render(request, "kernel/totp_verify.html", context)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The sign-in page for a locked-out name, saying how long it stays so (called by django-axes)."""
    name = (credentials or {}).get("username") or clean_username(request.POST.get("username", ""))
    pause = get_cool_off(request) or timedelta(minutes=15)
    last = AccessAttempt.objects.filter(username=name).order_by("-attempt_time").first()
    until = (last.attempt_time if last else request.at) + pause  # type: ignore[attr-defined]
    minutes = max(1, -(-int((until - request.at).total_seconds()) // 60))  # type: ignore[attr-defined]
    sentence = (
        f"پس از {to_persian_digits(settings.AXES_FAILURE_LIMIT)} بار گذرواژه نادرست، ورود با این نام بسته شده است. "
        f"پس از {to_persian_digits(minutes)} دقیقه دوباره بکوشید."
    )
    form = LoginForm(initial={"username": name})
    return _login_page(request, form, safe_next(request), notice=sentence, locked=True, status=429)
