"""One address, one form and one confirm page for every row of every table.

GET shows the page that asks; POST takes the row and leads back to the record with what came of it. The right role on
the wrong record gets the greyed page with its reasons; a form with errors answers 422, a refusal after a valid form
409, and neither loses what was typed; where nothing is asked the refused page reads like the greyed one.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.letters.attachments import stage_file
from staff_portal.kernel.pages.questions import StepForm
from staff_portal.kernel.pages.requests import moment, one, person, today
from staff_portal.kernel.people.access import SYSTEM, local_date
from staff_portal.kernel.persian.digits import to_persian_text
from staff_portal.kernel.workflow.reading import Option
from staff_portal.kernel.workflow.rows import Creation, Row, Step
from staff_portal.kernel.workflow.table import Table

Crumbs = Callable[[Any], list[dict[str, str]]]


def step_actions(table: Table, obj: Any, options: list[Option]) -> list[dict[str, Any]]:
    """What ``{% transition_bar %}`` takes: the main step first, then the others allowed, then those greyed."""
    return [
        {
            "label": option.label,
            "url": table.address_to(obj, option.row) if option.row.page else table.step_url(obj, option.name),
            "main": option.row.tone == "main" and option.allowed,
            "danger": option.row.tone == "danger",
            "confirm": option.row.asks_first or bool(option.row.page),
            "reasons": [to_persian_text(reason) for reason in option.reasons],
            "hidden": {},
        }
        for option in sorted(options, key=lambda option: (not option.allowed, option.row.tone != "main"))
    ]


def step_path(
    route: str, table: Table, *, name: str, crumbs: Crumbs | None = None, key: str = "pk"
) -> URLPattern:
    """The address at which a table's rows are taken: ``route`` holds ``<int:pk>`` and ``<slug:transition>``.

    ``key`` is the column that the address names, where it is not the primary key. A row with a page of its own is
    taken there.
    """

    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, transition: str, **kwargs: Any) -> HttpResponse:
        found = table.visible(person(request), today(request)).select_related(*table.reads)
        obj = one(found, kwargs["pk"]) if key == "pk" else one_by(found, **{key: kwargs["pk"]})
        row = table.rows.get(transition)
        if row is not None and row.page and row.page.split(":")[-1] != name:
            return redirect(table.address_to(obj, row))
        return take(request, table, obj, transition, crumbs=crumbs)

    return path(route, view, name=name)


def creation_path(
    route: str,
    table: Table,
    row: str,
    *,
    name: str,
    parent: Callable[[HttpRequest, dict[str, Any]], Any] | None = None,
    crumbs: Crumbs | None = None,
    back: Callable[[Any], str] | None = None,
    leads: Callable[[Any], str] | None = None,
) -> URLPattern:
    """The address at which a record is made; ``parent`` finds what it is made in.

    One returns to the last of ``crumbs``, and is led to the record made or to where it ``leads``; ``back`` is the page
    for both instead.
    """

    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        obj = parent(request, kwargs) if parent is not None else None
        to = back(obj) if back is not None else ""
        return take(request, table, obj, row, crumbs=crumbs, back=to, creates=True, leads=leads)

    return path(route, view, name=name)


def one_by(found: Any, **wanted: Any) -> Any:
    """The record among those the person may see, by another column than the key, else 404."""
    obj = found.filter(**wanted).first()
    if obj is None:
        raise Http404
    return obj


def take(
    request: HttpRequest,
    table: Table,
    obj: Any,
    name: str,
    *,
    crumbs: Crumbs | None = None,
    back: str = "",
    draw: Callable[[StepForm, int], HttpResponse] | None = None,
    creates: bool | None = None,
    leads: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """Show the page of a row, or take it. ``draw`` shows the refused form on a page of the caller's own.

    ``creates`` says whether ``obj`` is what a record is made in (default: whether it is of another kind).
    """
    row = table.rows.get(name)
    if row is None or not row.is_by_hand or row.has_own_page:
        raise Http404
    made_in = creates if creates is not None else not isinstance(obj, table.model)
    if isinstance(row, Creation) != made_in:
        raise Http404
    page = _Page(request, table, obj, row, crumbs, back)
    if request.method != "POST":
        return page.ask()
    form = page.form(request.POST, request.FILES)
    if not form.is_valid():
        page.refuse_strangers()
        return draw(form, 422) if draw is not None else page.draw(form, 422)
    try:
        made = page.apply(form)
    except NotPermitted:
        raise
    except Refusal as refusal:
        if row.asks_first and not form.fields and draw is None:
            return page.draw(form, refusal.status, tuple(refusal.sentences))
        if row.asks_first:
            form.refuse(to_persian_text(sentence) for sentence in refusal.sentences)
            return draw(form, refusal.status) if draw is not None else page.draw(form, refusal.status)
        for sentence in refusal.sentences:
            messages.error(request, to_persian_text(sentence))
        return redirect(page.back)
    messages.success(request, page.done(made, form))
    if leads is not None:
        return redirect(leads(made))
    return redirect(table.address(made) if isinstance(row, Creation) and not back else page.back)


def say_done(request: HttpRequest, table: Table, made: Any, name: str) -> None:
    """The row's own sentence after it was taken from a page of its own."""
    step = Step(person(request), moment(request), SYSTEM)
    messages.success(request, to_persian_text(table.done(made, name, step)))


