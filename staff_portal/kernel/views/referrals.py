"""Referring any file to a person, and finishing a referral (K7)."""

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from staff_portal.kernel.models import Referral, RoleAssignment, User
from staff_portal.kernel.operations import referrals
from staff_portal.kernel.pages.forms import NoteForm, ReferralForm
from staff_portal.kernel.pages.requests import attempt, guard, moment, one, person, today
from staff_portal.kernel.people import access, rules
from staff_portal.kernel.people.people_order import by_name
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.trail import file_kinds


def _file(request: HttpRequest, label: str, pk: int) -> Model:
    found = file_kinds.find(label, pk, person(request), today(request))
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest, label: str, pk: int) -> HttpResponse:
    """Refer a file that I may see to a colleague, with a note and a date."""
    root = _file(request, label, pk)
    guard(rules.REFER_FILES, request, root)
    me, on = person(request), today(request)
    staff = RoleAssignment.objects.filter(access.role_in_force(on), role__in=rules.STAFF_ROLES)
    people = User.objects.filter(is_active=True, pk__in=staff.values("user")).exclude(pk=me.pk)
    form = ReferralForm(request.POST or None, people=by_name(people))
    url = file_kinds.url_of(root)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: referrals.refer_file(root, actor=me, at=moment(request), **data)):
            messages.success(request, f"پرونده به {data['to_user'].full_name} ارجاع شد.")
            return redirect(url)
    title = to_persian_digits(str(root))
    context = {
        "page_title": "ارجاع پرونده",
        "page_subtitle": title,
        "crumbs": [{"label": title, "url": url}, {"label": "ارجاع"}],
        "form": form,
        "submit_label": "ارجاع",
        "cancel_url": url,
        "draft_key": f"refer-{label}-{pk}",
    }
    return render(request, "layouts/form.html", context)


def _referral(request: HttpRequest, pk: int) -> Referral:
    visible = Referral.objects.filter(rules.referrals_visible_to(person(request), today(request)))
    return one(visible.select_related("to_user", "by_user"), pk)


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One referral: what is asked, the way to the file, and the form that finishes it."""
    return _page(request, _referral(request, pk), NoteForm(label="نتیجه"))


def _page(request: HttpRequest, referral: Referral, form: NoteForm) -> HttpResponse:
    title = to_persian_digits(referral.root_label)
    due = format_jalali(referral.due_on, "medium") if referral.due_on else "بدون مهلت"
    facts = [
        {"label": "پرونده", "value": title, "url": referral.url},
        {"label": "از", "value": referral.by_user.full_name},
        {"label": "نزد", "value": referral.to_user.full_name},
        {"label": "زمان ارجاع", "value": format_jalali(referral.created_at, "moment")},
        {"label": "مهلت", "value": due},
    ]
    context = {
        "page_title": f"ارجاع: {title}",
        "crumbs": [{"label": "کارتابل", "url": reverse("home")}, {"label": "ارجاع"}],
        "referral": referral,
        "fact_items": facts,
        "form": form,
        "can_finish": rules.can_finish_referral(person(request), referral, today(request)),
        "overdue": referral.due_on is not None and referral.due_on < today(request),
    }
    return render(request, "kernel/referral.html", context)


@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Finish the referral with its outcome."""
    referral = _referral(request, pk)
    form = NoteForm(request.POST, label="نتیجه")
    if form.is_valid():
        note = form.cleaned_data["note"]
        if attempt(
            form,
            lambda: referrals.finish_referral(referral, note=note, actor=person(request), at=moment(request)),
        ):
            messages.success(request, "ارجاع به پایان رسید.")
            return redirect("home")
    return _page(request, referral, form)
