"""Registering an NGO and changing its data: live checks, warning of likeness, two people on one record (N1)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ngos import rules
from ngos.forms.registry import NgoForm, neighbourhood_choices
from ngos.models import Ngo
from ngos.operations.ngo_data import NgoData
from ngos.operations.registry import register_ngo, update_ngo
from ngos.pages import history as history_words
from ngos.pages.ngo_record import load_ngo
from ngos.queries import similar_ngos
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.pages.requests import attempt, guard, moment, person, today
from staff_portal.kernel.people import access
from staff_portal.kernel.persian import identifiers
from staff_portal.kernel.persian.digits import natural, to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.trail import audit
from staff_portal.kernel.trail.events import REFUSED
from staff_portal.kernel.trail.timeline import readable

PLAIN = (
    "name",
    "legal_kind",
    "national_id",
    "registration_number",
    "registration_office",
    "registered_on",
    "phone",
    "mobile",
    "email",
    "website",
    "address",
    "postal_code",
    "staff_count",
    "volunteer_count",
    "sheba",
    "about",
)
CLAIM = ("claimed_number", "claimed_since")
LIST_CRUMB = {"label": "سمن‌ها", "url": "/ngos/"}


def _data(form: NgoForm, ngo: Ngo | None = None) -> NgoData:
    """What the form says, as the operation takes it; what the form does not ask stays as it is."""
    given = form.cleaned_data
    primary, others = given["primary_field"], list(given["other_fields"])
    district = given["district"]
    chosen = given["neighbourhood"]
    kept_text = ngo.neighbourhood_text if ngo is not None and not chosen else ""
    claim = {name: given[name] for name in CLAIM if name in given}
    if not claim and ngo is not None:
        claim = {name: getattr(ngo, name) for name in CLAIM}
    return NgoData(
        **{name: given[name] for name in PLAIN},
        **claim,
        district_id=district.pk if district else None,
        neighbourhood_id=chosen,
        neighbourhood_text=kept_text,
        field_ids=tuple(dict.fromkeys(field.pk for field in ([primary] if primary else []) + others)),
        target_groups=tuple(given["target_groups"]),
    )


def _initial(ngo: Ngo) -> dict[str, Any]:
    names = (*PLAIN, *CLAIM, "district", "primary_field", "version")
    return {name: getattr(ngo, name) for name in names} | {
        "neighbourhood": ngo.neighbourhood_id,
        "target_groups": ngo.target_groups,
        "other_fields": [pk for pk in ngo.fields.values_list("pk", flat=True) if pk != ngo.primary_field_id],
    }


def _look_alikes(form: NgoForm, ngo: Ngo | None) -> list[tuple[Ngo, str]]:
    """Files that this one might be; none when the person said it is another one, or changed nothing of it."""
    watched = ("name", "phone", "registration_number", "registration_office")
    if form.cleaned_data.get("is_other"):
        return []
    if ngo is not None and not any(form.cleaned_data[name] != getattr(ngo, name) for name in watched):
        return []
    return similar_ngos(
        **{name: form.cleaned_data[name] for name in watched}, exclude=ngo.pk if ngo is not None else None
    )


@require_http_methods(["GET", "POST"])
def ngo_new(request: HttpRequest) -> HttpResponse:
    """Register an NGO as a draft."""
    guard(rules.REGISTER_NGO, request)
    form = NgoForm(request.POST or None)
    alike: list[tuple[Ngo, str]] = []
    if request.method == "POST" and form.is_valid():
        alike = _look_alikes(form, None)
        data = _data(form)
        if not alike:
            made = attempt(form, lambda: register_ngo(actor=person(request), at=moment(request), data=data))
            if made:
                messages.success(
                    request, f"پرونده «{made.name}» ثبت شد؛ پروانه، مسئولان و مدارک را بیفزایید."
                )
                return redirect("ngos:ngo_detail", pk=made.pk)
    context = {
        "page_title": "ثبت سمن تازه",
        "crumbs": [LIST_CRUMB, {"label": "ثبت سمن تازه"}],
        "form": form,
        "alike": alike,
        "submit_label": "ثبت پرونده",
        "cancel_url": reverse("ngos:ngo_list"),
        "draft_key": "ngo-new",
    }
    return render(request, "ngos/registry/form.html", context, status=_status(form, alike))


def _status(form: NgoForm, alike: list[Any]) -> int:
    if not form.is_bound:
        return 200
    return 409 if alike or not form.errors else 422


@require_http_methods(["GET", "POST"])
def ngo_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an NGO's data; whoever saves second sees what the first one changed, and loses nothing."""
    ngo = load_ngo(request, pk)
    me, on = person(request), today(request)
    authority, why_not = rules.EDIT_NGO.decide(me, ngo, on)
    if authority is None:
        raise NotPermitted(why_not)
    is_office = authority.role == Role.HQ_EXPERT
    with_claim = is_office and ngo.membership_number is None
    asked: dict[str, Any] = {"exclude": ngo.pk, "with_claim": with_claim}
    form = (
        NgoForm(request.POST, **asked)
        if request.method == "POST"
        else NgoForm(initial=_initial(ngo), **asked)
    )
    alike: list[tuple[Ngo, str]] = []
    conflict: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        data = _data(form, ngo)
        # Other files' names are the office's to know; an NGO is told only that its national id is taken.
        alike = _look_alikes(form, ngo) if is_office and version == ngo.version else []
        if not alike:
            saved = attempt(
                form, lambda: update_ngo(ngo, actor=me, at=moment(request), data=data, version=version)
            )
            if saved:
                messages.success(request, "مشخصات سمن ذخیره شد.")
                return redirect("ngos:ngo_detail", pk=ngo.pk)
            fresh = load_ngo(request, pk)
            if fresh.version != version:
                conflict = _conflict(request, form, fresh)
    context = {
        "page_title": f"ویرایش {ngo.name}",
        "crumbs": [LIST_CRUMB, {"label": ngo.name, "url": ngo.get_absolute_url()}, {"label": "ویرایش"}],
        "form": form,
        "alike": alike,
        "conflict": conflict,
        "submit_label": "ذخیره با نوشته‌های من" if conflict else "ذخیره",
        "cancel_url": ngo.get_absolute_url(),
        "draft_key": f"ngo-{ngo.pk}",
    }
    return render(request, "ngos/registry/form.html", context, status=_status(form, alike))


