"""Policy documents and their articles: who owns each, how far it is, and the motions that cite it (M2)."""

from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from committee import rules
from committee.enums import ArticleState, PolicyKind
from committee.models import Motion, PolicyArticle, PolicyDocument
from committee.workflow.policies import ARTICLE, POLICY, visible
from staff_portal.kernel.letters.issuing import isolated
from staff_portal.kernel.pages.cells import Cell, ListColumn
from staff_portal.kernel.pages.lists import Empty, Facet, ListPage, New, labels_of
from staff_portal.kernel.pages.records import Look, Part, RecordPage
from staff_portal.kernel.pages.requests import one, person, today
from staff_portal.kernel.pages.steps import creation_path, take
from staff_portal.kernel.persian.digits import to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.persian.ordering import alphabetical

INTRO = "مصوبات شورا و برنامه پنج‌ساله که کمیته مشترک آن‌ها را به اجرا می‌رساند."


def _matching(rows: QuerySet[PolicyDocument], query: str) -> QuerySet[PolicyDocument]:
    for word in clean_text(query).split():
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=to_ascii_digits(word)))
    return rows


def _with_counts(rows: QuerySet[PolicyDocument], on: date) -> QuerySet[PolicyDocument]:
    return rows.annotate(
        article_count=Count("articles"),
        done_count=Count("articles", filter=Q(articles__state=ArticleState.DONE)),
    )


POLICIES = ListPage(
    title="اسناد بالادستی",
    name="committee:policy_list",
    visible=visible,
    search=_matching,
    placeholder="عنوان یا شماره سند",
    order=("-dated_on", "id"),
    columns=(
        ListColumn(
            "title",
            "عنوان",
            lambda row: row.title,
            lambda row, on: Cell(row.title, url=row.get_absolute_url()),
            sort=(alphabetical("title"), "id"),
            width=60,
        ),
        ListColumn("kind", "نوع", lambda row: str(row.get_kind_display()), sort=("kind", "id"), width=26),
        ListColumn(
            "number",
            "شماره",
            lambda row: to_persian_digits(row.number),
            lambda row, on: isolated(row.number) if row.number else "",
            sort=("number", "id"),
        ),
        ListColumn(
            "dated",
            "تاریخ",
            lambda row: row.dated_on,
            lambda row, on: format_jalali(row.dated_on, "medium") if row.dated_on else "",
            sort=("dated_on", "id"),
        ),
        ListColumn("articles", "مواد", lambda row: row.article_count, numeric=True, width=10),
        ListColumn("done", "انجام‌شده", lambda row: row.done_count, numeric=True, width=12),
    ),
    facets=(Facet("kind", "نوع", "kind", labels_of(PolicyKind)),),
    facts=_with_counts,
    new=(New("سند تازه", "committee:policy_new", rules.EDIT_POLICY),),
    filename="policies",
    more=lambda request: {"page_subtitle": INTRO},
    empty=Empty(
        "هنوز سندی ثبت نشده است",
        "مصوبه شورا یا برنامه پنج‌ساله را دبیر کمیته یا کارشناسان دو طرف با مواد آن ثبت می‌کنند.",
        filtered="سندی با این صافی‌ها نیست",
    ),
)


# --- one document -------------------------------------------------------------------------------------------


def _list_crumbs(*more: Any) -> list[dict[str, str]]:
    return [{"label": POLICIES.title, "url": reverse("committee:policy_list")}]


def crumbs_of(document: PolicyDocument) -> list[dict[str, str]]:
    """The way to a document."""
    return [*_list_crumbs(), {"label": document.title, "url": document.get_absolute_url()}]


def _articles(document: PolicyDocument, look: Look) -> dict[str, Any]:
    cited = Motion.objects.filter(rules.motions_visible_to(look.me, look.on)).order_by("-id")
    rows = document.articles.select_related("unit").prefetch_related(
        Prefetch("motions", queryset=cited, to_attr="citing")
    )
    return {"document": document, "articles": list(rows), "can_edit": _can_edit(look)}


def _can_edit(look: Look) -> bool:
    return rules.EDIT_POLICY.authority(look.me, None, look.on) is not None


def _new_article(document: PolicyDocument, look: Look) -> tuple[str, str] | None:
    if not _can_edit(look):
        return None
    return reverse("committee:article_new", args=[document.pk]), "ماده تازه"


def _facts(document: PolicyDocument) -> list[dict[str, Any]]:
    counts = document.articles.aggregate(
        every=Count("pk"), done=Count("pk", filter=Q(state=ArticleState.DONE))
    )
    how_far = to_persian_digits(f"{counts['done']} از {counts['every']}")
    return [
        {"label": "شماره", "value": isolated(document.number) if document.number else ""},
        {
            "label": "تاریخ",
            "value": format_jalali(document.dated_on, "medium") if document.dated_on else "",
        },
        {"label": "مواد انجام‌شده", "value": how_far if counts["every"] else "هنوز ماده‌ای نیست"},
    ]


POLICY_PAGE = RecordPage(
    table=POLICY,
    name="committee:policy_detail",
    visible=visible,
    crumbs=crumbs_of,
    facts=_facts,
    meta=lambda row: [str(row.get_kind_display())],
    main=(
        Part(
            "شرح",
            "committee/policies/note.html",
            lambda row, look: {"note": row.note} if row.note else None,
        ),
        Part("مواد", "committee/policies/articles.html", _articles, link=_new_article),
    ),
    styles="css/outcomes.css",
)


# --- taking its rows ----------------------------------------------------------------------------------------


def _document(request: HttpRequest, kwargs: dict[str, Any]) -> PolicyDocument:
    return one(visible(person(request), today(request)), kwargs["pk"])


@require_http_methods(["GET", "POST"])
def policy_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the data of a document."""
    return take(request, POLICY, _document(request, {"pk": pk}), "change", crumbs=crumbs_of)


def _article_path(route: str, row: str, *, name: str) -> URLPattern:
    """The address of a row of an article, within its document."""

    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int, article: int) -> HttpResponse:
        rows = _document(request, {"pk": pk}).articles.select_related(*ARTICLE.reads)
        return take(request, ARTICLE, one(rows, article), row, crumbs=_article_crumbs)

    return path(route, view, name=name)


def _article_crumbs(article: PolicyArticle) -> list[dict[str, str]]:
    return crumbs_of(article.document)


PATHS = (
    POLICIES.path("policies/"),
    creation_path("policies/new/", POLICY, "record", name="policy_new", crumbs=_list_crumbs),
    POLICY_PAGE.path("policies/<int:pk>/"),
    path("policies/<int:pk>/edit/", policy_edit, name="policy_edit"),
    creation_path(
        "policies/<int:pk>/articles/new/",
        ARTICLE,
        "record",
        name="article_new",
        parent=_document,
        crumbs=crumbs_of,
    ),
    _article_path("policies/<int:pk>/articles/<int:article>/edit/", "change", name="article_edit"),
    _article_path("policies/<int:pk>/articles/<int:article>/state/", "set_state", name="article_state"),
)
