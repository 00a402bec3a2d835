"""Licences, officers and representatives of an NGO: adding, and ending a term."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ngos import rules
from ngos.forms.registry import AccountForm, EndForm, LicenceForm, OfficerForm
from ngos.models import Ngo, NgoAccount, Officer
from ngos.operations.accounts import end_account, link_account
from ngos.operations.ngo_data import LicenceData
from ngos.operations.parts import end_officer_term, record_licence, record_officer
from ngos.pages.ngo_record import load_ngo
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Side
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.requests import attempt, moment, one, person, today
from staff_portal.kernel.people.access import Permission
from staff_portal.kernel.people.people_order import by_name


def _open(request: HttpRequest, pk: int, permission: Permission) -> Ngo:
    """The NGO if the person may see it and has the power over it."""
    ngo = load_ngo(request, pk)
    authority, why_not = permission.decide(person(request), ngo, today(request))
    if authority is None:
        raise NotPermitted(why_not)
    return ngo


def _crumbs(ngo: Ngo, label: str) -> list[dict[str, str]]:
    return [
        {"label": "سمن‌ها", "url": reverse("ngos:ngo_list")},
        {"label": ngo.name, "url": ngo.get_absolute_url()},
        {"label": label},
    ]


def _answer(
    request: HttpRequest,
    ngo: Ngo,
    form: Form,
    *,
    title: str,
    done: str,
    operation: Callable[[], Any],
    submit: str = "ثبت",
    sentence: str = "",
) -> HttpResponse:
    """The form's page, or the record with a plain message once the operation was done."""
    if request.method == "POST" and form.is_valid() and attempt(form, operation):
        messages.success(request, done)
        return redirect("ngos:ngo_detail", pk=ngo.pk)
    context = {
        "page_title": title,
        "page_subtitle": ngo.name,
        "crumbs": _crumbs(ngo, title),
        "form": form,
        "sentence": sentence,
        "submit_label": submit,
        "cancel_url": ngo.get_absolute_url(),
        "draft_key": f"{request.resolver_match.url_name if request.resolver_match else 'ngo'}-{ngo.pk}",
    }
    template = "layouts/confirm.html" if sentence else "layouts/form.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def licence_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a licence; a renewal is a new one beside the old."""
    ngo = _open(request, pk, rules.EDIT_NGO)
    form = LicenceForm(request.POST or None)
    return _answer(
        request,
        ngo,
        form,
        title="پروانه تازه",
        done="پروانه ثبت شد.",
        submit="ثبت پروانه",
        operation=lambda: record_licence(
            ngo, actor=person(request), at=moment(request), data=LicenceData(**form.cleaned_data)
        ),
    )


@require_http_methods(["GET", "POST"])
def officer_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a member of the board, the head or the inspector."""
    ngo = _open(request, pk, rules.EDIT_NGO)
    form = OfficerForm(request.POST or None)
    return _answer(
        request,
        ngo,
        form,
        title="مسئول تازه",
        done="مسئول ثبت شد.",
        submit="ثبت مسئول",
        operation=lambda: record_officer(ngo, actor=person(request), at=moment(request), **form.cleaned_data),
    )


@require_http_methods(["GET", "POST"])
def officer_end(request: HttpRequest, pk: int, officer: int) -> HttpResponse:
    """End an officer's term with its last day."""
    ngo = _open(request, pk, rules.EDIT_NGO)
    found = one(Officer.objects.filter(ngo=ngo).select_related("ngo"), officer)
    form = EndForm(request.POST or None, initial={"last_day": today(request)})
    return _answer(
        request,
        ngo,
        form,
        title="پایان سمت",
        done=f"پایان سمت {found.full_name} ثبت شد.",
        sentence=f"سمت «{found.get_post_display()}» {found.full_name} در این روز پایان می‌یابد؛ سابقه آن می‌ماند.",
        submit="ثبت پایان سمت",
        operation=lambda: end_officer_term(
            found, actor=person(request), at=moment(request), last_day=form.cleaned_data["last_day"]
        ),
    )


@require_http_methods(["GET", "POST"])
def account_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the NGO's representative, by the NGO's letter."""
    ngo = _open(request, pk, rules.LINK_ACCOUNT)
    people = by_name(User.objects.filter(side=Side.NGO, is_active=True))
    form = AccountForm(request.POST or None, people=people, initial={"starts_on": today(request)})
    return _answer(
        request,
        ngo,
        form,
        title="نماینده تازه",
        done="نماینده ثبت شد.",
        submit="ثبت نماینده",
        operation=lambda: link_account(ngo, actor=person(request), at=moment(request), **form.cleaned_data),
    )


@require_http_methods(["GET", "POST"])
def account_end(request: HttpRequest, pk: int, account: int) -> HttpResponse:
    """End a representative's time."""
    ngo = _open(request, pk, rules.LINK_ACCOUNT)
    found = one(NgoAccount.objects.filter(ngo=ngo).select_related("ngo", "user"), account)
    form = EndForm(request.POST or None, initial={"last_day": today(request)})
    return _answer(
        request,
        ngo,
        form,
        title="پایان نمایندگی",
        done=f"پایان نمایندگی {found.user.full_name} ثبت شد.",
        sentence=f"{found.user.full_name} پس از این روز پرونده این سمن را نمی‌بیند.",
        submit="ثبت پایان نمایندگی",
        operation=lambda: end_account(
            found, actor=person(request), at=moment(request), ends_on=form.cleaned_data["last_day"]
        ),
    )
