"""Assessment frameworks: list, one version with its checks and differences, drafts and their words (N6)."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ngos import rules
from ngos.default_framework import DEFAULT_FRAMEWORK
from ngos.enums import FrameworkState
from ngos.forms.grading import DEFAULT_SOURCE, FrameworkForm, IndicatorForm, SeenForm, WeightsForm
from ngos.grade_sheet import number
from ngos.models import Dimension, Framework, Indicator
from ngos.operations import frameworks
from ngos.operations.frameworks import DEFAULT_TITLE
from ngos.pages.frameworks import crumbs_of, list_crumbs, visible
from ngos.queries import framework_spec
from ngos.workflow import FRAMEWORK
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.pages.requests import (
    attempt,
    guard,
    moment,
    one,
    person,
    today,
)
from staff_portal.kernel.pages.steps import take
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.trail.timeline import entries_of, timeline_items


def _visible(request: HttpRequest) -> QuerySet[Framework]:
    return visible(person(request), today(request))


@require_http_methods(["GET", "POST"])
def framework_new(request: HttpRequest) -> HttpResponse:
    """A new draft from the default framework or as a copy of a version."""
    guard(rules.EDIT_FRAMEWORK, request)
    versions = list(Framework.objects.order_by("-version"))
    initial = {"title": DEFAULT_TITLE, "source": str(versions[0].pk) if versions else DEFAULT_SOURCE}
    form = FrameworkForm(request.POST or None, frameworks=versions, initial=initial)
    if request.method == "POST" and form.is_valid():
        source = next((row for row in versions if str(row.pk) == form.cleaned_data["source"]), None)
        spec = DEFAULT_FRAMEWORK if source is None else framework_spec(source)
        made = attempt(
            form,
            lambda: frameworks.create_framework(
                actor=person(request), at=moment(request), title=form.cleaned_data["title"], spec=spec
            ),
        )
        if made is not None:
            messages.success(request, f"پیش‌نویس نسخه {to_persian_digits(made.version)} ساخته شد.")
            return redirect("ngos:framework_detail", made.pk)
    context = {
        "page_title": "چارچوب تازه",
        "crumbs": [*list_crumbs(), {"label": "چارچوب تازه"}],
        "form": form,
        "submit_label": "ساخت پیش‌نویس",
        "cancel_url": reverse("ngos:framework_list"),
        "draft_key": "framework-new",
    }
    return render(request, "ngos/grading/framework_new.html", context, status=422 if form.errors else 200)


@require_POST
def framework_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version as a copy: the way to change a published framework (N6)."""
    framework = one(_visible(request), pk)
    made = frameworks.copy_framework(framework, actor=person(request), at=moment(request))
    messages.success(request, f"پیش‌نویس نسخه {to_persian_digits(made.version)} از روی این نسخه ساخته شد.")
    return redirect("ngos:framework_detail", made.pk)


@require_http_methods(["GET", "POST"])
def framework_do(request: HttpRequest, pk: int, transition: str) -> HttpResponse:
    """Publish or retire; for whom frameworks are closed is told so."""
    return take(request, FRAMEWORK, one(_visible(request), pk), transition, crumbs=crumbs_of)


# --- drafts ---------------------------------------------------------------------------------------------


def _editable(request: HttpRequest, pk: int) -> Framework:
    framework = one(_visible(request), pk)
    guard(rules.EDIT_FRAMEWORK, request, framework)
    if framework.state != FrameworkState.DRAFT:
        raise Refusal("چارچوب منتشرشده تغییر نمی‌کند؛ نسخه تازه‌ای بسازید.")
    return framework


def _last_entry(request: HttpRequest, framework: Framework) -> int:
    return entries_of(framework, person(request), today(request)).values_list("pk", flat=True).first() or 0


def _changed_since(request: HttpRequest, form: SeenForm, framework: Framework) -> list[dict[str, Any]]:
    """What others changed since this form was opened; the sender reads it and saves again, nothing is lost."""
    seen = form.cleaned_data.get("seen")
    if seen is None:
        return []
    me = person(request)
    since = entries_of(framework, me, today(request)).filter(pk__gt=seen)
    return timeline_items(since.exclude(actor=me)[:20])


