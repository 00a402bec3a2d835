"""Assessment frameworks: list, one version with its checks and differences, drafts and their words (N6)."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ngos import rules
from ngos.default_framework import DEFAULT_FRAMEWORK
from ngos.enums import FrameworkState
from ngos.forms.grading import DEFAULT_SOURCE, FrameworkForm, IndicatorForm, SeenForm, WeightsForm
from ngos.grade_sheet import number
from ngos.grading import FrameworkSpec, check_framework
from ngos.grading.difference import framework_difference
from ngos.models import Dimension, Framework, Indicator
from ngos.operations import frameworks
from ngos.operations.frameworks import DEFAULT_TITLE
from ngos.queries import framework_spec
from ngos.tables.grading import FRAMEWORK_COLUMNS, framework_rows
from ngos.workflow import FRAMEWORK
from ngos.workflow.frameworks import visible_frameworks
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.pages.requests import (
    attempt,
    chip_group,
    guard,
    moment,
    one,
    page_of,
    person,
    today,
)
from staff_portal.kernel.pages.steps import step_actions, take
from staff_portal.kernel.pages.tables import header, workbook_response
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.trail.timeline import entries_of, timeline_items, trail

LIST_TITLE = "چارچوب‌های ارزیابی"
NOT_FOR_YOU = "چارچوب‌های ارزیابی برای نقش شما باز نیست."


def _visible(request: HttpRequest) -> QuerySet[Framework]:
    if not access.has_role(person(request), today(request), *rules.FRAMEWORK_READERS):
        raise NotPermitted(NOT_FOR_YOU)
    return visible_frameworks(person(request), today(request))


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": LIST_TITLE, "url": reverse("ngos:framework_list")}, *more]


def crumbs_of(framework: Framework) -> list[dict[str, str]]:
    """The way to one version, for the pages of its steps."""
    return _crumbs(_crumb(framework))


def _crumb(framework: Framework) -> dict[str, str]:
    label = f"نسخه {to_persian_digits(framework.version)}"
    return {"label": label, "url": reverse("ngos:framework_detail", args=[framework.pk])}


@require_GET
def framework_list(request: HttpRequest) -> HttpResponse:
    """Every version with its state, size and how many grades rest on it."""
    visible = _visible(request)
    counts = dict(visible.values_list("state").annotate(Count("id")).order_by())
    rows = visible.annotate(
        dimension_count=Count("dimensions", distinct=True),
        indicator_count=Count("dimensions__indicators", distinct=True),
        assessment_count=Count("assessments", distinct=True),
    ).order_by("-version")
    state = request.GET.get("state", "")
    if state in FrameworkState.values:
        rows = rows.filter(state=state)
    if request.GET.get("format") == "xlsx":
        return workbook_response(FRAMEWORK_COLUMNS, rows, LIST_TITLE, "frameworks")
    page = page_of(request, rows)
    context = {
        "page_title": LIST_TITLE,
        "crumbs": [{"label": LIST_TITLE}],
        "page_obj": page,
        "columns": header(FRAMEWORK_COLUMNS, request, ""),
        "rows": framework_rows(page.object_list),
        "chip_groups": [
            chip_group(
                request, "وضعیت", "state", [(s, s.label, counts[s]) for s in FrameworkState if s in counts]
            )
        ],
        "can_edit": rules.EDIT_FRAMEWORK.authority(person(request), None, today(request)) is not None,
    }
    return render(request, "ngos/grading/framework_list.html", context)


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
        "crumbs": _crumbs({"label": "چارچوب تازه"}),
        "form": form,
        "submit_label": "ساخت پیش‌نویس",
        "cancel_url": reverse("ngos:framework_list"),
        "draft_key": "framework-new",
    }
    return render(request, "ngos/grading/framework_new.html", context, status=422 if form.errors else 200)


@require_GET
def framework_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: dimensions, weights as shares, anchors, levels, checks, what it changes, its timeline."""
    framework = one(_visible(request), pk)
    me, at = person(request), moment(request)
    spec = framework_spec(framework)
    previous = _visible(request).filter(version__lt=framework.version).order_by("-version").first()
    keys = dict(Indicator.objects.filter(dimension__framework=framework).values_list("code", "pk"))
    can_edit = rules.EDIT_FRAMEWORK.authority(me, framework, today(request)) is not None
    options = FRAMEWORK.options(framework, me, at)
    context = {
        "page_title": str(framework),
        "crumbs": _crumbs({"label": f"نسخه {to_persian_digits(framework.version)}"}),
        "framework": framework,
        "dimensions": _dimensions(spec, keys),
        "levels": _levels(spec),
        "fact_items": _facts(framework, spec),
        "is_draft": framework.state == FrameworkState.DRAFT,
        "checks": check_framework(spec) if framework.state == FrameworkState.DRAFT else [],
        "previous": previous,
        "differences": framework_difference(framework_spec(previous), spec) if previous else [],
        "can_edit": can_edit,
        "actions": step_actions(FRAMEWORK, framework, options),
        "events": trail(framework, me, today(request)),
    }
    return render(request, "ngos/grading/framework_detail.html", context)


