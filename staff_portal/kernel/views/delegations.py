"""Delegations: a manager's own list, a new one, and ending one (K6)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from staff_portal.kernel.base.roles import ROLE_SIDE, Role
from staff_portal.kernel.models import Delegation, User
from staff_portal.kernel.operations import delegations
from staff_portal.kernel.pages.forms import DelegationForm
from staff_portal.kernel.pages.requests import attempt, guard, moment, one, page_of, person, today
from staff_portal.kernel.pages.tables import EXPORT_LIMIT, workbook_response
from staff_portal.kernel.people import rules
from staff_portal.kernel.people.people_order import by_name
from staff_portal.kernel.views.people_display import delegation_rows
from staff_portal.kernel.views.people_tables import delegation_export


@require_GET
def delegation_list(request: HttpRequest) -> HttpResponse:
    """Those I gave and received; the administrator and the auditor see all."""
    me, on = person(request), today(request)
    rows = Delegation.objects.filter(rules.delegations_visible_to(me, on))
    rows = rows.select_related("delegator", "delegate").order_by("-id")
    if request.GET.get("format") == "xlsx":
        return workbook_response(delegation_export(on), rows[:EXPORT_LIMIT], "تفویض اختیار", "delegations")
    page = page_of(request, rows)
    context = {
        "page_title": "تفویض اختیار",
        "page_subtitle": "مدیر در مرخصی یا مأموریت اختیارهای خود را برای دوره‌ای به شخص دیگری از همان طرف می‌سپارد.",
        "crumbs": [{"label": "تفویض اختیار"}],
        "page_obj": page,
        "delegations": delegation_rows(page.object_list, me, on),
        "can_delegate": bool(rules.own_delegable_roles(me, on)),
    }
    return render(request, "kernel/delegation_list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Hand powers of mine over for a period."""
    guard(rules.DELEGATE_POWERS, request)
    me, on = person(request), today(request)
    roles = rules.own_delegable_roles(me, on)
    sides = {ROLE_SIDE[role] for role in roles}
    people = User.objects.filter(is_active=True, side__in=sides).exclude(pk=me.pk)
    form = DelegationForm(
        request.POST or None,
        roles=roles,
        people=by_name(people),
        initial={"start_on": on, "role": roles[0] if roles else ""},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: delegations.delegate_powers(actor=me, at=moment(request), **data)):
            messages.success(request, f"اختیار به {data['delegate'].full_name} سپرده شد.")
            return redirect("delegations")
    context = {
        "page_title": "تفویض تازه",
        "page_subtitle": f"اختیارهای {'، '.join(str(Role(role).label) for role in roles)}",
        "crumbs": [{"label": "تفویض اختیار", "url": "/delegations/"}, {"label": "تفویض تازه"}],
        "form": form,
        "submit_label": "سپردن اختیار",
        "cancel_url": "/delegations/",
        "draft_key": "delegation-new",
    }
    return render(request, "layouts/form.html", context)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the powers back."""
    me, on = person(request), today(request)
    row = one(Delegation.objects.filter(rules.delegations_visible_to(me, on)), pk)
    delegations.end_delegation(row, actor=me, at=moment(request))
    messages.success(request, "تفویض اختیار پایان یافت.")
    return redirect("delegations")
