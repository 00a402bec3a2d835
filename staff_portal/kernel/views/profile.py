"""My own page: who I am, my roles and delegations, my password and second factor."""

import base64

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_otp import login as otp_login

from staff_portal.kernel.frame.middleware import SECOND_FACTOR, during_second_factor
from staff_portal.kernel.letters.qr import qr_svg
from staff_portal.kernel.models import Delegation, RoleAssignment
from staff_portal.kernel.operations import users
from staff_portal.kernel.pages.forms import PasswordChangeForm, TokenForm
from staff_portal.kernel.pages.requests import attempt, moment, person, today
from staff_portal.kernel.people import rules
from staff_portal.kernel.views.people_display import delegation_rows, role_rows, user_facts
from staff_portal.kernel.views.session import safe_next


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Who I am in the portal and what follows from it."""
    me, on = person(request), today(request)
    delegations = Delegation.objects.filter(rules.delegations_visible_to(me, on)).filter(
        ended_at__isnull=True, period__endswith__gt=on
    )
    mine = [
        d for d in delegations.select_related("delegator", "delegate").order_by("id") if _is_mine(d, me.pk)
    ]
    context = {
        "page_title": "نمایه من",
        "crumbs": [{"label": "نمایه من"}],
        "fact_items": user_facts(me, with_contact=True),
        "roles": role_rows(RoleAssignment.objects.filter(user=me).order_by("-id"), on, request),
        "delegations": delegation_rows(mine, me, on),
        "can_delegate": bool(rules.own_delegable_roles(me, on)),
        "device": rules.confirmed_device(me),
        "device_required": rules.needs_second_factor(me, on),
    }
    return render(request, "kernel/profile.html", context)


def _is_mine(delegation: Delegation, pk: int) -> bool:
    return pk in {delegation.delegator_id, delegation.delegate_id}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Change my password; my other sessions end."""
    form = PasswordChangeForm(request.POST or None, initial={"username": person(request).username})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        changed = attempt(
            form,
            lambda: users.change_password(
                person(request), old=data["old"], new=data["new"], at=moment(request)
            ),
        )
        if changed:
            auth.update_session_auth_hash(request, changed)
            messages.success(request, "گذرواژه شما تغییر کرد.")
            return redirect("profile")
    context = {
        "page_title": "تغییر گذرواژه",
        "crumbs": [{"label": "نمایه من", "url": "/profile/"}, {"label": "تغییر گذرواژه"}],
        "form": form,
        "submit_label": "تغییر گذرواژه",
        "cancel_url": "/profile/",
    }
    return render(request, "layouts/form.html", context)


@during_second_factor
@never_cache
@require_http_methods(["GET", "POST"])
def totp_enrol(request: HttpRequest) -> HttpResponse:
    """Set up one-time passwords: scan the code with a phone, then type the first six digits."""
    me = person(request)
    required = bool(request.session.get(SECOND_FACTOR))
    device = users.begin_device(me)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["token"]
        if attempt(form, lambda: users.confirm_device(device, token=token, at=moment(request))):
            otp_login(request, device)
            request.session.pop(SECOND_FACTOR, None)
            messages.success(request, "ورود دومرحله‌ای برقرار شد.")
            return redirect(safe_next(request) if required else "profile")
    picture = base64.b64encode(qr_svg(device.config_url).encode()).decode()
    context = {
        "page_title": "ورود دومرحله‌ای",
        "form": form,
        "required": required,
        "qr": f"data:image/svg+xml;base64,{picture}",
        "secret": base64.b32encode(device.bin_key).decode(),
        "next": safe_next(request),
        "cancel_url": "" if required else "/profile/",
    }
    return render(request, "kernel/totp_enrol.html", context)


@require_POST
def totp_remove(request: HttpRequest) -> HttpResponse:
    """Take my second factor away, where my role does not need one."""
    me = person(request)
    users.remove_device(me, actor=me, at=moment(request))
    messages.success(request, "ورود دومرحله‌ای برداشته شد.")
    return redirect("profile")
