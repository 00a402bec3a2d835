"""A record's page, declared: head with state and steps, cards, letters, who has it, timeline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods

from staff_portal.kernel.models import Letter, User
from staff_portal.kernel.pages.letter_card import letter_card
from staff_portal.kernel.pages.questions import StepForm
from staff_portal.kernel.pages.requests import moment, one, person, today
from staff_portal.kernel.pages.steps import step_actions, take
from staff_portal.kernel.pages.waiting import in_hands
from staff_portal.kernel.trail.timeline import trail
from staff_portal.kernel.workflow.table import Table


@dataclass(frozen=True)
class Look:
    """Who looks at a record, and when; ``forms`` are the forms of rows taken on the page itself, by their names."""

    request: HttpRequest
    me: User
    at: datetime
    on: date
    forms: dict[str, StepForm] = field(default_factory=dict)


Draw = Callable[[Any, Look], dict[str, Any] | None]


@dataclass(frozen=True)
class Part:
    """A card of the page: ``draw(obj, look)`` gives what its template draws, None where the card is left out."""

    title: str
    template: str
    draw: Draw
    anchor: str = ""
    link: Callable[[Any, Look], tuple[str, str] | None] | None = None


@dataclass(frozen=True)
class Card:
    """A card ready to be drawn."""

    title: str
    template: str
    data: dict[str, Any]
    anchor: str
    link_url: str
    link_label: str


@dataclass(frozen=True)
class RecordPage:
    """The declaration of a record's page.

    ``visible(user, on)`` gives the records the person may see; ``meta`` the words beside the badge; ``facts`` the
    pairs of the first card at the side; ``main`` and ``side`` the cards; ``letters`` the letters it issued. The steps
    of the table, the timeline and who has the record now come by themselves.
    """

    table: Table[Any]
    name: str
    visible: Callable[[User, date], QuerySet[Any]]
    crumbs: Callable[[Any], list[dict[str, str]]]
    facts: Callable[[Any], list[dict[str, Any]]]
    main: Sequence[Part] = ()
    side: Sequence[Part] = ()
    meta: Callable[[Any], list[str]] = lambda obj: []
    letters: Callable[[Any], list[Letter]] = lambda obj: []
    letters_title: str = "نامه‌ها"
    styles: str = ""

    def path(self, route: str) -> URLPattern:
        """The address of the record."""

        @require_GET
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            return self.show(request, one(self.visible(person(request), today(request)), pk))

        return path(route, view, name=self.name.split(":")[-1])

    def row_path(self, route: str, table: Table[Any], row: str, *, name: str) -> URLPattern:
        """The address at which a part of the record is made from a form on its page; errors show the page again."""

        @require_http_methods(["GET", "POST"])
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            obj = one(self.visible(person(request), today(request)), pk)
            return take(
                request,
                table,
                obj,
                row,
                back=self.table.address(obj),
                crumbs=self.crumbs,
                draw=lambda form, status: self.show(request, obj, {row: form}, status),
            )

        return path(route, view, name=name)

    def show(
        self, request: HttpRequest, obj: Any, forms: dict[str, StepForm] | None = None, status: int = 200
    ) -> HttpResponse:
        """The page; ``forms`` are those with errors, shown in the cards that hold them."""
        look = Look(request, person(request), moment(request), today(request), forms or {})
        options = self.table.options(obj, look.me, look.at)
        letters = [letter_card(letter, look.on) for letter in self.letters(obj)]
        *way, here = self.crumbs(obj)
        context = {
            "page_title": str(obj),
            "crumbs": [*way, {"label": here["label"]}],
            "record": obj,
            "meta": self.meta(obj),
            "fact_items": self.facts(obj),
            "main_cards": _cards(self.main, obj, look),
            "side_cards": _cards(self.side, obj, look),
            "letters": letters,
            "letters_title": self.letters_title,
            "actions": step_actions(self.table, obj, options),
            "holders": in_hands(obj, look.me, look.on),
            "events": trail(obj, look.me, look.on),
            "styles": self.styles,
        }
        return render(request, "kernel/record.html", context, status=status)


def _cards(parts: Sequence[Part], obj: Any, look: Look) -> list[Card]:
    drawn = []
    for part in parts:
        data = part.draw(obj, look)
        if data is not None:
            url, label = (part.link(obj, look) if part.link is not None else None) or ("", "")
            drawn.append(Card(part.title, part.template, data, part.anchor, url, label))
    return drawn


def form_on_page(table: Table[Any], row: str, obj: Any, look: Look) -> StepForm | None:
    """The form of a row that is taken on the page itself: with its errors, or fresh for whoever may; else None."""
    if row in look.forms:
        return look.forms[row]
    authority = table.rows[row].by.authority(look.me, obj, look.on)
    return StepForm(table.rows[row], obj, look.on, role=authority.role) if authority is not None else None