def _conflict(request: HttpRequest, form: NgoForm, fresh: Ngo) -> dict[str, Any]:
    """Who changed what meanwhile, and where the typed values differ from what is stored now.

    The form then carries the present version: saving again is a decision, not an accident.
    """
    typed, stored = _data(form, fresh), _initial(fresh)
    now = NgoForm(initial=stored)
    differences = []
    for name in (*PLAIN, "district", "neighbourhood", "primary_field"):
        mine = (
            getattr(typed, f"{name}_id")
            if name in {"district", "neighbourhood"}
            else getattr(typed, name, None)
        )
        if name == "primary_field":
            mine = typed.field_ids[0] if typed.field_ids else None
        kept = getattr(stored[name], "pk", stored[name])
        if (mine or None) != (kept or None):
            differences.append(
                {
                    "label": form.fields[name].label,
                    "stored": _shown(now, name, kept),
                    "mine": _shown(now, name, mine),
                }
            )
    returned: Any = form.data
    form.data = returned.copy()
    form.data["version"] = str(fresh.version)  # type: ignore[index]
    seen = form.cleaned_data["version"] or 0
    entries = AuditEntry.objects.filter(subject_type=audit.type_label(fresh), subject_id=fresh.pk)
    entries = entries.exclude(event=REFUSED.code)  # what was just refused changed nothing
    recent = list(
        readable(entries, person(request), today(request)).order_by("-id")[
            : max(1, min(fresh.version - seen, 5))
        ]
    )
    return {"differences": differences, "events": history_words.lines(recent, with_values=True)}


def _shown(form: NgoForm, name: str, value: Any) -> str:
    if value in (None, ""):
        return "–"
    if hasattr(value, "year"):
        return format_jalali(value)
    field = form.fields[name]
    if name == "neighbourhood":
        return next((title for _, group in field.choices[1:] for pk, title in group if pk == value), "–")  # type: ignore[attr-defined]
    if hasattr(field, "queryset"):
        return str(next((row for row in field.queryset if row.pk == value), "–"))
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(value, to_persian_digits(value)))


# --- live checks ---------------------------------------------------------------------------------------------------


@require_GET
def ngo_check(request: HttpRequest) -> HttpResponse:
    """What a field's live check answers: is the national id right and free, do other files look alike (N1)."""
    me, on = person(request), today(request)
    is_office = rules.REGISTER_NGO.authority(me, None, on) is not None
    if not is_office and not access.has_role(me, on, Role.NGO_USER):
        raise NotPermitted("این بررسی برای ثبت و ویرایش پرونده سمن است.")
    exclude = to_ascii_digits(request.GET.get("exclude", ""))
    other = natural(exclude)
    if request.GET.get("what") == "national_id":
        context = _check_national_id(request.GET.get("national_id", ""), other, names=is_office)
    else:
        context = {"alike": _check_similar(request, other) if is_office else []}
    return render(request, "ngos/registry/check.html", context)


def _check_national_id(typed: str, exclude: int | None, *, names: bool) -> dict[str, Any]:
    if not typed.strip():
        return {}
    try:
        code = identifiers.normalise_national_id(typed)
    except identifiers.IdentifierError as error:
        return {"tone": "no", "sentence": error.sentence}
    twin = Ngo.objects.filter(national_id=code).exclude(pk=exclude or 0).first()
    if twin is None:
        return {"tone": "ok", "sentence": "شناسه ملی درست است و پرونده دیگری با آن نیست."}
    if not names:
        return {"tone": "no", "sentence": "سمن دیگری با این شناسه ملی ثبت شده است."}
    return {"tone": "no", "sentence": "با این شناسه ملی پرونده‌ای هست:", "twin": twin}


def _check_similar(request: HttpRequest, exclude: int | None) -> list[tuple[Ngo, str]]:
    def code(name: str, normalise: Any) -> str:
        try:
            return str(normalise(request.GET.get(name, "")))
        except identifiers.IdentifierError:
            return ""

    return similar_ngos(
        name=request.GET.get("name", "")[:250],
        phone=code("phone", identifiers.normalise_landline),
        registration_number=code("registration_number", identifiers.normalise_registration_number),
        registration_office=request.GET.get("registration_office", "")[:80],
        exclude=exclude,
    )


@require_GET
def neighbourhoods(request: HttpRequest) -> HttpResponse:
    """The choices of the neighbourhood field for one district, or grouped for all."""
    number = to_ascii_digits(request.GET.get("district", ""))
    chosen = to_ascii_digits(request.GET.get("neighbourhood", ""))
    keep, district = natural(chosen), natural(number)
    blank, *choices = neighbourhood_choices(district, keep=keep)
    grouped = [("", [blank]), *([("", choices)] if district is not None else choices)]
    return render(request, "ngos/registry/neighbourhoods.html", {"choices": grouped, "chosen": keep})
