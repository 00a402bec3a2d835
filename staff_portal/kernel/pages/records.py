"""A record's page, declared: head with state and steps, path, notes, cards, letters, who has it, timeline."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods

from staff_portal.kernel.models import Letter, User
from staff_portal.kernel.pages.letter_card import letter_card
from staff_portal.kernel.pages.questions import StepForm
from staff_portal.kernel.pages.requests import moment, one, person, today
from staff_portal.kernel.pages.steps import one_by, step_actions, take
from staff_portal.kernel.pages.waiting import Waiting, in_hands
from staff_portal.kernel.trail.timeline import trail
from staff_portal.kernel.workflow.reading import Option
from staff_portal.kernel.workflow.table import Table

T = TypeVar("T")


@dataclass(frozen=True)
class Look:
    """Who looks at a record, and when; ``forms`` are the forms of rows taken on the page itself, by their names,
    ``options`` the steps as this person sees them, ``known`` what several cards draw and is read once.
    """

    request: HttpRequest
    me: User
    at: datetime
    on: date
    forms: dict[str, StepForm] = field(default_factory=dict)
    options: Sequence[Option] = ()
    known: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What was read under this name for this page, or is read now."""
        if name not in self.known:
            self.known[name] = read()
        found: T = self.known[name]
        return found


Draw = Callable[[Any, Look], dict[str, Any] | None]


@dataclass(frozen=True)
class Part:
    """A card of the page: ``draw(obj, look)`` gives what its template draws, None where the card is left out; a ``flush``
    card's table reaches its edges, a ``bare`` part draws its own card.
    """

    title: str
    template: str
    draw: Draw
    anchor: str = ""
    link: Callable[[Any, Look], tuple[str, str] | None] | None = None
    subtitle: str = ""
    flush: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Note:
    """What is said above the cards: one line, or several as a list; ``link`` is an address with its words."""

    tone: str
    lines: Sequence[str]
    title: str = ""
    link: tuple[str, str] | None = None


@dataclass(frozen=True)
class Card:
    """A card ready to be drawn."""

    title: str
    template: str
    data: dict[str, Any]
    anchor: str
    link_url: str
    link_label: str
    subtitle: str = ""
    flush: bool = False
    bare: bool = False


def own_badge(obj: Any, look: Look) -> list[tuple[str, str]]:
    """The state with its tone, of a record that has one."""
    return [(obj.get_state_display(), obj.state_tone)] if getattr(obj, "state_tone", "") else []


def own_holders(obj: Any, look: Look) -> list[Waiting]:
    """Who has the record's own file now."""
    return in_hands(obj, look.me, look.on)


def own_trail(obj: Any, look: Look) -> list[dict[str, Any]]:
    """The timeline of the record's own file."""
    return trail(obj, look.me, look.on)


def glance(facts: Callable[[Any, Look], list[dict[str, Any]]]) -> Part:
    """The card «در یک نگاه» where its facts depend on who looks, or it stands among the others."""
    return Part("در یک نگاه", "kernel/parts/facts.html", lambda obj, look: {"items": facts(obj, look)})