@require_http_methods(["GET", "POST"])
def framework_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Weights and level bounds of a draft."""
    framework = _editable(request, pk)
    dimensions = list(Dimension.objects.filter(framework=framework).prefetch_related("indicators"))
    levels = list(framework.levels.all())
    last = _last_entry(request, framework)
    form = WeightsForm(request.POST or None, dimensions=dimensions, levels=levels, initial={"seen": last})
    others: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        others = _changed_since(request, form, framework)
        if not others and _save_weights(request, framework, form):
            messages.success(request, "وزن‌ها و کف‌ها ذخیره شد.")
            return redirect("ngos:framework_detail", pk)
    context = {
        "page_title": f"وزن‌ها و کف‌ها: نسخه {to_persian_digits(framework.version)}",
        "crumbs": [*crumbs_of(framework), {"label": "ویرایش"}],
        "framework": framework,
        "form": form,
        "sections": [
            {
                "dimension": row,
                "field": form[f"dimension-{row.pk}"],
                "indicators": [(item, form[f"indicator-{item.pk}"]) for item in row.indicators.all()],
            }
            for row in dimensions
        ],
        "levels": [(level, form[f"level-{level.pk}"]) for level in levels],
        "others": others,
        "differing": _differing(form) if others else [],
        "seen": last if others or request.method == "GET" else request.POST.get("seen", ""),
        "cancel_url": reverse("ngos:framework_detail", args=[pk]),
        "draft_key": f"framework-{pk}-weights",
    }
    return render(request, "ngos/grading/framework_edit.html", context, status=_status(form, others))


def _save_weights(request: HttpRequest, framework: Framework, form: WeightsForm) -> bool:
    return (
        attempt(
            form,
            lambda: frameworks.change_weights(
                framework,
                actor=person(request),
                at=moment(request),
                dimension_weights=form.values("dimension"),
                indicator_weights=form.values("indicator"),
                level_bounds=form.values("level"),
            ),
        )
        is not None
    )


@require_http_methods(["GET", "POST"])
def indicator_edit(request: HttpRequest, pk: int, indicator_pk: int) -> HttpResponse:
    """The words of one indicator of a draft."""
    framework = _editable(request, pk)
    indicator = (
        Indicator.objects.filter(dimension__framework=framework, pk=indicator_pk)
        .select_related("dimension")
        .first()
    )
    if indicator is None:
        raise Http404
    last = _last_entry(request, framework)
    initial = {
        "title": indicator.title,
        "evidence": indicator.evidence,
        "is_gate": indicator.is_gate,
        "seen": last,
        **{f"anchor-{value}": text for value, text in enumerate(indicator.anchors)},
    }
    form = IndicatorForm(request.POST or None, initial=initial)
    others: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        others = _changed_since(request, form, framework)
        if not others and _save_words(request, indicator, form):
            messages.success(request, f"شاخص «{indicator.title}» ذخیره شد.")
            return redirect(f"{reverse('ngos:framework_detail', args=[pk])}#indicator-{indicator.pk}")
    if others:  # the sender has now read them: the next save counts from here, with what was typed kept
        form.data = {**request.POST.dict(), "seen": last}
    context = {
        "page_title": f"ویرایش شاخص: {indicator.title}",
        "crumbs": [*crumbs_of(framework), {"label": indicator.title}],
        "form": form,
        "others": others,
        "differing": _differing(form) if others else [],
        "cancel_url": reverse("ngos:framework_detail", args=[pk]),
        "draft_key": f"indicator-{indicator.pk}",
    }
    return render(request, "ngos/grading/indicator_edit.html", context, status=_status(form, others))


def _save_words(request: HttpRequest, indicator: Indicator, form: IndicatorForm) -> bool:
    return (
        attempt(
            form,
            lambda: frameworks.change_indicator(
                indicator,
                actor=person(request),
                at=moment(request),
                title=form.cleaned_data["title"],
                evidence=form.cleaned_data["evidence"],
                anchors=form.anchors(),
                is_gate=form.cleaned_data["is_gate"],
            ),
        )
        is not None
    )


def _differing(form: SeenForm) -> list[dict[str, str]]:
    """Both values where what is stored now differs from what was typed."""
    found = []
    for name, field in form.fields.items():
        now, typed = form.get_initial_for_field(field, name), form.cleaned_data.get(name)
        if name == "seen" or now == typed:
            continue
        found.append({"label": str(field.label), "now": _words(now), "typed": _words(typed)})
    return found


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "بله" if value else "نه"
    return number(value) if isinstance(value, Decimal) else str(value or "–")


def _status(form: SeenForm, others: list[dict[str, Any]]) -> int:
    if others:
        return 409
    return 422 if form.errors else 200
