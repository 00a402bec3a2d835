"""Policy documents and their articles: who owns each, how far it is, and the motions that cite it (M2)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.http import require_GET, require_http_methods

from committee import rules
from committee.enums import ArticleState, PolicyKind
from committee.forms.outcomes import ArticleForm, ArticleStateForm, PolicyForm
from committee.models import Motion, PolicyArticle, PolicyDocument
from committee.operations import policies
from committee.tables.outcomes import POLICY_COLUMNS, policy_rows
from staff_portal.kernel.operations.letters import isolated
from staff_portal.kernel.persian.digits import to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.refusals import NotPermitted
from staff_portal.kernel.tables import EXPORT_LIMIT, header, sort_fields, workbook_response
from staff_portal.kernel.timeline import trail
from staff_portal.kernel.views.asking import attempt, chip_group, guard, moment, one, page_of, person, today

LIST_TITLE = "اسناد بالادستی"
NOT_FOR_YOU = "اسناد بالادستی کمیته برای نقش شما باز نیست."
LATEST = ("-dated_on", "id")


def visible(request: HttpRequest) -> QuerySet[PolicyDocument]:
    """The policy documents the person may see."""
    me, on = person(request), today(request)
    if not rules.reads_committee(me, on):
        raise NotPermitted(NOT_FOR_YOU)
    return PolicyDocument.objects.filter(rules.policies_visible_to(me, on))


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": LIST_TITLE, "url": reverse("committee:policy_list")}, *more]


def _crumb(document: PolicyDocument) -> dict[str, str]:
    return {"label": document.title, "url": document.get_absolute_url()}


def _can_edit(request: HttpRequest) -> bool:
    return rules.EDIT_POLICY.authority(person(request), None, today(request)) is not None


@require_GET
def policy_list(request: HttpRequest) -> HttpResponse:
    """Every document with how many of its articles are done; chips for the kind, Excel."""
    rows = visible(request)
    for word in clean_text(request.GET.get("q", "")).split():
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=to_ascii_digits(word)))
    counts = dict(rows.order_by().values_list("kind").annotate(Count("pk")))
    kind = request.GET.get("kind", "")
    if kind in PolicyKind.values:
        rows = rows.filter(kind=kind)
    rows = rows.annotate(
        article_count=Count("articles"),
        done_count=Count("articles", filter=Q(articles__state=ArticleState.DONE)),
    )
    sort = request.GET.get("sort", "")
    rows = rows.order_by(*sort_fields(POLICY_COLUMNS, sort, LATEST))
    if request.GET.get("format") == "xlsx":
        return workbook_response(POLICY_COLUMNS, rows[:EXPORT_LIMIT], LIST_TITLE, "policies")
    page = page_of(request, rows)
    kinds = [(k.value, str(k.label), counts[k.value]) for k in PolicyKind if k.value in counts]
    context = {
        "page_title": LIST_TITLE,
        "crumbs": [{"label": LIST_TITLE}],
        "q": request.GET.get("q", ""),
        "page_obj": page,
        "columns": header(POLICY_COLUMNS, request, sort),
        "rows": policy_rows(page.object_list),
        "chip_groups": [chip_group(request, "نوع", "kind", kinds)],
        "filtered": any(request.GET.get(name) for name in ("q", "kind")),
        "can_edit": _can_edit(request),
    }
    return render(request, "committee/policies/list.html", context)


@require_GET
def policy_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: its articles with owner and state, and the motions that cite them."""
    document = one(visible(request), pk)
    me, on = person(request), today(request)
    motions = Motion.objects.filter(rules.motions_visible_to(me, on)).order_by("-id")
    articles = list(
        document.articles.select_related("unit").prefetch_related(
            Prefetch("motions", queryset=motions, to_attr="citing")
        )
    )
    context = {
        "page_title": document.title,
        "crumbs": _crumbs({"label": document.title}),
        "document": document,
        "articles": articles,
        "fact_items": _facts(document, articles),
        "can_edit": _can_edit(request),
        "events": trail(document, me, on),
    }
    return render(request, "committee/policies/detail.html", context)


def _facts(document: PolicyDocument, articles: Sequence[PolicyArticle]) -> list[dict[str, Any]]:
    done = sum(article.state == ArticleState.DONE for article in articles)
    return [
        {"label": "شماره", "value": isolated(document.number) if document.number else ""},
        {
            "label": "تاریخ",
            "value": format_jalali(document.dated_on, "medium") if document.dated_on else "",
        },
        {
            "label": "مواد انجام‌شده",
            "value": to_persian_digits(f"{done} از {len(articles)}") if articles else "هنوز ماده‌ای نیست",
        },
    ]