@dataclass(frozen=True)
class RecordPage:
    """The declaration of a record's page.

    ``visible(user, on)`` gives the records the person may see; ``badges`` and ``meta`` what stands beside the name;
    ``path_of`` the path of the record with its ``path_label``; ``notes`` what is said above the cards; ``facts`` the
    pairs of the first card at the side; ``before`` (full width), ``main`` and ``side`` the cards; ``letters`` the letters
    it issued. The steps of the table, the timeline and who has the record now come by themselves; ``actions`` says
    which of the steps are shown and what stands beside them, ``holders`` and ``events`` others than those of the record's
    own file, ``more`` what a template of its own draws besides.
    """

    table: Table[Any]
    name: str
    visible: Callable[[User, date], QuerySet[Any]]
    crumbs: Callable[[Any], list[dict[str, str]]]
    facts: Callable[[Any], list[dict[str, Any]]] | None = None
    title: Callable[[Any], str] = str
    subtitle: Callable[[Any], str] = lambda obj: ""
    badges: Callable[[Any, Look], list[tuple[str, str]]] = own_badge
    path_of: Callable[[Any], list[dict[str, Any]]] | None = None
    path_label: str = "مسیر"
    notes: Callable[[Any, Look], Iterable[Note]] = lambda obj, look: ()
    actions: Callable[[Any, Look], list[dict[str, Any]]] | None = None
    more: Callable[[Any, Look], dict[str, Any]] | None = None
    holders: Callable[[Any, Look], list[Waiting]] = own_holders
    events: Callable[[Any, Look], list[dict[str, Any]]] = own_trail
    before: Sequence[Part] = ()
    main: Sequence[Part] = ()
    side: Sequence[Part] = ()
    meta: Callable[[Any], list[str]] = lambda obj: []
    letters: Callable[[Any], list[Letter]] = lambda obj: []
    letters_title: str = "نامه‌ها"
    styles: str = ""
    page_class: str = ""
    template: str = "kernel/record.html"

    def path(self, route: str, key: str = "pk") -> URLPattern:
        """The address of the record; ``key`` is the column that its one part names, where it is not the primary key."""

        @require_GET
        def view(request: HttpRequest, **named: int) -> HttpResponse:
            (value,) = named.values()
            found = self.visible(person(request), today(request))
            return self.show(request, one(found, value) if key == "pk" else one_by(found, **{key: value}))

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
        self,
        request: HttpRequest,
        obj: Any,
        forms: dict[str, StepForm] | None = None,
        status: int = 200,
        known: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page; ``forms`` are those with errors, shown in the cards that hold them, ``known`` is what the caller has
        read or refused already."""
        me, at = person(request), moment(request)
        options = self.table.options(obj, me, at)
        look = Look(request, me, at, today(request), forms or {}, options, known or {})
        # what became of its one letter may have come with the record (``event_kinds``)
        kinds = getattr(obj, "_letter_events", None)
        letters = [letter_card(letter, look.on, kinds) for letter in self.letters(obj)]
        *way, here = self.crumbs(obj)
        main = _cards(self.main, obj, look)
        context = {
            "page_title": self.title(obj),
            "page_subtitle": self.subtitle(obj),
            "page_class": self.page_class,
            "crumbs": [*way, {"label": here["label"]}],
            "record": obj,
            "badges": self.badges(obj, look),
            "meta": self.meta(obj),
            "path_items": self.path_of(obj) if self.path_of is not None else [],
            "path_label": self.path_label,
            "notes": list(self.notes(obj, look)),
            "fact_items": self.facts(obj) if self.facts is not None else [],
            "before_cards": _cards(self.before, obj, look),
            "main_cards": main,
            # with no card beside it the timeline takes the wide column, unless a template of the page's own fills it
            "events_in_main": not main and self.template == RecordPage.template,
            "side_cards": _cards(self.side, obj, look),
            "letters": letters,
            "letters_title": self.letters_title,
            "actions": self.actions(obj, look)
            if self.actions is not None
            else step_actions(self.table, obj, options),
            "holders": self.holders(obj, look),
            "events": self.events(obj, look),
            "styles": self.styles,
            **(self.more(obj, look) if self.more is not None else {}),
        }
        return render(request, self.template, context, status=status)


def _cards(parts: Sequence[Part], obj: Any, look: Look) -> list[Card]:
    drawn = []
    for part in parts:
        data = part.draw(obj, look)
        if data is not None:
            url, label = (part.link(obj, look) if part.link is not None else None) or ("", "")
            drawn.append(
                Card(
                    part.title,
                    part.template,
                    data,
                    part.anchor,
                    url,
                    label,
                    part.subtitle,
                    part.flush,
                    part.bare,
                )
            )
    return drawn


def form_on_page(table: Table[Any], row: str, obj: Any, look: Look) -> StepForm | None:
    """The form of a row that is taken on the page itself: with its errors, or fresh for whoever may; else None."""
    if row in look.forms:
        return look.forms[row]
    authority = table.rows[row].by.authority(look.me, obj, look.on)
    return StepForm(table.rows[row], obj, look.on, role=authority.role) if authority is not None else None