def _last_of(way: list[dict[str, str]]) -> str:
    """The page one came from when nothing is made in the end."""
    return next((crumb["url"] for crumb in reversed(way) if crumb.get("url")), "/")


class _Page:
    """The page of one row on one record for one person."""

    def __init__(
        self, request: HttpRequest, table: Table, obj: Any, row: Row, crumbs: Crumbs | None, back: str
    ) -> None:
        self.request, self.table, self.obj, self.row = request, table, obj, row
        self.actor, self.at = person(request), moment(request)
        self.authority = row.by.authority(self.actor, obj, local_date(self.at))
        way = crumbs(obj) if crumbs is not None else []
        self.back = back or (table.address(obj) if isinstance(obj, table.model) else _last_of(way))
        self.crumbs = [*way, {"label": row.label}]

    def form(self, *sent: Any) -> StepForm:
        """The row's questions, of the person who is asked."""
        role = self.authority.role if self.authority is not None else None
        return StepForm(self.row, self.obj, local_date(self.at), *sent, role=role)

    def ask(self) -> HttpResponse:
        """The page that asks: greyed with its reasons for the right role, closed to every other."""
        option = self.table.option(self.obj, self.row.name, self.actor, self.at)
        if option is None:
            raise NotPermitted(self.row.by.decide(self.actor, self.obj, local_date(self.at))[1])
        form = self.form()
        return self.draw(form, 200, option.reasons)

    def refuse_strangers(self) -> None:
        """Somebody without the permission is refused, and the attempt kept, whatever the form holds."""
        if self.authority is None:
            self.table.apply(self.obj, self.row.name, actor=self.actor, at=self.at)

    def apply(self, form: StepForm) -> Any:
        asked = form.asked
        for ask in self.row.asks:
            if ask.kind == "file" and asked[ask.name] is not None:
                asked[ask.name] = stage_file(asked[ask.name], actor=self.actor, at=self.at)
        return self.table.apply(
            self.obj, self.row.name, actor=self.actor, at=self.at, note=form.note, **asked
        )

    def done(self, made: Any, form: StepForm) -> str:
        """By the authority of before: the step itself may have taken it away."""
        if self.authority is None:
            return f"«{self.row.label}» انجام شد."
        step = Step(self.actor, self.at, self.authority, form.note, form.asked)
        said = to_persian_text(self.table.done(made, self.row.name, step))
        link = self.row.leads(made) if self.row.leads is not None else None
        return format_html('{} <a href="{}">{}</a>', said, *link) if link else said

    def facts(self) -> list[dict[str, Any]]:
        """What the step rests on: the facts of the record, and those of the day."""
        row, obj = self.row, self.obj
        found = row.about(obj) if row.about is not None else []
        return [*found, *(row.about_on(obj, local_date(self.at)) if row.about_on is not None else [])]

    def consequences(self) -> list[str]:
        """What will come of it."""
        found = self.row.brings(self.obj, local_date(self.at)) if self.row.brings is not None else []
        return [to_persian_text(sentence) for sentence in found]

    def draw(self, form: StepForm, status: int, reasons: tuple[str, ...] = ()) -> HttpResponse:
        row, obj = self.row, self.obj
        subject = f": {obj}" if isinstance(obj, self.table.model) else ""
        context = {
            "page_title": to_persian_text(f"{row.label}{subject}"),
            "crumbs": self.crumbs,
            "sentence": row.confirm,
            "fact_items": self.facts(),
            "consequences": [] if reasons else self.consequences(),
            "form": form,
            "submit_label": row.label,
            "danger": row.tone == "danger",
            "cancel_url": self.back,
            "reasons": [to_persian_text(reason) for reason in reasons],
            "draft_key": f"step-{self.table.code}-{obj.pk if obj is not None else 'new'}-{row.name}",
        }
        return render(self.request, "kernel/transition.html", context, status=status)