def _dimensions(spec: FrameworkSpec, keys: dict[str, int]) -> list[dict[str, Any]]:
    whole = sum((row.weight for row in spec.dimensions), Decimal(0))
    drawn = []
    for dimension in spec.dimensions:
        part = sum((item.weight for item in dimension.indicators), Decimal(0))
        drawn.append(
            {
                "code": dimension.code,
                "title": dimension.title,
                "weight": number(dimension.weight),
                "share": _share(dimension.weight, whole),
                "indicators": [
                    {
                        "pk": keys[item.code],
                        "title": item.title,
                        "weight": number(item.weight),
                        "share": _share(item.weight, part),
                        "is_gate": item.is_gate,
                        "evidence": item.evidence,
                        "anchors": list(enumerate(item.anchors)),
                    }
                    for item in dimension.indicators
                ],
            }
        )
    return drawn


def _share(weight: Decimal, whole: Decimal) -> Decimal:
    return (100 * weight / whole).quantize(Decimal("0.1")) if whole else Decimal(0)


def _levels(spec: FrameworkSpec) -> list[dict[str, Any]]:
    titles = {row.code: row.title for row in spec.dimensions}
    levels, drawn, above = spec.levels_best_first(), [], None
    for level in levels:
        bound = f"از {number(level.lower_bound)}"
        drawn.append(
            {
                "rank": level.rank,
                "label": level.label,
                "band": f"{bound} تا ۱۰۰" if above is None else f"{bound} تا کمتر از {number(above)}",
                "floors": [
                    f"«{titles.get(code, code)}» دست‌کم {number(least)}"
                    for code, least in level.floors.items()
                ],
            }
        )
        above = level.lower_bound
    return drawn


def _facts(framework: Framework, spec: FrameworkSpec) -> list[dict[str, Any]]:
    gates = [item for _, item in spec.indicators() if item.is_gate]
    items = [
        {"label": "بُعدها", "value": to_persian_digits(len(spec.dimensions))},
        {"label": "شاخص‌ها", "value": to_persian_digits(sum(1 for _ in spec.indicators()))},
        {"label": "شرط‌های لازم", "value": to_persian_digits(len(gates))},
        {"label": "کمینه شرط لازم", "value": number(spec.gate_minimum)},
        {"label": "هم‌سنجی", "value": f"اختلاف بیش از {number(spec.threshold)}"},
        {"label": "اعتبار سطح", "value": f"{to_persian_digits(framework.valid_years)} سال"},
    ]
    if framework.published_at:
        items.append({"label": "انتشار", "value": format_jalali(framework.published_at, "medium")})
    return items


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
        "crumbs": _crumbs(_crumb(framework), {"label": "ویرایش"}),
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
        "crumbs": _crumbs(_crumb(framework), {"label": indicator.title}),
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