# --- documents ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def policy_new(request: HttpRequest) -> HttpResponse:
    """Record a document."""
    guard(rules.EDIT_POLICY, request)
    form = PolicyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: policies.record_policy(actor=person(request), at=moment(request), **form.cleaned_data),
        )
        if made is not None:
            messages.success(request, "سند ثبت شد؛ اکنون مواد آن را بیفزایید.")
            return redirect(made.get_absolute_url())
    return _form_page(
        request,
        form,
        title="سند تازه",
        crumbs=_crumbs({"label": "سند تازه"}),
        submit="ثبت سند",
        back=reverse("committee:policy_list"),
        draft="policy-new",
    )


@require_http_methods(["GET", "POST"])
def policy_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the data of a document."""
    document = one(visible(request), pk)
    guard(rules.EDIT_POLICY, request, document)
    initial = {name: getattr(document, name) for name in ("kind", "title", "number", "dated_on", "note")}
    initial["number"] = to_persian_digits(document.number)
    form = PolicyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            lambda: policies.change_policy(
                document, actor=person(request), at=moment(request), **form.cleaned_data
            ),
        )
        if changed is not None:
            messages.success(request, "سند ذخیره شد.")
            return redirect(document.get_absolute_url())
    return _form_page(
        request,
        form,
        title=f"ویرایش {document.title}",
        crumbs=_crumbs(_crumb(document), {"label": "ویرایش"}),
        submit="ذخیره",
        back=document.get_absolute_url(),
        draft=f"policy-{pk}",
    )


# --- articles ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def article_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an article to a document."""
    document = one(visible(request), pk)
    guard(rules.EDIT_POLICY, request, document)
    form = ArticleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: policies.record_article(
                document, actor=person(request), at=moment(request), **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, f"ماده {to_persian_digits(made.code)} ثبت شد.")
            return redirect(document.get_absolute_url())
    return _form_page(
        request,
        form,
        title="ماده تازه",
        crumbs=_crumbs(_crumb(document), {"label": "ماده تازه"}),
        submit="ثبت ماده",
        back=document.get_absolute_url(),
        draft=f"article-new-{pk}",
    )


def _article(request: HttpRequest, pk: int, article: int) -> PolicyArticle:
    document = one(visible(request), pk)
    guard(rules.EDIT_POLICY, request, document)
    return one(document.articles.select_related("document", "unit"), article)


@require_http_methods(["GET", "POST"])
def article_edit(request: HttpRequest, pk: int, article: int) -> HttpResponse:
    """Correct the text or the owner of an article."""
    row = _article(request, pk, article)
    initial = {name: getattr(row, name) for name in ("text", "party", "unit")}
    initial["code"] = to_persian_digits(row.code)
    form = ArticleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            lambda: policies.change_article(
                row, actor=person(request), at=moment(request), **form.cleaned_data
            ),
        )
        if changed is not None:
            messages.success(request, "ماده ذخیره شد.")
            return redirect(row.document.get_absolute_url())
    return _article_page(request, row, form, "ویرایش", "ذخیره")


@require_http_methods(["GET", "POST"])
def article_state(request: HttpRequest, pk: int, article: int) -> HttpResponse:
    """Say how far an article has been carried out."""
    row = _article(request, pk, article)
    form = ArticleStateForm(request.POST or None, initial={"state": row.state, "note": row.state_note})
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            lambda: policies.set_article_state(
                row, actor=person(request), at=moment(request), **form.cleaned_data
            ),
        )
        if changed is not None:
            messages.success(request, "وضعیت ماده ثبت شد.")
            return redirect(row.document.get_absolute_url())
    return _article_page(request, row, form, "وضعیت", "ثبت وضعیت", subtitle=Truncator(row.text).chars(200))


def _article_page(
    request: HttpRequest, row: PolicyArticle, form: Any, label: str, submit: str, *, subtitle: str = ""
) -> HttpResponse:
    code = to_persian_digits(row.code)
    return _form_page(
        request,
        form,
        title=f"{label} ماده {code}",
        crumbs=_crumbs(_crumb(row.document), {"label": f"{label} ماده {code}"}),
        submit=submit,
        back=row.document.get_absolute_url(),
        draft=f"article-{row.pk}-{form.__class__.__name__.lower()}",
        subtitle=to_persian_digits(subtitle),
    )


def _form_page(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    crumbs: list[dict[str, str]],
    submit: str,
    back: str,
    draft: str,
    subtitle: str = "",
) -> HttpResponse:
    context = {
        "page_title": title,
        "page_subtitle": subtitle,
        "crumbs": crumbs,
        "form": form,
        "submit_label": submit,
        "cancel_url": back,
        "draft_key": draft,
    }
    return render(request, "layouts/form.html", context, status=422 if form.errors else 200)
